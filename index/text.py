"""What every stage asks of a text: its words, their stems, its names, and what of it can be seen.

Words are in lower case, without accents or elisions: `l’école` and `ecole` are one word. Function words, which only
bind a sentence together, have no stem.
"""

import re
import threading
import unicodedata

import Stemmer

from index.schema import Language

WORD = re.compile(r"[^\W_]+(?:[.,]\d+)*")
_ELISION = re.compile(r"\b(?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu|quoiqu)['’ʼ](?=\w)", re.IGNORECASE)
_POSSESSIVE = re.compile(r"['’ʼ]s\b", re.IGNORECASE)
_NAME = re.compile(r"(?<!\w)(?:\w+\+|[A-ZÀ-ÖØ-ÞŒŸ][\w&-]*|\d[\d.,]*)")

INVISIBLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ufe00-\ufe0e\ufeff\uffa0\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e0fff]"
)
"""What a reader does not see, and what can hide a word or turn it round: control characters, zero widths, soft
hyphens, marks of direction, fillers, tags, lone surrogates. White space is not part of it, nor what gives an emoji its
colour."""

BLANK = re.compile("[\t\n\f\r\u1680\u200b-\u200f\u2028\u2029\u2581\ufeff\ufffd]")
VOID = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f\x8f\x9f\ud800-\udfff]")
"""What the tokenizer of XLM-R reads as a space, and what it does not read: the rule `nmt` of SentencePiece, and lone
surrogates, which no encoding can write."""

_FUNCTION_WORDS: dict[Language, frozenset[str]] = {
    "fr": frozenset(
        "a ai ainsi alors apres as au aucun aucune aussi autre autres aux avait avaient avant avec avez avoir "
        "avons ayant c ca car ce ceci cela celle celles celui ces cet cette ceux chaque chez ci combien "
        "comme comment d dans de depuis des dont du elle elles en entre es est et etaient etait etant etc "
        "ete etes etre eu eut eux fait faut font fut furent ici il ils j je l la laquelle le lequel les "
        "lesquelles lesquels leur leurs lors lui m ma mais me meme memes mes moi mon n ne ni nos notre nous "
        "on ont ou par parce pas pendant peu peut peuvent plus pour pourquoi puis qu quand que quel quelle "
        "quelles quels qui quoi s sa sans se sera seront ses si soit son sont sous suis sur t ta te tes toi "
        "ton tous tout toute toutes tres tu un une va vers vos votre vous y".split()
    ),
    "en": frozenset(
        "a about after all also am an and any are as at be because been before being both but by can could d "
        "did do does doing during each for from had has have having he her here hers him his how i if in "
        "into is it its itself ll many me might more most much must my no nor not of off on once or other "
        "our ours out over own re s same she should so some such t than that the their theirs them then "
        "there these they this those through to too under until up us ve very was we were what when where "
        "which while who whom whose why will with would you your yours".split()
    ),
}


_ACCENTED: dict[Language, frozenset[str]] = {
    "fr": frozenset(
        "à ça çà été être même mêmes où étaient était étant êtes après là dès dû eût fût nôtre vôtre".split()
    ),
    "en": frozenset(),
}
"""Function words that are written with accents. Any other accented word is one of content, though without its accents
it were a function word: « maïs », « dés », « thé » in an English question."""


def fold(text: str) -> str:
    """Return `text` in lower case without accents or ligatures: « Œuvre » and `oeuvre` are equal."""
    if text.isascii():  # most words: eight times as quick
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text.casefold().replace("œ", "oe").replace("æ", "ae"))
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def words(text: str) -> list[str]:
    """Return the folded words of `text` in order, elisions and possessives cut off."""
    return WORD.findall(fold(_bare(text)))


def written_words(text: str) -> list[str]:
    """Return the words of `text` as they are written, in order, elisions and possessives cut off."""
    return WORD.findall(unicodedata.normalize("NFKC", _bare(text)))


def _bare(text: str) -> str:
    return _POSSESSIVE.sub("", _ELISION.sub("", text))


class _Stemmers(threading.local):
    """One pair of stemmers a thread: a Snowball stemmer keeps state while it works."""

    def __init__(self) -> None:
        self.by_language = {"fr": Stemmer.Stemmer("french"), "en": Stemmer.Stemmer("english")}


_STEMMERS = _Stemmers()


def content_words(text: str, language: Language) -> list[str]:
    """Return the folded words of `text` that do more than bind a sentence together, in order, repeats kept."""
    bare, accented = _FUNCTION_WORDS[language], _ACCENTED[language]
    found = ((word.casefold(), fold(word)) for word in written_words(text))
    return [folded for word, folded in found if folded not in bare or (word != folded and word not in accented)]


def stem_words(folded: list[str], language: Language) -> list[str]:
    """Return the stem of each folded word, same order."""
    stemmed: list[str] = _STEMMERS.by_language[language].stemWords(folded)
    return stemmed


def stems(text: str, language: Language) -> list[str]:
    """Return the stems of the content words of `text`, in order, repeats kept."""
    return stem_words(content_words(text, language), language)


def names(text: str) -> list[str]:
    """Return the names and the numbers of `text` as they are written, in order.

    A name has a capital and does not open the text; one with a sign or a digit in it counts anywhere (Disney+, A380).
    """
    opening = len(text) - len(text.lstrip())
    found = _NAME.finditer(text)
    return [name.group() for name in found if name.start() > opening or not name.group().isalpha()]


def visible(text: str, keep: str = "\n\t", instead: str = "") -> str:
    """Return `text` without what could drive a terminal: anything may stand in an article or in the name of a file.

    Args:
        text: what to show; French spaces stay in it.
        keep: the control characters that stay.
        instead: what to show for each character that goes.
    """
    return "".join(c if c.isprintable() or c in keep or c in "\u00a0\u202f" else instead for c in text)
