"""Read the files of questions that a command is given; a fault names the file and the line."""

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from bot.errors import EvaluationError
from bot.evaluation.documentation import read_documentation
from bot.evaluation.fields import known_language
from bot.evaluation.questions import KnownQuestion, QuestionSet
from bot.evaluation.squad import Translations, read_aligned_pairs, read_squad, read_translations, with_translations
from index.language import detect_language
from index.loaders.decoding import decode
from index.loaders.loaded import UnreadableError
from index.loaders.rows import Row, csv_rows, jsonl_rows

MAX_MB = 200
"""Megabytes of a file that are read; SQuAD 2.0's training set has 42, and JSON takes some ten times as much memory."""

_COLUMNS = "has no columns named question, and answer (or réponse) or source"


def load_questions(files: Sequence[Path]) -> list[QuestionSet]:
    """Return the sets of questions in the files, in their order; translations go to the file that they translate.

    Raises:
        EvaluationError: a file cannot be read, is not as it should be, or holds no question.
    """
    sets: list[QuestionSet] = []
    translations: list[Translations] = []
    for file in files:
        text = _read(file)
        match file.suffix.lower():
            case ".json":
                read = _json(file, text)
                if isinstance(read, Translations):
                    translations.append(read)
                else:
                    sets += read
            case ".csv":
                sets.append(_table(file, csv_rows(text, _has_columns, _COLUMNS)))
            case ".jsonl":
                sets.append(_table(file, jsonl_rows(text)))
            case suffix:
                raise EvaluationError(f"{file}: {suffix or 'no suffix'} is no set of questions: .json, .csv or .jsonl")
    if len({s.name for s in sets}) < len(sets):
        raise EvaluationError(
            "two of the files have the same name: rename one, so that their questions can be told apart"
        )
    for one in translations:
        sets = with_translations(sets, one)
    for s in sets:
        if not s.questions:
            raise EvaluationError(f"{s.file}: holds no question")
    return sets


def _has_columns(names: set[str]) -> bool:
    return "question" in names and bool({"answer", "source"} & names)


def _read(file: Path) -> str:
    try:
        if file.stat().st_size > MAX_MB * 1_000_000:
            raise EvaluationError(f"{file}: has more than {MAX_MB} MB: split it")
        return decode(file.read_bytes()).text
    except OSError as error:
        raise EvaluationError(f"{file}: cannot be read ({error.strerror})") from error
    except UnreadableError as error:
        raise EvaluationError(f"{file}: {error}") from error


def _json(file: Path, text: str) -> list[QuestionSet] | Translations:
    """Return the sets or the translations that the file holds, recognised by its shape."""
    try:
        record = json.loads(text)
    except json.JSONDecodeError as error:
        raise EvaluationError(f"{file}, line {error.lineno}: is not JSON ({error.msg})") from error
    except RecursionError as error:
        raise EvaluationError(f"{file}: is nested too deep to be a set of questions") from error
    match record:
        case {"data": _}:
            return [read_squad(file, record)]
        case [{"question_fr": _}, *_]:
            return read_aligned_pairs(file, record)
        case [{"question": _, "kind": _}, *_]:
            return [read_documentation(file, record)]
        case dict() if record and all(isinstance(part, list) for part in record.values()):
            return read_translations(file, record)
    raise EvaluationError(
        f'{file}: is neither SQuAD ({{"data": […]}}), nor translations by id, nor aligned pairs (question_fr, …), nor'
        " questions about documentation (question, kind, file, must)"
    )


def _table(file: Path, rows: Iterator[Row]) -> QuestionSet:
    """Return the questions of a table; a row with neither answer nor source should be refused."""
    try:
        questions = tuple(_question(file, line, row) for line, row in rows)
    except UnreadableError as error:
        raise EvaluationError(f"{file}, line 1: {error}") from error
    asked: dict[str, str] = {}
    for question in questions:
        if question.id in asked:
            raise EvaluationError(f"{file}, {question.place}: asks the same as {asked[question.id]}")
        asked[question.id] = question.place
    return QuestionSet(file.name, file, questions)


def _question(file: Path, line: int, row: Mapping[str, object] | str) -> KnownQuestion:
    place = f"line {line}"
    if isinstance(row, str):
        raise EvaluationError(f"{file}, {place}: {row}")
    text = " ".join(_one(file, place, row, "question").split())
    if not text:
        raise EvaluationError(f"{file}, {place}: has no question")
    listed = row.get("answer")
    answers = listed if isinstance(listed, list) else [_one(file, place, row, "answer")]
    if not all(isinstance(answer, str) for answer in answers):
        raise EvaluationError(f"{file}, {place}: an answer is text, or a list of texts")
    given = tuple(answer.strip() for answer in answers if answer.strip())
    source = _one(file, place, row, "source").strip()
    declared = _one(file, place, row, "language").strip()
    return KnownQuestion(
        id=text,
        text=text,
        language=known_language(file, declared, place) if declared else detect_language(text).language,
        answerable=bool(given or source),
        answers=given,
        source=source,
        article=source or (given[0] if given else place),
        place=place,
        language_known=bool(declared),
    )


def _one(file: Path, place: str, row: Mapping[str, object], field: str) -> str:
    value = row.get(field)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise EvaluationError(f"{file}, {place}: {field} is not text")
    return value
