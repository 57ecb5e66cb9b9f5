"""A reply links to nothing: no address, no Markdown link or image, no mention.

Markdown hides where a link leads, and an address that a model makes up can carry the question out. Domains, accounts
and tags may be named as a passage names them. An address inside a quotation has become the name of its site before the
checks (`bot.chat.reply.sanitise`). One inside code must be that of a passage (`bot.chat.checks.commands`).
"""

import re
import unicodedata
from collections.abc import Iterator

from bot.chat.reply import LINK, Reply
from index.text import INVISIBLE

_MARKDOWN = re.compile(
    r"!?\[[^\[\]\n]*\]\(|!\[|^[ \t]*\[[^\[\]\n]+\]:[ \t]*\S|\[[^\[\]\n]+\]\[[^\[\]\n\d][^\[\]\n]*\]", re.MULTILINE
)
_MENTION = re.compile(r"@(?:everyone|here)\b|<(?:@[!&]?|#|/|:|a:|t:|id:)[^<>\n]*>", re.IGNORECASE)
_ELEMENT = re.compile(
    r"</?(?:a|img|image|script|iframe|svg|style|link|form|input|button|video|audio|source|object|embed|meta|base|body|div|span"
    r"|p|br)\b[^<>\n]*>?",
    re.IGNORECASE,
)
_ADDRESS = re.compile(
    r"(?<![a-z0-9+.-])(?:[a-z0-9+.-]{2,}+:[\\/]|(?:javascript|vbscript|data|mailto|tel|sms|file|discord|steam):(?=\S)"
    r"|www\.)[^\s<>«»“”\"]*",
    re.IGNORECASE,
)
_TAG = re.compile(r"<[^\s<>][^<>\n]*>")
_NAME = re.compile(
    r"[\w.+-]++@[\w-]+(?:\.[\w-]+)+"  # an e-mail address
    r"|(?<![\w@])@\w{2,}"  # an account
    r"|(?<![\w.@-])(?:[\w-]{2,}\.)+[a-z]{2,24}\b(?:[/?#][^\s<>«»“”\"]*)?"  # a domain, with its path
)


def check_links(reply: Reply) -> Iterator[str]:
    """Report what a front end may turn into a link, and the domains and accounts that no cited passage names."""
    shown = unicodedata.normalize("NFKC", INVISIBLE.sub("", reply.prose))
    if _MARKDOWN.search(shown):
        yield "The reply holds a Markdown link or image: write plain text."
    for found in (*_MENTION.finditer(shown), *_ELEMENT.finditer(shown)):
        yield f"The reply holds “{found[0]}”: mentions and HTML are not allowed."
    own_words = unicodedata.normalize("NFKC", " \n".join(claim.text for claim in reply.claims))
    quoted = unicodedata.normalize("NFKC", " \n".join(quote for claim in reply.claims for quote in claim.quotes))
    for found in (*_ADDRESS.finditer(own_words), *LINK.finditer(quoted)):
        yield f"“{found[0]}” is an address: quote the passage that gives it, or leave it out."
    rest = _ADDRESS.sub(" ", _ELEMENT.sub(" ", _MENTION.sub(" ", shown)))
    known = "\n".join(evidence.text for evidence in reply.evidence.values()).casefold()
    for found in (*_TAG.finditer(rest), *_NAME.finditer(rest)):
        if found[0].rstrip(".,;:!?)'").casefold() not in known:
            yield f"“{found[0]}” is not in the cited passages."
