"""What is taught is found by the next question, whatever happens between."""

import multiprocessing
import os
import random
import signal
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.answering.answer import Question
from bot.config import BotSettings
from bot.factory import build_bot
from bot.publishing import Publisher
from bot.seen import Seen
from bot.teaching.exchange import read_table, table
from bot.teaching.store import FILE_NAME, TaughtStore
from bot.teaching.teaching import TABLE, Teaching
from index.build import _lock
from index.errors import BuildingError
from index.layers import server_layer
from tests.fakes import HashingEmbeddings

GUILD, ALICE = 10, 1
QUESTION, ANSWER = "Quel est le mot de passe du wifi\u202f?", "Le mot de passe du wifi est «\u00a0tournesol\u00a0»."
LINK = "https://discord.com/channels/10/11/12"


@pytest.fixture
def teaching(settings: BotSettings) -> Iterator[Teaching]:
    with TaughtStore(settings.data_dir / FILE_NAME) as store:
        yield Teaching(store, Publisher(settings, HashingEmbeddings(), sleep=lambda seconds: None))


def publish_all(settings: BotSettings, store: TaughtStore) -> None:
    publisher = Publisher(settings, HashingEmbeddings())
    publisher.publish_all(Teaching(store, publisher))


def sources(settings: BotSettings, guild: int) -> list[str]:
    """Return where the passages come from that a question of a server finds."""
    hits = build_bot(settings, HashingEmbeddings(), seen=Seen(guild=guild)).chain.invoke(Question(QUESTION)).hits
    return [hit.chunk.source for hit in hits if hit.chunk.document_id.startswith("@")]


def test_what_is_taught_is_found_with_its_link(settings: BotSettings, teaching: Teaching) -> None:
    teaching.teach(GUILD, QUESTION, ANSWER, ALICE, LINK)
    assert sources(settings, GUILD) == [LINK]


def test_what_is_edited_is_found_as_it_is_now(settings: BotSettings, teaching: Teaching) -> None:
    entry = teaching.teach(GUILD, QUESTION, ANSWER, ALICE, LINK)
    teaching.edit(GUILD, entry.number, QUESTION, "Le wifi n’a plus de mot de passe.", ALICE)
    bot = build_bot(settings, HashingEmbeddings(), seen=Seen(guild=GUILD))
    texts = [hit.chunk.text for hit in bot.chain.invoke(Question(QUESTION)).hits]
    assert "Le wifi n’a plus de mot de passe." in texts
    assert ANSWER not in texts


def test_what_is_withdrawn_is_found_no_more_until_it_is_restored(settings: BotSettings, teaching: Teaching) -> None:
    entry = teaching.teach(GUILD, QUESTION, ANSWER, ALICE, LINK)
    teaching.set_active(GUILD, entry.number, ALICE, active=False)
    assert sources(settings, GUILD) == []
    assert not server_layer(settings, GUILD).index.exists()
    teaching.set_active(GUILD, entry.number, ALICE, active=True)
    assert sources(settings, GUILD) == [LINK]


def test_markdown_of_an_answer_is_read_as_markdown(settings: BotSettings, teaching: Teaching) -> None:
    teaching.teach(GUILD, "Comment relancer le bot\u202f?", "Lancez\u00a0:\n```sh\nmake chat\n```", ALICE)
    bot = build_bot(settings, HashingEmbeddings(), seen=Seen(guild=GUILD))
    (hit,) = [h for h in bot.chain.invoke(Question("Comment relancer le bot")).hits if h.chunk.title.startswith("Com")]
    assert [block.kind for block in hit.chunk.blocks] == ["paragraph", "code"]


def test_a_build_that_holds_the_folder_is_waited_for(settings: BotSettings) -> None:
    waited: list[float] = []
    layer = server_layer(settings, GUILD)
    with TaughtStore(settings.data_dir / FILE_NAME) as store:
        teaching = Teaching(store, Publisher(settings, HashingEmbeddings(), sleep=waited.append))
        with _lock(layer.index), pytest.raises(BuildingError):
            teaching.teach(GUILD, QUESTION, ANSWER, ALICE)
        assert waited
        publish_all(settings, store)  # as the next start does
    assert sources(settings, GUILD)


