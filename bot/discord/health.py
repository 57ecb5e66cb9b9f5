"""`GET /health` on loopback, for a service manager or a monitor: whether the bot is connected; `/metrics` beside it."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager

from aiohttp import web

from bot.errors import HealthError


@asynccontextmanager
async def health_endpoint(
    port: int,
    state: Callable[[], Mapping[str, object]],
    metrics: Callable[[], tuple[bytes, str]] | None = None,
) -> AsyncIterator[None]:
    """Answer on 127.0.0.1 for as long as the context lasts: 200 when `state()["ready"]`, else 503.

    Args:
        port: of 127.0.0.1; 0 turns the endpoint off.
        state: what `/health` answers, as JSON.
        metrics: what `/metrics` answers, and its content type; None for no such page.

    Raises:
        HealthError: the port cannot be used.
    """
    if port == 0:
        yield
        return

    async def answer(_: web.Request) -> web.Response:
        now = dict(state())
        return web.json_response(now, status=200 if now["ready"] else 503)

    app = web.Application()
    app.router.add_get("/health", answer)
    if metrics is not None:
        app.router.add_get("/metrics", _serving(metrics))
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    try:
        try:
            await web.TCPSite(runner, "127.0.0.1", port).start()
        except OSError as error:
            raise HealthError(
                f"port {port} cannot be used ({error.strerror}): set HEALTH_PORT to a free one"
            ) from error
        yield
    finally:
        await runner.cleanup()


def _serving(page: Callable[[], tuple[bytes, str]]) -> Callable[[web.Request], Awaitable[web.Response]]:
    """Return what serves a page that is made for each request."""

    async def serve(_: web.Request) -> web.Response:
        body, kind = page()
        return web.Response(body=body, headers={"Content-Type": kind})

    return serve
