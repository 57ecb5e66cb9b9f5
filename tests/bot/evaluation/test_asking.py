"""Ask a small index made with the hashing embedder; the quotes are what they are, the comparison is under test."""

from dataclasses import replace
from pathlib import Path

import pytest

from bot.answering.answer import Question
from bot.config import BotSettings
from bot.evaluation.asking import Outcome, ask_index, ask_passages, read_measured
from bot.evaluation.questions import KnownQuestion, Page, QuestionSet
from bot.factory import build_bot
from index.build import Progress, build_index
from tests.bot.fakes import ENGLISH, FRENCH
from tests.fakes import HashingEmbeddings
from tests.index.pages import prose

QUESTIONS = (
    KnownQuestion("held", "Le musée l’a achetée en 1998 ?", "fr", True, ("en 1998",), passage="00000.txt", article="0"),
    KnownQuestion("free", "Dogs travel free?", "en", True, ("free",), passage="00001.txt", article="1"),
    KnownQuestion("wrong", "Dogs travel free, and who else?", "en", True, ("cats",), passage="00000.txt", article="0"),
    KnownQuestion("none", "What is the capital of Australia?", "en", False, passage="00001.txt", article="1"),
    KnownQuestion("odd", "Wo ist die Stadtbibliothek heute geöffnet?", "en", False, passage="00001.txt", article="1"),
)
SET = QuestionSet("both.json", Path("both.json"), QUESTIONS, {"00000.txt": FRENCH, "00001.txt": ENGLISH}, "fr")


@pytest.fixture
def settings(tmp_path: Path) -> BotSettings:
    return BotSettings(seeds_dir=tmp_path / "articles", index_dir=tmp_path / "index")


@pytest.fixture
def outcomes(settings: BotSettings) -> dict[str, Outcome]:
    asked = ask_passages(SET, settings, HashingEmbeddings(), Progress(), Progress())
    return {outcome.question.id: outcome for outcome in asked}


def test_passages_are_asked_without_touching_the_index_of_the_settings(
    outcomes: dict[str, Outcome], settings: BotSettings
) -> None:
    assert list(outcomes) == ["held", "free", "wrong", "none", "odd"]
    assert not settings.index_dir.exists()


def test_a_right_answer_is_measured_as_such(outcomes: dict[str, Outcome]) -> None:
    held = outcomes["held"]
    assert "1998" in held.quote
    assert held.quote in held.passage == held.expected == FRENCH
    m = held.measured
    assert (m.rank, m.ndcg, m.right, m.reply_language, m.found_in) == (1, 1.0, True, True, "fr")
    assert (m.refused, m.first_quote, m.citation, m.exact_match, m.token_f1) == (False, True, True, 0.0, 0.4)
    assert m.ms > 0


def test_a_wrong_answer_is_measured_as_such(outcomes: dict[str, Outcome]) -> None:
    m = outcomes["wrong"].measured
    assert (m.rank, m.right, m.first_quote) == (2, False, False)
    assert m.ndcg == pytest.approx(0.6309, abs=1e-4)


def test_the_quote_that_a_refusal_withheld_is_known(outcomes: dict[str, Outcome]) -> None:
    none = outcomes["none"]
    assert none.measured.refused
    assert none.quote
    assert none.expected == ""
    m = none.measured
    assert (m.rank, m.ndcg, m.first_quote, m.citation, m.token_f1, m.right) == (None, None, None, None, None, False)


def test_a_question_in_a_third_language_is_refused_without_a_quote(outcomes: dict[str, Outcome]) -> None:
    odd = outcomes["odd"]
    assert (odd.measured.refused, odd.quote, odd.passage) == (True, "", "")


def test_progress_tells_every_text_and_every_question(settings: BotSettings) -> None:
    told: list[tuple[str, int]] = []

    def bar(name: str) -> Progress:
        return Progress(lambda total: told.append((f"{name} of", total)), lambda done: told.append((name, done)))

    ask_passages(SET, settings, HashingEmbeddings(), bar("built"), bar("asked"))
    assert sum(n for name, n in told if name == "asked") == dict(told)["asked of"] == len(QUESTIONS)
    assert sum(n for name, n in told if name == "built") == dict(told)["built of"] > 0


