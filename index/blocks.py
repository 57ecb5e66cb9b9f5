"""What a document is made of: headings, paragraphs, lists, code, tables and the like, in the order of the text.

Every loader gives the same blocks, and `index.writing` writes the text of the document from them. Inline markup is gone
from their text, but for `code` and links, `[words](https://…)`. Blocks are a flat sequence; what lies inside a list
item or a definition has a `depth`, what lies inside a quote or an admonition a `frame`.
"""

from dataclasses import dataclass
from typing import Literal

Kind = Literal["heading", "paragraph", "item", "code", "table", "admonition", "term", "definition"]

ANNOUNCING = (":", "\uff1a")
"""What ends a sentence that announces the list, the code or the table under it."""


@dataclass(frozen=True, slots=True)
class Block:
    """One block; which fields count depends on its kind.

    An item is the first paragraph of a list item, and what else the item holds follows it, one deeper. An admonition is
    the line that opens one, with its title as text; what it holds shares its frame. A term is followed by definitions.
    """

    kind: Kind
    text: str = ""  # on one line; only code, and a paragraph at depth 0 and in no frame, may hold line breaks
    level: int = 0  # of a heading, 1 to 6
    depth: int = 0  # list items and definitions around it
    ordinal: int | None = None  # number of an item of an ordered list
    info: str = ""  # language of code ("bash"); kind of an admonition ("warning")
    rows: tuple[tuple[str, ...], ...] = ()  # of a table, its header first; all of one length
    frame: int = 0  # number of the quote or the admonition around it, from 1 in each document; 0 for none
    page: int | None = None  # where it starts, in a document that has pages

    @property
    def announces(self) -> bool:
        """Whether it announces what comes next: « Voici les étapes : »."""
        return self.kind in ("paragraph", "item", "definition") and self.text.rstrip("\u00a0 *_`").endswith(ANNOUNCING)
