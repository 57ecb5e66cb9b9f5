"""The websocket: a session for each shard, whose events are kept so that RESUME can replay the missed ones.

Frames are not compressed whatever the client asks for: discord.py reads text frames as they are.
"""

import asyncio
import contextlib
import json
import math
import secrets
import time
from collections.abc import Callable
from typing import Any

from aiohttp import WSCloseCode, WSMsgType, web

from benchmarks.loopback.journal import Journal, Record
from benchmarks.loopback.payloads import shard_of
from benchmarks.loopback.refusals import Json

DISPATCH, HEARTBEAT, IDENTIFY, RESUME, RECONNECT, MEMBERS, INVALID, HELLO, ACK = 0, 1, 2, 6, 7, 8, 9, 10, 11
NAMES = {HEARTBEAT: "HEARTBEAT", IDENTIFY: "IDENTIFY", 3: "PRESENCE", RESUME: "RESUME", MEMBERS: "MEMBERS"}

MESSAGE_CONTENT = 1 << 15
PRIVILEGED = (1 << 1) | (1 << 8) | MESSAGE_CONTENT
"""Members, presences and message content: intents that an application must have been granted."""

DIRECT_MESSAGES, GUILD_MESSAGES = 1 << 12, 1 << 9

LARGEST = 4096
"""Bytes of a message from the client, beyond which Discord closes the connection (4002)."""


LARGEST_SHARD = 2_500
"""Guilds of a shard, beyond which Discord opens no session (4011)."""


class Session:
    """The events since a shard identified itself, and its connection, if it has one now."""

    def __init__(self, intents: int, shard: tuple[int, int]) -> None:
        self.id = secrets.token_hex(16)
        self.intents = intents
        self.shard = shard
        self.socket: web.WebSocketResponse | None = None
        self._events: list[str] = []
        self._more = asyncio.Event()
        self._streaming: asyncio.Task[None] | None = None

    @property
    def last(self) -> int:
        """The sequence number of the last event."""
        return len(self._events)

    def hears(self, guild_id: str | None) -> bool:
        """Whether it is told what happens in a guild, or, None, in direct messages."""
        number, count = self.shard
        return number == (0 if guild_id is None else shard_of(guild_id, count))

    def add(self, name: str, payload: Json) -> None:
        """Add an event; it leaves at once if the bot is connected, and after RESUME if not."""
        self._events.append(json.dumps({"op": DISPATCH, "t": name, "s": self.last + 1, "d": payload}))
        self._more.set()

    def attach(self, socket: web.WebSocketResponse, sent: int) -> None:
        """Send the events after the first `sent` over this connection, now and as they come."""
        self.detach()
        self.socket = socket
        self._streaming = asyncio.create_task(self._stream(socket, sent))

    def detach(self) -> None:
        """Send nothing until the bot is back."""
        if self._streaming is not None:
            self._streaming.cancel()
            self._streaming = None

    async def _stream(self, socket: web.WebSocketResponse, sent: int) -> None:
        with contextlib.suppress(ConnectionError):
            while True:
                for event in self._events[sent:]:
                    await socket.send_str(event)
                    sent += 1
                self._more.clear()
                if sent == self.last:
                    await self._more.wait()


