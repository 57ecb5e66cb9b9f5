"""`babillard init`: the first minutes."""

import asyncio
import io
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from shutil import which
from typing import Annotated

import typer
from pydantic import SecretStr

from bot.config import BotSettings
from bot.errors import BotError, SettingUpError
from bot.messages import say
from bot.setting_up.env_file import read_text
from bot.setting_up.plan import Plan
from index.cli import SeedsOption, foreseen_faults
from index.schema import Language

ENV = Path(".env")  # where `index.config` reads it

INTERRUPTED = 130  # 128 and the number of SIGINT, as shells have it


def init(
    seeds: SeedsOption = None,
    no_discord: Annotated[bool, typer.Option("--no-discord", help="Do not ask about Discord.")] = False,
    yes: Annotated[
        bool,
        typer.Option("--yes", help="Ask nothing: keep what is set, and put example articles where there are none."),
    ] = False,
    lang: Annotated[
        Language | None, typer.Option("--lang", help="Language of the questions; else that of LC_ALL or LANG.")
    ] = None,
) -> None:
    """Set Babillard up: asks for the folder of the articles and about Discord, checks, and builds the index.

    The answers are kept in .env, of which nothing else is changed. Ctrl-C at a question leaves everything as it was.
    """
    from bot.doctor.environment import read_settings  # these are for this command alone
    from bot.setting_up.dialogue import take_defaults

    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal without ’ shows something else for it
    with foreseen_faults(BotError):
        before, _ = read_settings({}, ENV)
        language = lang or system_language(os.environ, before.default_language)
        _check_readable(language)
        program = called_as()
        if not yes and not _on_terminal():
            typer.echo(f"babillard: {say('init_no_terminal', language, command=f'{program} init')}", err=True)
            raise typer.Exit(2)
        try:
            if yes:
                plan, said = take_defaults(seeds or before.seeds_dir, before.max_file_mb, language)
                typer.echo(said)
            else:
                plan = _asked(before, language, program, seeds, not no_discord)
        except (KeyboardInterrupt, EOFError):
            typer.echo(say("init_abandoned", language))
            raise typer.Exit(INTERRUPTED) from None
        _carry_out(plan, before, language, program)


def system_language(environment: Mapping[str, str], default: Language) -> Language:
    """Return the language of the person, as the environment tells it.

    Args:
        environment: where the first of LC_ALL, LC_MESSAGES and LANG that is set counts, as POSIX (8.2) has it.
        default: where it names another language or none (`C.UTF-8`).
    """
    locale = next((value for name in ("LC_ALL", "LC_MESSAGES", "LANG") if (value := environment.get(name))), "")
    match locale.lower().partition("_")[0].partition(".")[0]:
        case "fr":
            return "fr"
        case "en":
            return "en"
    return default


def called_as() -> str:
    """Return what to type to call Babillard again: its name where that is found, else the path of its script."""
    script = Path(sys.executable).parent / "babillard"
    found = which("babillard")
    if not script.is_file() or (found and Path(found).samefile(script)):
        return "babillard"
    return str(script.relative_to(Path.cwd()) if script.is_relative_to(Path.cwd()) else script)


def _asked(before: BotSettings, language: Language, program: str, seeds: Path | None, with_discord: bool) -> Plan:
    from bot.setting_up.dialogue import Dialogue
    from bot.setting_up.prompts import TerminalPrompts  # prompt_toolkit is for the terminal alone

    return Dialogue(TerminalPrompts(), language, before, _introduce, f"{program} init").run(seeds, with_discord)


def _carry_out(plan: Plan, before: BotSettings, language: Language, program: str) -> None:
    from bot.setting_up.finishing import Finishing

    finishing = Finishing(language, program, ENV)
    try:
        finishing.settle(plan, before)
        if not finishing.finish(plan.seeds):
            raise typer.Exit(1)
    except KeyboardInterrupt:
        typer.echo(say("init_interrupted", language, command=f"{program} init"))
        raise typer.Exit(INTERRUPTED) from None


def _introduce(token: SecretStr) -> str:
    from bot.discord.client import introduce  # discord.py takes 0.3 s to import

    return asyncio.run(introduce(token))[0]


def _check_readable(language: Language) -> None:
    try:
        read_text(ENV)
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else error.reason
        raise SettingUpError(say("init_unreadable", language, reason=reason)) from error


def _on_terminal() -> bool:
    return all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stdout))
