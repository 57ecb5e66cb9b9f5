import os
import stat
from pathlib import Path

import pytest
from dotenv import dotenv_values
from hypothesis import given
from hypothesis import strategies as st

from bot.setting_up.env_file import HEADER, UnwritableValueError, can_hold, with_settings, write

OLD = """\
# Réglages du bot
export SEEDS_DIR = 'mes articles'   # à moi
TOP_K=7

MA_VARIABLE="sur
deux lignes"
ceci n’est pas un réglage
DISCORD_TOKEN=
"""


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


# ----------------------------------------------------------------------------------------------------------- the text


def test_a_new_file_holds_what_was_asked_for_and_says_where_the_rest_is_told() -> None:
    assert with_settings(None, {"SEEDS_DIR": "seeds"}) == f"{HEADER}SEEDS_DIR=seeds\n"


def test_only_the_value_is_changed_on_the_line_of_a_setting() -> None:
    changed = with_settings(OLD, {"SEEDS_DIR": "l’été/à lire"})
    assert changed == OLD.replace("'mes articles'", "'l’été/à lire'")


def test_a_setting_without_a_line_comes_below_and_an_empty_one_is_filled() -> None:
    changed = with_settings(OLD, {"DEFAULT_LANGUAGE": "fr", "DISCORD_TOKEN": "a.b.c"})
    assert changed == OLD.replace("TOKEN=\n", "TOKEN=a.b.c\n") + "DEFAULT_LANGUAGE=fr\n"


def test_a_value_that_is_there_already_is_left_as_it_is_written() -> None:
    assert with_settings(OLD, {"SEEDS_DIR": "mes articles", "TOP_K": "7"}) == OLD


def test_a_line_that_is_commented_out_sets_nothing() -> None:
    assert with_settings("# SEEDS_DIR=là\n", {"SEEDS_DIR": "ici"}) == "# SEEDS_DIR=là\nSEEDS_DIR=ici\n"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param("", "A=x\n", id="empty"),
        pytest.param("B=1", "B=1\nA=x\n", id="no-line-end"),
        pytest.param("B=1\r\nA=2\r\n# c\r\n", "B=1\r\nA=x\r\n# c\r\n", id="crlf"),
        pytest.param("B=1\r\n", "B=1\r\nA=x\r\n", id="crlf-below"),
        pytest.param("\ufeffA=1\n", "\ufeffA=x\n", id="byte-order-mark"),
        pytest.param("a=1\n", "a=x\n", id="in-small-letters"),
        pytest.param("A=1\nA=2\n", "A=x\nA=x\n", id="twice"),
        pytest.param("A=1\na=2\nA=3\n", "A=x\na=x\nA=x\n", id="twice-in-any-case"),
        pytest.param("A= # rien\n", "A= x # rien\n", id="comment-for-a-value"),
        pytest.param("A=#rien\n", "A=x\n", id="value-like-a-comment"),
        pytest.param("A='1\n", "A='1\nA=x\n", id="broken"),
        pytest.param("A\n", "A\nA=x\n", id="no-value"),
        pytest.param('\n\n  A="1\n2"  # là\nB=3\n', "\n\n  A=x  # là\nB=3\n", id="over-two-lines"),
    ],
)
def test_the_rest_of_the_file_stays_as_it_was(old: str, new: str) -> None:
    assert with_settings(old, {"A": "x"}) == new


@given(st.text(st.characters(codec="utf-8"), min_size=1))
def test_what_is_written_is_read_as_it_was_meant_or_refused(value: str) -> None:
    for old in (None, OLD, "A='1'  # là\n"):
        try:
            new = with_settings(old, {"A": value})
        except UnwritableValueError:
            assert "${" in value or not can_hold(value)
            continue
        Path("tried").write_bytes(new.encode())
        assert dotenv_values("tried")["A"] == value


@pytest.mark.parametrize("value", ["${HOME}/articles", "\udce9t\udce9"])
def test_a_value_that_no_line_can_hold_is_told_and_not_shown(value: str) -> None:
    assert not can_hold(value)
    if value.isascii():
        with pytest.raises(UnwritableValueError) as raised:
            with_settings(None, {"A": value})
        assert "HOME" not in str(raised.value)


