"""A server on 127.0.0.1 that speaks OpenAI's chat protocol and does what a test tells it: it also fails and lies.

    with serving(Reply("Lévis [1]."), Status(429), Stall()) as server:
        server.url            # for OPENAI_BASE_URL
        server.requests       # what was asked, one body a call

Each request takes the next step of the script; the last one repeats. A step may be a function of the request's body.
"""

import asyncio
import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

Body = Mapping[str, Any]


@dataclass(frozen=True)
class Reply:
    """Says `text`, a word at a time."""

    text: str
    finish: str | None = "stop"  # None: the stream ends as if the server had died politely
    usage: tuple[int, int] | None = (100, 10)  # tokens read and written; None: the server does not tell
    pause: float = 0.0  # seconds before each word
    hold: threading.Event | None = None  # waited for between the first word and the second


@dataclass(frozen=True)
class Status:
    """Answers with a status of HTTP, and an error that quotes the key as some servers do."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Stall:
    """Says `text`, then nothing more, and keeps the connection."""

    text: str = ""


@dataclass(frozen=True)
class Drop:
    """Says `text`, then breaks the connection."""

    text: str = ""


Step = Reply | Status | Stall | Drop
Script = Step | Callable[[Body], Step]


class ChatServer:
    """What the test sees of the server."""

    def __init__(self, *script: Script) -> None:
        self.script = list(script)
        self.requests: list[Body] = []
        self.keys: list[str] = []
        self.url = ""

    def say(self, *script: Script) -> None:
        """Go on with another script."""
        self.script = list(script)

    def prompt(self, number: int = -1) -> str:
        """Return all that the model was given in one request."""
        return "\n".join(message["content"] for message in self.requests[number]["messages"])

    async def answer(self, request: web.Request) -> web.StreamResponse:
        body: Body = await request.json()
        self.requests.append(body)
        self.keys.append(request.headers.get("Authorization", ""))
        step = self.script.pop(0) if len(self.script) > 1 else self.script[0]
        if callable(step):
            step = step(body)
        if isinstance(step, Status):
            error = {"error": {"message": f"refused: {self.keys[-1]}", "type": "test", "code": step.status}}
            return web.json_response(error, status=step.status, headers=step.headers)
        if not body.get("stream"):
            raise web.HTTPNotImplemented(text="the product streams")
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await response.prepare(request)
        await self._stream(request, response, step)
        return response

    async def _stream(self, request: web.Request, response: web.StreamResponse, step: Reply | Stall | Drop) -> None:
        for number, piece in enumerate(_words(step.text)):
            if isinstance(step, Reply):
                await asyncio.sleep(step.pause)
                if step.hold is not None and number == 1:
                    await asyncio.to_thread(step.hold.wait)
            await _send(response, {"choices": [{"index": 0, "delta": {"content": piece}, "finish_reason": None}]})
        if isinstance(step, Drop):
            assert request.transport is not None
            request.transport.abort()
            return
        if not isinstance(step, Reply):
            await asyncio.Event().wait()  # until the client leaves
            return
        if step.finish is not None:
            await _send(response, {"choices": [{"index": 0, "delta": {}, "finish_reason": step.finish}]})
        if step.usage is not None:
            read, written = step.usage
            usage = {"prompt_tokens": read, "completion_tokens": written, "total_tokens": read + written}
            await _send(response, {"choices": [], "usage": usage})
        await response.write(b"data: [DONE]\n\n")


def _words(text: str) -> Iterator[str]:
    for number, word in enumerate(text.split(" ")):
        yield f" {word}" if number else word


async def _send(response: web.StreamResponse, event: Mapping[str, object]) -> None:
    chunk = {"id": "c", "object": "chat.completion.chunk", "created": 0, "model": "scripted", **event}
    await response.write(f"data: {json.dumps(chunk)}\n\n".encode())


@contextmanager
def serving(*script: Script) -> Iterator[ChatServer]:
    """Serve in a thread until the end of the block."""
    server = ChatServer(*script)
    loop = asyncio.new_event_loop()
    ready = threading.Event()
    stopping: asyncio.Event = asyncio.Event()

    async def serve() -> None:
        app = web.Application()
        app.router.add_post("/v1/chat/completions", server.answer)
        runner = web.AppRunner(app, shutdown_timeout=0.1, handler_cancellation=True)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        server.url = f"http://127.0.0.1:{runner.addresses[0][1]}/v1"
        ready.set()
        await stopping.wait()
        await runner.cleanup()

    thread = threading.Thread(target=lambda: loop.run_until_complete(serve()), name="chat-server")
    thread.start()
    try:
        assert ready.wait(10)
        yield server
    finally:
        loop.call_soon_threadsafe(stopping.set)
        thread.join()
        loop.close()
