"""Run the bot until it is told to end: start again when Discord refuses, stop when only a person can help."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing, suppress
from dataclasses import asdict
from datetime import datetime
from functools import partial

import aiohttp
import discord
from pydantic import SecretStr

from bot.channels.channels import Channels
from bot.channels.store import FILE_NAME as CHANNELS_FILE
from bot.channels.store import ChannelStore
from bot.config import BotSettings
from bot.discord.client import LOGIN_REFUSED, BabillardClient
from bot.discord.desk import CHAT_WORKERS, Desk
from bot.discord.health import health_endpoint
from bot.discord.library import Library
from bot.discord.observing import Awaited, ChatUse, Observer, Standing, Unobserved
from bot.discord.part import Part
from bot.discord.shards import Shards
from bot.discord.stores import Stores, open_stores
from bot.discord.turns import Turns
from bot.discord.waiting import ToldToEndError, stop_signals, waited_for
from bot.errors import DiscordError, JournalError
from bot.journal.entry import JournalKeeper
from bot.live import LiveBot
from bot.publishing import Publisher
from bot.teaching.teaching import Teaching
from index.errors import UnreachableStoreError

RETRY_SECONDS = (1.0, 2.0, 5.0, 10.0, 30.0, 60.0)
"""Before each further start; the last one repeats. Discord allows 1,000 logins a day; a connection that it refuses is
none, and a start that fails after its login is tried again once a minute."""

DAY_SECONDS = 86_400.0

LOOK_SECONDS = 5.0
"""Between two looks at a shared database: less than it rests after a fault (`bot.postgres.server.REST_SECONDS`), so
that no question waits to find out that it is still away."""

STEADY_SECONDS = 300.0  # after a connection that held this long, the waits begin anew

SHARDS_REFUSED = {
    4010: "Discord knows no such shard: name shards from 0 to COUNT - 1, with the same COUNT in all processes",
    4011: "Discord wants more shards for that many servers: raise COUNT of --shards in all processes, or leave it out",
}
"""By the codes with which Discord closes the connection for good
(https://discord.com/developers/docs/topics/opcodes-and-status-codes#gateway-gateway-close-event-codes)."""

TRANSIENT_ERRORS = (
    discord.GatewayNotFound,
    discord.ConnectionClosed,
    aiohttp.ClientError,
    OSError,
    TimeoutError,
)

TOO_MANY_REQUESTS, SERVER_ERROR = 429, 500  # HTTP statuses; 429, and all from 500 on, are transient

log = logging.getLogger(__name__)


def serve(settings: BotSettings, shards: Shards | None = None) -> None:
    """Serve Discord until SIGINT or SIGTERM.

    Args:
        settings: of the bot.
        shards: those that this process serves, of a bot that several serve; None for all that Discord asks for.

    Raises:
        DiscordError: the token, an intent or the shards are refused, or they need a database and there is none.
        IndexingError: the index is missing, stale or damaged, or the model cannot be loaded.
        BotError: the journal, the rules or the port of /health cannot be used.
    """
    token = settings.discord_token
    if token is None or not token.get_secret_value().strip():
        raise DiscordError(
            "there is no token: set DISCORD_TOKEN, in .env or in the environment (docs/discord.md says how)"
        )
    if shards is not None and not shards.is_whole and settings.database_url is None:
        raise DiscordError(
            f"--shards {shards} leaves some servers to other processes, and DATABASE_URL is not set: /forget-me would "
            "erase in one process alone, and servers would lose their rules with another count of shards; set it to a "
            "PostgreSQL for all of them (docs/scale.md), or serve all shards here"
        )
    with (
        suppress(ToldToEndError),
        open_stores(settings) as stores,
        closing(_live(settings)) as live,
        closing(ChannelStore(settings.data_dir / CHANNELS_FILE)) as read,
    ):
        turns = Turns(stores.turns) if stores.turns is not None else None
        workers = CHAT_WORKERS if settings.chat_model else None
        live.current.embeddings.encode_query("")  # so that the first question is as quick as the others
        publisher = Publisher(settings, live.current.embeddings, live.refresh)
        teaching, channels = Teaching(stores.taught, publisher), Channels(read, publisher)
        publisher.publish_all(teaching, channels)
        asyncio.run(
            _supervise(
                lambda observer: BabillardClient(
                    settings,
                    Desk(live, stores.journal, workers, recording=settings.journal_days > 0, observer=observer),
                    stores.rules,
                    teaching,
                    channels,
                    Library(settings, publisher),
                    Part(stores.new_limits(), shards, turns),
                ),
                token,
                settings.health_port,
                stores,
            )
        )


def _live(settings: BotSettings) -> LiveBot:
    """Open the index and follow it; while what keeps it does not answer, wait."""
    return waited_for(partial(LiveBot, settings), UnreachableStoreError, Awaited.INDEX, settings.health_port)


async def _supervise(
    new_client: Callable[[Observer], BabillardClient], token: SecretStr, health_port: int, stores: Stores
) -> None:
    """Run a client, and another when it fails, until one ends because it was asked to."""
    stopping = stop_signals()
    observer: Observer = Unobserved()
    pages: Callable[[], tuple[bytes, str]] | None = None
    if health_port:
        from bot.discord.metrics import CONTENT_TYPE, Metrics  # prometheus_client is for the endpoint alone

        metrics = Metrics(lambda: standing(client))
        observer, pages = metrics, lambda: (metrics.exposition(), CONTENT_TYPE)
    client = new_client(observer)
    async with health_endpoint(health_port, lambda: health(standing(client)), pages), tended(stores):
        failures = 0
        while True:
            began = time.monotonic()
            if await _run_once(client, token, stopping):
                return
            failures = 0 if time.monotonic() - began > STEADY_SECONDS else failures
            wait = RETRY_SECONDS[min(failures, len(RETRY_SECONDS) - 1)]
            failures += 1
            log.warning("starting again", extra={"wait_seconds": wait})
            with suppress(TimeoutError):
                await asyncio.wait_for(stopping.wait(), wait)
            if stopping.is_set():
                return
            client = new_client(observer)


def standing(client: BabillardClient) -> Standing:
    """Return how a client and its desk stand now."""
    bot = client.desk.live.current
    chat = None
    if bot.writer is not None:
        usage = bot.writer.client.usage
        chat = ChatUse(*usage.tokens, usage.failures)
    shards = client.shards_now
    return Standing(
        ready=client.is_ready() and bool(shards.connected),
        shards=shards,
        guilds=len(client.guilds),
        waiting=client.desk.waiting,
        running=client.desk.running,
        generation=bot.manifest.generation,
        index_built=datetime.fromisoformat(bot.manifest.created),
        documents=bot.manifest.documents,
        chunks=bot.manifest.chunks,
        asked=bot.cache.stats.asked,
        known=bot.cache.stats.hits,
        reachable=client.desk.live.is_reachable,
        chat=chat,
        database=client.desk.sending,
    )


def health(at: Standing) -> dict[str, object]:
    """Return what `/health` answers."""
    told: dict[str, object] = {
        "ready": at.ready and at.reachable,
        "reachable": at.reachable,
        "shards": {"of": at.shards.count, "connected": list(at.shards.connected), "away": list(at.shards.away)},
        "guilds": at.guilds,
        "waiting": at.waiting,
        "generation": at.generation,
        "answers": {"asked": at.asked, "known": at.known},
    }
    return told if at.database is None else told | {"database": asdict(at.database)}


@asynccontextmanager
async def tended(stores: Stores) -> AsyncIterator[None]:
    """Delete the rows that are too old once a day, as a bot runs for months, and look after a shared database."""
    tasks = [asyncio.create_task(_pruned(stores.journal))] if stores.journal is not None else []
    if stores.tend is not None:
        tasks.append(asyncio.create_task(_looked_after(stores.tend)))
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()


async def _pruned(journal: JournalKeeper) -> None:
    while True:
        await asyncio.sleep(DAY_SECONDS)
        try:
            log.info("pruned", extra={"rows": await asyncio.to_thread(journal.prune)})
        except JournalError:
            log.exception("not pruned")


async def _looked_after(tend: Callable[[], None]) -> None:
    while True:
        await asyncio.sleep(LOOK_SECONDS)
        await asyncio.to_thread(tend)


async def _run_once(client: BabillardClient, token: SecretStr, stopping: asyncio.Event) -> bool:
    """Run a client to its end; return whether the bot was asked to stop."""
    running = asyncio.create_task(client.start(token.get_secret_value()))
    asked = asyncio.create_task(stopping.wait())
    try:
        await asyncio.wait({running, asked}, return_when=asyncio.FIRST_COMPLETED)
        if asked.done():
            log.info("ending")
            await client.close()
            with suppress(*TRANSIENT_ERRORS, discord.DiscordException, asyncio.CancelledError):
                await running
            return True
        await running
    except discord.LoginFailure as error:
        raise DiscordError(LOGIN_REFUSED) from error
    except discord.PrivilegedIntentsRequired as error:
        raise DiscordError(
            "Discord refuses the intent: enable Message Content Intent on the Bot page of the application, "
            "or set MESSAGE_CONTENT=false"
        ) from error
    except discord.ConnectionClosed as error:
        if error.code in SHARDS_REFUSED:
            raise DiscordError(SHARDS_REFUSED[error.code]) from error
        log.warning("the connection failed", extra={"reason": f"{type(error).__name__}: {error}"})
    except discord.HTTPException as error:
        if error.status != TOO_MANY_REQUESTS and error.status < SERVER_ERROR:
            raise DiscordError(f"Discord refuses the bot ({error.status} {error.text}): see docs/discord.md") from error
        log.warning("the start failed", extra={"reason": f"{type(error).__name__} {error.status}"})
    except TRANSIENT_ERRORS as error:
        log.warning("the connection failed", extra={"reason": f"{type(error).__name__}: {error}"})
    finally:
        asked.cancel()
        await client.close()
    return stopping.is_set()
