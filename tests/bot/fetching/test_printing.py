import pytest

from bot.fetching.learning import Outcome
from bot.fetching.printing import outcome_record, page_bar, print_outcomes, summary

A = Outcome("https://example.org/a", "added", "L’œuvre", "2026-05-04")
B = Outcome("https://example.org/b", "failed", reason="https://example.org/b is not there: check the address")
C = Outcome("https://example.org/c", "unchanged", "C")


def test_what_changed_is_shown_and_the_rest_is_counted() -> None:
    lines: list[str] = []
    print_outcomes([A, B, C], lines.append)
    assert lines == [
        "added https://example.org/a: L’œuvre (2026-05-04)",
        "failed https://example.org/b: is not there: check the address",
        "1 added, 1 unchanged, 1 failed; `babillard index rebuild` takes them up",
    ]


def test_nothing_is_told_to_rebuild_where_nothing_changed() -> None:
    assert summary([C, C]) == "2 unchanged"
    assert summary([]) == "nothing to do"


def test_what_a_page_says_moves_no_terminal() -> None:
    lines: list[str] = []
    print_outcomes([Outcome("https://example.org/a", "added", "A\x1b[2J\nB")], lines.append)
    assert not any(set(line) & {"\x1b", "\n"} for line in lines)


def test_a_record_has_all_that_is_known() -> None:
    assert outcome_record(A) == {
        "address": "https://example.org/a",
        "what": "added",
        "title": "L’œuvre",
        "date": "2026-05-04",
        "listed_in": "",
        "reason": "",
        "guild": None,
    }


def test_a_page_of_one_server_is_told_with_it() -> None:
    lines: list[str] = []
    own = Outcome("https://example.org/a", "updated", "A", guild=10**18)
    print_outcomes([own], lines.append)
    assert lines[0] == f"updated https://example.org/a (server {10**18}): A"
    assert outcome_record(own)["guild"] == str(10**18)


def test_a_bar_is_shown_on_a_terminal_alone(capsys: pytest.CaptureFixture[str]) -> None:
    with page_bar() as bar:
        bar.expect(2)
        bar.advance()
        bar.hide()
    assert capsys.readouterr() == ("", "")
