"""Turn examples into batches of token ids of like lengths, with the tokens where the answers start and end.

An example is a row, and each of its wrong passages one more, in the same batch.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.answering.readers.span_model import QUESTION_TOKENS
from index.model.vocabulary import Vocabulary
from training.reader.examples import Example


@dataclass(frozen=True, slots=True)
class Encoded:
    """`<s> question </s> </s> passage </s>`; `start` and `end` are tokens, both 0 without an answer."""

    ids: list[int]
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Batch:
    """Arrays of int64: `ids` and `mask` of shape (n, t); `start`, `end` and `example` of shape (n,).

    Rows of one example have the same number in `example`, from 0 on; the first of them is that of its own passage.
    """

    ids: NDArray[np.int64]
    mask: NDArray[np.int64]
    start: NDArray[np.int64]
    end: NDArray[np.int64]
    example: NDArray[np.int64]


def encode_all(vocabulary: Vocabulary, example: Example, limit: int, draw: random.Random) -> list[Encoded]:
    """Return the tokens of an example with its own passage, then with each wrong one."""
    wrong = [Example(example.question, passage) for passage in example.wrong]
    return [encode(vocabulary, one, limit, draw) for one in (example, *wrong)]


def encode(vocabulary: Vocabulary, example: Example, limit: int, draw: random.Random) -> Encoded:
    """Return the tokens of an example with its own passage, at most `limit`, with one of its answers.

    A longer passage is cut to a window that holds the answer.
    """
    question = vocabulary.encode(example.question).ids[:QUESTION_TOKENS]
    passage = vocabulary.encode(example.passage)
    head = vocabulary.pair(question, [])[:-1]
    room = limit - len(head) - 1
    answers = example.spans or ((-1, -1),)
    start, end = answers[0] if len(answers) == 1 else draw.choice(answers)  # one: nothing to draw
    inside = [i for i, (left, right) in enumerate(passage.spans) if right > start and left < end]
    first, last = (inside[0], inside[-1]) if inside else (-1, -1)
    begin = 0
    if len(passage.ids) > room:
        low, high = 0, len(passage.ids) - room
        if first >= 0:
            low, high = max(low, min(last + 1 - room, first)), min(high, first)
        begin = draw.randint(min(low, high), max(low, high))
    ids = vocabulary.pair(question, passage.ids[begin : begin + room])
    if first < begin or last >= begin + room:
        return Encoded(ids, 0, 0)
    shift = len(head) - begin
    return Encoded(ids, first + shift, last + shift)


def batches(encoded: Sequence[Sequence[Encoded]], size: int, seed: int) -> list[Batch]:
    """Return batches in a random order, each of examples of like lengths.

    Args:
        encoded: the rows of each example, one or more.
        size: of a batch, in rows; an example with more makes one alone.
        seed: of the order.
    """
    draw = random.Random(seed)
    order = list(range(len(encoded)))
    draw.shuffle(order)
    order.sort(key=lambda at: max(len(row.ids) for row in encoded[at]) // 8)  # stable: lengths alike stay shuffled
    groups: list[list[Sequence[Encoded]]] = [[]]
    for at in order:
        if groups[-1] and sum(map(len, groups[-1])) + len(encoded[at]) > size:
            groups.append([])
        groups[-1].append(encoded[at])
    draw.shuffle(groups)
    return [_pad(group) for group in groups if group]


def _pad(group: Sequence[Sequence[Encoded]]) -> Batch:
    rows = [row for of_one in group for row in of_one]
    longest = max(len(e.ids) for e in rows)
    ids = np.ones((len(rows), longest), dtype=np.int64)  # 1 is padding
    mask = np.zeros_like(ids)
    for row, e in enumerate(rows):
        ids[row, : len(e.ids)] = e.ids
        mask[row, : len(e.ids)] = 1
    example = np.repeat(np.arange(len(group)), [len(of_one) for of_one in group])
    return Batch(ids, mask, np.array([e.start for e in rows]), np.array([e.end for e in rows]), example)
