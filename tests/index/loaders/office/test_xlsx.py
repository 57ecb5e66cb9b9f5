import io
from collections.abc import Callable
from datetime import datetime

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from index.blocks import Block
from index.loaders.loaded import Fault, Loaded, UnreadableError
from index.loaders.office.numbers import shown
from index.loaders.office.xlsx import load
from tests.index.loaders.files import billion_laughs, rewritten
from tests.index.loaders.trees import NAMES, TEXTS


def workbook(fill: Callable[[xlsxwriter.Workbook], object]) -> bytes:
    """Return a workbook, empty but for what `fill` puts in it."""
    written = io.BytesIO()
    book = xlsxwriter.Workbook(written, {"in_memory": True})
    fill(book)
    book.close()
    return written.getvalue()


def prices(book: xlsxwriter.Workbook) -> None:
    sheet = book.add_worksheet("Tarifs 2025")
    sheet.merge_range(0, 0, 0, 3, "Tarifs de la saison")
    sheet.write_row(2, 0, ["Âge", "Prix", "Remise", "Depuis"])
    sheet.write(3, 0, "Adulte")
    sheet.write(3, 1, 12.5, book.add_format({"num_format": '#,##0.00 "€"'}))
    sheet.write(3, 2, 0.2, book.add_format({"num_format": "0%"}))
    sheet.write_datetime(3, 3, datetime(2025, 3, 31), book.add_format({"num_format": "dd/mm/yyyy"}))  # noqa: DTZ001
    sheet.merge_range(4, 0, 5, 0, "Famille")
    sheet.write(4, 1, 30)
    sheet.write_url(4, 3, "https://bac.example/œ", string="conditions")
    sheet.write_formula(5, 1, "=15*2", None, 30)
    sheet.write_formula(5, 2, "=1/0", None, "#DIV/0!")
    sheet.write_comment(5, 1, "À revoir")


def test_a_sheet_is_a_table_under_its_name_as_it_is_shown() -> None:
    (loaded,) = load(workbook(prices))
    assert loaded == Loaded(
        (
            Block("heading", "Tarifs 2025", level=1),
            Block("paragraph", "Tarifs de la saison"),
            Block(
                "table",
                rows=(
                    ("Âge", "Prix", "Remise", "Depuis"),
                    ("Adulte", "12.50 €", "20%", "2025-03-31"),
                    ("Famille", "30", "", "[conditions](https://bac.example/œ)"),
                    ("Famille", "30", "", ""),
                ),
            ),
        ),
        left_out={"comments": 1, "errors of formulas": 1},
    )


def test_sheets_with_questions_and_answers_are_pairs() -> None:
    def fill(book: xlsxwriter.Workbook) -> None:
        prices(book)
        for name in ("FAQ", "FAQ 2"):
            sheet = book.add_worksheet(name)
            sheet.write_row(1, 0, ["N°", "Questions", "Réponses", "Lien"])
            sheet.write_row(2, 0, [1, "Où ?", "À Lévis :\n- au quai\n- au bac", "https://bac.example"])
            sheet.write_row(3, 0, [2, "Quand ?"])

    _, *pairs = load(workbook(fill))
    answer = (Block("paragraph", "À Lévis :"), Block("item", "au quai"), Block("item", "au bac"))
    left_out = {"columns beside question and answer": 1}
    assert pairs == [
        Loaded(answer, "Où ?", source="https://bac.example", line=3, is_pair=True, left_out=left_out),
        Fault(4, "has no answer"),
        Loaded(answer, "Où ?", source="https://bac.example", line=7, is_pair=True, left_out=left_out),
        Fault(8, "has no answer"),
    ]


