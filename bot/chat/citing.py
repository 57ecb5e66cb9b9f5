"""Find, for each marker of a reply, the sentence of its passage that the words before it rest on."""

import re
from collections.abc import Iterator, Sequence

from bot.answering.answer import Citation
from bot.answering.readers.quoting import citation, cite, code_at
from bot.answering.readers.ranking import Candidate
from bot.chat.orders import part_orders
from bot.chat.passages import Passage, positions
from bot.chat.prompts import MARKER
from bot.chat.reply import Marker, Reply
from index.schema import Span
from index.text import stems

MIN_WORDS = 3
"""Between two markers, for these words to choose the sentence alone: « et Lévis » says too little."""


def cite_reply(reply: Reply, passages: Sequence[Passage]) -> tuple[str, tuple[Citation, ...]]:
    """Return the text of a reply with its markers numbered anew, from 1, and what each of them stands for.

    A marker of the model names a passage. Its sentence, or its code, is the one that shares most with the words before
    the marker and is nearest to the question, and no order to a model. Markers of one sentence get one number.

    Args:
        reply: that passed the checks.
        passages: that it was read with, in the same order.
    """
    citations: dict[tuple[str, int], Citation] = {}  # by chunk and place
    parts: list[str] = []
    last = 0
    for marker, claimed in _claimed(reply):
        found = _quote(len(citations) + 1, _best_sentence(claimed, passages[marker.number - 1]))
        kept = citations.setdefault((found.chunk_id, found.start), found)
        parts.append(reply.text[last : marker.start])
        last = marker.end
        shown = f"[{kept.marker}]"
        if not "".join(parts[-2:]).endswith(shown):  # [1][1]
            parts.append(shown)
    return "".join([*parts, reply.text[last:]]), tuple(citations.values())


def _claimed(reply: Reply) -> Iterator[tuple[Marker, str]]:
    """Yield each marker with the words it stands for: back to the marker before, or its sentence if those are few."""
    claimed, last = "", 0
    for claim in reply.claims:
        if not re.search(r"\w", reply.prose[last : claim.start]):
            last = max(last, claim.start)  # the code between belongs to the marker before
        for marker in claim.markers:
            before = reply.text[last : marker.start]
            if len(re.findall(r"\w+", before)) >= MIN_WORDS:
                claimed = before
            elif not claimed or before.strip():
                claimed = reply.text[claim.start : claim.end]
            last = marker.end
            yield marker, claimed


def _quote(marker: int, candidate: Candidate) -> Citation:
    """Quote a sentence; for lines of code their whole block, since lines are shown as lines in a fence alone."""
    chunk = candidate.hit.chunk
    if (block := code_at(chunk, candidate.span[0])) is None:
        return cite(marker, candidate)
    section = chunk.sentences[candidate.position].section
    return citation(marker, chunk, Span(block.start, block.end), candidate.dense, section, "")


def _best_sentence(claimed: str, passage: Passage) -> Candidate:
    said = part_orders(passage.text).said  # what is no order to a model
    wanted = set(stems(MARKER.sub(" ", claimed), passage.language))

    def support(candidate: Candidate) -> float:
        shared = wanted & set(stems(candidate.text, passage.language))
        return len(shared) / max(len(wanted), 1) + candidate.dense + 2 * (candidate.text in said)

    sentences = (Candidate(0.0, part.hit, position) for part in passage.parts for position in positions(part))
    return max(sentences, key=support)
