"""A Discord on 127.0.0.1, for tests and benchmarks: the bot runs in a process of its own, over HTTP and a websocket.

It holds one guild with one text channel, and more where a test adds them; it deals them to the shards of the bot,
which may be in several processes. It knows what the bot may send, refuses the rest as Discord would (400 with code
50035 and so on), and records every request. A test scripts what people do, and awaits what the bot does:

    command = [sys.executable, "-m", "bot", "discord"]
    async with LoopbackDiscord() as server, bot_process(command, server, DISCORD_TOKEN=TOKEN) as bot:
        await bot.ready()
        question = server.send_message(server.general, server.alice, "Combien ?", mentions_bot=True)
        reply = await server.answer_to(question)  # the record of POST /channels/*/messages
        assert "« 12 $ »" in reply.message["embeds"][0]["description"]
        server.fail_next("PATCH", "/webhooks/*/*/messages/@original", status=429, retry_after=0.1)
        interaction = server.slash("ask", {"question": "Combien ?"}, server.alice, locale="fr")
        assert (await server.response_to(interaction)).body["type"] == 5  # deferred
        message = (await server.answer_to(interaction)).message
        server.press("sources", message, server.alice)
        await server.disconnect(resume=True)  # op 7
        await server.wait_for("RESUME")

Labels are « METHOD /path », without /api/v10, `*` standing for one segment; what comes by the gateway is named
IDENTIFY, RESUME, HEARTBEAT, PRESENCE, MEMBERS, REFUSED for a connection that was not let in, or EARLY for a session
that was asked for too soon. `wait_for` hands each record out once, so that two calls give two requests; `matching`
counts them all. People, channels and messages are the JSON objects of Discord, whose ids are strings.
"""

import contextlib
from collections.abc import AsyncIterator, Callable
from typing import Self

from aiohttp import web

from benchmarks.loopback.api import Api
from benchmarks.loopback.faults import Fault, Faults
from benchmarks.loopback.gateway import MESSAGE_CONTENT, PRIVILEGED, Gateway
from benchmarks.loopback.interactions import Interaction
from benchmarks.loopback.journal import Journal, Record, Wanted, matcher
from benchmarks.loopback.listener import Listener
from benchmarks.loopback.payloads import DIRECT, GATEWAY_MESSAGE_CONTENT, shard_of
from benchmarks.loopback.people import People
from benchmarks.loopback.refusals import Json
from benchmarks.loopback.webhooks import MESSAGE, UPDATE, Webhooks
from benchmarks.loopback.world import World

TOKEN = "MTAwMDAwMDAwMDAwMDAwMDAwMQ.token.of-the-bot"
"""The only token that the server takes; of the shape that Discord's have."""

PREFIX = "/api/v10"