class Gateway:
    """Speaks with the bot, in one process or in many, and drops its connections when told to."""

    def __init__(
        self, journal: Journal, token: str, welcome: Callable[[tuple[int, int]], list[tuple[str, Json]]]
    ) -> None:
        """Set up.

        Args:
            journal: where what the bot says is recorded.
            token: the one that opens a session.
            welcome: from the number of a shard and of all, the events that open its session, READY first.
        """
        self._bot_id = ""
        self.sessions: list[Session] = []
        self.heartbeat_interval = 41.25
        """In seconds; Discord's own. It counts from the next connection on."""
        self.refusals = 0
        """How many of the next connections are not let in (503)."""
        self.privileged = PRIVILEGED
        """The privileged intents that the application was granted."""
        self.session_seconds = 0.0
        """From one session to the next, before which another is refused (op 9); Discord's own are five."""
        self.largest_shard = LARGEST_SHARD
        self._opened = -math.inf
        self._journal = journal
        self._token = token
        self._welcome = welcome
        self._sockets: dict[web.WebSocketResponse, web.Request] = {}

    def dispatch(self, name: str, payload: Json) -> None:
        """Send an event to the shards that hear of it; without a session it is lost, as it is on Discord."""
        guild_id = payload["id"] if name.startswith("GUILD_") else payload.get("guild_id")
        for session in self.sessions:
            if session.hears(guild_id):
                self._tell(session, name, payload)

    def _tell(self, session: Session, name: str, payload: Json) -> None:
        if name.startswith("MESSAGE_"):
            wanted = GUILD_MESSAGES if "guild_id" in payload else DIRECT_MESSAGES
            if not session.intents & wanted:
                return
            if not session.intents & MESSAGE_CONTENT and self._is_private(payload):
                payload = {**payload, "content": "", "embeds": [], "components": [], "attachments": []}
        session.add(name, payload)

    def _is_private(self, message: Json) -> bool:
        """Whether the bot needs the intent of message content for a message: it is neither from the bot nor to it."""
        known = [message.get("author"), *message.get("mentions", ())]
        to_bot = any(person is not None and person["id"] == self._bot_id for person in known)
        return "guild_id" in message and "content" in message and not to_bot

    async def connect(self, request: web.Request) -> web.StreamResponse:
        """Serve one connection to its end."""
        if self.refusals:
            self.refusals -= 1
            self._record("REFUSED", None)
            return web.Response(status=503)
        socket = web.WebSocketResponse(max_msg_size=LARGEST)
        await socket.prepare(request)
        self._sockets[socket] = request
        try:
            await _send(socket, HELLO, {"heartbeat_interval": int(self.heartbeat_interval * 1000)})
            async for frame in socket:
                if frame.type == WSMsgType.TEXT:
                    message = json.loads(frame.data)
                    await self._receive(socket, request.host, message["op"], message["d"])
        except ConnectionError:
            pass  # the bot went away while it was written to
        finally:
            del self._sockets[socket]
        return socket

    async def _receive(self, socket: web.WebSocketResponse, host: str, op: int, body: Any) -> None:
        self._record(NAMES.get(op, f"OP-{op}"), body)
        if op == HEARTBEAT:
            await _send(socket, ACK, None)
        elif op == IDENTIFY:
            await self._identify(socket, host, body)
        elif op == RESUME:
            session = next((one for one in self.sessions if one.id == body["session_id"]), None)
            if session is None or body["seq"] > session.last:
                await _send(socket, INVALID, False)
                return
            session.add("RESUMED", {})
            session.attach(socket, body["seq"])
        elif (session := next((one for one in self.sessions if one.socket is socket), None)) is None:
            await _send(socket, INVALID, False)
        elif op == MEMBERS:
            chunk = {"guild_id": str(body["guild_id"]), "members": [], "chunk_index": 0, "chunk_count": 1}
            session.add("GUILD_MEMBERS_CHUNK", {**chunk, "nonce": body.get("nonce")})

    async def _identify(self, socket: web.WebSocketResponse, host: str, body: Json) -> None:
        number, count = body.get("shard", (0, 1))
        if body["token"] != self._token:
            await socket.close(code=4004, message=b"Authentication failed.")
        elif body["intents"] & PRIVILEGED & ~self.privileged:
            await socket.close(code=4014, message=b"Disallowed intent(s).")
        elif not 0 <= number < count:
            await socket.close(code=4010, message=b"Invalid shard.")
        elif len(events := self._welcome((number, count))) > 1 + self.largest_shard:
            await socket.close(code=4011, message=b"Sharding required.")
        elif time.monotonic() < self._opened + self.session_seconds:
            self._record("EARLY", body)
            await _send(socket, INVALID, False)
        else:
            self._opened = time.monotonic()
            session = Session(body["intents"], (number, count))
            self.sessions.append(session)
            opening = {"session_id": session.id, "resume_gateway_url": f"ws://{host}/gw/"}
            (_, ready), *others = events
            self._bot_id = ready["user"]["id"]
            session.add("READY", {**ready, **opening})
            for name, payload in others:
                session.add(name, payload)
            session.attach(socket, 0)

    async def disconnect(self, *, resume: bool, shard: int | None = None) -> None:
        """Ask the bot to come back, or one shard of it: with the same session (op 7), or with a new one (op 9)."""
        sockets = self._detach(shard)
        if not resume:
            self.sessions = [one for one in self.sessions if shard not in (None, one.shard[0])]
        for socket in sockets:
            await (_send(socket, RECONNECT, None) if resume else _send(socket, INVALID, False))

    def cut(self, shard: int | None = None) -> None:
        """Break the connections, or that of one shard, without a closing frame."""
        for socket in self._detach(shard):
            transport = self._sockets[socket].transport
            if transport is not None:
                transport.abort()

    def _detach(self, shard: int | None) -> list[web.WebSocketResponse]:
        """Send a shard nothing until it is back, or all of them; return its connection, or all that there are."""
        sessions = [one for one in self.sessions if shard in (None, one.shard[0])]
        for session in sessions:
            session.detach()
        of_shard = [one.socket for one in sessions]
        return [socket for socket in self._sockets if shard is None or socket in of_shard]

    async def close(self) -> None:
        """Close the connections, as a server that stops does."""
        for socket in self._detach(None):
            await socket.close(code=WSCloseCode.GOING_AWAY)

    def _record(self, name: str, body: Any) -> None:
        self._journal.add(Record(name, "", body, time.monotonic(), status=101))


async def _send(socket: web.WebSocketResponse, op: int, body: Any) -> None:
    await socket.send_json({"op": op, "t": None, "s": None, "d": body})
