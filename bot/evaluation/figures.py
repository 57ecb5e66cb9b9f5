"""Compute the figures of a run: over all questions, by kind, language and direction, each with its interval."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from bot.evaluation.asking import Measured
from bot.evaluation.metrics import Floats, area_under_risk, auroc, bootstrap, reciprocal_rank, refused_at

FALSE_REFUSALS = 0.05
"""Share of the answerable questions that the threshold of `refused_at_5_percent` refuses."""

MIN_ARTICLES = 10
"""With fewer articles the bootstrap draws passages instead: from a handful of clusters its intervals are far too narrow
(Cameron, Gelbach and Miller 2008)."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One measure: its name, the questions it is taken over, and which way is better."""

    key: str
    label: str
    better: Literal["higher", "lower"]
    of: Callable[[Measured], float | None] | None = None  # averaged over the questions where it is not None
    group: str = "retrieval"

    @property
    def decimals(self) -> int:
        """Of the value, as it is shown."""
        return {"ms": 1, "length": 0}.get(self.key.rsplit("_", 1)[-1], 3)

    @property
    def may_regress(self) -> bool:
        """Whether it tells how good the answers are; a time depends on the machine, a length on what is answered."""
        return not self.key.endswith(("_ms", "_length"))


def _rank_within(k: int) -> Callable[[Measured], float | None]:
    return lambda m: None if m.rank is None else float(0 < m.rank <= k)


def _plain_rank_within(k: int) -> Callable[[Measured], float | None]:
    return lambda m: None if m.plain_rank is None else float(0 < m.plain_rank <= k)


