"""The files are written here as LibreOffice writes them; it may hold more styles and settings than these do."""

import io
import zipfile
from collections.abc import Iterator, Sequence
from html import escape

import pytest
from hypothesis import given, settings

from index.blocks import Block
from index.loaders.loaded import Fault, Loaded, UnreadableError
from index.loaders.office.odf import load_sheets, load_slides, load_text
from index.writing import write
from tests.index.loaders.files import billion_laughs
from tests.index.loaders.trees import BLOCKS

NAMESPACES = (
    " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{space}:1.0"'
        for name, space in {
            "office": "office",
            "text": "text",
            "table": "table",
            "draw": "drawing",
            "style": "style",
            "presentation": "presentation",
            "fo": "xsl-fo-compatible",
            "meta": "meta",
        }.items()
    )
    + ' xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:dc="http://purl.org/dc/elements/1.1/"'
)
STYLES = """<style:style style:name="P1" style:family="paragraph" style:parent-style-name="Preformatted_20_Text"/>
<style:style style:name="Q1" style:family="paragraph" style:parent-style-name="Quotations"/>
<style:style style:name="T1" style:family="text"><style:text-properties text:display="none"/></style:style>
<style:style style:name="T2" style:family="text"><style:text-properties style:text-position="super 58%"/></style:style>
<style:style style:name="T3" style:family="text"><style:text-properties style:text-line-through-style="solid"/>
</style:style>
<style:style style:name="H1" style:family="table"><style:table-properties table:display="false"/></style:style>
<style:style style:name="D1" style:family="drawing-page">
<style:drawing-page-properties presentation:visibility="hidden"/></style:style>
<text:list-style style:name="N"><text:list-level-style-number text:level="1" style:num-format="1"/>
<text:list-level-style-number text:level="2" style:num-format="a" text:start-value="3"/></text:list-style>
<text:list-style style:name="B"><text:list-level-style-bullet text:level="1"/></text:list-style>"""


def odf(kind: str, body: str, **parts: str) -> bytes:
    """Return a file with this body; `parts` are others, by their names."""
    content = (
        f"<office:document-content {NAMESPACES}><office:automatic-styles>{STYLES}</office:automatic-styles>"
        f"<office:body><office:{kind}>{body}</office:{kind}></office:body></office:document-content>"
    )
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", f"application/vnd.oasis.opendocument.{kind}")
        archive.writestr("content.xml", content)
        for name, text in parts.items():
            archive.writestr(f"{name}.xml", f"<office:part {NAMESPACES}>{text}</office:part>")
    return written.getvalue()


def load_one(body: str, **parts: str) -> Loaded:
    (loaded,) = load_text(odf("text", body, **parts))
    return loaded


def text_of(body: str) -> str:
    return write(load_one(body).blocks)[0]


LETTER = """<text:p text:style-name="Title">Règlement</text:p><text:h text:outline-level="1">Installation</text:h>

<text:p>Voir <text:a xlink:href="https://a.example/œ">le site</text:a>, 10<text:span
text:style-name="T2">3</text:span> et
<text:span text:style-name="T3">rien</text:span><text:note><text:note-citation>1</text:note-citation><text:note-body>
<text:p>En 1998.</text:p></text:note-body></text:note>.<text:line-break/>Suite<text:s text:c="3"/>ici.</text:p>
<text:list text:style-name="N"><text:list-item><text:p>Ouvrir.</text:p>
<text:p text:style-name="P1">make<text:tab/>a</text:p>
<text:p text:style-name="P1">make b</text:p></text:list-item><text:list-item><text:p>Fermer :</text:p><text:list>
<text:list-item><text:p>à clef</text:p></text:list-item></text:list></text:list-item></text:list>
<text:list text:style-name="N" text:continue-numbering="true"><text:list-item><text:p>Fin.</text:p></text:list-item>
</text:list>
<text:p text:style-name="Q1">Un.</text:p><text:p text:style-name="Q1">Deux.</text:p>
<table:table><table:table-header-rows><table:table-row><table:table-cell><text:p>Jour</text:p></table:table-cell>
<table:table-cell table:number-columns-spanned="2"><text:p>Heures</text:p></table:table-cell><table:covered-table-cell/>
</table:table-row></table:table-header-rows><table:table-row><table:table-cell table:number-rows-spanned="2">
<text:p>lundi</text:p></table:table-cell><table:table-cell><text:p>9 h</text:p></table:table-cell><table:table-cell>
<text:p>18 h</text:p></table:table-cell></table:table-row><table:table-row><table:covered-table-cell/><table:table-cell>
<text:p>10 h</text:p></table:table-cell><table:table-cell><text:p>19 h</text:p></table:table-cell></table:table-row>
</table:table>"""


