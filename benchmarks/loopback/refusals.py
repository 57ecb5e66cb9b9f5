"""What Discord refuses, with the status and the code that it refuses it with."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

Json = dict[str, Any]
Fault = tuple[str, str]
"""A path in the body, dotted, and what is wrong there."""

COMPONENTS_V2 = 1 << 15
"""The flag of a message made of components alone."""

LOCALES = frozenset(
    "id da de en-GB en-US es-ES es-419 fr hr it lt hu nl no pl pt-BR ro fi sv-SE vi tr cs el bg ru uk hi th "
    "zh-CN ja zh-TW ko".split()
)


class Refusal(Exception):  # noqa: N818 - not an error of the server's
    """An answer that is not a success."""

    def __init__(self, status: int, code: int, message: str, faults: Iterable[Fault] = ()) -> None:
        super().__init__(f"{status} ({code}): {message}")
        self.status = status
        self.body: Json = {"code": code, "message": message}
        for path, fault in faults:
            place = self.body.setdefault("errors", {})
            for key in path.split("."):
                place = place.setdefault(key, {})
            place.setdefault("_errors", []).append({"code": "INVALID", "message": fault})


UNAUTHORIZED = (401, 0, "401: Unauthorized")
UNKNOWN_CHANNEL = (404, 10003, "Unknown Channel")
UNKNOWN_MESSAGE = (404, 10008, "Unknown Message")
UNKNOWN_WEBHOOK = (404, 10015, "Unknown Webhook")
UNKNOWN_INTERACTION = (404, 10062, "Unknown interaction")
NOT_THE_AUTHOR = (403, 50005, "Cannot edit a message authored by another user")
EMPTY_MESSAGE = (400, 50006, "Cannot send an empty message")
WRONG_CHANNEL = (400, 50024, "Cannot execute action on this channel type")
EXPIRED_TOKEN = (401, 50027, "Invalid Webhook Token")
ALREADY_ACKNOWLEDGED = (400, 40060, "Interaction has already been acknowledged.")
THREAD_EXISTS = (400, 160004, "A thread has already been created for this message")


def _refuse(faults: Iterator[Fault]) -> None:
    if found := list(faults):
        raise Refusal(400, 50035, "Invalid Form Body", found)


def _length(path: str, text: Any, longest: int, shortest: int = 0) -> Iterator[Fault]:
    if not isinstance(text, str) or not shortest <= len(text) <= longest:
        yield path, f"Must be between {shortest} and {longest} in length."


def check_thread(body: Json) -> None:
    """Refuse a thread that has no name or too long a one."""
    _refuse(_length("name", body.get("name"), 100, 1))


def check_message(body: Json, files: int = 0) -> None:
    """Refuse a message, or the change of one, that Discord would.

    Raises:
        Refusal: 50035 with all that is wrong.
    """
    _refuse(_message(body, files))


def _message(body: Json, files: int) -> Iterator[Fault]:
    yield from _length("content", body.get("content") or "", 2000)
    yield from _length("nonce", str(body.get("nonce") or ""), 25)
    if files > 10:
        yield "attachments", "Must be 10 or fewer in length."
    allowed = body.get("allowed_mentions") or {}
    for kind in ("users", "roles"):
        if kind in allowed.get("parse", ()) and allowed.get(kind):
            yield f"allowed_mentions.{kind}", f"parse has {kind} already."
    yield from _embeds(body.get("embeds") or [])
    components = body.get("components") or []
    if body.get("flags", 0) & COMPONENTS_V2:
        everything = list(walk(components))
        if len(everything) > 40:
            yield "components", "Must be 40 or fewer in length."
        if body.get("content") or body.get("embeds"):
            yield "content", "Cannot be used with components V2."
        yield from _custom_ids(everything)
    else:
        yield from _rows(components)


def _embeds(embeds: list[Json]) -> Iterator[Fault]:
    if len(embeds) > 10:
        yield "embeds", "Must be 10 or fewer in length."
    total = 0
    for number, embed in enumerate(embeds):
        place = f"embeds.{number}"
        fields = embed.get("fields") or []
        texts = [
            ("title", embed.get("title") or "", 256, 0),
            ("description", embed.get("description") or "", 4096, 0),
            ("footer.text", (embed.get("footer") or {}).get("text") or "", 2048, 0),
            ("author.name", (embed.get("author") or {}).get("name") or "", 256, 0),
            *((f"fields.{n}.name", field.get("name"), 256, 1) for n, field in enumerate(fields)),
            *((f"fields.{n}.value", field.get("value"), 1024, 1) for n, field in enumerate(fields)),
        ]
        for key, text, longest, shortest in texts:
            yield from _length(f"{place}.{key}", text, longest, shortest)
            total += len(text or "")
        if len(fields) > 25:
            yield f"{place}.fields", "Must be 25 or fewer in length."
        if embed.get("url") and not re.match("(https?|attachment)://.", embed["url"]):
            yield f"{place}.url", "Not a well formed URL."
    if total > 6000:
        yield "embeds", "Embed size exceeds maximum size of 6000"


def _rows(rows: list[Json]) -> Iterator[Fault]:
    if len(rows) > 5:
        yield "components", "Must be 5 or fewer in length."
    for number, row in enumerate(rows):
        place = f"components.{number}"
        inside = row.get("components") or []
        if row.get("type") != 1 or not inside:
            yield place, "Must be an action row with something in it."
        elif len(inside) > (5 if all(item["type"] == 2 for item in inside) else 1):
            yield f"{place}.components", "Must be 5 or fewer buttons, or one select menu."
    yield from _custom_ids(list(walk(rows)))


def _custom_ids(components: list[Json]) -> Iterator[Fault]:
    for component in components:
        place = "components"
        match component:
            case {"type": 2, "style": 5}:
                yield from _length(f"{place}.url", component.get("url"), 512, 1)
            case {"type": 2}:
                yield from _length(f"{place}.custom_id", component.get("custom_id"), 100, 1)
                yield from _length(f"{place}.label", component.get("label") or "", 80)
            case {"type": 3 | 5 | 6 | 7 | 8}:
                yield from _length(f"{place}.custom_id", component.get("custom_id"), 100, 1)
                if len(component.get("options") or []) > 25:
                    yield f"{place}.options", "Must be 25 or fewer in length."
    ids = Counter(component["custom_id"] for component in components if component.get("custom_id"))
    for custom_id, times in ids.items():
        if times > 1:
            yield "components", f"Component custom id cannot be duplicated: {custom_id}"


def walk(components: list[Json]) -> Iterator[Json]:
    """Yield components and what is inside them, depth first."""
    for component in components:
        yield component
        yield from walk(component.get("components") or [])
        yield from walk([component[key] for key in ("accessory", "component") if component.get(key)])


def check_commands(commands: list[Json]) -> None:
    """Refuse commands that Discord would not register.

    Raises:
        Refusal: 50035 with all that is wrong.
    """
    _refuse(_commands(commands))


def _commands(commands: list[Json]) -> Iterator[Fault]:
    names = Counter((command.get("type", 1), command.get("name")) for command in commands)
    kinds = Counter(kind for kind, _ in names)
    if kinds[1] > 100 or max(kinds[2], kinds[3]) > 15:
        yield "commands", "Maximum number of application commands reached."
    if max(names.values(), default=0) > 1:
        yield "commands", "Application command names must be unique"
    for number, command in enumerate(commands):
        if command.get("type", 1) == 1:
            yield from _described(str(number), command)
            if _size(command) > 8000:
                yield str(number), "Command exceeds maximum size (8000)"
        else:
            yield from _length(f"{number}.name", command.get("name"), 32, 1)
            if command.get("description"):
                yield f"{number}.description", "Context menu commands cannot have description"


def _described(place: str, node: Json) -> Iterator[Fault]:
    """What is wrong with a command, or with an option of one."""
    names = {"name": node.get("name"), **_localized("name_localizations", node)}
    for key, name in names.items():
        if not isinstance(name, str) or not re.fullmatch(r"[-_'\w]{1,32}", name) or name != name.lower():
            yield f"{place}.{key}", "Command name is invalid"
    for key, text in {"description": node.get("description"), **_localized("description_localizations", node)}.items():
        yield from _length(f"{place}.{key}", text, 100, 1)
    for kind in ("name_localizations", "description_localizations"):
        if unknown := set(node.get(kind) or {}) - LOCALES:
            yield f"{place}.{kind}", f"Not a locale: {', '.join(sorted(unknown))}"
    for number, choice in enumerate(choices := node.get("choices") or []):
        for key, name in {"name": choice.get("name"), **_localized("name_localizations", choice)}.items():
            yield from _length(f"{place}.choices.{number}.{key}", name, 100, 1)
        yield from _length(f"{place}.choices.{number}.value", str(choice.get("value")), 100)
    options = node.get("options") or []
    if len(choices) > 25 or len(options) > 25:
        yield place, "Must be 25 or fewer in length."
    required = [option.get("required", False) for option in options]
    if required != sorted(required, reverse=True):
        yield f"{place}.options", "Required options must be placed before non-required options"
    for number, option in enumerate(options):
        yield from _described(f"{place}.options.{number}", option)


def _localized(kind: str, node: Json) -> dict[str, Any]:
    return {f"{kind}.{locale}": text for locale, text in (node.get(kind) or {}).items()}


def _size(node: Json) -> int:
    """Characters of names, descriptions and values, the longest of each text's translations."""
    texts = [
        max(
            (len(text) for text in (node.get(key) or "", *(node.get(f"{key}_localizations") or {}).values())), default=0
        )
        for key in ("name", "description")
    ]
    parts = [*(node.get("options") or []), *(node.get("choices") or [])]
    return sum(texts) + len(str(node.get("value", ""))) + sum(map(_size, parts))
