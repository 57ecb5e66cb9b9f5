import os
import pty
import re
import select
import shutil
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Iterator
from dataclasses import replace
from fcntl import ioctl
from pathlib import Path

import pytest

from bot.config import BotSettings
from bot.messages import say
from bot.terminal.repl import Repl
from index.build import build_index
from index.model.embedding import TextEmbeddings
from index.schema import Language
from tests.conftest import SEEDS
from tests.processes import surroundings

pytestmark = pytest.mark.slow

FRENCH = "Combien d’abonnés Netflix compte-t-il au Canada ?"
ENGLISH = "How many offices does Netflix have around the world?"
UNKNOWN = "Quelle est la capitale de l’Australie ?"

PATIENCE = 600.0
"""Seconds for whatever has to come: on a busy machine a conversation starts in minutes, not seconds."""

CTRL_C, CTRL_D, UP, ENTER = "\x03", "\x04", "\x1b[A", "\r"
_READY = "\x1b[?2004h"  # prompt_toolkit turns bracketed paste on when it starts to read a line
_ESCAPE = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\r")


class Conversation:
    """`babillard repl` on a terminal of its own."""

    def __init__(self, seeds: Path, index: Path, home: Path, **environment: str) -> None:
        self._terminal, other_end = pty.openpty()
        ioctl(other_end, termios.TIOCSWINSZ, struct.pack("HHHH", 50, 200, 0, 0))
        state = {"XDG_STATE_HOME": str(home), "TERM": "xterm", "PROMPT_TOOLKIT_NO_CPR": "1"}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "bot", "repl", "--seeds", str(seeds), "--index", str(index)],
            stdin=other_end,
            stdout=other_end,
            stderr=other_end,
            env=surroundings(**{**state, **environment}),
            start_new_session=True,
        )
        os.close(other_end)
        self._raw = ""

    def type(self, keys: str) -> None:
        os.write(self._terminal, keys.encode())

    def until_ready(self) -> str:
        """Return what is shown up to the next prompt, without colours and cursor moves."""
        shown = self._until(_READY)
        return _ESCAPE.sub("", shown)

    def until_shown(self, text: str) -> str:
        """Wait for text to appear; return what came before it, as it is."""
        return self._until(text)

    def say(self, line: str) -> str:
        """Type a line; return what is shown for it."""
        self.type(line + ENTER)
        return self.until_ready()

    def leave(self) -> tuple[str, int]:
        """Press Ctrl-D; return what is shown and the exit status."""
        self.type(CTRL_D)
        shown = self._until(None)
        return _ESCAPE.sub("", shown), self.process.wait(PATIENCE)

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        os.close(self._terminal)

    def _until(self, mark: str | None) -> str:
        """Return what comes up to `mark`, or to the end for None."""
        deadline = time.monotonic() + PATIENCE
        while mark is None or mark not in self._raw:
            readable, _, _ = select.select([self._terminal], [], [], max(0.0, deadline - time.monotonic()))
            if not readable:
                raise TimeoutError(f"{mark!r} did not come within {PATIENCE} s: {self._raw!r}")
            try:
                read = os.read(self._terminal, 65_536)
            except OSError:  # how Linux says that the other end is closed
                read = b""
            if not read:
                break
            self._raw += read.decode("utf-8", "replace")
        if mark is None:
            shown, self._raw = self._raw, ""
            return shown
        before, found, self._raw = self._raw.partition(mark)
        assert found, f"the conversation ended before {mark!r}: {before!r}"
        return before


@pytest.fixture
def conversation(seed_index: Path, tmp_path: Path) -> Iterator[Conversation]:
    talk = Conversation(SEEDS, seed_index, tmp_path / "state")
    yield talk
    talk.close()


# ------------------------------------------------------------------------------------------------------ on a terminal


def test_a_conversation_welcomes_answers_in_each_language_and_takes_its_leave(conversation: Conversation) -> None:
    welcome = conversation.until_ready()
    assert re.search(r"Babillard · 2 articles, \d+ passages\. Ask a question", welcome)
    assert "sept millions" in conversation.say(FRENCH)
    assert "in French:" in (answer := conversation.say(ENGLISH))
    assert "21 bureaux" in answer
    assert say("no_evidence", "fr") in conversation.say(UNKNOWN)
    shown, status = conversation.leave()
    assert (say("bye", "fr") in shown, status) == (True, 0)


def test_the_default_language_is_that_of_the_welcome(seed_index: Path, tmp_path: Path) -> None:
    talk = Conversation(SEEDS, seed_index, tmp_path, DEFAULT_LANGUAGE="fr")
    try:
        assert "Posez une question" in talk.until_ready()
    finally:
        talk.close()


def test_ctrl_c_clears_the_line_and_the_conversation_goes_on(conversation: Conversation) -> None:
    conversation.until_ready()
    conversation.type("Quelle est la capi")
    conversation.until_shown("capi")
    conversation.type(CTRL_C)
    conversation.until_ready()
    assert "sept millions" in conversation.say(FRENCH)
    assert conversation.leave()[1] == 0


