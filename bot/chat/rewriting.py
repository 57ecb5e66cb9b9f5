"""Take a model's rewriting of a follow-up only when it adds nothing to what was said."""

from collections.abc import Sequence

from index.text import names, words


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
    return text if said.issuperset(_claims(text)) else None


def _claims(text: str) -> set[str]:
    """Return the words of the names of `text`, and all words with a digit: "mp3" says as much as a name."""
    named = {word for name in names(text) for word in words(name) if word.isalpha()}
    return named | {word for word in words(text) if not word.isalpha()}
