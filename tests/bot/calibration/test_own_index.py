"""Calibrate on made-up articles with the hashing embedder: every step but the model is the real one."""

import json
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pytest

from bot.answering.answer import Question
from bot.answering.readers.own_calibration import FILE_NAME, read_own, write_own
from bot.calibration.fitting import FOLDS
from bot.calibration.own_index import MIN_QUESTIONS, calibrate, draw_samples
from bot.calibration.sample import Sample
from bot.config import BotSettings
from bot.errors import EvaluationError
from bot.evaluation.questions import KnownQuestion, QuestionSet
from bot.factory import build_bot, load_reader
from bot.live import LiveBot
from index.build import Progress, build_index
from index.store import read_manifest
from tests.fakes import HashingEmbeddings

TOWNS = (
    "Lévis Rimouski Gaspé Chicoutimi Sherbrooke Gatineau Saguenay Drummondville Granby Alma Matane Amos Magog Sorel "
    "Joliette Victoriaville Thetford Beauport Charlesbourg Verdun Lachine Outremont"
).split()
FACTS = (
    ("Le musée de {town} a ouvert en {year}.", "Quand le musée de {town} a-t-il ouvert\u202f?", "en {year}"),
    ("Le traversier de {town} part du quai {n}.", "De quel quai part le traversier de {town}\u202f?", "quai {n}"),
    ("L’œuvre de {town} coûte {n}00\u00a0$.", "Combien coûte l’œuvre de {town}\u202f?", "{n}00\u00a0$"),
    ("La mairesse de {town} est Mme Roy{n}.", "Qui est la mairesse de {town}\u202f?", "Mme Roy{n}"),
    (
        "L’été, {town} reçoit {n}12 visiteurs.",
        "Combien de visiteurs {town} reçoit-elle l’été\u202f?",
        "{n}12 visiteurs",
    ),
)


def questions(towns: Iterable[str] = TOWNS) -> QuestionSet:
    known = [
        KnownQuestion(
            f"{town}{k}",
            asked.format(town=town),
            "fr",
            True,
            (answer.format(n=n + 3, year=1901 + n),),
            article=town,
        )
        for n, town in enumerate(towns)
        for k, (_, asked, answer) in enumerate(FACTS)
    ]
    unknown = [KnownQuestion("x", "Quelle est la capitale de l’Australie\u202f?", "fr", False, article="x")]
    return QuestionSet("villes.csv", Path("villes.csv"), (*known, *unknown))


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> BotSettings:
    folder = tmp_path_factory.mktemp("villes")
    (folder / "articles").mkdir()
    for n, town in enumerate(TOWNS):
        text = " ".join(sentence.format(town=town, n=n + 3, year=1901 + n) for sentence, _, _ in FACTS)
        (folder / "articles" / f"{town}.txt").write_text(f"{town}\n\n{text}\n", encoding="utf-8")
    build_index(folder / "articles", folder / "index", HashingEmbeddings())
    return BotSettings(seeds_dir=folder / "articles", index_dir=folder / "index")


@pytest.fixture(scope="module")
def samples(settings: BotSettings) -> list[Sample]:
    return list(draw_samples(questions(), settings, HashingEmbeddings(), load_reader(settings), Progress()))


def test_each_answerable_question_is_also_seen_without_its_passage_and_without_its_article(
    samples: list[Sample],
) -> None:
    count = len(TOWNS) * len(FACTS)
    groups = [s.group for s in samples]
    assert {group: groups.count(group) for group in set(groups)} == {
        "whole": count,
        "near miss": count,
        "not indexed": count,
        "unanswerable": 1,
    }


def test_a_question_whose_answer_stands_nowhere_is_left_out(settings: BotSettings) -> None:
    nowhere = QuestionSet("q.csv", Path("q.csv"), (KnownQuestion("q", "Qui\u202f?", "fr", True, ("Mme Absente",)),))
    assert list(draw_samples(nowhere, settings, HashingEmbeddings(), load_reader(settings), Progress())) == []


