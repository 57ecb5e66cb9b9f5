"""How likely a quote answers the question: a logistic regression over what the search saw.

The features and the method are here; the weights, the threshold and what they were fitted on are
in `calibration.json`, written by `benchmarks/calibrate.py`.
"""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from importlib.resources import files
from statistics import fmean as mean

from bot.answering.readers.ranking import Candidate
from index.schema import Language, SearchHit
from index.text import names, words


@dataclass(frozen=True, slots=True)
class Features:
    """What speaks for the best sentence; cosines and shares, from 0 to 1 in practice."""

    sentence: float  # cosine of question and sentence
    lead: float  # the same, over the mean of the sentences read
    chunk: float  # cosine of question and chunk
    margin: float  # score of the chunk over the best one of another document, 0 without another
    sentence_overlap: float  # share of the question's stems in the sentence
    chunk_overlap: float  # the same in the chunk
    coverage: float  # BM25 over the most that the stems could score
    names: float  # share of the question's names and numbers in the chunk, 1 when it has none
    foreign_quote: float  # 1 when question and sentence are in different languages
    french: float  # 1 for a French question


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

    French and English share their names, so it also tells when question and text are in different languages.
    """
    wanted = {w for name in names(question) for w in words(name) if len(w) > 1 or w.isdigit()}
    if not wanted:
        return 1.0
    found = set(words(text))
    return sum(w in found for w in wanted) / len(wanted)


@dataclass(frozen=True, slots=True)
class Calibration:
    """Weights by feature, and the probability below which the bot abstains.

    There is a threshold by the language of the question, then by that of the quote. With one by that of the question
    alone, English questions on French texts are refused for 0.167 where the rest is for 0.075 (dev, cross-validated).
    """

    weights: Mapping[str, float]
    bias: float
    thresholds: Mapping[Language, Mapping[Language, float]]
    data: str = ""  # what it was fitted on

    @classmethod
    def load(cls) -> "Calibration":
        """Read the calibration that is shipped."""
        record = json.loads(files("bot.answering.readers").joinpath("calibration.json").read_text(encoding="utf-8"))
        return cls(record["weights"], record["bias"], record["thresholds"], record["data"])

    def confidence(self, features: Features) -> float:
        """Return the probability that the index holds the answer, 0 to 1."""
        logit = self.bias + sum(self.weights[f.name] * getattr(features, f.name) for f in fields(features))
        return 1 / (1 + math.exp(-logit))
