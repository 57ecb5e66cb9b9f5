"""Interactions: what a person asks of the bot by a command, a menu, a button or a form, and the state of the answer."""

import secrets
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from benchmarks.loopback import payloads
from benchmarks.loopback.refusals import Json, walk
from benchmarks.loopback.world import World

COMMAND, COMPONENT, AUTOCOMPLETE, MODAL = 2, 3, 4, 5
"""Types of interaction."""

FIRST_RESPONSE_SECONDS = 3.0
"""An interaction that got no response for this long is over."""


@dataclass(slots=True, eq=False)
class Interaction:
    """One interaction, as the bot was told of it, and its state."""

    payload: Json
    mark: int
    """How many records there were when it was sent."""
    sent: float = float("inf")
    """Monotonic time, in seconds, at which the bot was told of it."""
    acknowledged: int = 0
    """The type of the first response; 0: none yet."""
    original: Json | None = None
    """The message that `@original` stands for."""
    expired: int = 0
    """The code with which its token is refused from now on."""

    @property
    def token(self) -> str:
        """The token of its webhook."""
        return str(self.payload["token"])

    @property
    def late(self) -> bool:
        """It is too late for a first response."""
        return time.monotonic() - self.sent > FIRST_RESPONSE_SECONDS


def build(world: World, kind: int, data: Json, user: Json, channel: Json, locale: str, message: Json | None) -> Json:
    """Return the payload of an interaction."""
    payload: Json = {
        "id": world.ids.next(), "application_id": world.application["id"], "type": kind, "token": secrets.token_hex(16),
        "version": 1, "data": data, "channel": channel, "channel_id": channel["id"], "locale": locale,
        "app_permissions": payloads.ALL_PERMISSIONS, "entitlements": [], "attachment_size_limit": 10_485_760,
        "authorizing_integration_owners": {"0": channel.get("guild_id", world.guild_id)},
    }  # fmt: skip
    if "guild_id" in channel:
        speaker = {**payloads.member(), "user": user, "permissions": payloads.ALL_PERMISSIONS}
        payload |= {"guild_id": channel["guild_id"], "guild_locale": "fr", "context": 0, "member": speaker}
        payload["guild"] = {"id": channel["guild_id"], "locale": "fr", "features": []}
    else:
        payload |= {"context": 1, "user": user}
    if message is not None:
        payload["message"] = message
    return payload


def command_data(world: World, name: str, kind: int, options: Mapping[str, Any], focused: str | None = None) -> Json:
    """Return the data of a command as its user would send it, who can send nothing but what was registered.

    Args:
        world: where the commands are registered.
        name: of the command, with those of the subcommand after it: "babillard ask".
        kind: 1 for a slash command, 2 and 3 for the menus of a user and of a message.
        options: what was filled in.
        focused: the option that is being typed, when it is to be completed.

    Raises:
        LookupError: the bot has registered no such command or option.
        ValueError: the user could not send this.
    """
    head, *rest = name.split() if kind == 1 else [name]
    known = [command for command in world.commands if command.get("type", 1) == kind]
    command = next((one for one in known if one["name"] == head), None)
    if command is None:
        raise LookupError(f"no command {head!r} is registered; there are {[one['name'] for one in known]}")
    node, filled = command, (data := {"id": command["id"], "name": head, "type": kind})
    if "guild_id" in command:
        data["guild_id"] = command["guild_id"]
    for part in rest:
        node = _option(node, part)
        filled["options"] = [inner := {"name": part, "type": node["type"]}]
        filled = inner
    filled["options"] = list(_fill(node, options, focused))
    return data


def _option(node: Json, name: str) -> Json:
    known = node.get("options") or []
    for option in known:
        if option["name"] == name:
            found: Json = option
            return found
    raise LookupError(f"{node['name']!r} has no option {name!r}; it has {[option['name'] for option in known]}")


def _fill(node: Json, options: Mapping[str, Any], focused: str | None) -> Iterator[Json]:
    for option in node.get("options") or []:
        if option.get("required") and option["name"] not in options and focused is None:
            raise ValueError(f"{node['name']!r} needs {option['name']!r}")
    for name, value in options.items():
        option = _option(node, name)
        choices = [choice["value"] for choice in option.get("choices") or []]
        if choices and value not in choices:
            raise ValueError(f"{name!r} is one of {choices}, not {value!r}")
        if option["type"] == 3 and not option.get("min_length", 0) <= len(value) <= option.get("max_length", 6000):
            raise ValueError(f"{name!r} is too short or too long: {len(value)} characters")
        yield {"name": name, "type": option["type"], "value": value} | ({"focused": True} if name == focused else {})


def pressed_data(message: Json, custom_id: str, values: list[str]) -> Json:
    """Return the data of a button that was pressed, or of a menu in which `values` were selected.

    Raises:
        LookupError: the message has no such component, or it is disabled.
    """
    components = [one for one in walk(message.get("components") or []) if one.get("custom_id")]
    for component in components:
        if component["custom_id"] == custom_id and not component.get("disabled"):
            data = {"custom_id": custom_id, "component_type": component["type"]}
            return data if component["type"] == 2 else {**data, "values": values}
    raise LookupError(f"no enabled component {custom_id!r}; there are {[one['custom_id'] for one in components]}")


def modal_data(modal: Json, values: Mapping[str, str]) -> Json:
    """Return the data of a form that was filled in.

    Raises:
        LookupError: the form has no such field.
    """
    fields = [one["custom_id"] for one in walk(modal["components"]) if one.get("type") == 4]
    if unknown := values.keys() - set(fields):
        raise LookupError(f"no field {sorted(unknown)} in the form; there are {fields}")
    inputs = [{"type": 4, "custom_id": name, "value": values.get(name, "")} for name in fields]
    return {"custom_id": modal["custom_id"], "components": [{"type": 1, "components": [one]} for one in inputs]}
