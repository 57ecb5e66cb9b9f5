"""Write `index/common_words.npz`: the common words of French and of English, which `index/common_words.py` reads.

    apt-get install hunspell hunspell-fr hunspell-en-us hunspell-en-gb hunspell-en-ca
    python -m training.common_words

wordfreq says how frequent each form is, over subtitles, news, books, the web and social media; the dictionaries of
LibreOffice say which of them are words and not the mistakes that people often make. For each language the file has
`words_xx`, the forms one a line, in the order of their keys, and `steps_xx`, half octaves of frequency.
"""

import argparse
import math
import re
import subprocess
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.common_words import ENCODING, FLOOR, SHIPPED, STEPS
from index.schema import LANGUAGES, Language
from index.text import fold
from index.wordlist import key_of

DICTIONARIES: dict[Language, tuple[str, ...]] = {"fr": ("fr_FR",), "en": ("en_US", "en_GB", "en_CA")}

LEAST: dict[Language, float] = {"fr": 4e-8, "en": 1.5e-7}
"""Frequency of the rarest word of a dictionary that is kept: French inflects more. That makes 86,000 French keys and
56,000 English ones, in 470 kB; with 2e-8 and 5e-8 it would be 103,000 and 74,000, in 586 kB."""

LEAST_NAME = 5e-7
LEAST_OTHER = 2e-6
"""The same for names, and for what no dictionary has: `tv`, `iphone`, `pq`. Of those below, one in ten is a mistake
(`occurence` 7e-7, `numero` 2.7e-6 among the last)."""

OWN_WORD = 0.05
"""Share of the frequency of a key from which the form without accents is a word of its own: `marche` beside `marché`,
but not `meme` beside `même`, which is 3 % of it in what people type."""

QUEBEC = (
    "achalandage achaler baladodiffusion bibitte cégépien cégépienne chialer clavarder débarbouillette dépanneur "
    "divulgâcher divulgâcheur égoportrait enfirouaper farfadet gougoune infolettre infonuagique magasinage magasiner "
    "magané niaiseux niaiserie pantoute pitonner placoter pourriel quétaine rançongiciel ressourcerie tabarnak tanné "
    "téléavertisseur téléverser tiguidou toutou tuque webdiffusion wébinaire"
)
"""Words of Québec that are rarer in what wordfreq read, or unknown to the dictionary."""

_APOSTROPHE: dict[Language, re.Pattern[str]] = {
    "fr": re.compile(r"aujourd'hui|quelqu'une?|presqu'îles?|prud'hom\w+"),  # others are elisions, told by rule
    "en": re.compile(
        r"(?:i|you|he|she|it|we|they|that|this|there|here|what|who|where|when|how|why|let)'(?:m|re|s|ve|ll|d)"
        r"|[a-z]+n't|(?:could|should|would|might|must)'ve|o'clock"
    ),
}
_ELISION = re.compile(r"(?:qu|[cdjlmnst])(?=[aeéèêiîouhy])")
_WORD = re.compile(r"[^\W\d_]{2,}")


def rejected(forms: Iterable[str], dictionaries: Iterable[str]) -> set[str]:
    """Return the forms that none of the dictionaries of hunspell has."""
    text = "\n".join(forms)
    unknown: set[str] | None = None
    for name in dictionaries:
        run = subprocess.run(
            ["hunspell", "-i", "utf-8", "-d", name, "-l"], input=text, capture_output=True, text=True, check=True
        )
        found = set(run.stdout.split("\n"))
        unknown = found if unknown is None else unknown & found
    return unknown or set()


def sift(
    frequencies: dict[str, float], unknown: Collection[str], unknown_names: Collection[str], language: Language
) -> Iterator[tuple[str, float]]:
    """Yield the forms that are kept with their frequency, which is 0 for those that are known and never proposed.

    Args:
        frequencies: of each form, in lower case.
        unknown: those that no dictionary has.
        unknown_names: those of which no dictionary has the form with a capital either.
        language: of the forms.
    """
    words = frequencies.keys() - unknown
    for form, frequency in frequencies.items():
        if _APOSTROPHE[language].fullmatch(form):
            yield form, frequency
        elif not _WORD.fullmatch(form) or not _fits(form):
            continue
        elif form not in unknown:
            if frequency >= LEAST[language]:
                yield form, frequency
        elif frequency >= (LEAST_OTHER if form in unknown_names else LEAST_NAME) and not _lacks_apostrophe(form, words):
            yield form, 0.0


def _lacks_apostrophe(form: str, words: Collection[str]) -> bool:
    """Whether a form that is no word is an elision and a word: `cest`, `jai`, `quil`."""
    elision = _ELISION.match(form)
    return elision is not None and form[elision.end() :] in words


def _fits(form: str) -> bool:
    return fold(form).isascii() and form.encode(ENCODING, "ignore").decode(ENCODING) == form


def by_key(forms: Iterable[tuple[str, float]]) -> dict[str, tuple[str, float]]:
    """Return for each key, in order, the form to write for it and the frequency of all of its forms."""
    groups: dict[str, dict[str, float]] = {}
    for form, frequency in forms:
        groups.setdefault(key_of(form), {})[form] = frequency
    return {key: (_written(key, group), sum(group.values())) for key, group in sorted(groups.items())}


def _written(key: str, group: dict[str, float]) -> str:
    own = group.get(key, 0.0)
    return key if own and own >= OWN_WORD * sum(group.values()) else max(group, key=lambda form: group[form])


def packed(words: dict[Language, dict[str, tuple[str, float]]]) -> dict[str, NDArray[np.uint8]]:
    """Return the arrays of the file."""
    arrays = {}
    for language, by in words.items():
        text = "\n".join(form for form, _ in by.values())
        arrays[f"words_{language}"] = np.frombuffer(text.encode(ENCODING), np.uint8)
        arrays[f"steps_{language}"] = np.array([_step(frequency) for _, frequency in by.values()], np.uint8)
    return arrays


def _step(frequency: float) -> int:
    return max(round(STEPS * (math.log2(frequency) - FLOOR)), 1) if frequency else 0


def main() -> None:
    """Ask wordfreq and the dictionaries, write the file, and say what is in it."""
    from wordfreq import get_frequency_dict

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=SHIPPED)
    arguments = parser.parse_args()
    words: dict[Language, dict[str, tuple[str, float]]] = {}
    for language in LANGUAGES:
        frequencies = get_frequency_dict(language, "large")
        unknown = rejected(frequencies, DICTIONARIES[language])
        capital = {form: form.title() for form in frequencies if form in unknown}
        unknown_names = rejected(capital.values(), DICTIONARIES[language])
        of_no_one = {form for form, name in capital.items() if name in unknown_names}
        forms = dict(sift(frequencies, unknown, of_no_one, language))
        if language == "fr":
            forms |= {word: max(frequencies.get(word, 0.0), LEAST["fr"]) for word in QUEBEC.split()}
        words[language] = by_key(forms.items())
    with arguments.out.open("wb") as file:
        np.savez_compressed(file, allow_pickle=False, **packed(words))
    counts = ", ".join(f"{len(by):,} {language}" for language, by in words.items())
    print(f"{arguments.out}: {counts}, {arguments.out.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
