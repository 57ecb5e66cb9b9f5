"""The command line: ask one question, talk in a terminal, see what is missing, or work on the index."""

import sys
from pathlib import Path
from shutil import get_terminal_size
from typing import Annotated, Literal

import typer

from bot.answering.answer import Question
from bot.answering.dates import old_before
from bot.answering.plain import record
from bot.backup.cli import backup, restore
from bot.calibration.cli import calibrate
from bot.config import BotSettings
from bot.discord.shards import Shards
from bot.errors import BotError
from bot.evaluation.cli import evaluate
from bot.factory import build_bot
from bot.fetching.cli import add, refresh, remove
from bot.journal.cli import open_journal, report
from bot.setting_up.cli import init
from bot.teaching.cli import app as taught_app
from bot.terminal.rendering import check_line, gap_line, to_terminal
from bot.terminal.style import Screen, shows_signs, use_color
from bot.translation.cli import app as translator_app
from bot.version import versions
from index.cli import IndexOption, JsonOption, SeedsOption, foreseen_faults, load_settings, questions
from index.cli import app as index_app
from index.model.embedding import load_embeddings
from index.reporting import print_json

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Answers questions in French or English about your articles, and quotes the sentence it relies on.",
)


@app.callback()
def program(
    version: Annotated[
        bool,
        typer.Option("--version", help="Say the versions of Babillard, of its model and of the format of its index."),
    ] = False,
) -> None:
    """Say the version before a command is looked for; `bot.__main__` says it without what the commands import."""
    if version:
        typer.echo(versions())
        raise typer.Exit


app.command()(init)
app.command("eval")(evaluate)
app.command()(calibrate)
app.command()(report)
app.command()(add)
app.command()(refresh)
app.command()(remove)
app.command()(backup)
app.command()(restore)
app.add_typer(taught_app, name="taught")
app.add_typer(index_app, name="index")
app.add_typer(translator_app, name="translator")


ReplyLanguage = Literal["fr", "en", "auto"]
LanguageOption = Annotated[ReplyLanguage, typer.Option("--lang", help="Language of the reply; auto: of the question.")]


@app.command()
def ask(
    question: Annotated[str, typer.Argument(help="What to ask; - reads one question per line, each on its own.")],
    lang: LanguageOption = "auto",
    index: IndexOption = None,
    as_json: JsonOption = False,
) -> None:
    """Answer a question from the articles, or say that they do not hold the answer."""
    with foreseen_faults(BotError):
        settings = load_settings(BotSettings, None, index)
        chain = build_bot(settings).chain
        screen = Screen(use_color(), get_terminal_size().columns, old_before=old_before(settings.old_after_days))
        for text in questions(question):
            answer = chain.invoke(Question(text, None if lang == "auto" else lang))
            if as_json:
                print_json(record(answer))
                continue
            if question == "-":
                typer.echo(f"? {answer.question}")
            typer.echo(to_terminal(answer, screen))
            if question == "-":
                typer.echo()


@app.command()
def repl(seeds: SeedsOption = None, index: IndexOption = None) -> None:
    """Talk with the bot in the terminal; /help lists the commands."""
    if sys.stdin is None or not sys.stdin.isatty():
        ask("-", "auto", index, as_json=False)
        return
    from bot.terminal.repl import Repl  # prompt_toolkit is for the terminal alone

    with foreseen_faults(BotError):
        Repl(load_settings(BotSettings, seeds, index), use_color()).run()


def _shards(text: str) -> Shards:
    try:
        return Shards.parse(text)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from error


@app.command()
def discord(
    seeds: SeedsOption = None,
    index: IndexOption = None,
    shards: Annotated[
        Shards | None,
        typer.Option(
            "--shards",
            parser=_shards,
            metavar="FIRST-LAST/COUNT",
            help="Serve these shards alone, such as 0-3/8; other processes serve the rest.",
        ),
    ] = None,
) -> None:
    """Serve Discord until Ctrl-C or SIGTERM; docs/discord.md says how to set it up."""
    from bot.discord.logs import log_to_stderr
    from bot.discord.supervisor import serve  # discord.py takes half a second to import

    log_to_stderr()
    with foreseen_faults(BotError):
        serve(load_settings(BotSettings, seeds, index), shards)


@app.command()
def gaps(
    as_json: JsonOption = False,
    least: Annotated[int, typer.Option("--min", min=1, help="Leave out what was asked less often.")] = 1,
    stubs: Annotated[
        Path | None, typer.Option("--stubs", help="Write a draft article for each into this folder.")
    ] = None,
) -> None:
    """Say which questions asked on Discord the articles do not answer; those that ask the same count as one."""
    from bot.journal.gaps import find_gaps, write_stubs

    with foreseen_faults(BotError):
        settings = load_settings(BotSettings, None, None)
        journal = open_journal(settings, quiet=as_json)
        if journal is None:
            return
        with journal:
            unanswered = journal.unanswered()
        embeddings = load_embeddings(settings.embedding_model)
        found = [gap for gap in find_gaps(unanswered, embeddings) if gap.count >= least]
        for gap in found:
            if as_json:
                print_json(gap.record())
            else:
                typer.echo(gap_line(gap))
        if not found:
            often = f" that was asked {least} times" if least > 1 else ""
            typer.echo(f"The journal holds no question without a good answer{often}.", err=as_json)
        if stubs is not None:
            written = write_stubs(found, stubs)
            typer.echo(f"{len(written)} drafts written in {stubs}, {len(found) - len(written)} were there", err=True)


@app.command()
def doctor(
    seeds: SeedsOption = None,
    index: IndexOption = None,
    online: Annotated[bool, typer.Option("--online", help="Also ask Discord and the chat model.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Check the settings, the index, the models and the token, and say what to mend; changes nothing."""
    from bot.doctor.examination import examine

    options = {"seeds_dir": seeds, "index_dir": index}
    broken = False
    with foreseen_faults(BotError):
        for finding in examine({name: path for name, path in options.items() if path is not None}, online):
            if as_json:
                print_json(finding.record())
            else:
                typer.echo(check_line(finding.check, finding.state, finding.said, plain=not shows_signs()))
            broken = broken or finding.state == "failed"
    if broken:
        raise typer.Exit(1)
