"""Turn an answer into what a terminal shows."""

from typing import Literal, NamedTuple

from bot.answering.answer import Answer, Citation
from bot.answering.cache import CacheStats
from bot.answering.nearest import nearest, nearest_place
from bot.answering.plain import lead_text, note_texts
from bot.journal.gaps import Gap
from bot.messages import say
from index.schema import Language, SearchHit
from index.text import visible

BOLD, DIM, RESET = "\x1b[1m", "\x1b[2m", "\x1b[0m"


def to_terminal(answer: Answer, color: bool = False) -> str:
    """Return how a follow-up was understood, the reply, and a line for each source with the markers of its quotes."""
    style = Style(BOLD, DIM, RESET) if color else Style("", "", "")
    lines = []
    if answer.understood:
        understood = " ".join(visible(answer.understood).splitlines())
        lines.append(style.faint(say("understood", answer.language, question=understood)))
    lines.append(visible(lead_text(answer)))
    lines += [_quote_line(citation, style) for citation in answer.citations]
    lines += note_texts(answer)
    if hits := nearest(answer):
        named = ", ".join(visible(nearest_place(hit)) for hit in hits)
        lines.append(style.faint(say("nearest", answer.language, titles=named)))
    sources: dict[str, str] = {}
    for c in answer.citations:
        sources[_source_line(c, answer.language)] = sources.get(_source_line(c, answer.language), "") + f"[{c.marker}]"
    return "\n".join([*lines, *(style.faint(f"{markers} {line}") for line, markers in sources.items())])


class Style(NamedTuple):
    """The escape sequences of a terminal; all are empty where it shows no colours."""

    bold: str
    dim: str
    reset: str

    def strong(self, text: str) -> str:
        """Return `text` in bold."""
        return f"{self.bold}{text}{self.reset}" if text else ""

    def faint(self, text: str) -> str:
        """Return `text` dimmed."""
        return f"{self.dim}{text}{self.reset}"


def _quote_line(citation: Citation, style: Style) -> str:
    """Return a quote with the words that answer in bold; all of it in bold when no reader is sure of the words."""
    before, words, after = map(visible, citation.quoted)
    marker = f" [{citation.marker}]"
    if words:
        return f"> {before}{style.strong(words)}{after}{marker}"
    return style.strong(f"> {before}{after}{marker}")


def _source_line(citation: Citation, language: Language) -> str:
    origin = f" — {citation.source}" if citation.source != citation.title else ""
    quoted_in = say("in_fr" if citation.language == "fr" else "in_en", language)
    return visible(citation.place + origin) + (f" ({quoted_in})" if citation.language != language else "")


def sources_text(answer: Answer, language: Language) -> str:
    """Return each citation of the answer with its whole passage, and the generation of the index."""
    if not answer.citations:
        return say("no_sources", language)
    passages = {hit.chunk.id: hit.chunk.text for hit in answer.hits}
    lines = [say("sources", language)]
    for c in answer.citations:
        lines += [visible(f"[{c.marker}] {c.place} — {c.chunk_id}"), _indent(visible(passages[c.chunk_id]))]
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


def gap_line(gap: Gap) -> str:
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
