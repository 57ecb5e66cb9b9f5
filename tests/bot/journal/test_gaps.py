from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from bot.errors import BotError
from bot.journal.entry import Unanswered
from bot.journal.gaps import CROSS_LANGUAGE_LOSS, MAX_QUESTIONS, MIN_COSINE, Gap, find_gaps, write_stubs
from index.errors import SeedsError
from index.ingestion import read_seeds
from index.language import detect_language
from index.model.embedding import TextEmbeddings
from index.schema import Language
from tests.fakes import HashingEmbeddings

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
HOURS = "À quelle heure ouvre le musée des œuvres\u00a0?"
ALONE = float(np.degrees(np.arccos(MIN_COSINE)))  # between two questions in one language, 18.2°
ACROSS = float(np.degrees(np.arccos(MIN_COSINE - CROSS_LANGUAGE_LOSS)))  # in two, 29.5°


class Placed(HashingEmbeddings):
    """Gives each question the vector that the test says."""

    def __init__(self, vectors: dict[str, NDArray[np.float32]]) -> None:
        self.vectors = vectors

    def encode_query(self, text: str) -> NDArray[np.float32]:
        return self.vectors[text]


def on_circle(angles: dict[str, float]) -> Placed:
    """Place questions at angles, in degrees."""
    radians = {text: np.radians(angle) for text, angle in angles.items()}
    return Placed({text: np.array([np.cos(r), np.sin(r)], dtype=np.float32) for text, r in radians.items()})


def ask(*questions: str, language: Language = "fr") -> list[Unanswered]:
    """Return questions asked a minute apart."""
    return [
        Unanswered(n, question, language, NOON + timedelta(minutes=n), "no_evidence")
        for n, question in enumerate(questions)
    ]


def groups(angles: Sequence[float], *languages: Language) -> list[list[float]]:
    """Return the angles that fell together, in the order of the gaps; in one language when none is given."""
    placed = {str(angle): angle for angle in angles}
    spoken: Sequence[Language] = languages or ["fr"] * len(placed)
    unanswered = [
        Unanswered(n, text, language, NOON, "unhelpful")
        for n, (text, language) in enumerate(zip(placed, spoken, strict=True))
    ]
    return [sorted(placed[q] for q in gap.questions) for gap in find_gaps(unanswered, on_circle(placed))]


# ------------------------------------------------------------------------------------------------------------- grouping


def test_nothing_asked_gives_no_gap(embeddings: HashingEmbeddings) -> None:
    assert find_gaps([], embeddings) == []


def test_questions_that_are_near_fall_together_and_the_largest_group_comes_first() -> None:
    assert groups([0, 45, 90, 93, 96, 2])[:2] == [[90, 93, 96], [0, 2]]


def test_every_two_questions_of_a_group_are_near() -> None:
    assert groups([0, ALONE * 0.8, ALONE * 1.7]) == [[0, ALONE * 0.8], [ALONE * 1.7]]


@pytest.mark.parametrize("languages", [("fr", "en"), ("en", "fr")])
def test_questions_in_two_languages_may_lie_farther_apart(languages: tuple[Language, Language]) -> None:
    between = (ALONE + ACROSS) / 2
    assert groups([0, between], *languages) == [[0, between]]
    assert len(groups([0, between])) == 2
    assert len(groups([0, ACROSS + 1], *languages)) == 2


