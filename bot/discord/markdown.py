"""Turn an answer into what Discord shows: plain Markdown, which is read on a phone and in a notification alike.

Titles and quotes are escaped, so that they format nothing and mention nobody.
"""

from datetime import datetime

from bot.answering.answer import Answer, Citation
from bot.answering.nearest import nearest, nearest_place
from bot.answering.plain import lead_text, note_texts, quote_text
from bot.discord.pages import escape
from bot.messages import say
from index.schema import Language


def answer_text(answer: Answer, built: datetime, question: str = "", help_channel: int | None = None) -> str:
    """Return the reply, its sources and the date of the index.

    Args:
        answer: what to show.
        built: when the index was made.
        question: shown first where nothing else in the channel shows it, such as after a slash command.
        help_channel: id of the channel where people answer, named when the bot abstains.
    """
    lines = [f"**{escape(' '.join(question.split()))}**"] if question else []
    if answer.understood:
        lines.append(f"-# {escape(say('understood', answer.language, question=answer.understood))}")
    lines += [escape(line) for line in lead_text(answer).split("\n")]
    lines += [_quote_line(citation) for citation in answer.citations]
    lines += [escape(note) for note in note_texts(answer)]
    lines += [f"-# [{c.marker}] {_source(c, answer.language)}" for c in answer.citations]
    if answer.abstention == "no_evidence":
        if hits := nearest(answer):
            named = ", ".join(_linked(nearest_place(hit), hit.chunk.source) for hit in hits)
            lines.append(say("nearest", answer.language, titles=named))
        if help_channel is not None:
            lines.append(say("humans", answer.language, channel=f"<#{help_channel}>"))
    if answer.citations:
        lines.append(f"-# {say('index_of', answer.language, date=f'<t:{int(built.timestamp())}:D>')}")
    return "\n".join(lines)


def passages_text(answer: Answer) -> str:
    """Return each citation of the answer with its whole passage, and the generation of the index."""
    passages = {hit.chunk.id: hit.chunk.text for hit in answer.hits}
    lines = []
    for c in answer.citations:
        lines.append(f"**[{c.marker}]** {_source(c, answer.language)}")
        lines += [f"> {escape(line)}" for line in passages[c.chunk_id].splitlines() if line.strip()]
    lines.append(f"-# {escape(say('generation', answer.language, generation=answer.generation))}")
    return "\n".join(lines)


def _quote_line(citation: Citation) -> str:
    """Return a quote with the words that answer in bold, unless that would break a link around them."""
    whole = escape(quote_text(citation))
    before, words, after = citation.quoted
    parts = escape(before), escape(words), escape(f"{after} [{citation.marker}]")
    if not words or "".join(parts) != whole:
        return f"> {whole}"
    return f"> {parts[0]}**{parts[1]}**{parts[2]}"


def _source(citation: Citation, language: Language) -> str:
    shown = _linked(citation.place, citation.source)
    if not _link(citation.source) and citation.source != citation.title:
        shown += f" — {escape(citation.source)}"
    if citation.language != language:
        shown += f" ({say('in_fr' if citation.language == 'fr' else 'in_en', language)})"
    return shown


def _linked(place: str, source: str) -> str:
    link = _link(source)
    return f"[{escape(place)}](<{link}>)" if link else escape(place)


def _link(source: str) -> str:
    """Return the source if it can be linked to, else an empty string."""
    is_link = source.startswith(("https://", "http://")) and not any(c.isspace() or c in "<>()" for c in source)
    return source if is_link else ""
