"""Open the accordions and the tabs of a web page: each panel becomes content under the question that opens it.

What something visible opens is visible, and what is in it may open more.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from selectolax.lexbor import LexborHTMLParser, LexborNode

from index.blocks import Block
from index.loaders.elements import BLOCKS, attribute, classes, heading_level, name_words, walk
from index.loaders.letters import Letters
from index.loaders.visibility import Unseen

MAX_LABEL = 300  # characters of a question; it is longer than any heading of docs/yunohost
MAX_NODES = 100  # of a question, that are looked at
MAX_STEPS = 30  # up the tree, or past siblings that say nothing
QUESTION_MARKS = ("?", "\uff1f")

_MACHINERY = (
    "button, details, label, [role=button], [role=tab], [aria-controls], [aria-expanded], [data-toggle], "
    "[data-bs-toggle], [class*=question]"
)
"""A page in which nothing is closed has nothing to open without one of these."""
_OPENERS = frozenset(["question", "accordion", "faq", "toggle", "collapse", "collapsible", "trigger", "expand"])
_OPENED = frozenset(["answer", "panel", "content", "collapse", "body", "reponse"])
_PRESSED = frozenset(["aria-expanded", "onclick"])
_OTHER_TOGGLES = frozenset(["dropdown", "modal", "offcanvas", "tooltip", "popover"])
_MORE = re.compile(
    r"(?:en )?(?:lire|voir|savoir|afficher|show|read|see|view)? ?(?:la )?(?:suite|plus|more|all|tout|menu)\W*"
)
_ICONS = frozenset(["svg", "script", "style", "template", "-comment"])
_WHITE = re.compile(r"[ \t\n\f\r]+")


@dataclass(frozen=True, slots=True)
class Opened:
    """What was opened, by `mem_id`."""

    shown: set[int] = field(default_factory=set)  # panels, and buttons that are questions where they stand
    moved: set[int] = field(default_factory=set)  # questions that are written at the start of their panels
    labels: dict[int, Block] = field(default_factory=dict)  # panel -> its question, as `read_blocks` takes it


def open_accordions(
    tree: LexborHTMLParser,
    root: LexborNode,
    unseen: Unseen,
    letters: Letters,
    is_aside: Callable[[LexborNode], bool],
) -> Opened:
    """Find what opens what under `root`.

    Args:
        tree: the page.
        root: its content.
        unseen: what is not seen as the page comes.
        letters: how many each element holds.
        is_aside: tells menus and the like, whose buttons open no content.
    """
    if not unseen.closed and root.css_first(_MACHINERY) is None:
        return Opened()
    opener = _Opener(tree, root, unseen, letters, is_aside)
    opener.open_all()
    return opener.opened


class _Opener:
    """Goes through what is visible, and through what that opens."""

    def __init__(
        self,
        tree: LexborHTMLParser,
        root: LexborNode,
        unseen: Unseen,
        letters: Letters,
        is_aside: Callable[[LexborNode], bool],
    ) -> None:
        self.opened = Opened()
        self._elements = {attribute(node, "id"): node for node in reversed(tree.css("[id]"))}
        self._root = root
        self._unseen = unseen
        self._letters = letters
        self._is_aside = is_aside
        self._met: set[int] = set()
        self._waiting = [root]

    def open_all(self) -> None:
        """Open panels until nothing visible opens one more."""
        while self._waiting:
            start = self._waiting.pop()
            if start.mem_id in self._met:
                continue
            for node, enters in walk(start, self._is_shut):
                if enters:
                    self._met.add(node.mem_id)
                    self._meet(node, node.tag or "")

    def _is_shut(self, node: LexborNode) -> bool:
        element, tag = node.mem_id, node.tag or ""
        return (
            tag in ("-text", "-comment", "script", "style", "template")
            or element in self._met
            or element in self._unseen.buried
            or (element in self._unseen.closed and element not in self.opened.shown)
            or (self._is_aside(node) and not _lists_tabs(node))
        )

    def _meet(self, node: LexborNode, tag: str) -> None:
        if tag == "details":
            self._read_details(node)
            return
        heading = self._heading_around(node) if tag == "button" else None
        if heading is not None and not self._letters.shown[heading.mem_id]:
            self.opened.shown.add(node.mem_id)
        if _lists_tabs(node):
            self._pair_tabs(node)
        for panel in self._panels(node, tag):
            self._open(node, panel)

    def _panels(self, node: LexborNode, tag: str) -> Iterator[LexborNode]:
        """Yield what an element opens: what it names, else a closed element right after a question."""
        attributes = node.attributes
        if tag in ("input", "select", "textarea") or "aria-haspopup" in attributes or _toggle(node) in _OTHER_TOGGLES:
            return
        names = (attributes.get("aria-controls") or "").split()[:5]
        links = (attributes.get(name) or "" for name in ("data-target", "data-bs-target", "href"))
        names += [link[1:] for link in links if link.startswith("#")]
        named = [self._elements[name] for name in names if name in self._elements]
        if named:
            yield from named
        elif panel := self._panel_after(node, tag):
            yield panel

    def _panel_after(self, node: LexborNode, tag: str) -> LexborNode | None:
        """Return the element right after a question that is its answer: it is closed, or both are called so."""
        names = name_words(node)
        is_button = tag in ("button", "label") or not _PRESSED.isdisjoint(node.attributes) or _is_button(node)
        is_named = not _OPENERS.isdisjoint(names) and self._letters.shown[node.mem_id] <= MAX_LABEL
        if not (is_button or is_named or heading_level(node)):
            return None
        following = self._after(node, climb=3)
        if following is None:
            return None
        is_answer = not _OPENED.isdisjoint(name_words(following))
        if following.mem_id in self._unseen.closed:
            is_told = is_named and ("question" in names or heading_level(node) > 0)
            asks = is_button or is_answer or is_told or self._read(node)[0].endswith(QUESTION_MARKS)
            return following if asks else None
        return following if is_answer and is_named and (tag == "button" or "question" in names) else None

    def _after(self, node: LexborNode, climb: int) -> LexborNode | None:
        """Return the next element with words, from the end of `node` on; None if words in no element come first."""
        current: LexborNode | None = node
        for _ in range(MAX_STEPS):
            if current is None or current.mem_id == self._root.mem_id:
                return None
            following = current.next
            if following is None:
                climb -= 1
                current = current.parent
                if climb < 0 or current is None or self._words_of(current) > self._words_of(node):
                    return None
            elif following.tag == "-text" and (following.text_content or "").strip():
                return None
            elif self._words_of(following):
                return following
            else:
                current = following
        return None

    def _words_of(self, node: LexborNode) -> int:
        return self._letters.shown[node.mem_id] + self._letters.pressed[node.mem_id]

    def _open(self, question: LexborNode, panel: LexborNode, *, is_tab: bool = False) -> None:
        """Show a panel, and write what opens it as its heading, unless that is a heading where it stands."""
        element = panel.mem_id
        is_closed = element in self._unseen.closed
        if self._holds(panel, question) or self._holds(question, panel):
            return
        if element in self._unseen.buried or self._is_aside(panel):
            return
        if is_closed and element not in self.opened.shown:
            self.opened.shown.add(element)
            self._waiting.append(panel)
        if self._heading_around(question) is not None:
            self.opened.labels.pop(element, None)
            return
        words, _ = self._read(question)
        is_tab = is_tab or attribute(question, "role") == "tab" or _toggle(question) in ("tab", "pill")
        tells = is_tab or is_closed or "aria-expanded" in question.attributes or _toggle(question) == "collapse"
        tells = tells or words.endswith(QUESTION_MARKS) or not _OPENERS.isdisjoint(name_words(question))
        if not tells or element in self.opened.labels or _is_in_sentence(question):
            return
        if not words or _MORE.fullmatch(words.lower()):
            return
        self.opened.labels[element] = Block("heading", words, info="tab" if is_tab else "")
        self.opened.moved.add(question.mem_id)

    def _read_details(self, details: LexborNode) -> None:
        """Take a summary for a heading if it holds one, or asks a question."""
        summary = next((child for child in details.iter() if child.tag == "summary"), None)
        words, level = self._read(summary) if summary is not None else ("", 0)
        if summary is not None and (level or words.endswith(QUESTION_MARKS)):
            self.opened.labels[details.mem_id] = Block("heading", words, level, info="" if level else "details")
            self.opened.moved.add(summary.mem_id)

    def _pair_tabs(self, tabs: LexborNode) -> None:
        """Open what tabs stand for that name no panel: the first is for the first, and so on."""
        labels = tabs.css("[role=tab]") or [child for child in tabs.iter() if child.tag in ("label", "li", "button")]
        if any("aria-controls" in label.attributes or "href" in label.attributes for label in labels):
            return
        box = self._after(tabs, climb=0)
        panels = list(box.iter()) if box is not None else []
        if labels and len(labels) == len(panels):
            for label, panel in zip(labels, panels, strict=True):
                self._open(label, panel, is_tab=True)

    def _read(self, node: LexborNode) -> tuple[str, int]:
        """Return the words of a question, and the level of the heading in it; none if it is too long to be one."""
        parts: list[str] = []
        level = heading_level(node)
        for number, (inner, enters) in enumerate(walk(node, self._is_silent)):
            if number > MAX_NODES:
                return "", 0
            if inner.tag == "-text":
                parts.append((inner.text_content or "") if enters else "")
            elif inner.tag in BLOCKS:
                parts.append(" ")
            level = level or heading_level(inner)
        words = _WHITE.sub(" ", "".join(parts)).strip(" ")
        return (words, level) if len(words) <= MAX_LABEL and re.search(r"\w", words) else ("", 0)

    def _is_silent(self, node: LexborNode) -> bool:
        element = node.mem_id
        is_sign = node.tag == "a" and not self._letters.shown[element]
        return node.tag in _ICONS or is_sign or element in self._unseen.closed or element in self._unseen.buried

    def _heading_around(self, node: LexborNode) -> LexborNode | None:
        """Return the heading or the term that an element is, or is in."""
        current: LexborNode | None = node
        for _ in range(5):
            if current is None or current.mem_id == self._root.mem_id:
                return None
            if heading_level(current) or current.tag == "dt":
                return current
            current = current.parent
        return None

    def _holds(self, outer: LexborNode, inner: LexborNode) -> bool:
        current: LexborNode | None = inner
        for _ in range(10 * MAX_STEPS):
            if current is None or current.mem_id == outer.mem_id:
                return current is not None
            current = current.parent
        return True  # too deep to tell


def _toggle(node: LexborNode) -> str:
    """Return what a button of Bootstrap says that it opens."""
    return attribute(node, "data-bs-toggle") or attribute(node, "data-toggle")


def _is_button(node: LexborNode) -> bool:
    return attribute(node, "role") == "button"


def _lists_tabs(node: LexborNode) -> bool:
    return attribute(node, "role") == "tablist" or "tabs" in name_words(node) or "tabbed-labels" in classes(node)


def _is_in_sentence(node: LexborNode) -> bool:
    """Whether words stand right beside an element."""
    return any(
        beside is not None and beside.tag == "-text" and re.search(r"\w", beside.text_content or "")
        for beside in (node.prev, node.next)
    )
