"""When pages are refreshed in the background, and what is in the way."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.config import BotSettings
from bot.discord.library import Library
from bot.discord.renewal import HOUR_SECONDS, LOOK_SECONDS, Renewal
from bot.errors import FetchError
from bot.fetching.learning import page_store
from bot.fetching.pages import Page, digest
from bot.fetching.refreshing import refreshing
from bot.fetching.visiting import Host
from bot.publishing import Publisher
from index.errors import BuildingError
from tests.fakes import HashingEmbeddings

DAY = 24 * HOUR_SECONDS


class Scripted(Library):
    """Refreshes nothing, and remembers what it was asked to."""

    def __init__(self, settings: BotSettings) -> None:
        super().__init__(settings, Publisher(settings, HashingEmbeddings()))
        self.refreshed: list[int | None] = []
        self.faults: dict[int | None, Exception] = {}
        self.during: Callable[[], None] = lambda: None

    async def refresh(self, guild: int | None, hosts: dict[str, Host]) -> None:
        self.refreshed.append(guild)
        self.during()
        if guild in self.faults:
            raise self.faults[guild]


@pytest.fixture
def settings(tmp_path: Path) -> BotSettings:
    """Return settings with pages that all see, and pages of the servers 7 and 8; 9 has a file alone."""
    settings = BotSettings(data_dir=tmp_path / "data", index_dir=tmp_path / "index", refresh_hours=24)
    for guild, address in ((None, "https://a.test/"), (7, "https://a.test/"), (8, "https://a.test/"), (9, "note.md")):
        page = Page(address, "a/a.md", "A", None, "2026-05-04T12:00:00+00:00", digest(b"A"))
        page_store(settings, guild).keep(page, b"A")
    return settings


@pytest.fixture
def library(settings: BotSettings) -> Scripted:
    return Scripted(settings)


def renewal(settings: BotSettings, library: Library, now: float = 0.0) -> Renewal:
    made = Renewal(settings, library)
    made.clock = lambda: now
    return made


async def test_common_pages_come_first_and_then_those_of_each_server(settings: BotSettings, library: Scripted) -> None:
    await renewal(settings, library).look()
    assert library.refreshed == [None, 7, 8]


async def test_the_interval_goes_on_across_restarts(settings: BotSettings, library: Scripted) -> None:
    for now, rounds in ((5.0, 1), (DAY, 1), (5.0 + DAY, 2), (6.0 + DAY, 2), (1.0, 3)):  # the clock was put back
        await renewal(settings, library, now).look()
        assert len(library.refreshed) == 3 * rounds


async def test_a_fault_of_one_place_keeps_no_other_from_its_refresh_and_is_not_met_again_at_once(
    settings: BotSettings, library: Scripted, caplog: pytest.LogCaptureFixture
) -> None:
    library.faults = {None: FetchError("damaged"), 7: BuildingError("another build"), 8: RuntimeError("unforeseen")}
    for _ in range(3):
        await renewal(settings, library).look()
    assert library.refreshed == [None, 7, 8]
    assert [(r.levelname, r.getMessage()) for r in caplog.records] == [
        ("WARNING", "not refreshed"),
        ("WARNING", "not refreshed"),
        ("ERROR", "not refreshed"),
    ]


async def test_two_refreshes_never_run_at_once(
    settings: BotSettings, library: Scripted, caplog: pytest.LogCaptureFixture
) -> None:
    refused = []

    def try_again() -> None:
        with pytest.raises(FetchError, match="already"), refreshing(settings):
            pass
        refused.append(True)

    library.during = try_again
    await renewal(settings, library).look()
    assert len(refused) == 3
    with refreshing(settings):  # as `babillard refresh` does
        await renewal(settings, library, DAY).look()
    assert len(library.refreshed) == 3
    assert "not refreshed" in caplog.text
    library.during = lambda: None
    await renewal(settings, library, DAY).look()
    assert len(library.refreshed) == 6


async def test_a_damaged_record_of_one_server_is_told_and_passed_over(
    settings: BotSettings, library: Scripted, caplog: pytest.LogCaptureFixture
) -> None:
    (page_store(settings, 7).folder / ".pages.json").write_text("{", encoding="utf-8")
    await renewal(settings, library).look()
    assert library.refreshed == [None, 8]
    assert "damaged" in caplog.text


async def test_a_note_of_the_last_time_that_cannot_be_read_is_none(settings: BotSettings, library: Scripted) -> None:
    (settings.data_dir / "learned" / ".refreshed").write_bytes(b"\xff")
    await renewal(settings, library).look()
    assert library.refreshed == [None, 7, 8]


async def test_where_nothing_was_learned_nothing_is_made(tmp_path: Path) -> None:
    settings = BotSettings(data_dir=tmp_path / "none", index_dir=tmp_path / "index", refresh_hours=1)
    library = Scripted(settings)
    await renewal(settings, library).look()
    assert (library.refreshed, settings.data_dir.exists()) == ([], False)


@pytest.mark.parametrize(("hours", "looks"), [(0, 0), (24, 2)])
async def test_it_is_looked_at_again_and_again_only_where_that_is_set(
    settings: BotSettings, library: Scripted, hours: int, looks: int
) -> None:
    one = renewal(settings.model_copy(update={"refresh_hours": hours}), library)
    slept: list[float] = []
    done = asyncio.Event()

    async def sleep(seconds: float) -> None:
        slept.append(seconds)
        if len(slept) > looks:
            done.set()
            await asyncio.Event().wait()

    one.sleep = sleep
    one.begin()
    one.begin()
    if looks:
        await done.wait()
    one.close()
    assert slept == ([LOOK_SECONDS] * (looks + 1) if looks else [])
    assert library.refreshed == ([None, 7, 8] if looks else [])
