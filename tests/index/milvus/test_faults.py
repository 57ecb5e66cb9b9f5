"""A Milvus that is gone, slow, or back again: a real Milvus Lite in a process of its own."""

import socket
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from index.build import build_index, stale_reason
from index.errors import UnreachableStoreError
from index.milvus import client as calls
from index.milvus.client import Client
from index.milvus.generations import MilvusGenerations
from index.schema import SearchHit
from index.search import Searcher
from tests.fakes import HashingEmbeddings
from tests.milvus import Served

GONE = r"127\.0\.0\.1:\d+ does not serve the index \(.+\): see that it runs, and that VECTOR_STORE"
SOON = 20.0  # seconds that a busy machine may take where an idle one takes two


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    served = Served(tmp_path_factory.mktemp("served"))
    yield served
    served.kill()


@pytest.fixture
def place(server: Served, request: pytest.FixtureRequest, tmp_path: Path, seeds: Path) -> MilvusGenerations:
    """Return an index that was built."""
    server.start()
    place = MilvusGenerations(Client(server.uri), request.node.name, tmp_path / "index")
    in_time(place.serving)  # it may have been started again just now
    build_index(seeds, place, HashingEmbeddings())
    return place


@pytest.fixture
def seeds(tmp_path: Path) -> Path:
    folder = tmp_path / "seeds"
    folder.mkdir()
    (folder / "loire.txt").write_text("The Loire is a river. It is the longest in France.", encoding="utf-8")
    return folder


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calls, "ASK_SECONDS", 0.5)
    monkeypatch.setattr(calls, "LOOK_SECONDS", 0.5)


def search(searcher: Searcher) -> list[SearchHit]:
    return searcher.search("the longest river", "en", 1)


def in_time(ask: Callable[[], Any]) -> Any:
    """Return what is answered as soon as Milvus answers again."""
    deadline = time.monotonic() + SOON
    while True:
        try:
            return ask()
        except UnreachableStoreError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)


def test_one_that_takes_a_connection_and_says_nothing_is_given_up(tmp_path: Path) -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        client = Client(f"http://127.0.0.1:{silent.getsockname()[1]}", patience=0.5)
        began = time.monotonic()
        with pytest.raises(UnreachableStoreError, match=r"cannot be opened .*see that it runs"):
            client.target("babillard_articles")
        assert time.monotonic() - began < SOON


def test_one_that_goes_in_the_middle_of_a_question_is_told(
    place: MilvusGenerations, server: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = place.open()
    nearest = store.dense_top

    def last_words(*asked: Any) -> list[int]:
        found = nearest(*asked)
        server.kill()
        return found

    monkeypatch.setattr(store, "dense_top", last_words)
    with pytest.raises(UnreachableStoreError, match=GONE):
        search(Searcher(store, HashingEmbeddings()))


@pytest.mark.usefixtures("impatient")
def test_one_that_is_slow_holds_up_nothing_for_longer_than_a_call_may_take(
    place: MilvusGenerations, server: Served
) -> None:
    searcher = Searcher(place.open(), HashingEmbeddings())
    expected = search(searcher)
    server.halt()
    began = time.monotonic()
    for ask in (lambda: search(searcher), lambda: place.client.target(place.alias)):
        with pytest.raises(UnreachableStoreError, match=GONE):
            ask()
    assert time.monotonic() - began < SOON
    server.start()
    assert in_time(lambda: search(searcher)) == expected


def test_what_was_open_answers_soon_after_a_new_start_with_the_same_hits(
    place: MilvusGenerations, server: Served
) -> None:
    searcher = Searcher(place.open(), HashingEmbeddings())
    expected = search(searcher)
    server.kill()
    for _ in range(3):
        with pytest.raises(UnreachableStoreError, match=GONE):
            search(searcher)
        time.sleep(1)  # in which gRPC alone would begin to try less and less often
    server.start()
    assert in_time(lambda: search(searcher)) == expected


@pytest.mark.usefixtures("impatient")
def test_while_it_is_gone_nothing_is_embedded_and_nothing_taken_for_missing(
    place: MilvusGenerations, server: Served, seeds: Path
) -> None:
    class Counting(HashingEmbeddings):
        embedded = 0

        def encode_documents(self, texts: Sequence[str], *others: Any, **named: Any) -> NDArray[np.float32]:
            self.embedded += len(texts)
            return super().encode_documents(texts, *others, **named)

    model = Counting()
    place.client.target(place.alias)
    time.sleep(calls.LOOKS_APART_SECONDS)
    server.kill()
    for ask in (place.serving, place.manifest, place.open, place.remove):
        with pytest.raises(UnreachableStoreError, match=GONE):
            ask()
    (seeds / "new.txt").write_text("Un article neuf.", encoding="utf-8")
    with pytest.raises(UnreachableStoreError):
        stale_reason(seeds, place, model)
    with pytest.raises(UnreachableStoreError):
        build_index(seeds, place, model)
    assert (model.embedded, place.folder.exists()) == (0, True)
    server.start()
    assert in_time(lambda: build_index(seeds, place, model)).embedded == model.embedded > 0
