from hypothesis import given
from hypothesis import strategies as st

from index.loaders.grid import Cell, Row, lay_out


def head(*texts: str) -> Row:
    return Row([Cell(text, is_header=True) for text in texts])


def row(*cells: str | Cell, part: int = 1) -> Row:
    return Row([cell if isinstance(cell, Cell) else Cell(cell) for cell in cells], part)


def rows_of(*rows: Row) -> tuple[tuple[str, ...], ...]:
    return lay_out(rows).rows


def test_a_merged_cell_stands_in_each_row_and_column_that_it_spans() -> None:
    assert rows_of(
        head("Jour", "Matin", "Soir"),
        row(Cell("Lundi", rows=2), "A", "B"),
        row(Cell("C", columns=2)),
        row("Mardi", Cell("D", columns=2, rows=0)),
        row("Jeudi"),
    ) == (
        ("Jour", "Matin", "Soir"),
        ("Lundi", "A", "B"),
        ("Lundi", "C", "C"),
        ("Mardi", "D", "D"),
        ("Jeudi", "D", "D"),
    )


def test_a_head_of_two_rows_is_one() -> None:
    first = Row([Cell("Quai", rows=2), Cell("Été", columns=2)], part=0)
    assert rows_of(first, row("Jour", "Nuit", part=0), row("1", "2", "3")) == (
        ("Quai", "Été Jour", "Été Nuit"),
        ("1", "2", "3"),
    )


def test_a_first_row_of_one_wide_cell_is_a_title() -> None:
    grid = lay_out([Row([Cell("Horaires", columns=2, is_header=True)]), head("Jour", "Heure"), row("Lundi", "9 h")])
    assert grid.titles == ("Horaires",)
    assert grid.rows == (("Jour", "Heure"), ("Lundi", "9 h"))


def test_a_table_of_names_and_values_has_a_blank_head() -> None:
    named = Row([Cell("Adresse", is_header=True), Cell("12, rue du Bac")])
    assert rows_of(named, row("Courriel", "a@b.example"))[0] == ("", "")
    assert rows_of(row("Téléphone", "01 23 45"), row("Courriel", "a@b.example"))[0] == ("", "")
    assert rows_of(row("Adresse :", "rue du Bac"), row("Courriel :", "a@b.example"))[0] == ("", "")


def test_otherwise_the_first_row_is_the_head() -> None:
    assert rows_of(row("Jour", "Agent"), row("Lundi", "Isaure"))[0] == ("Jour", "Agent")


def test_the_foot_comes_last_wherever_it_is_written() -> None:
    assert rows_of(head("a", "b"), row("Total", "3", part=2), row("x", "3"))[-1] == ("Total", "3")


def test_rows_and_columns_that_say_nothing_are_left_out() -> None:
    assert rows_of(head("a", "", "b"), row("", "", ""), row("1", "", "2")) == (("a", "b"), ("1", "2"))


def test_columns_that_exist_by_spanning_alone_are_left_out() -> None:
    assert rows_of(head("a", "b"), row(Cell("1", columns=1000))) == (("a", "b"), ("1", "1"))


def test_rows_are_padded_to_one_length() -> None:
    assert rows_of(head("a", "b"), row("1")) == (("a", "b"), ("1", ""))


def test_a_table_without_words_is_empty() -> None:
    assert rows_of() == rows_of(row("", "")) == ()


def test_spans_do_not_fill_memory() -> None:
    wide = [row(*[Cell("x", columns=100, rows=0)] * 1000) for _ in range(100)]
    ragged = [row(*["x"] * 5_000), *[row("y")] * 5_000]
    assert max(map(len, rows_of(*wide))) < 200_000
    assert rows_of(*ragged)[1] == ("y",)


@given(
    st.lists(
        st.builds(
            Row,
            st.lists(
                st.builds(Cell, st.text("abc", max_size=2), st.integers(-1, 4), st.integers(0, 4), st.booleans()),
                max_size=5,
            ),
            st.integers(0, 2),
        ),
        max_size=6,
    )
)
def test_no_word_is_lost_and_all_rows_have_one_length(rows: list[Row]) -> None:
    grid = lay_out(rows)
    told = " ".join([*grid.titles, *(text for line in grid.rows for text in line)]).split(" ")
    assert {cell.text for row in rows for cell in row.cells if cell.text} <= set(told)
    assert len({len(line) for line in grid.rows}) <= 1
