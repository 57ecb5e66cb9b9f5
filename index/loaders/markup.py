"""Turn a tree of HTML elements into blocks of text: headings, paragraphs, list items, table rows."""

import re
from collections.abc import Callable, Iterator

from selectolax.lexbor import LexborNode

from index.loaders.sections import Block

HEADINGS = {f"h{level}": level for level in range(1, 7)}
INVISIBLE = frozenset(
    "head script style noscript template iframe object embed svg math canvas audio video picture img map "
    "button input select textarea option datalist progress meter -comment".split()
)
_INLINE = frozenset(
    "a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd label mark nobr q rp rt ruby s samp small "
    "span strike strong sub sup time tt u var wbr".split()
)
_WHITE = re.compile(r"[ \t\n\f\r]+")  # what HTML collapses; no-break spaces are not part of it
_BREAK = "\v"  # stands for <br> until white space is collapsed
_AROUND_BREAK = re.compile(rf" ?{_BREAK} ?")


def walk(root: LexborNode, is_dropped: Callable[[LexborNode], bool]) -> Iterator[tuple[LexborNode, bool]]:
    """Yield each node when it is entered (True) and left (False), except dropped ones and all below them.

    There is no recursion, because hostile trees are deep.
    """
    stack = [(root, True)]
    while stack:
        node, enters = stack.pop()
        yield node, enters
        if enters:
            stack.append((node, False))
            child = node.last_child
            while child is not None:
                if not is_dropped(child):
                    stack.append((child, True))
                child = child.prev


def read_blocks(root: LexborNode, is_dropped: Callable[[LexborNode], bool]) -> list[Block]:
    """Return the blocks below `root` in order, without the nodes that are dropped."""
    writer = _Writer()
    for node, enters in walk(root, is_dropped):
        tag = node.tag or ""
        if tag == "-text":
            if enters:
                writer.words.append((node.text_content or "").replace(_BREAK, " "))
        elif tag == "br":
            if enters:
                writer.words.append("\n" if writer.in_code else _BREAK)
        elif tag not in _INLINE:
            writer.flush()
            (writer.enter if enters else writer.leave)(tag)
    writer.flush()
    return writer.blocks


class _Writer:
    """Collects words until their block ends."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self.words: list[str] = []
        self.in_code = False
        self._level = 0  # of the open heading
        self._lists: list[int] = []  # number of the last item of each open list, -1 if its items have none
        self._bullet = ""  # of an item whose first words are still to come
        self._cells: list[str] | None = None  # of the open table row

    def enter(self, tag: str) -> None:
        if tag in HEADINGS:
            self._level = HEADINGS[tag]
        elif tag == "pre":
            self.in_code = True
        elif tag in ("ul", "ol", "menu"):
            self._lists.append(0 if tag == "ol" else -1)
        elif tag == "li":
            if self._lists and self._lists[-1] >= 0:
                self._lists[-1] += 1
            self._bullet = f"{self._lists[-1]}. " if self._lists and self._lists[-1] > 0 else "- "
        elif tag == "tr":
            self._end_row()  # that of a table around this one
            self._cells = []
        elif tag in ("td", "th") and self._cells is not None:
            self._cells.append("")

    def leave(self, tag: str) -> None:
        if tag in HEADINGS:
            self._level = 0
        elif tag == "pre":
            self.in_code = False
        elif tag in ("ul", "ol", "menu") and self._lists:
            self._lists.pop()
        elif tag == "li":
            self._bullet = ""
        elif tag == "tr":
            self._end_row()

    def _end_row(self) -> None:
        if self._cells and any(self._cells):
            self.blocks.append(Block(f"| {' | '.join(self._cells)} |", is_line=True))
        self._cells = None

    def flush(self) -> None:
        """End the block."""
        written = "".join(self.words)
        self.words.clear()
        text = written.strip("\n") if self.in_code else _collapse(written)
        if not text.strip():
            return
        if self._cells is not None:
            cell = self._cells.pop() if self._cells else ""
            self._cells.append(f"{cell} {_WHITE.sub(' ', text)}".strip())
        elif self._level:
            self.blocks.append(Block(text.replace("\n", " "), self._level))
        else:
            self.blocks.append(Block(self._bullet + text, is_line=bool(self._bullet)))
            self._bullet = ""


def _collapse(text: str) -> str:
    """Return the text as a browser shows it: white space becomes one space, a break a line feed."""
    return _AROUND_BREAK.sub("\n", _WHITE.sub(" ", text)).strip(" \n")
