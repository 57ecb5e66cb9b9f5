"""Count the useful replies on real documentation, beside a plain retriever that pastes its passages.

    python -m benchmarks.usefulness [--quick]

As `babillard eval` does on the same questions, with the default reader: a reply is useful when it shows all that the
asker needs. The plain retriever is Babillard's own search: it pastes its first passage, or its first three. Then each
question is asked where the pages that answer it are left out of what is found.
"""

from collections.abc import Sequence
from pathlib import Path
from statistics import fmean
from tempfile import TemporaryDirectory

from rich.console import Console

from benchmarks.dev_sets.sets import documentation_files
from benchmarks.figures import Figures, hand_over, options
from bot.answering.readers.shipped import load_span_reader
from bot.config import BotSettings
from bot.evaluation.datasets import load_questions
from bot.evaluation.figures import Slice, slices
from bot.evaluation.printing import description_lines, print_tables
from bot.evaluation.questions import KnownQuestion
from bot.evaluation.running import run
from index.build import build_index
from index.model.embedding import BUNDLED_MODEL, load_embeddings
from index.search import Searcher
from index.store import open_store

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


FOUND = 60
"""Passages searched for, of which those of the pages that answer are taken out: ten are left for every question."""

TOP_K = 10


def of_the_report(measured: list[Slice], missing: float) -> Figures:
    """Return the figures of the report, by kind and overall; `missing` is the share refused without their pages."""
    by_name = {one.name: one.figures for one in measured}
    by_kind = {f"usefulness_{kind}_{key}": by_name[kind][key].value for kind in KINDS for key in BY_KIND}
    overall = {f"usefulness_{key}": by_name["all"][key].value for key in OVERALL}
    return by_kind | overall | {"usefulness_missing_refused": missing}


def refused_without_their_pages(questions: Sequence[KnownQuestion], index: Path) -> float:
    """Return the share of the answerable questions that are refused when no page that answers is found."""
    embeddings, reader = load_embeddings(BUNDLED_MODEL), load_span_reader()
    searcher = Searcher(open_store(index), embeddings)
    refused = []
    for question in questions:
        if question.answerable:
            answering = {_page(page.file) for page in question.pages}
            hits = searcher.search(question.text, question.language, FOUND)
            others = [hit for hit in hits if _page(hit.chunk.document_id) not in answering]
            refused.append(not reader.read(question.text, question.language, others[:TOP_K]).answers)
    return fmean(refused)


def _page(file: str) -> str:
    """Return what a page and its translation, which stands beside it, have in common."""
    folder, _, name = file.rpartition("/")
    return f"{folder}/{name.split('.')[0]}"


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
        asked = [question for one in load_questions([questions]) for question in one.questions]
        missing = refused_without_their_pages(asked, Path(folder))
    print(f"refused where the pages that answer are left out: {missing:.3f}")
    hand_over(of_the_report(measured, missing), arguments.json)


if __name__ == "__main__":
    main()
