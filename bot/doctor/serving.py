"""Check what serving Discord needs: the data folder, the journal, room on the disk, the token, the port of /health."""

import asyncio
import binascii
import http.client
import json
import os
import shutil
import socket
from base64 import urlsafe_b64decode
from pathlib import Path
from typing import Literal

from pydantic import SecretStr

from bot.channels import store as channels
from bot.config import BotSettings
from bot.database import check_database
from bot.discord import rules_store
from bot.doctor.finding import Finding, count
from bot.journal.file import check_journal
from bot.journal.journal import FILE_NAME
from bot.journal.spool import FILE_NAME as WAITING_FILE
from bot.journal.spool import count_waiting
from bot.teaching import store as taught

_STORES = [(store.FILE_NAME, store.KEEPS, store.STEPS) for store in (rules_store, taught, channels)]

_OLD = "written by an older version: the next start of the bot brings it up to date"

TokenFault = Literal["prefix", "parts", "id"]

_TOKEN_FAULTS: dict[TokenFault, str] = {
    "prefix": "begins with `Bot `, which does not belong to it",
    "parts": "does not have three parts with points between them",
    "id": "does not begin with the id of a bot",
}

HEALTH_TIMEOUT_SECONDS = 2.0  # for /health on this machine, which answers in milliseconds


def data_folder(settings: BotSettings) -> Finding:
    """Check that the Discord bot can write its files."""
    folder = _nearest(settings.data_dir)
    if not folder.is_dir() or not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        return Finding(
            "data", "failed", f"{folder} cannot be written: give it to whoever runs the bot, or set DATA_DIR"
        )
    made = "" if settings.data_dir.is_dir() else ", made when the Discord bot starts"
    return Finding("data", "ok", f"{settings.data_dir} can be written{made}")


def database(settings: BotSettings) -> Finding:
    """Check that the database that machines share answers; its address is not shown."""
    if settings.database_url is None:
        return Finding("database", "note", "DATABASE_URL is not set: all is kept in files of DATA_DIR")
    from bot.postgres.opening import open_postgres  # SQLAlchemy takes 0.3 s to import

    with open_postgres(settings.database_url, prepares=False) as opened:
        tables = "its tables are up to date" if opened.is_prepared() else "the next start makes or changes its tables"
        return Finding("database", "ok", f"{opened.describe()} answers; {tables}")


def journal(settings: BotSettings) -> Finding:
    """Check that the journal is whole, and not some other file."""
    if settings.database_url is not None:
        waiting = count_waiting(settings.data_dir / WAITING_FILE)
        more = f"; on this machine, {count(waiting, 'question')} not sent yet" if waiting else ""
        return Finding("journal", "note", f"it is kept in the database{more}")
    path = settings.data_dir / FILE_NAME
    if not path.exists():
        return Finding("journal", "note", "there is none yet: the Discord bot keeps it")
    questions, is_old = check_journal(path)
    said = f"{count(questions, 'question')} kept in {path}"
    return Finding("journal", "note", f"{said}, {_OLD}") if is_old else Finding("journal", "ok", said)


def rules(settings: BotSettings) -> Finding:
    """Check that the rules of the servers, what they taught and what is read of their channels are whole."""
    kept = [(settings.data_dir / name, keeps, steps) for name, keeps, steps in _STORES]
    there = [one for one in kept if one[0].exists()]
    old = [path.name for path, keeps, steps in there if check_database(path, keeps, steps)]
    if not there and settings.database_url is not None:
        return Finding("rules", "note", "they are kept in the database")
    if not there:
        return Finding("rules", "note", "there are none yet: the Discord bot keeps them")
    if old:
        return Finding("rules", "note", f"{' and '.join(old)} can be read, {_OLD}")
    return Finding("rules", "ok", f"{', '.join(path.name for path, *_ in there)} can be read")


