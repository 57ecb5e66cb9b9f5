"""Read question sets in SQuAD format into training examples, parted by article."""

import gzip
import json
import random
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from index.schema import Language

PARTS = 4
"""Of the articles, by number: a model that is measured on one part was trained on the three others."""

_TAG = re.compile(r"<[^>]+>")


@dataclass(frozen=True, slots=True)
class Example:
    """A question, a passage, and where each gold answer stands in it; no place when the passage does not answer."""

    question: str
    passage: str
    spans: tuple[tuple[int, int], ...] = ()  # passage[start:end]; an answer that two people gave is there twice
    wrong: tuple[str, ...] = ()  # passages that do not answer, which the answer must beat

    def under(self, title: str) -> "Example":
        """Return the example with the passage under a title, as a passage of an article is read."""
        shift = len(title) + 1
        return Example(self.question, f"{title}\n{self.passage}", tuple((s + shift, e + shift) for s, e in self.spans))


@dataclass(frozen=True, slots=True)
class Entry:
    """A question of a set, with its answers."""

    id: str
    example: Example
    answers: tuple[str, ...]  # every gold answer; empty when the paragraph does not answer
    title: str
    article: int  # number in its file


def read_squad(path: Path) -> list[Entry]:
    """Return the questions of a file in SQuAD format, plain or gzipped, in its order."""
    entries = []
    for number, article in enumerate(_load(path)["data"]):
        title = _readable(article.get("title", ""))
        for paragraph in article["paragraphs"]:
            for qa in paragraph["qas"]:
                answers = [] if qa.get("is_impossible") else qa["answers"]
                spans = tuple(_place(paragraph["context"], a["text"], a["answer_start"]) for a in answers)
                example = Example(qa["question"], paragraph["context"], spans)
                entries.append(Entry(qa["id"], example, tuple(a["text"] for a in answers), title, number))
    return entries


def read_examples(path: Path) -> list[Example]:
    """Return the examples of a file with one JSON list a line."""
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return [
        Example(question, passage, tuple((start, end) for start, end in spans), tuple(wrong))
        for question, passage, spans, *wrong in lines
    ]


def write_examples(examples: Iterable[Example], path: Path) -> None:
    """Write the file that `read_examples` reads."""
    lines = (json.dumps([e.question, e.passage, e.spans, *e.wrong]) for e in examples)
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


def without_part(entries: Iterable[Entry], part: int) -> list[Entry]:
    """Leave out the questions of one part of the articles."""
    return [e for e in entries if e.article % PARTS != part]


def capped(entries: Iterable[Entry], limit: int, seed: int) -> list[Entry]:
    """Return at most `limit` questions a passage, drawn at random, in the order of the file."""
    shuffled = list(entries)
    random.Random(seed).shuffle(shuffled)
    seen: dict[str, int] = {}
    kept = set()
    for entry in shuffled:
        seen[entry.example.passage] = seen.get(entry.example.passage, 0) + 1
        if seen[entry.example.passage] <= limit:
            kept.add(entry.id)
    return [e for e in entries if e.id in kept]


def without_titles(entries: Iterable[Entry], others: Sequence[Entry]) -> list[Entry]:
    """Leave out the articles that have the title of one of `others`: those are measured on."""
    measured = {e.title.casefold() for e in others}
    return [e for e in entries if e.title.casefold() not in measured]


def translated(entries: Iterable[Entry], translations: Iterable[dict[str, str]]) -> list[Entry]:
    """Return the questions of `entries` that have a translation, asked in the other language."""
    by_id = {e.id: e for e in entries}
    return [
        replace(
            by_id[t["id"]],
            id=f"{t['id']}-translated",
            example=replace(by_id[t["id"]].example, question=t["question_translated"]),
        )
        for t in translations
        if t["id"] in by_id
    ]


def other(language: Language) -> Language:
    """Return the other language."""
    return "en" if language == "fr" else "fr"


def _place(passage: str, text: str, said: int) -> tuple[int, int]:
    """Return where `text` stands, nearest to where the file says: one answer of PIAF is off by one."""
    places = [at for at in range(len(passage)) if passage.startswith(text, at)]
    start = min(places, key=lambda at: abs(at - said)) if places else said
    return start, start + len(text)


def _readable(title: str) -> str:
    """Return the title as an article bears it: those of some files are addresses, or carry tags."""
    return " ".join(_TAG.sub("", unquote(title)).replace("_", " ").split())


def _load(path: Path) -> dict[str, Any]:
    raw = path.read_bytes()
    record: dict[str, Any] = json.loads(gzip.decompress(raw) if path.suffix == ".gz" else raw)
    return record
