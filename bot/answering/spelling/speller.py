"""Correct the spelling of a question: what nobody writes is taken for a known word that is clearly near.

A word is the likelier meant the more frequent it is in the articles and in its language, and the likelier the slip of
the fingers that makes it what was typed. Both count in bits: the best word is taken if the next one is well behind. A
word that the articles or a language has is never taken for another; at most its accents are put back.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from bot.answering.spelling.joins import in_two, with_apostrophe
from bot.answering.spelling.known import KnownWords, Word
from bot.answering.spelling.pieces import Piece, pieces
from bot.answering.spelling.slips import DOUBLED, SWAPPED, cost
from index.schema import Language
from index.text import fold, stem_words
from index.wordlist import WordList, key_of

SHORTEST = 4
EVERYDAY = -10.5
"""Letters of a word that is corrected; one of three letters is when an everyday word is meant, one in 1,400 of all,
that lost a letter or had two swapped: `wht`, `qul`, `teh`."""

LONG = 8
"""Letters from which two slips are looked for: one typed word in three of SQuAD 2 dev is as long, and has few
neighbours."""

WORST, WORST_LONG = -22.0, -26.0
"""Bits that a word must have, with its slip; a long word has fewer neighbours by chance. Of 1,000 clean questions of
PIAF dev, 30 are changed with -26, 30 with -22 and 17 with -18 for words of any length, most of them for a slip that is
there, and 79, 78 and 62 % of seeded slips are mended."""

MARGIN = 1.5  # bits by which the next word must lie behind, unless it is a form of the same word

ACRONYM = 5  # letters of the longest word in capitals that is left alone

PLAIN = 7
LIGHT = 3.5
"""Letters of a word with a capital, amid a sentence, from which it may stand for a word of the articles that is no
name, and the bits that the slip may cost then: `Grravitation`. Another is rather a name that the articles lack."""

MOST = 40
"""Words that are looked for in one question: more of them unknown, in 1,000 characters, are no French or English, and
would take 10 ms."""

HEAD = -12.0  # bits of a word that lacks the space before an elision: « combiend’abonnés »

BARE = 3  # letters of a word whose accents are put back: « ou » and « a » are words beside « où » and « à »

_ELISION = re.compile(r"(?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu|quoiqu)['’ʼ]", re.IGNORECASE)
_POSSESSIVE = re.compile(r"['’ʼ](?:s|d|ll|re|ve)\Z", re.IGNORECASE)
_STUCK = re.compile(r"([^\W\d_]{2,}?)((?:[cdjlmnst]|qu)['’ʼ][^\W\d_].*)", re.IGNORECASE)
_RUN = re.compile(r"(.)\1{2,}")
_ROMAN = re.compile(r"[IVXLCDM]+")
_LETTERS = re.compile(r"[a-z]+")
_IS_IT = re.compile(r"[ -]ce\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Correction:
    """A question as it is understood."""

    text: str
    changes: tuple[tuple[str, str], ...]
    """The words as typed, and as understood; accents and apostrophes that were put back are not told."""


class Speller:
    """Corrects questions over one index. Thread-safe."""

    def __init__(self, own: WordList, common: Mapping[Language, WordList]) -> None:
        """Take the words of the articles, and the common ones of each language."""
        self._known = KnownWords(own, common)

    def correct(self, question: str, language: Language) -> Correction:
        """Return the question with the words that nobody knows replaced by those that are clearly meant.

        Code, addresses, options, mentions, quoted words, numbers and short words in capitals stay as they are, and so
        does every character between words.

        Args:
            question: as it was asked.
            language: of the question.
        """
        shouted = question.isupper()
        parts: list[str] = []
        changes: list[tuple[str, str]] = []
        at = 0
        found = list(pieces(question))
        if sum(not self._known.knows(piece.text) for piece in found) > MOST:
            return Correction(question, ())
        for piece in found:
            if language == "fr" and piece.text.lower() == "quest" and _IS_IT.match(question, piece.end):
                text = f"{piece.text[:2]}'{piece.text[2:]}"  # “quest” is English
            else:
                text = self._understood(piece, language, shouted)
            if text != piece.text:
                parts += [question[at : piece.start], text]
                at = piece.end
                if key_of(text) != key_of(piece.text):
                    changes.append((piece.text, text))
        return Correction("".join([*parts, question[at:]]), tuple(changes))

    def _understood(self, piece: Piece, language: Language, shouted: bool) -> str:
        word = piece.text
        if self._known.knows(word):
            return self._with_accents(word, language)
        elided = _ELISION.match(word)
        if not elided and (stuck := _STUCK.fullmatch(word)):
            head = self._known.word(key_of(stuck[1]), language)
            if head is not None and head.bits >= HEAD:
                rest = replace(piece, text=stuck[2], opens=False)
                return f"{stuck[1]} {self._understood(rest, language, shouted)}"
        start = elided.end() if elided else 0
        ending = _POSSESSIVE.search(word, start)
        core = word[start : ending.start()] if ending else word[start:]
        if not core.isalpha():
            return word
        is_name = core[0].isupper() and not shouted and (start > 0 or not piece.opens)
        return f"{word[:start]}{self._corrected(core, is_name, language)}{word[start + len(core) :]}"

    def _with_accents(self, word: str, language: Language) -> str:
        """Return a known word as it is mostly written, if it was typed without accents or an apostrophe."""
        written = self._known.written(word, language) if word == fold(word) else ""
        if not written.islower() or key_of(written) != word:
            return word
        return written if len(word) >= BARE or "'" in written else word

    def _corrected(self, core: str, is_name: bool, language: Language) -> str:
        if self._known.knows(core):
            return self._with_accents(core, language)
        key = key_of(core)
        is_sign = core.isupper() and (len(core) <= ACRONYM or _ROMAN.fullmatch(core))
        if not _LETTERS.fullmatch(key) or is_sign:
            return core
        if _RUN.search(key):
            for fewer in (_RUN.sub(r"\1\1", key), key := _RUN.sub(r"\1", key)):
                if self._known.knows(fewer):
                    return _in_case_of(core, self._known.written(fewer, language) or fewer)
        meant = self._meant(key, is_name, language)
        return core if meant is None else _in_case_of(core, meant)

    def _meant(self, key: str, is_name: bool, language: Language) -> str | None:
        found = self._candidates(key, is_name, language)
        if not found or found[0].bits < (WORST if len(key) < LONG else WORST_LONG):
            return None
        stems = stem_words([word.key for word in found], language)
        if cost(key, found[0].key) > DOUBLED and _is_inflected(key, stems[0], language):
            return None
        others = [word for word, stem in zip(found, stems, strict=True) if stem != stems[0]]
        is_clear = not others or others[0].bits <= found[0].bits - MARGIN
        return found[0].text if is_clear else None

    def _candidates(self, key: str, is_name: bool, language: Language) -> list[Word]:
        """Return the words that a key may stand for, likeliest first, their bits less those of the slip."""
        if len(key) < SHORTEST - 1:
            return []
        near = [
            replace(word, bits=word.bits - cost(key, word.key))
            for word in self._known.near(key, 2 if len(key) >= LONG and not is_name else 1, language)
            if len(key) >= SHORTEST or _is_everyday(key, word)
        ]
        if is_name:
            is_plain = len(key) >= PLAIN
            near = [w for w in near if w.is_name or (is_plain and w.is_own and cost(key, w.key) <= LIGHT)]
        else:
            near += with_apostrophe(key, self._known, language)
            near += in_two(key, self._known, language) if len(key) >= SHORTEST else ()
        return sorted(near, key=lambda word: (-word.bits, word.key))


def _is_everyday(key: str, word: Word) -> bool:
    """Whether an everyday word lost one of its four letters, or had two of three swapped, behind the first."""
    is_cut = len(word.key) > len(key) or cost(key, word.key) == SWAPPED
    return word.bits >= EVERYDAY and word.key[0] == key[0] and is_cut


def _is_inflected(key: str, stem: str, language: Language) -> bool:
    """Whether a key may be a form, which no list has, of the word with a stem: it differs at the end alone."""
    return key != stem and key.startswith(stem) and stem_words([key], language) == [stem]


def _in_case_of(typed: str, meant: str) -> str:
    if typed.isupper() and len(typed) > 1:
        return meant.upper()
    return meant[0].upper() + meant[1:] if typed[0].isupper() else meant
