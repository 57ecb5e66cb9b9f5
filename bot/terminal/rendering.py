"""Turn an answer into what a terminal shows."""

from typing import TYPE_CHECKING, Literal

from bot.answering.answer import Answer
from bot.answering.cache import CacheStats
from bot.answering.citations import chunks_read
from bot.answering.nearest import nearest, nearest_place
from bot.answering.plain import ShownQuote, lead_text, note_texts, shown_quotes
from bot.answering.shapes import read_blocks
from bot.answering.sources import Source, sources_of
from bot.messages import say
from bot.terminal.blocks import draw_blocks, draw_line
from bot.terminal.style import PLAIN, Screen
from index.schema import Language, SearchHit
from index.text import visible

if TYPE_CHECKING:
    from bot.journal.gaps import Gap

INDENT = "  "
"""Before each line of a quote that has a shape of its own."""


def to_terminal(answer: Answer, screen: Screen = PLAIN) -> str:
    """Return how a follow-up was understood, the reply, and a line for each source with the markers of its quotes."""
    style = screen.style
    lines = []
    if answer.understood:
        understood = " ".join(visible(answer.understood).splitlines())
        lines.append(style.faint(say("understood", answer.language, question=understood)))
    if answer.written:
        lines += draw_blocks(read_blocks(visible(answer.written)), style, screen.width, answer.language)
    else:
        lines.append(visible(lead_text(answer)))
    shaped = False
    for quote in shown_quotes(answer):
        if shaped or not quote.sentence:
            lines.append("")
        shaped = not quote.sentence
        lines += _quote_lines(quote, screen)
        lines += _translation_lines(quote, answer.language, screen)
    if shaped:
        lines.append("")
    lines += note_texts(answer, "more_command" if screen.in_conversation else "more")
    if hits := nearest(answer):
        named = ", ".join(visible(nearest_place(hit)) for hit in hits)
        lines.append(style.faint(say("nearest", answer.language, titles=named)))
    lines += [style.faint(_source_line(source, answer.language, screen)) for source in sources_of(answer.citations)]
    return "\n".join(lines)


def section_text(answer: Answer, screen: Screen) -> str:
    """Return the whole section that the quotes are from, under the source of the first."""
    source = sources_of(answer.citations[:1])[0]
    blocks = read_blocks(visible(answer.more))
    lines = draw_blocks(blocks, screen.style, screen.width, source.language)
    return "\n".join([screen.style.faint(_source_line(source, answer.language, screen)), "", *lines])


def _quote_lines(quote: ShownQuote, screen: Screen) -> list[str]:
    """Return the lines of a quote; the words that answer are bold, all of it when no reader is sure of the words."""
    style = screen.style
    if quote.sentence:
        before, words, after = (draw_line(visible(part)) for part in quote.sentence)
        if "".join((before, words, after)) != (whole := draw_line(visible("".join(quote.sentence)))):
            before, words, after = whole, "", ""  # the words are a part of a link
        if words:
            return [f"> {before}{style.strong(words)}{after} {quote.marks}"]
        return [style.strong(f"> {before}{after} {quote.marks}")]
    blocks = read_blocks(visible(quote.text))
    lines = draw_blocks(blocks, style, screen.width - len(INDENT), quote.language)
    if not blocks or blocks[-1].kind in ("code", "table"):
        lines += ["", quote.marks]
    else:
        lines[-1] += f" {quote.marks}"
    return [f"{INDENT}{line}".rstrip() for line in lines]


def _translation_lines(quote: ShownQuote, language: Language, screen: Screen) -> list[str]:
    """Return the lines of a quote in the language of the reply, under words that say whose they are."""
    if not quote.translation:
        return []
    said = screen.style.faint(say("translated", language))
    lines = draw_blocks(read_blocks(visible(quote.translation)), screen.style, screen.width - len(INDENT), language)
    if quote.sentence:
        return [f"{INDENT}{said} {' '.join(lines)}"]
    return ["", f"{INDENT}{said}", *(f"{INDENT}{line}".rstrip() for line in lines)]


def _source_line(source: Source, language: Language, screen: Screen) -> str:
    origin = f" — {source.source}" if source.source != source.title else ""
    remarks = source.remarks(language, screen.old_before)
    return visible(f"{source.marks} {source.place}{origin}{remarks}")


def sources_text(answer: Answer, language: Language) -> str:
    """Return each citation of the answer with its whole passage, and the generation of the index."""
    if not answer.citations:
        return say("no_sources", language)
    chunks = chunks_read(answer.hits)
    lines = [say("sources", language)]
    for c in answer.citations:
        lines += [visible(f"[{c.marker}] {c.place} — {c.chunk_id}"), _indent(visible(chunks[c.chunk_id].text))]
    lines.append(say("generation", language, generation=answer.generation))
    return "\n".join(lines)


def why_text(answer: Answer, language: Language, stats: CacheStats) -> str:
    """Return the confidence, the threshold, the hits with their scores, the timings, and how often the cache had it."""
    verdict = say("why_abstained" if answer.abstained else "why_answered", language)
    lines = [
        say("why_confidence", language, confidence=answer.confidence, threshold=answer.threshold, verdict=verdict),
        *(_hit_line(hit, language) for hit in answer.hits),
        "  ".join(f"{stage} {ms:.1f} ms" for stage, ms in answer.timings_ms.items()),
        say("why_cache", language, known=stats.hits, asked=stats.asked, percent=round(100 * stats.hit_rate)),
    ]
    return "\n".join(lines)


def _hit_line(hit: SearchHit, language: Language) -> str:
    return say(
        "why_hit",
        language,
        rank=hit.rank,
        score=hit.score,
        dense=hit.dense,
        lexical=hit.lexical,
        words=", ".join(hit.matched) or "—",
        title=visible(hit.chunk.title),
    )


def gap_line(gap: "Gap") -> str:
    """Return how often a gap was asked about, its label, the languages, and the last day (UTC)."""
    label = " ".join(visible(gap.label).split("\n"))
    languages = ", ".join(f"{language} {count}" for language, count in gap.languages.items())
    return f"{gap.count:4} × {label} ({languages}; last on {gap.last_asked:%Y-%m-%d})"


SIGNS: dict[Literal["ok", "note", "failed"], tuple[str, str]] = {
    "ok": ("✓", "+"),
    "note": ("–", "-"),
    "failed": ("✗", "x"),
}


def check_line(check: str, state: Literal["ok", "note", "failed"], said: str, plain: bool = False) -> str:
    """Return one line of `babillard doctor`; `plain` for a terminal that has ASCII signs alone."""
    return f"{SIGNS[state][plain]} {state:6}  {check:8}  {visible(said)}"


def _indent(text: str) -> str:
    return "\n".join(f"    {line}" for line in text.split("\n"))
