"""Tell what a reader of a web page does not see: what is closed until something opens it, and what nothing shows."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser, LexborNode

from index.loaders.elements import attribute, walk

MAX_STYLE = 500_000  # characters of the style sheets in a page that are read
MAX_RULES = 200  # of those that show or hide elements
NEAR = 12  # of 255: colours that differ less in red, green and blue are the same to the eye

_ONLY_READ_ALOUD = ".sr-only, .visually-hidden, .visuallyhidden, .screen-reader-text"
_LOOKS = frozenset(["color", "font-size", "visibility"])
_SIMPLE = re.compile(r"[a-zA-Z]*[0-9]?(?:[.#][A-Za-z_][\w-]*)+")
_DISPLAY = re.compile(r"(?:^|[;\s])display\s*:\s*([a-z-]+)", re.IGNORECASE)
_SIZE = re.compile(r"([0-9]*\.?[0-9]+)\s*(px|pt|r?em|%)?")
_SMALLEST = {"": 0.0, "px": 1.0, "pt": 1.0, "em": 0.1, "rem": 0.1, "%": 10.0}
_NOTHING = re.compile(r"0+(?:\.0+)?(?:px|pt|r?em|%)?|\.0+")
_SIDES = ("height", "max-height", "width", "max-width")
_FAR_AWAY = re.compile(r"-[0-9]{3,}(?:px|em|pt)|-[0-9]{4,}")
_RGB = re.compile(r"rgba?\(\s*([0-9]{1,3})[\s,]+([0-9]{1,3})[\s,]+([0-9]{1,3})\s*(?:[,/]\s*([0-9.]+)%?\s*)?\)")

Colour = tuple[int, int, int]
_NAMED = {"white": (255, 255, 255), "black": (0, 0, 0), "snow": (255, 250, 250), "ivory": (255, 255, 240)}
_WHITE = _NAMED["white"]


@dataclass(frozen=True, slots=True)
class Unseen:
    """What is not seen, by `mem_id`."""

    closed: set[int]  # elements that a click may open
    buried: set[int]  # elements and texts that no click shows


@dataclass(frozen=True, slots=True)
class _Look:
    """How text looks, as far as it is known; elements inherit it."""

    is_tiny: bool = False
    is_invisible: bool = False
    colour: Colour | None = None
    background: Colour | None = None

    @property
    def hides(self) -> bool:
        """Whether text that looks so cannot be read."""
        if self.is_tiny or self.is_invisible:
            return True
        if self.colour is None or self.background is None:
            return False
        return all(abs(a - b) < NEAR for a, b in zip(self.colour, self.background, strict=True))


def find_unseen(tree: LexborHTMLParser) -> Unseen:
    """Return what is hidden by attributes, by styles in the page, or by looking like its background."""
    unseen = Unseen(set(), {node.mem_id for node in tree.css(_ONLY_READ_ALOUD)})
    css = [style.text()[:MAX_STYLE] for style in tree.css("style") if attribute(style, "media") != "print"]
    styles = {node.mem_id: _declarations(attribute(node, "style")) for node in tree.css("[style]")}
    for node in tree.css("[hidden], [aria-hidden=true]"):
        if node.attributes.get("hidden") != "until-found" or attribute(node, "aria-hidden") == "true":
            unseen.closed.add(node.mem_id)
    unseen.closed.update(
        element for element in _hidden_by_rules(tree, "".join(css)) if "display" not in styles.get(element, ())
    )
    for element, style in styles.items():
        if style.get("display") == "none" or _is_shut(style):
            unseen.closed.add(element)
        if _is_far_away(style):
            unseen.buried.add(element)
    if any(not _LOOKS.isdisjoint(style) for style in styles.values()) or tree.css_first("font[color]"):
        has_backgrounds = tree.css_first("link[rel=stylesheet]") is not None or any("background" in one for one in css)
        unseen.buried.update(_unreadable(tree, styles, has_backgrounds))
    return unseen


def _is_shut(style: dict[str, str]) -> bool:
    """Whether a style leaves no room for what an element holds, or makes it transparent for good."""
    if "hidden" in style.get("overflow", "") and any(_NOTHING.fullmatch(style.get(side, "")) for side in _SIDES):
        return True
    if style.get("clip-path", "").replace(" ", "").startswith(("inset(50%", "inset(100%")):
        return True
    if _NOTHING.fullmatch(style.get("opacity", "")):  # with one of these, a script makes it appear
        return not any(name in style for name in ("transform", "transition", "animation", "translate", "will-change"))
    return style.get("transform", "").replace(" ", "") in ("scale(0)", "scale(0,0)")


def _is_far_away(style: dict[str, str]) -> bool:
    shifts = ("left", "top") if "position" in style else ("text-indent",)
    if any(_FAR_AWAY.match(style.get(shift, "")) for shift in shifts):
        return True
    return style.get("clip", "").replace(" ", "").startswith(("rect(0", "rect(1px"))


def _unreadable(tree: LexborHTMLParser, styles: dict[int, dict[str, str]], has_backgrounds: bool) -> Iterator[int]:
    """Yield the texts that are too small, invisible, or as white as the page.

    Args:
        tree: the page.
        styles: the declarations of each element that has some.
        has_backgrounds: whether style sheets may colour what has a class or an id.
    """
    if tree.body is None:
        return
    looks = [_Look(background=None if has_backgrounds else _WHITE)]
    for node, enters in walk(tree.body, lambda node: node.tag in ("script", "style", "-comment")):
        if node.tag == "-text":
            if enters and looks[-1].hides:
                yield node.mem_id
        elif enters:
            looks.append(_look(node, styles.get(node.mem_id, {}), looks[-1], has_backgrounds))
        else:
            looks.pop()


def _declarations(style: str) -> dict[str, str]:
    """Return the declarations of a style attribute, in small letters."""
    parts = (part.split(":", 1) for part in style[:2000].lower().split(";") if ":" in part)
    return {name.strip(): value.replace("!important", "").strip() for name, value in parts}


def _look(node: LexborNode, style: dict[str, str], outer: _Look, has_backgrounds: bool) -> _Look:
    """Return how text in an element looks."""
    attributes = node.attributes
    background = style.get("background-color") or style.get("background") or attributes.get("bgcolor")
    colour = style.get("color") or (attributes.get("color") if node.tag == "font" else None)
    size = style.get("font-size")
    visibility = style.get("visibility")
    if node.tag == "body":  # scripts show it
        size = visibility = None
    may_be_painted = has_backgrounds and ("class" in attributes or "id" in attributes)
    if not (background or colour or size or visibility or (may_be_painted and outer.background)):
        return outer
    told = _colour(background) if background else None
    if not background or background in ("transparent", "inherit", "none"):
        told = None if may_be_painted else outer.background
    return _Look(
        is_tiny=_is_tiny(size) if size else outer.is_tiny,
        is_invisible=visibility in ("hidden", "collapse") or colour == "transparent"
        if visibility or colour
        else outer.is_invisible,
        colour=_colour(colour) if colour else outer.colour,
        background=told,
    )


def _is_tiny(size: str) -> bool:
    found = _SIZE.fullmatch(size)
    return found is not None and float(found[1]) <= _SMALLEST[found[2] or ""]


def _colour(text: str | None) -> Colour | None:
    """Return what a colour is, of those that say it in figures and a few names."""
    text = (text or "").strip().lower()
    if found := re.fullmatch(r"#([0-9a-f]{3}|[0-9a-f]{6})", text):
        digits = found[1] if len(found[1]) == 6 else "".join(2 * digit for digit in found[1])
        return int(digits[:2], 16), int(digits[2:4], 16), int(digits[4:], 16)
    if found := _RGB.fullmatch(text):
        return int(found[1]), int(found[2]), int(found[3])
    return _NAMED.get(text)


def _hidden_by_rules(tree: LexborHTMLParser, css: str) -> set[int]:
    """Return the elements that simple rules of the page hide, `.panel { display: none }`; the last rule counts."""
    hidden: set[int] = set()
    for number, (selector, hides) in enumerate(_display_rules(css)):
        if number == MAX_RULES:
            break
        found = {node.mem_id for node in tree.css(selector)}
        hidden = hidden | found if hides else hidden - found
    return hidden


def _display_rules(css: str) -> Iterator[tuple[str, bool]]:
    """Yield the selectors of classes and ids that set `display`, and whether to none; not those in `@media`."""
    depth, selectors, before = 0, "", ""
    uncommented = "".join(part.partition("*/")[2] if at else part for at, part in enumerate(css.split("/*")))
    for part in re.split(r"([{}])", uncommented):
        if part == "{":
            selectors = before.rpartition(";")[2] if depth == 0 else ""
            depth += 1
        elif part == "}":
            depth = max(depth - 1, 0)
            display = _DISPLAY.search(before) if depth == 0 else None
            for selector in selectors.split(",") if display else ():
                if display and _SIMPLE.fullmatch(selector.strip()):
                    yield selector.strip(), display[1].lower() == "none"
            selectors = ""
        before = part
