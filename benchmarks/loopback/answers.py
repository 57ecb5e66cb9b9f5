"""Write answers and read the bodies of requests exactly as the client expects."""

import json
from typing import Any

from aiohttp import BodyPartReader, web

from benchmarks.loopback.refusals import Json

BODY: web.RequestKey[Any] = web.RequestKey("body", object)
FILES: web.RequestKey[tuple[str, ...]] = web.RequestKey("files", tuple)
"""What came with a request; set before its handler runs."""


def done(answer: Any, status: int = 200, headers: dict[str, str] | None = None) -> web.Response:
    """Return JSON, under the one content type that discord.py takes for it."""
    everything = {"Content-Type": "application/json", **(headers or {})}
    return web.Response(body=json.dumps(answer).encode(), status=status, headers=everything)


def nothing() -> web.Response:
    """Return a success without a body."""
    return web.Response(status=204)


def limited(retry_after: float) -> web.Response:
    """Return a 429; the client retries only those that came `Via` Discord's own servers."""
    answer = {"message": "You are being rate limited.", "retry_after": retry_after, "global": False}
    return done(answer, 429, {"Via": "1.1 google", "Retry-After": str(round(retry_after + 0.5))})


async def read_body(request: web.Request) -> tuple[Any, tuple[str, ...]]:
    """Return the JSON of a request and the names of its files."""
    if request.content_type != "multipart/form-data":
        raw = await request.read()
        return (json.loads(raw) if raw else None), ()
    body: Any = None
    files: list[str] = []
    async for part in await request.multipart():
        if not isinstance(part, BodyPartReader):
            continue  # a nested form, which Discord does not use
        content = await part.read()
        if part.name == "payload_json":
            body = json.loads(content)
        else:
            files.append(part.filename or "")
    return body, tuple(files)


def given(request: web.Request) -> Json:
    """Return the body of a request, as it was read when the request came."""
    body: Json = request[BODY]
    return body
