"""Read what a chat model wrote: clean it, tell an abstention, and find the sentence that each marker rests on."""

import re
from collections.abc import Iterator, Sequence

from bot.answering.answer import Citation
from bot.answering.readers.quoting import cite
from bot.answering.readers.ranking import Candidate
from bot.chat.checks.orders import part_orders
from bot.chat.prompts import ABSTAIN, MARKER
from index.schema import SearchHit
from index.sentences import split_sentences
from index.text import INVISIBLE, fold, stems

_THOUGHT = re.compile(r"<think(?:ing)?>.*?(?:</think(?:ing)?>|\Z)", re.DOTALL | re.IGNORECASE)
"""What some models on one's own machine write before the reply; their servers may pass it on."""

_UNSEEN = re.compile(rf"{INVISIBLE.pattern}|[\r\u2028\u2029\ufe0f]")  # and other line ends, and the colour of emoji
_LIST = re.compile(r"\[(\d+(?:\s*[,;]\s*\d+)+)\]")
_LINE_START = re.compile(r"^[ \t]*(?:>[ \t]*)+", re.MULTILINE)  # a line that opens so is a quotation of ours
_BLANK_LINES = re.compile(r"\s*\n\s*")
_LINK = re.compile(
    r"\b[a-z][a-z0-9+.-]*:/+(?:[^\s/@]*@)?(?:www\.)?(?P<host>[^\s/?#()<>\[\]\"'»”’]*)[^\s()<>\[\]»”]*"
    r"|\b(?:mailto:|www\.)(?P<rest>[^\s/?#()<>\[\]]*)[^\s()<>\[\]»”]*"
    r"|\b(?P<bare>(?:[a-z0-9-]+\.)+[a-z]{2,})/[^\s()<>\[\]»”]*",
    re.IGNORECASE,
)


def clean(text: str) -> str:
    """Return the reply alone, each paragraph on its line, without what cannot be seen; one marker a passage: [1][2]."""
    shown = _UNSEEN.sub("", _THOUGHT.sub("", text)).strip()
    shown = _LIST.sub(lambda listed: "".join(f"[{n}]" for n in re.findall(r"\d+", listed[1])), shown)
    return _BLANK_LINES.sub("\n", _LINE_START.sub("", shown))


def without_links(text: str) -> str:
    """Return `text` with the name of a site for each link, so that nothing in it can be clicked.

    A terminal and Discord make links of what looks like one. Where the reply rests on a link, the quote shows it.
    """
    return _LINK.sub(lambda link: link["host"] or link["rest"] or link["bare"] or "", text)


def abstains(text: str) -> bool:
    """Whether the reply says that the passages do not answer, in either language, whatever else it says."""
    said = " ".join(re.findall(r"\w+", fold(text)))
    return any(" ".join(re.findall(r"\w+", fold(phrase))) in said for phrase in ABSTAIN.values())


def cite_reply(text: str, hits: Sequence[SearchHit]) -> tuple[str, tuple[Citation, ...]]:
    """Return the reply with a marker for each sentence that it rests on, numbered from 1, and these sentences.

    A marker of the model names a passage; the sentence is the one of the passage that shares most with the words
    before the marker and is nearest to the question, and no order to a model. Markers that name no passage are dropped.

    Args:
        text: with markers, `[n]` for `hits[n - 1]`.
        hits: in the order of the prompt.
    """
    citations: dict[tuple[str, int], Citation] = {}  # by chunk and place
    parts: list[str] = []
    last = 0
    for marker, claim in _claims(text):
        parts.append(text[last : marker.start()])
        last = marker.end()
        number = int(marker[1])
        if not 1 <= number <= len(hits) or not hits[number - 1].chunk.sentences:
            continue
        found = cite(len(citations) + 1, _best_sentence(claim, hits[number - 1]))
        kept = citations.setdefault((found.chunk_id, found.start), found)
        shown = f"[{kept.marker}]"
        if not (parts and "".join(parts[-2:]).endswith(shown)):  # [1][1]
            parts.append(shown)
    return "".join([*parts, text[last:]]), tuple(citations.values())


def _claims(text: str) -> Iterator[tuple[re.Match[str], str]]:
    """Yield each marker with the words it stands for: back to the marker before, or its sentence if those are few."""
    start = 0
    spans = split_sentences(text)
    claim = ""
    for marker in MARKER.finditer(text):
        before = text[start : marker.start()]
        if len(re.findall(r"\w+", before)) >= 3:
            claim = before
        elif not claim or before.strip():
            claim = next((text[a:b] for a, b in spans if a <= marker.start() < b), before)
        start = marker.end()
        yield marker, claim


def _best_sentence(claim: str, hit: SearchHit) -> Candidate:
    chunk = hit.chunk
    said = part_orders(chunk.text).said  # what is no order to a model
    wanted = set(stems(MARKER.sub(" ", claim), chunk.language))

    def support(position: int) -> float:
        sentence = chunk.sentences[position]
        text = chunk.text[sentence.start : sentence.end]
        shared = wanted & set(stems(text, chunk.language))
        return len(shared) / max(len(wanted), 1) + hit.sentence_dense[position] + 2 * (text in said)

    best = max(range(len(chunk.sentences)), key=support)
    return Candidate(support(best), hit, best)
