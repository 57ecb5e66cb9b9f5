"""Gather the words of one block of HTML: code, links and struck-through words are marked, emphasis is not."""

import re

from index.loaders.links import absolute, link

_MARKED = {"a": "link", "code": "code", "kbd": "code", "samp": "code", "tt": "code", "del": "struck", "s": "struck"}
_MARKED |= {"strike": "struck", "sup": "raised"}
_WHITE = re.compile(r"[ \t\n\f\r]+")  # what HTML collapses; no-break spaces stay
_BREAK = "\v"  # <br>, until white space is collapsed
_AROUND_BREAK = re.compile(rf" ?{_BREAK} ?")
_POWER = re.compile(r"[+\-\u2212]?\d+")  # "10<sup>6</sup>" is not 106
_RAISED = str.maketrans("0123456789+-\u2212", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻")


class Words:
    """The words of a block while its elements are read."""

    def __init__(self, base: str) -> None:
        self._base = base
        self._parts: list[str] = []
        self._depths = dict.fromkeys(_MARKED.values(), 0)  # how many elements of each kind are open
        self._marks: list[tuple[str, int]] = []  # kind and first part of what will be marked: the outermost of a kind
        self._address = ""  # of the open link, until it has its words
        self.is_plain = False  # whether links leave their words alone, as in headings

    def add(self, text: str) -> None:
        """Add text as it stands in the page."""
        self._parts.append(text.replace(_BREAK, " "))

    def add_break(self) -> None:
        """Add a hard break."""
        self._parts.append(_BREAK)

    def part(self) -> None:
        """Part what comes next from the words so far."""
        self._parts.append(" ")

    def end_line(self) -> None:
        """Start a new line of code, unless the last one has just ended."""
        if self._parts and not self._parts[-1].endswith("\n"):
            self._parts.append("\n")

    def enter(self, tag: str, href: str = "") -> None:
        """Open an inline element."""
        kind = _MARKED.get(tag)
        if kind is None:
            return
        if self._depths[kind] == 0 and not self._depths["code"]:
            self._marks.append((kind, len(self._parts)))
            if kind == "link":
                self._address = absolute(href, self._base)
        self._depths[kind] += 1

    def leave(self, tag: str) -> None:
        """Close an inline element."""
        kind = _MARKED.get(tag)
        if kind is None:
            return
        self._depths[kind] -= 1
        if self._depths[kind] == 0 and self._marks and self._marks[-1][0] == kind:
            self._mark(*self._marks.pop())

    def take(self) -> str:
        """Return the words so far, white space collapsed and breaks as line feeds; elements stay open.

        A link around several blocks is that of the first one.
        """
        for kind, start in reversed(self._marks):
            self._mark(kind, start)
        text = self.take_verbatim()
        return _AROUND_BREAK.sub("\n", _WHITE.sub(" ", text)).strip()

    def take_line(self) -> str:
        """Return the words so far on one line."""
        return _WHITE.sub(" ", self.take())

    def take_verbatim(self) -> str:
        """Return the words so far as they stand, nothing marked that is still open."""
        text = "".join(self._parts)
        self._parts.clear()
        self._marks = [(kind, 0) for kind, _ in self._marks]
        return text

    def _mark(self, kind: str, start: int) -> None:
        """Mark the words since part `start`, not the white space around them."""
        text = "".join(self._parts[start:])
        words = text.strip(" \t\n\f\r\v")
        if not words:
            return
        at = text.index(words)
        before = "".join(self._parts[max(start - 3, 0) : start]) + text[:at]
        del self._parts[start:]
        self._parts += [text[:at], self._marked(kind, words, before), text[at + len(words) :]]

    def _marked(self, kind: str, words: str, before: str) -> str:
        if kind == "struck":
            return f"~~{words}~~"
        if kind == "raised":
            return words.translate(_RAISED) if _POWER.fullmatch(words) else words
        words = _WHITE.sub(" ", words.replace(_BREAK, " "))
        if kind == "link":
            if self.is_plain:
                return words
            address, self._address = self._address, ""
            return link(words, address)
        return (" " if before.endswith("`") else "") + _as_code(words)


def _as_code(words: str) -> str:
    fence = "``" if "`" in words else "`"
    pad = " " if words.startswith("`") or words.endswith("`") else ""
    return f"{fence}{pad}{words}{pad}{fence}"
