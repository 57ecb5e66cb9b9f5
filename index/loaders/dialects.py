"""What documentation sites write between the Markdown, as rules of the parser: components, containers, shortcodes.

Each rule reads one line of machinery, or the tag in a line, and leaves a token that says what opens or closes; what
stands between is parsed as Markdown. Known are MDX and Docusaurus (components, `:::`, imports), MkDocs (`!!!`, `???`,
`===`), Grav (`[ui-tab title="…"]`), Hugo (`{{< … >}}`) and the templates of Jinja, Twig and Liquid.
"""

import re
from dataclasses import dataclass

from markdown_it import MarkdownIt
from markdown_it.ruler import RuleOptionsType
from markdown_it.rules_block import StateBlock

from index.loaders.dialect_words import COMPONENT, NAME, SHORTCODE, TEMPLATE, is_shortcode, strip_lines

MARK = "machinery"  # type of the tokens
MAX_TAG = 2_000  # characters of one tag or shortcode
MAX_TAG_LINES = 30

_END = r"\{{%-?\s*end{0}\b|\{{\{{[<%]\s*/\s*(?i:{0})\b"
_CONTAINER = re.compile(r":{3,}[ \t]*(?:(?P<name>[A-Za-z][\w-]*)?(?P<title>[^\n]*))$")
_INDENTED = re.compile(r"(?P<mark>!!!|\?\?\?\+?|===!?\+?)[ \t]+(?P<rest>\S[^\n]*)$")
_IMPORT = re.compile(
    r"(?:import\s.+\sfrom\s+['\"][^'\"]+['\"];?|import\s+['\"][^'\"]+['\"];?|export\s+(?:const|default|function|let)\b.*)$"
)
_SETTING = re.compile(r"\{:[^{}\n]*\}$|\[TOC\]$|\[\[_?toc_?\]\]$", re.IGNORECASE)
_MARKDOWN_IN_HTML = re.compile(r"""<[a-z][\w-]*\s[^<>]*\bmarkdown(?:\s*=\s*["']?(?:1|block|span)["']?)?[^<>]*>$""")
_TITLE = re.compile(r"""(?:title|label|caption|summary|header)\s*=\s*(?:"(?P<double>[^"]*)"|'(?P<single>[^']*)')""")
_NOTICE = re.compile(r"(?P<marks>!{1,4})[ \t]+(?P<text>\S[^\n]*)$")
_LABEL = re.compile(
    r"""^\s*(?:\[(?P<bracketed>[^\]]*)\]|"(?P<quoted>[^"]*)"|(?P<plain>[^{}\[\]"][^{}]*?))?\s*(?:\{[^}]*\})?\s*$"""
)


@dataclass(frozen=True, slots=True)
class Mark:
    """A line of machinery: what it opens or closes, and the title that it gives it."""

    kind: str  # "tab", "open" (an admonition or another container), "close", "hide", "show", "none"
    name: str = ""  # "warning", "details"
    title: str = ""


def install(parser: MarkdownIt) -> None:
    """Add the rules to a parser."""
    before: RuleOptionsType = {"alt": ["paragraph", "reference", "blockquote", "list"]}
    parser.block.ruler.before("fence", "template_lines", _template_lines, before)
    parser.block.ruler.before("fence", "indented", _indented, before)
    parser.block.ruler.before("fence", "containers", _containers, before)
    parser.block.ruler.before("html_block", "components", _components, before)
    parser.block.ruler.before("fence", "shortcodes", _shortcodes, before)
    parser.block.ruler.before("fence", "imports", _imports, before)
    parser.block.ruler.before("fence", "notices", _notices, before)
    parser.block.ruler.before("html_block", "markdown_in_html", _markdown_in_html, before)
    parser.block.ruler.before("fence", "settings", _settings, before)
    parser.core.ruler.before("inline", "machinery_in_lines", strip_lines)


def attribute_title(attributes: str) -> str:
    """Return the title, label or caption among the attributes of a tag; "" when there is none."""
    found = _TITLE.search(attributes)
    return (found["double"] or found["single"] or "").strip() if found else ""


def _line(state: StateBlock, line: int) -> str:
    return state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]].rstrip()


def _is_text(state: StateBlock, line: int) -> bool:
    return state.sCount[line] - state.blkIndent < 4


def _push(state: StateBlock, mark: Mark, line: int, following: int) -> bool:
    token = state.push(MARK, "", 0)
    token.meta = {"mark": mark}
    token.map = [line, following]
    state.line = following
    return True


