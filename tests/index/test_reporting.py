import json
import re

import pytest

from index.build import BuildReport
from index.ingestion import Skipped
from index.reporting import print_files, progress_as_lines
from index.schema import Manifest


def test_on_a_terminal_the_report_is_a_table(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = dict.fromkeys(("a.md", *(f"{n}.pdf" for n in range(12))), 1)
    manifest = Manifest(2, "", "", "", "", 64, "", {}, 13, 13, 13, {}, rows, [], {})
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "80")
    skipped = (Skipped("[bold]\x1b[2J.md", "holds no text"),)
    print_files(BuildReport(skipped=skipped, manifest=manifest, embedded=2, seconds=1.0))
    shown = [
        line.split() for line in re.sub(r"\x1b\[[0-9;]*m", "", capsys.readouterr().err).splitlines() if line.strip()
    ]
    assert shown[-3:] == [
        ["read", ".md", "1", "file"],
        ["read", ".pdf", "12", "files"],
        ["skipped", "[bold]\ufffd[2J.md", "holds", "no", "text"],
    ]


def test_progress_as_lines_counts_from_the_first_text(capsys: pytest.CaptureFixture[str]) -> None:
    with progress_as_lines() as progress:
        progress.start(9)
        progress.advance(4)
        progress.advance(5)  # within the second
    assert [json.loads(line) for line in capsys.readouterr().out.splitlines()] == [{"done": 4, "total": 9}]
