"""A bot over a Milvus that several processes share: who builds is another, and it may go away and come back."""

import logging
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bot.answering.answer import Question
from bot.config import BotSettings
from bot.live import LiveBot
from bot.seen import COMMON, Seen
from index.errors import UnreachableStoreError
from index.layers import server_layer
from tests.bot.fakes import FRENCH
from tests.fakes import HashingEmbeddings
from tests.milvus import Served
from tests.processes import run_python

SOON = 30.0  # seconds that a busy machine may take where an idle one takes two

BUILD = """
import sys
from pathlib import Path
from bot.config import BotSettings
from index.layers import build_layers, server_layer
from tests.fakes import HashingEmbeddings
seeds, index, data = map(Path, sys.argv[1:4])
settings = BotSettings(seeds_dir=seeds, index_dir=index, data_dir=data)
print(build_layers(settings, HashingEmbeddings())[0].manifest.generation)
"""


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Served]:
    served = Served(tmp_path)
    served.start()
    yield served
    served.kill()


@pytest.fixture
def shared(settings: BotSettings, server: Served) -> BotSettings:
    """Return settings of a machine that has no index yet."""
    return settings.model_copy(update={"vector_store": server.uri, "index_dir": settings.data_dir / "index"})


def build_elsewhere(settings: BotSettings, tmp_path: Path) -> str:
    """Build all layers in another process, as on another machine; return the generation of the articles."""
    folders = (settings.seeds_dir, tmp_path / "another machine", settings.data_dir)
    ran = run_python("-c", BUILD, *folders, VECTOR_STORE=settings.vector_store or "")
    assert ran.returncode == 0, ran.stderr
    return ran.stdout.strip()


@pytest.fixture
def live(shared: BotSettings, tmp_path: Path) -> Iterator[LiveBot]:
    build_elsewhere(shared, tmp_path)
    bot = LiveBot(shared, HashingEmbeddings())
    yield bot
    bot.close()


def wait_until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + SOON
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_what_another_process_builds_is_taken_up_while_questions_go_on(
    shared: BotSettings, live: LiveBot, tmp_path: Path
) -> None:
    before = live.current
    (shared.seeds_dir / "phare.md").write_text("# Le phare\n\nLe phare date de 1806.\n", encoding="utf-8")
    generation = build_elsewhere(shared, tmp_path)
    wait_until(lambda: live.current.manifest.generation == generation)
    assert live.current.chain.invoke(Question("De quand date le phare ?")).generation == generation
    assert before.chain.invoke(Question(FRENCH)).hits  # a question in flight ends on the one it began with


def test_one_that_goes_and_comes_back_is_told_once_and_leaves_everything_as_it_was(
    shared: BotSettings, live: LiveBot, server: Served, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "bot.live")
    before = live.current
    server.kill()
    wait_until(lambda: not live.is_reachable)
    for asked in (lambda: live.bot(Seen(guild=1)), lambda: live.current.chain.invoke(Question(FRENCH))):
        with pytest.raises(UnreachableStoreError, match="see that it runs"):
            asked()
    time.sleep(1.5)  # looks go on
    assert (live.current, live.is_reachable) == (before, False)
    server.start()
    wait_until(lambda: live.is_reachable)
    assert live.current is before
    assert live.bot(Seen(guild=1)).chain.invoke(Question(FRENCH)).hits
    told = [record.getMessage() for record in caplog.records]
    assert [message.partition(":")[0] for message in told] == [
        "the index cannot be reached",
        "the index can be reached again",
    ]


def test_what_a_server_has_of_its_own_is_seen_again_after_an_outage(
    shared: BotSettings, live: LiveBot, server: Served
) -> None:
    folder = server_layer(shared, 1).folder
    folder.mkdir(parents=True)
    (folder / "taught.md").write_text("# Wifi\n\nLe mot de passe du wifi est tournesol.\n", encoding="utf-8")
    server_layer(shared, 1).build(HashingEmbeddings())
    server.kill()
    with pytest.raises(UnreachableStoreError):
        live.bot(Seen(guild=1))
    server.start()
    wait_until(lambda: live.is_reachable)
    hits = live.bot(Seen(guild=1)).chain.invoke(Question("Quel est le mot de passe du wifi ?")).hits
    assert "@1/taught.md" in {hit.chunk.document_id for hit in hits}
    assert live.bot(COMMON) is live.current


def test_a_command_tells_it_in_one_line(shared: BotSettings, server: Served) -> None:
    server.kill()
    folders = ("--seeds", shared.seeds_dir, "--index", shared.index_dir)
    asked = run_python("-m", "bot", "ask", *folders[2:], "Quand ouvre le musée ?", VECTOR_STORE=server.uri)
    assert (asked.returncode, asked.stdout, asked.stderr.count("\n")) == (1, "", 1)
    assert asked.stderr.startswith(f"babillard: {server.uri} cannot be opened (")
    assert "see that it runs, and that VECTOR_STORE" in asked.stderr
    stale = run_python("-m", "bot", "index", "rebuild", *folders, "--if-stale", VECTOR_STORE=server.uri)
    assert (stale.returncode, stale.stderr.count("\n")) == (0, 1)
    assert stale.stderr.startswith("babillard: nobody knows whether the index is stale: ")
