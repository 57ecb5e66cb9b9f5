"""Follow the tags of HTML inside Markdown, whose elements may end in another block than they begin in."""

import re

MAX_OPEN = 200  # elements that are followed at once

_TAG = re.compile(r"""<(?P<close>/?)(?P<name>[A-Za-z][\w-]*)(?P<attributes>(?:[^<>"']|"[^"]*"|'[^']*'){0,500})>""")
_ALONE = frozenset("area base br col embed hr img input link meta param source track wbr".split())
_ENDS_BY_ITSELF = frozenset("p li dt dd td th tr option".split())
_MAY_HIDE = re.compile(r"hidden|style|class", re.IGNORECASE)


class Curtain:
    """Tells whether what stands between the tags is hidden; it is drawn by `<div hidden>` and opened by `</div>`."""

    def __init__(self) -> None:
        self._open: list[str] = []  # names of the elements that have not ended
        self._hiding: int | None = None  # which of them hides what it holds: the first

    @property
    def is_drawn(self) -> bool:
        """Whether what comes next is hidden."""
        return self._hiding is not None

    def follow(self, html: str) -> str:
        """Follow the tags of a stretch of HTML; return it from where no element that began before it hides it."""
        shown_from = len(html) if self.is_drawn else 0
        for tag in _TAG.finditer(html):
            self._pass(tag)
            if not self.is_drawn:
                shown_from = min(shown_from, tag.end())
        return html[shown_from:]

    def _pass(self, tag: re.Match[str]) -> None:
        name = tag["name"].lower()
        if tag["close"]:
            if name in self._open:
                del self._open[len(self._open) - 1 - self._open[::-1].index(name) :]
            if self._hiding is not None and len(self._open) <= self._hiding:
                self._hiding = None
        elif name not in _ALONE | _ENDS_BY_ITSELF and len(self._open) < MAX_OPEN:
            self._open.append(name)
            if self._hiding is None and _MAY_HIDE.search(tag["attributes"]) and _hides(tag[0]):
                self._hiding = len(self._open) - 1


def _hides(tag: str) -> bool:
    from index.loaders.html import is_hidden  # with selectolax, which a page without HTML does not need

    return is_hidden(tag)
