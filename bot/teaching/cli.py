"""`babillard taught`: see what the servers were taught, write it as tables, and take a table in."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.config import BotSettings
from bot.errors import BotError, StorageError, TeachingError
from index.cli import DataOption, IndexOption, JsonOption, foreseen_faults, load_settings

if TYPE_CHECKING:  # SQLite and the tables are imported by these commands alone
    from bot.teaching.entry import Entry
    from bot.teaching.keeper import TaughtKeeper

app = typer.Typer(
    no_args_is_help=True, help="See what servers were taught in Discord, write it as tables, take one in."
)

GuildOption = Annotated[int | None, typer.Option("--guild", min=1, help="Of the server with this id.  [all]")]


@app.command("list")
def list_entries(guild: GuildOption = None, data: DataOption = None, as_json: JsonOption = False) -> None:
    """Show what each server was taught, also what was withdrawn.

    The number before an entry is the one that Discord's /taught carries. An id of a server is what `Copy Server ID`
    gives in Discord, with developer mode on.
    """
    with foreseen_faults(BotError):
        from index.reporting import print_json

        settings = load_settings(BotSettings, None, None, data)
        entries = _entries(settings, guild)
        for number, of_server in entries.items():
            if as_json:
                for entry in of_server:
                    print_json(entry_record(entry))
                continue
            active = sum(entry.active for entry in of_server)
            withdrawn = f", {len(of_server) - active} withdrawn" if active < len(of_server) else ""
            typer.echo(f"server {number}: {active} in use{withdrawn}")
            for entry in of_server:
                typer.echo(_line(entry))
        if not entries:
            typer.echo("Nothing was taught yet: /teach in Discord, or `babillard taught import`.", err=as_json)


@app.command()
def export(
    path: Annotated[Path, typer.Argument(metavar="FILE.csv|FOLDER", help="A table, or a folder of one for each.")],
    guild: GuildOption = None,
    data: DataOption = None,
) -> None:
    """Write what is in use as tables of questions and answers: question, answer, source, date, author.

    A folder gets a table for each server, named by its id; FILE.csv that of one server. A table may stand among your
    articles, where every server sees it, and under git: the same answers give the same bytes. `author` is Discord's id
    of whoever taught the answer; no build reads it.
    """
    with foreseen_faults(BotError):
        from bot.teaching.exchange import table

        entries = _entries(load_settings(BotSettings, None, None, data), guild)
        active = {number: [entry for entry in found if entry.active] for number, found in entries.items()}
        active = {number: found for number, found in active.items() if found}
        if not active:
            raise BotError("nothing is in use there: `babillard taught list` shows what each server was taught")
        is_file = path.suffix.lower() == ".csv"
        if is_file and len(active) > 1:
            known = ", ".join(map(str, active))
            raise BotError(f"{len(active)} servers were taught something ({known}): name one with --guild, or a folder")
        for number, found in active.items():
            file = path if is_file else path / f"{number}.csv"
            _write(file, table(found))
            typer.echo(f"{file}: {_counted(len(found))} of server {number}")


@app.command("import")
def import_table(
    file: Annotated[Path, typer.Argument(help="A table with the columns question and answer.")],
    guild: Annotated[int, typer.Option("--guild", min=1, help="Id of the server that learns it.")],
    index: IndexOption = None,
    data: DataOption = None,
) -> None:
    """Teach a server what a table holds: what `babillard taught export` wrote, or you; .csv, comma or semicolon.

    Columns: question and answer, and source where it was said. What is taught already, word for word, is passed over,
    and so is what was withdrawn: /taught in Discord restores it. A bot that is running answers from it at once.

    Exit status: 0 if each row is taught, 1 if one cannot be.
    """
    refused = 0
    with foreseen_faults(BotError):
        from bot.publishing import Publisher
        from bot.teaching.entry import checked
        from bot.teaching.exchange import read_table
        from bot.teaching.opening import open_taught
        from bot.teaching.teaching import Teaching
        from index.model.embedding import load_embeddings

        settings = load_settings(BotSettings, None, index, data)
        rows = read_table(file)
        with open_taught(settings) as store:
            known = {(entry.question, entry.answer): entry.active for entry in store.entries(guild)}
            taught = 0
            for number, (question, answer, source) in enumerate(rows, start=1):
                try:
                    pair = checked(question, answer)
                except TeachingError as error:
                    typer.echo(f"row {number} is left out: {error}", err=True)
                    refused += 1
                    continue
                if pair not in known:
                    store.teach(guild, *pair, teacher=None, link=source, action="imported")
                    known[pair] = True
                    taught += 1
            if taught:
                publisher = Publisher(settings, load_embeddings(settings.embedding_model))
                Teaching(store, publisher).publish(guild)
    passed_over = len(rows) - taught - refused
    typer.echo(f"{taught} taught, {passed_over} known already, {refused} left out")
    if refused:
        raise typer.Exit(1)


def entry_record(entry: "Entry") -> dict[str, object]:
    """Return the documented JSON shape; ids are texts, as Discord's own, for they do not fit into a double."""
    return {
        "guild": str(entry.guild),
        "number": entry.number,
        "question": entry.question,
        "answer": entry.answer,
        "link": entry.link,
        "changed": entry.changed.isoformat(),
        "teacher": None if entry.teacher is None else str(entry.teacher),
        "active": entry.active,
    }


def _entries(settings: BotSettings, guild: int | None) -> "dict[int, list[Entry]]":
    """Return what each server was taught; nothing where nobody taught yet, and no file is made."""
    store = _store(settings)
    if store is None:
        return {}
    with store:
        found = {number: store.entries(number) for number in ([guild] if guild else store.guilds())}
    return {number: entries for number, entries in found.items() if entries}


def _store(settings: BotSettings) -> "TaughtKeeper | None":
    from bot.teaching.opening import open_taught
    from bot.teaching.store import FILE_NAME

    is_there = settings.database_url is not None or (settings.data_dir / FILE_NAME).exists()
    return open_taught(settings) if is_there else None


def _line(entry: "Entry") -> str:
    from index.text import visible

    mark = "" if entry.active else "(withdrawn) "
    answer: Sequence[str] = entry.answer.splitlines()
    return visible(f"{entry.number:6} {mark}{entry.question} — {answer[0]}{' […]' if len(answer) > 1 else ''}")


def _write(file: Path, text: str) -> None:
    from index.durable import write_durably

    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        aside = file.with_name(f".{file.name}")
        write_durably(aside, text)
        aside.replace(file)
    except OSError as error:
        raise StorageError(f"{file} cannot be written ({error.strerror}): name another place") from error


def _counted(count: int) -> str:
    return f"{count:,} answer{'' if count == 1 else 's'}"
