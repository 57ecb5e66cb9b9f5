"""The websocket: one session, whose events are kept so that RESUME can replay the missed ones.

Frames are not compressed whatever the client asks for: discord.py reads text frames as they are.
"""

import asyncio
import contextlib
import json
import secrets
import time
from collections.abc import Callable
from typing import Any

from aiohttp import WSCloseCode, WSMsgType, web

from benchmarks.loopback.journal import Journal, Record
from benchmarks.loopback.refusals import Json

DISPATCH, HEARTBEAT, IDENTIFY, RESUME, RECONNECT, MEMBERS, INVALID, HELLO, ACK = 0, 1, 2, 6, 7, 8, 9, 10, 11
NAMES = {HEARTBEAT: "HEARTBEAT", IDENTIFY: "IDENTIFY", 3: "PRESENCE", RESUME: "RESUME", MEMBERS: "MEMBERS"}

MESSAGE_CONTENT = 1 << 15
PRIVILEGED = (1 << 1) | (1 << 8) | MESSAGE_CONTENT
"""Members, presences and message content: intents that an application must have been granted."""

DIRECT_MESSAGES, GUILD_MESSAGES = 1 << 12, 1 << 9

LARGEST = 4096
"""Bytes of a message from the client, beyond which Discord closes the connection (4002)."""


class Session:
    """The events since the bot identified itself, and its connection, if it has one now."""

    def __init__(self, intents: int) -> None:
        self.id = secrets.token_hex(16)
        self.intents = intents
        self._events: list[str] = []
        self._more = asyncio.Event()
        self._streaming: asyncio.Task[None] | None = None

    @property
    def last(self) -> int:
        """The sequence number of the last event."""
        return len(self._events)

    def add(self, name: str, payload: Json) -> None:
        """Add an event; it leaves at once if the bot is connected, and after RESUME if not."""
        self._events.append(json.dumps({"op": DISPATCH, "t": name, "s": self.last + 1, "d": payload}))
        self._more.set()

    def attach(self, socket: web.WebSocketResponse, sent: int) -> None:
        """Send the events after the first `sent` over this connection, now and as they come."""
        self.detach()
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
    """Speaks with the bot, and drops its connection when told to."""

    def __init__(self, journal: Journal, token: str, welcome: Callable[[Json], list[tuple[str, Json]]]) -> None:
        """Set up.

        Args:
            journal: where what the bot says is recorded.
            token: the one that opens a session.
            welcome: from the body of IDENTIFY, the events that open a session, READY first.
        """
        self._bot_id = ""
        self.session: Session | None = None
        self.heartbeat_interval = 41.25
        """In seconds; Discord's own. It counts from the next connection on."""
        self.refusals = 0
        """How many of the next connections are not let in (503)."""
        self.privileged = PRIVILEGED
        """The privileged intents that the application was granted."""
        self._journal = journal
        self._token = token
        self._welcome = welcome
        self._sockets: dict[web.WebSocketResponse, web.Request] = {}

    def dispatch(self, name: str, payload: Json) -> None:
        """Send an event to the bot; without a session it is lost, as it is on Discord."""
        if self.session is None:
            return
        if name.startswith("MESSAGE_"):
            wanted = GUILD_MESSAGES if "guild_id" in payload else DIRECT_MESSAGES
            if not self.session.intents & wanted:
                return
            if not self.session.intents & MESSAGE_CONTENT and self._is_private(payload):
                payload = {**payload, "content": "", "embeds": [], "components": [], "attachments": []}
        self.session.add(name, payload)

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
        elif self.session is None:
            await _send(socket, INVALID, False)
        elif op == RESUME:
            if body["session_id"] != self.session.id or body["seq"] > self.session.last:
                await _send(socket, INVALID, False)
                return
            self.session.add("RESUMED", {})
            self.session.attach(socket, body["seq"])
        elif op == MEMBERS:
            chunk = {"guild_id": str(body["guild_id"]), "members": [], "chunk_index": 0, "chunk_count": 1}
            self.session.add("GUILD_MEMBERS_CHUNK", {**chunk, "nonce": body.get("nonce")})

    async def _identify(self, socket: web.WebSocketResponse, host: str, body: Json) -> None:
        if body["token"] != self._token:
            await socket.close(code=4004, message=b"Authentication failed.")
        elif body["intents"] & PRIVILEGED & ~self.privileged:
            await socket.close(code=4014, message=b"Disallowed intent(s).")
        else:
            self.session = Session(body["intents"])
            opening = {"session_id": self.session.id, "resume_gateway_url": f"ws://{host}/gw/"}
            (_, ready), *others = self._welcome(body)
            self._bot_id = ready["user"]["id"]
            self.session.add("READY", {**ready, **opening})
            for name, payload in others:
                self.session.add(name, payload)
            self.session.attach(socket, 0)

    async def disconnect(self, *, resume: bool) -> None:
        """Ask the bot to come back: with the same session (op 7), or with a new one (op 9)."""
        if self.session is not None:
            self.session.detach()
        if not resume:
            self.session = None
        for socket in list(self._sockets):
            await (_send(socket, RECONNECT, None) if resume else _send(socket, INVALID, False))

    def cut(self) -> None:
        """Break the connection without a closing frame."""
        if self.session is not None:
            self.session.detach()
        for request in self._sockets.values():
            if request.transport is not None:
                request.transport.abort()

    async def close(self) -> None:
        """Close the connections, as a server that stops does."""
        if self.session is not None:
            self.session.detach()
        for socket in list(self._sockets):
            await socket.close(code=WSCloseCode.GOING_AWAY)

    def _record(self, name: str, body: Any) -> None:
        self._journal.add(Record(name, "", body, time.monotonic(), status=101))


async def _send(socket: web.WebSocketResponse, op: int, body: Any) -> None:
    await socket.send_json({"op": op, "t": None, "s": None, "d": body})