def test_a_document_is_read_in_order() -> None:
    assert text_of(LETTER) == (
        "# Règlement\n\n# Installation\n\nVoir [le site](https://a.example/œ), 10³ et ~~rien~~.\nSuite ici.\n\n"
        "En 1998.\n\n"
        "1. Ouvrir.\n\n   ```\n   make a\n   make b\n   ```\n\n2. Fermer :\n   3. à clef\n3. Fin.\n\n"
        "> Un.\n>\n> Deux.\n\n"
        "| Jour | Heures | Heures |\n| --- | --- | --- |\n| lundi | 9 h | 18 h |\n| lundi | 10 h | 19 h |"
    )
    assert load_one(LETTER).title == "Règlement"


def test_what_is_hidden_deleted_or_a_comment_is_counted() -> None:
    loaded = load_one(
        """<text:tracked-changes><text:changed-region><text:deletion><text:p>Ôté</text:p></text:deletion>
</text:changed-region>
        </text:tracked-changes><text:p>Le code<text:span text:style-name="T1"> est 4471</text:span>.<office:annotation>
        <dc:creator>Anne</dc:creator><text:p>À revoir</text:p></office:annotation></text:p>
        <text:p><text:hidden-paragraph text:is-hidden="true"/>Caché</text:p>
        <text:section text:display="none"><text:p>Caché</text:p></text:section>
        <text:table-of-content><text:index-body><text:p>Un 3</text:p></text:index-body></text:table-of-content>"""
    )
    assert loaded.blocks == (Block("paragraph", "Le code."),)
    assert loaded.left_out == {"hidden texts": 3, "comments": 1, "lines of a table of contents": 1}


def test_a_box_is_read_after_its_paragraph() -> None:
    box = "<draw:frame><draw:text-box><text:p>Dans la boîte.</text:p></draw:text-box></draw:frame>"
    assert text_of(f"<text:p>Avant{box}, après.</text:p>") == "Avant, après.\n\nDans la boîte."


def test_margins_are_read_once_without_page_numbers() -> None:
    pages = """<office:master-styles><style:master-page style:name="Standard"><style:header>
<text:p>9 rue des Tisserands</text:p>
        </style:header><style:footer><text:p>Page <text:page-number>1</text:page-number></text:p></style:footer>
        </style:master-page><style:master-page style:name="Autre"><style:header><text:p>Inutile</text:p></style:header>
        </style:master-page></office:master-styles>"""
    loaded = load_one('<text:h text:outline-level="1">Un</text:h>', styles=pages)
    assert [block.text for block in loaded.blocks] == ["9 rue des Tisserands", "Un"]


def test_the_properties_may_give_the_title() -> None:
    meta = "<office:meta><dc:title> Le  guide </dc:title></office:meta>"
    assert load_one("<text:p>Texte.</text:p>", meta=meta).title == "Le guide"


def test_slides_stand_under_their_titles() -> None:
    frame = '<draw:frame presentation:class="{}"><draw:text-box>{}</draw:text-box></draw:frame>'
    item = "<text:list-item><text:p>{}</text:p></text:list-item>"
    items = f"<text:list>{item.format('Un')}{item.format('Deux')}</text:list>"
    notes = f"<presentation:notes>{frame.format('notes', '<text:p>À dire.</text:p>')}</presentation:notes>"
    (loaded,) = load_slides(
        odf(
            "presentation",
            f"<draw:page>{frame.format('outline', items)}{frame.format('title', '<text:p>Le bac</text:p>')}"
            f"{frame.format('page-number', '<text:p>1</text:p>')}{notes}</draw:page>"
            f'<draw:page draw:style-name="D1">{frame.format("title", "<text:p>Caché</text:p>")}</draw:page>',
        )
    )
    assert write(loaded.blocks)[0] == "## Le bac\n\n- Un\n- Deux\n\nÀ dire."
    assert loaded.left_out == {"hidden slides": 1}


