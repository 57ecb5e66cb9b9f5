"""The words of the articles, each as it is written most often: what a question is spelled like.

Words in code and addresses are known, and never proposed for another unless prose has them too. The counts of each
written form are kept, so that a build counts the texts that changed and no others.
"""

import re
from collections import Counter
from collections.abc import Iterable
from itertools import groupby
from pathlib import Path
from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from index.schema import Chunk
from index.text import fold, written_words
from index.wordlist import KEY_BYTES, WordList

FORM_BYTES = 48  # 32 letters of which every second one has an accent; longer forms are cut, as their keys are

_CODE = re.compile(r"`+[^`]*`+|(?:https?://|www\.)\S+|(?<!\S)[^\s@]+@\S+|(?<!\S)[~.]{0,2}/\S+")
_NAMES = ("keys", "starts", "forms", "counts")


class Vocabulary:
    """Forms in the order of their keys: key `k` has those from `starts[k]` to `starts[k + 1]`, most frequent first."""

    def __init__(
        self, keys: NDArray[np.bytes_], starts: NDArray[np.int32], forms: NDArray[np.bytes_], counts: NDArray[np.uint32]
    ) -> None:
        """Wrap arrays.

        Args:
            keys: sorted, shape (k,).
            starts: where the forms of each key start and the last ones end, shape (k + 1,).
            forms: in UTF-8, shape (f,).
            counts: how often each form stands in prose, and in code, shape (f, 2).

        Raises:
            ValueError: the arrays do not fit together.
        """
        if starts.shape != (len(keys) + 1,) or counts.shape != (len(forms), 2) or starts[-1] != len(forms):
            raise ValueError("the words do not fit their counts")
        self._keys, self._starts, self._forms, self._counts = keys, starts, forms, counts

    @classmethod
    def empty(cls) -> Self:
        """Return the vocabulary of nothing."""
        return cls._of(_Counted(Counter(), Counter()))

    @classmethod
    def build(cls, chunks: Iterable[Chunk]) -> Self:
        """Count the words of chunks."""
        return cls._of(_count(chunks))

    def updated(self, gone: Iterable[Chunk], new: Iterable[Chunk]) -> Self:
        """Return the vocabulary without some of the chunks that it was counted on, and with others.

        It is the same as if it were built from all that are left.
        """
        now, before, after = self._counted(), _count(gone), _count(new)
        for counter, less, more in zip(now, before, after, strict=True):
            counter.update(more)
            counter.subtract(less)
        return self._of(now)

    def words(self) -> WordList:
        """Return the keys with their frequency in prose; a word with a sign or a digit in it is never proposed."""
        in_prose = np.add.reduceat(self._counts[:, 0], self._starts[:-1]) if len(self._keys) else self._counts[:, 0]
        letters = np.array([key.isalpha() for key in self._keys.tolist()], np.bool_)
        total = max(int(in_prose.sum()), 1)
        frequencies = np.where(letters, in_prose / total, 0).astype(np.float32)

        def form(number: int) -> str:
            written: bytes = self._forms[self._starts[number]]
            return written.decode("utf-8", "ignore")

        return WordList(self._keys, frequencies, form)

    def save(self, folder: Path) -> None:
        """Write the arrays into `folder`, which exists."""
        for name, values in zip(_NAMES, (self._keys, self._starts, self._forms, self._counts), strict=True):
            np.save(folder / f"words.{name}.npy", values, allow_pickle=False)

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Open what `save` wrote, as memory maps.

        Raises:
            OSError, ValueError: a file is missing, is no array, or does not fit the others.
        """
        return cls(*(np.load(folder / f"words.{n}.npy", mmap_mode="r", allow_pickle=False) for n in _NAMES))

    def _counted(self) -> "_Counted":
        forms = [form.decode("utf-8", "ignore") for form in self._forms.tolist()]
        prose, code = self._counts.T.tolist()
        return _Counted(Counter(dict(zip(forms, prose, strict=True))), Counter(dict(zip(forms, code, strict=True))))

    @classmethod
    def _of(cls, counted: "_Counted") -> Self:
        rows = [
            (fold(form).encode()[:KEY_BYTES], -prose, form.encode(), code)
            for form in counted.prose | counted.code
            if (prose := counted.prose[form]) + (code := counted.code[form]) > 0
        ]
        rows.sort()
        sizes = {key: sum(1 for _ in group) for key, group in groupby(rows, lambda row: row[0])}
        return cls(
            np.array(list(sizes), f"S{KEY_BYTES}"),
            np.cumsum([0, *sizes.values()], dtype=np.int32),
            np.array([form for _, _, form, _ in rows], f"S{FORM_BYTES}"),
            np.array([(-minus, code) for _, minus, _, code in rows], np.uint32).reshape(-1, 2),
        )


class _Counted(NamedTuple):
    """How often each form stands in prose, and in code."""

    prose: Counter[str]
    code: Counter[str]


def _count(chunks: Iterable[Chunk]) -> _Counted:
    prose: list[str] = []
    code: list[str] = []
    for chunk in chunks:
        spans = [(block.start, block.end) for block in chunk.blocks if block.kind == "code"]
        for start, end in spans:
            code.append(chunk.text[start:end])
        cuts = [0, *(at for span in spans for at in span), len(chunk.text)]
        text = "\n".join(chunk.text[start:end] for start, end in zip(cuts[::2], cuts[1::2], strict=True))
        code += _CODE.findall(text)
        prose += [chunk.title, chunk.path, _CODE.sub(" ", text)]
    return _Counted(_forms(prose), _forms(code))


def _forms(texts: list[str]) -> Counter[str]:
    """Return how often each form stands in the texts; one that is too long is cut between two letters."""
    found = Counter(written_words("\n".join(texts)))
    short: Counter[str] = Counter()
    for form, count in found.items():
        if not form[0].isdigit() or not form.isnumeric():
            short[form.encode()[:FORM_BYTES].decode("utf-8", "ignore")] += count
    return short
