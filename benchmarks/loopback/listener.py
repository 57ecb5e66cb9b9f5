"""The socket that listens, and what happens to every request: recorded, made to fail if asked for, then answered."""

import json
import time
from collections.abc import Awaitable, Callable, Sequence

from aiohttp import web

from benchmarks.loopback.answers import BODY, FILES, done, read_body
from benchmarks.loopback.faults import Faults
from benchmarks.loopback.journal import Journal, Record
from benchmarks.loopback.refusals import Refusal

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

SHUTDOWN_SECONDS = 1.0
"""How long requests in flight are waited for: those of a bot that is gone never end."""

LARGEST = 10 * 1024 * 1024
"""Bytes of a request: Discord takes 10 MiB of files."""


class Listener:
    """Listens on 127.0.0.1, now or again, always on the port it first got."""

    def __init__(self, routes: Sequence[web.RouteDef], prefix: str, journal: Journal, faults: Faults) -> None:
        """Set up.

        Args:
            routes: what is served.
            prefix: of the paths whose requests are recorded.
            journal: where to.
            faults: what is to go wrong.
        """
        self.port = 0
        self._routes = routes
        self._prefix = prefix
        self._journal = journal
        self._faults = faults
        self._runner: web.AppRunner | None = None

    async def start(self) -> None:
        """Listen."""

        @web.middleware
        async def serve(request: web.Request, handler: Handler) -> web.StreamResponse:
            return await self._serve(request, handler)

        application = web.Application(middlewares=[serve], client_max_size=LARGEST)
        application.add_routes(self._routes)
        self._runner = web.AppRunner(application, access_log=None, shutdown_timeout=SHUTDOWN_SECONDS)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self.port).start()
        self.port = self._runner.addresses[0][1]

    async def stop(self) -> None:
        """Close the socket and all connections."""
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def _serve(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        if not request.path.startswith(self._prefix):
            return await handler(request)
        arrival = time.monotonic()
        body, files = await read_body(request)
        request[BODY], request[FILES] = body, files
        path = request.path.removeprefix(self._prefix)
        record = Record(request.method, path, body, arrival, files)
        fault = self._faults.meet(record.label)
        response = await _answer(request, handler) if fault is None or fault.after else web.Response()
        if fault is not None and fault.status:
            response = fault.answer()
        if fault is None or fault.status:
            record.status = response.status
            record.answer = json.loads(response.body) if isinstance(response.body, bytes) and response.body else None
        elif request.transport is not None:
            request.transport.close()
        self._journal.add(record)
        return response


async def _answer(request: web.Request, handler: Handler) -> web.Response:
    try:
        response = await handler(request)
        assert isinstance(response, web.Response)
        return response
    except Refusal as refusal:
        return done(refusal.body, refusal.status)
    except web.HTTPException as exception:
        return done({"message": f"{exception.status}: {exception.reason}", "code": 0}, exception.status)
