import json
import subprocess
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from bot.config import BotSettings
from bot.errors import JournalError
from bot.journal.activity import Article, activity_of
from bot.journal.cli import open_journal
from bot.journal.journal import Journal
from bot.journal.opening import open_journal_of
from index.model.embedding import TextEmbeddings
from tests.bot.journal.asking import ADA, BOB, GUILD, HOURS, NOW, Asking, answered, declined
from tests.bot.page.reading import check_loads_nothing, shown
from tests.fakes import HashingEmbeddings
from tests.postgres import Server
from tests.processes import run_python

HOUR = 1 / 24


def no_model() -> TextEmbeddings:
    raise AssertionError("nothing is to be grouped")


# ------------------------------------------------------------------------------------------------------------ a period


def test_a_period_ends_today_and_begins_at_midnight(ask: Asking) -> None:
    for hours in (0, 17, 19, 41, 43):  # it is 18 h
        ask(answered(), days=hours * HOUR)
    activity = activity_of(ask.journal, no_model, None, days=2, now=NOW)
    assert [(day.day.day, day.questions) for day in activity.days] == [(30, 2), (31, 2)]


def test_without_days_it_begins_with_the_first_question(ask: Asking) -> None:
    ask(answered(), days=20)
    activity = activity_of(ask.journal, no_model, None, now=NOW)
    assert (activity.days[0].day, activity.days[-1].day) == (date(2026, 5, 11), date(2026, 5, 31))


def test_a_clock_that_was_set_back_gives_a_period_of_a_day(ask: Asking) -> None:
    ask(answered(), days=-3)
    assert len(activity_of(ask.journal, no_model, None, now=NOW).days) == 1


def test_a_server_has_a_report_of_its_own(ask: Asking) -> None:
    for guild in (GUILD, 43, None):
        for user in (ADA, BOB):
            ask(declined(f"Où est l’œuvre {guild} ?"), user, guild=guild)
    here = activity_of(ask.journal, HashingEmbeddings, None, guild=GUILD, now=NOW)
    assert (here.questions, len(here.gaps.shared), here.gaps.others) == (2, 1, 0)
    assert activity_of(ask.journal, HashingEmbeddings, None, now=NOW).questions == 6


def test_a_gap_of_before_is_not_of_the_period(ask: Asking) -> None:
    for user in (ADA, BOB):
        ask(declined(), user, days=9)
    assert activity_of(ask.journal, no_model, None, days=3, now=NOW).gaps == ([], 0)


def test_age_is_counted_from_the_end_of_the_period(ask: Asking) -> None:
    ask(answered())
    article = Article("musee.md", "Le musée", "Gazette, 1998", "2026-05-01")
    for days, stale in ((29, ["Le musée"]), (30, []), (0, [])):
        activity = activity_of(ask.journal, no_model, [article], old_after_days=days, now=NOW)
        assert [one.title for one in activity.stale] == stale


def test_a_journal_that_cannot_be_read_is_said(ask: Asking) -> None:
    ask.journal.close()
    with pytest.raises(JournalError):
        activity_of(ask.journal, no_model, None, now=NOW)


# --------------------------------------------------------------------------------------------------------- the command


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Return a data folder with a journal of today."""
    with Journal(tmp_path / "data" / "journal.sqlite3") as journal:
        for user in (ADA, BOB):
            journal.record(declined("Où est l’<b>œuvre</b> ?"), user=user, guild=GUILD, latency_ms=20)
            journal.record(answered("netflix-canada.fr.md"), user=user, guild=None, latency_ms=20)
        journal.record(declined("Où est le dossier de Zoé ?"), user=ADA, guild=GUILD, latency_ms=20)
    return tmp_path / "data"


def run(data: Path, *arguments: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return run_python("-m", "bot", "report", *arguments, cwd=None, DATA_DIR=str(data), **environment)


@pytest.mark.slow
def test_report_prints_a_summary_and_writes_the_page(data: Path, seed_index: Path, tmp_path: Path) -> None:
    page = tmp_path / "pages" / "été.html"
    done = run(data, page, "--index", seed_index)
    today = datetime.now(UTC).date()
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("5 questions from ")
    assert f"2 × Où est l’<b>œuvre</b> ? (fr 2; 2 people; last on {today})" in done.stdout
    html = page.read_text(encoding="utf-8")
    check_loads_nothing(html)
    assert "Où est l’<b>œuvre</b> ?22fr 2" in shown(html)
    assert "Zoé" not in html + done.stdout


@pytest.mark.slow
def test_report_writes_one_object_of_the_days_and_the_server_that_are_asked_for(data: Path, seed_index: Path) -> None:
    done = run(data, "--json", "--days", "7", "--guild", str(GUILD), "--index", seed_index)
    [line] = done.stdout.splitlines()
    record = json.loads(line)
    assert (record["questions"], len(record["days"]), record["cited"]) == (3, 7, [])
    assert str(GUILD) not in line
    kept = json.loads(run(data, "--json", "--days", "400", "--index", seed_index, JOURNAL_DAYS="30").stdout)
    assert len(kept["days"]) == 30


def test_report_without_an_index_says_so_and_tells_the_rest(data: Path, tmp_path: Path) -> None:
    done = run(data, "--index", tmp_path / "rien", "--json")
    record = json.loads(done.stdout)
    assert (done.returncode, record["questions"], record["never_cited"]) == (0, 5, None)
    assert "without the articles: there is no index in" in done.stderr


@pytest.mark.parametrize(
    ("days", "said"), [pytest.param("90", "no journal at", id="missing"), pytest.param("0", "JOURNAL_DAYS", id="off")]
)
def test_report_without_a_journal_says_so_and_makes_none(days: str, said: str, tmp_path: Path) -> None:
    done = run(tmp_path / "rien", tmp_path / "page.html", JOURNAL_DAYS=days)
    assert (done.returncode, done.stderr, list(tmp_path.iterdir())) == (0, "", [])
    assert said in done.stdout


def test_a_page_that_cannot_be_written_is_said_in_one_line(data: Path) -> None:
    done = run(data, data)
    assert done.returncode == 1
    assert "name another file" in done.stderr.splitlines()[-1]


def test_gaps_are_read_from_the_database_of_all_machines(
    postgres: Server, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    settings = BotSettings(data_dir=tmp_path / "var" / "data", database_url=postgres.url)
    with open_journal_of(settings, postgres.url) as journal:
        journal.record(declined(), user=ADA, guild=GUILD, latency_ms=1)
    monkeypatch.setenv("DATABASE_URL", postgres.url.get_secret_value())
    opened = open_journal(BotSettings(), quiet=True)
    assert opened is not None
    with opened:
        assert [one.question for one in opened.unanswered()] == [HOURS]
