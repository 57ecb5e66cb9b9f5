import asyncio
import json
import os
import sys
from pathlib import Path

import pytest

from bot.config import BotSettings
from bot.discord import rebuild as module
from bot.discord.rebuild import RebuildReport, rebuild, rebuild_command
from bot.errors import RebuildError, RebuildKilledError

REPORT = {"documents": 2, "chunks": 5, "skipped": [{"id": "œ.pdf", "reason": "vide"}], "seconds": 1.5}
BUILT = RebuildReport(2, 5, 1, 1.5)


def script(*statements: str) -> tuple[str, ...]:
    """Return a command that runs Python in place of a rebuild."""
    return (sys.executable, "-c", "\n".join(["import json, os, signal, sys, time", *statements]))


def says(*records: object) -> str:
    """Return a statement that writes the records, one a line."""
    return f"sys.stdout.write({''.join(json.dumps(record) + chr(10) for record in records)!r})"


async def run(*statements: str) -> tuple[RebuildReport, list[tuple[int, int]]]:
    """Return the report of a script, and the progress that it told."""
    told: list[tuple[int, int]] = []

    async def on_progress(done: int, total: int) -> None:
        told.append((done, total))

    return await rebuild(script(*statements), on_progress), told


async def test_a_rebuild_tells_how_far_it_is_and_what_it_built() -> None:
    report, told = await run(says({"done": 1, "total": 3}, {"done": 3, "total": 3}, REPORT))
    assert (report, told) == (BUILT, [(1, 3), (3, 3)])


async def test_no_length_of_a_report_breaks_it() -> None:
    names = "[{'id': f'œ{n}', 'reason': 'x' * 200} for n in range(50_000)]"  # 11 MB on one line
    report, _ = await run(f"print(json.dumps({REPORT!r} | {{'skipped': {names}}}))")
    assert report.skipped == 50_000


@pytest.mark.parametrize(
    "noise",
    [
        pytest.param("print('pas du JSON')", id="text"),
        pytest.param("print('[1, 2]')", id="no-object"),
        pytest.param("print()", id="blank"),
        pytest.param("sys.stdout.buffer.write(bytes(range(256)) * 9 + bytes([10]))", id="bytes"),
        pytest.param("print('x' * 100_000)", id="too-long"),
        pytest.param("print(json.dumps({'done': 1}))", id="half-a-progress"),
    ],
)
async def test_what_else_is_written_there_is_passed_over(noise: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_LINE", 1_000)
    report, told = await run(noise, "sys.stdout.flush()", says(REPORT), "sys.stdout.flush()", noise)
    assert (report, told) == (BUILT, [])


@pytest.mark.parametrize(
    "statement",
    [
        pytest.param("pass", id="silence"),
        pytest.param("print('pas du JSON')", id="garbage"),
        pytest.param(says({"done": 1, "total": 2}), id="progress-alone"),
        pytest.param(says({"documents": 2}), id="half-a-report"),
        pytest.param(says(REPORT | {"skipped": 3}), id="another-report"),
    ],
)
async def test_an_end_without_a_report_is_an_error(statement: str) -> None:
    with pytest.raises(ValueError, match="report cannot be read"):
        await run(statement)


async def test_a_rebuild_that_fails_gives_the_last_thing_it_said() -> None:
    with pytest.raises(RebuildError, match=r"^babillard: il n’y a pas d’article$"):
        await run(
            says(REPORT), "sys.stderr.write('un avertissement\\nbabillard: il n’y a pas d’article\\n')", "sys.exit(1)"
        )


async def test_a_rebuild_that_fails_without_a_word_gives_its_status() -> None:
    with pytest.raises(RebuildError, match="exit status 3"):
        await run("sys.exit(3)")


async def test_a_flood_of_complaints_neither_blocks_it_nor_hides_the_reason() -> None:
    with pytest.raises(RebuildError, match=r"^la raison$"):
        await run("sys.stderr.write('attention\\n' * 300_000 + 'la raison\\n')", "sys.exit(1)")


@pytest.mark.skipif(os.name != "posix", reason="signals are POSIX's")
async def test_a_rebuild_that_is_killed_says_so() -> None:
    with pytest.raises(RebuildKilledError):
        await run(says(REPORT), "sys.stdout.flush()", "os.kill(os.getpid(), signal.SIGKILL)")


async def test_a_command_that_cannot_be_started_says_so(tmp_path: Path) -> None:
    async def on_progress(done: int, total: int) -> None:
        """Nothing is told."""

    with pytest.raises(RebuildError, match="cannot be started"):
        await rebuild([str(tmp_path / "rien")], on_progress)


@pytest.mark.skipif(os.name != "posix", reason="signals are POSIX's")
async def test_a_rebuild_that_nobody_follows_any_more_is_ended() -> None:
    began: asyncio.Future[int] = asyncio.get_running_loop().create_future()

    async def on_progress(done: int, total: int) -> None:
        began.set_result(done)

    hanging = script("print(json.dumps({'done': os.getpid(), 'total': 1}), flush=True)", "time.sleep(3600)")
    following = asyncio.create_task(rebuild(hanging, on_progress))
    pid = await began
    following.cancel()
    with pytest.raises(asyncio.CancelledError):
        await following
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_the_command_names_the_folders_of_the_settings(tmp_path: Path) -> None:
    command = rebuild_command(BotSettings(seeds_dir=tmp_path / "articles", index_dir=tmp_path / "index"))
    assert command[1:5] == ("-m", "index", "rebuild", "--json")
    assert {str(tmp_path / "articles"), str(tmp_path / "index")} < set(command)
