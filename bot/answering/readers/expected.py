"""Tell what kind of words a question asks for: how many, how much money, when. A quote without any is no answer.

Of the development questions of PIAF and SQuAD 2, the gold sentences hold none in few cases: where it is asked how many,
0 of 246 and 0 of 90; where things are counted that are no time and no money, 1 of 168 and 0 of 69 hold nothing but
those; when, 2 of 342 and 3 of 186; at what price, 0 of 1 and 0 of 3. Which ones do not (« Quelles formules ne
comprennent pas le sauna ? ») is told by a sentence that denies, 2 of 2 and 1 of 1; a list of those that do is the
opposite.
"""

import re

from index.text import fold

_NUMBERS = (
    r"\d|\b(?:deux|trois|quatre|cinq|six|sept|huit|neuf|dix|onze|douze|treize|quatorze|quinze|seize|vingts?|trente"
    r"|quarante|cinquante|soixante|cents?|mille|millions?|milliards?|zero|aucune?"
    r"|(?:diz|douz|vingt|trent|quarant|cinquant|soixant|cent)aines?|milliers?|moitie|tiers|double"
    r"|plusieurs|plupart|peu|quelques|autant|\w+iemes?|une? (?:seule?|an|annee|mois"
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
_UNITS = (
    r"(?:(?:heures?|h|hours?|minutes?|min|secondes?|seconds?|ans?|annees?|years?|jours?|days?|mois|months?|semaines?"
    r"|weeks?|siecles?|centur(?:y|ies)|euros?|dollars?|francs?|livres?|pounds?)\b|[€$£%])"
)
_COUNTS = rf"(?:{_NUMBERS})(?![\w.,-]*\s?(?:et une?\s)?{_UNITS})"
_DENIALS = (
    r"\b(?:ne|n['’]\w+|pas|sans|aucune?|jamais|ni|sauf|hors|hormis|excepte\w*|exclu\w*|non|not|no|never|without|except\w*"
    r"|exclud\w*|neither|nor|cannot)\b|n['’]t\b"
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
        (
            r"\bquel(?:le)?s\b(?:(?!\b(?:qui|que|dont|si)\b).)*\b(?:ne|n'\w+)\b.*\bpas\b"
            r"|\b(?:which|what) (?:\w+ )?\w+s (?:(?:do|are|have|can|may)(?: not|n't)|cannot)\b",
            _DENIALS,
        ),
        (rf"\b(?:combien d(?:e |')|how many )(?!temps\b|times\b|{_UNITS})", _COUNTS),
        (r"\b(?:combien|how (?:many|much|old|tall|high|far))\b", _NUMBERS),
    )
]


def expected(question: str) -> re.Pattern[str] | None:
    """Return what a folded text must hold to answer, or None where any words may."""
    asked = fold(question).replace("’", "'")
    return next((holds for asks, holds in _EXPECTED if asks.search(asked)), None)
