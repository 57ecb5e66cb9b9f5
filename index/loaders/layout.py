"""Tell the tables that lay out a page from those that hold data."""

from collections.abc import Callable
from dataclasses import dataclass

from selectolax.lexbor import LexborNode

from index.loaders.elements import BLOCKS, HEADINGS, walk


@dataclass(slots=True)
class _Survey:
    """What a table holds, but for the tables in its cells."""

    is_data: bool = False  # it names its columns or itself
    rows: int = 0
    width: int = 0  # cells of the longest row
    filled: int = 0  # cells with words
    has_sections: bool = False  # headings or code
    has_blocks: bool = False
    row_cells: int = 0
    cell_is_filled: bool = False

    def lays_out(self, role: str) -> bool:
        """Whether its cells are read one after the other, each as the blocks that it holds."""
        if role in ("presentation", "none") or self.filled <= 1:
            return True
        return not self.is_data and (self.width == 1 or self.has_sections or (self.rows == 1 and self.has_blocks))


def layout_tables(root: LexborNode, is_dropped: Callable[[LexborNode], bool]) -> set[int]:
    """Return the tables under `root` that lay out what they hold: a frame around text, columns of a page."""
    found: set[int] = set()
    if root.css_first("table") is None:
        return found
    surveys: list[_Survey] = []
    for node, enters in walk(root, is_dropped):
        tag = node.tag or ""
        if tag == "table":
            if enters:
                if surveys:
                    surveys[-1].has_blocks = True
                surveys.append(_Survey())
            elif surveys.pop().lays_out(node.attributes.get("role") or ""):
                found.add(node.mem_id)
        elif surveys and enters:
            _note(surveys[-1], node, tag)
    return found


def _note(survey: _Survey, node: LexborNode, tag: str) -> None:
    if tag == "-text":
        if not survey.cell_is_filled and (node.text_content or "").strip():
            survey.cell_is_filled = True
            survey.filled += 1
    elif tag == "tr":
        survey.rows += 1
        survey.row_cells = 0
    elif tag in ("td", "th"):
        survey.cell_is_filled = False
        survey.row_cells += 1
        survey.width = max(survey.width, survey.row_cells)
        survey.is_data |= tag == "th"
    elif tag == "caption":
        survey.is_data = True
        survey.cell_is_filled = True  # its words are in no cell
    elif tag in HEADINGS or tag == "pre":
        survey.has_sections = True
    elif tag in BLOCKS and tag not in ("thead", "tbody", "tfoot"):
        survey.has_blocks = True
