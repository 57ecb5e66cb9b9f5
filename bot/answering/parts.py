"""Cut a message that asks two things into its questions: « Combien coûte l’adhésion et quand ouvre la salle ? ».

Two things that are compared are two questions as well: each side is looked up under its name.
"""

import re
from collections.abc import Sequence

from bot.answering.answer import Citation, Reading
from bot.answering.citations import renumbered
from bot.answering.conversation import standalone
from index.schema import Language
from index.text import content_words

MAX_PARTS = 3

_ASKS: dict[Language, str] = {
    "fr": r"(?:(?:à|a|de|en|pour|par|avec|dans|depuis|sur) )?(?:combien|quand|où|qui|quel(?:le)?s?|comment|pourquoi"
    r"|qu['’]est|est[- ]ce|que (?:faut|dois)|peut[- ]on|puis[- ]je|y a[- ]t[- ]il)\b",
    "en": r"(?:(?:at|in|for|from|on|to|with) )?(?:how|when|where|who|whose|what|whats|which|why|can i|do i|is there)\b",
}
_ASKING = {language: re.compile(rf"\b{asks}", re.IGNORECASE) for language, asks in _ASKS.items()}
_BORDERS: dict[Language, re.Pattern[str]] = {
    language: re.compile(
        rf"(?:[?!.;]+\s*(?:(?:et|and|puis|then|also|aussi)\s+)?|,?\s+(?:et|and|&)\s+)(?={asks})", re.IGNORECASE
    )
    for language, asks in _ASKS.items()
}
_COMPARED: dict[Language, re.Pattern[str]] = {
    "fr": re.compile(r"\b(?:diff[ée]rences?|distinction|choisir|comparaison) entre (.+?) et (.+)", re.IGNORECASE),
    "en": re.compile(
        r"\b(?:(?:differences?|distinction|choose|comparison) between|compare) (.+?) (?:and|with|to) (.+)",
        re.IGNORECASE,
    ),
}
_VERSUS = re.compile(r"(.+?) (?:vs\.?|versus) (.+)", re.IGNORECASE)


def parts(question: str, language: Language, limit: int) -> tuple[str, ...]:
    """Return the questions of a message, each in words that stand alone, at most `MAX_PARTS`; () when it is one.

    Args:
        question: as it is searched.
        language: of the question.
        limit: characters of each.
    """
    if sides := _sides(question, language):
        return sides
    cut = [part.strip() for part in _BORDERS[language].split(question, MAX_PARTS - 1)]
    if len(cut) == 1 or not all(_is_question(part, language) for part in cut):
        return ()
    return tuple(standalone(part, cut[:n], limit) for n, part in enumerate(cut))


def _sides(question: str, language: Language) -> tuple[str, ...]:
    """Return the two names of what a question compares: « les formules Or et Argent », "the Gold and Silver plans".

    What both share is told once, before the first in French, behind the second in English.
    """
    found = _COMPARED[language].search(question) or _VERSUS.fullmatch(question)
    if found is None:
        return ()
    one, other = (side.strip(" \u00a0\u202f?!.,;") for side in found.groups())
    sizes = [len(content_words(side, language)) for side in (one, other)]
    if sizes[1] == 1 < sizes[0]:
        other = f"{one.rsplit(maxsplit=1)[0]} {other}"
    elif sizes[0] == 1 < sizes[1]:
        one = f"{one} {other.rsplit(maxsplit=1)[1]}"
    return (one, other) if all(sizes) else ()


def joined(readings: Sequence[Reading]) -> Reading | None:
    """Return one reading with the quotes of each that answers, each place once; None where none does.

    It is as sure as the least sure of them.
    """
    answering = [reading for reading in readings if reading.answers]
    if not answering:
        return None
    citations: list[Citation] = []
    for citation in (c for reading in answering for c in reading.citations):
        if not any(_overlap(citation, other) for other in citations):
            citations.append(citation)
    least = min(answering, key=lambda reading: reading.confidence - reading.threshold)
    more = next((reading.more for reading in answering if reading.more), "")
    return Reading(renumbered(citations), least.confidence, least.threshold, more=more)


def _overlap(one: Citation, other: Citation) -> bool:
    return one.chunk_id == other.chunk_id and one.start < other.end and other.start < one.end


def _is_question(part: str, language: Language) -> bool:
    """Whether a part has a question word, and words to search."""
    return _ASKING[language].search(part) is not None and bool(content_words(part, language))
