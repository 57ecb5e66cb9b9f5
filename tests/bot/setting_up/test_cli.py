import os
import pty
import re
import select
import stat
import struct
import subprocess
import sys
import termios
import time
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator
from fcntl import ioctl
from pathlib import Path

import pytest

from bot.messages import say
from bot.setting_up.cli import system_language
from index.schema import Language
from tests.processes import run_python, surroundings

TOKEN = urlsafe_b64encode(b"900000000000000002").decode().rstrip("=") + ".Zx-9_q.ceci-est-secret"
FRENCH = {"LC_ALL": "fr_CA.UTF-8"}

PATIENCE = 600.0
"""Seconds for whatever has to come: on a busy machine an index is built in minutes, not seconds."""

ENTER, CTRL_C, CTRL_D = "\r", "\x03", "\x04"
_IN_FRONT = """
import fcntl, os, signal, sys, termios
fcntl.ioctl(0, termios.TIOCSCTTY, 0)  # so that Ctrl-C reaches it,
signal.signal(signal.SIGINT, signal.SIG_DFL)  # also where whoever runs the tests ignores it
os.execv(sys.argv[1], sys.argv[1:])
"""
_ESCAPE = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\r")


class Newcomer:
    """Somebody at a terminal of their own, who types `babillard init`."""

    def __init__(self, *options: str, **environment: str) -> None:
        self._terminal, other_end = pty.openpty()
        ioctl(other_end, termios.TIOCSWINSZ, struct.pack("HHHH", 50, 200, 0, 0))
        self.process = subprocess.Popen(
            [sys.executable, "-c", _IN_FRONT, sys.executable, "-m", "bot", "init", *options],
            stdin=other_end,
            stdout=other_end,
            stderr=other_end,
            env=surroundings(**{"TERM": "xterm", "PROMPT_TOOLKIT_NO_CPR": "1", **environment}),
            start_new_session=True,
        )
        os.close(other_end)
        self.seen = ""  # all that came, as it came
        self._read = 0  # how much of it was waited for

    def wait_for(self, text: str) -> None:
        """Wait until a text appears, after what was waited for before."""
        deadline = time.monotonic() + PATIENCE
        while text not in self.seen[self._read :]:
            readable, _, _ = select.select([self._terminal], [], [], max(0.0, deadline - time.monotonic()))
            assert readable, f"{text!r} did not come: {self.seen!r}"
            assert self._more(), f"it ended before {text!r}: {self.seen!r}"
        self._read = self.seen.index(text, self._read) + len(text)

    def type(self, text: str, keys: str) -> None:
        """Wait for a text, then type."""
        self.wait_for(text)
        os.write(self._terminal, keys.encode())

    def leave(self) -> tuple[str, int]:
        """Read to the end; return all that was shown, without escape sequences, and the exit status."""
        while self._more():
            pass
        return _ESCAPE.sub("", self.seen), self.process.wait(PATIENCE)

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        os.close(self._terminal)

    def _more(self) -> bool:
        try:
            read = os.read(self._terminal, 65_536)
        except OSError:  # how Linux says that the other end is closed
            return False
        self.seen += read.decode("utf-8", "replace")
        return bool(read)


@pytest.fixture
def newcomer() -> Iterator[Callable[..., Newcomer]]:
    people: list[Newcomer] = []

    def sit_down(*options: str, **environment: str) -> Newcomer:
        people.append(Newcomer(*options, **environment))
        return people[-1]

    yield sit_down
    for person in people:
        person.close()


