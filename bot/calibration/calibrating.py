"""Fit the confidence on questions about one's own articles.

Answered: a question over the index as it is. Not answered: a question that the set says has no answer, and the others
again with what answers them taken out of what the search found: first the passages (a near miss), then the whole
articles. Every figure is of models that did not see the article.
"""

from collections.abc import Iterator, Sequence
from dataclasses import astuple, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from bot.answering.readers.own_calibration import LANGUAGES, write_own
from bot.answering.readers.reader import Reader
from bot.calibration.fitting import FOLDS, cross_validate, fit, predict
from bot.config import BotSettings
from bot.errors import EvaluationError
from bot.evaluation.gold import Relevant, in_index
from bot.evaluation.metrics import Floats, auroc
from bot.evaluation.printing import progress_bars, progress_of
from bot.evaluation.questions import KnownQuestion, QuestionSet
from bot.factory import load_reader
from index.build import Progress
from index.config import fingerprint
from index.language import detect_language
from index.model.embedding import TextEmbeddings, load_embeddings
from index.schema import Language, SearchHit
from index.search import Searcher
from index.store import open_store

FALSE_REFUSALS = 0.075
"""Share of the answerable questions that a threshold refuses, as of the calibration that is shipped."""

FEWEST = 100
"""Answerable questions without which nothing is fitted. Fits on so many of PIAF and of SQuAD 2, drawn 30 times, tell
near misses with AUROC 0.847 and 0.889, where all 3,943 and 1,972 give 0.855 and 0.896; in 80 % of the draws the
threshold refuses 4 to 12 % of other answerable questions instead of 7.5. With fifty: 0.841 and 0.885, 5 to 18 %."""

FEWEST_OF_A_PAIR = 75
"""Answerable questions of a pair of languages (of the question, of the quote) for a threshold of its own, which then
refuses 3 to 12 %; with fewer it gets that of all questions in the language, or of all."""

DEEPER = 3  # times as many hits are fetched, so that enough are left once those that answer are taken out

Group = Literal["held", "near miss", "absent", "unanswerable"]


@dataclass(frozen=True, slots=True)
class Observation:
    """What the reader saw of one question, over the index as it is or as if it lacked the answer."""

    group: Group
    language: Language  # of the question
    quoted: Language  # of the sentence that the features are of
    article: str
    features: tuple[float, ...]  # in the order of the reader's names


def calibrate_index(
    sets: Sequence[QuestionSet], files: Sequence[Path], settings: BotSettings
) -> tuple[Path, dict[str, Any]]:
    """Fit the confidence on the sets, keep it beside the index, and return its file and what is in it.

    Raises:
        EvaluationError: there are too few questions, or they do not go with the index.
        CalibrationError: the folder of the index cannot be written.
        IndexingError: the index is missing, stale or damaged.
    """
    embeddings = load_embeddings(settings.embedding_model)
    reader = load_reader(settings, embeddings)
    observations: list[Observation] = []
    with progress_bars() as bars:
        for one in sets:
            observations += observe(one, settings, embeddings, reader, progress_of(bars, f"Asking {one.name}"))
    record = calibrate(observations, files, reader)
    record["fingerprint"] = fingerprint(embeddings.model, embeddings.revision)
    return write_own(settings.index_dir, record), record


def observe(
    questions: QuestionSet,
    settings: BotSettings,
    embeddings: TextEmbeddings,
    reader: Reader,
    asked: Progress,
) -> Iterator[Observation]:
    """Yield what the reader sees; of a question whose answer stands nowhere in the index, nothing.

    Args:
        questions: about the articles of the index.
        settings: where the index is.
        embeddings: the model.
        reader: whose confidence is to be fitted.
        asked: told how the questions come on.

    Raises:
        EvaluationError: a source is not in the index, or a question tells neither an answer nor a source.
        IndexingError: the index is missing, stale or damaged.
    """
    store = open_store(settings.index_dir, fingerprint(embeddings.model, embeddings.revision))
    searcher = Searcher(store, embeddings)
    asked.start(len(questions.questions))
    for question, wanted in zip(questions.questions, in_index(questions, store), strict=True):
        language = detect_language(question.text, settings.default_language).language
        hits = searcher.search(question.text, language, DEEPER * settings.top_k)
        for group, left in _as_if(question, wanted, hits):
            evidence = reader.evidence(question.text, language, left[: settings.top_k])
            if evidence is not None:
                article = f"{questions.file.name}/{question.article}"
                yield Observation(group, language, evidence.language, article, astuple(evidence.features))
        asked.advance(1)