def test_a_table_reads_back_as_it_was_written(teaching: Teaching, tmp_path: Path) -> None:
    entry = teaching.teach(GUILD, 'Que dit «\u00a0"œuf"\u00a0»\u202f?', "1. Un\n2. Deux, trois\n\nFin.", ALICE, LINK)
    path = tmp_path / "appris.csv"
    path.write_text(table([entry]), encoding="utf-8")
    assert read_table(path) == [(entry.question, entry.answer, LINK)]


def test_the_file_that_is_indexed_does_not_say_who_taught(settings: BotSettings, teaching: Teaching) -> None:
    teaching.teach(GUILD, QUESTION, ANSWER, 987654321)
    assert "987654321" not in (server_layer(settings, GUILD).folder / TABLE).read_text(encoding="utf-8")


def test_a_long_build_for_one_server_keeps_no_other_waiting(settings: BotSettings) -> None:
    with TaughtStore(settings.data_dir / FILE_NAME) as store:
        held, done = threading.Event(), threading.Event()

        def hold(seconds: float) -> None:
            held.set()
            assert done.wait(60)

        teaching = Teaching(store, Publisher(settings, HashingEmbeddings(), sleep=hold))
        with _lock(server_layer(settings, GUILD).index):
            slow = threading.Thread(target=teaching.teach, args=(GUILD, QUESTION, ANSWER, ALICE))
            slow.start()
            assert held.wait(60)
            teaching.teach(GUILD + 1, QUESTION, ANSWER, ALICE)
            assert sources(settings, GUILD + 1)
        done.set()
        slow.join()
    assert sources(settings, GUILD)


def teach_on(settings: BotSettings, seed: int) -> None:
    """Teach, edit and withdraw without end, as a process that is killed."""
    draw = random.Random(seed)
    with TaughtStore(settings.data_dir / FILE_NAME) as store:
        teaching = Teaching(store, Publisher(settings, HashingEmbeddings()))
        publish_all(settings, store)
        while True:
            known = store.entries(GUILD)
            match draw.choice(("teach", "edit", "withdraw", "restore")) if known else "teach":
                case "teach":
                    word = f"{draw.getrandbits(40):x}"
                    teaching.teach(GUILD, f"Que veut dire {word} ?", f"Le mot {word} ne veut rien dire.", ALICE)
                case "edit":
                    entry = draw.choice(known)
                    teaching.edit(GUILD, entry.number, entry.question, f"Corrigé {draw.random()}.", ALICE)
                case move:
                    teaching.set_active(GUILD, draw.choice(known).number, ALICE, active=move == "restore")


@pytest.mark.slow
def test_killed_at_any_point_no_entry_is_lost_or_doubled(settings: BotSettings) -> None:
    draw = random.Random(7)
    context = multiprocessing.get_context("spawn")
    for attempt in range(6):
        process = context.Process(target=teach_on, args=(settings, attempt))
        process.start()
        process.join(2.0 + 2 * draw.random())  # most of it to import
        assert process.pid is not None
        os.kill(process.pid, signal.SIGKILL)
        process.join()
        with TaughtStore(settings.data_dir / FILE_NAME) as store:
            publish_all(settings, store)
            entries = store.entries(GUILD)
            active = [(e.question, e.answer) for e in entries if e.active]
            assert len(set(active)) == len(active)
            for entry in entries:
                last = store.history(GUILD, entry.number)[-1]
                assert (last.question, last.answer) == (entry.question, entry.answer)
                switched = [c.action for c in store.history(GUILD, entry.number) if c.action != "edited"]
                assert entry.active == (switched[-1] != "withdrawn")
        if active:
            written = read_table(server_layer(settings, GUILD).folder / TABLE)
            assert [(question, answer) for question, answer, _ in written] == active
            bot = build_bot(settings, HashingEmbeddings(), seen=Seen(guild=GUILD))
            found = {hit.chunk.text for q, a in active[:3] for hit in bot.chain.invoke(Question(q)).hits}
            assert {a for _, a in active[:3]} <= found
