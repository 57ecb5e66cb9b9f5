"""Recognise the admonitions of the common generators by their classes, and the language of code.

- Sphinx, MkDocs: `div.admonition.warning > p.admonition-title`
- Docusaurus: `div.theme-admonition-warning`; VitePress: `div.warning.custom-block`
- GitHub: `div.markdown-alert-warning`; Bootstrap: `div.alert.alert-warning > h4.alert-heading`
- Obsidian: `div.callout[data-callout=warning]`; Quarto: `div.callout-warning`
- Asciidoctor: `div.admonitionblock.warning`; MDN: `div.notecard.warning`; Starlight: `aside.starlight-aside--warning`
"""

import re

from selectolax.lexbor import LexborNode

from index.loaders.elements import attribute, classes

_TAGS = frozenset(["div", "aside", "section", "blockquote", "p"])
_BOX = re.compile(
    r"(?:^|[\s_-])(?:admonition|admonitionblock|alert|callout|custom-block|hint|notecard|notice|information-macro"
    r"|starlight-aside)(?=$|[\s_-])"
)
_KINDS = frozenset(
    "abstract attention bug caution danger error example failure help hint important info information note "
    "primary question secondary seealso success summary tip todo warning".split()
)
_ALONE = frozenset(["note", "tip", "caution", "warning", "important", "danger"])  # classes that need no other
_NAMELESS = frozenset(["admonition", "alert", "callout"])  # classes that make a note where no kind is told
_TITLE = re.compile(r"(?:^|[\s_-])(?:title|heading|header)(?=$|[\s_-])|[a-z]Heading(?=$|[\s_-])", re.IGNORECASE)

_LANGUAGE = re.compile(r"(?:^|\s)(?:(?:language|lang|src|highlight(?:-source|-text)?)-|brush:\s?)([\w.+#-]+)")
_HIGHLIGHTERS = frozenset(["hljs", "sourceCode", "prettyprint", "chroma"])
_NO_LANGUAGE = frozenset("plain plaintext text txt none default notranslate nohighlight linenums code".split())
_NUMBERS = frozenset("linenos lineno linenodiv line-numbers-rows hljs-ln-numbers rouge-gutter gutter blob-num".split())
_NUMBERS_IN_CODE = _NUMBERS | {"ln", "lnt"}


def admonition_kind(node: LexborNode) -> str:
    """Return the kind of the admonition that an element is; "" if it is none."""
    if node.tag not in _TAGS:
        return ""
    names = classes(node).split()
    if attribute(node, "role") == "note" or not _ALONE.isdisjoint(names):
        return next((name for name in names if name in _KINDS), "note")
    if not _BOX.search(" ".join(names)):
        return ""
    told = attribute(node, "data-callout").lower()
    words = [told, *names, *(word for name in names for word in re.split(r"[_-]+", name))]
    return next((word for word in words if word in _KINDS), "" if _NAMELESS.isdisjoint(names) else "note")


def details_kind(node: LexborNode) -> str:
    """Return "details", or the kind of an admonition that is a `<details>`."""
    return next((name for name in classes(node).split() if name in _KINDS), "details")


def is_title(node: LexborNode) -> bool:
    """Whether an element in an admonition may be its title."""
    return bool(_TITLE.search(classes(node)))


def code_language(node: LexborNode) -> str:
    """Return the language that an element around or in code names; "" if it names none."""
    told = attribute(node, "data-lang") or attribute(node, "data-language")
    written = classes(node)
    found = _LANGUAGE.search(written)
    names = written.split()
    if told or found:
        names = [told or (found[1] if found else "")]
    elif _HIGHLIGHTERS.isdisjoint(names) or len(names) != 2:
        return ""
    name = next((name for name in names if name not in _HIGHLIGHTERS), "")
    return "" if name.lower() in _NO_LANGUAGE else re.sub(r"[^\w+.#-]", "", name)[:20]


def is_line_numbers(node: LexborNode, in_code: bool) -> bool:
    """Whether an element in or beside code holds the numbers of its lines."""
    if not in_code and node.tag not in ("td", "pre"):
        return False
    return not (_NUMBERS_IN_CODE if in_code else _NUMBERS).isdisjoint(classes(node).split())
