"""Questions on a terminal."""

from getpass import getpass

import typer
from prompt_toolkit import PromptSession
from prompt_toolkit.completion import Completer, DummyCompleter, PathCompleter
from prompt_toolkit.history import DummyHistory
from prompt_toolkit.shortcuts import CompleteStyle


class TerminalPrompts:
    """Asks on the terminal that the program runs in."""

    def show(self, text: str) -> None:
        """Show a line."""
        typer.echo(text)

    def line(self, question: str) -> str:
        """Return what is typed."""
        return _ask(question, DummyCompleter())

    def folder(self, question: str) -> str:
        """Return what is typed; Tab completes the names of folders."""
        return _ask(question, PathCompleter(only_directories=True, expanduser=True))

    def unseen(self, question: str) -> str:
        """Return what is typed, unseen. prompt_toolkit shows it where TERM is `dumb`, and stars elsewhere."""
        try:
            return getpass(question)
        except (KeyboardInterrupt, EOFError):
            typer.echo()  # else the next line stands behind the question
            raise


def _ask(question: str, completer: Completer) -> str:
    session: PromptSession[str] = PromptSession(
        completer=completer,
        complete_while_typing=False,
        complete_style=CompleteStyle.READLINE_LIKE,
        history=DummyHistory(),
        reserve_space_for_menu=0,
    )
    return session.prompt(question)
