"""Fit the abstention confidence on the dev sets and write `bot/answering/readers/similarity.json`.

    python -m benchmarks.calibrate [--check] [--quick]

What counts as answered: a question whose paragraph is indexed. What counts as not: the same questions
when their article is not indexed, and, harder, when only their paragraph is missing. Both languages,
and questions in one over paragraphs in the other. Figures are cross-validated by article.
"""

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import astuple, dataclass, fields, replace

import numpy as np

from benchmarks.dev_sets import Asked, DevSet, RememberingEmbeddings, index_texts, load_dev_sets
from benchmarks.figures import hand_over, options
from bot.answering.readers.confidence import Calibration, Features
from bot.answering.readers.fit import Fit, fit_text
from bot.answering.readers.reader import Reader
from bot.answering.readers.shipped import FOLDER, SIMILARITY_FIT, load_similarity_reader
from bot.calibration.fitting import FOLDS, cross_validate, fit
from bot.evaluation.metrics import Floats, auroc
from index.config import IndexSettings
from index.model.embedding import load_embeddings
from index.schema import Language, SearchHit

FALSE_REFUSALS = 0.075
"""Share of the answerable questions that each threshold refuses: the price of refusing the others."""

TRANSLATED_WEIGHT = 10  # there are 30 times fewer translated questions than others
TOP_K = 10
LANGUAGES: tuple[Language, ...] = ("fr", "en")


@dataclass(frozen=True, slots=True)
class Observation:
    """What the reader saw of one question over one index."""

    group: str  # "whole", "indexed", "not indexed", "near miss"
    asked: Asked
    translated: bool
    features: Features

    @property
    def weight(self) -> float:
        """How much the observation counts in the fit."""
        return TRANSLATED_WEIGHT if self.translated else 1.0

    @property
    def fold(self) -> int:
        """The fold of the article, so that no article is both fitted and measured."""
        return self.asked.article % FOLDS


def observe(dev: DevSet, embeddings: RememberingEmbeddings, reader: Reader) -> Iterator[Observation]:
    """Yield what the reader sees of every question: over the whole set, and over each half of its articles."""
    asked_both = [*((asked, False) for asked in dev.answerable), *((asked, True) for asked in dev.translated)]
    whole = index_texts(dev.paragraphs, embeddings)
    for asked, translated in asked_both:
        hits = whole.search(asked.text, asked.language, 2 * TOP_K)
        others = [hit for hit in hits if hit.chunk.document_id != asked.paragraph]
        yield from _observe(hits[:TOP_K], asked, "whole", translated, reader)
        yield from _observe(others[:TOP_K], asked, "near miss", translated, reader)
    for half in (0, 1):
        kept = {name: text for name, text in dev.paragraphs.items() if dev.articles[name] % 2 == half}
        searcher = index_texts(kept, embeddings)
        for asked, translated in asked_both:
            group = "indexed" if asked.article % 2 == half else "not indexed"
            yield from _observe(searcher.search(asked.text, asked.language, TOP_K), asked, group, translated, reader)


def _observe(
    hits: Sequence[SearchHit], asked: Asked, group: str, translated: bool, reader: Reader
) -> Iterator[Observation]:
    if evidence := reader.evidence(asked.text, asked.language, hits):
        yield Observation(group, asked, translated, evidence.features)


def matrix(observations: Sequence[Observation]) -> tuple[Floats, Floats, Floats]:
    """Return the features, shape (n, d), whether the answer is indexed, and the weight of each observation."""
    return (
        np.array([astuple(o.features) for o in observations]),
        np.array([o.group == "indexed" for o in observations], dtype=float),
        np.array([o.weight for o in observations]),
    )


def main() -> None:
    """Observe, cross-validate, print the figures, fit on everything, write the file."""
    parser = options(__doc__)
    parser.add_argument("--check", action="store_true", help="measure, and leave the file alone")
    arguments = parser.parse_args()
    embeddings = RememberingEmbeddings(load_embeddings(IndexSettings().embedding_model))
    observations = [
        o for dev in load_dev_sets(arguments.quick) for o in observe(dev, embeddings, load_similarity_reader())
    ]
    fold = np.array([o.fold for o in observations])
    fitted = np.array([o.group != "whole" for o in observations])
    x, y, weight = matrix(observations)
    held_out = cross_validate(x, y, weight, fold, fitted)
    weights, bias = fit(x[fitted], y[fitted], weight[fitted])

    def scores(group: str, language: Language, translated: bool) -> Floats:
        rows = [
            i
            for i, o in enumerate(observations)
            if (o.group, o.asked.language, o.translated) == (group, language, translated)
        ]
        return held_out[rows]

    thresholds: dict[Language, dict[Language, float]] = {"fr": {}, "en": {}}
    figures = {}
    for language, quoted in itertools.product(LANGUAGES, LANGUAGES):
        groups = {g: scores(g, language, language != quoted) for g in ("whole", "indexed", "not indexed", "near miss")}
        t = round(float(np.quantile(groups["whole"], FALSE_REFUSALS)), 3)
        thresholds[language][quoted] = t
        figures[f"{language}→{quoted}"] = {
            "questions": len(groups["whole"]),
            "auroc_not_indexed": round(auroc(groups["indexed"], groups["not indexed"]), 4),
            "auroc_near_miss": round(auroc(groups["whole"], groups["near miss"]), 4),
            "answerable_refused": round(float((groups["whole"] < t).mean()), 4),
            "not_indexed_refused": round(float((groups["not indexed"] < t).mean()), 4),
            "near_miss_refused": round(float((groups["near miss"] < t).mean()), 4),
        }
    calibration = Calibration(
        weights={f.name: round(float(w), 4) for f, w in zip(fields(Features), weights, strict=True)},
        bias=round(bias, 4),
        thresholds=thresholds,
        data="PIAF 1.1 (French) and SQuAD 2.0 (English) dev halves, 120 questions translated; 5 folds by article",
    )
    fit_now = replace(Fit.load(FOLDER / SIMILARITY_FIT), calibration=calibration)
    text = fit_text(fit_now, "python -m benchmarks.calibrate", figures)
    if not (arguments.check or arguments.quick):
        (FOLDER / SIMILARITY_FIT).write_text(text, encoding="utf-8")
    print(text, end="")
    named = {f"calibrate_{of.replace('→', '_')}_{name}": v for of in figures for name, v in figures[of].items()}
    hand_over(named, arguments.json)


if __name__ == "__main__":
    main()
