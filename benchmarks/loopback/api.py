"""The HTTP side for what is asked with the token of the bot: people, channels, messages, threads, commands."""

from collections.abc import Awaitable, Callable

from aiohttp import web

from benchmarks.loopback.answers import BODY, FILES, done, given, nothing
from benchmarks.loopback.refusals import NOT_THE_AUTHOR, UNAUTHORIZED, Json, Refusal, check_commands
from benchmarks.loopback.world import World

Handler = Callable[[web.Request], Awaitable[web.Response]]


class Api:
    """Answers from the world, and changes it."""

    def __init__(self, world: World, token: str) -> None:
        self._world = world
        self._authorization = f"Bot {token}"

    def routes(self, prefix: str) -> list[web.RouteDef]:
        """Return the routes under a prefix."""
        message = "/channels/{channel}/messages/{message}"
        commands = "/applications/{application}/commands"
        in_guild = "/applications/{application}/guilds/{guild}/commands"
        table: list[tuple[str, str, Handler]] = [
            ("GET", "/users/@me", self._me),
            ("GET", "/oauth2/applications/@me", self._application),
            ("GET", "/gateway", self._gateway),
            ("GET", "/gateway/bot", self._gateway),
            ("POST", "/users/@me/channels", self._direct),
            ("GET", "/channels/{channel}", self._channel),
            ("PATCH", "/channels/{channel}", self._rename),
            ("POST", "/channels/{channel}/typing", self._typing),
            ("GET", "/channels/{channel}/messages", self._history),
            ("POST", "/channels/{channel}/messages", self._post),
            ("POST", "/channels/{channel}/threads", self._thread),
            ("GET", message, self._message),
            ("PATCH", message, self._edit),
            ("DELETE", message, self._delete),
            ("POST", f"{message}/threads", self._thread_from_message),
            ("PUT", f"{message}/reactions/{{emoji}}/@me", self._reaction),
            ("DELETE", f"{message}/reactions/{{emoji}}/@me", self._reaction),
            *((method, path, self._commands) for method in ("GET", "PUT") for path in (commands, in_guild)),
        ]
        return [web.route(method, prefix + path, self._checked(handler)) for method, path, handler in table]

    def _checked(self, handler: Handler) -> Handler:
        async def checked(request: web.Request) -> web.Response:
            if request.headers.get("Authorization") != self._authorization:
                raise Refusal(*UNAUTHORIZED)
            return await handler(request)

        return checked

    async def _me(self, _: web.Request) -> web.Response:
        return done(self._world.bot)

    async def _application(self, _: web.Request) -> web.Response:
        return done(self._world.application)

    async def _gateway(self, request: web.Request) -> web.Response:
        limit = {"total": 1000, "remaining": 1000, "reset_after": 0, "max_concurrency": 1}
        told = {"shards": self._world.recommended_shards, "session_start_limit": limit}
        more = told if request.path.endswith("/bot") else {}
        return done({"url": f"ws://{request.host}/gw/", **more})

    async def _direct(self, request: web.Request) -> web.Response:
        person = str(given(request)["recipient_id"])
        if person not in self._world.people:
            raise Refusal(400, 50033, "Invalid Recipient(s)")
        return done(self._world.direct(person))

    async def _channel(self, request: web.Request) -> web.Response:
        return done(self._channel_of(request))

    async def _rename(self, request: web.Request) -> web.Response:
        return done(self._world.rename(self._channel_of(request), given(request)))

    async def _typing(self, request: web.Request) -> web.Response:
        self._channel_of(request)
        return nothing()

    async def _history(self, request: web.Request) -> web.Response:
        """Newest first; `before`, `after` and `limit` as on Discord, `around` is not served."""
        channel = self._channel_of(request)
        before = int(request.query.get("before", 2**63))
        after = int(request.query.get("after", 0))
        found = [
            message
            for message in self._world.messages.values()
            if message["channel_id"] == channel["id"] and after < int(message["id"]) < before
        ]
        limit = int(request.query.get("limit", 50))
        found = found[:limit] if after else found[-limit:]
        return done(found[::-1])

    async def _post(self, request: web.Request) -> web.Response:
        return done(self._world.post(self._channel_of(request), self._world.bot, given(request), files=request[FILES]))

    async def _message(self, request: web.Request) -> web.Response:
        return done(self._message_of(request))

    async def _edit(self, request: web.Request) -> web.Response:
        message = self._message_of(request)
        if message["author"] != self._world.bot:
            raise Refusal(*NOT_THE_AUTHOR)
        return done(self._world.edit(message, given(request)))

    async def _delete(self, request: web.Request) -> web.Response:
        self._world.delete(self._message_of(request))
        return nothing()

    async def _reaction(self, request: web.Request) -> web.Response:
        self._message_of(request)
        return nothing()

    async def _thread(self, request: web.Request) -> web.Response:
        return done(self._world.start_thread(self._channel_of(request), given(request)), 201)

    async def _thread_from_message(self, request: web.Request) -> web.Response:
        message = self._message_of(request)
        return done(self._world.start_thread(self._channel_of(request), given(request), message), 201)

    async def _commands(self, request: web.Request) -> web.Response:
        guild = request.match_info.get("guild")
        if request.method == "PUT":
            registered: list[Json] = request[BODY]
            check_commands(registered)
            others = [command for command in self._world.commands if command.get("guild_id") != guild]
            self._world.commands[:] = others + [self._registered(command, guild) for command in registered]
        return done([command for command in self._world.commands if command.get("guild_id") == guild])

    def _registered(self, command: Json, guild: str | None) -> Json:
        """Return a command as it was sent, with what the register adds; it keeps the id that its name had."""
        kind = command.get("type", 1)
        known = {(one["name"], one["type"], one.get("guild_id")): one["id"] for one in self._world.commands}
        command_id = known.get((command["name"], kind, guild)) or self._world.ids.next()
        owned = {"id": command_id, "application_id": self._world.application["id"], "version": self._world.ids.next()}
        return {"description": "", **command, "type": kind, **owned, **({"guild_id": guild} if guild else {})}

    def _channel_of(self, request: web.Request) -> Json:
        return self._world.channel(request.match_info["channel"])

    def _message_of(self, request: web.Request) -> Json:
        return self._world.message(request.match_info["channel"], request.match_info["message"])
