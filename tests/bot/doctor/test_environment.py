from pathlib import Path

import pytest

from bot.config import BotSettings
from bot.doctor.environment import python, read_settings


@pytest.mark.parametrize(("version", "state"), [((3, 10), "failed"), ((3, 11), "ok"), ((4, 0), "ok")])
def test_an_old_python_fails(version: tuple[int, int], state: str) -> None:
    assert python(version, {"bot": ["babillard"], "index": ["babillard"]}).state == state


def test_another_distribution_with_packages_of_our_names_is_a_note() -> None:
    found = python((3, 11), {"bot": ["babillard", "some-bot"], "index": ["babillard"], "numpy": ["numpy"]})
    assert found.state == "note"
    assert "some-bot too has a package named bot or index: install Babillard into an environment" in found.said


def test_settings_that_are_right_are_read_as_the_bot_reads_them(tmp_path: Path) -> None:
    Path(".env").write_text("TOP_K=7\n", encoding="utf-8")
    settings, [found] = read_settings({"seeds_dir": tmp_path})
    assert settings == BotSettings(seeds_dir=tmp_path)
    assert (settings.top_k, found.state) == (7, "ok")
    assert str(tmp_path / ".env") in found.said


def test_each_wrong_setting_is_named_with_its_line_and_the_others_are_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path(".env").write_text("# là\nTOP_K=mille\nJOURNAL_DAYS=4\nMAX_FILE_MB=0\n", encoding="utf-8")
    monkeypatch.setenv("DEFAULT_LANGUAGE", "de")
    settings, found = read_settings({})
    assert (settings.top_k, settings.journal_days, settings.default_language) == (10, 4, "en")
    assert [(f.check, f.state) for f in found] == [("settings", "failed")] * 3
    said = "\n".join(f.said for f in found)
    assert "TOP_K, line 2 of .env: " in said
    assert "MAX_FILE_MB, line 4 of .env: " in said
    assert "DEFAULT_LANGUAGE, set in the environment: " in said


def test_a_misspelt_setting_is_a_note_and_a_broken_line_a_fault() -> None:
    Path(".env").write_text("TOPK=7\nDATA_DIR\nOPENAI_API_KEY=secret\n", encoding="utf-8")
    _, found = read_settings({})
    assert [f.state for f in found] == ["ok", "note", "failed"]
    assert found[1].said == "line 1 of .env: TOPK is no setting; TOP_K may be meant"
    assert "line 2 of .env" in found[2].said


def test_a_file_that_is_not_utf8_is_a_fault_and_the_checks_go_on(tmp_path: Path) -> None:
    Path(".env").write_bytes("SEEDS_DIR=été\n".encode("latin-1"))
    settings, [found] = read_settings({"index_dir": tmp_path})
    assert found.state == "failed"
    assert "UTF-8" in found.said
    assert (settings.index_dir, settings.seeds_dir) == (tmp_path, Path("seeds"))


def test_the_value_of_a_wrong_setting_is_not_shown() -> None:
    Path(".env").write_text("HEALTH_PORT=hunter2\n", encoding="utf-8")
    _, [found] = read_settings({})
    assert "hunter2" not in found.said
