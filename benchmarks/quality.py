"""Measure search, answers, abstention and reply language on the dev sets, through the product's own chain.

    python -m benchmarks.quality [--quick]

As `babillard eval --contexts` does on the same files, with the similarity reader: the span reader was trained on half
of them, and `training/reader/calibrate.py` measures it on the others. The confidence was fitted on all of them, so
the figures of abstention flatter it a little: `benchmarks/calibrate.py` cross-validates them by article.
"""

import itertools

from rich.console import Console

from benchmarks.dev_sets.sets import question_files
from benchmarks.figures import Figures, hand_over, options
from bot.config import BotSettings
from bot.evaluation.datasets import load_questions
from bot.evaluation.figures import Slice, slices
from bot.evaluation.printing import description_lines, print_tables
from bot.evaluation.running import run
from index.model.embedding import BUNDLED_MODEL

KEYS = {  # as the report calls them -> as the evaluation does
    "r1": "recall_at_1",
    "r5": "recall_at_5",
    "mrr": "mrr_at_10",
    "first_quote": "first_quote",
    "refused": "answerable_refused",
    "reply_language": "reply_language",
}
ACROSS = ("r1", "r5", "first_quote")
"""The figures that are given of questions on articles in the other language, of which there are few."""


def of_the_report(measured: list[Slice]) -> Figures:
    """Return the figures of the report, by the languages of the questions and of their articles."""
    by_name = {one.name: one.figures for one in measured}
    return {
        f"quality_{asked}_{written}_{key}": by_name[f"{asked}→{written}"][KEYS[key]].value
        for asked, written in itertools.product(("fr", "en"), repeat=2)
        for key in (KEYS if asked == written else ACROSS)
    }


def main() -> None:
    """Ask every question, print every figure."""
    arguments = options(__doc__).parse_args()
    settings = BotSettings(embedding_model=BUNDLED_MODEL, reader="similarity")
    with question_files(arguments.quick) as files:
        description, outcomes = run(load_questions(files), files, settings, contexts=True)
    measured = slices([outcome.measured for outcome in outcomes])
    print(*description_lines(description), sep="\n")
    print_tables(measured, Console(highlight=False))
    hand_over(of_the_report(measured), arguments.json)


if __name__ == "__main__":
    main()
