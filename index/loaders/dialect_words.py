"""What sites write within the lines of Markdown: tags of components, templates, shortcodes, wiki links."""

import re

from markdown_it.rules_core import StateCore

NAME = r"[A-Za-z][\w.-]*"
_VALUE = r"""(?:"[^"]*"|'[^']*'|\{(?:[^{}]|\{[^{}]*\})*\}|[^\s"'<>{}=\[\]]+)"""
_ATTRIBUTES = rf"(?:\s+(?:[\w:@.-]+(?:\s*=\s*{_VALUE})?|\{{[^{{}}]*\}}))*"
COMPONENT = re.compile(rf"<(?P<close>/?)(?P<name>[A-Z][\w.]*)?(?P<attributes>{_ATTRIBUTES})\s*(?P<alone>/?)>")
TEMPLATE = re.compile(
    r"\{%-?\s*comment\b[^%]*%\}.*?\{%-?\s*endcomment\s*-?%\}|\{%.*?%\}|\{\{.*?\}\}|\{/\*.*?\*/\}|\{#(?!\w).*?#\}",
    re.DOTALL,
)
SHORTCODE = re.compile(
    rf"\[(?P<close>/?)(?P<name>[a-z][\w-]*)(?P<attributes>{_ATTRIBUTES}|=[^\]\s]*)\s*(?P<alone>/?)\]"
)
_IN_LINE = re.compile(
    rf"(?P<code>`+[^`]*`+)|(?P<wiki>!?\[\[(?P<words>[^\[\]\n]+)\]\])"
    rf"|{re.sub(r'[?]P<[a-z]+>', '?:', COMPONENT.pattern)}|(?s:{TEMPLATE.pattern})"
    rf"|{re.sub(r'[?]P<[a-z]+>', '?:', SHORTCODE.pattern)}"
)
_DRAWN = re.compile(r"\[[a-z]+=[^\]\n]*/\][ \t]?")  # `[fa=plus /]`, which Grav draws in code too
_EMOJI = re.compile(r"(?<![^\s(\[])(?::[a-z][a-z0-9_+-]*:)(?=$|[\s)\],.;!?])")


def without_emoji_names(text: str) -> str:
    """Return `text` without names of emoji such as :wrench:, which a site would draw."""
    return _EMOJI.sub("", text)


def is_shortcode(source: str, code: re.Match[str]) -> bool:
    """Tell a shortcode from words in brackets, which may be a link: it has attributes, or the page closes it."""
    return bool(code["close"] or code["attributes"].strip() or code["alone"]) or f"[/{code['name']}]" in source


def strip_lines(state: StateCore) -> None:
    """Take the tags of components, templates and shortcodes out of the lines of text; code in a line stays."""
    for token in state.tokens:
        if token.type == "inline" and re.search(r"[<{\[]", token.content):
            token.content = _IN_LINE.sub(lambda found: _kept(found, state.src), token.content)


def _kept(found: re.Match[str], page: str) -> str:
    """Return what a reader sees of a piece of a line that may be machinery."""
    text = found[0]
    if found["code"]:
        return _DRAWN.sub("", text)
    if found["wiki"]:
        return "" if text.startswith("!") else found["words"].rpartition("|")[2].strip()
    if text.startswith("["):
        code = SHORTCODE.match(text)
        has_values = code and ('"' in code["attributes"] or "=" in code["attributes"])
        drops = code and (code["close"] or code["alone"] or has_values or f"[/{code['name']}]" in page)
        return "" if drops else text
    component = COMPONENT.match(text)
    if (
        component is None
        or not component["name"]
        or component["attributes"]
        or component["alone"]
        or component["close"]
    ):
        return ""
    return "" if f"</{component['name']}>" in page else f"\\{text}"  # "press <Alt>"