def init(*options: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return run_python("-m", "bot", "init", *options, cwd=None, **{"LC_ALL": "C.UTF-8", **environment})


def contents() -> dict[str, tuple[int, bytes]]:
    return {
        str(path): (stat.S_IMODE(path.stat().st_mode), path.read_bytes())
        for path in Path().rglob("*")
        if path.is_file()
    }


# ----------------------------------------------------------------------------------------------------------- language


@pytest.mark.parametrize(
    ("environment", "default", "expected"),
    [
        ({"LANG": "fr_CA.UTF-8"}, "en", "fr"),
        ({"LANG": "fr"}, "en", "fr"),
        ({"LC_ALL": "en_GB.UTF-8", "LANG": "fr_FR.UTF-8"}, "fr", "en"),
        ({"LC_ALL": "", "LC_MESSAGES": "fr_BE@euro", "LANG": "en_US"}, "en", "fr"),
        ({"LANG": "C.UTF-8"}, "en", "en"),
        ({"LANG": "POSIX"}, "fr", "fr"),
        ({"LANG": "fro"}, "en", "en"),
        ({"LANG": "de_DE.UTF-8"}, "fr", "fr"),
        ({}, "en", "en"),
    ],
)
def test_the_language_is_that_of_the_environment(
    environment: dict[str, str], default: Language, expected: Language
) -> None:
    assert system_language(environment, default) == expected


# -------------------------------------------------------------------------------------------------- without a terminal


@pytest.mark.parametrize(("options", "word"), [([], "terminal, and"), (["--lang", "fr"], "dans un terminal")])
def test_without_a_terminal_it_says_what_to_write_instead(options: list[str], word: str) -> None:
    done = init(*options)
    assert (done.returncode, done.stdout) == (2, "")
    for said in (word, "--seeds", "--no-discord --yes", "SEEDS_DIR=", "DISCORD_TOKEN=", ".env"):
        assert said in done.stderr
    assert contents() == {}


@pytest.mark.slow
def test_a_script_sets_everything_up_with_options_and_does_it_again_without_harm() -> None:
    Path("articles").mkdir()
    Path("articles/club.md").write_text(
        "# Le club\n\n## Quand le club est-il ouvert\u202f?\n\nLe club est ouvert le mardi.\n", encoding="utf-8"
    )
    Path("articles/cassé.docx").write_bytes(b"PK\x03\x04rien")
    done = init("--seeds", "articles", "--no-discord", "--yes", **FRENCH)
    assert (done.returncode, done.stderr) == (0, "")
    for said in ("Quand le club est-il ouvert", "> Le club est ouvert le mardi.", "cassé.docx: ", "babillard repl"):
        assert said in done.stdout
    assert say("init_questions_fewer", "fr") in done.stdout
    before = contents()
    assert before[".env"][0] == 0o600
    done = init("--yes")
    assert done.returncode == 0
    assert say("init_unchanged", "fr") in done.stdout  # DEFAULT_LANGUAGE was kept, and C.UTF-8 names no language
    assert contents() == before


@pytest.mark.slow
def test_the_questions_that_are_shown_are_answered_when_they_are_asked() -> None:
    done = init("--yes", LC_ALL="en_GB.UTF-8")
    assert done.returncode == 0
    questions = re.findall(r"^  (.*\?)\n    > ", done.stdout, re.MULTILINE)
    assert len(questions) == 3
    asked = run_python("-m", "bot", "ask", "-", "--lang", "en", stdin="\n".join(questions))
    assert (asked.returncode, asked.stdout.count("[1]") >= 3) == (0, True)
    assert say("no_evidence", "en") not in asked.stdout


@pytest.mark.slow
def test_what_is_to_be_mended_is_said_and_no_index_is_built_without_settings() -> None:
    Path(".env").write_text("TOP_K=mille\n", encoding="utf-8")
    done = init("--yes", "--lang", "en")
    assert done.returncode == 1
    assert "TOP_K, line 1 of .env" in done.stdout
    assert say("init_stopped", "en", command="x").split(" Mend", maxsplit=1)[0] in done.stdout
    assert not Path("var").exists()


@pytest.mark.slow
def test_a_check_that_fails_is_said_and_the_rest_is_done() -> None:
    done = init("--yes", "--lang", "en", DISCORD_TOKEN="très.secret")
    assert done.returncode == 1
    assert "DISCORD_TOKEN does not have three parts" in done.stdout
    assert "très.secret" not in done.stdout + done.stderr
    assert say("init_next_mend", "en") in done.stdout


def test_an_env_that_is_not_utf8_is_said_in_one_line_and_left_alone() -> None:
    Path(".env").write_bytes("SEEDS_DIR=été\n".encode("latin-1"))
    before = contents()
    done = init("--yes", **FRENCH)
    assert (done.returncode, done.stdout) == (1, "")
    [line] = done.stderr.splitlines()
    assert line.startswith("babillard: .env ne peut pas être lu")
    assert contents() == before


def test_a_terminal_that_lacks_a_sign_shows_another_for_it() -> None:
    Path("it’s").touch()
    done = init("--seeds", "it’s", "--yes", PYTHONIOENCODING="latin-1")
    assert (done.returncode, done.stderr.startswith("babillard: it?s is a file")) == (1, True)


def test_a_folder_that_cannot_be_used_is_said_in_one_line() -> None:
    Path("articles").touch()
    done = init("--seeds", "articles", "--yes")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == f"babillard: {say('init_folder_file', 'en', folder='articles')}\n"


# ------------------------------------------------------------------------------------------------------ on a terminal


@pytest.mark.slow
def test_a_newcomer_is_led_to_the_first_questions_in_their_language(newcomer: Callable[..., Newcomer]) -> None:
    talk = newcomer(**FRENCH)
    talk.type("[seeds]", ENTER)
    talk.type(say("init_examples", "fr"), ENTER)
    talk.type(say("init_discord", "fr"), f"o{ENTER}")
    talk.type(say("init_token", "fr"), f"{TOKEN}\n")
    talk.type(say("init_token_ask", "fr"), f"n{ENTER}")
    shown, status = talk.leave()
    assert status == 0
    assert TOKEN not in shown
    assert "ceci-est-secret" not in talk.seen
    assert re.findall(r"^  (.*\?)$", shown, re.MULTILINE) == [
        "Qu’est-ce que Babillard ?",
        "Babillard invente-t-il des réponses ?",
        "Comment ajouter un article ?",
    ]
    assert "babillard repl" in shown
    assert "babillard discord" in shown
    mode, env = contents()[".env"]
    assert mode == 0o600
    assert env.decode().splitlines()[1:] == ["SEEDS_DIR=seeds", f"DISCORD_TOKEN={TOKEN}", "DEFAULT_LANGUAGE=fr"]


@pytest.mark.slow
@pytest.mark.parametrize("terminal", ["xterm", "dumb"])
def test_the_token_is_typed_unseen_in_any_terminal(terminal: str, newcomer: Callable[..., Newcomer]) -> None:
    talk = newcomer("--lang", "en", TERM=terminal)
    talk.type("[seeds]", ENTER)
    talk.type(say("init_examples", "en"), ENTER)
    talk.type(say("init_discord", "en"), f"y{ENTER}")
    talk.type(say("init_token", "en"), "Bot ceci-est-secret\n")
    talk.type(say("init_token_prefix", "en"), "")
    talk.type(say("init_token", "en"), f"{TOKEN}\n")
    talk.type(say("init_token_ask", "en"), CTRL_C)
    shown, status = talk.leave()
    assert status == 130
    assert "secret" not in talk.seen
    assert "Traceback" not in shown
    assert contents() == {}


@pytest.mark.slow
@pytest.mark.parametrize("key", [CTRL_C, CTRL_D])
@pytest.mark.parametrize("at", ["folder", "token"])
def test_whoever_leaves_at_a_question_finds_everything_as_it_was(
    key: str, at: str, newcomer: Callable[..., Newcomer]
) -> None:
    Path(".env").write_text("# à moi\nTOP_K=7\n", encoding="utf-8")
    before = contents()
    talk = newcomer(**FRENCH)
    if at == "token":
        talk.type("[seeds]", ENTER)
        talk.type(say("init_examples", "fr"), ENTER)
        talk.type(say("init_discord", "fr"), f"o{ENTER}")
    talk.type("[seeds]" if at == "folder" else say("init_token", "fr"), key)
    shown, status = talk.leave()
    assert status == 130
    assert shown.splitlines()[-1] == say("init_abandoned", "fr")
    assert "Traceback" not in shown
    assert contents() == before


@pytest.mark.slow
def test_an_interrupt_while_the_rest_is_done_leaves_no_trace_of_python(newcomer: Callable[..., Newcomer]) -> None:
    talk = newcomer("--seeds", "articles", "--no-discord", **FRENCH)
    talk.type(say("init_examples", "fr"), ENTER)
    talk.type(say("init_checking", "fr"), CTRL_C)
    shown, status = talk.leave()
    assert status == 130
    assert "Traceback" not in shown
    assert say("init_interrupted", "fr", command="").split("\u00a0", maxsplit=1)[0] in shown
