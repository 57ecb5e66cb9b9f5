"""Read Markdown as sites write it today: CommonMark and GitHub's, MDX, Docusaurus, MkDocs, Grav, Hugo.

What a reader of the page would see stays, and what draws it goes: see `index.loaders.dialects`.
"""

import re
from collections import Counter
from collections.abc import Callable, Sequence

from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.footnote import footnote_plugin

from index.blocks import Block
from index.loaders.curtain import Curtain
from index.loaders.decoding import decode
from index.loaders.dialect_words import without_emoji_names
from index.loaders.dialects import MARK, Mark, install
from index.loaders.front_matter import split_front_matter
from index.loaders.loaded import Loaded
from index.loaders.markdown_words import HARD_BREAK, inline_text

MAX_NESTING = 100  # lists and quotes inside each other; what lies deeper is not read

_COMPONENT_LINE = re.compile(r"^ *<[A-Z]\w*(?:\s[^<>\n]*)?>", re.MULTILINE)
_ATTRIBUTES = re.compile(r"[ \t]*\{[#.:][^{}\n]*\}[ \t]*$")  # `# Title {#anchor}`
_ALERT = re.compile(r"\[!(?P<kind>[\w-]+)\][-+]?[ \t]*(?P<title>[^\n]*)(?:\n|$)")
_TASK = re.compile(r"\[[ xX]\][ \t]+")
_SPACES = re.compile(r"[ \t\n]+")
_DETAILS = re.compile(r"(<details\b[^>]*>|</details\s*>|<summary\b[^>]*>.*?</summary\s*>)", re.IGNORECASE | re.DOTALL)
_SUMMARY = re.compile(r"<summary\b[^>]*>(?P<words>.*?)</summary\s*>", re.IGNORECASE | re.DOTALL)


def load(data: bytes) -> list[Loaded]:
    """Return the one text of the file.

    Raises:
        UnreadableError: it is not text, or its front matter is not YAML.
    """
    found = decode(data)
    meta, text = split_front_matter(found.text)
    source = meta.get("source") or meta.get("url") or meta.get("canonical")
    left_out = Counter(found.left_out)
    blocks = tuple(read_markdown(text, source or "", left_out))
    language = meta.get("language") or meta.get("lang")
    title = "".join(block.text for block in read_markdown(f"# {meta['title']}")) if meta.get("title") else None
    return [Loaded(blocks, title, language, source, meta.get("date"), left_out=dict(+left_out))]


def read_markdown(text: str, base: str = "", left_out: Counter[str] | None = None) -> list[Block]:
    """Return the blocks of a Markdown text.

    Args:
        text: without front matter.
        base: address of the page, from which its relative links lead; "" leaves only their words.
        left_out: where to count what is left out.
    """
    parser = MarkdownIt("commonmark", {"html": True, "maxNesting": MAX_NESTING}).enable(["table", "strikethrough"])
    parser.use(deflist_plugin).use(footnote_plugin)
    install(parser)
    if _COMPONENT_LINE.search(text):  # MDX has no indented code: what a component holds is indented
        parser.disable("code")
    reader = _Reader(base, Counter() if left_out is None else left_out)
    reader.read(parser.parse(text))
    return reader.blocks


class _Reader:
    """Turns the tokens of a page into blocks."""

    def __init__(self, base: str, left_out: Counter[str]) -> None:
        self.blocks: list[Block] = []
        self._base = base
        self._left_out = left_out
        self._curtain = Curtain()
        self._in_comment = False
        self._is_hidden = False  # the token that is read
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
            self._is_hidden = self._in_comment or (self._curtain.is_drawn and token.type != "html_block")
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
        elif mark.kind in ("hide", "show"):
            self._left_out["comments"] += mark.kind == "hide"
            self._in_comment = mark.kind == "hide"

    def _close_frame(self) -> None:
        if self._frames:
            self._frames.pop()

    def _inline(self, token: Token, opening: Token) -> None:
        text = inline_text(token.children or [], self._base, self._left_out)
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
        lines = [_SPACES.sub(" ", line).strip() for line in without_emoji_names(text).split(HARD_BREAK)]
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

        for piece in _DETAILS.split(self._curtain.follow(html)):
            if piece.startswith(("<details", "<DETAILS")):
                self._open_frame()
            elif piece.lower().startswith("</details"):
                self._close_frame()
            elif summary := _SUMMARY.fullmatch(piece):
                words = read_fragment(summary["words"], self._base, self._left_out)
                self._add("admonition", _plain("".join(block.text for block in words)), info="details")
            else:
                for block in read_fragment(piece, self._base, self._left_out):
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
        if self._is_hidden:
            self._left_out["hidden texts"] += bool(text or rows) and not self._in_comment
            return
        if self._item and kind not in ("item", "heading"):  # code or a table right after the bullet
            self._take_item()
        depth = self._depth if depth is None else depth
        frame = self._frames[-1] if self._frames else 0
        self.blocks.append(Block(kind, text, level, depth, ordinal, info, rows, frame))  # type: ignore[arg-type]


def _plain(text: str) -> str:
    return " ".join(without_emoji_names(text).replace(HARD_BREAK, " ").split())
