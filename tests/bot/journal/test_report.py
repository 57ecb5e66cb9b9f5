"""The page loads nothing, shows what was asked as text, and says nothing of people."""

from datetime import timedelta

import pytest

from bot.answering.answer import Answer
from bot.journal.activity import Activity, Article, activity_of
from bot.journal.report import MAX_LISTED, page
from tests.bot.journal.asking import ADA, BOB, EVE, GUILD, HOURS, NOW, Asking, answered, declined
from tests.bot.page.reading import HOSTILE, check, check_loads_nothing, shown
from tests.fakes import HashingEmbeddings

OLD = Article("musee.md", "Le musée", "Gazette, 1998", "1998")


def activity(ask: Asking, *articles: Article, days: int | None = None) -> Activity:
    return activity_of(ask.journal, HashingEmbeddings, list(articles), days=days, old_after_days=365, now=NOW)


def test_the_page_tells_how_much_was_asked_and_how_it_went(ask: Asking) -> None:
    for day in range(10):
        for user in (ADA, BOB):
            ask(answered(), user, day, ms=20)
            ask(declined(), user, day, ms=900)
    ask.journal.rate(ask(answered()), user=EVE, helpful=True)
    text = shown(page(activity(ask, OLD)))
    for said in (
        "41 questions on Discord from 2026-05-22 to 2026-05-31 (UTC).",
        "Answered21 (51 %)",
        "Refused: no article answers20 (49 %)",
        "French41 (100 %)",
        "Votes up1 (100 %)",
        "The slowest in900 ms",
        "Questions a day",
        f"{' '.join(HOURS.split())}202",
        "Cited, and old",
        "each article of the index was cited",
    ):
        assert said in text


def test_the_page_is_well_formed_and_loads_nothing(ask: Asking) -> None:
    for user in (ADA, BOB, EVE):
        ask(declined(), user)
        ask(answered(), user, 40)
    check_loads_nothing(page(activity(ask, OLD, Article("autre.md", "L’été", "autre.md", None))))


def test_what_people_and_articles_say_is_text(ask: Asking) -> None:
    for user in (ADA, BOB):
        ask(declined(HOSTILE), user)
        ask(answered(title=HOSTILE, source=HOSTILE), user)
    html = page(activity(ask, Article("été.md", f"{HOSTILE} bis", "<b>", "<i>2026</i>")))
    check_loads_nothing(html)
    texts = "".join(check(html).texts)
    assert texts.count(HOSTILE) >= 2
    assert f"{HOSTILE} bis — <b> (<i>2026</i>)" in texts


def test_nobody_can_be_told_from_the_page(ask: Asking) -> None:
    ask(declined("Je suis Zoé Lévesque, où est mon dossier 1234 ?"), ADA, 1)
    ask(declined("Je suis Zoé Lévesque, où est mon dossier 1234 ?"), ADA)
    for user in (ADA, BOB):
        ask(declined(), user)
    report = activity(ask, OLD)
    for told in (page(report), str(report.record())):
        assert not [private for private in ("Zoé", "1234", str(ADA), str(BOB), str(GUILD)) if private in told]
        for (pseudonym,) in ask.journal._read("SELECT user FROM entries"):
            assert pseudonym.hex() not in told
            assert repr(pseudonym) not in told
    assert "1 more gap of one person alone" in shown(page(report))


def test_greetings_are_no_gaps(ask: Asking) -> None:
    for user in (ADA, BOB):
        ask.journal.rate(ask(declined("salut", abstention="greeting"), user), user=EVE, helpful=False)
    text = shown(page(activity(ask)))
    assert "0 questions on Discord" in text
    assert "Greetings, thanks and the like2" in text
    assert "Not answered" in text
    assert "salut" not in text


def test_a_journal_without_questions_gives_a_page(ask: Asking) -> None:
    html = page(activity(ask))
    check_loads_nothing(html)
    assert "0 questions on Discord from 2026-05-31 to 2026-05-31 (UTC)." in shown(html)


@pytest.mark.parametrize("days", [1, 2, 6, 31, 70, 800, 3_650])
def test_any_number_of_days_gives_a_page(ask: Asking, days: int) -> None:
    ask(answered(), days=0)
    ask(declined(), days=80)
    html = page(activity(ask, OLD, days=days))
    check_loads_nothing(html)
    assert f"from {NOW.date() - timedelta(days - 1)} to 2026-05-31" in shown(html)


def test_long_lists_are_cut_and_the_page_stays_under_a_megabyte(ask: Asking) -> None:
    many = [Article(f"{n}.md", f"{n} {'<' * 5_000}", "&" * 5_000, None) for n in range(3 * MAX_LISTED)]
    for n, article in enumerate(many):
        ask(answered(article.id, article.title, article.source), n)
    others = [a._replace(id=f"autre-{a.id}", title=f"autre {a.title}") for a in many]
    html = page(activity(ask, *many, *others))
    check(html)
    assert len(html.encode()) < 1_000_000
    assert shown(html).count(f"And {2 * MAX_LISTED} more.") == 2


def test_a_question_of_the_other_language_is_counted_as_such(ask: Asking) -> None:
    ask(Answer("¿Qué hora es?", "en", abstention="foreign"))
    assert "In another language1 (100 %)" in shown(page(activity(ask)))
