"""Read Markdown as sites write it today: CommonMark and GitHub's, MDX, Docusaurus, MkDocs, Grav, Hugo.

What a reader of the page would see stays, and what draws it goes: see `index.loaders.dialects`.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from urllib.parse import urljoin

from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.footnote import footnote_plugin

from index.blocks import Block
from index.loaders.decoding import decode
from index.loaders.dialects import MARK, Mark, install, without_emoji_names
from index.loaders.front_matter import split_front_matter
from index.loaders.loaded import Loaded

MAX_NESTING = 100  # lists and quotes inside each other; what lies deeper is not read

_ATTRIBUTES = re.compile(r"[ \t]*\{[#.:][^{}\n]*\}[ \t]*$")  # `# Title {#anchor}`
_ALERT = re.compile(r"\[!(?P<kind>[\w-]+)\][-+]?[ \t]*(?P<title>[^\n]*)(?:\n|$)")
_TASK = re.compile(r"\[[ xX]\][ \t]+")
_SPACES = re.compile(r"[ \t\n]+")
_DETAILS = re.compile(r"(<details\b[^>]*>|</details\s*>|<summary\b[^>]*>.*?</summary\s*>)", re.IGNORECASE | re.DOTALL)
_SUMMARY = re.compile(r"<summary\b[^>]*>(?P<words>.*?)</summary\s*>", re.IGNORECASE | re.DOTALL)
_LINKED = re.compile(r"https?://", re.IGNORECASE)


def load(data: bytes) -> list[Loaded]:
    """Return the one text of the file.

    Raises:
        UnreadableError: it is not text, or its front matter is not YAML.
    """
    meta, text = split_front_matter(decode(data))
    source = meta.get("source") or meta.get("url") or meta.get("canonical")
    blocks = read_markdown(text, source or "")
    return [
        Loaded(tuple(blocks), meta.get("title"), meta.get("language") or meta.get("lang"), source, meta.get("date"))
    ]


def read_markdown(text: str, base: str = "") -> list[Block]:
    """Return the blocks of a Markdown text.

    Args:
        text: without front matter.
        base: address of the page, from which its relative links lead; "" leaves only their words.
    """
    parser = MarkdownIt("commonmark", {"html": True, "maxNesting": MAX_NESTING}).enable(["table", "strikethrough"])
    parser.use(deflist_plugin).use(footnote_plugin)
    install(parser)
    reader = _Reader(base)
    reader.read(parser.parse(text))
    return reader.blocks


class _Reader:
    """Turns the tokens of a page into blocks."""

    def __init__(self, base: str) -> None:
        self.blocks: list[Block] = []
        self._base = base
        self._lists: list[int | None] = []  # number of the next item of each open list; None in a list of bullets
        self._item = False  # the next paragraph is the first of its item
        self._definition = False
        self._depth = 0
        self._frames: list[int] = []  # open quotes and admonitions
        self._framed = 0  # frames so far
        self._rows: list[tuple[str, ...]] = []
        self._cells: list[str] = []

    def read(self, tokens: Sequence[Token]) -> None:
        """Read the tokens in order."""
        handlers: dict[str, Callable[[Token], None]] = {
            "fence": self._code,
            "code_block": self._code,
            "html_block": lambda token: self._html(token.content),
            "bullet_list_open": lambda token: self._lists.append(None),
            "ordered_list_open": lambda token: self._lists.append(int(token.attrs.get("start", 1))),
            "bullet_list_close": lambda token: self._close_list(),
            "ordered_list_close": lambda token: self._close_list(),
            "list_item_open": lambda token: self._open_item(),
            "list_item_close": lambda token: self._close_item(),
            "dd_open": lambda token: self._open_definition(),
            "dd_close": lambda token: self._close_definition(),
            "blockquote_open": lambda token: self._open_frame(),
            "blockquote_close": lambda token: self._close_frame(),
            "tr_open": lambda token: self._cells.clear(),
            "tr_close": lambda token: self._rows.append(tuple(self._cells)),
            "table_close": lambda token: self._table(),
            MARK: lambda token: self._mark(token.meta["mark"]),
        }
        for number, token in enumerate(tokens):
            if token.type == "inline":
                self._inline(token, tokens[number - 1])
            elif handler := handlers.get(token.type):
                handler(token)

    def _code(self, token: Token) -> None:
        info = token.info.split()[0] if token.info.split() else ""
        self._add("code", token.content.rstrip("\n"), info=re.sub(r"[^\w+.#-]", "", info)[:20])

    def _close_list(self) -> None:
        self._lists.pop()

    def _open_item(self) -> None:
        self._item = True
        self._depth += 1

    def _close_item(self) -> None:
        if self._item:  # an item without a word of its own
            self._take_item()
        self._depth -= 1

    def _open_definition(self) -> None:
        self._definition = True
        self._depth += 1

    def _close_definition(self) -> None:
        self._definition = False
        self._depth -= 1

    def _open_frame(self) -> None:
        self._framed += 1
        self._frames.append(self._framed)

    def _mark(self, mark: Mark) -> None:
        if mark.kind == "tab":
            self._add("paragraph", _plain(mark.title), info="tab")
        elif mark.kind == "open":
            self._open_frame()
            self._add("admonition", _plain(mark.title), info=mark.name)
        elif mark.kind == "close":
            self._close_frame()

    def _close_frame(self) -> None:
        if self._frames:
            self._frames.pop()

    def _inline(self, token: Token, opening: Token) -> None:
        text = inline_text(token.children or [], self._base)
        if opening.type in ("td_open", "th_open"):
            self._cells.append(_SPACES.sub(" ", text).strip())
            return
        if opening.type == "heading_open":
            if heading := _plain(_ATTRIBUTES.sub("", text)):
                self._add("heading", heading, level=int(opening.tag[1]))
            return
        if opening.type == "dt_open":
            self._add("term", _plain(text))
            return
        if self._frames and (alert := _ALERT.match(token.content)) and not self._holds_frame():
            self._add("admonition", _plain(alert["title"]), info=alert["kind"].lower())
            text = text[text.find("\n") + 1 :] if "\n" in text else ""
        if self._item:
            text = _TASK.sub("", text, count=1)
        lines = [_SPACES.sub(" ", line).strip() for line in without_emoji_names(text).split("\v")]
        words = "\n".join(filter(None, lines))
        if self._depth or self._frames:
            words = words.replace("\n", " ")
        if words:
            self._paragraph(words)

    def _holds_frame(self) -> bool:
        """Whether the innermost frame holds something already."""
        return any(block.frame == self._frames[-1] for block in self.blocks)

    def _paragraph(self, words: str) -> None:
        if self._item:
            self._take_item(words)
        elif self._definition:
            self._definition = False
            self._add("definition", words, depth=self._depth - 1)
        else:
            self._add("paragraph", words)

    def _take_item(self, words: str = "") -> None:
        """Add the item that was opened, under its number."""
        self._item = False
        number = self._lists[-1] if self._lists else None
        if number is not None:
            self._lists[-1] = number + 1
        self._add("item", words, depth=self._depth - 1, ordinal=number)

    def _table(self) -> None:
        width = max(map(len, self._rows), default=0)
        rows = tuple((*row, *[""] * (width - len(row))) for row in self._rows)
        self._rows = []
        if any(any(row) for row in rows):
            self._add("table", rows=rows)

    def _html(self, html: str) -> None:
        """Read a stretch of HTML; its blocks lie where it stands."""
        from index.loaders.html import read_fragment  # with selectolax, which a page without HTML does not need

        for piece in _DETAILS.split(html):
            if piece.startswith(("<details", "<DETAILS")):
                self._open_frame()
            elif piece.lower().startswith("</details"):
                self._close_frame()
            elif summary := _SUMMARY.fullmatch(piece):
                words = "".join(block.text for block in read_fragment(summary["words"], self._base))
                self._add("admonition", _plain(words), info="details")
            else:
                for block in read_fragment(piece, self._base):
                    self._add(
                        block.kind,
                        block.text,
                        level=block.level,
                        ordinal=block.ordinal,
                        info=block.info,
                        rows=block.rows,
                    )

    def _add(
        self,
        kind: str,
        text: str = "",
        *,
        level: int = 0,
        depth: int | None = None,
        ordinal: int | None = None,
        info: str = "",
        rows: tuple[tuple[str, ...], ...] = (),
    ) -> None:
        if self._item and kind not in ("item", "heading"):  # code or a table right after the bullet
            self._take_item()
        depth = self._depth if depth is None else depth
        frame = self._frames[-1] if self._frames else 0
        self.blocks.append(Block(kind, text, level, depth, ordinal, info, rows, frame))  # type: ignore[arg-type]


def _plain(text: str) -> str:
    return " ".join(without_emoji_names(text).replace("\v", " ").split())


def inline_text(tokens: Sequence[Token], base: str) -> str:
    """Return inline tokens as words: emphasis and pictures left out, `code` and links kept; a break is a line feed.

    A hard break is a vertical tab, so that it can be told from a soft one.
    """
    parts: list[str] = []
    opened: list[tuple[int, str]] = []  # of each open link, where its words start among the parts, and its address
    for token in tokens:
        if token.type == "link_open":
            address = absolute(str(token.attrs.get("href", "")), base)
            opened.append((len(parts), address))
        elif token.type == "link_close" and opened:
            start, address = opened.pop()
            parts[start:] = [link_text("".join(parts[start:]), address)]
        else:
            parts += _inline_parts(token)
    return "".join(parts)


def link_text(words: str, address: str) -> str:
    """Return a link as text: `[words](address)`; what says nothing more than the other is left out."""
    if not address or not words.strip():
        return words
    if words.strip() == address:
        return address
    return f"[{' '.join(words.split())}]({address.replace('(', '%28').replace(')', '%29')})"


def _inline_parts(token: Token) -> Iterator[str]:
    match token.type:
        case "text":
            yield token.content
        case "code_inline":
            fence = "``" if "`" in token.content else "`"
            yield f"{fence}{token.content}{fence}"
        case "softbreak":
            yield "\n"
        case "hardbreak":
            yield "\v"
        case "html_inline" if re.match(r"<br\b", token.content, re.IGNORECASE):
            yield "\v"
        case "s_open" | "s_close":
            yield "~~"


def absolute(href: str, base: str) -> str:
    """Return the address that a link leads to from the page at `base`; "" where that is not known, or is no page."""
    address = urljoin(base, href) if _LINKED.match(base) and not href.startswith("#") else href
    return address.replace(" ", "%20") if _LINKED.match(address) and not re.search(r"[\s<>]", address) else ""
