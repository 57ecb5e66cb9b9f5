from dataclasses import replace
from pathlib import Path

import pytest

from bot.errors import EvaluationError
from bot.evaluation.gold import (
    MAX_REPLY,
    Relevant,
    exact_match,
    holds_one,
    in_index,
    in_passages,
    is_useful,
    shows,
    token_f1,
)
from bot.evaluation.questions import KnownQuestion, Page, QuestionSet
from index.build import build_index
from index.schema import Language
from index.store import IndexStore, open_store
from tests.bot.fakes import ENGLISH, FRENCH, make_chunk, make_hit
from tests.fakes import HashingEmbeddings


def asks(
    text: str = "Quand\u202f?", *answers: str, source: str = "", passage: str = "", known: bool = True
) -> KnownQuestion:
    return KnownQuestion(text, text, "fr", known, answers, source, passage, place="line 7")


def of(*questions: KnownQuestion, language: Language | None = None) -> QuestionSet:
    return QuestionSet("q.csv", Path("q.csv"), questions, {"00000.txt": FRENCH}, language)


@pytest.mark.parametrize(
    ("answer", "text", "held"),
    [
        pytest.param("L'œuvre", "l’ŒUVRE a coûté 1 200 $", True, id="apostrophe-and-case"),
        pytest.param("1 200 $", "L’œuvre a coûté 1\u202f200\u00a0$.", True, id="no-break-spaces"),
        pytest.param("7", "en 1975", False, id="part-of-a-number"),
        pytest.param("7", "Ils sont 7.", True, id="number"),
        pytest.param("été", "La société", False, id="part-of-a-word"),
        pytest.param("musée de Trois-Rivières", "le\nmusée  de Trois-Rivières", True, id="line-break"),
        pytest.param("musee", "le musée", False, id="accents-count"),
        pytest.param("« Où »", "L’œuvre « Où » est là", True, id="punctuation-at-the-ends"),
    ],
)
def test_an_answer_stands_in_a_text_whatever_its_case_spaces_and_apostrophes(
    answer: str, text: str, held: bool
) -> None:
    assert holds_one([answer], text) is held


@pytest.mark.parametrize(
    ("quote", "language", "exact", "f1"),
    [
        pytest.param("L’été !", "fr", 1.0, 1.0, id="article-and-punctuation"),
        pytest.param("C’est en été.", "fr", 0.0, 2 / (4 + 1), id="one-word-of-four"),
        pytest.param("un hiver", "fr", 0.0, 0.0, id="another-word"),
        pytest.param("", "fr", 0.0, 0.0, id="refused"),
    ],
)
def test_exact_match_and_f1_compare_words_without_articles(
    quote: str, language: Language, exact: float, f1: float
) -> None:
    question = asks("Quand\u202f?", "l’été", "au printemps dernier")
    assert exact_match(question, quote, language) == exact
    assert token_f1(question, quote, language) == pytest.approx(f1)


def test_f1_counts_repeated_words_as_often_as_both_have_them() -> None:
    assert token_f1(asks("Who?", "bye bye"), "bye bye bye", "en") == pytest.approx(2 * 2 / (3 + 2))


UNBAN = replace(
    asks("Comment débannir mon IP\u202f?"),
    pages=(
        Page("fail2ban.fr.md", ("le journal `/var/log/fail2ban.log`", "set sshd unbanip")),
        Page("fail2ban.md", ("unban your address",)),
    ),
)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        pytest.param("Le journal /var/log/fail2ban.log, puis set sshd unbanip", True, id="every-must"),
        pytest.param("Le journal /var/log/fail2ban.log", False, id="one-of-two"),
        pytest.param("> **Unban** your\u00a0address [2]", True, id="of-another-page-with-markup"),
        pytest.param("> Unban\n> your address", True, id="across-quoted-lines"),
        pytest.param("", False, id="nothing"),
    ],
)
def test_a_text_shows_what_is_needed_when_it_has_every_must_of_one_page(text: str, shown: bool) -> None:
    assert shows(UNBAN, text) is shown


def test_a_reply_that_is_too_long_to_be_read_is_not_useful() -> None:
    reply = "Unban your address".ljust(MAX_REPLY)
    assert is_useful(UNBAN, reply)
    assert not is_useful(UNBAN, f"{reply} ")


def test_among_the_passages_a_question_should_find_its_own() -> None:
    questions = of(asks(passage="00000.txt"), asks("Qui\u202f?", passage="00000.txt", known=False), language="fr")
    held, missing = in_passages(questions)
    assert held == Relevant("document", frozenset({"00000.txt"}), "fr", FRENCH)
    assert missing == Relevant("document", frozenset(), "fr")


@pytest.fixture
def store(tmp_path: Path) -> IndexStore:
    seeds = tmp_path / "articles"
    seeds.mkdir()
    (seeds / "musee.md").write_text(f"---\nsource: Gazette, 1998\n---\n# Le musée\n\n{FRENCH}\n", encoding="utf-8")
    (seeds / "ferry.en.txt").write_text(f"The ferry\n\n{ENGLISH}\n", encoding="utf-8")
    build_index(seeds, tmp_path / "index", HashingEmbeddings())
    return open_store(tmp_path / "index")


@pytest.mark.parametrize("source", ["musee.md", "Le musée", "gazette, 1998", "LE MUSÉE"])
def test_a_source_is_told_by_file_title_or_attribution(source: str, store: IndexStore) -> None:
    [musee] = in_index(of(asks(source=source)), store)
    assert (musee.by, musee.keys, musee.language) == ("document", frozenset({"musee.md"}), "fr")
    assert FRENCH in musee.text


def test_without_a_source_every_chunk_that_holds_the_answer_is_right(store: IndexStore) -> None:
    questions = of(asks("Qui\u202f?", "M. Lévesque"), asks("When?", "at noon"), asks("Where?", "in Paris"))
    held, noon, nowhere = in_index(questions, store)
    assert (held.by, held.keys, held.language) == ("chunk", frozenset({"musee.md#0"}), "fr")
    assert (noon.by, noon.keys, noon.language) == ("chunk", frozenset({"ferry.en.txt#0"}), "en")
    assert nowhere == Relevant("chunk", frozenset(), None)


def test_a_source_that_the_index_lacks_is_named_with_its_line(store: IndexStore) -> None:
    with pytest.raises(EvaluationError, match=r"q\.csv, line 7: no article of the index .* 'absent\.md'"):
        in_index(of(asks(source="absent.md")), store)


def test_passages_without_answers_cannot_be_told_in_an_index(store: IndexStore) -> None:
    with pytest.raises(EvaluationError, match="--contexts"):
        in_index(of(asks(passage="00000.txt")), store)


def test_a_document_counts_once_at_its_best_chunk() -> None:
    hits = [
        make_hit(make_chunk(FRENCH, document, ordinal=n), n + 1)
        for n, document in enumerate(["a.md", "a.md", "b.md", "c.md"])
    ]
    assert Relevant("document", frozenset({"b.md"}), "fr").ranked(hits) == [False, True, False]
    assert Relevant("chunk", frozenset({"a.md#1", "c.md#3"}), "fr").ranked(hits) == [False, True, False, True]
