"""Tell whether a question asks for a few words, such as a name or a price, or for something to read or to do."""

import re

from index.text import WORD, fold, words

_HOW_MUCH = re.compile(r"\bhow (?:many|much|long|old|far|often|big|tall|large|high|wide|deep|fast|heavy)\b")
_FEW_WORDS = re.compile(
    r"\b(?:qui|quand|combien|quel|quelle|(?:a|de) quoi|d'ou|who|whom|whose|when|where|what|whats|which)\b"
    r"|\bou (?:est|se|sont|a|ont|fut|etait|faut)\b|^\W*ou\b"
)
_MUCH = re.compile(
    r"\b(?:comment|cmt|pourquoi|pk|pq|quels|quelles|lesquel(?:le)?s|commandes?|etapes?|marche a suivre|procedure"
    r"|difference|(?:c'est|c) (?:quoi|koi)|qu'est[- ]ce|peut[- ]on|on peut|puis[- ]je|peux[- ]tu|faut[- ]il"
    r"|y a[- ]t[- ]il|je (?:peux|fais|dois|veux|voudrais)"
    r"|how|why|commands?|steps?|differences?|(?:can|could|should|may|do|does) (?:i|we|you|one)"
    r"|(?:what|which)(?: \w+){0,2} (?:are|were))\b"
    r"|^\W*(?:est[- ]ce|is|are|was|were|can|could|does|do|did|has|have|should|will|may)\b"
    r"|\bwhich (?:\w+ ){0,2}(?!was|is|has|does|his|its|this)\w+s\b"
)
_VERBAL = frozenset(
    "je j tu il elle on nous vous ils elles me m te t se s ce c ca que qu quoi lequel laquelle i you it he she we they "
    "est es sont etait etaient fut a ont avait fait faut peut peuvent is are was were be been do does did has have had "
    "can could will would should may must".split()
)
"""Words of a sentence: pronouns, verbs that help another."""

MAX_KEY_WORDS = 8
"""Words of which key words have no more: 0.89 of the questions of PIAF and 0.93 of SQuAD 2 dev without their function
words. Of the questions as they are written 32 of 3,943 and 3 of 4,143 are taken for key words, most of which are."""


def is_key_words(question: str) -> bool:
    """Return whether a message is key words and no sentence: « horaires du dimanche », "lost password"."""
    asked = fold(question)
    found = words(question)
    is_question = _FEW_WORDS.search(asked) or _MUCH.search(asked)
    return 0 < len(found) <= MAX_KEY_WORDS and not is_question and _VERBAL.isdisjoint(WORD.findall(asked))


def asks_for_words(question: str) -> bool:
    """Return whether a few words answer: who, when, where, how much; not how to, why, whether, which ones."""
    asked = _HOW_MUCH.sub("combien", fold(question).replace("’", "'"))
    return _FEW_WORDS.search(asked) is not None and _MUCH.search(asked) is None
