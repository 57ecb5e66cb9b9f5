"""Tell a message that is only talk (« salut », "thanks!", « qui es-tu ? ») from a question about the articles.

A message is talk when phrases of `bot.answering.phrases` fill it, word by word. One word more, and it is a question:
« Bonjour » is a greeting, « Bonjour, comment m'inscrire ? » a question with a greeting before it, and "hello world"
a question too.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate
from typing import NamedTuple

from bot.answering.answer import Talk
from bot.answering.phrases.english import ENGLISH
from bot.answering.phrases.french import FRENCH
from bot.answering.phrases.roles import Role
from bot.answering.phrases.shared import SHARED
from index.schema import Language
from index.text import fold

MAX_CORRECTED = 8
"""Words whose typing errors are corrected: talk is short, and the courtesy before a question is among them."""

_KINDS: dict[Role, Talk] = {
    "articles": "articles",
    "which": "articles",
    "about": "about",
    "sorry": "sorry",
    "goodbye": "goodbye",
    "thanks": "thanks",
    "praise": "praise",
    "greeting": "greeting",
    "fine": "fine",
}
"""The kind of a message that holds a phrase in this role. The first wins: « Merci, au revoir » says goodbye."""

_ROLES: tuple[Role, ...] = (*_KINDS, "after", "before", "asks", "urges")

_COURTESIES: frozenset[Role] = frozenset({"greeting", "thanks", "goodbye", "praise", "fine"})
"""What may stand before or after a question, and is not searched."""

_IN_DOUBT: frozenset[Role] = frozenset({"praise", "fine", "sorry"})
"""These are questions when they end in a question mark: « Super ? » is a fuel, « Parfait ? » a dessert."""


@dataclass(frozen=True, slots=True)
class Heard:
    """A message, as talk or as a question."""

    talk: Talk | None  # None for a question
    language: Language | None  # of the phrases; None when they are of both, and for a question
    question: str  # without the courtesies around it; "" for talk


def hear(text: str, *, is_first: bool = True) -> Heard:
    """Tell talk from a question.

    Args:
        text: as it was typed.
        is_first: nothing was asked before it; else « combien d'articles ? » may follow that up.
    """
    text = unicodedata.normalize("NFC", text)
    words = _words(text)
    phrases = list(_phrases(words))
    if not phrases or phrases[-1].end < len(words):
        return Heard(None, None, _without_courtesies(text, words, phrases))
    roles = {phrase.role for phrase in phrases}
    role = next((role for role in _KINDS if role in roles), None)
    if role is None or (role == "which" and not is_first) or (role in _IN_DOUBT and "?" in text):
        return Heard(None, None, text)
    told = Counter(phrase.language for phrase in phrases)
    language: Language = "fr" if told["fr"] > told["en"] else "en"
    return Heard(_KINDS[role], None if told["fr"] == told["en"] else language, "")


class _Word(NamedTuple):
    """A word or an emoji of the message, `text[start:end]`."""

    key: str  # folded, typing errors corrected
    start: int
    end: int


class _Phrase(NamedTuple):
    """A phrase of the message, from word `start` to word `end`."""

    start: int
    end: int
    role: Role
    language: Language | None


class _Template(NamedTuple):
    """Phrases with the same role: one alternative of each place, one after the other."""

    places: tuple[tuple[str, ...], ...]  # without spaces, as « cest quoi » is typed for « c'est quoi »
    role: Role
    language: Language | None

    def ends(self, said: str, start: int) -> set[int]:
        """Return where the phrases end that `said` holds from `start` on."""
        ends = {start}
        for alternatives in self.places:
            ends = {end + len(words) for end in ends for words in alternatives if said.startswith(words, end)}
        return ends

    @property
    def openings(self) -> set[str]:
        """The first two letters of its phrases, or the one of a word of one letter."""
        found: set[str] = set()
        for alternatives in self.places:
            found.update(words[:2] for words in alternatives if words)
            if "" not in alternatives:
                break
        return found


class _Phrasebook(NamedTuple):
    templates: dict[str, list[_Template]]  # by how they may open
    words: frozenset[str]  # that stand in a phrase
    long_words: dict[str, list[str]]  # those of five letters and more, by the first


@cache
def _phrasebook() -> _Phrasebook:
    templates: list[_Template] = []
    words: set[str] = set()
    phrases: dict[Language | None, dict[Role, str]] = {"fr": FRENCH, "en": ENGLISH, None: SHARED}
    for language, roles in phrases.items():
        for role, lines in roles.items():
            words.update(re.findall(r"[^\s|/~]+", lines))
            for line in re.sub(r"([|/])\n\s+", r"\1", lines.strip()).split("\n"):
                places = (place.replace("~", "").split("|") for place in line.split("/"))
                joined = tuple(tuple("".join(phrase.split()) for phrase in place) for place in places)
                templates.append(_Template(joined, role, language))
    long_words: dict[str, list[str]] = {}
    for word in sorted(words):
        if len(word) >= 5:
            long_words.setdefault(word[0], []).append(word)
    by_opening: dict[str, list[_Template]] = {}
    for template in templates:
        for opening in template.openings:
            by_opening.setdefault(opening, []).append(template)
    return _Phrasebook(by_opening, frozenset(words), long_words)


_NOT_SAID = re.compile(
    r"<a?:\w+:\d+>|<[@#][!&]?\d+>|:[a-z]\w+:"  # Discord's emoji, people and channels
    r"|(?<!\w)(?:[:;=][-'^o]?[)(dDpPoO3/|*]|[xX]D+|<3|\^\^)(?!\w)"  # :-)
)
_WORD = re.compile(r"[^\W_]+|[\U0001f000-\U0001faff\u2600-\u27bf\u2b50]")
_SKIN = re.compile("[\U0001f3fb-\U0001f3ff]")
_RUN = re.compile(r"(.{1,2}?)\1{2,}")  # « saluuut », "hahaha"


def _words(text: str) -> list[_Word]:
    spoken = _SKIN.sub(" ", _NOT_SAID.sub(lambda match: " " * len(match[0]), text))
    found = [_Word(fold(match[0]), *match.span()) for match in _WORD.finditer(spoken)]
    return [word._replace(key=_corrected(word.key)) for word in found[:MAX_CORRECTED]] + found[MAX_CORRECTED:]


def _corrected(word: str) -> str:
    """Return the word of the phrases that was meant, or the word itself."""
    book = _phrasebook()
    for written in (word, _RUN.sub(r"\1", word), _RUN.sub(r"\1\1", word)):
        if written in book.words:
            return written
    return next((right for right in book.long_words.get(word[0], ()) if _is_slip(word, right)), word)


def _is_slip(typed: str, right: str) -> bool:
    """Whether one slip lies between two words with the same first letter: two letters swapped, or one doubled.

    From seven letters on, also any one letter that is missing, wrong or too many: a shorter word with another letter
    is often another word, such as "tanks".
    """
    if len(typed) < 5 or abs(len(typed) - len(right)) > 1:
        return False
    at = next((i for i, (a, b) in enumerate(zip(typed, right, strict=False)) if a != b), min(len(typed), len(right)))
    if typed[at : at + 2] == right[at : at + 2][::-1] and typed[at + 2 :] == right[at + 2 :]:
        return True
    if len(right) >= 7:
        return right[at + 1 :] == typed[at + 1 :] or right[at + 1 :] == typed[at:] or right[at:] == typed[at + 1 :]
    return right[at:] == typed[at + 1 :] and typed[at] == typed[at - 1]


def _phrases(words: Sequence[_Word], start: int = 0) -> Iterator[_Phrase]:
    """Yield the phrases that follow one another from a word on, the longest first, up to a word that is in none."""
    said = "".join(word.key for word in words)
    offsets = list(accumulate((len(word.key) for word in words), initial=0))
    word_at = {offset: at for at, offset in enumerate(offsets)}
    templates = _phrasebook().templates
    while start < len(words):
        at = offsets[start]
        found = [
            (word_at[end], template)
            for opening in (said[at : at + 2], said[at])
            for template in templates.get(opening, ())
            for end in template.ends(said, at)
            if end in word_at and end > at
        ]
        if not found:
            return
        longest = max(end for end, _ in found)
        meant = [template for end, template in found if end == longest]
        languages = {template.language for template in meant}
        role = min((template.role for template in meant), key=_ROLES.index)
        yield _Phrase(start, longest, role, languages.pop() if len(languages) == 1 else None)
        start = longest


_PAUSE = re.compile(r"[,;:!.?…\n\U0001f000-\U0001faff]|\s[-–—]")
_PARTING = " ,;:!.?…\n\r\t\u00a0\u202f-–—"
_SMILEYS = " \u200d\ufe0f" + "".join(map(chr, [*range(0x1F300, 0x1F650), *range(0x1F900, 0x1FA00), 0x2764, 0x2728]))
"""Emoji at either end of a question, which say how it is meant and nothing of what is asked."""

_SENTENCE_END = re.compile(r"[?!.…\n]\s*(?=\S)")

_AROUND: frozenset[Role] = frozenset({*_COURTESIES, "after", "before", "asks", "urges"})
"""What may stand around a question, and is not searched."""

MAX_CLOSING = 16
"""Words at the end of a message in which the phrases are looked for that follow a question."""

_URGING = frozenset("stp svp plz pls plss please thx thnx thks tks tysm tia rn asap lol lmao mdr ptdr xd haha".split())
"""Words that urge or laugh, and are nothing else, so that no pause must part them from the question."""

_WITHOUT_COMMA: frozenset[Role] = frozenset({"greeting", "thanks"})

_OPENERS = frozenset(
    "comment combien pourquoi quand qui que quoi quel quelle quels quelles ou est es peut peux puis pouvez pourriez "
    "savez sais je j on il y faut c ca qu tu vous "
    "what who whom which where when why how is are can could do does did i we will would should has have may".split()
)
"""Words that open a question, where no comma parts it from the greeting: « bonjour comment m'inscrire »."""


