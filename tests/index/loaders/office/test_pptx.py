import io
from collections.abc import Callable

import pptx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pptx.util import Inches

from index.blocks import Block
from index.loaders.loaded import Loaded, UnreadableError
from index.loaders.office.pptx import load
from index.writing import write
from tests.index.loaders.files import billion_laughs, rewritten
from tests.index.loaders.trees import NAMES, TEXTS

TITLE, BULLETS, TITLE_ONLY, BLANK = 0, 1, 5, 6
INCH = Inches(1)


def deck(fill: Callable[[pptx.presentation.Presentation], object]) -> bytes:
    """Return a presentation, empty but for what `fill` puts in it."""
    presentation = pptx.Presentation()
    fill(presentation)
    written = io.BytesIO()
    presentation.save(written)
    return written.getvalue()


def load_one(data: bytes) -> Loaded:
    (loaded,) = load(data)
    return loaded


def add(presentation: pptx.presentation.Presentation, layout: int, title: str = "") -> pptx.slide.Slide:
    slide: pptx.slide.Slide = presentation.slides.add_slide(presentation.slide_layouts[layout])
    if title and slide.shapes.title is not None:
        slide.shapes.title.text = title
    return slide


def fill(presentation: pptx.presentation.Presentation) -> None:
    opening = add(presentation, TITLE, "Assemblée générale")
    opening.placeholders[1].text = "12 mars 2025"
    slide = add(presentation, BULLETS, "Le bac")
    lines = slide.placeholders[1].text_frame
    lines.text = "Il part à midi"
    for text, level in (("de Lévis", 1), ("du lundi\vau vendredi", 1), ("Il coûte 4\u00a0$", 0)):
        line = lines.add_paragraph()
        line.text, line.level = text, level
    box = slide.shapes.add_textbox(INCH, INCH, INCH, INCH).text_frame
    run = box.paragraphs[0].add_run()
    run.text = "Réservez"
    run.hyperlink.address = "https://bac.example/œ"
    notes = slide.notes_slide.notes_text_frame
    assert notes is not None
    notes.text = "Parler du tarif réduit."
    table = add(presentation, TITLE_ONLY, "Horaires").shapes.add_table(3, 3, INCH, INCH, INCH, INCH).table
    for row, texts in enumerate((("Jour", "Heures", ""), ("lundi", "9 h", "18 h"), ("", "10 h", "19 h"))):
        for column, text in enumerate(texts):
            table.cell(row, column).text = text
    table.cell(0, 1).merge(table.cell(0, 2))
    table.cell(1, 0).merge(table.cell(2, 0))


def test_slides_are_read_in_order_under_their_titles() -> None:
    loaded = load_one(deck(fill))
    assert write(loaded.blocks)[0] == (
        "# Assemblée générale\n\n12 mars 2025\n\n## Le bac\n\n- Il part à midi\n  - de Lévis\n"
        "  - du lundi au vendredi\n"
        "- Il coûte 4\u00a0$\n\n[Réservez](https://bac.example/œ)\n\nParler du tarif réduit.\n\n## Horaires\n\n"
        "| Jour | Heures | Heures |\n| --- | --- | --- |\n| lundi | 9 h | 18 h |\n| lundi | 10 h | 19 h |"
    )
    assert loaded.title == "Assemblée générale"


def test_what_is_hidden_is_counted() -> None:
    def hide(presentation: pptx.presentation.Presentation) -> None:
        add(presentation, TITLE_ONLY, "Caché")._element.set("show", "0")
        box = add(presentation, TITLE_ONLY, "Montré").shapes.add_textbox(INCH, INCH, INCH, INCH)
        box.text_frame.text = "Caché"
        box._element.nvSpPr.cNvPr.set("hidden", "1")

    loaded = load_one(deck(hide))
    assert loaded.blocks == (Block("heading", "Montré", level=2),)
    assert loaded.left_out == {"hidden slides": 1, "hidden texts": 1}


def test_a_slide_without_a_title_stands_under_its_first_line_or_its_number() -> None:
    def write_boxes(presentation: pptx.presentation.Presentation) -> None:
        for texts in (("Court", "Suite."), ("Un texte bien trop long pour un titre. " * 4,)):
            slide = add(presentation, BLANK)
            for text in texts:
                slide.shapes.add_textbox(INCH, INCH, INCH, INCH).text_frame.text = text

    headings = [block.text for block in load_one(deck(write_boxes)).blocks if block.kind == "heading"]
    assert headings == ["Court", "2"]


def test_code_is_known_by_its_font() -> None:
    def write_code(presentation: pptx.presentation.Presentation) -> None:
        frame = add(presentation, TITLE_ONLY, "Lancer").shapes.add_textbox(INCH, INCH, INCH, INCH).text_frame
        for text, font in (("Tapez ", None), ("make", "Consolas")):
            run = frame.paragraphs[0].add_run()
            run.text, run.font.name = text, font
        run = frame.add_paragraph().add_run()
        run.text, run.font.name = "make  test", "Courier New"

    assert load_one(deck(write_code)).blocks[1:] == (Block("paragraph", "Tapez `make`"), Block("code", "make  test"))


def test_groups_are_read() -> None:
    def group(presentation: pptx.presentation.Presentation) -> None:
        shapes = add(presentation, TITLE_ONLY, "Plan").shapes
        shapes.add_group_shape().shapes.add_textbox(INCH, INCH, INCH, INCH).text_frame.text = "Dans le groupe"

    assert load_one(deck(group)).blocks[1:] == (Block("paragraph", "Dans le groupe"),)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "damaged"),
        (deck(fill)[:9000], "damaged"),
        (b"\xd0\xcf\x11\xe0" + bytes(99), "Office 97"),
        (rewritten(deck(fill), "ppt/slides/slide1.xml", lambda data: billion_laughs("x") + data), "XML bombs"),
    ],
    ids=["empty", "cut", "old", "bomb"],
)
def test_what_cannot_be_read_says_why(data: bytes, reason: str) -> None:
    with pytest.raises(UnreadableError, match=reason):
        load(data)


ITEMS = st.lists(TEXTS, min_size=2, max_size=5)
ROWS = st.tuples(st.tuples(NAMES, NAMES, NAMES), st.tuples(TEXTS, TEXTS, TEXTS))


@settings(max_examples=15, deadline=None)
@given(slides=st.lists(st.tuples(TEXTS, ITEMS | ROWS), min_size=1, max_size=4))
def test_whatever_slides_are_written_are_read_back(
    slides: list[tuple[str, list[str] | tuple[tuple[str, ...], ...]]],
) -> None:
    expected: list[Block] = []

    def write_slides(presentation: pptx.presentation.Presentation) -> None:
        for title, content in slides:
            expected.append(Block("heading", title, level=2))
            if isinstance(content, list):
                add(presentation, BULLETS, title).placeholders[1].text = "\n".join(content)
                expected.extend(Block("item", text) for text in content)
            else:
                table = add(presentation, TITLE_ONLY, title).shapes.add_table(2, 3, INCH, INCH, INCH, INCH).table
                for row, texts in enumerate(content):
                    for column, text in enumerate(texts):
                        table.cell(row, column).text = text
                expected.append(Block("table", rows=content))

    assert load_one(deck(write_slides)).blocks == tuple(expected)