def test_what_is_hidden_is_counted() -> None:
    def fill(book: xlsxwriter.Workbook) -> None:
        sheet = book.add_worksheet()
        for row, texts in enumerate((("a", "b", "c"), ("d", "e", "f"), ("g", "h", "i"))):
            sheet.write_row(row, 0, texts)
        sheet.set_row(1, None, None, {"hidden": True})
        sheet.set_column(1, 1, None, None, {"hidden": True})
        book.add_worksheet("Secret").write(0, 0, "4471")
        book.get_worksheet_by_name("Secret").hide()

    (loaded,) = load(workbook(fill))
    assert isinstance(loaded, Loaded)
    assert loaded.blocks == (Block("table", rows=(("a", "c"), ("g", "i"))),)
    assert loaded.left_out == {"hidden sheets": 1, "hidden columns": 1, "hidden rows": 1}


def test_a_formula_that_was_never_computed_is_counted() -> None:
    def fill(book: xlsxwriter.Workbook) -> None:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["a", "b"])
        sheet.write_formula(1, 0, "=1+1", None, "")
        sheet.write(1, 1, "c")

    data = rewritten(workbook(fill), "xl/worksheets/sheet1.xml", lambda xml: xml.replace(b"<v></v>", b""))
    (loaded,) = load(data)
    assert isinstance(loaded, Loaded)
    assert loaded.left_out == {"formulas without a value": 1}


def test_a_cell_far_away_and_merges_without_end_are_bounded() -> None:
    def fill(book: xlsxwriter.Workbook) -> None:
        sheet = book.add_worksheet()
        sheet.write(0, 0, "a")
        sheet.write(1_048_575, 16_383, "b")
        sheet.merge_range(1, 0, 2, 1, "c")

    merged = rewritten(workbook(fill), "xl/worksheets/sheet1.xml", lambda xml: xml.replace(b"A2:B3", b"A2:XFC1048000"))
    (loaded,) = load(merged)
    assert isinstance(loaded, Loaded)
    assert loaded.length < 20


@pytest.mark.parametrize(
    ("value", "code", "text"),
    [
        (12.0, "", "12"),
        (0.1 + 0.2, "General", "0.3"),
        (12.5, '#,##0.00\\ "€"', "12.50 €"),
        (12.5, "[$$-409]#,##0.00", "$12.50"),
        (-3.0, "0;[Red]-0", "-3"),
        (0.125, "0.0%", "12.5%"),
        (3.10, "0.##", "3.1"),
        (7.0, '00" min"', "7 min"),
        (45747.0, "d mmmm yyyy", "2025-03-31"),
        (45747.75, "yyyy-mm-dd hh:mm", "2025-03-31 18:00"),
        (0.5, "h:mm AM/PM", "12:00"),
        (1e20, "0", "100000000000000000000"),
        (-1.0, "yyyy", "-1"),
    ],
)
def test_numbers_are_shown_as_their_format_says(value: float, code: str, text: str) -> None:
    assert shown(value, code, datetime(1899, 12, 30)) == text  # noqa: DTZ001


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "damaged"),
        (workbook(prices)[:2000], "damaged"),
        (b"\xd0\xcf\x11\xe0" + bytes(99), "Office 97"),
        (rewritten(workbook(prices), "xl/sharedStrings.xml", lambda data: billion_laughs("x") + data), "XML bombs"),
    ],
    ids=["empty", "cut", "old", "bomb"],
)
def test_what_cannot_be_read_says_why(data: bytes, reason: str) -> None:
    with pytest.raises(UnreadableError, match=reason):
        load(data)


@settings(max_examples=25, deadline=None)
@given(header=st.tuples(NAMES, NAMES, NAMES), rows=st.lists(st.tuples(TEXTS, TEXTS, TEXTS), min_size=1, max_size=5))
def test_whatever_rows_are_written_are_read_back(header: tuple[str, ...], rows: list[tuple[str, ...]]) -> None:
    def fill(book: xlsxwriter.Workbook) -> None:
        sheet = book.add_worksheet()
        for number, texts in enumerate((header, *rows)):
            for column, text in enumerate(texts):
                sheet.write_string(number, column, text)

    (loaded,) = load(workbook(fill))
    assert isinstance(loaded, Loaded)
    assert loaded.blocks == (Block("table", rows=(header, *rows)),)
