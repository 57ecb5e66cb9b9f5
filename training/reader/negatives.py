"""Hard negatives: for each question, a wrong passage that our own search puts high."""

import random
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from benchmarks.dev_sets import Asked, index_texts
from index.embedding import TextEmbeddings
from index.schema import Language
from training.reader.examples import Entry, Example

DEPTH = 10
"""Hits among which a wrong passage is drawn, the first ones more often."""


class Asking(NamedTuple):
    """A question, the language it is in, and how often it is paired with a wrong passage."""

    entry: Entry
    language: Language


def hard_negatives(
    questions: Sequence[Asking], passages: Iterable[str], embeddings: TextEmbeddings, seed: int
) -> list[Example]:
    """Return for each question one wrong passage, drawn from those that the search finds.

    A passage that holds a gold answer of the question is never a negative. One in five comes from the
    passages in the other language.
    """
    texts = {f"{i:05}.txt": text for i, text in enumerate(dict.fromkeys(passages))}
    searcher = index_texts(texts, embeddings)
    draw = random.Random(seed)
    negatives = []
    for entry, language in questions:
        asked = Asked(entry.id, entry.example.question, language, "", entry.article, entry.answers)
        hits = [
            hit
            for hit in searcher.search(asked.text, language, 5 * DEPTH)
            if texts[hit.chunk.document_id] != entry.example.passage and not asked.is_answered_by(hit.chunk.text)
        ]
        foreign = draw.random() < 0.2
        pool = [hit for hit in hits if not foreign or hit.chunk.language != language][:DEPTH] or hits[:DEPTH]
        if pool:
            place = min(int(draw.expovariate(0.5)), len(pool) - 1)
            negatives.append(Example(entry.example.question, pool[place].chunk.text))
    return negatives
