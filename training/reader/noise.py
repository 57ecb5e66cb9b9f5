"""Write questions as people type them: with slips, bare, amid chat, or with words of the other language."""

import gzip
import random
import re
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

from index.schema import Language
from index.text import fold

NOISY = 0.22
"""Share of the questions: most stay as they are, for what reaches the reader was mended before."""

SWITCHED = 0.6  # share of the words with a translation that a question in both languages takes from the other

_KEYS = ("azertyuiop", "qsdfghjklm", "wxcvbn", "qwertyuiop", "asdfghjkl", "zxcvbnm")
_WORD = re.compile(r"[^\W\d_]{4,}")
_AROUND: Mapping[Language, tuple[tuple[str, str], ...]] = {
    "fr": (("bonjour, ", ""), ("", " svp"), ("je cherche : ", ""), ("question : ", " merci"), ("dites-moi ", "")),
    "en": (("hi, ", ""), ("", " please"), ("i want to know ", ""), ("question: ", " thanks"), ("tell me ", "")),
}

Dictionary = Mapping[str, list[str]]
"""The translations of a word, in lower case."""


class Noise:
    """Dresses a share of the questions, and leaves the others alone."""

    def __init__(self, dictionaries: Mapping[Language, Dictionary], seed: int) -> None:
        """Draw from a seed; a word of a question is translated by the dictionary of its language."""
        self._dictionaries = dictionaries
        self._draw = random.Random(seed)

    def dress(self, question: str, language: Language) -> str:
        """Return the question, or one time in five what somebody might have typed instead."""
        if self._draw.random() >= NOISY:
            return question
        kind = self._draw.choice(("slips", "bare", "bare slips", "chat", "switched"))
        if kind == "switched":
            return self._switched(question, self._dictionaries[language])
        if kind == "chat":
            before, after = self._draw.choice(_AROUND[language])
            return before + question[:1].lower() + question[1:].rstrip(" ?\u00a0\u202f") + after
        if "slips" in kind:
            question = self._mistyped(question)
        return bare(question) if "bare" in kind else question

    def _mistyped(self, question: str) -> str:
        words = list(_WORD.finditer(question))
        for word in sorted(self._draw.sample(words, min(2, len(words))), key=lambda found: -found.start()):
            question = question[: word.start()] + self._slip(word.group()) + question[word.end() :]
        return question

    def _slip(self, word: str) -> str:
        """Return the word with a letter dropped, doubled, swapped with the next, or replaced by one beside it."""
        at = self._draw.randrange(len(word) - 1)
        kind = self._draw.choice(("beside", "dropped", "doubled", "swapped"))
        if kind == "beside" and (near := _beside(fold(word[at]))):
            return word[:at] + self._draw.choice(near) + word[at + 1 :]
        if kind == "swapped":
            return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
        return word[:at] + (word[at] * 2 if kind == "doubled" else "") + word[at + 1 :]

    def _switched(self, question: str, dictionary: Dictionary) -> str:
        def replaced(found: re.Match[str]) -> str:
            known = dictionary.get(found.group().lower(), [])
            return self._draw.choice(known) if known and self._draw.random() < SWITCHED else found.group()

        return _WORD.sub(replaced, question)


def bare(question: str) -> str:
    """Return the question in lower case, without accents and signs."""
    return " ".join(re.findall(r"\w+", fold(question)))


def read_dictionaries(path: Path) -> dict[Language, Dictionary]:
    """Return the pairs of single words of a file of aligned texts (English, French, source), by language."""
    english: dict[str, list[str]] = defaultdict(list)
    french: dict[str, list[str]] = defaultdict(list)
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            one, other, source = line.rstrip("\n").split("\t")
            if source == "freedict_words" and _WORD.fullmatch(one) and _WORD.fullmatch(other):
                english[one.lower()].append(other.lower())
                french[other.lower()].append(one.lower())
    return {"en": dict(english), "fr": dict(french)}


def _beside(letter: str) -> str:
    """Return the keys left and right of a letter, on a French and on an English keyboard."""
    places = [(row, row.find(letter)) for row in _KEYS if len(letter) == 1]
    return "".join(row[max(at - 1, 0) : at] + row[at + 1 : at + 2] for row, at in places if at >= 0)
