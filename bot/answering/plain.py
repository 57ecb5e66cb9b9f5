"""An answer in plain words, and as JSON: the sentence that opens it, the quotes, the notes."""

from bot.answering.answer import Answer, Citation
from bot.answering.understanding import MAX_QUESTION
from bot.answering.wording import own_words
from bot.messages import say


def plain_text(answer: Answer) -> str:
    """Return the whole reply without any markup but `> ` before a quote, one line for each part."""
    return "\n".join([lead_text(answer), *(f"> {quote_text(c)}" for c in answer.citations), *note_texts(answer)])


def lead_text(answer: Answer) -> str:
    """Return what opens the reply: why the bot abstains, what a chat model wrote, or where the quotes come from."""
    if answer.abstention:
        return own_words(answer)
    if answer.written:
        return answer.written
    first = answer.citations[0]
    return say("says_in_fr" if first.language == "fr" else "says_in_en", answer.language, title=first.title)


def quote_text(citation: Citation) -> str:
    """Return a quote on one line, with its marker."""
    return f"{''.join(citation.quoted)} [{citation.marker}]"


def note_texts(answer: Answer) -> list[str]:
    """Return what the asker should know beside the answer, a sentence each."""
    return [say(note, answer.language, limit=MAX_QUESTION) for note in answer.notes]


def record(answer: Answer) -> dict[str, object]:
    """Return the JSON shape that docs/cli.md documents."""
    return {
        "question": answer.question,
        "understood": answer.understood,
        "language": answer.language,
        "answer": plain_text(answer),
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
        "generation": answer.generation,
        "timings_ms": {stage: round(ms, 2) for stage, ms in answer.timings_ms.items()},
    }
