import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.terminal.blocks import draw_blocks, draw_line
from bot.terminal.style import Screen, Style
from index.blocks import Block
from tests.index.trees import documents

COLORS = Screen(color=True).style


def drawn(*blocks: Block, style: Style | None = None, width: int = 80) -> list[str]:
    return draw_blocks(blocks, style or Style(), width, "fr")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Tapez `sudo *`.", "Tapez `sudo *`."),
        ("Voir [l’`aide`](https://a.example/b_(c)).", "Voir l’aide (https://a.example/b_(c))."),
        ("[https://a.example](https://a.example)", "https://a.example"),
    ],
)
def test_a_link_tells_its_address(text: str, shown: str) -> None:
    assert draw_line(text) == shown


def test_a_list_keeps_its_numbers_and_its_code_can_be_copied() -> None:
    steps = (
        Block("item", "Tapez\u00a0:", ordinal=9),
        Block("code", "if x:\n\n\ty", depth=1, info="bash"),
        Block("item", "Puis\u00a0:", ordinal=10),
        Block("item", "attendez.", depth=1),
    )
    assert drawn(*steps) == [
        "9. Tapez\u00a0:",
        "",
        "       if x:",
        "",
        "       \ty",
        "",
        "10. Puis\u00a0:",
        "    - attendez.",
    ]


def test_headings_terms_and_admonitions_are_strong() -> None:
    blocks = (Block("heading", "Où", level=2), Block("term", "Un"), Block("definition", "Tout."))
    assert drawn(*blocks, style=COLORS) == ["\x1b[1mOù\x1b[0m", "", "\x1b[1mUn\x1b[0m", "    Tout."]
    note = (Block("admonition", "", info="note", frame=1), Block("item", "Lisez.", frame=1), Block("paragraph", "Fin."))
    assert drawn(*note) == ["│ Note", "│ - Lisez.", "", "Fin."]


ROWS = (("Jour", "Où"), ("lundi", "[ici](https://a.example)"), ("mardi", ""))


def test_a_table_stands_in_columns() -> None:
    assert drawn(Block("table", rows=ROWS), style=COLORS) == [
        "\x1b[1mJour   Où\x1b[0m",
        "─────  ───────────────────────",
        "lundi  ici (https://a.example)",
        "mardi",
    ]


def test_a_table_wider_than_the_terminal_has_a_line_for_each_cell() -> None:
    assert drawn(Block("table", rows=ROWS), width=29) == [
        "Jour\u00a0: lundi",
        "Où\u00a0: ici (https://a.example)",
        "",
        "Jour\u00a0: mardi",
    ]
    assert drawn(Block("table", rows=(("", ""), ("lundi", "ici"))), width=5) == ["lundi", "ici"]


@given(documents(), st.integers(10, 100))
def test_every_word_is_shown_and_every_line_of_code_as_it_is(blocks: list[Block], width: int) -> None:
    lines = drawn(*blocks, width=width)
    shown = re.findall(r"\w+", "\n".join(lines))
    written = [b.text for b in blocks] + [cell for b in blocks for row in b.rows for cell in row]
    assert all(word in shown for text in written for word in re.findall(r"\w+", text))
    code = [line.rstrip() for b in blocks if b.kind == "code" for line in b.text.split("\n")]
    assert all(any(line.endswith(one) and not line.removesuffix(one).strip() for line in lines) for one in code)
