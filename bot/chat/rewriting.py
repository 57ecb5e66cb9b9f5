"""Take a model's rewriting of a follow-up only when it adds nothing to what was said."""

import re
from collections.abc import Sequence

from index.text import words

_NAME = re.compile(r"(?<!\w)(?:[A-ZÀ-ÖØ-ÞŒŸ][\w&-]*|\w*\d[\w.,]*)")


def accept(rewritten: str, question: str, earlier: Sequence[str], limit: int) -> str | None:
    """Return the rewriting; None when it is empty, too long, of several lines, or holds a name or a number of its own.

    Args:
        rewritten: what the model wrote.
        question: the follow-up.
        earlier: the questions before it.
        limit: characters.
    """
    text = rewritten.strip().strip("«»“”\"' \u00a0\u202f")
    if not text or len(text) > limit or "\n" in text:
        return None
    said = set(words(" ".join([question, *earlier])))
    return text if all(word in said for name in _names(text) for word in words(name)) else None


def _names(text: str) -> list[str]:
    """Return what is written with a capital or a digit, but for the first word, which always has one."""
    return [found.group() for found in _NAME.finditer(text) if found.start() or not found.group().isalpha()]
