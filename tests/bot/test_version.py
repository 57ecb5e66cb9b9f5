from importlib.metadata import PackageNotFoundError

import pytest

from bot import version
from index.model.embedding import BUNDLED_MODEL, BundledEmbeddings
from index.schema import FORMAT
from tests.processes import run_python


def no_package(name: str) -> str:
    raise PackageNotFoundError(name)


def test_the_versions_are_those_that_the_index_tells(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(version, "version", lambda name: "7.8.9")
    monkeypatch.setattr(version, "packed_file", lambda: "packed.bin")
    assert version.versions().splitlines() == [
        "babillard 7.8.9",
        f"model {BUNDLED_MODEL} {BundledEmbeddings.revision}",
        f"index format {FORMAT}",
    ]


def test_sources_that_are_not_installed_and_a_platform_without_the_model_are_said(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(version, "version", no_package)
    monkeypatch.setattr(version, "packed_file", lambda: None)
    first, second, _ = version.versions().splitlines()
    assert first == "babillard 0"
    assert second.startswith(f"model {BUNDLED_MODEL} from the hub")


@pytest.mark.parametrize("arguments", [["--version"], ["--version", "ask"]], ids=["quickly", "before a command"])
def test_the_command_says_them(arguments: list[str]) -> None:
    done = run_python("-m", "bot", *arguments)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == f"{version.versions()}\n"
