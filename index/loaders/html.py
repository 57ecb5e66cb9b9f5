"""Read the content of a web page, without its menus, banners and footers."""

import re
from collections.abc import Callable, Sequence

from selectolax.lexbor import LexborHTMLParser, LexborNode

from index.loaders.decoding import decode
from index.loaders.loaded import Loaded, UnreadableError
from index.loaders.markup import HEADINGS, INVISIBLE, read_blocks, walk
from index.loaders.sections import write_blocks

_CHARSET = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w.:-]{2,40})""", re.IGNORECASE)
_ENTITIES = re.compile(r"<!(?:DOCTYPE[^>]{0,1000}\[|ENTITY)", re.IGNORECASE)
_WINDOWS = {"iso-8859-1", "latin1", "latin-1", "us-ascii", "ascii"}

_ASIDE_TAGS = frozenset(["nav", "footer", "aside", "dialog", "form"])
_ASIDE_ROLES = frozenset("navigation banner contentinfo search complementary menu menubar dialog alertdialog".split())
_ASIDE_NAMES = frozenset(
    "menu menus nav navbar navigation breadcrumb breadcrumbs sidebar footer cookie cookies consent share sharing "
    "social related skip pagination pager newsletter advert ads promo headerlink editsection".split()
)
_NAME_WORD = re.compile(r"[a-z]+|[A-Z][a-z]*")
_PERMALINKS = frozenset(["¶", "#", "§", "🔗"])

LINKS_OF_A_MENU = 3
SHARE_OF_A_MENU = 0.8
LINK_OF_A_MENU = 40
"""A list or a division is a menu if it has 3 links or more that make up 0.8 of its letters, with 40 letters a link at
most. On the pages of tests/index/loaders/pages.py no passage is lost and no menu stays."""


def load(data: bytes) -> list[Loaded]:
    """Return the text of the page.

    Raises:
        UnreadableError: it is not text, or it declares entities of its own.
    """
    declared = _CHARSET.search(data, 0, 4096)
    html = decode(data, _encoding(declared[1].decode("ascii").lower()) if declared else None)
    if _ENTITIES.search(html, 0, 4096):
        raise UnreadableError("declares entities, as no web page does and XML bombs do")
    tree = LexborHTMLParser(html, scripting=True)
    root = _main(tree)
    if root is None:
        return [Loaded("")]
    blocks = read_blocks(root, _dropped(root))
    text, sections = write_blocks(blocks)
    return [Loaded(text, _title(tree, [b.text for b in blocks if b.level == 1]), sections=sections)]


def _encoding(charset: str) -> str:
    """Return the encoding that browsers use for a charset (WHATWG); one that is named in ASCII cannot be UTF-16."""
    return "cp1252" if charset in _WINDOWS else "utf-8" if charset.startswith("utf-16") else charset


def _main(tree: LexborHTMLParser) -> LexborNode | None:
    """Return the one element that the page marks as its main content, else its body."""
    for selector in ("main", "[role=main]"):
        found = tree.css(selector)
        if len(found) == 1 and found[0].text().strip():
            return found[0]
    return tree.body


def _title(tree: LexborHTMLParser, headings: Sequence[str]) -> str | None:
    """Return the only heading of level 1, else the title in the head, which often adds the name of the site."""
    shared = tree.css_first('meta[property="og:title"]')
    candidates = [
        headings[0] if len(headings) == 1 else "",
        (shared.attributes.get("content") or "") if shared else "",
        node.text() if (node := tree.css_first("head title")) else "",
    ]
    return next((title for c in candidates if (title := " ".join(c.split()))), None)


def _dropped(root: LexborNode) -> Callable[[LexborNode], bool]:
    """Return a function that tells whether a node, with all below it, is not content."""
    letters, linked, links = _measure(root)
    half = letters[root.mem_id] / 2
    may_hold_menus = root.tag == "body"  # in a part that is marked as the main content, a list of links is content

    def is_dropped(node: LexborNode) -> bool:
        tag = node.tag or ""
        if tag == "-text":
            return False
        if tag in INVISIBLE or _is_hidden(node):
            return True
        own = letters.get(node.mem_id, 0)
        if tag == "a":
            return "skip" in _names(node) or (own <= 2 and node.text().strip() in _PERMALINKS)
        if own > half or tag in HEADINGS:
            return False  # no page is mostly menu, whatever its parts are called
        if tag in _ASIDE_TAGS or _is_aside(node):
            return True
        if tag == "header":
            return not node.css("h1")
        many = links.get(node.mem_id, 0)
        return (
            may_hold_menus
            and tag in ("ul", "ol", "div", "p", "table", "section")
            and many >= LINKS_OF_A_MENU
            and linked.get(node.mem_id, 0) >= SHARE_OF_A_MENU * own
            and own <= LINK_OF_A_MENU * many
        )

    return is_dropped


def _measure(root: LexborNode) -> tuple[dict[int, int], dict[int, int], dict[int, int]]:
    """Return, by element, its letters, those inside links, and its links; counted in one pass."""
    counts: list[list[int]] = []
    letters: dict[int, int] = {}
    linked: dict[int, int] = {}
    links: dict[int, int] = {}
    for node, enters in walk(root, lambda n: n.tag in INVISIBLE):
        if enters:
            counts.append([0, 0, 0])
            continue
        own = counts.pop()
        if node.tag == "-text":
            own[0] = sum(map(str.isalnum, node.text_content or ""))
        elif node.tag == "a":
            own[1:] = [own[0], 1]
        letters[node.mem_id], linked[node.mem_id], links[node.mem_id] = own
        if counts:
            counts[-1] = [a + b for a, b in zip(counts[-1], own, strict=True)]
    return letters, linked, links


def _is_hidden(node: LexborNode) -> bool:
    attributes = node.attributes
    return (
        "hidden" in attributes
        or attributes.get("aria-hidden") == "true"
        or "display:none" in (attributes.get("style") or "").replace(" ", "").lower()
    )


def _is_aside(node: LexborNode) -> bool:
    return (node.attributes.get("role") or "") in _ASIDE_ROLES or not _ASIDE_NAMES.isdisjoint(_names(node))


def _names(node: LexborNode) -> set[str]:
    """Return the words of the id and of the classes: `mainMenu skip-link` has four."""
    names = f"{node.attributes.get('id') or ''} {node.attributes.get('class') or ''}"
    return {word.lower() for word in _NAME_WORD.findall(names[:500])}