def _as_if(question: KnownQuestion, wanted: Relevant, hits: list[SearchHit]) -> Iterator[tuple[Group, list[SearchHit]]]:
    """Yield the hits as they are, and as they would be if the index lacked the answer."""
    if not question.answerable:
        yield "unanswerable", hits
    elif wanted.keys:
        yield "held", hits
        articles = {key.rsplit("#", 1)[0] for key in wanted.keys} if wanted.by == "chunk" else wanted.keys
        if wanted.by == "chunk":
            yield "near miss", [hit for hit in hits if not wanted.holds(hit.chunk)]
        yield "absent", [hit for hit in hits if hit.chunk.document_id not in articles]


def calibrate(observations: Sequence[Observation], files: Sequence[Path], reader: Reader) -> dict[str, Any]:
    """Return the record of a calibration fitted on the observations, without the fingerprint of the index.

    Args:
        observations: of all sets.
        files: where the questions come from; the record names them.
        reader: with the calibration that is shipped, which is measured beside the new one.

    Raises:
        EvaluationError: there are too few questions; the message says how many are needed, and why.
    """
    _refuse_too_few(observations)
    names, shipped = reader.feature_names, reader.calibration
    x = np.array([o.features for o in observations])
    held = np.array([o.group == "held" for o in observations])
    fold = np.array(_folds(observations))
    everything = np.ones(len(x))
    confidence = cross_validate(x, held.astype(float), everything, fold, everything > 0)
    weights, bias = fit(x, held.astype(float), everything)
    languages = np.array([o.language for o in observations])
    quoted = np.array([o.quoted for o in observations])
    thresholds = {
        asked: {quote: _threshold(confidence, held, languages == asked, quoted == quote) for quote in LANGUAGES}
        for asked in LANGUAGES
    }
    before = predict(np.array([shipped.weights[name] for name in names]), shipped.bias, x)
    limits = np.array([thresholds[o.language][o.quoted] for o in observations])
    old_limits = np.array([shipped.thresholds[o.language][o.quoted] for o in observations])
    groups = np.array([o.group for o in observations])
    return {
        "data": f"{held.sum():,} questions of {', '.join(file.name for file in files)}, {datetime.now(UTC):%Y-%m-%d}",
        "command": "babillard calibrate",
        "weights": {name: round(float(weight), 4) for name, weight in zip(names, weights, strict=True)},
        "bias": round(bias, 4),
        "thresholds": thresholds,
        "questions": {language: int((held & (languages == language)).sum()) for language in ("fr", "en")},
        "figures": _figures(confidence, groups, confidence < limits),
        "shipped": _figures(before, groups, before < old_limits),
    }


def _folds(observations: Sequence[Observation]) -> list[int]:
    """Return the fold of each observation: all of an article in one, and those that hold answers spread over all."""
    holding = dict.fromkeys(o.article for o in observations if o.group == "held")
    others = dict.fromkeys(o.article for o in observations)
    fold = {article: number % FOLDS for number, article in enumerate({**holding, **others})}
    return [fold[o.article] for o in observations]


def _refuse_too_few(observations: Sequence[Observation]) -> None:
    held = [o for o in observations if o.group == "held"]
    if len(held) < FEWEST:
        raise EvaluationError(
            f"{len(held)} questions have an answer that stands in the index, and {FEWEST} are needed: with fewer the "
            "threshold, which refuses the least sure 7.5 % of them, hangs on a handful of questions"
        )
    articles = len({o.article for o in held})
    if articles < FOLDS:
        raise EvaluationError(
            f"the questions are on {articles} articles, and {FOLDS} are needed: each is measured by a fit on the others"
        )


def _threshold(
    confidence: Floats, held: NDArray[np.bool_], asked: NDArray[np.bool_], quoted: NDArray[np.bool_]
) -> float:
    """Return the confidence below which `FALSE_REFUSALS` of the answerable questions of a pair of languages lie."""
    rows = next((r for r in (held & asked & quoted, held & asked) if r.sum() >= FEWEST_OF_A_PAIR), held)
    return round(float(np.quantile(confidence[rows], FALSE_REFUSALS)), 3)


def _figures(confidence: Floats, groups: NDArray[Any], refused: NDArray[Any]) -> dict[str, float]:
    """Return how well the answerable questions are told from each other group, and how many of each are refused."""
    figures = {"answerable_refused": round(float(refused[groups == "held"].mean()), 4)}
    for group in ("near miss", "absent", "unanswerable"):
        if (groups == group).any():
            name = group.replace(" ", "_")
            figures[f"{name}_auroc"] = round(auroc(confidence[groups == "held"], confidence[groups == group]), 4)
            figures[f"{name}_refused"] = round(float(refused[groups == group].mean()), 4)
    return figures
