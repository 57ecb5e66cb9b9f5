"""Draw the blocks of a quote in a terminal: code to be copied, tables in columns, lists as lists."""

from collections.abc import Iterator, Sequence

from bot.answering.inline import inline, words_of
from bot.answering.shapes import (
    admonition_title,
    aligned,
    colon,
    marker_of,
    table_width,
)
from bot.terminal.style import Style
from index.blocks import Block
from index.schema import Language
from index.writing import stand_close

CODE_INDENT = "    "


def draw_blocks(blocks: Sequence[Block], style: Style, width: int, language: Language) -> list[str]:
    """Return the lines of the blocks.

    Args:
        blocks: of a text that cannot drive a terminal.
        style: of the terminal.
        width: of a line; a table that is wider has a line for each cell.
        language: of the text.
    """
    lines: list[str] = []
    indents: list[str] = []  # under the marker of each open item
    before: Block | None = None
    for block in blocks:
        del indents[block.depth :]
        edge = style.faint("│") if block.frame else ""
        if before is not None and not stand_close(before, block):
            lines.append(edge if before.frame == block.frame else "")
        indent = "".join(indents)
        if block.kind == "code":  # with nothing but white space before it, so that it can be copied
            lines += [f"{indent}{CODE_INDENT}{line}".rstrip() for line in block.text.split("\n")]
        else:
            mark = f"{edge} " if edge else ""
            room = width - len(indent) - (2 if edge else 0)
            lines += [f"{mark}{indent}{line}".rstrip() for line in _draw(block, style, room, language)]
        if marker := marker_of(block):
            indents.append(" " * len(marker))
        before = block
    return lines


def draw_line(text: str) -> str:
    """Return a line of text with the address of each link after its words."""
    return "".join(_draw_link(run.text, run.address) if run.kind == "link" else run.source for run in inline(text))


def _draw_link(words: str, address: str) -> str:
    words = words_of(words)
    return f"{words} ({address})" if words.strip() and words != address else address


def _draw(block: Block, style: Style, width: int, language: Language) -> Iterator[str]:
    """Yield the lines of a block that is not code."""
    match block.kind:
        case "heading" | "term":
            yield style.strong(draw_line(block.text))
        case "admonition":
            yield style.strong(draw_line(admonition_title(block, language)))
        case "table":
            yield from _draw_table([[draw_line(cell) for cell in row] for row in block.rows], style, width, language)
        case _:
            yield from (f"{marker_of(block)}{draw_line(line)}" for line in block.text.split("\n"))


def _draw_table(rows: Sequence[Sequence[str]], style: Style, width: int, language: Language) -> Iterator[str]:
    header, *others = rows
    if table_width(rows) <= width or not others:
        first, *under = aligned(rows)
        yield from [style.strong(first) if any(header) else first, *under]
        return
    for number, row in enumerate(others):
        if number:
            yield ""
        for name, cell in zip(header, row, strict=True):
            if cell:
                yield f"{style.strong(name)}{colon(language)}{cell}" if name else cell
