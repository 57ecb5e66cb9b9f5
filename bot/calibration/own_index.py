"""Fit the confidence on questions about one's own articles.

Each question whose answer stands in the index is asked of the index as it is, and again with the hits that answer taken
out: first the passages (a near miss), then their whole articles. What the set marks as having no answer is asked once.
"""

from collections.abc import Iterator, Sequence
from dataclasses import astuple
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bot.answering.readers.confidence import Calibration
from bot.answering.readers.own_calibration import write_own
from bot.answering.readers.reader import Reader
from bot.calibration.calibrating import fit_calibration
from bot.calibration.figures import figures_of, predicted
from bot.calibration.fitting import FOLDS
from bot.calibration.sample import Group, Sample
from bot.config import BotSettings
from bot.errors import EvaluationError
from bot.evaluation.gold import Relevant, in_index
from bot.evaluation.metrics import Floats
from bot.evaluation.printing import progress_bars, progress_of
from bot.evaluation.questions import KnownQuestion, QuestionSet
from bot.factory import load_reader
from index.build import Progress
from index.config import fingerprint
from index.language import detect_language
from index.model.embedding import TextEmbeddings, load_embeddings
from index.places import place_of
from index.schema import SearchHit
from index.search import Searcher

MIN_QUESTIONS = 100
"""Answerable questions that a fit needs. Fitted on a hundred of PIAF and of SQuAD 2, drawn 30 times, the confidence
tells near misses with AUROC 0.847 and 0.889; fitted on all 3,943 and 1,972, with 0.855 and 0.896. In 80 % of the draws
the threshold refuses 4 to 12 % of other answerable questions instead of 7.5. With fifty: 0.841 and 0.885, 5 to 18 %."""

MIN_FOR_PAIR = 75
"""Answerable questions that a pair of languages (of the question, of the quote) needs for a threshold of its own, which
then refuses 3 to 12 %. With fewer it gets that of all questions in the language, or of all questions."""

DEEPER = 3  # times TOP_K hits are fetched, so that enough are left once those that answer are taken out

FIGURES = {
    "answerable_refused": "answerable_refused",
    "near_miss_auroc": "auroc_near_miss",
    "near_miss_refused": "near_miss_refused",
    "absent_auroc": "auroc_not_indexed",
    "absent_refused": "not_indexed_refused",
    "unanswerable_auroc": "auroc_unanswerable",
    "unanswerable_refused": "unanswerable_refused",
}
"""What `calibration.json` calls a figure -> what `figures_of` calls it."""


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
    samples: list[Sample] = []
    with progress_bars() as bars:
        for one in sets:
            samples += draw_samples(one, settings, embeddings, reader, progress_of(bars, f"Asking {one.name}"))
    record = calibrate(samples, files, reader)
    record["fingerprint"] = fingerprint(embeddings.model, embeddings.revision)
    return write_own(settings.index_dir, record), record


def draw_samples(
    questions: QuestionSet,
    settings: BotSettings,
    embeddings: TextEmbeddings,
    reader: Reader,
    asked: Progress,
) -> Iterator[Sample]:
    """Yield what the reader sees of each question; nothing of one whose answer stands nowhere in the index.

    Args:
        questions: about the articles of the index.
        settings: where the index is.
        embeddings: the model.
        reader: whose confidence is to be fitted.
        asked: told how many questions are done.

    Raises:
        EvaluationError: a source is not in the index, or a question tells neither an answer nor a source.
        IndexingError: the index is missing, stale or damaged.
    """
    store = place_of(settings).open(fingerprint(embeddings.model, embeddings.revision))
    searcher = Searcher(store, embeddings)
    asked.start(len(questions.questions))
    for question, wanted in zip(questions.questions, in_index(questions, store), strict=True):
        language = detect_language(question.text, settings.default_language).language
        hits = searcher.search(question.text, language, DEEPER * settings.top_k)
        for group, left in _with_and_without_the_answer(question, wanted, hits):
            evidence = reader.evidence(question.text, language, left[: settings.top_k])
            if evidence is not None:
                yield Sample(
                    group=group,
                    question=question.text,
                    language=language,
                    quoted=evidence.language,
                    article=f"{questions.file.name}/{question.article}",
                    features=astuple(evidence.features),
                )
        asked.advance(1)


def _with_and_without_the_answer(
    question: KnownQuestion, wanted: Relevant, hits: list[SearchHit]
) -> Iterator[tuple[Group, list[SearchHit]]]:
    """Yield the hits as they are, and as they would be if the index lacked the answer."""
    if not question.answerable:
        yield "unanswerable", hits
    elif wanted.keys:
        yield "whole", hits
        articles = {key.rsplit("#", 1)[0] for key in wanted.keys} if wanted.by == "chunk" else wanted.keys
        if wanted.by == "chunk":
            yield "near miss", [hit for hit in hits if not wanted.holds(hit.chunk)]
        yield "not indexed", [hit for hit in hits if hit.chunk.document_id not in articles]


def calibrate(samples: Sequence[Sample], files: Sequence[Path], reader: Reader) -> dict[str, Any]:
    """Return the record of a calibration fitted on the samples, without the fingerprint of the index.

    Args:
        samples: of all sets.
        files: where the questions come from; the record names them.
        reader: with the calibration that is shipped, which is measured beside the new one.

    Raises:
        EvaluationError: there are too few questions; the message says how many are needed, and why.
    """
    _refuse_too_few(samples)
    answerable = [s for s in samples if s.answerable]
    data = f"{len(answerable):,} questions of {', '.join(file.name for file in files)}, {datetime.now(UTC):%Y-%m-%d}"
    fitted = fit_calibration(samples, _folds(samples), reader.feature_names, data, min_for_pair=MIN_FOR_PAIR)
    new, shipped = fitted.calibration, reader.calibration
    return {
        "data": data,
        "command": "babillard calibrate",
        "weights": new.weights,
        "bias": new.bias,
        "thresholds": new.thresholds,
        "questions": {language: sum(s.language == language for s in answerable) for language in ("fr", "en")},
        "figures": _figures(samples, fitted.confidence, new),
        "shipped": _figures(samples, predicted(shipped, samples, reader.feature_names), shipped),
    }


def _refuse_too_few(samples: Sequence[Sample]) -> None:
    answerable = [s for s in samples if s.answerable]
    if len(answerable) < MIN_QUESTIONS:
        raise EvaluationError(
            f"{len(answerable)} questions have an answer that stands in the index, and {MIN_QUESTIONS} are needed: "
            "with fewer the threshold, which refuses the least sure 7.5 % of them, hangs on a handful of questions"
        )
    articles = len({s.article for s in answerable})
    if articles < FOLDS:
        raise EvaluationError(
            f"the questions are on {articles} articles, and {FOLDS} are needed: each is measured by a fit on the others"
        )


def _folds(samples: Sequence[Sample]) -> list[int]:
    """Return the fold of each sample: one for each article, with the articles that hold answers spread over all."""
    holding = dict.fromkeys(s.article for s in samples if s.answerable)
    others = dict.fromkeys(s.article for s in samples)
    fold = {article: number % FOLDS for number, article in enumerate({**holding, **others})}
    return [fold[s.article] for s in samples]


def _figures(samples: Sequence[Sample], confidence: Floats, calibration: Calibration) -> dict[str, float]:
    figures = figures_of(samples, confidence, calibration)
    return {public: figures[name] for public, name in FIGURES.items() if name in figures}
