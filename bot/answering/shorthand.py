"""Write short forms out: « c koi le mdp » is « c’est quoi le mot de passe », "wdym" is "what do you mean".

The forms are those that texting and Québec's spoken French are described with: for French, C. Fairon, J. R. Klein and
S. Paumier, *Le langage SMS* (2006); for Québec, the Vitrine linguistique of the Office québécois de la langue
française and the dictionary Usito; for English, D. Crystal, *Txtng: the Gr8 Db8* (2008). A form that is a word of the
same language is left out, unless what follows it tells (« c où », « g pas »).
"""

import re
from collections.abc import Callable

from index.schema import Language
from index.text import fold

_SHORT: dict[Language, str] = {
    "fr": """
        koi quoi|kwa quoi|kel quel|kelle quelle|kels quels|kelles quelles|ki qui|ke que|kan quand|kand quand
        koman comment|cmt comment|cmnt comment|comen comment|commen comment|cb combien|cmb combien|cmbn combien
        cbien combien|kombien combien
        pk pourquoi|pq pourquoi|pkoi pourquoi|prk pourquoi|pourkoi pourquoi|pcq parce que|psk parce que|pck parce que
        qqn quelqu’un|qqun quelqu’un|qq1 quelqu’un|kelkun quelqu’un|qqch quelque chose|qqpart quelque part|qq quelques
        tt tout|tte toute|ttes toutes|tlm tout le monde|mm même|mtn maintenant|mnt maintenant|maintenan maintenant
        tjs toujours|tjr toujours|tjrs toujours|jms jamais|bcp beaucoup|bp beaucoup|ds dans|pdt pendant|dc donc
        avc avec|ns nous|lgtps longtemps|auj aujourd’hui|ajd aujourd’hui|ojd aujourd’hui|aujourdhui aujourd’hui
        aprem après-midi|rdv rendez-vous|mdp mot de passe|pb problème|pbm problème|pblm problème|msg message|num numéro
        ordi ordinateur|appart appartement|dispo disponible|asso association|dsl désolé|jsp je ne sais pas
        chui je suis|chuis je suis|chu je suis|jpeux je peux|jveux je veux|jdois je dois|jvais je vais|jfais je fais
        jai j’ai|jte je te|ya il y a|yavait il y avait|yaura il y aura|fo il faut|pa pas
        stun c’est un|stune c’est une|tse tu sais|icitte ici|pantoute pas du tout|astheure maintenant
        asteure maintenant|asteur maintenant|presentement maintenant|faque alors|fak alors|pis et|sacrant vite
        boss patron|job emploi|jobs emplois|char voiture|chars voitures|pogner attraper|pogne attrape|piastre dollar
        piastres dollars|magasiner acheter|chum conjoint|chums conjoints
    """,
    "en": """
        u you|ur your|urs yours|ure you’re|youre you’re|r are|wdym what do you mean|wym what do you mean|wut what
        wat what|wot what|wats what’s|wuts what’s|whats what’s|hows how’s|wheres where’s|whos who’s|whens when’s
        bc because|bcuz because|cuz because|coz because|cos because|b4 before|gonna going to|wanna want to|gotta have to
        lemme let me|gimme give me|kinda kind of|dunno don’t know|idk I don’t know|dont don’t|doesnt doesn’t
        didnt didn’t|isnt isn’t|arent aren’t|wasnt wasn’t|cant can’t|couldnt couldn’t|wont won’t|wouldnt wouldn’t
        shouldnt shouldn’t|havent haven’t|hasnt hasn’t|im I’m|ive I’ve|theyre they’re|thats that’s|theres there’s
        ppl people|sb somebody|smb somebody|sth something|smth something|any1 anyone|some1 someone|every1 everyone
        no1 no one|abt about|thru through|tho though|w with|w/ with|w/o without|btwn between|rn right now
        tmrw tomorrow|tmr tomorrow|2moro tomorrow|2nite tonight|tonite tonight|2day today|atm at the moment
        asap as soon as possible|pw password|pwd password|acct account|addr address|appt appointment|msg message
        pic picture|pics pictures|vid video|hrs hours|mins minutes|yrs years|wks weeks|diff difference|pls please
        plz please|dl download|govt government|dept department
    """,
}
_BEFORE_WORDS: dict[Language, tuple[tuple[str, str], ...]] = {  # short before these words alone, or for several words
    "fr": (
        (
            r"c(?= (?:koi|quoi|ki|qui|où|ou|kan|quand|comment|cmt|combien|cb|pas|bon|tu|le|la|les|une?|ça|ca|pour)\b)",
            "c’est",
        ),
        (r"s(?= (?:koi|quoi)\b)", "c’est"),
        (r"g(?= (?:pas|une?|l[ea]s?|plus|besoin|perdu|oubli[eé]|vu|lu|mis|fait|des|du|mal|d[eé]j[aà])\b)", "j’ai"),
        (r"est?[- ]ce[- ]?ke|eske?|esque", "est-ce que"),
        (r"kes[- ]?(?:ke|que)|keske?|qesque|qu[’']?est[- ]ce[- ]ke", "qu’est-ce que"),
    ),
    "en": (
        (r"(?<![\w,] )y(?= (?:do(?:es)?|did|is|are|was|were|can|cant|could|should|would|wont|dont|isnt)\b)", "why"),
    ),
}
_REPLACED = {
    language: [(re.compile(rf"(?<![\w'’-])(?:{short})(?!\w)", re.IGNORECASE), written) for short, written in pairs]
    for language, pairs in _BEFORE_WORDS.items()
}

