"""The reply is in the language that was asked for."""

from collections.abc import Iterator

from bot.chat.reply import Reply
from index.language import detect_language

_NAMES = {"fr": "French", "en": "English"}


def check_language(reply: Reply) -> Iterator[str]:
    """Report a reply in another language, quotations apart; "42 [1]" tells nothing and is let through."""
    own_words = " ".join(claim.text for claim in reply.claims)
    prose = own_words if any(c.isalpha() for c in own_words) else reply.text
    detected = detect_language(prose, fallback=reply.language)
    if detected.foreign or detected.language != reply.language:
        yield f"The reply is not in {_NAMES[reply.language]}: write all of it in {_NAMES[reply.language]}."