def test_what_is_written_can_be_read_again(outcomes: dict[str, Outcome]) -> None:
    measured = [outcome.measured for outcome in outcomes.values()]
    again = read_measured([m.record() for m in measured])
    assert [m.key for m in again] == [("both.json", name) for name in outcomes]
    assert [m.record() for m in again] == [m.record() for m in measured]


def test_an_index_is_asked_where_the_answers_stand(settings: BotSettings) -> None:
    settings.seeds_dir.mkdir()
    for name, text in (("musee.md", FRENCH), ("ferry.en.txt", ENGLISH)):
        (settings.seeds_dir / name).write_text(text, encoding="utf-8")
    build_index(settings.seeds_dir, settings.index_dir, HashingEmbeddings())
    questions = QuestionSet(
        "q.csv", Path("q.csv"), (*QUESTIONS, KnownQuestion("source", "Free dogs?", "en", True, source="ferry.en.txt"))
    )
    held, free, wrong, none, _, source = (
        o.measured
        for o in ask_index(questions, build_bot(settings, HashingEmbeddings()), settings.index_dir, Progress())
    )
    assert (held.rank, held.found_in) == (1, "fr")
    assert (free.rank, free.found_in) == (1, "en")
    assert (wrong.rank, wrong.found_in) == (0, None)
    assert none.rank is None
    assert (source.rank, source.first_quote, source.right) == (1, None, True)


def test_a_quote_from_the_section_around_a_hit_is_measured(settings: BotSettings) -> None:
    settings.seeds_dir.mkdir()
    cats = "Les chats voyagent dans la cale, sous la garde du matelot."
    section = f"# Le bac\n\n## À bord\n\n{prose(900)}\n\n{cats}\n\n- Les chats paient demi-tarif.\n"
    (settings.seeds_dir / "bac.md").write_text(section, encoding="utf-8")
    build_index(settings.seeds_dir, settings.index_dir, HashingEmbeddings())
    bot = build_bot(settings.model_copy(update={"top_k": 1}), HashingEmbeddings())
    question = KnownQuestion("held", "Comment voyagent les chats ?", "fr", True, ("cale",), source="bac.md")
    questions = QuestionSet("q.csv", Path("q.csv"), (question,))
    [outcome] = ask_index(questions, bot, settings.index_dir, Progress())
    [hit] = bot.chain.invoke(Question(question.text)).hits
    assert hit.chunk.text.startswith(cats)
    assert outcome.quote.startswith("## À bord")


def test_replies_about_documentation_are_measured_beside_a_plain_search(settings: BotSettings) -> None:
    settings.seeds_dir.mkdir()
    for name, text in (("musee.md", FRENCH), ("ferry.en.txt", ENGLISH)):
        (settings.seeds_dir / name).write_text(text, encoding="utf-8")
    build_index(settings.seeds_dir, settings.index_dir, HashingEmbeddings())
    fact = KnownQuestion("fact", "Le musée l’a achetée en 1998 ?", "fr", True, kind="fact")
    none = KnownQuestion("none", "What is the capital of Australia?", "en", False, kind="none")
    asked = (
        replace(fact, pages=(Page("musee.md", ("achetée en 1998",)),)),
        replace(fact, id="whole", pages=(Page("musee.md", ("achetée en 1998", "en garde la clé")),)),
        replace(fact, id="other", pages=(Page("ferry.en.txt", ("Dogs travel free",)),)),
        none,
    )
    questions = QuestionSet("q.json", Path("q.json"), asked)
    bot = build_bot(settings, HashingEmbeddings())
    shown, whole, other, refused = (o.measured for o in ask_index(questions, bot, settings.index_dir, Progress()))
    assert (shown.kind, shown.useful, shown.page_cited, shown.right) == ("fact", True, True, True)
    assert shown.useful_length is not None
    assert (shown.plain_rank, shown.first_passage, shown.three_passages) == (1, True, True)
    assert (whole.useful, whole.useful_length, whole.first_passage, whole.right) == (False, None, True, False)
    assert (other.useful, other.page_cited, other.plain_rank) == (False, False, 2)
    assert (other.first_passage, other.three_passages) == (False, True)
    assert (refused.refused, refused.kind, refused.useful, refused.plain_rank) == (True, "", None, None)
