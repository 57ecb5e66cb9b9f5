"""An answer in plain words, and as JSON: the sentence that opens it, the quotes, the notes."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

from bot.answering.answer import Answer, Citation, Quoted
from bot.answering.shapes import is_row, join_quotes, read_blocks, rule_under
from bot.answering.understanding import MAX_QUESTION
from bot.answering.wording import own_words
from bot.messages import say
from index.blocks import Block
from index.schema import Language


@dataclass(frozen=True, slots=True)
class ShownQuote:
    """A quote as replies show it; several are one where they share a lead, such as rows of one table."""

    text: str  # Markdown, under its lead; every fence is closed
    marks: str  # "[1][2]"
    language: Language
    document: str  # by which quotes of one document are known
    sentence: Quoted | None  # when the quote is words on a line; None when it has a shape of its own
    translation: str = ""  # by a machine, in the language of the reply, in Markdown; "" where there is none

    @property
    def blocks(self) -> tuple[Block, ...]:
        """What it is made of."""
        return read_blocks(self.text)


def shown_quotes(answer: Answer) -> list[ShownQuote]:
    """Return the quotes of an answer in order, each as it is shown."""
    together: list[list[Citation]] = []
    for citation in answer.citations:
        if together and citation.lead and _lead_key(together[-1][-1]) == _lead_key(citation):
            together[-1].append(citation)
        else:
            together.append([citation])
    quotes = [_shown(citations) for citations in together]
    if not answer.translations:
        return quotes
    return [replace(quote, translation=own) for quote, own in zip(quotes, answer.translations, strict=True)]


def _lead_key(citation: Citation) -> tuple[str, str, str, str]:
    return citation.title, citation.source, citation.section, citation.lead


def _shown(citations: list[Citation]) -> ShownQuote:
    first = citations[0]
    text = _under_lead(first.lead, join_quotes(c.quote for c in citations))
    marks = "".join(f"[{c.marker}]" for c in citations)
    sentence = first.quoted if len(citations) == 1 and _is_sentence(text) else None
    return ShownQuote(text, marks, first.language, f"{first.title}\n{first.source}", sentence)


def _under_lead(lead: str, text: str) -> str:
    lead = lead.strip()
    if not lead:
        return text
    if is_row(lead) and is_row(text.split("\n", 1)[0]):
        return f"{lead}\n{rule_under(lead)}\n{text}"
    return f"{lead}\n\n{text}"


def _is_sentence(text: str) -> bool:
    """Whether a quote is words on a line, such as a sentence; one row that has no header is no table."""
    blocks = read_blocks(text)
    return len(blocks) == 1 and (blocks[0].kind == "paragraph" or (blocks[0].kind == "table" and "\n" not in text))


def plain_text(answer: Answer) -> str:
    """Return the whole reply: its words, each line of a quote after `> `, and the notes."""
    lines = [lead_text(answer)]
    for quote in shown_quotes(answer):
        lines += [f"> {line}".rstrip(" ") for line in _quote_lines(quote)]
        if quote.translation:
            lines += [f"{say('translated', answer.language)} {quote.translation}"]
    return "\n".join([*lines, *note_texts(answer)])


def _quote_lines(quote: ShownQuote) -> Iterable[str]:
    """Return the lines of a quote, its marker after the last; on a line of its own after code and tables."""
    if quote.sentence:
        return [f"{''.join(quote.sentence)} {quote.marks}"]
    lines = quote.text.split("\n")
    last = quote.blocks[-1].kind if quote.blocks else ""
    return [*lines, quote.marks] if last in ("code", "table") else [*lines[:-1], f"{lines[-1]} {quote.marks}"]


def lead_text(answer: Answer) -> str:
    """Return what opens the reply: why the bot abstains, what a chat model wrote, or where the quotes come from."""
    if answer.abstention:
        return own_words(answer)
    if answer.written:
        return answer.written
    first = answer.citations[0]
    return say("says_in_fr" if first.language == "fr" else "says_in_en", answer.language, title=first.title)


def note_texts(answer: Answer, more: Literal["more", "more_command"] = "more") -> list[str]:
    """Return what the asker should know beside the answer, a sentence each.

    Args:
        answer: what is shown.
        more: the message that says that the section is longer.
    """
    notes = [say(note, answer.language, limit=MAX_QUESTION) for note in answer.notes]
    return [*notes, say(more, answer.language)] if answer.more else notes


def record(answer: Answer) -> dict[str, object]:
    """Return the JSON shape that docs/cli.md documents."""
    return {
        "question": answer.question,
        "understood": answer.understood,
        "language": answer.language,
        "answer": plain_text(answer),
        "more": answer.more,
        "abstained": answer.abstained,
        "confidence": round(answer.confidence, 4),
        "reader": answer.reader,
        "checks": [{"check": f.check, "detail": f.detail} for f in answer.failures],
        "citations": [
            {
                "marker": c.marker,
                "title": c.title,
                "source": c.source,
                "section": c.section,
                "date": c.date,
                "lead": c.lead,
                "quote": c.quote,
                "language": c.language,
                "chunk_id": c.chunk_id,
                "start": c.start,
                "end": c.end,
                "score": round(c.score, 4),
                "span": c.span,
            }
            for c in answer.citations
        ],
        "translations": list(answer.translations),
        "generation": answer.generation,
        "timings_ms": {stage: round(ms, 2) for stage, ms in answer.timings_ms.items()},
    }