def _opens_question(words: Sequence[_Word]) -> bool:
    return len(words) > 1 and words[0].key in _OPENERS


def _without_courtesies(text: str, words: Sequence[_Word], opening: Sequence[_Phrase]) -> str:
    """Return the question without what is said before it and after it; the text as it is where that is not sure."""
    start = _opening_end(text, words, opening)
    end = _closing_start(text, words, start)
    return text[start:end].lstrip(_PARTING if start else "").strip().rstrip(",;:").strip(_SMILEYS)


def _opening_end(text: str, words: Sequence[_Word], opening: Sequence[_Phrase]) -> int:
    """Return where the question starts: behind what is apart from it, or leads into it (« qqn sait si »)."""
    start = 0
    may_lack_comma = bool(opening) and opening[0].role in _WITHOUT_COMMA
    for phrase in opening:
        if phrase.role not in _AROUND or opening[0].role == "after":
            break
        spoken = words[phrase.end - 1].end
        is_apart = _PAUSE.search(text, spoken, words[phrase.end].start)
        leads_in = phrase.role == "asks" and phrase.end > phrase.start + 1
        opens = may_lack_comma and _opens_question(words[phrase.end :])
        if phrase.role != "before" and (is_apart or leads_in or opens):
            start = spoken
    return start


def _closing_start(text: str, words: Sequence[_Word], start: int) -> int:
    """Return where the question ends: before the phrases that fill the end of the text, apart from it or urging."""
    end = len(text)
    for at in range(len(words) - 1, max(len(words) - MAX_CLOSING, 0), -1):
        if words[at - 1].end <= start:
            break
        phrases = list(_phrases(words, at))
        if not phrases or phrases[-1].end < len(words) or not all(phrase.role in _AROUND for phrase in phrases):
            continue
        first, before = phrases[0], words[at - 1].end
        is_apart = _SENTENCE_END.search(text, before, words[at].start + 1) or _PAUSE.search(
            text, before, words[at].start
        )
        urges = words[at].key in _URGING or (first.role in ("urges", "thanks") and at < len(words) - 1)
        if (is_apart and first.role not in ("before", "asks")) or urges:
            end = words[at].start
    return end
