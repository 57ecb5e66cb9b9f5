"""How likely a quote answers the question: a logistic regression over features of the sentence and of the search.

The features and the method are here; the weights and the thresholds stand in the file of each fit.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from statistics import fmean as mean
from typing import NamedTuple

from bot.answering.readers.ranking import Candidate
from index.schema import Language, SearchHit
from index.text import names, words


@dataclass(frozen=True, slots=True)
class Features:
    """What speaks for a sentence: cosines and shares, from 0 to 1 in practice."""

    sentence: float  # cosine of question and sentence
    lead: float  # the same, over the mean of the sentences read
    chunk: float  # cosine of question and chunk
    margin: float  # score of the chunk minus that of the best one of another document, 0 when there is none
    sentence_overlap: float  # share of the question's stems in the sentence
    chunk_overlap: float  # the same in the chunk
    coverage: float  # BM25 of the chunk, as a share of the highest score that the stems could give
    names: float  # share of the question's names and numbers in the chunk, 1 when it has none
    foreign_quote: float  # 1 when question and sentence are in different languages
    french: float  # 1 for a French question


class Evidence(NamedTuple):
    """What a confidence rests on: the features of a sentence, and the language of that sentence.

    Weights and thresholds are fitted together, so a threshold is that of the sentence whose features were weighed.
    """

    features: Features
    language: Language


def extract_features(
    question: str, language: Language, ranked: Sequence[Candidate], hits: Sequence[SearchHit]
) -> Features:
    """Return the features of the best of `ranked`, which holds one sentence or more, best first."""
    best = ranked[0]
    hit = best.hit
    rivals = [h.score for h in hits if h.chunk.document_id != hit.chunk.document_id]
    return Features(
        sentence=best.dense,
        lead=best.dense - mean(c.dense for c in ranked),
        chunk=hit.dense,
        margin=hit.score - max(rivals) if rivals else 0.0,
        sentence_overlap=best.overlap,
        chunk_overlap=hit.overlap,
        coverage=hit.lexical,
        names=names_found(question, f"{hit.chunk.title}\n{hit.chunk.text}"),
        foreign_quote=float(hit.chunk.language != language),
        french=float(language == "fr"),
    )


def names_found(question: str, text: str) -> float:
    """Return the share of the names and numbers of `question` that `text` holds, 1 when there are none.

    A name is a capitalised word that does not open the question. Most names are written alike in both languages, so
    they count also where question and text share no other word.
    """
    wanted = {w for name in names(question) for w in words(name) if len(w) > 1 or w.isdigit()}
    if not wanted:
        return 1.0
    found = set(words(text))
    return sum(w in found for w in wanted) / len(wanted)


@dataclass(frozen=True, slots=True)
class Calibration:
    """The weights of the confidence, and the probability below which the bot abstains.

    There is a threshold for each language of the question and of the quote. With one for each language of the question
    only, 0.167 of the answerable English questions on French texts would be refused, against 0.075 of all (dev sets,
    cross-validated).
    """

    weights: Mapping[str, float]  # by feature
    bias: float
    thresholds: Mapping[Language, Mapping[Language, float]]  # by language of the question, then of the quote
    data: str = ""  # what it was fitted on
    sections: float = 1.0  # times the threshold of texts in its language that passages under headings need at least

    def confidence(self, features: Features) -> float:
        """Return the probability that the index holds the answer, 0 to 1."""
        logit = self.bias + sum(self.weights[f.name] * getattr(features, f.name) for f in fields(features))
        return 1 / (1 + math.exp(-logit))
