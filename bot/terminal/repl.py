"""The conversation in a terminal: questions, and a few commands that begin with a slash."""

import pydoc
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from shutil import get_terminal_size

import typer
from platformdirs import user_state_path
from prompt_toolkit import PromptSession
from prompt_toolkit.completion import WordCompleter
from prompt_toolkit.history import FileHistory, History, InMemoryHistory

from bot.answering.answer import Answer, Question
from bot.answering.conversation import Turn
from bot.answering.dates import old_before
from bot.config import BotSettings
from bot.live import LiveBot
from bot.messages import say
from bot.terminal.drafting import draft_shown
from bot.terminal.rendering import section_text, sources_text, to_terminal, why_text
from bot.terminal.style import Screen
from index.errors import IndexingError
from index.schema import Language
from index.text import visible


class Repl:
    """One conversation: it remembers the last answer, the earlier questions, and the language that was asked for."""

    def __init__(self, settings: BotSettings, color: bool) -> None:
        """Open the index and load the model, so that the first question is as quick as the others.

        Raises:
            IndexingError: the index is missing, stale or damaged.
        """
        self._settings = settings
        self._color = color
        self._live = LiveBot(settings)
        self._live.current.embeddings.encode_query("")
        self._wanted: Language | None = None
        self._last: Answer | None = None
        self._history: tuple[Turn, ...] = ()
        self._commands: dict[str, Callable[[str], None]] = {
            "/more": self._more,
            "/sources": self._sources,
            "/why": self._why,
            "/lang": self._lang,
            "/new": self._new,
            "/rebuild": self._rebuild,
            "/help": self._help,
        }

    @property
    def _language(self) -> Language:
        """The language of the bot's own messages: the one that was asked for, else that of the last reply."""
        return self._wanted or (self._last.language if self._last else self._settings.default_language)

    @property
    def _screen(self) -> Screen:
        """The terminal as it is now."""
        limit = old_before(self._settings.old_after_days)
        return Screen(self._color, get_terminal_size().columns, in_conversation=True, old_before=limit)

    def run(self) -> None:
        """Read lines until Ctrl-D. Ctrl-C drops the line, or the answer that is being made."""
        session: PromptSession[str] = PromptSession(
            history=_history(user_state_path("babillard") / "history"),
            completer=WordCompleter(list(self._commands), sentence=True),
            complete_while_typing=False,
            reserve_space_for_menu=0,
        )
        manifest = self._live.current.manifest
        typer.echo(say("welcome", self._language, documents=manifest.documents, chunks=manifest.chunks))
        if own := self._live.current.own_calibration:
            typer.echo(say("calibrated", self._language, data=visible(own)))
        while True:
            try:
                line = session.prompt("> ").strip()
                if line:
                    self.answer(line)
            except KeyboardInterrupt:
                continue
            except EOFError:
                typer.echo(say("bye", self._language))
                return

    def answer(self, line: str) -> None:
        """Run a command or answer a question; a foreseen error is said, and the conversation goes on."""
        try:
            if line.startswith("/"):
                command, _, argument = line.partition(" ")
                self._commands.get(command, self._unknown)(argument.strip() if command in self._commands else command)
                return
            with draft_shown() as on_draft:
                question = Question(line, self._wanted, history=self._history, on_draft=on_draft)
                self._last = self._live.current.chain.invoke(question)
            self._history = self._last.history
            typer.echo(to_terminal(self._last, self._screen))
        except IndexingError as error:
            typer.echo(f"babillard: {error}", err=True)

    def _more(self, _: str) -> None:
        """Show the whole section, a screen at a time where it is longer than that."""
        if self._last is None or not self._last.more:
            typer.echo(say("no_more" if self._last else "why_none", self._language))
            return
        text = section_text(self._last, self._screen)
        if sys.stdout.isatty() and text.count("\n") >= get_terminal_size().lines - 1:
            pydoc.pager(section_text(self._last, replace(self._screen, color=False)))  # not every pager shows colours
        else:
            typer.echo(text)

    def _sources(self, _: str) -> None:
        typer.echo(sources_text(self._last, self._language) if self._last else say("why_none", self._language))

    def _why(self, _: str) -> None:
        stats = self._live.current.cache.stats
        typer.echo(why_text(self._last, self._language, stats) if self._last else say("why_none", self._language))

    def _lang(self, wanted: str) -> None:
        match wanted:
            case "fr" | "en":
                self._wanted = wanted
                typer.echo(say("language_set", wanted))
            case "auto":
                self._wanted = None
                typer.echo(say("language_auto", self._language))
            case _:
                typer.echo(say("language_usage", self._language))

    def _new(self, _: str) -> None:
        self._history = ()
        typer.echo(say("new", self._language))

    def _rebuild(self, _: str) -> None:
        """Rebuild in a process of its own, whose memory goes back to the machine, then open the new index."""
        typer.echo(say("rebuilding", self._language))
        command = [sys.executable, "-m", "index", "rebuild", *self._settings.folder_options]
        subprocess.run(command, check=False)  # noqa: S603 - our own command
        self._live.refresh()

    def _help(self, _: str) -> None:
        typer.echo(say("help", self._language))

    def _unknown(self, command: str) -> None:
        typer.echo(say("unknown_command", self._language, command=command))


def _history(path: Path) -> History:
    """Return the lines typed earlier, kept in a file for its owner alone; in memory if there can be no file."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
    except OSError:
        return InMemoryHistory()
    return FileHistory(str(path))
