"""Learn the bilingual lexicon that `index/translation.py` reads, from sentences and their translations.

    python -m training.lexicon en-fr.tsv.gz

Reads `English<tab>French<tab>source` lines; writes `index/lexicon.npz`: English and French stems that translate each
other, and how well. The weight of a pair is the geometric mean of the two translation probabilities, P(fr | en) and
P(en | fr), each by IBM model 1 (Brown et al., *The Mathematics of Statistical Machine Translation*, 1993) over the
sets of content stems. Nothing is random: the same lines give the same file, byte for byte.
"""

import argparse
import gzip
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.bm25 import TERM_BYTES
from index.text import stems
from index.translation import SHIPPED

LEFT_OUT = frozenset({"freedict_words", "diabla_dialogue"})
"""A dictionary under the GPL and dialogues under CC BY-SA: the lexicon keeps clear of both."""

THINNED = frozenset({"canada_laws", "canada_annual_statutes"})
ONE_IN = 5
"""Law is half of the lines: one line in five is read."""

MAX_STEMS = 25  # of a sentence, for the pairs grow with the square; 95 % of the sentences have no more
MIN_SENTENCES = 5
"""Sentences that hold a stem. R@5 of English questions on PIAF dev with 3, 5, 10 and 20: 0.950, 0.950, 0.933 and 0.917,
in files of 236, 178, 129 and 94 kB; of French ones on SQuAD 2 dev 0.983 with each."""

MIN_TOGETHER = 2  # sentences in which two stems meet
ROUNDS = 5  # of expectation and maximisation, as Brown et al. do
NOTHING = 0.2  # share of a stem that translates no word: the empty word of Brown et al., by how often the stem occurs

MIN_WEIGHT = 0.07
MAX_TRANSLATIONS = 3
"""Of a stem. MRR@10 of English questions on PIAF dev is 0.828, 0.819 and 0.814 with weights from 0.07, 0.1 and 0.15,
R@5 0.950 with each; French ones on SQuAD 2 dev do not tell them apart. Four or six
translations do no better than three."""


class Lines(NamedTuple):
    """Sentence i has the stems `ids[starts[i]:starts[i + 1]]`, each once."""

    terms: list[str]
    ids: NDArray[np.int64]
    starts: NDArray[np.int64]


def read_pairs(path: Path) -> Iterator[tuple[list[str], list[str]]]:
    """Yield the distinct English and French stems of each pair of sentences that is used."""
    law = 0
    with gzip.open(path, "rt", encoding="utf-8", newline="\n") as lines:
        for line in lines:
            english, french, source = line.rstrip("\n").split("\t")
            if source in LEFT_OUT:
                continue
            if source in THINNED:
                law += 1
                if law % ONE_IN:
                    continue
            pair = _content(stems(english, "en")), _content(stems(french, "fr"))
            if all(0 < len(side) <= MAX_STEMS for side in pair):
                yield pair


def _content(found: Iterable[str]) -> list[str]:
    """Return each stem once, without numbers and single letters, which need no translation."""
    return list(dict.fromkeys(s for s in found if len(s) > 1 and s.isalpha()))


def number(sentences: list[list[str]]) -> Lines:
    """Return the sentences as numbers of stems; stems in too few sentences are dropped."""
    counts = Counter(stem for sentence in sentences for stem in sentence)
    terms = sorted(stem for stem, count in counts.items() if count >= MIN_SENTENCES)
    ids = {stem: i for i, stem in enumerate(terms)}
    numbered = [[ids[stem] for stem in sentence if stem in ids] for sentence in sentences]
    starts = np.cumsum([0, *map(len, numbered)], dtype=np.int64)
    return Lines(terms, np.array([i for sentence in numbered for i in sentence], np.int64), starts)


class Cells(NamedTuple):
    """Each meeting of an English and a French stem in a pair of sentences, one entry each."""

    pair: NDArray[np.int64]  # row of `pairs`
    english: NDArray[np.int64]  # where the stem stands in the English lines
    french: NDArray[np.int64]  # where the stem stands in the French lines
    pairs: NDArray[np.int64]  # (n, 2): numbers of the English and of the French stem


