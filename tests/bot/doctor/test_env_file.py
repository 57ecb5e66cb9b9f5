from pathlib import Path

import pytest

from bot.config import BotSettings
from bot.doctor.env_file import EnvFile, Misspelt

SETTINGS = list(BotSettings.model_fields)


def written(tmp_path: Path, text: str) -> EnvFile:
    path = tmp_path / ".env"
    path.write_text(text, encoding="utf-8")
    return EnvFile.read(path)


def test_a_file_that_is_not_there_says_nothing(tmp_path: Path) -> None:
    assert EnvFile.read(tmp_path / ".env") == EnvFile()


def test_the_line_of_a_setting_is_counted_through_blanks_comments_and_long_values(tmp_path: Path) -> None:
    file = written(
        tmp_path, "\ufeff# l’été\n\n\nTOP_K=5\nexport SEEDS_DIR='œuvres\nd’art'\n  data_dir = x # là\nTOP_K=6\n"
    )
    assert [file.line_of(name) for name in ("top_k", "seeds_dir", "data_dir", "index_dir")] == [8, 5, 7, None]
    assert file.broken == ()


def test_lines_that_are_not_key_and_value_are_named(tmp_path: Path) -> None:
    assert written(tmp_path, "TOP_K=5\nTOP_K\n\n'x\nDATA_DIR=y\n").broken == (2, 4)


def slips(name: str) -> set[str]:
    """Return the name with one letter left out, doubled, replaced, or swapped with the next."""
    made = set()
    for at in range(len(name)):
        before, letter, after = name[:at], name[at], name[at + 1 :]
        made |= {before + after, before + letter * 2 + after, f"{before}é{after}"}
        made.add(before + after[:1] + letter + after[1:])
    return made - {name}


@pytest.mark.parametrize("setting", SETTINGS)
def test_a_slip_of_one_letter_is_pointed_out(setting: str, tmp_path: Path) -> None:
    for slip in slips(setting):
        found = list(EnvFile({slip.upper(): 3}).misspelt(SETTINGS))
        assert found == [Misspelt(3, slip.upper(), setting.upper())]


def test_no_setting_passes_for_another() -> None:
    assert list(EnvFile({setting.upper(): 1 for setting in SETTINGS}).misspelt(SETTINGS)) == []


@pytest.mark.parametrize("key", ["LANGSMITH_TRACING", "PATH", "OPENAI_API_KEY", "top_k", "LANG", "HF_HUB_OFFLINE"])
def test_keys_of_other_programs_and_settings_are_left_alone(key: str) -> None:
    assert list(EnvFile({key: 1}).misspelt(SETTINGS)) == []
