"""Draw the blocks of a quote as Discord shows them: its own Markdown, and what it has not, tables, by other means."""

import re
from collections.abc import Iterator, Sequence

from bot.answering.inline import Run, inline, words_of
from bot.answering.shapes import (
    admonition_title,
    aligned,
    colon,
    marker_of,
    table_width,
)
from bot.discord.pages import escape
from index.blocks import Block
from index.schema import Language
from index.writing import stand_close

NARROW = 40
"""Columns of a code block that a phone shows without a line that wraps."""

_FENCE = "```"
_LANGUAGE = re.compile(r"[\w+.#-]{1,20}")
_UNSAFE = re.compile(r"[()<>\\]")  # in an address


def quote_blocks(blocks: Sequence[Block], language: Language, marks: str = "") -> list[str]:
    """Return the lines of the blocks as a quotation, with the markers after the last; after code on their own line."""
    lines = draw_blocks(blocks, language, in_quote=True)
    if not marks:
        return [f"> {line}" for line in lines]
    if not lines or lines[-1] == _FENCE:
        lines.append(escape(marks))
    else:
        lines[-1] += escape(f" {marks}")
    return [f"> {line}" for line in lines]


def draw_blocks(blocks: Sequence[Block], language: Language, *, in_quote: bool = False) -> list[str]:
    """Return the lines of the blocks; what is no markup of theirs is escaped.

    Args:
        blocks: of a quote or a section.
        language: of the text.
        in_quote: whether they will stand in a quotation, in which Discord shows no other one.
    """
    lines: list[str] = []
    indents: list[str] = []  # under the marker of each open item
    before: Block | None = None
    for block in blocks:
        del indents[block.depth :]
        edge = "> " if block.frame and not in_quote else ""
        drawn = list(_draw(block, "".join(indents), language))
        if before is not None and drawn and not _follows(before, block, lines[-1], drawn[0]):
            lines.append(edge if before.frame == block.frame else "")
        lines += [f"{edge}{line}" for line in drawn]
        if marker_of(block):
            indents.append(" " * len(marker_of(block)) if block.kind == "item" else "")
        before = block
    return lines


def markup(text: str) -> str:
    """Return a line with its code and its links as Discord's own, and everything else escaped."""
    return "".join(map(_run, inline(text)))


def link(words: str, address: str) -> str:
    """Return a link that unfolds nothing; Discord takes none whose words look like an address themselves."""
    target = _UNSAFE.sub(lambda found: f"%{ord(found[0]):02X}", address)
    words = words_of(words)
    if not words.strip() or words == address:
        return f"<{target}>"
    return f"{escape(words)} (<{target}>)" if "://" in words else f"[{escape(words)}](<{target}>)"


def _run(run: Run) -> str:
    match run.kind:
        case "code" if "`" not in run.text:
            return f"`{run.text}`"
        case "link":
            return link(run.text, run.address)
        case _:
            return escape(run.source)


def _follows(before: Block, block: Block, above: str, under: str) -> bool:
    """Whether no blank line is needed: a list, code and a heading keep their distance by themselves."""
    return (
        stand_close(before, block)
        or before.kind == "heading"
        or above.removeprefix("> ") == _FENCE
        or (before.frame == block.frame and (block.kind == "item" or block.depth > 0 or under.startswith(_FENCE)))
    )


def _draw(block: Block, indent: str, language: Language) -> Iterator[str]:
    match block.kind:
        case "heading":
            yield f"### {markup(block.text)}"
        case "term":
            yield f"{indent}{_bold(block.text)}"
        case "admonition":
            yield f"{indent}{_bold(admonition_title(block, language))}"
        case "code":
            yield from _fenced(block.text.split("\n"), block.info)
        case "table":
            yield from _table(block.rows, indent, language)
        case _:
            marker = marker_of(block) if block.kind == "item" else ""
            yield from (f"{indent}{marker}{markup(line)}" for line in block.text.split("\n"))


def _bold(text: str) -> str:
    return f"**{escape(words_of(text))}**" if text.strip() else ""


def _fenced(lines: Sequence[str], language: str = "") -> Iterator[str]:
    """Yield a code block, never indented: not every client takes the indentation of a list off the code."""
    if any(line.strip() for line in lines):
        yield _FENCE + (language if _LANGUAGE.fullmatch(language) else "")
        yield from (re.sub("`(?=``)", "`\u200b", line) for line in lines)
        yield _FENCE


def _table(rows: Sequence[Sequence[str]], indent: str, language: Language) -> Iterator[str]:
    """Yield a table in a code block if it is narrow and holds no link, else a line for each cell."""
    plain = [[words_of(cell) for cell in row] for row in rows]
    has_links = any(run.kind == "link" for row in rows for cell in row for run in inline(cell))
    if table_width(plain) <= NARROW and not has_links:
        yield from _fenced(aligned(plain))
        return
    header, *others = rows
    for number, row in enumerate(others or [header]):
        if number:
            yield ""
        if not any(header) or not others:
            yield indent + " · ".join(markup(cell) for cell in row if cell)
            continue
        for name, cell in zip(header, row, strict=True):
            if cell:
                yield f"{indent}{_bold(name)}{colon(language)}{markup(cell)}" if name else f"{indent}{markup(cell)}"
