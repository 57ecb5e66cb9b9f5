import json
import re

import pytest

from index.ingestion import Skipped
from index.reporting import print_files, progress_as_lines


def test_on_a_terminal_the_report_is_a_table(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    left_out = {"\x1b.md": {"comments": 2}}
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "80")
    skipped = (Skipped("[bold]\x1b[2J.md", "holds no text"),)
    print_files({".md": 1, ".pdf": 12}, left_out, skipped)
    shown = [
        line.split() for line in re.sub(r"\x1b\[[0-9;]*m", "", capsys.readouterr().err).splitlines() if line.strip()
    ]
    assert shown[-4:] == [
        ["read", ".md", "1", "file"],
        ["read", ".pdf", "12", "files"],
        ["left", "out", "comments", "2", "in", "\ufffd.md"],
        ["skipped", "[bold]\ufffd[2J.md", "holds", "no", "text"],
    ]


def test_what_was_left_out_takes_a_line_a_kind_whatever_the_number_of_files(
    capsys: pytest.CaptureFixture[str],
) -> None:
    left_out = {f"{n}.md": {"comments": n, "hidden texts": 1} if n == 4 else {"comments": n} for n in range(1, 7)}
    print_files({}, left_out, ())
    assert capsys.readouterr().err.splitlines() == [
        "left out comments: 21 in 1.md, 2.md, 3.md and 3 more",
        "left out hidden texts: 1 in 4.md",
    ]


def test_progress_as_lines_is_told_at_first_and_then_each_second(capsys: pytest.CaptureFixture[str]) -> None:
    now = 0.0
    with progress_as_lines(lambda: now) as progress:
        progress.start(9)
        for now in (0.2, 1.1, 1.2, 1.9):  # noqa: B007 - the clock reads it
            progress.advance(2)
    assert [json.loads(line) for line in capsys.readouterr().out.splitlines()] == [
        {"done": 2, "total": 9},
        {"done": 6, "total": 9},
    ]
