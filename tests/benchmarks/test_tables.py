import re
from importlib.util import find_spec

import pytest

from benchmarks.tables import MEASURED_BY, TABLES, Row, Table, names, render, shape
from tests.processes import REPOSITORY

BENCHMARKS = (REPOSITORY / "docs" / "benchmarks.md").read_text(encoding="utf-8")


def section_of_the_page(heading: str) -> str:
    (body,) = re.findall(rf"^## {re.escape(heading)}\n(.*?)(?=^## |\Z)", BENCHMARKS, re.MULTILINE | re.DOTALL)
    return str(body)


def shown_tables(heading: str) -> list[list[list[str]]]:
    """Return the tables of a section, each as rows of cells, without the line of dashes."""
    blocks = re.findall(r"(?:^\|.*\|\n)+", section_of_the_page(heading), re.MULTILINE)
    rows = [[[cell.strip() for cell in line.strip("|").split("|")] for line in b.splitlines()] for b in blocks]
    return [[row for row in block if set(row) != {"---"}] for block in rows]


@pytest.mark.parametrize("section", TABLES)
def test_every_row_of_the_page_is_a_row_that_the_benchmarks_print(section: str) -> None:
    shown = shown_tables(section)
    assert len(shown) == len(TABLES[section])
    for (heading, *rows), table in zip(shown, TABLES[section], strict=True):
        assert tuple(heading) == table.heading
        assert rows
        printed = {row.label: row.cells for row in table.rows}
        for label, *cells in rows:
            assert len(cells) == len(printed[label])
            for cell, template in zip(cells, printed[label], strict=True):
                assert shape(template).fullmatch(cell), f"{label}: {cell!r} is no {template!r}"


def test_every_figure_of_a_table_has_a_benchmark_that_measures_it() -> None:
    for tables in TABLES.values():
        for name in set().union(*(table.names for table in tables)):
            assert find_spec(f"benchmarks.{MEASURED_BY[name.split('_')[0]]}")


def test_every_section_with_figures_says_which_command_measures_it() -> None:
    for section, tables in TABLES.items():
        for word in {name.split("_")[0] for table in tables for name in table.names}:
            assert f"`{MEASURED_BY[word]}`" in section_of_the_page(section)


ROWS = Table(
    ("", "français"), (Row("durée, cœur", ("{a_ms:.0f} ms; p95 {a_p95:.1f} ms",)), Row("mémoire", ("{b_mb:.0f} MB",)))
)


def test_a_table_is_rendered_in_markdown_and_what_was_not_measured_is_a_dash() -> None:
    assert render(ROWS, {"a_ms": 21.7, "a_p95": 30}) == (
        "| | français |\n| --- | --- |\n| durée, cœur | 22 ms; p95 30.0 ms |\n| mémoire | – |"
    )


def test_a_cell_that_was_rendered_has_the_shape_of_its_template() -> None:
    (row, _) = ROWS.rows
    assert names(row.cells[0]) == ["a_ms", "a_p95"]
    assert shape(row.cells[0]).fullmatch("22 ms; p95 30.0 ms")
    assert not shape(row.cells[0]).fullmatch("22 ms; p95 – ms")
