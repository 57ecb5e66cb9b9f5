"""A bot that follows its indexes, and lets each question see its own layers alone."""

import time
from collections.abc import Iterator

import pytest

from bot.answering.answer import Question
from bot.answering.cache import CacheStats
from bot.config import BotSettings
from bot.live import LiveBot
from bot.seen import COMMON, Seen
from index.build import build_index
from index.layers import build_layers, server_layer
from tests.bot.fakes import FRENCH
from tests.fakes import HashingEmbeddings

WIFI = "Le mot de passe du wifi est tournesol."


@pytest.fixture
def live(settings: BotSettings) -> Iterator[LiveBot]:
    bot = LiveBot(settings, HashingEmbeddings())
    yield bot
    bot.close()


def add_article(settings: BotSettings) -> str:
    (settings.seeds_dir / "phare.md").write_text("# Le phare\n\nLe phare date de 1806.\n", encoding="utf-8")
    return build_index(settings.seeds_dir, settings.index_dir, HashingEmbeddings()).manifest.generation


def test_a_running_bot_takes_up_a_new_generation_within_two_seconds(settings: BotSettings, live: LiveBot) -> None:
    generation = add_article(settings)
    deadline = time.monotonic() + 2
    while live.current.manifest.generation != generation and time.monotonic() < deadline:
        time.sleep(0.02)
    assert live.current.manifest.generation == generation


def test_a_new_generation_begins_with_an_empty_cache(settings: BotSettings, live: LiveBot) -> None:
    for _ in range(2):
        live.current.chain.invoke(Question(FRENCH))
    assert live.current.cache.stats == CacheStats(asked=2, hits=1)
    generation = add_article(settings)
    live.refresh()
    assert live.current.cache.stats == CacheStats(0, 0)
    assert live.current.chain.invoke(Question(FRENCH)).generation == generation


def test_a_question_in_flight_ends_on_the_generation_it_began_with(settings: BotSettings, live: LiveBot) -> None:
    before = live.current
    add_article(settings)
    live.refresh()
    assert live.current is not before
    assert before.chain.invoke(Question(FRENCH)).hits


def test_a_damaged_generation_is_reported_once_and_left_alone(
    settings: BotSettings, live: LiveBot, caplog: pytest.LogCaptureFixture
) -> None:
    before = live.current
    live.close()
    add_article(settings)
    next(settings.index_dir.rglob("dense.faiss")).write_bytes(b"")
    live.refresh()
    live.refresh()
    assert live.current is before
    assert [record.levelname for record in caplog.records] == ["WARNING"]


def teach(settings: BotSettings, guild: int, text: str) -> None:
    folder = server_layer(settings, guild).folder
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "taught.md").write_text(f"# Wifi\n\n{text}\n", encoding="utf-8")
    server_layer(settings, guild).build(HashingEmbeddings())


def seen_by(live: LiveBot, seen: Seen) -> set[str]:
    return {hit.chunk.document_id for hit in live.bot(seen).chain.invoke(Question(WIFI)).hits}


def test_what_a_server_was_taught_is_seen_by_its_own_questions_alone(settings: BotSettings, live: LiveBot) -> None:
    teach(settings, 1, WIFI)
    common = {"musee.md", "ferry.en.txt"}
    assert seen_by(live, Seen(guild=1)) == {*common, "@1/taught.md"}
    assert seen_by(live, Seen(guild=2)) == seen_by(live, COMMON) == common


def test_a_server_that_has_nothing_of_its_own_shares_the_bot_of_all(live: LiveBot) -> None:
    assert live.bot(Seen(guild=2)) is live.current


def test_a_collection_is_seen_where_it_was_chosen_alone(settings: BotSettings, live: LiveBot) -> None:
    (settings.seeds_dir / "@bureau").mkdir()
    (settings.seeds_dir / "@bureau" / "wifi.md").write_text(f"# Wifi\n\n{WIFI}\n", encoding="utf-8")
    build_layers(settings, HashingEmbeddings())
    live.refresh()
    assert "@bureau/wifi.md" in seen_by(live, Seen("bureau", 1))
    assert "@bureau/wifi.md" not in seen_by(live, Seen(guild=1)) | seen_by(live, COMMON)


def test_the_spelling_and_the_titles_of_one_server_are_not_those_of_another(
    settings: BotSettings, live: LiveBot
) -> None:
    teach(settings, 1, "La Zorglubothèque ouvre à neuf heures.")
    asked = Question("Quand ouvre la zorglubothque")
    about = Question("Quels articles connais-tu ?")
    assert "zorglubothèque" in live.bot(Seen(guild=1)).chain.invoke(asked).understood.lower()
    for seen in (Seen(guild=2), COMMON):
        assert "zorglubothèque" not in live.bot(seen).chain.invoke(asked).understood.lower()
        known = live.bot(seen).chain.invoke(about).known
        assert known is not None
        assert known.titles["fr"] == ("Le musée",)


def test_what_is_taught_anew_or_withdrawn_counts_for_the_next_question(settings: BotSettings, live: LiveBot) -> None:
    teach(settings, 1, WIFI)
    assert "@1/taught.md" in seen_by(live, Seen(guild=1))
    (server_layer(settings, 1).folder / "taught.md").unlink()
    server_layer(settings, 1).build(HashingEmbeddings())
    live.refresh()
    assert seen_by(live, Seen(guild=1)) == seen_by(live, COMMON)


def test_a_layer_that_is_damaged_leaves_the_common_articles(
    settings: BotSettings, live: LiveBot, caplog: pytest.LogCaptureFixture
) -> None:
    teach(settings, 1, WIFI)
    next(server_layer(settings, 1).index.rglob("dense.faiss")).write_bytes(b"")
    assert seen_by(live, Seen(guild=1)) == {"musee.md", "ferry.en.txt"}
    assert [record.levelname for record in caplog.records] == ["WARNING"]
