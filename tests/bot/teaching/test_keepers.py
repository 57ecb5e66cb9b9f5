"""What keeps what was taught, in a file and on a server alike."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.errors import TeachingError
from bot.postgres.server import Postgres
from bot.teaching.keeper import TaughtKeeper
from bot.teaching.postgres import PostgresTaught
from bot.teaching.store import TaughtStore
from tests.postgres import Server

GUILD, OTHER, ALICE, BOB = 10, 20, 1, 2
QUESTION, ANSWER = "Quel est le mot de passe du wifi\u202f?", "C’est «\u00a0tournesol\u00a0»."
LINK = "https://discord.com/channels/10/11/12"


class Clock:
    now = 1_750_000_000.0

    def __call__(self) -> float:
        self.now += 60
        return self.now


@pytest.fixture(params=["file", "postgres"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[TaughtKeeper]:
    if request.param == "file":
        with TaughtStore(tmp_path / "taught.sqlite3", Clock()) as file:
            yield file
        return
    server: Server = request.getfixturevalue("postgres")
    with Postgres(server.url) as database:
        yield PostgresTaught(database, Clock())


def test_what_is_taught_is_kept_with_who_when_and_where(store: TaughtKeeper) -> None:
    entry = store.teach(GUILD, QUESTION, ANSWER, ALICE, LINK)
    assert (entry.question, entry.answer, entry.link) == (QUESTION, ANSWER, LINK)
    assert (entry.teacher, entry.active, entry.changed.year) == (ALICE, True, 2025)
    assert store.entries(GUILD) == [entry]


def test_the_same_answer_taught_twice_is_kept_once(store: TaughtKeeper) -> None:
    assert store.teach(GUILD, QUESTION, ANSWER, ALICE) == store.teach(GUILD, f"  {QUESTION}\n", ANSWER, BOB)
    assert len(store.entries(GUILD)) == 1


def test_an_edit_keeps_the_number_the_link_and_the_history(store: TaughtKeeper) -> None:
    first = store.teach(GUILD, QUESTION, ANSWER, ALICE, LINK)
    second = store.edit(GUILD, first.number, QUESTION, "C’est «\u00a0pivoine\u00a0».", BOB)
    assert (second.number, second.teacher, second.link) == (first.number, BOB, LINK)
    assert store.entries(GUILD) == [second]
    changes = store.history(GUILD, first.number)
    assert [(change.action, change.teacher, change.answer) for change in changes] == [
        ("taught", ALICE, ANSWER),
        ("edited", BOB, "C’est «\u00a0pivoine\u00a0»."),
    ]


def test_what_is_proposed_answers_nothing_until_it_takes_the_place_of_another(store: TaughtKeeper) -> None:
    old = store.teach(GUILD, QUESTION, ANSWER, ALICE)
    new = store.teach(GUILD, QUESTION, "C’est «\u00a0pivoine\u00a0».", BOB, action="proposed")
    assert [entry.active for entry in store.entries(GUILD)] == [True, False]
    store.supersede(GUILD, old.number, new.number, BOB)
    assert [entry.active for entry in store.entries(GUILD)] == [False, True]


def test_an_entry_takes_the_place_of_one_that_is_gone_not_at_all(store: TaughtKeeper) -> None:
    new = store.teach(GUILD, QUESTION, ANSWER, ALICE, action="proposed")
    with pytest.raises(TeachingError):
        store.supersede(GUILD, 99, new.number, ALICE)
    assert not store.entry(GUILD, new.number).active


def test_what_is_withdrawn_is_kept_and_comes_back(store: TaughtKeeper) -> None:
    number = store.teach(GUILD, QUESTION, ANSWER, ALICE).number
    assert not store.withdraw(GUILD, number, BOB).active
    assert store.restore(GUILD, number, BOB).active
    assert [change.action for change in store.history(GUILD, number)] == ["taught", "withdrawn", "restored"]


def test_withdrawing_twice_is_one_change(store: TaughtKeeper) -> None:
    number = store.teach(GUILD, QUESTION, ANSWER, ALICE).number
    store.withdraw(GUILD, number, ALICE)
    store.withdraw(GUILD, number, BOB)
    assert len(store.history(GUILD, number)) == 2


def test_a_server_neither_sees_nor_changes_the_entries_of_another(store: TaughtKeeper) -> None:
    number = store.teach(GUILD, QUESTION, ANSWER, ALICE).number
    assert store.entries(OTHER) == []
    for forbidden in (
        lambda: store.entry(OTHER, number),
        lambda: store.history(OTHER, number),
        lambda: store.withdraw(OTHER, number, ALICE),
        lambda: store.edit(OTHER, number, QUESTION, "Autre chose.", ALICE),
        lambda: store.supersede(OTHER, number, number, ALICE),
    ):
        with pytest.raises(TeachingError):
            forbidden()
    assert store.entry(GUILD, number).answer == ANSWER


@pytest.mark.parametrize(
    ("question", "answer", "reason"),
    [
        ("\u200b ?", ANSWER, "no_question"),
        (QUESTION, " \n", "no_answer"),
        ("é" * 301, ANSWER, "too_long"),
        (QUESTION, "é" * 4_001, "too_long"),
    ],
)
def test_what_cannot_be_kept_is_refused_and_costs_nothing(
    store: TaughtKeeper, question: str, answer: str, reason: str
) -> None:
    with pytest.raises(TeachingError) as refused:
        store.teach(GUILD, question, answer, ALICE)
    assert refused.value.reason == reason
    assert store.entries(GUILD) == []


def test_who_asks_to_be_forgotten_is_no_longer_named(store: TaughtKeeper) -> None:
    number = store.teach(GUILD, QUESTION, ANSWER, ALICE).number
    store.withdraw(GUILD, number, BOB)
    assert store.forget(ALICE) == 1
    assert [change.teacher for change in store.history(GUILD, number)] == [None, BOB]


def test_a_server_that_is_left_takes_all_with_it(store: TaughtKeeper) -> None:
    store.teach(GUILD, QUESTION, ANSWER, ALICE)
    kept = store.teach(OTHER, QUESTION, ANSWER, ALICE)
    store.forget_guild(GUILD)
    assert (store.guilds(), store.entries(OTHER)) == ([OTHER], [kept])