def disk(settings: BotSettings) -> Finding:
    """Check that there is room for a new index beside the old one, and for erasing, which rewrites the journal.

    SQLite's VACUUM takes up to twice the size of the file (https://sqlite.org/lang_vacuum.html).
    """
    generations = settings.index_dir / "generations"
    wanted = {
        "INDEX_DIR": (settings.index_dir, sum(f.stat().st_size for f in generations.rglob("*") if f.is_file())),
        "DATA_DIR": (settings.data_dir, 2 * _size(settings.data_dir / FILE_NAME)),
    }
    free = {name: shutil.disk_usage(_nearest(folder)).free for name, (folder, _) in wanted.items()}
    for name, (folder, needed) in wanted.items():
        if free[name] <= needed:
            said = f"{_megabytes(free[name])} free for {folder}, which may need {_megabytes(needed)} at once"
            return Finding("disk", "failed", f"{said}: make room, or set {name}")
    return Finding("disk", "ok", f"{_megabytes(min(free.values()))} free")


def discord_token(settings: BotSettings, online: bool) -> Finding:
    """Check the shape of the token; `online`, also ask Discord. The token is never shown."""
    token = settings.discord_token
    if token is None or not token.get_secret_value().strip():
        return Finding("discord", "note", "DISCORD_TOKEN is not set: `babillard discord` alone needs it")
    if fault := token_fault(token):
        remedy = "copy it again from the Bot page of the application"
        return Finding("discord", "failed", f"DISCORD_TOKEN {_TOKEN_FAULTS[fault]}: {remedy}")
    if not online:
        return Finding("discord", "ok", "DISCORD_TOKEN looks like a token; --online asks Discord whether it takes it")
    from bot.discord.client import introduce  # discord.py takes 0.3 s to import

    name, reads_messages = asyncio.run(introduce(token))
    if settings.message_content and not reads_messages:
        remedy = "enable Message Content Intent on the Bot page of the application, or set MESSAGE_CONTENT=false"
        return Finding("discord", "failed", f"Discord knows {name}, but does not let it read messages: {remedy}")
    return Finding("discord", "ok", f"Discord takes the token, of {name}")


def token_fault(token: SecretStr) -> TokenFault | None:
    """Return what is wrong with a token; None when it looks like one.

    A token has three parts; the first is the id of the bot's user, in base64 without padding
    (https://discord.com/developers/docs/reference#authentication shows one).
    """
    text = token.get_secret_value().strip()
    if text.lower().startswith("bot "):
        return "prefix"
    parts = text.split(".")
    if len(parts) != 3 or not all(parts) or any(c.isspace() for c in text):
        return "parts"
    try:
        number = urlsafe_b64decode(parts[0] + "=" * (-len(parts[0]) % 4))
    except (binascii.Error, ValueError):
        number = b""
    return None if number.isdigit() else "id"


def health_port(port: int) -> Finding:
    """Check that /health can be served."""
    if port == 0:
        return Finding("health", "note", "HEALTH_PORT is 0: there is no /health")
    try:
        with socket.socket() as tried:
            tried.setsockopt(
                socket.SOL_SOCKET, socket.SO_REUSEADDR, 1
            )  # as the bot does: a port that was just left counts as free
            tried.bind(("127.0.0.1", port))
    except OSError as error:
        if _is_babillard(port):
            return Finding("health", "ok", f"a Babillard serves /health on port {port} now")
        return Finding(
            "health", "failed", f"port {port} cannot be used ({error.strerror}): set HEALTH_PORT to a free one"
        )
    return Finding("health", "ok", f"port {port} is free")


def _is_babillard(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=HEALTH_TIMEOUT_SECONDS)
    try:
        connection.request("GET", "/health")
        state = json.loads(connection.getresponse().read(10_000))
    except (OSError, http.client.HTTPException, ValueError):
        return False
    finally:
        connection.close()
    return isinstance(state, dict) and {"ready", "guilds", "waiting", "generation"} <= state.keys()


def _nearest(folder: Path) -> Path:
    """Return the folder, or the nearest above it that exists."""
    return next(path for path in (folder.absolute(), *folder.absolute().parents) if path.exists())


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def _megabytes(size: int) -> str:
    return f"{size / 1e6:,.0f} MB"