def test_the_fit_tells_what_the_index_holds_and_refuses_the_stated_share(
    samples: list[Sample], settings: BotSettings
) -> None:
    record = calibrate(samples, [Path("villes.csv")], load_reader(settings))
    figures = record["figures"]
    assert figures["answerable_refused"] == pytest.approx(0.075, abs=0.03)
    assert figures["absent_auroc"] > 0.8
    assert figures.keys() == record["shipped"].keys()
    assert record["questions"] == {"fr": len(TOWNS) * len(FACTS), "en": 0}
    assert "villes.csv" in record["data"]


def test_a_calibration_that_was_kept_serves_the_bot_and_one_that_was_removed_no_longer(
    samples: list[Sample], settings: BotSettings, tmp_path: Path
) -> None:
    live = LiveBot(settings, HashingEmbeddings())
    try:
        shipped = live.current.chain.invoke(Question("Quand le musée de Gaspé a-t-il ouvert\u202f?"))
        record = calibrate(samples, [Path("villes.csv")], load_reader(settings))
        record["fingerprint"] = read_manifest(settings.index_dir).fingerprint
        write_own(settings.index_dir, record)
        live.refresh()
        own = live.current.chain.invoke(Question("Quand le musée de Gaspé a-t-il ouvert\u202f?"))
        assert live.current.own_calibration == record["data"]
        assert own.threshold == record["thresholds"]["fr"]["fr"] != shipped.threshold
        assert own.confidence != shipped.confidence
        (settings.index_dir / FILE_NAME).unlink()
        live.refresh()
        again = live.current.chain.invoke(Question("Quand le musée de Gaspé a-t-il ouvert\u202f?"))
        assert (again.confidence, again.threshold) == (shipped.confidence, shipped.threshold)
        assert live.current.own_calibration == ""
    finally:
        live.close()


def test_a_damaged_calibration_lets_the_shipped_one_serve(settings: BotSettings, tmp_path: Path) -> None:
    index = tmp_path / "index"
    build_index(settings.seeds_dir, index, HashingEmbeddings())
    (index / FILE_NAME).write_text("{", encoding="utf-8")
    bot = build_bot(settings.model_copy(update={"index_dir": index}), HashingEmbeddings())
    assert bot.own_calibration == ""


def test_a_rebuild_keeps_the_calibration(settings: BotSettings, tmp_path: Path, samples: list[Sample]) -> None:
    index = tmp_path / "index"
    build_index(settings.seeds_dir, index, HashingEmbeddings())
    record = calibrate(samples, [Path("villes.csv")], load_reader(settings))
    fitted_for = read_manifest(index).fingerprint
    write_own(index, {**record, "fingerprint": fitted_for})
    build_index(settings.seeds_dir, index, HashingEmbeddings(), full=True)
    own = read_own(index, load_reader(settings).feature_names, fitted_for)
    assert own is not None
    assert json.loads(json.dumps(record["weights"])) == own.weights


def test_too_few_questions_are_refused_with_the_number_that_is_needed(
    samples: list[Sample], settings: BotSettings
) -> None:
    answerable = [s for s in samples if s.group == "whole"]
    with pytest.raises(
        EvaluationError, match=rf"^99 questions have an answer .* {MIN_QUESTIONS} are needed: with fewer"
    ):
        calibrate(answerable[:99], [Path("q.csv")], load_reader(settings))


def test_questions_on_too_few_articles_are_refused(samples: list[Sample], settings: BotSettings) -> None:
    few = [replace(s, article=str(n % (FOLDS - 1))) for n, s in enumerate(samples)]
    with pytest.raises(EvaluationError, match=f"on {FOLDS - 1} articles, and {FOLDS} are needed"):
        calibrate(few, [Path("q.csv")], load_reader(settings))
