"""The common words of French and of English, with their inflected forms: `common_words.npz`.

`training/common_words.py` writes the file. Forms stand in the order of their keys, one a line, in an encoding of one
byte a letter, so that the keys are made from them all at once.
"""

import zlib
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from index.errors import IndexingError
from index.schema import LANGUAGES, Language
from index.text import fold
from index.wordlist import WordList

SHIPPED = Path(__file__).with_name("common_words.npz")

ENCODING = "iso8859-15"  # one byte a letter, with all those of French
STEPS = 2
FLOOR = -28.0
"""A step of the file is half an octave above a frequency of 2^-28 (4e-9); 0 is for words that are never proposed."""

_LIGATURES = {"œ": b"oe", "æ": b"ae"}
_LETTERS = bytes(range(256)).decode(ENCODING)
_PLAIN = bytes(ord(f) if len(f := fold(c)) == 1 and f.isascii() else i for i, c in enumerate(_LETTERS))


def load_common_words(path: Path = SHIPPED) -> dict[Language, WordList]:
    """Read the common words of each language.

    Raises:
        IndexingError: the file is missing or damaged.
    """
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
            return {language: _word_list(arrays, language) for language in LANGUAGES}
    except (OSError, EOFError, ValueError, KeyError, AttributeError, BadZipFile, zlib.error) as error:
        raise IndexingError(f"{path} is missing or damaged ({error}): install Babillard again") from error


def _word_list(arrays: Any, language: Language) -> WordList:
    forms: bytes = arrays[f"words_{language}"].tobytes()
    steps: NDArray[np.uint8] = arrays[f"steps_{language}"]
    plain = forms.translate(_PLAIN, delete=b"'")
    for letter, letters in _LIGATURES.items():
        plain = plain.replace(letter.encode(ENCODING), letters)
    keys = _rows(np.frombuffer(plain, np.uint8))
    ends = _line_ends(np.frombuffer(forms, np.uint8))
    if not len(keys) == len(ends) == len(steps):
        raise ValueError("the words and their frequencies do not fit together")
    frequencies = np.where(steps > 0, np.exp2(FLOOR + steps / np.float32(STEPS)), 0).astype(np.float32)

    def form(number: int) -> str:
        start = int(ends[number - 1]) + 1 if number else 0
        return forms[start : int(ends[number])].decode(ENCODING)

    return WordList(keys, frequencies, form)


def _line_ends(text: NDArray[np.uint8]) -> NDArray[np.int64]:
    return np.append(np.flatnonzero(text == ord("\n")), len(text))


def _rows(text: NDArray[np.uint8]) -> NDArray[np.bytes_]:
    """Return the lines of `text` as an array: in a third of the time that it takes to split it."""
    lengths = np.diff(_line_ends(text), prepend=-1) - 1
    rows = np.zeros((len(lengths), int(lengths.max())), np.uint8)
    rows[np.arange(rows.shape[1]) < lengths[:, None]] = text[text != ord("\n")]
    lines: NDArray[np.bytes_] = rows.view(f"S{rows.shape[1]}").ravel()
    return lines
