from datetime import UTC, date, datetime, timedelta

import pytest

from bot.answering.answer import COURTESIES, Abstention
from bot.journal.activity import Activity, Article, summarise
from bot.journal.entry import Cited, Entry, Unanswered
from bot.journal.gaps import Gap
from index.schema import Language

FIRST, LAST = date(2026, 5, 1), date(2026, 5, 3)
NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
MUSEUM = Article("musee.md", "Le musée", "Gazette, 1998", "1998")
FERRY = Article("ferry.md", "The ferry", "ferry.md", "2026-04")
UNDATED = Article("œuvre.md", "L’œuvre", "œuvre.md", None)


def entry(
    number: int = 0,
    abstention: Abstention | None = None,
    *cited: Article,
    day: int = 0,
    asker: int = 0,
    language: Language = "fr",
    ms: float = 40,
    votes: tuple[int, int] = (0, 0),
) -> Entry:
    quoted = frozenset(Cited(a.id, a.title, a.source) for a in cited)
    return Entry(number, NOON + timedelta(day), asker, language, abstention, quoted, ms, *votes)


def told(*entries: Entry, articles: list[Article] | None = None, gaps: tuple[Gap, ...] = ()) -> Activity:
    return summarise(entries, gaps, articles, FIRST, LAST, date(2025, 5, 3))


def test_each_day_counts_even_without_a_question() -> None:
    activity = told(entry(), entry(abstention="no_evidence"), entry(day=2), entry(day=2, abstention="foreign"))
    assert [(day.day.day, *day[1:]) for day in activity.days] == [(1, 2, 1, 1), (2, 0, 0, 0), (3, 2, 1, 0)]
    assert (activity.questions, activity.answered, activity.refused) == (4, 2, 1)


@pytest.mark.parametrize("talk", [*COURTESIES, "about", "articles", "no_question"])
def test_talk_is_no_question(talk: Abstention) -> None:
    activity = told(entry(abstention=talk, ms=9_000), entry(ms=10))
    assert (activity.questions, activity.talk, activity.languages, activity.latencies) == (
        1,
        1,
        {"fr": 1, "en": 0},
        (10,),
    )


def test_times_are_those_of_the_questions() -> None:
    activity = told(*(entry(ms=float(ms)) for ms in range(101)))
    assert [activity.latency, told().latency] == [(50, 95, 100), None]


def test_votes_are_added_up() -> None:
    activity = told(entry(votes=(2, 0)), entry(votes=(1, 3)))
    assert (activity.up, activity.down) == (3, 3)


def test_an_article_counts_once_an_answer_the_most_cited_first() -> None:
    activity = told(entry(0, None, MUSEUM), entry(1, None, MUSEUM, FERRY), articles=[MUSEUM, FERRY, UNDATED])
    assert [(a.title, a.answers, a.indexed) for a in activity.cited] == [("Le musée", 2, True), ("The ferry", 1, True)]
    assert [a.title for a in activity.stale] == ["Le musée"]
    assert activity.never_cited == [UNDATED]


def test_an_article_that_was_renamed_or_moved_is_the_same() -> None:
    renamed, moved = MUSEUM._replace(title="Le grand musée"), FERRY._replace(id="en/ferry.md")
    activity = told(entry(0, None, MUSEUM, FERRY), articles=[renamed, moved])
    assert {a.title for a in activity.cited} == {"Le grand musée", "The ferry"}
    assert activity.never_cited == []


def test_a_row_that_moved_in_its_table_is_told_by_its_title() -> None:
    before, other = (
        Article("faq.csv#2", "Où\u202f?", "faq.csv", None),
        Article("faq.csv#2", "Qui\u202f?", "faq.csv", None),
    )
    now = before._replace(id="faq.csv#3")
    activity = told(entry(0, None, before), articles=[other, now])
    assert [a.title for a in activity.cited] == ["Où\u202f?"]
    assert activity.never_cited == [other]


def test_an_article_that_is_gone_is_still_counted() -> None:
    [cited] = told(entry(0, None, MUSEUM), articles=[FERRY]).cited
    assert (cited.title, cited.date, cited.indexed) == ("Le musée", None, False)


def test_without_an_index_nothing_is_said_to_be_old_or_never_cited() -> None:
    activity = told(entry(0, None, MUSEUM))
    assert (activity.stale, activity.never_cited) == ([], None)


def test_gaps_of_one_person_are_only_counted() -> None:
    def gap(question: str, *numbers: int) -> Gap:
        return Gap(question, "fr", tuple(Unanswered(n, question, "fr", NOON, "no_evidence") for n in numbers))

    entries = [entry(n, "no_evidence", asker=asker) for n, asker in enumerate([0, 0, 1, 2])]
    activity = told(*entries, gaps=(gap("Où est l’œuvre ?", 0, 2, 3), gap("Le dossier de Zoé ?", 1)))
    [shown] = activity.gaps.shared
    assert (shown.wording, shown.times, shown.people, shown.languages) == ("Où est l’œuvre ?", 3, 3, {"fr": 3})
    assert activity.gaps.others == 1
    assert "Zoé" not in str(activity.record())
