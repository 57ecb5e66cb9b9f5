"""The command line: ask one question, talk in a terminal, or work on the index."""

import os
import sys
from typing import Annotated, Literal

import typer

from bot.answer import Question
from bot.config import BotSettings
from bot.factory import build_bot
from bot.rendering import to_terminal
from index.cli import IndexOption, JsonOption, SeedsOption, foreseen_faults, load_settings, print_json, questions
from index.cli import app as index_app

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Answers questions in French or English about your articles, and quotes the sentence it relies on.",
)
app.add_typer(index_app, name="index")


ReplyLanguage = Literal["fr", "en", "auto"]
LanguageOption = Annotated[ReplyLanguage, typer.Option("--lang", help="Language of the reply; auto: of the question.")]


@app.command()
def ask(
    question: Annotated[str, typer.Argument(help="What to ask; - reads one question per line.")],
    lang: LanguageOption = "auto",
    index: IndexOption = None,
    as_json: JsonOption = False,
) -> None:
    """Answer a question from the articles, or say that they do not hold the answer."""
    with foreseen_faults():
        chain = build_bot(load_settings(BotSettings, None, index)).chain
        color = use_color()
        for text in questions(question):
            answer = chain.invoke(Question(text, None if lang == "auto" else lang))
            if as_json:
                print_json(answer.record())
                continue
            if question == "-":
                typer.echo(f"? {answer.question}")
            typer.echo(to_terminal(answer, color))
            if question == "-":
                typer.echo()


@app.command()
def repl(seeds: SeedsOption = None, index: IndexOption = None) -> None:
    """Talk with the bot in the terminal; /help lists the commands."""
    if sys.stdin is None or not sys.stdin.isatty():
        ask("-", "auto", index, as_json=False)
        return
    from bot.repl import Repl  # prompt_toolkit is for the terminal alone

    with foreseen_faults():
        Repl(load_settings(BotSettings, seeds, index), use_color()).run()


def use_color() -> bool:
    """Whether standard output is a terminal that wants colours (https://no-color.org)."""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def main() -> None:
    """Run `babillard`."""
    app(prog_name="babillard")
