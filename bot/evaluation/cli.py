"""`babillard eval`: measure the bot on questions whose answers are known."""

from pathlib import Path
from typing import Annotated

import typer

from bot.config import BotSettings
from bot.errors import BotError
from index.cli import IndexOption, JsonOption, foreseen_faults, load_settings
from index.reporting import print_json

FilesArgument = Annotated[
    list[Path],
    typer.Argument(help="A table .csv or .jsonl; .json: SQuAD, translations, aligned pairs, documentation."),
]


def evaluate(
    files: FilesArgument,
    contexts: Annotated[
        bool,
        typer.Option("--contexts", help="Index the passages of the files instead of asking your own index."),
    ] = False,
    index: IndexOption = None,
    as_json: JsonOption = False,
    report: Annotated[
        Path | None, typer.Option("--report", help="Write one HTML page with plots and the worst questions.")
    ] = None,
    baseline: Annotated[
        Path | None, typer.Option("--baseline", help="What --json wrote earlier: say what changed, exit 1 if worse.")
    ] = None,
) -> None:
    """Measure the bot on questions whose answers are known: search, answers, abstention, language, time.

    The questions are asked of your own index, where a right passage is told by the name of the source, or else
    holds the answer. With --contexts the passages that come with a SQuAD file or with aligned pairs are indexed
    in a temporary folder, each file on its own, and your index is left alone.

    A table has the columns question, answer (or réponse), source and language (or langue); a row with neither answer
    nor source asks what the articles do not hold, and should be refused.

    Questions about documentation, a JSON list, tell their kind, the page that answers, and what a useful reply shows.
    Replies are counted as useful by kind, beside what a plain retriever would paste.

    With --baseline a figure regressed, and the exit status is 1, when the whole 95 % interval of its paired difference
    lies on the worse side of zero. Times never fail.
    """
    with foreseen_faults(BotError):
        from rich.console import Console

        from bot.evaluation.comparing import compare, print_comparison, read_baseline
        from bot.evaluation.datasets import load_questions
        from bot.evaluation.figures import slices
        from bot.evaluation.printing import description_lines, print_tables, run_record
        from bot.evaluation.report import page
        from bot.evaluation.running import run
        from bot.page.frame import write_page

        sets = load_questions(files)
        earlier = read_baseline(baseline, contexts) if baseline else None
        settings = load_settings(BotSettings, None, index)
        description, outcomes = run(sets, files, settings, contexts)
        measured = [outcome.measured for outcome in outcomes]
        figures = slices(measured)
        comparison = compare(earlier, measured) if earlier else None
        if report:
            write_page(report, page(description, figures, outcomes, comparison))
        if as_json:
            compared = {"comparison": comparison.record()} if comparison else {}
            print_json({**run_record(description, figures, measured), **compared})
        else:
            console = Console(highlight=False)
            for line in description_lines(description):
                console.print(line, markup=False)
            print_tables(figures, console)
            if comparison:
                print_comparison(comparison, console)
    if comparison and comparison.regressions:
        raise typer.Exit(1)
