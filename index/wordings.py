"""A question in its other wordings: with the long form of each house word in place of the short one, or the other way.

An article that says « la PE » answers who asks for the « prime d'équipe ».
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import NamedTuple

from index.glossary import Pair
from index.schema import LANGUAGES
from index.text import content_words, fold

MAX_VARIANTS = 3
"""Other wordings of one question. Each is searched and read, so that an answer takes up to four times as long."""

MAX_REPLACED = 4  # house words of one question, from its beginning: a message may repeat them at length

_WORD = re.compile(r"[^\W_]+")
_APOSTROPHES = frozenset("'’ʼ")
_ELIDED = frozenset("c d j l m n s t qu jusqu lorsqu puisqu quoiqu".split())


class _Word(NamedTuple):
    """A word of a question or of a form, where it stands, and how it is compared: folded, with and without plural."""

    start: int
    end: int
    written: str
    keys: frozenset[str]

    def is_same(self, other: "_Word") -> bool:
        return not self.keys.isdisjoint(other.keys)


@dataclass(slots=True)
class _Form:
    """A house word in one form, and what may stand in its place."""

    words: Sequence[_Word]
    others: dict[tuple[str, ...], str] = field(default_factory=dict)  # as it is compared -> as it is written

    @property
    def is_abbreviation(self) -> bool:
        """Whether it is one word with a capital inside: RTA, D2B, MoD; « prod » is any word."""
        return len(self.words) == 1 and not self.words[0].written[1:].islower()

    @property
    def is_common(self) -> bool:
        """Whether it is also a word that binds sentences together: US, IT, « SA »."""
        return not all(content_words(self.words[0].written, language) for language in LANGUAGES)


class _Found(NamedTuple):
    start: int
    end: int
    form: _Form


class Wordings:
    """Words questions otherwise. Thread-safe: it keeps no state between calls."""

    def __init__(self, pairs: Iterable[Pair]) -> None:
        """Take the pairs of an index: those of its glossary before those of its articles, then the most frequent."""
        count: dict[tuple[tuple[str, ...], tuple[str, ...]], int] = defaultdict(int)
        best: dict[tuple[tuple[str, ...], tuple[str, ...]], Pair] = {}
        for pair in pairs:
            key = _key(pair.short), _key(pair.long)
            if all(key) and key[0] != key[1]:
                count[key] += 1
                best[key] = pair if pair.is_listed and not best.get(key, pair).is_listed else best.get(key, pair)
        self._forms: dict[str, list[_Form]] = defaultdict(list)  # first word, as it is compared -> forms
        forms: dict[tuple[str, ...], _Form] = {}
        for key, pair in sorted(best.items(), key=lambda item: (not item[1].is_listed, -count[item[0]])):
            for (this, other), (written, instead) in (
                (key, (pair.short, pair.long)),
                (key[::-1], (pair.long, pair.short)),
            ):
                if this not in forms:
                    forms[this] = form = _Form(_words(written))
                    for first in form.words[0].keys:
                        self._forms[first].append(form)
                forms[this].others.setdefault(other, instead)

    def variants(self, question: str) -> tuple[str, ...]:
        """Return the question with the other form in place of its house words, at most `MAX_VARIANTS`; often ().

        All of them are replaced at first, then some: an article may write one in short and another at length. Case,
        accents, elisions and a plural s do not count, but see `_stands`.
        """
        found = list(self._find(question))[:MAX_REPLACED] if self._forms else []
        standing = {_key(question[one.start : one.end]) for one in found}
        options = [
            [other for key, other in one.form.others.items() if key not in standing][:MAX_VARIANTS] for one in found
        ]
        choices = sorted(product(*((*others, None) for others in options)), key=lambda choice: choice.count(None))
        worded = (_worded(question, found, choice) for choice in choices if any(choice))
        return tuple(dict.fromkeys(worded))[:MAX_VARIANTS]

    def _find(self, question: str) -> Iterator[_Found]:
        """Yield the house words from left to right, the longest where several begin at one place."""
        words = _words(question)
        at = 0
        while at < len(words):
            candidates = {id(form): form for key in words[at].keys for form in self._forms.get(key, ())}
            fitting = [form for form in candidates.values() if _stands(form, words[at:], question)]
            longest = max(fitting, key=lambda form: len(form.words), default=None)
            if longest is not None:
                yield _Found(words[at].start, words[at + len(longest.words) - 1].end, longest)
            at += len(longest.words) if longest else 1


def _stands(form: _Form, words: Sequence[_Word], question: str) -> bool:
    """Whether a form stands at the beginning of these words of a question.

    An abbreviation is in capitals, or in small letters, or opens the question: "Uni" in « le Royaume-Uni » is not UNI.
    Where it is also a common word it is in capitals, in a question that is not.
    """
    if len(words) < len(form.words) or not all(map(_Word.is_same, form.words, words)):
        return False
    if not form.is_abbreviation:
        return True
    first, written = words[0], words[0].written.removesuffix("s")
    if "-" in (question[first.start - 1 : first.start], question[first.end : first.end + 1]):
        return False
    if form.is_common:
        return written.isupper() and not question.isupper()
    return written in (form.words[0].written, written.upper(), written.lower()) or not question[: first.start].strip()


def _worded(question: str, found: Sequence[_Found], choice: Sequence[str | None]) -> str:
    """Return the question with what was chosen for each house word, or the word itself where that is None."""
    parts: list[str] = []
    end = 0
    for one, other in zip(found, choice, strict=True):
        parts += [question[end : one.start], question[one.start : one.end] if other is None else other]
        end = one.end
    return "".join([*parts, question[end:]])


def _words(text: str) -> list[_Word]:
    """Return the words of a text without what is elided before them, and without a possessive s."""
    words: list[_Word] = []
    for word in _WORD.finditer(text):
        before, after = text[word.start() - 1 : word.start()], text[word.end() : word.end() + 1]
        folded = fold(word[0])
        if (after in _APOSTROPHES and folded in _ELIDED) or (before in _APOSTROPHES and folded == "s"):
            continue
        words.append(_Word(word.start(), word.end(), word[0], frozenset((folded, _singular(word[0])))))
    return words


def _key(form: str) -> tuple[str, ...]:
    """Return what two forms that are one have in common."""
    return tuple(_singular(word.written) for word in _words(form))


def _singular(word: str) -> str:
    """Return a folded word without its plural: an s or x in small letters."""
    return fold(word[:-1] if len(word) > 2 and word[-1] in "sx" else word)
