import fcntl
import socket
import sys
from pathlib import Path

import pytest

from index.errors import IndexingError, UnreachableStoreError
from index.milvus.client import Client, GoneError, client_of


def nobody_listens() -> str:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{free.getsockname()[1]}"


def test_a_milvus_that_does_not_answer_is_told_with_what_to_do() -> None:
    address = nobody_listens()
    with pytest.raises(UnreachableStoreError, match=rf"{address} cannot be opened .*see that it runs, and that VECTOR"):
        Client(address, patience=0.2).collections()


def test_a_password_is_never_told() -> None:
    client = Client("http://root:secret@milvus.example:19530/articles", "token")
    assert str(client) == "http://milvus.example:19530/articles"


def test_a_file_that_another_process_holds_is_told_with_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "index.db").mkdir()
    with (tmp_path / "index.db" / "LOCK").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(UnreachableStoreError, match="one process at a time can open a file of Milvus Lite"):
            Client(str(tmp_path / "index.db")).collections()


@pytest.mark.parametrize("package", ["pymilvus", "milvus_lite"])
def test_without_the_packages_the_extra_is_named(package: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(IndexingError, match=rf"VECTOR_STORE needs the package {package}: .*babillard\[milvus\]"):
        Client(str(tmp_path / "index.db")).collections()


def test_what_is_not_there_is_told_apart_from_a_fault(tmp_path: Path) -> None:
    client = Client(str(tmp_path / "new" / "index.db"))
    assert (client.collections(), client.target("babillard_articles")) == ([], None)
    for ask in (client.count, lambda name: client.rows(name, "row in [1]", ["chunk"])):
        with pytest.raises(GoneError):
            ask("babillard_nothing")


def test_one_client_serves_all_of_a_process() -> None:
    assert client_of("http://milvus:19530", "") is client_of("http://milvus:19530", "")
    assert client_of("http://milvus:19530", "") is not client_of("http://milvus:19530", "key")


def test_a_pointer_is_looked_up_once_for_many_questions() -> None:
    class Counting(Client):
        looks = 0

        def target(self, alias: str) -> str | None:
            self.looks += 1
            self._looked[alias] = (float("inf"), alias)
            return alias

    client = Counting("http://milvus:19530")
    assert [client.glance("a"), client.glance("a"), client.glance("b"), client.looks] == ["a", "a", "b", 2]
