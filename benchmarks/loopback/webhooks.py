"""The HTTP side of interactions: the first response, which must be quick, and then the token's fifteen minutes."""

from aiohttp import web

from benchmarks.loopback.answers import FILES, done, given, nothing
from benchmarks.loopback.interactions import AUTOCOMPLETE, COMMAND, COMPONENT, MODAL, Interaction
from benchmarks.loopback.payloads import EPHEMERAL, LOADING
from benchmarks.loopback.refusals import (
    ALREADY_ACKNOWLEDGED,
    EXPIRED_TOKEN,
    UNKNOWN_INTERACTION,
    UNKNOWN_MESSAGE,
    UNKNOWN_WEBHOOK,
    Json,
    Refusal,
)
from benchmarks.loopback.world import World

MESSAGE, THINKING, DEFERRED_UPDATE, UPDATE, CHOICES, FORM = 4, 5, 6, 7, 8, 9
"""Types of response."""

ALLOWED = {
    COMMAND: {MESSAGE, THINKING, FORM},
    COMPONENT: {MESSAGE, THINKING, DEFERRED_UPDATE, UPDATE, FORM},
    AUTOCOMPLETE: {CHOICES},
    MODAL: {MESSAGE, THINKING, DEFERRED_UPDATE, UPDATE},
}


class Webhooks:
    """Takes the bot's answers to interactions."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.open: dict[str, Interaction] = {}
        """All interactions, by token."""

    def routes(self, prefix: str) -> list[web.RouteDef]:
        """Return the routes under a prefix."""
        webhook = f"{prefix}/webhooks/{{application}}/{{token}}"
        message = f"{webhook}/messages/{{message}}"
        return [
            web.post(f"{prefix}/interactions/{{interaction}}/{{token}}/callback", self._respond),
            web.post(webhook, self._follow_up),
            web.get(message, self._get),
            web.patch(message, self._edit),
            web.delete(message, self._delete),
        ]

    async def _respond(self, request: web.Request) -> web.Response:
        interaction = self.open.get(request.match_info["token"])
        if interaction is None or interaction.expired:
            raise Refusal(*UNKNOWN_INTERACTION)
        if interaction.acknowledged:
            raise Refusal(*ALREADY_ACKNOWLEDGED)
        if interaction.late:
            raise Refusal(*UNKNOWN_INTERACTION)
        body = given(request)
        kind = body["type"]
        if kind not in ALLOWED[interaction.payload["type"]]:
            raise Refusal(400, 50035, "Invalid Form Body", [("type", f"Not for this interaction: {kind}")])
        data = body.get("data") or {}
        if len(data.get("choices") or []) > 25:
            raise Refusal(400, 50035, "Invalid Form Body", [("data.choices", "Must be 25 or fewer in length.")])
        self._take(interaction, kind, data, request[FILES])
        interaction.acknowledged = kind
        return done(_callback(interaction)) if request.query.get("with_response") in ("1", "true") else nothing()

    def _take(self, interaction: Interaction, kind: int, data: Json, files: tuple[str, ...]) -> None:
        match kind:
            case 4:
                interaction.original = self._post(interaction, data, files)
            case 5:
                flags = data.get("flags", 0) | LOADING
                interaction.original = self._post(interaction, {"flags": flags}, ())
            case 6:
                interaction.original = interaction.payload.get("message")
            case 7:
                interaction.original = interaction.payload["message"]
                self._change(interaction.payload["message"], data)

    async def _follow_up(self, request: web.Request) -> web.Response:
        """Post one more message; the first after a deferral takes the place of the « thinking » one."""
        interaction = self._interaction(request)
        original = interaction.original
        if original is not None and original["flags"] & LOADING:
            message = self._change(original, given(request))
        else:
            message = self._post(interaction, given(request), request[FILES])
        return done(message) if request.query.get("wait") in ("1", "true") else nothing()

    async def _get(self, request: web.Request) -> web.Response:
        return done(self._message(request))

    async def _edit(self, request: web.Request) -> web.Response:
        return done(self._change(self._message(request), given(request)))

    async def _delete(self, request: web.Request) -> web.Response:
        self._world.delete(self._message(request))
        return nothing()

    def _interaction(self, request: web.Request) -> Interaction:
        interaction = self.open.get(request.match_info["token"])
        if interaction is None or not interaction.acknowledged:
            raise Refusal(*UNKNOWN_WEBHOOK)
        for refusal in (EXPIRED_TOKEN, UNKNOWN_WEBHOOK, UNKNOWN_INTERACTION):
            if interaction.expired == refusal[1]:
                raise Refusal(*refusal)
        return interaction

    def _message(self, request: web.Request) -> Json:
        interaction = self._interaction(request)
        wanted = request.match_info["message"]
        message = interaction.original if wanted == "@original" else self._world.messages.get(wanted)
        if message is None or message["id"] not in self._world.messages:
            raise Refusal(*UNKNOWN_MESSAGE)
        return message

    def _post(self, interaction: Interaction, data: Json, files: tuple[str, ...]) -> Json:
        payload = interaction.payload
        user = payload["user"] if "user" in payload else payload["member"]["user"]
        asked = {"id": payload["id"], "type": payload["type"], "user": user, "authorizing_integration_owners": {}}
        return self._world.post(
            payload["channel"],
            self._world.bot,
            data,
            files=files,
            silent=bool(data.get("flags", 0) & EPHEMERAL),
            interaction_metadata=asked,
            webhook_id=self._world.application["id"],
            application_id=self._world.application["id"],
        )

    def _change(self, message: Json, data: Json) -> Json:
        return self._world.edit(message, data, silent=bool(message["flags"] & EPHEMERAL))


def _callback(interaction: Interaction) -> Json:
    answer: Json = {"interaction": {"id": interaction.payload["id"], "type": interaction.payload["type"]}}
    if (message := interaction.original) is not None:
        answer["interaction"] |= {
            "response_message_id": message["id"],
            "response_message_loading": bool(message["flags"] & LOADING),
            "response_message_ephemeral": bool(message["flags"] & EPHEMERAL),
        }
        answer["resource"] = {"type": interaction.acknowledged, "message": message}
    return answer
