"""Make words whole that a PDF divides at the end of a line: équi-/pages is one word, week-/end keeps its hyphen.

What the document writes elsewhere decides; then what language knows of compounds; else the hyphen goes.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise

MAX_WORD = 60  # characters
SOFT_HYPHEN = "\u00ad"

_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_LEFT = re.compile(r"(?P<start>(?:[^\W_]+['’-])*)(?P<last>[^\W_]+)$")
_RIGHT = re.compile(r"(?P<first>[^\W_]+)(?P<rest>(?:['’-][^\W_]+)*)")

# First parts of compounds: in 2.9 million lines of laws, manuals and talk in both languages they stand before a hyphen
# at least three times as often as they merely begin a word.
_FIRST = frozenset(
    """
    abat appuie après arrière casse celle celles celui ceux chauffe cinquante demi dix double eau elle elles essuie eux
    hors huit jean lieutenant lui mots neuf nord nouveau outre ouvre procès pseudo quarante quasi quatre quelques
    rendez rez royaume saint sainte sans sept six soixante sourd sud terre tiers trente trois vice vingt vis

    afro américano anglo arabo austro belgo canado franco germano gréco hispano indo israélo italo judéo luso nippo
    russo sino

    all brand cross eighty fifty first five forty full half heavy ninety second self seventy single sixty
    third thirty three twenty two user well zero
    """.split()
)
# These begin other words as well, which go on like this: libre-/ment, sous-/crire, week-/ly.
_FIRST_OFTEN = frozenset(
    """
    arc avant bas beau bec belle bien cale chasse chef chou compte coupe court couvre deux garde grand grands gratte
    grille haut haute lance lave libre mille mini moyen non nouvelle passe petit petite petits pince plate plus porte
    pot presse savoir semi sous taille tire tourne vide

    good hard high large left light long low near newly open real right short top week wide
    """.split()
)
_SUFFIX = re.compile(
    r"(?:ements?|ment|n?es?|s|r|n?t|eurs?|esses?|i?ers?|ières?|ly|est|ed|en|ing|ish|ness|ity|days?|wards?|father|mother"
    r"|coup|temps|ag\w+|fai\w+|tôt|ven\w+|heur|scrip\w*|cri\w+|tra[ciy]\w*|obstant|feuilles?|urs|uses?|antes?|ants?"
    r"|rait|ront|tures?|ances?|tés?|ir|ie?|is|it|sins?|ons?|tions?|colons?|nars?|the|ther|pre|prises?)$"
)
# Compounds whose first part begins too many other words.
_COMPOUNDS = frozenset(
    """
    aide-mémoire aide-soignant aide-soignante aides-soignants anti-inflammatoire auto-école auto-stop bien-fondé
    bloc-notes bon-papa cache-cache café-concert café-théâtre centre-ville centres-villes cerf-volant cerfs-volants
    chez-soi clin-d’œil co-président co-présidente contre-indication contre-jour coq-à-l’âne coupe-feu
    course-poursuite en-tête en-têtes entre-deux faux-filet fois-ci fois-là haut-parleur haut-parleurs hôtel-restaurant
    jour-là jours-ci laissez-passer location-vente mal-être mi-août mi-avril mi-chemin mi-février mi-hauteur mi-janvier
    mi-journée mi-juillet mi-juin mi-mai mi-mars mi-novembre mi-octobre mi-saison mi-septembre mi-temps micro-ondes
    micro-trottoir mot-clé mots-clés moment-là oiseau-lyre par-ci par-là par-dessus par-dessous peut-être
    pied-à-terre pied-de-biche pieds-nus point-virgule prêt-à-porter sang-froid serre-tête serre-livres station-service
    stations-service stop-over super-héros talkie-walkie tam-tam timbre-poste timbres-poste tout-petits tout-terrain
    trop-plein va-et-vient va-nu-pieds volte-face wagon-lit wagon-restaurant

    baby-sitter brother-in-law check-in check-out co-operate co-operation co-owner day-to-day drop-in drop-off
    face-to-face follow-up in-house know-how log-in mid-day mother-in-law on-call on-line on-site over-the-counter
    part-time passer-by pick-up pre-order roll-call set-up
    sign-in sign-up sister-in-law state-of-the-art step-by-step sub-zero
    take-away up-to-date walk-in work-life
    """.split()
)
# Last parts: pronouns after a verb, and the like.
_LAST = frozenset(
    """
    vous moi toi même mêmes dessus dessous dehors dedans delà ouest garou garous
    based century controlled driven friendly oriented owned powered producing related speaking specific style term up
    """.split()
)
_LAST_AFTER_VERB = frozenset("nous il ils elle elles on je tu ce y en lui leur là ci être".split())
_BEFORE_PRONOUN = re.compile(
    r"(?:\w*[^aeiouyéèêà]t|\w*[aeiou]it|est|peut|fut|fût|\w+ent|\w+ont|\w*d|suis|puis|dois|ai|celui|celle|ceux|celles|jusque)$"
)
_LINKING = frozenset("à a de d des du en l la le les au aux t et sur sous y to of the in and by".split())


class Hyphens:
    """Joins lines, by what the document writes."""

    def __init__(self, lines: Iterable[str]) -> None:
        """Learn the words that stand whole in the lines; the ends that may be divided are left out."""
        self._words: Counter[str] = Counter()
        after_division = False
        for line in lines:
            words = _WORD.findall(line.casefold())
            is_divided = line.endswith(("-", SOFT_HYPHEN))
            self._words.update(words[after_division : len(words) - is_divided])
            after_division = is_divided

    def join(self, lines: Sequence[str]) -> str:
        """Return lines as one text."""
        ends = [self.end(line, following) for line, following in pairwise(lines)]
        return "".join([*ends, *lines[-1:]])

    def end(self, line: str, following: str) -> str:
        """Return a line as it must end for the one after it to follow: with a space, a hyphen, or neither."""
        if line.endswith(SOFT_HYPHEN):
            return line[:-1]
        left, right = _LEFT.search(line[-MAX_WORD:-1]), _RIGHT.match(following)
        if not line.endswith("-") or left is None or right is None:
            return f"{line} "
        return line if self._keeps_hyphen(left, right) else line[:-1]

    def _keeps_hyphen(self, left: re.Match[str], right: re.Match[str]) -> bool:
        if not right["first"][0].islower() or left["last"][-1].isdigit():
            return True
        last, first = left["last"].casefold(), right["first"]
        if f"{last}-{first}" in _COMPOUNDS or f"{last}-{right[0]}" in _COMPOUNDS:
            return True
        seen_joined = self._words[left[0].casefold() + right[0]] + self._words[last + first]
        seen_apart = self._words[f"{left[0].casefold()}-{right[0]}"] + self._words[f"{last}-{first}"]
        if seen_joined or seen_apart:
            return seen_apart > seen_joined
        if (right["rest"][:1] == "-" and first in _LINKING) or (left["start"][-1:] == "-" and last in _LINKING):
            return True
        if first in _LAST or (first in _LAST_AFTER_VERB and _BEFORE_PRONOUN.match(last)):
            return True
        if last == "ex" and first[0] in "bdfgjmnrv":  # the ex-mayor; no word goes on like that
            return True
        return last in _FIRST or (last in _FIRST_OFTEN and not _SUFFIX.match(first))
