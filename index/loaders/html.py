"""Read a web page: what it says, not its menus, banners and footers."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from selectolax.lexbor import LexborHTMLParser, LexborNode

from index.blocks import Block
from index.loaders.accordions import Opened, open_accordions
from index.loaders.boxes import admonition_kind
from index.loaders.decoding import decode
from index.loaders.elements import HEADINGS, INVISIBLE, attribute, name_words
from index.loaders.head import Head, read_head
from index.loaders.letters import Letters, count_letters
from index.loaders.loaded import Loaded, UnreadableError
from index.loaders.markup import read_blocks
from index.loaders.visibility import Unseen, find_unseen

_CHARSET = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w.:-]{2,40})""", re.IGNORECASE)
_ENTITIES = re.compile(r"<!(?:DOCTYPE[^>]{0,1000}\[|ENTITY)", re.IGNORECASE)
_WINDOWS = {"iso-8859-1", "latin1", "latin-1", "us-ascii", "ascii"}

_ASIDE_TAGS = frozenset(["nav", "footer", "aside", "dialog", "form"])
_ASIDE_ROLES = frozenset("navigation banner contentinfo search complementary menu menubar dialog alertdialog".split())
_ASIDE_NAMES = frozenset(
    "menu menus nav navbar navigation breadcrumb breadcrumbs sidebar footer cookie cookies consent share sharing "
    "social related skip pagination pager newsletter advert ads promo headerlink editsection".split()
)

MAX_NOTE_MARK = 3  # letters and figures of the mark of a note: "12", "[a]"

LINKS_OF_A_MENU = 3
SHARE_OF_A_MENU = 0.8
LINK_OF_A_MENU = 40
"""A list or a division is a menu when it has 3 links or more that hold 0.8 of its letters, 40 at most each. On the
pages of tests/index/loaders/pages.py no passage is lost and no menu kept."""

_KEPT, _SILENT = "", "silent"
_HIDDEN, _MENUS = "hidden texts", "menus and banners"
_LEFT_OUT = {"-comment": "comments", "template": _HIDDEN, "button": "buttons", "math": "formulas"}


def load(data: bytes, address: str = "") -> list[Loaded]:
    """Return the one text of the page.

    Args:
        data: the page.
        address: where it was fetched, which counts more than what it says; "" where nobody knows.

    Raises:
        UnreadableError: it is not text, or it declares entities of its own.
    """
    declared = _CHARSET.search(data, 0, 4096)
    found = decode(data, _encoding(declared[1].decode("ascii").lower()) if declared else None)
    html = found.text
    if _ENTITIES.search(html, 0, 4096):
        raise UnreadableError("declares entities, as no web page does and XML bombs do")
    tree = LexborHTMLParser(html, scripting=True)
    root = _main(tree)
    if root is None:
        return [Loaded(())]
    head = read_head(tree, root, address)
    content = _Content(root, find_unseen(tree), count_letters(root))
    content.opened = open_accordions(tree, root, content.unseen, content.letters, content.is_aside)
    blocks = read_blocks(root, content.leaves_out, head.base, content.opened.labels)
    return [
        Loaded(
            tuple(blocks),
            title=_title(head, blocks),
            language=head.language,
            source=head.source,
            date=head.date,
            left_out={**found.left_out, **Counter(content.left_out.values())},
        )
    ]


def read_fragment(html: str, base: str, left_out: Counter[str]) -> list[Block]:
    """Return the blocks of a stretch of HTML inside Markdown; what it only opens or closes counts for itself.

    Args:
        html: elements that may be unbalanced: `<details><summary>…</summary>`, `</details>`.
        base: address of the page, from which its relative links lead; "" leaves only their words.
        left_out: where to count what is left out.
    """
    left_out["comments"] += html.count("<!--")
    tree = LexborHTMLParser(html, scripting=True)
    if tree.body is None:
        return []
    unseen = find_unseen(tree)
    hidden = unseen.closed | unseen.buried
    dropped: set[int] = set()

    def is_dropped(node: LexborNode) -> bool:
        if node.mem_id in hidden and re.search(r"\w", _text(node)):
            dropped.add(node.mem_id)
        return node.tag in INVISIBLE or node.mem_id in hidden

    blocks = read_blocks(tree.body, is_dropped, base)
    left_out[_HIDDEN] += len(dropped)
    return blocks


def is_hidden(tag: str) -> bool:
    """Whether a tag, `<div style="display: none">`, hides the text in its element."""
    tree = LexborHTMLParser(f"{tag}x", scripting=True)
    unseen = find_unseen(tree)
    hidden = unseen.closed | unseen.buried
    element = tree.css_first("body *")
    return element is not None and any(node.mem_id in hidden for node in (element, *element.iter(include_text=True)))