def test_an_interrupt_from_outside_does_not_end_the_conversation(conversation: Conversation) -> None:
    conversation.until_ready()
    conversation.process.send_signal(signal.SIGINT)
    conversation.until_ready()
    assert "sept millions" in conversation.say(FRENCH)


def test_the_up_arrow_brings_back_the_last_line(conversation: Conversation) -> None:
    conversation.until_ready()
    conversation.say(FRENCH)
    assert "sept millions" in conversation.say(UP)


def test_the_lines_of_an_earlier_conversation_come_back(seed_index: Path, tmp_path: Path) -> None:
    for line, said in ((FRENCH, "sept millions"), (UP, "sept millions")):
        talk = Conversation(SEEDS, seed_index, tmp_path / "state")
        try:
            talk.until_ready()
            assert said in talk.say(line)
            talk.leave()
        finally:
            talk.close()
    [history] = (tmp_path / "state").rglob("history")
    assert history.stat().st_mode & 0o077 == 0, "the questions are for their owner alone"


def test_a_state_folder_that_cannot_be_written_is_no_failure(seed_index: Path, tmp_path: Path) -> None:
    (tmp_path / "a file").touch()
    talk = Conversation(SEEDS, seed_index, tmp_path / "a file")
    try:
        talk.until_ready()
        assert "sept millions" in talk.say(FRENCH)
    finally:
        talk.close()


def test_colours_are_off_when_the_terminal_does_not_want_them(seed_index: Path, tmp_path: Path) -> None:
    talk = Conversation(SEEDS, seed_index, tmp_path, NO_COLOR="1")
    try:
        talk.until_ready()
        talk.type(FRENCH + ENTER)
        talk.until_shown("[1]")
        assert "\x1b[2m" not in talk.until_shown("2021")
    finally:
        talk.close()


def test_rebuild_reads_the_articles_again_and_answers_from_them(bundled: TextEmbeddings, tmp_path: Path) -> None:
    seeds, index = tmp_path / "articles", tmp_path / "index"
    seeds.mkdir()
    (seeds / "gare.md").write_text("# La gare\n\nLa gare de Lévis a ouvert en 1884.\n", encoding="utf-8")
    build_index(seeds, index, bundled)
    talk = Conversation(seeds, index, tmp_path / "state")
    try:
        talk.until_ready()
        assert "1884" in talk.say("En quelle année la gare de Lévis a-t-elle ouvert ?")
        (seeds / "gare.md").write_text("# La gare\n\nLa gare de Lévis a ouvert en 1885.\n", encoding="utf-8")
        built = talk.say("/rebuild")
        assert say("rebuilding", "fr") in built
        assert "1 documents, 1 chunks" in built
        assert "1885" in talk.say("En quelle année la gare de Lévis a-t-elle ouvert ?")
        assert talk.leave()[1] == 0
    finally:
        talk.close()


def test_a_rebuild_that_fails_is_said_and_the_old_index_serves(seed_index: Path, tmp_path: Path) -> None:
    talk = Conversation(tmp_path / "nulle part", seed_index, tmp_path / "state")
    try:
        talk.until_ready()
        assert "babillard: " in talk.say("/rebuild")
        assert "sept millions" in talk.say(FRENCH)
    finally:
        talk.close()


# -------------------------------------------------------------------------------------------------- without a terminal


@pytest.fixture
def repl(seed_index: Path) -> Repl:
    return Repl(BotSettings(seeds_dir=SEEDS, index_dir=seed_index), color=False)


def said(repl: Repl, line: str, output: pytest.CaptureFixture[str]) -> str:
    output.readouterr()
    repl.answer(line)
    return output.readouterr().out.removesuffix("\n")


def test_lang_decides_the_language_of_replies_and_messages(repl: Repl, capsys: pytest.CaptureFixture[str]) -> None:
    assert said(repl, "/lang fr", capsys) == say("language_set", "fr")
    assert said(repl, ENGLISH, capsys).startswith("Voici")
    assert said(repl, "/lang en", capsys) == say("language_set", "en")
    assert said(repl, FRENCH, capsys).startswith("Here")
    assert said(repl, "/sources", capsys).startswith("Sources of the last answer:")
    assert said(repl, "/lang auto", capsys) == say("language_auto", "en")
    assert said(repl, FRENCH, capsys).startswith("Voici")


@pytest.mark.parametrize("line", ["/lang xx", "/lang", "/lang français", "/lang FR"])
def test_lang_with_anything_else_says_how_to_use_it(line: str, repl: Repl, capsys: pytest.CaptureFixture[str]) -> None:
    assert said(repl, line, capsys) == say("language_usage", "en")
    assert said(repl, FRENCH, capsys).startswith("Voici")


