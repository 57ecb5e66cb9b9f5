"""Read JSON sets of questions: SQuAD, translations of its questions, aligned pairs."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeGuard

from bot.errors import EvaluationError
from bot.evaluation.questions import KnownQuestion, QuestionSet
from index.language import detect_language
from index.schema import LANGUAGES, Language

SAMPLE = 50
"""Texts whose majority decides the language of a file; a single one may be a name or a formula."""


@dataclass(frozen=True, slots=True)
class Translations:
    """Questions of SQuAD files in the other language."""

    file: Path
    by_set: dict[str, list[dict[str, Any]]]  # name of the SQuAD file, without its suffix -> records


def read_json(file: Path, text: str) -> list[QuestionSet] | Translations:
    """Return the sets or the translations that the file holds, recognised by its shape.

    Raises:
        EvaluationError: it is not JSON, has none of the shapes, or a part is missing; the message names the place.
    """
    try:
        record = json.loads(text)
    except json.JSONDecodeError as error:
        raise EvaluationError(f"{file}, line {error.lineno}: is not JSON ({error.msg})") from error
    except RecursionError as error:
        raise EvaluationError(f"{file}: is nested too deep to be a set of questions") from error
    if isinstance(record, dict) and "data" in record:
        return [_squad(file, record)]
    if isinstance(record, list) and record and isinstance(record[0], dict) and "question_fr" in record[0]:
        return _aligned_pairs(file, record)
    if isinstance(record, dict) and record and all(isinstance(part, list) for part in record.values()):
        return _translations(file, record)
    raise EvaluationError(
        f'{file}: is neither SQuAD ({{"data": […]}}), nor translations by id, nor aligned pairs (question_fr, …)'
    )


def _squad(file: Path, record: dict[str, Any]) -> QuestionSet:
    passages: dict[str, str] = {}
    asked: list[tuple[KnownQuestion, str | None]] = []
    for a, article in enumerate(_list(file, record, "data", "the file")):
        where = f"data[{a}]"
        for p, paragraph in enumerate(_list(file, article, "paragraphs", where)):
            here = f"{where}.paragraphs[{p}]"
            key = f"{len(passages):05}.txt"
            passages[key] = _text(file, paragraph, "context", here)
            for q, qa in enumerate(_list(file, paragraph, "qas", here)):
                asked.append(_squad_question(file, qa, f"{here}.qas[{q}]", key, str(a)))
    if not asked:
        raise EvaluationError(f"{file}: holds no question")
    spoken = majority([question.text for question, _ in asked])
    questions = []
    for question, declared in asked:
        questions.append(replace(question, language=spoken if declared is None else known_language(file, declared)))
    _refuse_twins(file, questions)
    return QuestionSet(file.name, file, tuple(questions), passages, majority(list(passages.values())))


def _squad_question(file: Path, qa: object, where: str, passage: str, article: str) -> tuple[KnownQuestion, str | None]:
    """Return the question, and the language that it declares."""
    text = _text(file, qa, "question", where)
    answers: tuple[str, ...] = ()
    if not _field(qa, "is_impossible"):
        listed = _list(file, qa, "answers", where)
        answers = tuple(_text(file, answer, "text", f"{where}.answers[{n}]") for n, answer in enumerate(listed))
    declared = _field(qa, "language")
    name = str(_field(qa, "id") or where)
    question = KnownQuestion(
        name, text, "en", bool(answers), answers, passage=passage, article=article, place=f"question {name}"
    )
    return question, None if declared is None else str(declared)


def _translations(file: Path, record: dict[str, Any]) -> Translations:
    for name, part in record.items():
        for n, one in enumerate(part):
            for field in ("id", "question_translated"):
                _text(file, one, field, f"{name}[{n}]")
    return Translations(file, record)


def with_translations(sets: Sequence[QuestionSet], translations: Translations) -> list[QuestionSet]:
    """Return the sets, with the translated questions after those of the SQuAD file that they name.

    Raises:
        EvaluationError: none of the files is there, or one of its ids is unknown.
    """
    named = {s.file.stem for s in sets}
    if not named & translations.by_set.keys():
        wanted = ", ".join(f"{name}.json" for name in translations.by_set)
        raise EvaluationError(f"{translations.file}: translates questions of {wanted}: give that file too")
    return [_translated(s, translations) if s.file.stem in translations.by_set else s for s in sets]


def _translated(questions: QuestionSet, translations: Translations) -> QuestionSet:
    by_id = {q.id: q for q in questions.questions}
    added = []
    for n, record in enumerate(translations.by_set[questions.file.stem]):
        place = f"{questions.file.stem}[{n}]"
        original = by_id.get(record["id"])
        if original is None:
            raise EvaluationError(f"{translations.file}, {place}: {questions.file} has no question {record['id']}")
        other: Language = "en" if original.language == "fr" else "fr"
        language = known_language(translations.file, str(record.get("target_language", other)))
        added.append(
            replace(original, id=f"{original.id}@{language}", text=record["question_translated"], language=language)
        )
    _refuse_twins(translations.file, added)
    return replace(questions, questions=(*questions.questions, *added))


def _aligned_pairs(file: Path, pairs: list[Any]) -> list[QuestionSet]:
    """Return two sets, one with the passages of each language; both are asked in both languages."""
    for n, pair in enumerate(pairs):
        for language in LANGUAGES:
            for field in ("question", "passage"):
                _text(file, pair, f"{field}_{language}", f"[{n}]")
    sets = []
    for spoken in LANGUAGES:
        questions = tuple(
            KnownQuestion(
                id=f"{pair.get('id', n)}@{language}",
                text=pair[f"question_{language}"],
                language=language,
                answerable=True,
                passage=f"{n:05}.txt",
                article=str(n),
                place=f"[{n}]",
            )
            for n, pair in enumerate(pairs)
            for language in LANGUAGES
            if pair["question_fr"] != pair["question_en"]  # a name that is the same in both has no language
        )
        _refuse_twins(file, questions)
        passages = {f"{n:05}.txt": pair[f"passage_{spoken}"] for n, pair in enumerate(pairs)}
        sets.append(QuestionSet(f"{file.name} ({spoken})", file, questions, passages, spoken))
    return sets


def majority(texts: Sequence[str]) -> Language:
    """Return the language of most of the texts that have one; English if none has."""
    step = max(1, len(texts) // SAMPLE)
    detected = [detect_language(text) for text in texts[::step]]
    votes = [d.language for d in detected if d.certain]
    return "fr" if votes.count("fr") > len(votes) / 2 else "en"


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


def _refuse_twins(file: Path, questions: Sequence[KnownQuestion]) -> None:
    seen: set[str] = set()
    for question in questions:
        if question.id in seen:
            raise EvaluationError(f"{file}: two questions have the id {question.id}")
        seen.add(question.id)


def _list(file: Path, record: object, field: str, where: str) -> Iterator[Any]:
    value = _field(record, field)
    if not isinstance(value, list):
        raise EvaluationError(f"{file}: {where} has no list named {field}")
    return iter(value)


def _text(file: Path, record: object, field: str, where: str) -> str:
    value = _field(record, field)
    if not isinstance(value, str) or not value.strip():
        raise EvaluationError(f"{file}: {where} has no text named {field}")
    return value


def _field(record: object, field: str) -> Any:
    return record.get(field) if _is_object(record) else None


def _is_object(record: object) -> TypeGuard[dict[str, Any]]:
    return isinstance(record, dict)
