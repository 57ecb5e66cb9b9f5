"""What a server learns, in its bounds."""

import asyncio
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from bot.config import BotSettings
from bot.discord.cogs.learning import learned_text
from bot.discord.library import Library, Progress
from bot.errors import TeachingError
from bot.fetching import visiting
from bot.fetching.learning import page_store
from bot.fetching.pages import Page, digest
from bot.messages import say
from bot.publishing import Publisher
from index.errors import BuildingError
from index.layers import Layer, pages_layer, server_layer
from index.store import open_store
from tests.bot.fetching.site import Served, Site, loopback_learner, page, serving
from tests.fakes import HashingEmbeddings


@pytest.fixture
def settings(tmp_path: Path) -> BotSettings:
    return BotSettings(index_dir=tmp_path / "index", data_dir=tmp_path / "data")


@pytest.fixture
def publisher(settings: BotSettings) -> Publisher:
    return Publisher(settings, HashingEmbeddings())


@pytest.fixture
def library(settings: BotSettings, publisher: Publisher) -> Library:
    return Library(settings, publisher)


async def test_no_private_network_is_reached_from_discord_whatever_the_settings(
    settings: BotSettings, publisher: Publisher
) -> None:
    opened = settings.model_copy(update={"fetch_private": "127.0.0.0/8"})
    with serving() as site:
        site["/"] = page("Bonjour.")
        learned = await Library(opened, publisher).learn_page(7, f"http://127.0.0.1:{site.port}/", Progress())
    assert [one.what for one in learned.outcomes] == ["failed"]
    assert "private network" in learned.outcomes[0].reason
    assert site.requests == []


async def test_a_server_learns_one_thing_at_a_time(library: Library) -> None:
    with library._alone(7), pytest.raises(TeachingError):
        await library.learn_file(7, "a.txt", b"Bonjour.", Progress())
    learned = await library.learn_file(7, "a.txt", b"Bonjour.", Progress())
    assert learned.changes == 1