def _template_lines(state: StateBlock, line: int, end: int, silent: bool) -> bool:
    """Lines that hold nothing but template tags, `{% if … %}`, `{{< note >}}`, `{/* … */}`."""
    first = _line(state, line)
    if not (_is_text(state, line) and first.startswith("{")):
        return False
    text, following = first, line + 1
    while following < min(end, line + MAX_TAG_LINES) and _open_template(text):
        text, following = f"{text}\n{_line(state, following)}", following + 1
    if TEMPLATE.sub("", text[:MAX_TAG]).strip() or len(text) > MAX_TAG:
        return False
    mark = _hugo(text)
    if mark.kind in ("open", "hide") and not re.search(_END.format(re.escape(mark.name)), state.src):
        mark = Mark("none")  # nothing ends it
    return silent or _push(state, mark, line, following)


def _open_template(text: str) -> bool:
    return bool(re.match(r"\{[%{#/]", text)) and not TEMPLATE.match(text)


def _hugo(text: str) -> Mark:
    """Return what a Hugo shortcode opens: `{{< tab "Linux" >}}`, `{{% warning title="…" %}}`."""
    found = re.fullmatch(rf"\{{\{{[<%]\s*(?P<close>/?)\s*(?P<name>{NAME})?(?P<rest>.*?)[>%]\}}\}}", text, re.DOTALL)
    if found is None or not found["name"]:
        comment = re.fullmatch(r"\{%-?\s*(end)?comment\b[^%]*%\}", text)
        return Mark("none" if comment is None else "show" if comment[1] else "hide", "comment")
    if found["name"] == "comment":
        return Mark("show" if found["close"] else "hide", "comment")
    return _mark(found["name"], bool(found["close"]), attribute_title(found["rest"]) or _first_quoted(found["rest"]))


def _first_quoted(text: str) -> str:
    found = re.match(r"""\s*(?:"([^"]*)"|'([^']*)')\s*$""", text)
    return (found[1] or found[2] or "") if found else ""


def _containers(state: StateBlock, line: int, end: int, silent: bool) -> bool:
    """`:::warning Title`, `:::note[Title]{…}` and `:::`."""
    found = _CONTAINER.match(_line(state, line)) if _is_text(state, line) else None
    if found is None:
        return False
    label = _LABEL.match(found["title"] or "")
    title = (label["bracketed"] or label["quoted"] or label["plain"] or "").strip() if label else ""
    mark = _mark(found["name"], False, title) if found["name"] else Mark("close")
    return silent or _push(state, mark, line, line + 1)


def _components(state: StateBlock, line: int, end: int, silent: bool) -> bool:
    """Lines that hold nothing but tags of components, `<TabItem value="a" label="Linux">`, `</Tabs>`, `<Badge/>`."""
    first = _line(state, line)
    if not (_is_text(state, line) and re.match(r"</?(?:[A-Z]|>)", first)):
        return False
    text, following = first, line + 1
    while following < min(end, line + MAX_TAG_LINES) and text.count("<") > 0 and COMPONENT.match(text) is None:
        text, following = f"{text}\n{_line(state, following)}", following + 1
    tags = list(COMPONENT.finditer(text[:MAX_TAG]))
    if not tags or COMPONENT.sub("", text).strip():
        return False
    if not silent:
        for tag in tags:
            close, alone = bool(tag["close"]), bool(tag["alone"])
            _push(
                state,
                Mark("none") if alone else _mark(tag["name"] or "", close, attribute_title(tag["attributes"])),
                line,
                following,
            )
    return True


def _shortcodes(state: StateBlock, line: int, end: int, silent: bool) -> bool:
    """Lines that hold nothing but shortcodes, `[ui-tab title="…"]`, `[/ui-tab]`, `[figure caption="…"]`."""
    text = _line(state, line)
    if not (_is_text(state, line) and text.startswith("[")):
        return False
    rest = TEMPLATE.sub("", text)
    codes = list(SHORTCODE.finditer(rest[:MAX_TAG]))
    if not codes or SHORTCODE.sub("", rest).strip() or not all(is_shortcode(state.src, code) for code in codes):
        return False
    if not silent:
        for code in codes:
            mark = (
                Mark("none")
                if code["alone"]
                else _mark(code["name"], bool(code["close"]), attribute_title(code["attributes"]))
            )
            _push(state, mark, line, line + 1)
    return True


