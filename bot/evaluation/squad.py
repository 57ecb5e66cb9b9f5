"""Take questions out of JSON: SQuAD, translations of its questions, aligned pairs."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from bot.errors import EvaluationError
from bot.evaluation.fields import any_field, known_language, list_field, refuse_twins, text_field
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


def read_squad(file: Path, record: dict[str, Any]) -> QuestionSet:
    """Return the questions of a SQuAD file, and its paragraphs as passages.

    Raises:
        EvaluationError: a part is missing; the message names the place.
    """
    passages: dict[str, str] = {}
    asked: list[tuple[KnownQuestion, str | None]] = []
    for a, article in enumerate(list_field(file, record, "data", "the file")):
        where = f"data[{a}]"
        for p, paragraph in enumerate(list_field(file, article, "paragraphs", where)):
            here = f"{where}.paragraphs[{p}]"
            key = f"{len(passages):05}.txt"
            passages[key] = text_field(file, paragraph, "context", here)
            for q, qa in enumerate(list_field(file, paragraph, "qas", here)):
                asked.append(_squad_question(file, qa, f"{here}.qas[{q}]", key, str(a)))
    if not asked:
        raise EvaluationError(f"{file}: holds no question")
    spoken = majority([question.text for question, _ in asked])
    questions = []
    for question, declared in asked:
        questions.append(replace(question, language=spoken if declared is None else known_language(file, declared)))
    refuse_twins(file, questions)
    return QuestionSet(file.name, file, tuple(questions), passages, majority(list(passages.values())))


def _squad_question(file: Path, qa: object, where: str, passage: str, article: str) -> tuple[KnownQuestion, str | None]:
    """Return the question, and the language that it declares."""
    text = text_field(file, qa, "question", where)
    answers: tuple[str, ...] = ()
    if not any_field(qa, "is_impossible"):
        listed = list_field(file, qa, "answers", where)
        answers = tuple(text_field(file, answer, "text", f"{where}.answers[{n}]") for n, answer in enumerate(listed))
    declared = any_field(qa, "language")
    name = str(any_field(qa, "id") or where)
    question = KnownQuestion(
        name, text, "en", bool(answers), answers, passage=passage, article=article, place=f"question {name}"
    )
    return question, None if declared is None else str(declared)


def read_translations(file: Path, record: dict[str, Any]) -> Translations:
    """Return the translated questions of an object of lists of `{id, question_translated}`.

    Raises:
        EvaluationError: a part is missing; the message names the place.
    """
    for name, part in record.items():
        for n, one in enumerate(part):
            for field in ("id", "question_translated"):
                text_field(file, one, field, f"{name}[{n}]")
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
    refuse_twins(translations.file, added)
    return replace(questions, questions=(*questions.questions, *added))


def read_aligned_pairs(file: Path, pairs: list[Any]) -> list[QuestionSet]:
    """Return two sets, one with the passages of each language; both are asked in both languages.

    Raises:
        EvaluationError: a part is missing; the message names the place.
    """
    for n, pair in enumerate(pairs):
        for language in LANGUAGES:
            for field in ("question", "passage"):
                text_field(file, pair, f"{field}_{language}", f"[{n}]")
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
        refuse_twins(file, questions)
        passages = {f"{n:05}.txt": pair[f"passage_{spoken}"] for n, pair in enumerate(pairs)}
        sets.append(QuestionSet(f"{file.name} ({spoken})", file, questions, passages, spoken))
    return sets


def majority(texts: Sequence[str]) -> Language:
    """Return the language of most of the texts that have one; English if none has."""
    step = max(1, len(texts) // SAMPLE)
    detected = [detect_language(text) for text in texts[::step]]
    votes = [d.language for d in detected if d.certain]
    return "fr" if votes.count("fr") > len(votes) / 2 else "en"
