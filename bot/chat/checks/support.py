"""Every sentence of a reply is about what its passage says: it shares content words with it."""

from collections.abc import Iterator

from bot.chat.checks.wording import Wording
from bot.chat.reply import Claim, Reply
from index.schema import Language
from index.text import stems, words

MIN_SHARE = 0.3
"""The share of a sentence's content words that its passage must hold. Below it, on PIAF and SQuAD 2, fall 0.010 and
0.003 of the questions with their answers, in people's own words; 0.90 and 0.87 of the sentences under another paragraph
of their article, and 0.997 under another article. With 0.4 these are 0.027 and 0.007, 0.95 and 0.96, and 0.999.
Across languages, on Debian's FAQ: 0.010 of its French sentences under the English passage and none of the English ones
under the French; 0.69 and 0.67 under a wrong passage. Without the lexicon the first two are 0.19 and 0.13."""

_FRAMING = frozenset(
    "oui non article articles passage passages texte textes source sources document documents selon indique indiquent "
    "precise mentionne explique dit ecrit question reponse voici ainsi resume bref "
    "yes no according text texts says say states state mentions explains said answer answers short "
    "summary".split()
)
"""Words that say where an answer comes from."""


def check_support(reply: Reply) -> Iterator[str]:
    """Report sentences that have too few words in common with the passages they cite."""
    wordings = {n: Wording(evidence) for n, evidence in reply.evidence.items()}
    for claim in reply.claims:
        share = _share(claim, wordings, reply.language)
        if share is not None and share < MIN_SHARE:
            yield f"“{' '.join(claim.text.split())}” is not what the cited passage says."


def _share(claim: Claim, wordings: dict[int, Wording], language: Language) -> float | None:
    """Return the share of a claim's content words that a cited passage holds; None for a quotation, or without any.

    The words of code in a line belong to the sentence: « Lancez `apt update` » says little without them.
    """
    own = " ".join([claim.text, *(copied.text for copied in claim.copied if copied.kind == "inline")])
    content = [word for word in words(own) if word not in _FRAMING and stems(word, language)]
    if not content or claim.quotes:
        return None
    held = sum(any(wordings[n].holds(word, language) for n in claim.passages) for word in content)
    return held / len(content)
