import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from bot.errors import TranslationError
from bot.translation import fetching
from bot.translation.fetching import FILES, SOURCES, endpoint, fetch

SOURCE = SOURCES[0]


class Hub(BaseHTTPRequestHandler):
    """Serves the files of any model, or what a test wants instead."""

    asked: list[str]
    behaviour = "whole"

    def content(self, name: str) -> bytes:
        return f"content of {name}".encode()

    def do_GET(self) -> None:
        name = self.path.rsplit("/", 1)[1]
        self.asked.append(self.path)
        body = self.content(name)
        if self.behaviour.isdecimal() and name == "vocab.json":
            self.send_error(int(self.behaviour))
            return
        if self.behaviour.startswith("http") and "/moved/" not in self.path:
            self.send_response(302)
            self.send_header("Location", f"{self.behaviour}/moved/{name}")
            self.end_headers()
            return
        self.send_response(200)
        if self.behaviour != "endless":
            self.send_header("Content-Length", str(len(body) + 10 * (self.behaviour == "broken")))
        self.end_headers()
        if self.behaviour == "stalls":
            time.sleep(1)
        if self.behaviour == "empty":
            return
        self.wfile.write(body)
        if self.behaviour == "endless":
            self.wfile.write(b"x" * FILES["config.json"])

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as the standard library calls it
        """Say nothing."""


@contextmanager
def hub(monkeypatch: pytest.MonkeyPatch, behaviour: str = "whole") -> Iterator[type[Hub]]:
    class OneHub(Hub):
        """Has its own memory."""

    handler = OneHub
    handler.asked, handler.behaviour = [], behaviour
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = False  # its end waits for them
    if behaviour == "moves":
        handler.behaviour = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    monkeypatch.setenv("HF_ENDPOINT", f"http://127.0.0.1:{server.server_port}/")
    try:
        yield handler
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.mark.parametrize("behaviour", ["whole", "moves"])
def test_all_files_of_a_fixed_revision_are_fetched(
    behaviour: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with hub(monkeypatch, behaviour) as served:
        fetch(SOURCE, tmp_path / "new" / "model")
    found = {path.name: path.read_text() for path in (tmp_path / "new" / "model").iterdir()}
    assert found == {name: f"content of {name}" for name in FILES}
    first = [path for path in served.asked if "/moved/" not in path]
    assert first == [f"/{SOURCE.repository}/resolve/{SOURCE.revision}/{name}" for name in FILES]


def test_a_second_try_fetches_only_what_is_missing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with hub(monkeypatch, "503"), pytest.raises(TranslationError, match="answers 503"):
        fetch(SOURCE, tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["config.json", "tokenizer_config.json"]
    with hub(monkeypatch) as served:
        fetch(SOURCE, tmp_path)
    assert [path.rsplit("/", 1)[1] for path in served.asked] == list(FILES)[2:]


@pytest.mark.parametrize(
    ("behaviour", "said"),
    [
        ("404", "answers 404"),
        ("401", "answers 401"),
        ("broken", "the connection broke after 22 bytes of config.json"),
        ("empty", "the connection broke after 0 bytes"),
        ("endless", "config.json is larger than 100,000 bytes"),
        ("http://example.org", "is no https address"),
        ("file:///etc/passwd", "is no https address"),
    ],
)
def test_a_fault_is_said_with_its_remedy_and_leaves_no_half_file(
    behaviour: str, said: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    if behaviour.startswith("file"):
        monkeypatch.setenv("HF_ENDPOINT", behaviour)
        with pytest.raises(TranslationError, match=said):
            fetch(SOURCE, tmp_path)
        return
    with hub(monkeypatch, behaviour), pytest.raises(TranslationError, match=said) as raised:
        fetch(SOURCE, tmp_path)
    assert "run the command again" in str(raised.value)
    assert "babillard translator convert FOLDER" in str(raised.value)
    assert not (tmp_path / "config.json").exists() or behaviour.isdecimal()


def test_a_server_that_stalls_is_left(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(fetching, "STALL_SECONDS", 0.2)
    with hub(monkeypatch, "stalls"), pytest.raises(TranslationError, match="could not be fetched"):
        fetch(SOURCE, tmp_path)


def test_a_file_that_takes_too_long_is_left(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(fetching, "MAX_SECONDS", -1)
    with hub(monkeypatch), pytest.raises(TranslationError, match=r"config\.json takes more than"):
        fetch(SOURCE, tmp_path)


def test_without_a_network_it_is_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    with pytest.raises(TranslationError, match=r"Connection refused.*check the network"):
        fetch(SOURCE, tmp_path)


def test_a_folder_that_cannot_be_made_is_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(TranslationError, match="could not be fetched"):
        fetch(SOURCE, tmp_path / "file" / "model")


def test_progress_is_told_at_each_step(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(fetching, "_TOLD", 10)
    told: list[tuple[str, int]] = []
    with hub(monkeypatch):
        fetch(SOURCE, tmp_path, lambda name, size: told.append((name, size)))
    assert told[0] == ("config.json", 22)


def test_the_hub_of_hugging_face_is_asked_unless_a_mirror_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HF_ENDPOINT", raising=False)
    assert endpoint() == "https://huggingface.co"
