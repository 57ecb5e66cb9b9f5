"""The edge to CTranslate2 and SentencePiece: sentences in, sentences out, within bounds of memory and time.

One direction is in memory at a time: a model of the size of OPUS-MT, whose weights are 76 MB at 8 bits, takes 144 MB
at the most with the libraries and what it computes; the other direction takes its place within 0.2 to 0.6 s.
"""

import re
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from bot.errors import TranslationError
from bot.translation.models import Model, Pair, find_models

if TYPE_CHECKING:
    from ctranslate2 import Translator
    from sentencepiece import SentencePieceProcessor

MAX_TOKENS = 128
"""Pieces of words in one sentence; a longer one, some 500 characters, is not translated. Also of what is translated
together: on a busy machine five short sentences take 0.12 s each, and 0.41 s one after the other."""

MAX_TOKENS_TOGETHER = 512
"""Likewise, of all the sentences of one answer: some twenty of them."""

MAX_SECONDS = 4
"""After which no more sentences of an answer are begun."""

_GROWTH, _ROOM = 1.5, 10  # how many times longer a translation may be, and tokens beside: what goes on has gone wrong
_END = "</s>"
_THREADS = 1
"""A machine of two cores answers several people at once; on one idle core a token takes 8 ms."""

_BEAM = 2
"""CTranslate2's own default; it takes a tenth more time than to keep one translation, 4 a fourth more."""

_PLAIN = str.maketrans(
    {"’": "'", "‘": "'", "ʼ": "'", "“": '"', "”": '"', "„": '"', "…": "...", "\u00a0": " ", "\u202f": " "}
)
_GUILLEMET = re.compile(r"« ?| ?»")


def plain(text: str) -> str:
    """Return a text as those were that OPUS-MT was trained on: after `normalize-punctuation.perl` of Moses."""
    return _GUILLEMET.sub('"', text.translate(_PLAIN))


class _Loaded(NamedTuple):
    translator: "Translator"
    source: "SentencePieceProcessor"
    target: "SentencePieceProcessor"
    ends: bool


class CTranslate2Engine:
    """The models of a folder; safe to use from several threads, which take turns."""

    def __init__(self, folder: Path) -> None:
        """Find the models; each is loaded when it is first needed.

        Raises:
            TranslationError: the folder holds none, or the packages of the extra `translate` are missing.
        """
        self._models = find_models(folder)
        check_installed()
        self._lock = threading.Lock()
        self._loaded: tuple[Pair, _Loaded] | None = None

    @property
    def pairs(self) -> frozenset[Pair]:
        """What can be translated into what."""
        return frozenset(self._models)

    def translate(self, sentences: Sequence[str], pair: Pair) -> list[str | None]:
        """Return a translation of each sentence; "" where it came to no end, None where there was no room for it.

        Args:
            sentences: on one line each.
            pair: one of `pairs`.

        Raises:
            TranslationError: the model is damaged, or cannot run here.
        """
        with self._lock:
            loaded = self._load(pair)
            try:
                return _translate(loaded, sentences)
            except (RuntimeError, ValueError) as error:
                raise TranslationError(f"the translator failed ({error}): {_remedy(self._models[pair])}") from error

    def _load(self, pair: Pair) -> _Loaded:
        if self._loaded is None or self._loaded[0] != pair:
            self._loaded = None  # its memory first
            self._loaded = pair, _open(self._models[pair])
        return self._loaded[1]


def check_installed() -> None:
    """Make sure that the packages of the extra `translate` are there.

    Raises:
        TranslationError: they are not.
    """
    try:
        import ctranslate2  # noqa: F401
        import sentencepiece  # noqa: F401
    except ImportError as error:
        raise TranslationError(
            f"the translator needs the package {error.name}: install the extra with `.venv/bin/pip install -c "
            "constraints.txt -e '.[translate]'`, or `pip install 'babillard[translate]'`"
        ) from error


def _open(model: Model) -> _Loaded:
    from ctranslate2 import Translator
    from sentencepiece import SentencePieceProcessor

    try:
        return _Loaded(
            Translator(str(model.folder), "cpu", compute_type="int8", inter_threads=1, intra_threads=_THREADS),
            SentencePieceProcessor(model_file=str(model.source)),
            SentencePieceProcessor(model_file=str(model.target)),
            model.ends,
        )
    except (RuntimeError, ValueError, OSError) as error:
        raise TranslationError(f"{model.folder} cannot be loaded ({error}): {_remedy(model)}") from error


def _remedy(model: Model) -> str:
    return f"delete {model.folder} and run `babillard translator get`, or empty TRANSLATOR to do without"


def _translate(loaded: _Loaded, sentences: Sequence[str]) -> list[str | None]:
    found: list[str | None] = [None] * len(sentences)
    pieces: dict[int, list[str]] = {}
    room = MAX_TOKENS_TOGETHER
    for number, sentence in enumerate(sentences):
        own = loaded.source.encode(plain(sentence), out_type=str)
        if own and len(own) <= min(room, MAX_TOKENS):
            pieces[number] = own
            room -= len(own)
        elif not own or len(own) > MAX_TOKENS:
            found[number] = ""
    began = time.monotonic()
    for numbers in _batches(pieces):
        if time.monotonic() - began > MAX_SECONDS:
            break
        made = _translate_batch(loaded, [pieces[number] for number in numbers])
        for number, translated in zip(numbers, made, strict=True):
            found[number] = translated
    return found


def _batches(pieces: Mapping[int, Sequence[str]]) -> Iterator[list[int]]:
    """Yield the numbers of the sentences that are translated together, in order."""
    batch: list[int] = []
    widest = 0
    for number, own in pieces.items():
        widest = max(widest, len(own))
        if batch and widest * (len(batch) + 1) > MAX_TOKENS:
            yield batch
            batch, widest = [], len(own)
        batch.append(number)
    if batch:
        yield batch


def _translate_batch(loaded: _Loaded, pieces: Sequence[Sequence[str]]) -> list[str]:
    results = loaded.translator.translate_batch(
        [[*own, _END] if loaded.ends else list(own) for own in pieces],
        beam_size=_BEAM,
        disable_unk=True,
        max_input_length=0,  # it would be cut, and the rest left out
        max_decoding_length=int(_GROWTH * max(map(len, pieces))) + _ROOM,
        return_end_token=True,
    )
    ended = [result.hypotheses[0] for result in results]
    return [loaded.target.decode(found[:-1]).strip() if found[-1:] == [_END] else "" for found in ended]
