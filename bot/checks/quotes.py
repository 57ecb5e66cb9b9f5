"""What stands between quotation marks is in a cited passage, word for word."""

import re
import unicodedata
from collections.abc import Iterator

from bot.checks.failure import Failure
from bot.checks.reply import Reply
from index.schema import Chunk

_FORMS = str.maketrans(
    {c: form for form, alike in {"'": "’‘ʼ`´′", '"': "«»“”„″", "-": "‐‑–—−"}.items() for c in alike} | {"…": "..."}
)
_SPACE_BEFORE = re.compile(r"\s+(?=[;:!?%)\]])")  # of French typography
_END = " .,;:!?\"'"


def check_quotes(reply: Reply) -> Iterator[Failure]:
    """Report quotations that no cited passage holds."""
    for claim in reply.claims:
        for quote in claim.quotes:
            plain = plain_quote(quote).strip(_END)
            if plain and not any(plain in passage_text(passage) for passage in claim.passages):
                yield Failure("quotes", f"“{quote.strip()}” is not in the cited passage word for word.")


def plain_quote(text: str) -> str:
    """Return `text` with one form of space, apostrophe, quotation mark, dash and accent.

    Two texts are the same quotation when these are equal: nothing that a reader would call another word is lost.
    """
    unified = unicodedata.normalize("NFC", text).translate(_FORMS).replace('"', " ")
    return _SPACE_BEFORE.sub("", " ".join(unified.split()))


def passage_text(passage: Chunk) -> str:
    """Return what may be quoted of a passage: its title and its text."""
    return f"{plain_quote(passage.title)}\n{plain_quote(passage.text)}"
