"""Read questions about documentation: each with its kind, the pages that answer, and what a useful reply shows."""

from pathlib import Path
from typing import Any

from bot.errors import EvaluationError
from bot.evaluation.fields import any_field, known_language, list_field, refuse_twins, text_field
from bot.evaluation.questions import KnownQuestion, Page, QuestionSet
from index.language import detect_language
from index.schema import LANGUAGES

UNANSWERABLE = "none"
"""The kind of a question that the pages do not answer, and that the bot should refuse."""

RESERVED = ("all", *LANGUAGES)  # names of other slices


def read_documentation(file: Path, records: list[Any]) -> QuestionSet:
    """Return the questions of a list of `{id, question, language, kind, file, must, also}`.

    Raises:
        EvaluationError: a part is missing; the message names the question.
    """
    questions = tuple(_question(file, record, f"[{n}]") for n, record in enumerate(records))
    refuse_twins(file, questions)
    return QuestionSet(file.name, file, questions)


def _question(file: Path, record: object, where: str) -> KnownQuestion:
    text = " ".join(text_field(file, record, "question", where).split())
    kind = text_field(file, record, "kind", where).strip()
    if kind in RESERVED:
        raise EvaluationError(f"{file}: {where} has the kind {kind!r}, which is the name of other figures: rename it")
    pages = () if kind == UNANSWERABLE else _pages(file, record, where)
    declared = any_field(record, "language")
    name = str(any_field(record, "id") or where)
    return KnownQuestion(
        id=name,
        text=text,
        language=known_language(file, str(declared), where) if declared else detect_language(text).language,
        answerable=bool(pages),
        article=pages[0].file if pages else name,
        place=f"question {name}",
        language_known=bool(declared),
        kind=kind,
        pages=pages,
    )


def _pages(file: Path, record: object, where: str) -> tuple[Page, ...]:
    """Return the page of the question, then the others that answer it as well."""
    others = list_field(file, record, "also", where) if any_field(record, "also") else ()
    return (
        _page(file, record, where),
        *(_page(file, other, f"{where}.also[{n}]") for n, other in enumerate(others)),
    )


def _page(file: Path, record: object, where: str) -> Page:
    must = tuple(list_field(file, record, "must", where))
    if not must or not all(isinstance(piece, str) and piece.strip() for piece in must):
        raise EvaluationError(f"{file}: {where} needs one text or more under must: what a useful reply shows")
    return Page(text_field(file, record, "file", where), must)