async def test_a_server_that_is_full_is_told_so_and_may_renew_what_it_has(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.discord.library.MAX_KEPT", 1)
    await library.learn_file(7, "a.txt", b"Bonjour.", Progress())
    with pytest.raises(TeachingError):
        await library.learn_file(7, "b.txt", b"Bonsoir.", Progress())
    assert (await library.learn_file(7, "a.txt", b"Bonsoir.", Progress())).outcomes[0].what == "updated"
    assert (await library.learn_file(8, "b.txt", b"Bonsoir.", Progress())).changes == 1


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    """Return a site that may be asked without a pause."""
    monkeypatch.setattr(visiting, "PAUSE", 0.0)
    with serving() as one:
        yield one


@pytest.fixture
def reaching(settings: BotSettings, publisher: Publisher) -> Library:
    return Library(settings, publisher, loopback_learner)


def indexed(layer: Layer) -> list[str]:
    """Return the texts that an index holds."""
    store = open_store(layer.index)
    return sorted(store.chunk(row).text for row in range(store.manifest.chunks))


async def test_pages_of_a_server_are_brought_up_to_date_and_indexed(
    reaching: Library, settings: BotSettings, site: Site
) -> None:
    site["/a"], site["/b"] = page("Ouvert à sept heures."), page("Fermé le lundi.")
    for path in ("/a", "/b"):
        await reaching.learn_page(7, site.address(path), Progress())
    site["/a"] = page("Ouvert à neuf heures.")
    del site["/b"]
    await reaching.refresh(7, {})
    assert indexed(server_layer(settings, 7)) == ["Fermé le lundi.", "Ouvert à neuf heures."]
    states = {one.address: one.state for one in page_store(settings, 7).read().pages.values()}
    assert states == {site.address("/a"): "ok", site.address("/b"): "gone"}


async def test_common_pages_are_brought_up_to_date_and_indexed(
    reaching: Library, settings: BotSettings, site: Site
) -> None:
    site["/a"] = page("Ouvert à sept heures.")
    with loopback_learner(settings, 1, 1, page_store(settings)) as learner:
        list(learner.learn(site.address("/a")))
    site["/a"] = page("Ouvert à neuf heures.")
    await reaching.refresh(None, {})
    assert indexed(pages_layer(settings)) == ["Ouvert à neuf heures."]


async def test_what_was_refreshed_and_not_indexed_is_indexed_by_the_next_refresh(
    reaching: Library, settings: BotSettings, site: Site, publisher: Publisher, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse() -> None:
        raise BuildingError("another build is running")

    site["/a"] = page("Ouvert à sept heures.", ETag='"1"')
    with loopback_learner(settings, 1, 1, page_store(settings)) as learner:
        list(learner.learn(site.address("/a")))
    with monkeypatch.context() as patched:
        patched.setattr(publisher, "publish_pages", refuse)
        with pytest.raises(BuildingError):
            await reaching.refresh(None, {})
    await reaching.refresh(None, {})
    assert indexed(pages_layer(settings)) == ["Ouvert à sept heures."]


async def test_a_refresh_of_a_server_reaches_no_private_network_whatever_the_settings(
    settings: BotSettings, publisher: Publisher, site: Site
) -> None:
    site["/a"] = page("Bonjour.")
    address = f"http://127.0.0.1:{site.port}/a"
    kept = Page(address, "site/a.html", "A", None, "2026-05-04T12:00:00+00:00", digest(b"Bonjour."))
    for store in (page_store(settings), page_store(settings, 7)):
        store.keep(kept, b"Bonjour.")
    opened = Library(settings.model_copy(update={"fetch_private": "127.0.0.0/8"}), publisher)
    await opened.refresh(7, {})
    assert site.requests == []
    await opened.refresh(None, {})
    assert site.asked == ["/a"]


async def test_a_teacher_who_learns_meanwhile_comes_first(
    reaching: Library, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("a", "b"):
        site[f"/{name}"] = page(f"Page {name}.")
        await reaching.learn_page(7, site.address(f"/{name}"), Progress())
    site.requests.clear()
    waits, loop, pause = asyncio.Event(), asyncio.get_running_loop(), reaching._pause

    def wait(seconds: float) -> None:
        if seconds:
            loop.call_soon_threadsafe(waits.set)
        pause(0)

    monkeypatch.setattr(reaching, "_pause", wait)
    with reaching._alone(7):
        refreshing = asyncio.create_task(reaching.refresh(7, {}))
        await waits.wait()
        assert site.asked == ["/a"]
    await refreshing
    assert site.asked == ["/a", "/b"]


async def test_a_refresh_ends_after_the_page_that_is_on_its_way(
    reaching: Library, settings: BotSettings, site: Site
) -> None:
    for name in ("a", "b"):
        site[f"/{name}"] = page(f"Page {name}.")
        await reaching.learn_page(7, site.address(f"/{name}"), Progress())
    site.requests.clear()

    def closing(_: Mapping[str, str]) -> Served:
        reaching.close()
        return page("Autre page.")

    site["/a"] = closing
    await reaching.refresh(7, {})
    assert site.asked == ["/a"]
    assert indexed(server_layer(settings, 7)) == ["Autre page.", "Page b."]


async def test_what_is_not_indexed_yet_is_taken_up_by_the_next_start(
    settings: BotSettings, publisher: Publisher, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(guild: int) -> None:
        raise BuildingError("another build is running")

    library = Library(settings, publisher)
    with monkeypatch.context() as patched:
        patched.setattr(publisher, "publish", refuse)
        learned = await library.learn_file(7, "a.txt", b"Bonjour.", Progress())
    assert not learned.is_indexed
    assert say("learn_not_indexed", "fr") in learned_text(learned, "fr")
    assert not server_layer(settings, 7).index.exists()
    publisher.publish_all()
    assert server_layer(settings, 7).index.exists()
