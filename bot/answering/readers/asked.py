"""Tell whether a question asks for a few words, such as a name or a price, or for something to read or to do."""

import re

from index.text import fold

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


def asks_for_words(question: str) -> bool:
    """Return whether a few words answer: who, when, where, how much; not how to, why, whether, which ones."""
    asked = _HOW_MUCH.sub("combien", fold(question).replace("’", "'"))
    return _FEW_WORDS.search(asked) is not None and _MUCH.search(asked) is None
