"""What stands between quotation marks is in a cited passage, word for word; a link is as good as its site's name."""

import re
import unicodedata
from collections.abc import Iterator

from bot.chat.reply import Reply, without_links

_FORMS = str.maketrans(
    {c: form for form, alike in {"'": "’‘ʼ`´′", '"': "«»“”„″", "-": "‐‑–—−"}.items() for c in alike} | {"…": "..."}
)
_SPACE_BEFORE = re.compile(r"\s+(?=[;:!?%)\]])")  # of French typography
_END = " .,;:!?\"'"


def check_quotes(reply: Reply) -> Iterator[str]:
    """Report quotations that no cited passage holds."""
    quotable = {n: plain_quote(without_links(evidence.text)) for n, evidence in reply.evidence.items()}
    for claim in reply.claims:
        for quote in claim.quotes:
            plain = plain_quote(quote).strip(_END)
            whole = re.compile(rf"(?<!\w){re.escape(plain)}(?!\w)")
            if plain and not any(whole.search(quotable[n]) for n in claim.passages):
                yield f"“{quote.strip()}” is not in the cited passage word for word."


def plain_quote(text: str) -> str:
    """Return `text` with one form of space, apostrophe, quotation mark, dash and accent.

    Two texts are the same quotation when these are equal: nothing that a reader would call another word is lost.
    """
    unified = unicodedata.normalize("NFC", text).translate(_FORMS).replace('"', " ")
    return _SPACE_BEFORE.sub("", " ".join(unified.split()))