def _imports(state: StateBlock, line: int, end: int, silent: bool) -> bool:
    """`import Tabs from '@theme/Tabs';` and `export const …`, as MDX has them."""
    text, following = _line(state, line), line + 1
    if not (_is_text(state, line) and text.startswith(("import ", "export "))):
        return False
    while re.fullmatch(r"import\s+(?:\w+,\s*)?\{[^{}]*", text) and following < min(end, line + MAX_TAG_LINES):
        text, following = f"{text} {_line(state, following)}", following + 1
    return bool(_IMPORT.match(text)) and (silent or _push(state, Mark("none"), line, following))


def _settings(state: StateBlock, line: int, end: int, silent: bool) -> bool:
    """`{: .class }` and `[TOC]`: what sets the look of a block, and what stands for a table of contents."""
    if not (_is_text(state, line) and _SETTING.match(_line(state, line))):
        return False
    return silent or _push(state, Mark("none"), line, line + 1)


def _markdown_in_html(state: StateBlock, line: int, end: int, silent: bool) -> bool:
    """`<div markdown="1">`, alone on its line: what follows is Markdown."""
    text = _line(state, line)
    if not (_is_text(state, line) and _MARKDOWN_IN_HTML.match(text)):
        return False
    if not silent:
        token = state.push("html_block", "", 0)
        token.content, token.map = text, [line, line + 1]
        state.line = line + 1
    return True


def _indented(state: StateBlock, line: int, end: int, silent: bool) -> bool:
    """`!!! warning "Title"`, `??? note` and `=== "Tab"`, whose content is indented by four."""
    found = _INDENTED.match(_line(state, line)) if _is_text(state, line) else None
    if found is None or not _holds_indented(state, line, end):
        return False
    if silent:
        return True
    quoted = re.search(r'"([^"]*)"\s*$', found["rest"])
    name = found["rest"].split()[0].strip('"').lower()
    title = quoted[1] if quoted else ""
    mark = (
        Mark("tab", title=title or found["rest"].strip('"')) if found["mark"][0] == "=" else _mark(name, False, title)
    )
    _push(state, mark, line, line + 1)
    inner = state.sCount[line] + 4
    following = line + 1
    while following < end and (state.isEmpty(following) or state.sCount[following] >= inner):
        following += 1
    old_indent, old_max = state.blkIndent, state.lineMax
    state.blkIndent, state.lineMax = inner, following
    state.md.block.tokenize(state, line + 1, following)
    state.blkIndent, state.lineMax = old_indent, old_max
    return _push(state, Mark("close"), line, following)


def _notices(state: StateBlock, line: int, end: int, silent: bool) -> bool:
    """Grav's notices, `! text` to `!!!! text`: all lines that begin with as many marks are one."""
    found = _NOTICE.match(_line(state, line)) if _is_text(state, line) else None
    if found is None:
        return False
    if silent:
        return True
    marks, lines, following = found["marks"], [], line
    while (
        following < end and (text := _line(state, following)).startswith(marks) and text[len(marks) :][:1] in ("", " ")
    ):
        lines.append(text[len(marks) :].strip())
        following += 1
    _push(state, Mark("open", _NOTICES[len(marks)]), line, following)
    state.md.block.parse("\n".join(lines), state.md, state.env, state.tokens)
    return _push(state, Mark("close"), line, following)


def _holds_indented(state: StateBlock, line: int, end: int) -> bool:
    """Whether the first line with words below is indented by four: Grav opens notices with `!!!` as well."""
    below = line + 1
    while below < end and state.isEmpty(below):
        below += 1
    return below < end and state.sCount[below] >= state.sCount[line] + 4


_NOTICES = {1: "warning", 2: "danger", 3: "note", 4: "tip"}  # as Grav's plugin colours them: yellow, red, blue, green

_TABS = re.compile(r"(?:ui-)?tab(?:-?item|-?panel)?|codeblock", re.IGNORECASE)
_NEUTRAL = re.compile(
    r"(?:ui-)?tabs|tab-?group|tabbed|cards?|card-?(?:group|grid)|columns?|div|center|figure|grid|steps?|row|col|code-?group|"
    r"details-?group|raw|notoc|toc|safe-email",
    re.IGNORECASE,
)


def _mark(name: str, closes: bool, title: str) -> Mark:
    if _TABS.fullmatch(name):
        return Mark("none") if closes or not title else Mark("tab", title=title)
    if _NEUTRAL.fullmatch(name):
        return Mark("none") if closes or not title else Mark("tab", title=title)
    return Mark("close", name.lower()) if closes else Mark("open", name.lower(), title)