def _encoding(charset: str) -> str:
    """Return what browsers take a charset for (WHATWG Encoding): who can read it in ASCII is not in UTF-16."""
    return "cp1252" if charset in _WINDOWS else "utf-8" if charset.startswith("utf-16") else charset


def _main(tree: LexborHTMLParser) -> LexborNode | None:
    """Return the element that the page itself calls its main one, else its body."""
    for selector in ("main", "[role=main]"):
        found = tree.css(selector)
        if len(found) == 1 and found[0].text().strip():
            return found[0]
    return tree.body


def _title(head: Head, blocks: Sequence[Block]) -> str | None:
    """Return the one level 1 heading, else what the head says; the head often adds the name of the site."""
    headings = [block.text for block in blocks if block.kind == "heading" and block.level == 1]
    candidates = [*(headings if len(headings) == 1 else []), *head.titles]
    return next((title for c in candidates if (title := " ".join(c.replace("`", "").split()))), None)


@dataclass(slots=True)
class _Content:
    """Tells the parts of a page that are its content, and keeps count of the others."""

    root: LexborNode
    unseen: Unseen
    letters: Letters
    opened: Opened = field(default_factory=Opened)
    left_out: dict[int, str] = field(default_factory=dict)  # element -> what it is
    _asides: dict[int, bool] = field(default_factory=dict)

    def leaves_out(self, node: LexborNode) -> bool:
        """Whether a node, with all that it holds, is no content."""
        reason = self._reason(node, node.tag or "")
        if reason not in (_KEPT, _SILENT):
            self.left_out[node.mem_id] = reason
        return reason != _KEPT

    def is_aside(self, node: LexborNode) -> bool:
        """Whether an element is a menu, a banner, a footer or the like."""
        element = node.mem_id
        if element not in self._asides:
            self._asides[element] = self._judge(node, node.tag or "")
        return self._asides[element]

    def _judge(self, node: LexborNode, tag: str) -> bool:
        own = self.letters.shown[node.mem_id]
        if tag == "-text" or own > self.letters.shown[self.root.mem_id] / 2 or tag in HEADINGS:
            return False  # a page is not all menu, whatever its parts are called
        attributes = node.attributes
        role = attributes.get("role")
        if tag in _ASIDE_TAGS or role in _ASIDE_ROLES:
            return tag != "aside" or not admonition_kind(node)
        if attributes and role != "tablist" and not _ASIDE_NAMES.isdisjoint(name_words(node)):
            return True
        if tag == "header":
            return not node.css("h1")
        return self._is_list_of_links(node, tag, own)

    def _is_list_of_links(self, node: LexborNode, tag: str, own: int) -> bool:
        many = self.letters.links[node.mem_id]
        return (
            many >= LINKS_OF_A_MENU
            and self.root.tag == "body"  # in what the page calls its main part, a list of links is content
            and tag in ("ul", "ol", "div", "p", "table", "section")
            and self.letters.linked[node.mem_id] >= SHARE_OF_A_MENU * own
            and own <= LINK_OF_A_MENU * many
        )

    def _reason(self, node: LexborNode, tag: str) -> str:
        element = node.mem_id
        if element in self.unseen.buried or (element in self.unseen.closed and element not in self.opened.shown):
            return _HIDDEN if re.search(r"\w", _text(node)) else _SILENT
        if element in self.opened.shown:
            return _KEPT
        if element in self.opened.moved:
            return _SILENT
        if tag in INVISIBLE:
            return _LEFT_OUT.get(tag, _SILENT) if re.search(r"\w", _text(node)) else _SILENT
        if tag == "a":
            is_sign = self.letters.shown[element] == 0 and "#" in attribute(node, "href")  # "¶" beside a heading
            return _SILENT if is_sign or "skip" in name_words(node) else _KEPT
        if tag == "sup" and self._is_note_mark(node):
            return _SILENT
        return _MENUS if self.is_aside(node) else _KEPT

    def _is_note_mark(self, node: LexborNode) -> bool:
        """Whether an element is but the number of a note, which leads to it."""
        link = node.first_child
        if link is None or link.tag != "a" or self.letters.shown[node.mem_id] > MAX_NOTE_MARK:
            return False
        is_alone = self.letters.shown[link.mem_id] == self.letters.shown[node.mem_id]
        return is_alone and (attribute(link, "href").startswith("#") or "reference" in name_words(node))


def _text(node: LexborNode) -> str:
    """Return the text of any node, as it stands."""
    if node.tag == "-comment":
        return node.comment_content or ""
    if node.tag == "template":  # what it holds is no child of it
        return re.sub(r"<[^<>]*>", "", node.html or "")
    return (node.text_content or "") if node.tag == "-text" else node.text()
