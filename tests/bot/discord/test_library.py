"""What a server learns, in its bounds."""

from pathlib import Path

import pytest

from bot.config import BotSettings
from bot.discord.cogs.learning import learned_text
from bot.discord.library import Library, Progress
from bot.errors import TeachingError
from bot.messages import say
from bot.publishing import Publisher
from index.errors import BuildingError
from index.layers import server_layer
from tests.bot.fetching.site import page, serving
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
