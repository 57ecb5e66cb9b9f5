"""Whether a sentence and its translation say no as often: « ne … pas » and "not", « aucun » and "no".

Signs of negation are strong, such as « ne … jamais » and "never", or weak, such as « sans », « interdit » and "unless".
A strong one must have a partner on the other side: a strong one, or a weak one that has no partner of its own.
"""

import re
from itertools import pairwise
from typing import NamedTuple

from index.schema import Language

_NE = re.compile(r"\b(?:ne\b|n')", re.IGNORECASE)
_CLAUSE = re.compile(
    r"[.;:!?]|,(?!\d)|\b(?:mais|car|parce que)\b|\bet (?=(?:je|tu|il|elle|on|nous|vous|ils|elles)\b)", re.IGNORECASE
)
_SECOND = re.compile(  # of « ne »
    r"\b(?:pas|plus|jamais|rien|aucune?s?|personne|gu[èe]re|nul(?:le)?s?|ni|point)\b", re.IGNORECASE
)
_OPENING_SECOND = re.compile(r"\b(?:jamais|rien|aucune?s?|personne|nul(?:le)?s?|ni|pas une?)\b", re.IGNORECASE)
_NO_NEGATION = re.compile(  # « un grand pas », « pas à pas », « pas mal », « rien que », « à jamais »
    r"\b(?:une?|au|du|le|ce|son|chaque|faux|deux|trois|quelques|les|des|ces|ses|leurs?|grands?|petits?|premiers?"
    r"|derniers?) pas\b(?! (?:de |d'))|\bpas à pas\b|\bpas mal\b|\brien qu(?:e\b|')|\bà (?:tout )?jamais\b",
    re.IGNORECASE,
)
_AFTER_WITHOUT = re.compile(r"\bsans (?:(?:\S+ ){0,3}?)(?:rien|aucune?|personne|jamais)\b", re.IGNORECASE)
_BARE = re.compile(r"\b(?:pas|aucune?|rien|nulle part)\b|^\W*jamais\b", re.IGNORECASE)  # strong without « ne » too
_WEAK_FRENCH = re.compile(
    r"\b(?:sans|sauf|hormis|excepté|non|ni|jamais|impossibles?|incapables?|interdi\w+|défendue?s?|illéga\w+|invalides?"
    r"|inconnue?s?|indisponibles?|inutiles?|incorrect\w*|inexact\w*|insuffisant\w*|incompatib\w*|échou\w+|échecs?|refus\w+"
    r"|manqu\w+|absen\w+|défaut|évit\w+|empêch\w+|ignor\w+|désactiv\w+|oubli\w+|détest\w+|rarement|mal|(?<!un )peu"
    r"|seulement|uniquement|cess\w+|arrêt\w+|perd\w*|nul(?:le)?s?)\b",
    re.IGNORECASE,
)
_TAG = re.compile(r",\s*\w+n't (?:i|you|he|she|it|we|they|there)\s*\?", re.IGNORECASE)  # "…, couldn't we?"
_STRONG_ENGLISH = re.compile(
    r"\b(?:not|never|none|nothing|nobody|nowhere|neither|nor|cannot)\b|n't\b|\bno\b(?!\.? ?\d| doubt| matter)",
    re.IGNORECASE,
)
_WEAK_ENGLISH = re.compile(
    r"\b(?:without|unless|except\w*|only|non|forbid\w*|prohibit\w*|banned|illegal\w*|impossible|useless"
    r"|un(?:able|available|changed|defined|known|lawful\w*|like\w*|necessar\w+|safe|supported|used|wanted)"
    r"|in(?:correct|sufficient|complete|active|valid|accurate|visible|compatible|capable)\w*"
    r"|fail\w*|refus\w+|lack\w*|miss\w*|absen\w+|avoid\w*|prevent\w*|ignor\w+|disab\w+|hardly|barely|rarely|seldom|hate\w*"
    r"|dislike\w*|forg[eo]t\w*|stop\w*|los[est]\w*|badly|poorly|wrong\w*)\b",
    re.IGNORECASE,
)
_APOSTROPHES = str.maketrans("’‘ʼ", "'''")


class Negation(NamedTuple):
    """How many signs of negation a sentence has."""

    strong: int
    weak: int


def negation(sentence: str, language: Language) -> Negation:
    """Return the signs of negation in a sentence."""
    plain = " ".join(sentence.translate(_APOSTROPHES).split())
    if language == "en":
        paired = re.sub(r"\bneither\b(.*?)\bnor\b", r"neither\1", _TAG.sub("?", plain), flags=re.IGNORECASE)
        return Negation(len(_STRONG_ENGLISH.findall(paired)), len(_WEAK_ENGLISH.findall(plain)))
    return _french(_AFTER_WITHOUT.sub("sans", _NO_NEGATION.sub(" ", plain)))


def _french(plain: str) -> Negation:
    """Count « ne » with a second word as one strong sign, without one as a weak sign; other second words alone."""
    strong = weak = 0
    for clause in _CLAUSE.split(plain):
        particles = [particle.start() for particle in _NE.finditer(clause)]
        before = clause[: particles[0]] if particles else clause
        opens = bool(particles and _OPENING_SECOND.search(before))  # « Personne ne vient »
        strong += 0 if opens else len(_BARE.findall(before))
        for start, end in pairwise([*particles, len(clause)]):
            is_whole = opens or _SECOND.search(clause, start, end)
            strong, weak = (strong + 1, weak) if is_whole else (strong, weak + 1)
            opens = False
    return Negation(strong, weak + len(_WEAK_FRENCH.findall(plain)))


def agree(source: Negation, translated: Negation) -> bool:
    """Whether each strong sign of either sentence can have a partner in the other."""
    return _has_partners(source, translated) and _has_partners(translated, source)


def _has_partners(one: Negation, other: Negation) -> bool:
    return one.strong <= other.strong + max(0, other.weak - one.weak)
