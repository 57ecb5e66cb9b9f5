"""Take fields out of a JSON record; a field that is missing or of the wrong type is a fault that names its place."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, TypeGuard

from bot.errors import EvaluationError
from bot.evaluation.questions import KnownQuestion
from index.schema import Language


def list_field(file: Path, record: object, field: str, where: str) -> Iterator[Any]:
    """Return the items of a list.

    Raises:
        EvaluationError: the field holds no list.
    """
    value = any_field(record, field)
    if not isinstance(value, list):
        raise EvaluationError(f"{file}: {where} has no list named {field}")
    return iter(value)


def text_field(file: Path, record: object, field: str, where: str) -> str:
    """Return a text that is not blank.

    Raises:
        EvaluationError: the field holds none.
    """
    value = any_field(record, field)
    if not isinstance(value, str) or not value.strip():
        raise EvaluationError(f"{file}: {where} has no text named {field}")
    return value


def any_field(record: object, field: str) -> Any:
    """Return what the field holds; None when there is no such field, or the record is no object."""
    return record.get(field) if _is_object(record) else None


def _is_object(record: object) -> TypeGuard[dict[str, Any]]:
    return isinstance(record, dict)


def known_language(file: Path, declared: str, place: str = "") -> Language:
    """Return the language that a file declares, "fr-CA" being French.

    Raises:
        EvaluationError: it is neither French nor English.
    """
    match declared.strip().lower()[:2]:
        case "fr":
            return "fr"
        case "en":
            return "en"
    raise EvaluationError(f"{file}{place and f', {place}'}: the language is {declared!r}: only fr and en are known")


def refuse_twins(file: Path, questions: Sequence[KnownQuestion]) -> None:
    """Check that no two questions have one id.

    Raises:
        EvaluationError: two have.
    """
    seen: set[str] = set()
    for question in questions:
        if question.id in seen:
            raise EvaluationError(f"{file}: two questions have the id {question.id}")
        seen.add(question.id)