@pytest.mark.parametrize(
    ("first", "follow_up", "language", "evidence"),
    [
        pytest.param("Où Netflix loue-t-il des studios\u00a0?", "Combien\u202f?", "fr", "deux studios", id="fr"),
        pytest.param("Where does Netflix rent studios?", "And in Toronto?", "en", "deux studios", id="en"),
    ],
)
def test_a_follow_up_is_understood_until_a_new_conversation(
    first: str, follow_up: str, language: Language, evidence: str, repl: Repl, capsys: pytest.CaptureFixture[str]
) -> None:
    understood = say("understood", language, question="").rstrip()
    assert understood not in said(repl, first, capsys)
    shown = said(repl, follow_up, capsys)
    assert shown.split("\n")[0].startswith(understood)
    assert evidence in shown.split("\n")[2]
    assert said(repl, "/new", capsys) == say("new", language)
    shown = said(repl, follow_up, capsys)
    assert understood not in shown
    assert evidence not in "".join(shown.split("\n")[:2]), "the line that opens the reply and the first quote"


@pytest.mark.parametrize(
    ("question", "language", "evidence"),
    [pytest.param(FRENCH, "fr", "10e anniversaire", id="fr"), pytest.param(ENGLISH, "en", "Amsterdam", id="en")],
)
def test_sources_show_the_passage_behind_the_last_answer(
    question: str, language: Language, evidence: str, repl: Repl, capsys: pytest.CaptureFixture[str]
) -> None:
    said(repl, question, capsys)
    shown = said(repl, "/sources", capsys)
    assert shown.startswith(say("sources", language))
    assert "[1] Netflix veut un bureau au Canada, § " in shown
    assert " — netflix-canada.fr.md#" in shown
    assert evidence in shown


def test_an_abstention_has_no_sources(repl: Repl, capsys: pytest.CaptureFixture[str]) -> None:
    said(repl, UNKNOWN, capsys)
    assert said(repl, "/sources", capsys) == say("no_sources", "fr")


@pytest.mark.parametrize(
    ("question", "opening", "verdict"),
    [
        pytest.param(FRENCH, "confiance", "une réponse", id="fr"),
        pytest.param(ENGLISH, "confidence", "an answer", id="en"),
        pytest.param(UNKNOWN, "confiance", "pas de réponse", id="abstention"),
    ],
)
def test_why_shows_the_confidence_and_what_was_found(
    question: str, opening: str, verdict: str, repl: Repl, capsys: pytest.CaptureFixture[str]
) -> None:
    said(repl, question, capsys)
    lines = said(repl, "/why", capsys).split("\n")
    assert lines[0].startswith(opening)
    assert lines[0].endswith(verdict)
    assert [line.split(".")[0] for line in lines[1:-2]] == [str(rank) for rank in range(1, 11)]
    assert "search" in lines[-2]
    assert lines[-1].endswith("%")


def test_more_shows_the_whole_section_where_the_answer_is_a_part_of_it(
    repl: Repl, capsys: pytest.CaptureFixture[str]
) -> None:
    said(repl, FRENCH, capsys)
    assert said(repl, "/more", capsys) == say("no_more", "fr")
    assert repl._last is not None
    repl._last = replace(repl._last, more="## Tout\n\nTapez\u00a0:\n\n```bash\nmake\n```")
    shown = said(repl, "/more", capsys)
    assert shown.startswith("[1] Netflix veut un bureau au Canada")
    assert shown.endswith("\n\nTout\n\nTapez\u00a0:\n\n    make")


@pytest.mark.parametrize("command", ["/more", "/sources", "/why"])
def test_before_the_first_question_there_is_nothing_to_explain(
    command: str, repl: Repl, capsys: pytest.CaptureFixture[str]
) -> None:
    assert said(repl, command, capsys) == say("why_none", "en")


def test_help_comes_in_the_language_of_the_conversation(repl: Repl, capsys: pytest.CaptureFixture[str]) -> None:
    assert said(repl, "/help", capsys) == say("help", "en")
    said(repl, FRENCH, capsys)
    assert said(repl, "/help", capsys) == say("help", "fr")


@pytest.mark.parametrize("line", ["/nope", "/nope fr", "/", "/Help", "/langue fr", "/{0}%s"])
def test_an_unknown_command_is_named(line: str, repl: Repl, capsys: pytest.CaptureFixture[str]) -> None:
    assert said(repl, line, capsys) == say("unknown_command", "en", command=line.split(" ", maxsplit=1)[0])


def test_an_index_that_is_damaged_in_between_is_said_and_the_conversation_goes_on(
    seed_index: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    index = Path(shutil.copytree(seed_index, tmp_path / "copy"))
    repl = Repl(BotSettings(seeds_dir=SEEDS, index_dir=index), color=False)
    [chunks] = index.rglob("chunks.jsonl")
    good = chunks.read_bytes()
    chunks.write_bytes(b"?" * len(good))
    repl.answer(FRENCH)
    assert "babillard: line" in capsys.readouterr().err
    chunks.write_bytes(good)
    assert "sept millions" in said(repl, FRENCH, capsys)
