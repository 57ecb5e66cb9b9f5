"""A reply is an answer: no order to a model, no frame of a prompt, no hidden character, no talk about itself.

Nor does it say what an order told: a content word that stands in an order, and in no cited passage, was smuggled in.
"""

import re
from collections.abc import Iterator

from bot.chat.checks.wording import Wording
from bot.chat.orders import FRAME, ORDER
from bot.chat.reply import Reply
from index.text import INVISIBLE, stems, words

_SELF = re.compile(
    r"\b(?:as an? (?:ai|artificial intelligence|(?:large )?language model|assistant)|i am (?:an? |now )?(?:ai|assistant|chatbot|bot|dan)\b"
    r"|i(?:'m| am| have been|'ve been) (?:instructed|told|programmed|allowed|free)|my (?:instructions|(?:system )?prompt|rules|guidelines"
    r"|programming|training)"
    r"|en tant qu['’](?:ia|assistante?|intelligence artificielle|agent|un modèle)|(?:je suis|moi,) (?:une? |désormais |maintenant )?(?:ia|assistante?"
    r"|robot|chatbot|bot|dan|modèle de lang)\b|(?:on m['’]a|j['’]ai (?:été|reçu)) (?:demandé|ordonné|programmée?|instruite?|pour (?:consigne|instruction))"
    r"|mes (?:consignes|instructions|règles|directives)|mon (?:prompt|invite|système|entraînement))",
    re.IGNORECASE,
)


def check_instructions(reply: Reply) -> Iterator[str]:
    """Report what has no place in an answer, unless a cited passage says the same."""
    if INVISIBLE.search(reply.text):
        yield "The reply holds invisible characters: write plain text."
    known = "\n".join(evidence.text for evidence in reply.evidence.values()).casefold()
    for pattern in (FRAME, ORDER, _SELF):
        for found in pattern.finditer(reply.text):
            if found[0].casefold() not in known:
                yield f"“{found[0].strip()}” does not answer: say only what the passages say."
    yield from _smuggled(reply)


def _smuggled(reply: Reply) -> Iterator[str]:
    """Report the words that only an order says."""
    ordered = {word for order in reply.orders for word in words(order)}
    wordings = [Wording(evidence) for evidence in reply.evidence.values()] if ordered else []
    found = [
        word
        for word in dict.fromkeys(words(reply.text))
        if word in ordered and word.isalpha() and stems(word, reply.language)
        if not any(wording.holds(word, reply.language) for wording in wordings)
    ]
    if found:
        named = ", ".join(f"“{word}”" for word in found)
        yield f"Only an instruction in the passages or in the question says {named}."
