"""Tell what kind of words a question asks for: how many, how much money, when. A quote without any is no answer.

Of the development questions of PIAF and SQuAD 2, the gold sentences hold none in few cases: where it is asked how many,
0 of 246 and 0 of 90; when, 2 of 342 and 3 of 186; at what price, 0 of 1 and 0 of 3.
"""

import re

from index.text import fold

_NUMBERS = (
    r"\d|\b(?:deux|trois|quatre|cinq|six|sept|huit|neuf|dix|onze|douze|treize|quatorze|quinze|seize|vingts?|trente"
    r"|quarante|cinquante|soixante|cents?|mille|millions?|milliards?|zero|aucune?|dizaines?|douzaines?|centaines?"
    r"|milliers?|moitie|tiers|double|plusieurs|plupart|peu|quelques|autant|\w+iemes?|une? (?:seule?|an|annee|mois"
    r"|semaine|jour|heure|minute|fois|siecle)|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen"
    r"|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
    r"|hundreds?|thousands?|billions?|dozens?|half|none|no|single|once|twice|both|few|several|many|most)\b"
)
_MONEY = (
    r"[€$£¥¢]|\b(?:euros?|dollars?|francs?|livres?|pounds?|sterling|yens?|cad|usd|eur|gratuit\w*|free"
    r"|\d+ cents?)\b"
)
_TIMES = (
    r"\d|\b(?:janvier|fevrier|mars|avril|mai|juin|juillet|aout|septembre|octobre|novembre|decembre|january|february"
    r"|march|april|may|june|july|august|september|october|november|december|lundi|mardi|mercredi|jeudi|vendredi|samedi"
    r"|dimanche|monday|tuesday|wednesday|thursday|friday|saturday|sunday|hier|demain|aujourd|matin|soir|midi|minuit"
    r"|nuit|jours?|journee|semaines?|week[- ]?ends?|mois|ans?|annees?|siecles?"
    r"|moyen age|antiquite|renaissance|regne|guerre|revolution|days?|weeks?|months?|years?|century"
    r"|morning|evening|night|noon|midnight|today|tomorrow|yesterday|heures?|hours?|o'clock|printemps|ete|automne|hiver"
    r"|spring|summer|autumn|fall|winter|apres|avant|pendant|lors|quand|lorsque|depuis|debut|fin|epoque|veille"
    r"|lendemain|noel|paques|after|before|during|when|until|since|beginning|end|era|period|christmas|easter)\b"
)
_EXPECTED = [
    (re.compile(asks), re.compile(holds))
    for asks, holds in (
        (
            r"\bcombien (?:ca |cela )?(?:coute|vaut|faut[- ]il payer)|\b(?:quel est le |a quel )(?:prix|tarif|cout)\b"
            r"|\bhow much (?:does|do|did|would|is|are|was)\b.*\b(?:cost|price|charged?|pay)"
            r"|\bwhat is the (?:price|cost)\b",
            _MONEY,
        ),
        (
            r"^\W*(?:quand|when|en quelle annee|a quelle (?:date|heure|epoque)|depuis quand|what (?:year|time|date)"
            r"|(?:in|on) (?:what|which) (?:year|date|day))\b",
            _TIMES,
        ),
        (r"\b(?:combien|how (?:many|much|old|tall|high|far))\b", _NUMBERS),
    )
]


def expected(question: str) -> re.Pattern[str] | None:
    """Return what a folded text must hold to answer, or None where any words may."""
    asked = fold(question).replace("’", "'")
    return next((holds for asks, holds in _EXPECTED if asks.search(asked)), None)
