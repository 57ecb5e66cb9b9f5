"""Count the useful replies on real documentation, beside a plain retriever that pastes its passages.

    python -m benchmarks.usefulness [--quick]

As `babillard eval` does on the same questions, with the default reader: a reply is useful when it shows all that the
asker needs. The plain retriever is Babillard's own search: it pastes its first passage, or its first three.
"""

from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console

from benchmarks.dev_sets.sets import documentation_files
from benchmarks.figures import Figures, hand_over, options
from bot.config import BotSettings
from bot.evaluation.datasets import load_questions
from bot.evaluation.figures import Slice, slices
from bot.evaluation.printing import description_lines, print_tables
from bot.evaluation.running import run
from index.build import build_index
from index.model.embedding import BUNDLED_MODEL, load_embeddings

KINDS = ("howto", "list", "command", "yesno", "fact", "reason", "table", "two-part", "all")

BY_KIND = ("useful", "first_passage", "three_passages")
"""The figures that the report gives of each kind; the names are those of the evaluation."""

OVERALL = (
    "page_cited",
    "page_first",
    "page_in_five",
    "useful_length",
    "unanswerable_refused",
    "answerable_refused",
)
"""The figures that it gives of all questions together."""


def of_the_report(measured: list[Slice]) -> Figures:
    """Return the figures of the report, by kind and overall."""
    by_name = {one.name: one.figures for one in measured}
    by_kind = {f"usefulness_{kind}_{key}": by_name[kind][key].value for kind in KINDS for key in BY_KIND}
    return by_kind | {f"usefulness_{key}": by_name["all"][key].value for key in OVERALL}


def measure(pages: Path, questions: Path, index: Path) -> list[Slice]:
    """Index the pages, ask every question, print every figure.

    Args:
        pages: folder of the articles.
        questions: file of the questions about them.
        index: folder to build the index in.
    """
    build_index(pages, index, load_embeddings(BUNDLED_MODEL))
    settings = BotSettings(embedding_model=BUNDLED_MODEL, seeds_dir=pages, index_dir=index)
    description, outcomes = run(load_questions([questions]), [questions], settings, contexts=False)
    measured = slices([outcome.measured for outcome in outcomes])
    print(*description_lines(description), sep="\n")
    print_tables(measured, Console(highlight=False))
    return measured


def main() -> None:
    """Measure, and hand over what the report shows."""
    arguments = options(__doc__).parse_args()
    with documentation_files(arguments.quick) as (pages, questions), TemporaryDirectory() as folder:
        measured = measure(pages, questions, Path(folder))
    hand_over(of_the_report(measured), arguments.json)


if __name__ == "__main__":
    main()
