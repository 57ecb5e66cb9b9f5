import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.cli import app
from bot.messages import say
from bot.translation.fetching import FILES, SOURCES
from tests.bot.translation.sentences import RIGHT
from tests.bot.translation.test_fetching import Hub, hub
from tests.processes import run_python


def run(*arguments: str | Path, typed: str = "") -> Result:
    return CliRunner().invoke(app, ["translator", *map(str, arguments)], input=typed)


def test_the_help_tells_what_comes_from_where() -> None:
    shown = run("--help").output
    assert "Download the two models of OPUS-MT" in shown
    assert "Convert a model that is on this machine" in shown


def test_what_will_be_downloaded_is_said_first_and_nothing_is_without_a_yes(
    extra: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with hub(monkeypatch) as served:
        done = run("get", "--into", tmp_path / "models", typed="n\n")
    assert done.exit_code == 1
    for source, languages in zip(SOURCES, ("French to English", "English to French"), strict=True):
        assert f"{source.repository}, {languages}, 305 MB, licence: Apache 2.0" in done.output
    assert "http://127.0.0.1:" in done.output
    assert served.asked == []
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_downloaded_that_could_not_be_converted(
    extra: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("bot.translation.convert.find_spec", lambda package: None)
    with hub(monkeypatch) as served:
        done = run("get", "--into", tmp_path / "models", "--yes")
    assert (done.exit_code, served.asked) == (1, [])
    assert "babillard[models]" in done.stderr


def test_models_are_fetched_converted_and_named(marian: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(Hub, "content", lambda self, name: (marian / name).read_bytes())
    monkeypatch.setattr("bot.translation.fetching.SOURCES", SOURCES[:1])
    with hub(monkeypatch) as served:
        done = run("get", "--into", tmp_path / "models", "--yes")
        assert (done.exit_code, len(served.asked)) == (0, len(FILES))
        again = run("get", "--into", tmp_path / "models", "--yes")
    assert [path.name for path in (tmp_path / "models").iterdir()] == ["fr-en"]
    assert f"Put TRANSLATOR={tmp_path / 'models'} into .env" in done.output
    assert "nothing to download" in again.output
    assert len(served.asked) == len(FILES)


def test_a_model_that_is_there_is_converted_into_the_folder_of_the_setting(
    marian: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("TRANSLATOR", str(tmp_path / "models"))
    done = run("convert", marian)
    assert done.exit_code == 0
    assert (tmp_path / "models" / "fr-en" / "model.bin").is_file()


def test_a_fault_is_one_line(extra: None, tmp_path: Path) -> None:
    done = run("convert", tmp_path)
    assert done.exit_code == 1
    assert done.stderr.startswith("babillard: ")
    assert done.stderr.count("\n") == 1


def test_a_download_that_fails_leaves_what_can_be_gone_on_with(
    extra: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with hub(monkeypatch, "503"):
        done = run("get", "--into", tmp_path, "--yes")
    assert done.exit_code == 1
    assert "run the command again" in done.stderr
    assert (tmp_path / ".fr-en.fetched" / "config.json").is_file()
    shutil.rmtree(tmp_path)


@pytest.mark.slow
def test_an_answer_of_the_command_line_has_its_translation_under_the_quote(models: Path, seed_index: Path) -> None:
    question = "How many Canadian subscribers does Netflix have?"
    done = run_python("-m", "bot", "ask", question, "--index", seed_index, TRANSLATOR=str(models))
    assert done.stdout.split("\n")[1:3] == [
        f"> {RIGHT[0].source} [1]",
        f"  {say('translated', 'en')} {RIGHT[0].translated}",
    ]
