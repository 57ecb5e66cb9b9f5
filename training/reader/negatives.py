"""Hard negatives: questions with a wrong passage that our own search ranks high, and questions that were altered."""

import random
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np

from benchmarks.dev_sets.indexing import index_texts
from benchmarks.dev_sets.sets import Asked
from index.bm25 import BM25Index
from index.model.embedding import TextEmbeddings
from index.schema import Language
from index.text import stems
from training.reader.examples import Entry, Example

DEPTH = 10
"""Hits among which a wrong passage is drawn, the first ones more often."""

_NAME = re.compile(r"(?<!^)(?<![.?!…] )\b[A-ZÀ-ÖØ-ÞŒ][\w-]+(?: [A-ZÀ-ÖØ-ÞŒ][\w-]+)*|\b\d+\b")
_VOWELS = frozenset("aeiouyhàâäéèêëîïôöùûüœæ")


class Asking(NamedTuple):
    """A question, and the language it is in."""

    entry: Entry
    language: Language


def hard_negatives(
    questions: Sequence[Asking], passages: Iterable[str], embeddings: TextEmbeddings, seed: int
) -> list[Example]:
    """Return for each question one wrong passage, drawn from those that the search finds.

    One in five comes from the passages in the other language.
    """
    found = wrong_passages(questions, passages, embeddings, 1, seed)
    return [Example(q.entry.example.question, wrong[0]) for q, wrong in zip(questions, found, strict=True) if wrong]


def wrong_passages(
    questions: Sequence[Asking], passages: Iterable[str], embeddings: TextEmbeddings, count: int, seed: int
) -> list[list[str]]:
    """Return for each question wrong passages, at most `count`, drawn from those that the search finds.

    A passage that holds a gold answer of the question is not wrong. For one question in five they come from the
    passages in the other language.
    """
    texts = {f"{i:05}.txt": text for i, text in enumerate(dict.fromkeys(passages))}
    searcher = index_texts(texts, embeddings)
    draw = random.Random(seed)
    negatives: list[list[str]] = []
    for entry, language in questions:
        asked = Asked(entry.id, entry.example.question, language, "", entry.article, entry.answers)
        hits = [
            hit
            for hit in searcher.search(asked.text, language, 5 * DEPTH)
            if texts[hit.chunk.document_id] != entry.example.passage and not asked.is_answered_by(hit.chunk.text)
        ]
        foreign = draw.random() < 0.2
        pool = [hit for hit in hits if not foreign or hit.chunk.language != language][:DEPTH] or hits[:DEPTH]
        drawn: list[str] = []
        while pool and len(drawn) < count:
            drawn.append(pool.pop(min(int(draw.expovariate(0.5)), len(pool) - 1)).chunk.text)
        negatives.append(drawn)
    return negatives


def look_alikes(entries: Sequence[Entry], language: Language, count: int, seed: int) -> list[Example]:
    """Return questions of a corpus, each with another of its passages that shares the words of the question.

    The passage is one of the three that BM25 puts first among those that hold no gold answer.

    Args:
        entries: of one corpus.
        language: whose stems are compared.
        count: of the questions that are drawn, at most.
        seed: of the draw.
    """
    draw = random.Random(seed)
    passages = list(dict.fromkeys(e.example.passage for e in entries))
    index = BM25Index.build([(passage, language) for passage in passages])
    answered = [e for e in entries if e.answers]
    found = []
    for entry in draw.sample(answered, min(count, len(answered))):
        scores = index.scores([{stem: 1.0} for stem in stems(entry.example.question, language)])
        first = [passages[row] for row in np.argsort(-scores, kind="stable")[: 3 + DEPTH] if scores[row] > 0]
        wrong = [p for p in first if p != entry.example.passage and not any(a in p for a in entry.answers)]
        if wrong:
            found.append(Example(entry.example.question, draw.choice(wrong[:3])))
    return found


def altered_questions(entries: Sequence[Entry], seed: int) -> list[Example]:
    """Return questions in which a name or a number was replaced, so that their passage does not answer them.

    The replacement comes from another passage, of the same article if possible, and is not in this one. A number is
    replaced by one with as many digits, a name by one that elides as it does. A question is left out when it shares no
    name with its passage.
    """
    by_article: dict[int, set[str]] = defaultdict(set)
    for entry in entries:
        by_article[entry.article].update(_NAME.findall(entry.example.passage))
    everywhere = sorted(set().union(*by_article.values()))
    draw = random.Random(seed)
    altered = []
    for entry in entries:
        question, passage = entry.example.question, entry.example.passage
        names = [m for m in _NAME.finditer(question) if m.group() in passage]
        if not names or not entry.answers:
            continue
        name = draw.choice(names)
        for pool in (sorted(by_article[entry.article]), everywhere):
            others = [n for n in pool if n not in passage and n not in question and _alike(n, name.group())]
            if others:
                asked = question[: name.start()] + draw.choice(others) + question[name.end() :]
                altered.append(Example(asked, passage))
                break
    return altered


def _alike(one: str, other: str) -> bool:
    if one.isdigit() or other.isdigit():
        return one.isdigit() and other.isdigit() and len(one) == len(other)
    return (one[0].lower() in _VOWELS) == (other[0].lower() in _VOWELS)
