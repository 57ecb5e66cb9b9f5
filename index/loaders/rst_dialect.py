"""What Sphinx adds to reStructuredText, as docutils takes it: directives and roles of any name.

docutils leaves out a directive that it does not know, with all that it holds. Here those of documentation sites are
read for what they show, and any other one for its content.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from docutils import nodes, utils
from docutils.languages import get_language
from docutils.parsers.rst import Directive, directives, roles

_DIRECTIVE = re.compile(r"^[ \t]*\.\. (?:\|[^|\n]+\| )?([A-Za-z][\w:.+-]*)::(?:[ \t]|$)", re.MULTILINE)
_ROLE = re.compile(r"(?<![\w`]):([A-Za-z][\w.+:-]*):`|`:([A-Za-z][\w.+:-]*):")

_CODE = frozenset(
    "code code-block sourcecode parsed-literal prompt doctest testcode testoutput productionlist console".split()
)
_SILENT = frozenset(
    "toctree index highlight currentmodule module tabularcolumns sectionauthor codeauthor include literalinclude raw "
    "automodule autoclass autofunction automethod autosummary autodoc graphviz mermaid plantuml uml digraph "
    "inheritance-diagram meta contents default-role image video youtube".split()
)
_ADMONITIONS = frozenset("seealso todo dropdown details collapse toggle spoiler".split())
_TABS = frozenset("tab tab-item group-tab code-tab card grid-item-card".split())
_CONDITIONS = frozenset(["only", "ifconfig"])
_VERSIONS = {
    "versionadded": "New in version {}",
    "version-added": "New in version {}",
    "versionchanged": "Changed in version {}",
    "version-changed": "Changed in version {}",
    "deprecated": "Deprecated since version {}",
    "version-deprecated": "Deprecated since version {}",
    "versionremoved": "Removed in version {}",
}
_PLAIN_ROLES = frozenset("ref doc term numref any download guilabel menuselection abbr eq dfn index sub sup".split())


class _AnyOptions(dict[str, Callable[[str], str]]):
    """Options of every name, as text."""

    def __missing__(self, name: str) -> Callable[[str], str]:
        return directives.unchanged  # type: ignore[no-any-return]


class _AnyDirective(Directive):  # type: ignore[misc]
    """A directive of which nothing is known but its name."""

    optional_arguments = 1
    final_argument_whitespace = True
    has_content = True
    option_spec = _AnyOptions({"class": directives.unchanged})

    def run(self) -> list[nodes.Node]:
        """Return what it shows."""
        name = self.name.rpartition(":")[2].lower()
        title = " ".join(self.arguments[0].split()) if self.arguments else ""
        if name in _SILENT:
            return []
        if name in _CODE:
            return [nodes.literal_block("", "\n".join(self.content), language=title)]
        if name in _VERSIONS:
            version, _, rest = title.partition(" ")
            said = _VERSIONS[name].format(version) + (f": {rest}" if rest else "")
            return [*self._inline(nodes.paragraph, said), *self._content()]
        if name in _ADMONITIONS:
            return [nodes.admonition("", *self._inline(nodes.title, title), *self._content(), kind=name)]
        if name in _TABS:
            return [*self._inline(nodes.rubric, title), *self._content()]
        if not title or name in _CONDITIONS:
            return self._content()
        terms = [nodes.term(line, line.strip()) for line in self.arguments[0].split("\n") if line.strip()]
        item = nodes.definition_list_item("", *terms, nodes.definition("", *self._content()))
        return [nodes.definition_list("", item)]

    def _inline(self, kind: type[nodes.Element], text: str) -> list[nodes.Node]:
        if not text:
            return []
        found, _ = self.state.inline_text(text, self.lineno)
        return [kind(text, "", *found)]

    def _content(self) -> list[nodes.Node]:
        holder = nodes.Element()
        self.state.nested_parse(self.content, self.content_offset, holder, match_titles=1)
        return list(holder.children)


def _any_role(
    name: str, rawtext: str, text: str, *place: Any, **rest: Any
) -> tuple[list[nodes.Node], list[nodes.Node]]:
    """Return the words that a role shows: its title, else its target; code unless it only leads elsewhere."""
    text = utils.unescape(text)
    name = name.rpartition(":")[2].lower()
    titled = re.fullmatch(r"(.+?)\s*<[^<>]*>", text, re.DOTALL)
    if titled:
        return [nodes.inline(rawtext, titled[1])], []
    if name in _PLAIN_ROLES:
        return [nodes.inline(rawtext, text.replace("&", "") if name == "guilabel" else text)], []
    return [nodes.literal(rawtext, text.rpartition(".")[2] if text.startswith("~") else text.lstrip("!"))], []


def know_all(text: str) -> None:
    """Make docutils read the directives and roles of a text that it would leave out."""
    english, document = get_language("en"), utils.new_document("")
    document.reporter.report_level = document.reporter.halt_level = 5
    for name in {found[1] for found in _DIRECTIVE.finditer(text)}:
        known, _ = directives.directive(name, english, document)
        if known is None or name.lower() in _CODE | _SILENT:
            directives.register_directive(name, _AnyDirective)
    for name in {found[1] or found[2] for found in _ROLE.finditer(text)}:
        known, _ = roles.role(name.lower(), english, 0, document.reporter)
        if known is None:
            roles.register_local_role(name.lower(), _any_role)
