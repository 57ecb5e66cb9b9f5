"""Turn an answer into what Discord shows: plain Markdown, which is read on a phone and in a notification alike.

Titles and quotes are escaped, so that they mention nobody and format nothing but what their article formats.
"""

from datetime import date, datetime

from bot.answering.answer import Answer
from bot.answering.citations import chunks_read
from bot.answering.nearest import nearest, nearest_place
from bot.answering.plain import ShownQuote, lead_text, note_texts, shown_quotes
from bot.answering.shapes import read_blocks
from bot.answering.sources import Source, sources_of
from bot.discord.blocks import draw_blocks, link, markup, quote_blocks
from bot.discord.pages import escape
from bot.messages import say
from index.schema import Language

MACHINE = "🌐"
"""Before what a machine translated."""


def answer_text(
    answer: Answer,
    built: datetime,
    question: str = "",
    help_channel: int | None = None,
    old_before: date | None = None,
) -> str:
    """Return the reply, its sources and the date of the index.

    Args:
        answer: what to show.
        built: when the index was made.
        question: shown first where nothing else in the channel shows it, such as after a slash command.
        help_channel: id of the channel where people answer, named when the bot abstains.
        old_before: articles from before that day are said to be old; None says it of none.
    """
    lines = [f"**{escape(' '.join(question.split()))}**"] if question else []
    if answer.understood:
        lines.append(f"-# {escape(say('understood', answer.language, question=answer.understood))}")
    if answer.written:
        lines += draw_blocks(read_blocks(answer.written), answer.language)
    else:
        lines += [escape(line) for line in lead_text(answer).split("\n")]
    lines += _quote_lines(answer)
    lines += [escape(note) for note in note_texts(answer)]
    lines += [f"-# {s.marks} {_source(s, answer.language, old_before)}" for s in sources_of(answer.citations)]
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
    chunks = chunks_read(answer.hits)
    lines = []
    for chunk_id in dict.fromkeys(c.chunk_id for c in answer.citations):
        [source, *_] = sources_of(c for c in answer.citations if c.chunk_id == chunk_id)
        lines.append(f"**{source.marks}** {_source(source, answer.language)}")
        lines += quote_blocks(read_blocks(chunks[chunk_id].text), source.language)
    lines.append(f"-# {escape(say('generation', answer.language, generation=answer.generation))}")
    return "\n".join(lines)


def section_text(answer: Answer, old_before: date | None = None) -> str:
    """Return the whole section that the quotes are from, under its source."""
    [source, *_] = sources_of(answer.citations[:1])
    lines = draw_blocks(read_blocks(answer.more), source.language)
    return "\n".join([f"-# {_source(source, answer.language, old_before)}", *lines])


def _quote_lines(answer: Answer) -> list[str]:
    lines: list[str] = []
    before: ShownQuote | None = None
    for quote in shown_quotes(answer):
        if before is not None and not (before.sentence and quote.sentence):
            lines.append("> " if before.document == quote.document and not before.translation else "")
        lines += [_sentence(quote)] if quote.sentence else quote_blocks(quote.blocks, quote.language, quote.marks)
        lines += _translation_lines(quote, answer.language)
        before = quote
    return lines


def _translation_lines(quote: ShownQuote, language: Language) -> list[str]:
    """Return a quote in the language of the reply, outside the quotation, after words that say whose it is."""
    if not quote.translation:
        return []
    said = f"-# {MACHINE} {escape(say('translated', language))}"
    lines = draw_blocks(read_blocks(quote.translation), language)
    return [f"{said} {' '.join(lines)}"] if quote.sentence else [said, *lines]


def _sentence(quote: ShownQuote) -> str:
    """Return a quote on one line with the words that answer in bold, unless that would break a link around them."""
    parts = quote.sentence or ("", "", "")
    before, words, after = map(markup, parts)
    whole, marks = markup("".join(parts)), escape(f" {quote.marks}")
    if not words or before + words + after != whole:
        return f"> {whole}{marks}"
    return f"> {before}**{words}**{after}{marks}"


def _source(source: Source, language: Language, old_before: date | None = None) -> str:
    """Return a source as a link where it is an address."""
    origin = f" — {escape(source.source)}" if not _is_address(source.source) and source.source != source.title else ""
    return _linked(source.place, source.source) + origin + escape(source.remarks(language, old_before))


def _linked(place: str, source: str) -> str:
    """Return the place as a link where its source is an address."""
    return link(place, source) if _is_address(source) else escape(place)


def _is_address(source: str) -> bool:
    """Whether the source can be linked to."""
    return source.startswith(("https://", "http://")) and not any(c.isspace() or c in "<>()" for c in source)
