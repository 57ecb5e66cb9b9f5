"""Fit the weights of the score of a sentence: the margin of the span model, the cosine, the shared words, the hit."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import logsumexp

from benchmarks.dev_sets.samples import Searched
from bot.answering.readers.ranking import HITS_READ, RankingWeights
from bot.answering.readers.shipped import load_similarity_ranker
from bot.answering.readers.span import SpanRanker
from bot.answering.readers.span_model import SpanModel

PENALTY = 1e-3
"""L2 on the standardised weights, for each question: keeps a weight finite when no question speaks against it."""

_ONES = RankingWeights(1.0, 1.0, 1.0, 1.0)

Rows = list[tuple[NDArray[np.float64], NDArray[np.bool_]]]
"""For each question its sentences, shape (n, 4), and which of them answer, one or more."""


def sentence_rows(searches: Sequence[Searched], model: SpanModel) -> Rows:
    """Return the sentences of each question for which one was read that holds a gold answer in the right passage."""
    rows: Rows = []
    ranker = SpanRanker(model, _ONES, load_similarity_ranker())
    for found in searches:
        asked = found.asked
        read = [c for c in ranker.read(asked.text, found.hits[:HITS_READ]) if c.answer]
        right = np.array(
            [
                c.hit.chunk.document_id == asked.paragraph and asked.is_answered_by(c.hit.chunk.text[slice(*c.span)])
                for c in read
            ],
            dtype=bool,
        )
        if right.any():
            x = [(c.answer.margin, c.dense, c.overlap, c.hit.score) for c in read if c.answer]
            rows.append((np.array(x), right))
    return rows


def fit_ranking(rows: Rows) -> RankingWeights:
    """Return the weights under which a sentence that answers is likeliest to come first (conditional logit)."""
    scale = np.concatenate([x for x, _ in rows]).std(0)

    def loss(beta: NDArray[np.float64]) -> float:
        scores = [(x / scale) @ beta for x, _ in rows]
        missed = sum(logsumexp(s) - logsumexp(s[right]) for s, (_, right) in zip(scores, rows, strict=True))
        return float(missed + PENALTY * len(rows) * (beta @ beta))

    beta = minimize(loss, np.ones(len(scale)), method="L-BFGS-B").x / scale
    return RankingWeights(*(round(float(b), 4) for b in beta))