def meet(english: Lines, french: Lines) -> Cells:
    """Return the meetings of the pairs of stems that meet often enough."""
    wide = np.diff(french.starts)
    across = np.repeat(wide, np.diff(english.starts))  # how many French stems each English one meets
    at_english = np.repeat(np.arange(len(english.ids)), across)
    first = np.repeat(french.starts[:-1], np.diff(english.starts))
    at_french = np.arange(len(at_english)) - np.repeat(np.cumsum(across) - across - first, across)
    key = english.ids[at_english] * len(french.terms) + french.ids[at_french]
    known, row, count = np.unique(key, return_inverse=True, return_counts=True)
    often = count >= MIN_TOGETHER
    kept = often[row]
    number_of = np.cumsum(often) - 1
    pairs = np.stack(np.divmod(known[often], len(french.terms)), axis=1)
    return Cells(number_of[row[kept]], at_english[kept], at_french[kept], pairs)


def translate(
    cells: Cells, given: NDArray[np.int64], of: NDArray[np.int64], at: NDArray[np.int64], ids: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Return the probability of each pair's second stem given its first, by IBM model 1.

    `bincount` adds in order, so that every machine rounds alike.

    Args:
        cells: the meetings.
        given: the first stem of each pair.
        of: the second.
        at: where the second stands in its lines, for each meeting.
        ids: the stems of those lines.
    """
    often = np.bincount(ids)
    nothing = NOTHING * often / len(ids)
    probability = np.full(len(given), 1.0)
    for _ in range(ROUNDS):
        weight = probability[cells.pair]
        total = np.bincount(at, weight, minlength=len(ids)) + nothing[ids]
        expected = np.bincount(cells.pair, weight / total[at], minlength=len(given))
        probability = expected / np.bincount(given, expected)[given]
    return probability


def learn(sentences: Iterable[tuple[list[str], list[str]]]) -> dict[str, NDArray[np.generic]]:
    """Return the arrays of the lexicon, by the names of the parameters of `index.translation.Lexicon`."""
    both = list(sentences)
    english, french = number([e for e, _ in both]), number([f for _, f in both])
    cells = meet(english, french)
    left, right = cells.pairs.T
    forth = translate(cells, left, right, cells.french, french.ids)
    back = translate(cells, right, left, cells.english, english.ids)
    weights = np.sqrt(forth * back)
    good = weights >= MIN_WEIGHT
    good &= (_rank(left, weights) < MAX_TRANSLATIONS) | (_rank(right, weights) < MAX_TRANSLATIONS)
    same = np.array([english.terms[e] == french.terms[f] for e, f in cells.pairs], np.bool_)
    alone = (np.bincount(left, good)[left] == 1) & (np.bincount(right, good)[right] == 1)
    good &= ~(same & alone)  # a word is searched for as it is anyway
    used_left, number_left = np.unique(left[good], return_inverse=True)
    used_right, number_right = np.unique(right[good], return_inverse=True)
    return {
        "english": np.array([english.terms[i].encode() for i in used_left], f"S{TERM_BYTES}"),
        "french": np.array([french.terms[i].encode() for i in used_right], f"S{TERM_BYTES}"),
        "pairs": np.stack([number_left, number_right], axis=1).astype(np.uint16),
        "weights": np.round(255 * weights[good]).astype(np.uint8),
    }


def _rank(of: NDArray[np.int64], weights: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return the place of each pair among those of the same stem, 0 for the heaviest."""
    order = np.lexsort((-weights, of))
    firsts = np.searchsorted(of[order], of[order])
    place = np.empty(len(of), np.int64)
    place[order] = np.arange(len(of)) - firsts
    return place


def main() -> None:
    """Read the sentences, learn, write the file, and say what is in it."""
    parser = argparse.ArgumentParser(description="Learn index/lexicon.npz from parallel sentences.")
    parser.add_argument("pairs", type=Path, help="gzipped lines: English, tab, French, tab, source")
    parser.add_argument("--out", type=Path, default=SHIPPED)
    arguments = parser.parse_args()
    arrays = learn(read_pairs(arguments.pairs))
    with arguments.out.open("wb") as file:
        np.savez_compressed(file, allow_pickle=False, **arrays)
    counts = ", ".join(f"{len(values):,} {name}" for name, values in arrays.items() if name != "weights")
    print(f"{arguments.out}: {counts}, {arguments.out.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