# ----------------------------------------------------------------------------------------------------------- the files


def test_the_new_file_is_for_its_owner_alone_whatever_the_umask() -> None:
    before = os.umask(0)
    try:
        written = write(Path(".env"), {"SEEDS_DIR": "seeds"})
    finally:
        os.umask(before)
    assert (written.changed, written.backup, mode(Path(".env"))) == (True, None, 0o600)
    assert [path.name for path in Path().iterdir()] == [".env"]


def test_it_is_for_its_owner_alone_from_its_first_byte(monkeypatch: pytest.MonkeyPatch) -> None:
    modes: list[int] = []
    fsync = os.fsync

    def look(descriptor: int) -> None:
        modes.extend(mode(path) for path in Path().iterdir() if path.name != ".env")
        fsync(descriptor)

    Path(".env").write_text(OLD, encoding="utf-8")
    Path(".env").chmod(0o644)
    monkeypatch.setattr(os, "fsync", look)
    write(Path(".env"), {"SEEDS_DIR": "là"})
    assert modes
    assert set(modes) == {0o600}


def test_the_old_file_is_kept_beside_it_when_something_changes() -> None:
    Path(".env").write_text(OLD, encoding="utf-8")
    Path(".env").chmod(0o644)
    written = write(Path(".env"), {"SEEDS_DIR": "là"})
    assert written.backup is not None
    assert written.backup.name == ".env.bak"
    assert written.backup.read_text(encoding="utf-8") == OLD
    assert (mode(written.backup), mode(Path(".env"))) == (0o600, 0o600)


def test_nothing_is_written_when_nothing_changes() -> None:
    Path(".env").write_text(OLD, encoding="utf-8")
    Path(".env").chmod(0o640)
    before = Path(".env").stat()
    assert not write(Path(".env"), {"SEEDS_DIR": "mes articles"}).changed
    assert not write(Path(".env"), {}).changed
    assert Path(".env").stat() == before
    assert [path.name for path in Path().iterdir()] == [".env"]


def test_a_link_goes_on_leading_to_the_file() -> None:
    Path("etc").mkdir()
    Path("etc/bot").write_text("TOP_K=7\n", encoding="utf-8")
    Path(".env").symlink_to("etc/bot")
    write(Path(".env"), {"SEEDS_DIR": "là"})
    assert Path(".env").is_symlink()
    assert Path("etc/bot").read_text(encoding="utf-8") == "TOP_K=7\nSEEDS_DIR=là\n"


def test_a_value_that_cannot_stand_there_leaves_everything_as_it_was() -> None:
    Path(".env").write_text(OLD, encoding="utf-8")
    with pytest.raises(UnwritableValueError):
        write(Path(".env"), {"TOP_K": "8", "SEEDS_DIR": "${HOME}"})
    assert Path(".env").read_text(encoding="utf-8") == OLD
    assert [path.name for path in Path().iterdir()] == [".env"]


def test_a_write_that_fails_leaves_the_old_file_and_nothing_beside_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    Path(".env").write_text(OLD, encoding="utf-8")
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        write(Path(".env"), {"SEEDS_DIR": "là"})
    assert Path(".env").read_text(encoding="utf-8") == OLD
    assert [path.name for path in Path().iterdir()] == [".env"]


def test_a_file_that_is_not_utf8_is_not_touched() -> None:
    Path(".env").write_bytes("A=été\n".encode("latin-1"))
    with pytest.raises(UnicodeDecodeError):
        write(Path(".env"), {"SEEDS_DIR": "là"})
    assert Path(".env").read_bytes() == "A=été\n".encode("latin-1")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may give files away")
def test_root_leaves_the_file_to_its_owner() -> None:
    Path(".env").write_text(OLD, encoding="utf-8")
    os.chown(".env", 10_001, 10_001)
    write(Path(".env"), {"SEEDS_DIR": "là"})
    for path in (Path(".env"), Path(".env.bak")):
        assert (path.stat().st_uid, path.stat().st_gid) == (10_001, 10_001)