class LoopbackDiscord(People):
    """The server; an asynchronous context manager, which listens inside the block."""

    def __init__(self) -> None:
        journal = Journal()
        self.gateway = Gateway(journal, TOKEN, self._welcome)
        """Tests may change its `heartbeat_interval`, `privileged` intents, `session_seconds` and `largest_shard`."""
        world = World(self.gateway.dispatch)
        webhooks = Webhooks(world)
        super().__init__(world, webhooks, journal)
        self._faults = Faults()
        routes = [*Api(world, TOKEN).routes(PREFIX), *webhooks.routes(PREFIX), web.get("/gw/", self.gateway.connect)]
        self._listener = Listener(routes, PREFIX, journal, self._faults)

    async def __aenter__(self) -> Self:
        await self._listener.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._stop()

    async def _stop(self) -> None:
        await self.gateway.close()
        await self._listener.stop()

    @property
    def port(self) -> int:
        """Where it listens, the same until the end of the block."""
        return self._listener.port

    # ------------------------------------------------------------------------------------------ what goes wrong

    def fail_next(
        self, method: str, path: str, *, status: int, times: int = 1, retry_after: float = 0.05, json_code: int = 0
    ) -> None:
        """Refuse the next requests for a path.

        Args:
            method: of the requests.
            path: without /api/v10; `*` is one segment.
            status: what to answer; 429 with what makes the client wait and try again.
            times: how many requests.
            retry_after: in seconds, for 429.
            json_code: Discord's own code of the error.
        """
        self._faults.add(Fault(_matcher(method, path), times, status, retry_after, json_code))

    def drop_next(self, method: str, path: str, *, times: int = 1, after: bool = False) -> None:
        """Close the connection of the next requests without an answer.

        aiohttp itself sends a GET, PUT or DELETE once more: only with `times=2` does the bot see that one was lost.

        Args:
            method: of the requests.
            path: without /api/v10; `*` is one segment.
            times: how many requests.
            after: carry them out first.
        """
        self._faults.add(Fault(_matcher(method, path), times, after=after))

    async def disconnect(self, *, resume: bool, shard: int | None = None) -> None:
        """Ask the bot, or one shard, to resume (op 7): it gets what it missed; or to begin anew (op 9): it does not."""
        await self.gateway.disconnect(resume=resume, shard=shard)

    def cut(self, shard: int | None = None) -> None:
        """Break the connections to the gateway without a closing frame, or that of one shard."""
        self.gateway.cut(shard)

    def refuse_connections(self, times: int) -> None:
        """Refuse the next connections to the gateway (503)."""
        self.gateway.refusals = times

    def refuse_intents(self, intents: int = MESSAGE_CONTENT) -> None:
        """Grant the bot no privileged intents: asking for one closes the connection (4014)."""
        self.gateway.privileged = PRIVILEGED & ~intents
        if intents & MESSAGE_CONTENT:
            self.world.application["flags"] &= ~GATEWAY_MESSAGE_CONTENT

    @contextlib.asynccontextmanager
    async def outage(self) -> AsyncIterator[None]:
        """Stop listening inside the block: connections are refused; what is known is kept."""
        await self._stop()
        try:
            yield
        finally:
            await self._listener.start()

    # --------------------------------------------------------------------------------------- what the bot does

    @property
    def records(self) -> list[Record]:
        """All that the bot did, in order."""
        return self._journal.records

    @property
    def commands(self) -> list[Json]:
        """The commands that the bot has registered."""
        return self.world.commands

    @property
    def identifies(self) -> list[Record]:
        """Each time the bot opened a session."""
        return self.matching("IDENTIFY")

    @property
    def resumes(self) -> list[Record]:
        """Each time the bot resumed its session."""
        return self.matching("RESUME")

    @property
    def heartbeats(self) -> int:
        """How many heartbeats came."""
        return len(self.matching("HEARTBEAT"))

    def matching(self, wanted: Wanted) -> list[Record]:
        """Return all records with a label, or for which a predicate holds."""
        return self._journal.matching(wanted)

    async def wait_for(self, wanted: Wanted, timeout: float = 5.0, since: int = 0) -> Record:
        """Return the next record with a label, or for which a predicate holds; each is handed out once.

        Args:
            wanted: the label or the predicate.
            timeout: in seconds.
            since: leave out so many records: `len(server.records)` at some earlier time.

        Raises:
            TimeoutError: none came within `timeout` seconds; the message says what came instead.
        """
        return await self._journal.wait_for(wanted, timeout, since)

    async def response_to(self, interaction: Interaction, timeout: float = 5.0) -> Record:
        """Return the first response to an interaction, whatever its type (`body["type"]`) and its status.

        Raises:
            TimeoutError: none came within `timeout` seconds.
        """
        label = f"POST /interactions/{interaction.payload['id']}/{interaction.token}/callback"
        return await self._journal.wait_for(label, timeout, interaction.mark)

    async def answer_to(self, asked: Json | Interaction, timeout: float = 5.0) -> Record:
        """Return the next successful request that shows an answer to a message or to an interaction.

        For a message it is the next reply to it, or any message in a direct channel; for an interaction the response
        that holds a message, the change of the deferred one, or a follow-up. Its `message` is what people see now.

        Raises:
            TimeoutError: none came within `timeout` seconds.
        """
        if isinstance(asked, Interaction):
            return await self._journal.wait_for(_shows(asked), timeout, asked.mark)
        direct = self.world.channels[asked["channel_id"]]["type"] == DIRECT
        return await self._journal.wait_for(_replies(asked, direct=direct), timeout, self._marks[asked["id"]])

    def _welcome(self, shard: tuple[int, int]) -> list[tuple[str, Json]]:
        """The events that open the session of a shard: its guilds are told of as missing, then in full."""
        number, count = shard
        guilds = [guild_id for guild_id in self.world.guilds if shard_of(guild_id, count) == number]
        ready = {
            "v": 10,
            "user": self.world.bot,
            "guilds": [{"id": guild_id, "unavailable": True} for guild_id in guilds],
            "application": {"id": self.world.application["id"], "flags": 0},
            "shard": [number, count],
            "private_channels": [],
        }
        return [("READY", ready), *(("GUILD_CREATE", self.world.guild(guild_id)) for guild_id in guilds)]


def _matcher(method: str, path: str) -> Callable[[str], bool]:
    if not path.startswith("/"):
        raise ValueError(f"a path starts with a slash: {path!r}")
    return matcher(f"{method} {path}")


def _replies(message: Json, *, direct: bool) -> Callable[[Record], bool]:
    path = f"/channels/{message['channel_id']}/messages"

    def replies(record: Record) -> bool:
        if (record.method, record.path, record.status) != ("POST", path, 200):
            return False
        return direct or str((record.body.get("message_reference") or {}).get("message_id")) == message["id"]

    return replies


def _shows(interaction: Interaction) -> Callable[[Record], bool]:
    def shows(record: Record) -> bool:
        if record.status != 200 or f"/{interaction.token}" not in record.path:
            return False
        return record.body["type"] in (MESSAGE, UPDATE) if record.path.endswith("/callback") else record.method != "GET"

    return shows
