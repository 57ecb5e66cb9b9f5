"""Read text without markup, as mails and the cells of a table hold it: paragraphs, and lists by their signs."""

import re

from index.blocks import Block

WRAPPED = 60  # characters from which a line ends because it was full; a shorter one ends where its writer meant it to

_BLANK = re.compile(r"\n[ \t]*\n\s*")
_ITEM = re.compile(r"[ \t]*(?:[-*+•◦▪‣●–·]|(\d{1,3})[.)])[ \t]+(?=\S)")
_SPACES = re.compile(r"[ \t]+")


def read_plain(text: str) -> list[Block]:
    """Return the paragraphs and the lists of a text; one sign of a list alone makes none."""
    lines = text.split("\n")
    has_lists = len([line for line in lines if _ITEM.match(line)]) > 1
    blocks: list[Block] = []
    for paragraph in _BLANK.split(text):
        blocks += _paragraph(paragraph, has_lists)
    return blocks


def _paragraph(text: str, has_lists: bool) -> list[Block]:
    blocks: list[Block] = []
    is_full = False
    for written in text.split("\n"):
        line = _SPACES.sub(" ", written).strip()
        item = _ITEM.match(written) if has_lists else None
        last = blocks[-1] if blocks else None
        if not line:
            continue
        if item is not None:
            blocks.append(
                Block("item", line[len(item[0].strip()) :].strip(), ordinal=int(item[1]) if item[1] else None)
            )
        elif last is None or (last.kind == "item" and not (is_full or written[:1].isspace())):
            blocks.append(Block("paragraph", line))
        elif last.kind == "item":
            blocks[-1] = Block("item", f"{last.text} {line}", ordinal=last.ordinal)
        else:
            blocks[-1] = Block("paragraph", f"{last.text}{' ' if is_full else chr(10)}{line}")
        is_full = len(line) >= WRAPPED
    return blocks