_TU = re.compile(
    r"(?<![\w'’])(?P<said>(?:(?:je|il|elle|on|ça|ca|nous|vous|ils|elles|y) |[cj]['’])[\w'’]+|ya|yen a"
    r"|(?:(?:l[ae]|[mts]on|[mts]a|ce|cette|une?) |l['’])[\w-]+ (?:est|était|sera)"
    r"|(?:sont|ont|vont|peuvent|faut|doivent|étaient|seront))[- ]tu(?= |\?|$)",
    re.IGNORECASE,
)
"""Québec's *-tu* makes a question of a statement, whoever its subject is: « ça va-tu ? », « l’entrée est-tu libre ? ».
« Où est tu » is a slip for *es-tu*, so a verb in the singular needs its subject before it."""

_WORD = re.compile(r"(?<![\w@#/.’'-])[^\W_]+(?:/o?)?(?![\w@/’'-])(?!\.\w)")
_WRITTEN: dict[Language, dict[str, str]] = {
    language: dict(pair.strip().split(" ", 1) for pair in re.split(r"[|\n]", forms.strip()))
    for language, forms in _SHORT.items()
}


def written_out(question: str, language: Language, is_own: Callable[[str], bool] = lambda _: False) -> str:
    """Return the question with its short forms written out; all else is left as it was typed.

    Args:
        question: as it was typed.
        language: of the question; the forms of that language alone are read.
        is_own: whether the articles have a word; these stay: a club's « char » has a sail.
    """
    for short, written in _REPLACED[language]:
        question = short.sub(written, question)
    if language == "fr":
        question = _TU.sub(r"\g<said>", question)
    shouts = question.isupper()
    return _WORD.sub(lambda word: _word_out(word[0], language, shouts, is_own), question)


def _word_out(word: str, language: Language, shouts: bool, is_own: Callable[[str], bool]) -> str:
    """Return a word written out; not a sign in capitals, unless all is: R is a language, B4 a size of paper."""
    is_sign = word.isupper() and not (word.isalpha() and len(word) > 1) and not shouts
    written = _WRITTEN[language].get(fold(word))
    return word if is_sign or written is None or is_own(word) else written