@pytest.mark.parametrize("seed", range(10))
def test_groups_are_those_of_complete_linkage_as_it_is_defined(seed: int) -> None:
    chance = np.random.default_rng(seed)
    vectors = chance.normal(size=(60, 3)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    cosines = vectors @ vectors.T
    expected = [[n] for n in range(60)]
    while True:
        near, a, b = max((cosines[np.ix_(a, b)].min(), a, b) for a, b in combinations(expected, 2))
        if near < MIN_COSINE:
            break
        expected = [group for group in expected if group not in (a, b)] + [a + b]
    placed = {f"q{n}": vector for n, vector in enumerate(vectors)}
    found = find_gaps(ask(*placed), Placed(placed))
    assert {frozenset(gap.questions) for gap in found} == {frozenset(f"q{n}" for n in group) for group in expected}


def test_a_question_asked_again_counts_again() -> None:
    [gap] = find_gaps(ask("Où ?", "Où ?", "Où\u00a0?"), on_circle({"Où ?": 0, "Où\u00a0?": 1}))
    assert (gap.count, gap.questions, gap.languages) == (3, ("Où ?", "Où\u00a0?"), {"fr": 3})
    assert gap.last_asked == NOON + timedelta(minutes=2)


def test_the_label_is_the_question_nearest_to_the_centre() -> None:
    gap, *others = find_gaps(ask("a", "b", "c"), on_circle({"a": 0, "b": 6, "c": 10}))
    assert (gap.label, others) == ("b", [])


def test_a_gap_tells_its_languages_the_commonest_first() -> None:
    unanswered = [*ask("Où ?"), *ask("Where?", "Where is it?", language="en")]
    [gap] = find_gaps(unanswered, on_circle({"Où ?": 0, "Where?": 1, "Where is it?": 2}))
    assert list(gap.languages.items()) == [("en", 2), ("fr", 1)]


def test_groups_do_not_depend_on_the_order_of_the_questions() -> None:
    chance = np.random.default_rng(3)
    angles = {f"q{n}": float(angle) for n, angle in enumerate(chance.uniform(0, 360, 80))}
    unanswered = ask(*angles)
    shuffled = [unanswered[n] for n in chance.permutation(80)]
    assert find_gaps(shuffled, on_circle(angles)) == find_gaps(unanswered, on_circle(angles))


def test_only_the_last_questions_are_grouped(monkeypatch: pytest.MonkeyPatch) -> None:
    assert MAX_QUESTIONS == 5_000
    monkeypatch.setattr("bot.journal.gaps.MAX_QUESTIONS", 2)
    found = find_gaps(ask("a", "b", "c"), on_circle({"b": 0, "c": 90}))
    assert [gap.label for gap in found] == ["c", "b"]


@pytest.mark.slow
def test_the_model_brings_the_same_question_in_two_languages_together_and_keeps_others_apart(
    bundled: TextEmbeddings,
) -> None:
    french = ask("Quels sont les horaires d’ouverture du musée\u00a0?", "Combien coûte l’entrée du musée\u00a0?")
    english = ask("What are the opening hours of the museum?", "How much is the entrance fee?", language="en")
    found = [set(gap.questions) for gap in find_gaps([*french, *english], bundled)]
    assert {french[0].question, english[0].question} in found
    assert not any({french[0].question, french[1].question} <= group for group in found)


# --------------------------------------------------------------------------------------------------------------- drafts


def gap_of(*questions: str, language: Language = "fr") -> Gap:
    return Gap(questions[0], language, tuple(ask(*questions, language=language)))


def read(folder: Path) -> list[tuple[str, str, str]]:
    found = read_seeds(folder, lambda text, fallback: detect_language(text, fallback).language)
    return [(d.title, d.language, d.text.strip()) for d in found.documents]


def test_a_draft_is_named_after_its_question_and_lists_all(tmp_path: Path) -> None:
    [path] = write_stubs([gap_of(HOURS, "Le musée est-il ouvert\u202f: quand ?")], tmp_path / "à écrire")
    assert path == tmp_path / "à écrire" / "a-quelle-heure-ouvre-le-musee-des-oeuvres.md"
    text = path.read_text(encoding="utf-8")
    assert text.startswith("---\n")
    assert text.endswith("---\n")
    assert f"title: {HOURS}\nlanguage: fr\n" in text
    assert "Le musée est-il ouvert\u202f: quand ?" in text


@pytest.mark.parametrize(
    "question",
    [
        pytest.param(HOURS, id="plain"),
        pytest.param("Où : « ici » ou # là ? - 'non' \"oui\" {x} [y] &a *b !c %d @e", id="signs of YAML"),
        pytest.param("Un\n---\nmensonge à indexer\n\n---\n", id="lines of dashes"),
        pytest.param("é\u2028\x85\t\ufeff\x07🛳️" * 60, id="odd characters"),
        pytest.param("œuvre " * 166, id="long"),
        pytest.param("42", id="number"),
    ],
)
def test_a_draft_is_no_article_before_it_has_an_answer(question: str, tmp_path: Path) -> None:
    [path] = write_stubs([gap_of(question, *(f"{n} {question}" for n in range(50)))], tmp_path)
    with pytest.raises(SeedsError, match="holds no text"):
        read(tmp_path)
    with path.open("a", encoding="utf-8") as file:
        file.write("Il ouvre à neuf heures.\n")
    [(title, language, text)] = read(tmp_path)
    assert (language, text) == ("fr", "Il ouvre à neuf heures.")
    assert title[:20] == " ".join(question.split())[:20] or not question.isprintable()


def test_a_draft_that_is_there_is_never_written_over(tmp_path: Path) -> None:
    [path] = write_stubs([gap_of(HOURS)], tmp_path)
    path.write_text("Ma réponse", encoding="utf-8")
    assert write_stubs([gap_of(HOURS), gap_of("Où ?")], tmp_path) == [tmp_path / "ou.md"]
    assert path.read_text(encoding="utf-8") == "Ma réponse"


def test_two_gaps_of_one_name_get_a_draft_each(tmp_path: Path) -> None:
    paths = write_stubs([gap_of("Où ?"), gap_of("ou ?"), gap_of("？"), gap_of("!")], tmp_path)
    assert [p.name for p in paths] == ["ou.md", "ou-2.md", "question.md", "question-2.md"]


@pytest.mark.parametrize("label", ["../../etc/passwd", "/etc/passwd", "C:\\x", ".caché", "a\0b", "x" * 1000])
def test_a_draft_never_leaves_the_folder_nor_hides_in_it(label: str, tmp_path: Path) -> None:
    [path] = write_stubs([gap_of(label)], tmp_path / "drafts")
    assert path.parent == tmp_path / "drafts"
    assert [p.name for p in (tmp_path / "drafts").iterdir()] == [path.name]
    assert path.name[0].isalnum()


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(BotError, match="name another folder"):
        write_stubs([gap_of(HOURS)], tmp_path / "file")
