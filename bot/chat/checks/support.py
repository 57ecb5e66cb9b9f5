"""Every sentence of a reply is about what its passage says: it shares content words with it."""

from collections.abc import Iterator

from bot.chat.checks.wording import Wording
from bot.chat.reply import Claim, Reply
from index.schema import Language
from index.text import stems, words

SHARE = 0.3
"""Of the content words of a sentence, those that its passage holds at the least. On PIAF and SQuAD 2, questions
with their answers, in people's own words, fall below for 0.010 and 0.003; sentences under another paragraph of their
article for 0.90 and 0.87, of another article for 0.997. At 0.4: 0.027 and 0.007; 0.95 and 0.96; 0.999.
Across languages, Debian's FAQ in the other one: 0.010 in French, 0.000 in English; under a wrong passage 0.69 and 0.67;
without the lexicon 0.19 and 0.13."""

_FRAMING = frozenset(
    "oui non article articles passage passages texte textes source sources document documents selon indique indiquent "
    "precise mentionne explique dit ecrit question reponse voici ainsi resume bref "
    "yes no according text texts says say states state mentions explains said answer answers short "
    "summary".split()
)
"""Words that say where an answer comes from."""


def check_support(reply: Reply) -> Iterator[str]:
    """Report sentences in the reply's own words of which the cited passages hold too few."""
    wordings = {n: Wording(evidence) for n, evidence in reply.evidence.items()}
    for claim in reply.claims:
        share = _share(claim, wordings, reply.language)
        if share is not None and share < SHARE:
            yield f"“{' '.join(claim.text.split())}” is not what the cited passage says."


def _share(claim: Claim, wordings: dict[int, Wording], language: Language) -> float | None:
    """Return the share of content words that a cited passage holds; None when there is none to hold."""
    content = [word for word in words(claim.text) if word not in _FRAMING and stems(word, language)]
    if not content or claim.quotes:
        return None
    held = sum(any(wordings[n].holds(word, language) for n in claim.passages) for word in content)
    return held / len(content)
