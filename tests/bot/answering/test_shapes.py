import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answering.shapes import (
    admonition_title,
    aligned,
    closed,
    columns,
    read_blocks,
    table_width,
)
from index.blocks import Block
from index.schema import Language
from index.writing import write
from tests.index.trees import documents


@given(documents())
def test_whatever_was_written_is_read_back(blocks: list[Block]) -> None:
    assert list(read_blocks(write(blocks)[0])) == blocks


@given(documents(), st.data())
def test_every_word_of_any_run_of_blocks_is_read(blocks: list[Block], data: st.DataObject) -> None:
    text, placed = write(blocks)
    first = data.draw(st.integers(0, len(blocks) - 1))
    last = data.draw(st.integers(first, len(blocks) - 1))
    read = read_blocks(text[placed[first].start : placed[last].end])
    assert [(b.kind, b.text, b.rows) for b in read] == [(b.kind, b.text, b.rows) for b in blocks[first : last + 1]]


@given(documents(), st.data())
def test_any_slice_is_read_without_an_open_fence(blocks: list[Block], data: st.DataObject) -> None:
    text, _ = write(blocks)
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    whole = closed(text[start:end])
    assert closed(whole) == whole
    read_blocks(text[start:end])


def test_terms_have_their_definitions() -> None:
    assert read_blocks("L’index\n:   Ce qui est cherché.\n\n:   Un doigt.\n\nAprès.") == (
        Block("term", "L’index"),
        Block("definition", "Ce qui est cherché."),
        Block("definition", "Un doigt."),
        Block("paragraph", "Après."),
    )


@pytest.mark.parametrize(
    ("text", "read"),
    [
        pytest.param("```bash\nmake", [("code", "make")], id="never-closed"),
        pytest.param("make\nmake test\n```", [("code", "make\nmake test")], id="never-opened"),
        pytest.param("make\n```\n\nAprès.", [("code", "make"), ("paragraph", "Après.")], id="opened-before"),
        pytest.param("   make\n   ```\n\n2. Fin.", [("code", "make"), ("item", "Fin.")], id="in-a-list"),
        pytest.param("```\n\nAprès.", [("paragraph", "Après.")], id="its-last-fence-alone"),
        pytest.param(
            "make\n```\n\n```bash\nls\n```", [("code", "make"), ("code", "ls")], id="opened-before-other-code"
        ),
    ],
)
def test_code_that_a_slice_cuts_is_code(text: str, read: list[tuple[str, str]]) -> None:
    assert [(b.kind, b.text) for b in read_blocks(text)] == read


def test_rows_without_their_header_have_an_empty_one() -> None:
    assert read_blocks("| lundi | 8 \\| 9 |\n| mardi |") == (
        Block("table", rows=(("", ""), ("lundi", "8 | 9"), ("mardi", ""))),
    )


def test_cells_stand_under_one_another() -> None:
    rows = (("Jour", "Où"), ("lundi", "ici"), ("e\u0301té", "日本"))
    assert aligned(rows) == ["Jour   Où", "─────  ────", "lundi  ici", "e\u0301té    日本"]
    assert aligned((("", ""), ("a", "bb"))) == ["a  bb"]
    assert table_width(rows) == max(map(columns, aligned(rows))) == 11


@pytest.mark.parametrize(
    ("info", "title", "language", "shown"),
    [
        ("warning", "", "fr", "Attention"),
        ("warning", "Warning", "en", "Warning"),
        ("tip", "Avant de partir", "fr", "Astuce\u00a0: Avant de partir"),
        ("quiz", "Why?", "en", "Quiz: Why?"),
    ],
)
def test_an_admonition_says_what_it_is(info: str, title: str, language: Language, shown: str) -> None:
    assert admonition_title(Block("admonition", title, info=info), language) == shown
