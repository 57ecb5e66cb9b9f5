"""Dress a question as people type it: without accents, with slips, as key words, amid chat. Seeded."""

import random
import re
from collections.abc import Callable, Mapping
from itertools import product

from index.schema import Language
from index.text import content_words, fold

SLIPS = 2  # in a question, each in another word
SHORTEST = 4  # letters of a word that gets one

KEYBOARDS: Mapping[Language, tuple[str, ...]] = {
    "fr": ("azertyuiop", "qsdfghjklm", "wxcvbn"),
    "en": ("qwertyuiop", "asdfghjkl", "zxcvbnm"),
}

FRAMES: Mapping[Language, tuple[str, ...]] = {
    "fr": (
        "salut, qqn sait {} ? merci d'avance 🙏",
        "bonjour à toute l'équipe, petite colle du jour : {}",
        "yo la gang, {} ?? j'ai fouillé partout pis j'trouve rien",
        "hello hello ! question de débutant… {}",
        "scusez de déranger, {} svp c'est pour un travail d'école lol",
        "ok là chu mêlé, {}",
        "dsl si ça a déjà été demandé mais {} 😅",
        "mon boss veut savoir {} 🙄",
        "{} ? (urgent, mon cours commence dans dix minutes)",
        "vite fait : {} ? mercii bcp d'avance vous êtes au top ❤️",
        "je sais pas si c'est le bon canal, mais {}",
        "bon matin! y'a-tu quelqu'un qui pourrait me dire {}?",
    ),
    "en": (
        "hey all, dumb question but {}",
        "sorry if this was answered already 😅 {}",
        "ok so my teacher just asked us {} and i have no clue lol",
        "hii quick one: {} thx in advance!!",
        "yo anyone know {}",
        "not sure this is the right channel, {}",
        "{} ?? asking for a friend 👀",
        "been googling for an hour, still no idea {}",
        "good evening folks! first time posting here. {}",
        "can someone pls tell me {} 🙏🙏",
        "{} i need it for tomorrow tyvm",
        "umm random thought but {} haha",
    ),
}
"""Written without looking at the phrases that the bot strips, so that they measure it."""

_WORD = re.compile(r"[^\W\d_]+")
_END = re.compile(r"[\s?!.\u202f\u00a0]+\Z")


def bare(question: str, language: Language, chance: random.Random) -> str:
    """Return the question in lower case, without accents or signs; the apostrophe goes with them."""
    return " ".join(re.findall(r"\w+", fold(re.sub("['’]", "", question))))


def mistyped(question: str, language: Language, chance: random.Random) -> str:
    """Return the question with a slip in each of two words."""
    words = [word for word in _WORD.finditer(question) if len(word.group()) >= SHORTEST]
    for word in sorted(chance.sample(words, min(SLIPS, len(words))), key=lambda word: -word.start()):
        question = question[: word.start()] + slip(word.group(), language, chance) + question[word.end() :]
    return question


def slip(word: str, language: Language, chance: random.Random) -> str:
    """Return the word with a letter dropped, doubled, swapped with the next, or replaced by one beside it."""
    at = chance.randrange(len(word))
    kind = chance.choice(("beside", "dropped", "doubled", "swapped"))
    beside = _beside(fold(word[at]), KEYBOARDS[language])
    if kind == "beside" and beside:
        return word[:at] + chance.choice(beside) + word[at + 1 :]
    if kind == "dropped":
        return word[:at] + word[at + 1 :]
    if kind == "doubled":
        return word[:at] + word[at] + word[at:]
    at = min(at, len(word) - 2)
    return word[:at] + word[at + 1] + word[at] + word[at + 2 :]


def _beside(letter: str, rows: tuple[str, ...]) -> list[str]:
    """Return the keys around a letter: in its row, and those that touch it in the rows above and below."""
    for row, keys in enumerate(rows):
        at = keys.find(letter) if len(letter) == 1 else -1
        if at >= 0:
            near = [(row, at - 1), (row, at + 1), *product([row - 1], [at, at + 1]), *product([row + 1], [at - 1, at])]
            return sorted(rows[r][i] for r, i in near if 0 <= r < len(rows) and 0 <= i < len(rows[r]))
    return []


def key_words(question: str, language: Language, chance: random.Random) -> str:
    """Return the words of the question that do more than bind it together, as they are written."""
    kept = [word for word in re.findall(r"[\w-]+", question) if content_words(word, language)]
    return " ".join(kept) or question


def chatty(question: str, language: Language, chance: random.Random) -> str:
    """Return the question amid what people say around one."""
    asked = _END.sub("", question)
    return chance.choice(FRAMES[language]).format(asked[:1].lower() + asked[1:] if chance.random() < 0.5 else asked)


Dress = Callable[[str, Language, random.Random], str]

DRESSES: Mapping[str, Dress] = {
    "written": lambda question, language, chance: question,
    "bare": bare,
    "slips": mistyped,
    "key words": key_words,
    "chatty": chatty,
}
"""Each by its name in the table."""


def dressed(question: str, name: str, language: Language) -> str:
    """Return a question in a dress; the same question is always dressed alike."""
    return DRESSES[name](question, language, random.Random(f"{name} {question}"))
