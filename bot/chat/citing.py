"""Find, for each marker of a reply, the sentence of its passage that the words before it rest on."""

import re
from collections.abc import Iterator, Sequence

from bot.answering.answer import Citation
from bot.answering.readers.quoting import cite
from bot.answering.readers.ranking import Candidate
from bot.chat.orders import part_orders
from bot.chat.prompts import MARKER
from bot.chat.reply import Marker, Reply
from index.schema import SearchHit
from index.text import stems

MIN_WORDS = 3
"""Between two markers, for these words to choose the sentence alone: « et Lévis » says too little."""


def cite_reply(reply: Reply, hits: Sequence[SearchHit]) -> tuple[str, tuple[Citation, ...]]:
    """Return the text of a reply with its markers numbered anew, from 1, and the sentence that each of them stands for.

    A marker of the model names a passage. Its sentence is the one that shares most with the words before the marker and
    is nearest to the question, and no order to a model. Markers of one sentence get one number.

    Args:
        reply: that passed the checks.
        hits: of the passages that it was read with, in the same order, each with a sentence that may be quoted.
    """
    citations: dict[tuple[str, int], Citation] = {}  # by chunk and place
    parts: list[str] = []
    last = 0
    for marker, claimed in _claimed(reply):
        found = cite(len(citations) + 1, _best_sentence(claimed, hits[marker.number - 1]))
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
        for marker in claim.markers:
            before = reply.text[last : marker.start]
            if len(re.findall(r"\w+", before)) >= MIN_WORDS:
                claimed = before
            elif not claimed or before.strip():
                claimed = reply.text[claim.start : claim.end]
            last = marker.end
            yield marker, claimed


def _best_sentence(claimed: str, hit: SearchHit) -> Candidate:
    chunk = hit.chunk
    said = part_orders(chunk.text).said  # what is no order to a model
    wanted = set(stems(MARKER.sub(" ", claimed), chunk.language))

    def support(position: int) -> float:
        sentence = chunk.sentences[position]
        text = chunk.text[sentence.start : sentence.end]
        shared = wanted & set(stems(text, chunk.language))
        return len(shared) / max(len(wanted), 1) + hit.sentence_dense[position] + 2 * (text in said)

    best = max(range(len(chunk.sentences)), key=support)
    return Candidate(support(best), hit, best)
