"""Lay out the tokens of a passage so that its sentences can be embedded with it: title and headings once, then pieces.

A piece is a sentence, or what stands between two of them. Each has the positions that it would have alone under the
title and the headings.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.model.packed import MAX_TOKENS
from index.model.vocabulary import Vocabulary
from index.schema import Passage, Span


class Layout(NamedTuple):
    """The tokens of a passage, at most 512, and which of them hear which."""

    ids: NDArray[np.int64]  # (t,)
    positions: NDArray[np.int64]  # (t,)
    hears: NDArray[np.bool_]  # (t, t): a piece hears itself and what it is under
    whole: NDArray[np.bool_]  # (t,): the tokens of the passage as one text
    ends: list[int | None]  # for each sentence its last token, None for one that is not all here


def pieces_of(passage: Passage) -> list[tuple[Span, bool]]:
    """Return the pieces in order, each with whether it is a sentence."""
    return list(_pieces(passage))


def _pieces(passage: Passage) -> Iterator[tuple[Span, bool]]:
    at = passage.top
    for sentence in passage.sentences:
        if passage.text[at : sentence.start].strip():
            yield Span(at, sentence.start), False
        yield sentence, True
        at = max(at, sentence.end)
    if passage.text[at:].strip():
        yield Span(at, len(passage.text)), False


def lay_out(passage: Passage, vocabulary: Vocabulary) -> Layout:
    """Return the layout of a passage of several pieces."""
    top = vocabulary.encode(passage.text[: passage.top])
    starts = [-1, *(start for start, _ in top.spans)][: MAX_TOKENS // 2]  # the token that opens any text comes first
    ids = [vocabulary.bos, *top.ids][: MAX_TOKENS // 2]
    positions, owners, heard = list(range(len(ids))), [-1] * len(ids), [len(ids)] * len(ids)
    ends: list[int | None] = []
    for number, (piece, is_sentence) in enumerate(pieces_of(passage)):
        words = vocabulary.encode(passage.text[piece.start : piece.end]).ids
        fitting = words[: max(MAX_TOKENS - 1 - len(ids), 0)]
        if fitting:
            under = sum(start < piece.start for start in starts)
            count = len(fitting) + 1  # with the token that closes any text
            ids += [*fitting, vocabulary.eos]
            positions += range(under, under + count)
            owners += [number] * count
            heard += [under] * count
        if is_sentence:
            ends.append(len(ids) - 1 if fitting and len(fitting) == len(words) else None)
    rows, owner = np.arange(len(ids)), np.array(owners)
    hears = (owner[:, None] == owner) | (rows < np.array(heard)[:, None])
    opening = rows < heard[len(starts)] if len(ids) > len(starts) else owner < 0
    whole = opening | (owner >= 0) & (np.array(ids) != vocabulary.eos)
    whole[-1] = True
    return Layout(np.array(ids), np.array(positions), hears, whole, ends)