def test_sheets_are_pairs_or_tables() -> None:
    def row(*texts: str) -> str:
        cells = "".join(f"<table:table-cell><text:p>{text}</text:p></table:table-cell>" for text in texts)
        return f'<table:table-row>{cells}<table:table-cell table:number-columns-repeated="16380"/></table:table-row>'

    blank = '<table:table-row table:number-rows-repeated="1048000"><table:table-cell/></table:table-row>'
    items = load_sheets(
        odf(
            "spreadsheet",
            f'<table:table table:name="Tarifs">{row("Âge", "Prix")}{row("Adulte", "12 $")}{blank}</table:table>'
            f'<table:table table:name="FAQ">{row("Question", "Réponse")}'
            f"{row('Où ?', 'À Lévis.')}{row('Quand ?', '')}</table:table>"
            f'<table:table table:name="Non" table:style-name="H1">{row("a", "b")}</table:table>',
        )
    )
    assert items == [
        Loaded(
            (Block("heading", "Tarifs", level=1), Block("table", rows=(("Âge", "Prix"), ("Adulte", "12 $")))),
            left_out={"hidden sheets": 1},
        ),
        Loaded((Block("paragraph", "À Lévis."),), title="Où ?", line=2, is_pair=True),
        Fault(3, "has no answer"),
    ]


def test_a_hidden_row_or_column_is_left_out() -> None:
    cell = "<table:table-cell><text:p>{}</text:p></table:table-cell>"
    (loaded,) = load_sheets(
        odf(
            "spreadsheet",
            '<table:table table:name="Feuille1"><table:table-column/><table:table-column table:visibility="collapse"/>'
            "<table:table-column/>"
            + "".join(
                f"<table:table-row {hidden}>{''.join(cell.format(text) for text in texts)}</table:table-row>"
                for hidden, texts in (("", "abc"), ('table:visibility="filter"', "def"), ("", "ghi"))
            )
            + "</table:table>",
        )
    )
    assert isinstance(loaded, Loaded)
    assert loaded.blocks == (Block("table", rows=(("a", "c"), ("g", "i"))),)
    assert loaded.left_out == {"hidden columns": 1, "hidden rows": 1}


def test_an_encrypted_file_says_so() -> None:
    data = odf("text", "", **{"META-INF/manifest": "<x><encryption-data/></x>"})
    with pytest.raises(UnreadableError, match="is encrypted"):
        load_text(data)


def test_an_xml_bomb_is_refused() -> None:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        archive.writestr("content.xml", billion_laughs("x") + b"<x>&lol9;</x>")
    with pytest.raises(UnreadableError, match="XML bombs"):
        load_text(written.getvalue())


def test_a_sheet_that_repeats_without_end_is_refused() -> None:
    cell = '<table:table-cell table:number-columns-repeated="16384"><text:p>a</text:p></table:table-cell>'
    row = f'<table:table-row table:number-rows-repeated="1048576">{cell}</table:table-row>'
    with pytest.raises(UnreadableError, match="more than"):
        load_sheets(odf("spreadsheet", f'<table:table table:name="a">{row}</table:table>'))


def written_as_odf(blocks: Sequence[Block]) -> Iterator[str]:
    """Write blocks as LibreOffice does."""
    at = 0
    while at < len(blocks):
        block = blocks[at]
        at += 1
        match block.kind:
            case "heading":
                yield f'<text:h text:outline-level="{block.level}">{escape(block.text)}</text:h>'
            case "code":
                yield from (f'<text:p text:style-name="P1">{escape(line)}</text:p>' for line in block.text.split("\n"))
            case "table":
                cell = "<table:table-cell><text:p>{}</text:p></table:table-cell>"
                rows = ("".join(cell.format(escape(text)) for text in row) for row in block.rows)
                lines = "".join(f"<table:table-row>{row}</table:table-row>" for row in rows)
                yield f"<table:table>{lines}</table:table>"
            case "item":
                end = at
                while end < len(blocks) and blocks[end].kind == "item" and blocks[end].depth > block.depth:
                    end += 1
                inner = "".join(written_as_odf(blocks[at:end]))
                yield (
                    f'<text:list text:style-name="B"><text:list-item><text:p>{escape(block.text)}</text:p>{inner}'
                    "</text:list-item></text:list>"
                )
                at = end
            case _:
                yield f"<text:p>{escape(block.text)}</text:p>"


@settings(max_examples=60, deadline=None)
@given(blocks=BLOCKS)
def test_whatever_blocks_are_written_are_read_back(blocks: list[Block]) -> None:
    assert load_one("".join(written_as_odf(blocks))).blocks == tuple(blocks)
