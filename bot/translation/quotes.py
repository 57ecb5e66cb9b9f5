"""Translate the quotes of an answer, sentence by sentence, into the language of the reply.

    quote ─▶ blocks ─▶ sentences ─checked translator─▶ blocks without code and tables ─▶ Markdown, or nothing

A sentence that fails a check is […]; a quote none of whose sentences passes has no translation.
"""

import logging
import time
from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from bot.answering.answer import Answer
from bot.answering.plain import ShownQuote, shown_quotes
from bot.errors import TranslationError
from bot.translation.checked import CheckedTranslator, has_words
from bot.translation.models import Pair
from bot.translation.protected import unlinked
from index.blocks import Block
from index.sentences import split_sentences
from index.writing import write

log = logging.getLogger(__name__)

MAX_SENTENCES = 24
"""Of all the quotes of an answer, first ones first: at 0.3 s each, what an asker waits for."""

LEFT_OUT = "[…]"
_AS_THEY_ARE = ("code", "table")  # shown once, in the quote


class _Part(NamedTuple):
    """A block, and its sentences."""

    block: Block
    sentences: tuple[str, ...]


class QuoteTranslator:
    """Adds the translations to answers whose quotes are in another language than the reply."""

    def __init__(self, translator: CheckedTranslator) -> None:
        """Translate with `translator`."""
        self._translator = translator
        self._is_broken = False  # said once

    def __call__(self, answer: Answer) -> Answer:
        """Return an answer with the translations that may be shown; a model that fails costs no answer."""
        quotes = [] if answer.written or answer.abstained else shown_quotes(answer)
        wanted = [quote for quote in quotes if (quote.language, answer.language) in self._translator.pairs]
        if not wanted:
            return answer
        began = time.perf_counter()
        room = MAX_SENTENCES
        translations = []
        for quote in quotes:
            parts = _parts(quote, room) if quote in wanted else []
            room -= sum(len(part.sentences) for part in parts)
            translations.append(self._translated(parts, (quote.language, answer.language)))
        took = (time.perf_counter() - began) * 1000
        total = answer.timings_ms.get("total", 0.0) + took
        timings = {**answer.timings_ms, "translate": took, "total": total}
        return replace(answer, translations=tuple(translations) if any(translations) else (), timings_ms=timings)

    def _translated(self, parts: Sequence[_Part], pair: Pair) -> str:
        worded = [sentence for part in parts for sentence in part.sentences if has_words(sentence)]
        if not worded:
            return ""
        try:
            made = dict(zip(worded, self._translator.translate(worded, pair), strict=True))
        except TranslationError as error:
            if not self._is_broken:
                log.warning("%s: quotes are shown without a translation", error)
            self._is_broken = True
            return ""
        if not any(made[one] and made[one] != one for one in worded):
            return ""
        blocks = [replace(p.block, text=_joined([made.get(one, one) for one in p.sentences])) for p in parts]
        while blocks[-1].text == LEFT_OUT and len(blocks) > 1 and blocks[-2].text == LEFT_OUT:
            blocks.pop()
        return write(blocks)[0]


def _parts(quote: ShownQuote, room: int) -> list[_Part]:
    """Return the blocks of a quote that have words, with the sentences of each; those beyond the room are empty."""
    parts = []
    for block in quote.blocks:
        if block.kind in _AS_THEY_ARE or not block.text:
            continue
        line = " ".join(unlinked(block.text).split())
        sentences = tuple(line[start:end] for start, end in split_sentences(line))[: max(0, room)]
        room -= len(sentences)
        parts.append(_Part(block, sentences))
    return parts


def _joined(sentences: Sequence[str]) -> str:
    """Return the sentences one after the other, with one sign for those that are left out in a row."""
    kept: list[str] = []
    for sentence in sentences or ("",):
        if sentence or kept[-1:] != [LEFT_OUT]:
            kept.append(sentence or LEFT_OUT)
    return " ".join(kept)