FIGURES = (
    Figure("recall_at_1", "R@1", "higher", _rank_within(1)),
    Figure("recall_at_5", "R@5", "higher", _rank_within(5)),
    Figure("mrr_at_10", "MRR@10", "higher", lambda m: None if m.rank is None else reciprocal_rank(m.rank)),
    Figure("ndcg_at_10", "nDCG@10", "higher", lambda m: m.ndcg),
    Figure("first_quote", "first quote", "higher", lambda m: m.first_quote, "answer"),
    Figure("citation", "cited passage", "higher", lambda m: m.citation, "answer"),
    Figure("token_f1", "token F1", "higher", lambda m: m.token_f1, "answer"),
    Figure("exact_match", "exact match", "higher", lambda m: m.exact_match, "answer"),
    Figure("useful", "useful", "higher", lambda m: m.useful, "useful"),
    Figure("page_cited", "right page cited", "higher", lambda m: m.page_cited, "useful"),
    Figure("useful_length", "median length", "lower", group="useful"),
    Figure("first_passage", "first passage", "higher", lambda m: m.first_passage, "plain"),
    Figure("three_passages", "first three", "higher", lambda m: m.three_passages, "plain"),
    Figure("page_first", "page first", "higher", _plain_rank_within(1), "plain"),
    Figure("page_in_five", "page in five", "higher", _plain_rank_within(5), "plain"),
    Figure("auroc", "AUROC", "higher", group="abstention"),
    Figure("refused_at_5_percent", "refused at 5 %", "higher", group="abstention"),
    Figure(
        "unanswerable_refused", "refused", "higher", lambda m: None if m.answerable else float(m.refused), "abstention"
    ),
    Figure(
        "answerable_refused",
        "wrongly refused",
        "lower",
        lambda m: float(m.refused) if m.answerable else None,
        "abstention",
    ),
    Figure("aurc", "AURC", "lower", group="abstention"),
    Figure("reply_language", "reply language", "higher", lambda m: m.reply_language, "reply"),
    Figure("latency_p50_ms", "p50 ms", "lower", group="reply"),
    Figure("latency_p95_ms", "p95 ms", "lower", group="reply"),
)
BY_KEY = {figure.key: figure for figure in FIGURES}


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure and its 95 % interval; NaN where no question has the measure."""

    value: float
    low: float
    high: float

    def record(self) -> dict[str, float | None]:
        """Return the documented JSON shape; null for NaN."""
        return {
            name: None if np.isnan(value) else round(value, 4)
            for name, value in (("value", self.value), ("low", self.low), ("high", self.high))
        }


@dataclass(frozen=True, slots=True)
class Slice:
    """The figures of some of the questions."""

    name: str  # "all", "howto", "fr", "fr→en"
    questions: int
    answerable: int
    figures: dict[str, Estimate]  # in the order of FIGURES

    def record(self) -> dict[str, Any]:
        """Return the documented JSON shape."""
        return {
            "questions": self.questions,
            "answerable": self.answerable,
            "figures": {key: estimate.record() for key, estimate in self.figures.items()},
        }


class Table:
    """The outcomes as columns, so that the figures of any rows are quick to compute."""

    def __init__(self, measured: Sequence[Measured]) -> None:
        """Take one row a question."""
        averaged = [figure.of for figure in FIGURES if figure.of]
        values = np.array([[_number(of(m)) for of in averaged] for m in measured]).reshape(len(measured), len(averaged))
        self._known = ~np.isnan(values)
        self._values = np.where(self._known, values, 0.0)
        self._ms = np.array([m.ms for m in measured])
        self._length = np.array([_number(m.useful_length) for m in measured])
        self._confidence = np.array([m.confidence for m in measured])
        self._wrong = np.array([float(not m.right) for m in measured])
        self._answerable = np.array([m.answerable for m in measured], dtype=bool)

    def figures(self, rows: NDArray[np.int64]) -> Floats:
        """Return the figures of the rows, which may repeat, in the order of FIGURES; NaN where no row has one."""
        known = self._known[rows].sum(axis=0)
        means = iter(np.where(known, self._values[rows].sum(axis=0) / np.maximum(known, 1), np.nan))
        confidence, answerable = self._confidence[rows], self._answerable[rows]
        positive, negative = confidence[answerable], confidence[~answerable]
        others = {
            "auroc": auroc(positive, negative),
            "refused_at_5_percent": refused_at(positive, negative, FALSE_REFUSALS),
            "aurc": area_under_risk(confidence, self._wrong[rows]),
            "useful_length": _median(self._length[rows]),
            "latency_p50_ms": float(np.quantile(self._ms[rows], 0.5)),
            "latency_p95_ms": float(np.quantile(self._ms[rows], 0.95)),
        }
        return np.array([others[figure.key] if figure.of is None else next(means) for figure in FIGURES])


def _median(values: Floats) -> float:
    """Return the median of those that are not NaN, of two in the middle the higher; NaN when there are none."""
    known = values[~np.isnan(values)]
    return float(np.quantile(known, 0.5, method="higher")) if len(known) else np.nan


def _number(value: float | None) -> float:
    return np.nan if value is None else float(value)


def slices(measured: Sequence[Measured]) -> list[Slice]:
    """Return the figures of all questions, then of each kind, language and direction that occurs."""
    known: list[tuple[list[Measured], Slice]] = []
    for name, rows in parts(measured):
        same = next((one for others, one in known if others == rows), None)  # its interval need not be drawn again
        known.append((rows, replace(same, name=name) if same else _slice(name, rows)))
    return [one for _, one in known]


def parts(measured: Sequence[Measured]) -> Iterator[tuple[str, list[Measured]]]:
    """Yield the name and the questions of each slice: "all", the kinds, the languages, the directions."""
    yield "all", list(measured)
    for kind in sorted({m.kind for m in measured} - {""}):
        yield kind, [m for m in measured if m.kind == kind]
    for language in ("fr", "en"):
        if rows := [m for m in measured if m.language == language]:
            yield language, rows
    for question, passage in (("fr", "fr"), ("en", "en"), ("fr", "en"), ("en", "fr")):
        if rows := [m for m in measured if (m.language, m.found_in) == (question, passage)]:
            yield f"{question}→{passage}", rows


def _slice(name: str, measured: Sequence[Measured]) -> Slice:
    table = Table(measured)
    values = table.figures(np.arange(len(measured)))
    low, high = bootstrap(table.figures, clusters(measured))
    estimates = map(Estimate, values.tolist(), low.tolist(), high.tolist())
    figures = dict(zip(BY_KEY, estimates, strict=True))
    return Slice(name, len(measured), sum(m.answerable for m in measured), figures)


def clusters(measured: Sequence[Measured]) -> list[str]:
    """Return the cluster of each question: its article, or its passage when there are few articles."""
    articles = [m.article for m in measured]
    return articles if len(set(articles)) >= MIN_ARTICLES else [m.passage for m in measured]
