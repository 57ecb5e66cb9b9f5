import io
from collections.abc import Callable

import docx
import pytest
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import RGBColor
from hypothesis import given, settings

from index.blocks import Block
from index.loaders.loaded import Loaded, UnreadableError
from index.loaders.office.docx import load
from index.writing import write
from tests.index.loaders.files import billion_laughs, pixel, rewritten, word, word_of, zip_bomb
from tests.index.loaders.trees import BLOCKS

NAMESPACES = (
    nsdecls("w", "r", "wp", "a")
    + ' xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    + ' xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
    + ' xmlns:v="urn:schemas-microsoft-com:vml" xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
)


def load_one(data: bytes) -> Loaded:
    (loaded,) = load(data)
    return loaded


def text_of(data: bytes) -> str:
    return write(load_one(data).blocks)[0]


def fill(document: docx.document.Document) -> None:
    document.add_heading("Règlement intérieur", 0)
    document.add_paragraph("L’œuvre «\u00a0Où naît l’été\u00a0» coûte 3,5\u00a0M$.")
    document.add_heading("Installation", 1)
    document.add_paragraph("Premier point.", style="List Bullet")
    document.add_paragraph("Détail.", style="List Bullet 2")
    document.add_paragraph("Suite\ndu premier.", style="List Continue")
    document.add_paragraph("Second point.", style="List Bullet")
    document.add_heading("Tarifs", 2)
    table = document.add_table(2, 2)
    for cell, text in zip(table._cells, ["Âge", "Prix", "Adulte", "12\u00a0$"], strict=True):
        cell.text = text
    document.add_paragraph("Ouvrir.", style="List Number")
    document.add_paragraph("Fermer.", style="List Number")
    document.add_paragraph("Rien ne sert de courir.", style="Quote")
    document.add_paragraph("Saut\nde ligne.")


def test_a_document_is_read_in_order() -> None:
    assert text_of(word(fill)) == (
        "# Règlement intérieur\n\nL’œuvre «\u00a0Où naît l’été\u00a0» coûte 3,5\u00a0M$.\n\n# Installation\n\n"
        "- Premier point.\n  - Détail.\n\n  Suite du premier.\n\n- Second point.\n\n## Tarifs\n\n"
        "| Âge | Prix |\n| --- | --- |\n| Adulte | 12\u00a0$ |\n\n1. Ouvrir.\n2. Fermer.\n\n"
        "> Rien ne sert de courir.\n\nSaut\nde ligne."
    )


def test_the_title_is_what_is_styled_so() -> None:
    assert load_one(word(fill)).title == "Règlement intérieur"
    assert load_one(word_of("Texte.")).title is None


def changed(xml: str, placeholder: bytes = b"<w:r><w:t>ICI</w:t></w:r>") -> bytes:
    """Return a document whose paragraph ICI holds other XML."""
    return rewritten(word_of("ICI"), "word/document.xml", lambda data: data.replace(placeholder, xml.encode()))


def body(xml: str, **relations: str) -> bytes:
    """Return a document whose body is this XML, with links by their ids."""

    def put(document: docx.document.Document) -> None:
        content = xml
        for name, target in relations.items():
            xml_id = document.part.relate_to(
                target,
                "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink",
                is_external=True,
            )
            content = content.replace(f'"{name}"', f'"{xml_id}"')
        root = parse_xml(f"<w:body {NAMESPACES}>{content}</w:body>")
        for node in list(root):
            document.element.body.insert(len(document.element.body) - 1, node)

    return word(put)


def run(text: str, look: str = "") -> str:
    return f'<w:r><w:rPr>{look}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def paragraph(*runs: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr>{''.join(runs)}</w:p>"


class TestHeadings:
    @pytest.mark.parametrize(
        ("name", "level"),
        [
            ("Titre 1", 1),
            ("Titre 3", 3),
            ("heading 2", 2),
            ("Heading 9", 6),
            ("Titre", 1),
            ("Sous-titre", 0),
            ("Titrage 1", 0),
        ],
    )
    def test_they_are_known_by_the_name_of_their_style(self, name: str, level: int) -> None:
        def write_styled(document: docx.document.Document) -> None:
            document.styles.add_style("Maison", WD_STYLE_TYPE.PARAGRAPH).element.name_val = name
            document.add_paragraph("Où ?", style="Maison") if name not in document.styles else document.add_paragraph(
                "Où ?", style=document.styles[name]
            )

        (block,) = load_one(word(write_styled)).blocks
        assert block == Block("heading" if level else "paragraph", "Où ?", level=level)

    def test_a_style_that_is_based_on_a_heading_is_one(self) -> None:
        def write_styled(document: docx.document.Document) -> None:
            document.styles.add_style("Chapitre", WD_STYLE_TYPE.PARAGRAPH).base_style = document.styles["Heading 2"]
            document.add_paragraph("Où ?", style="Chapitre")

        assert load_one(word(write_styled)).blocks == (Block("heading", "Où ?", level=2),)

    @pytest.mark.parametrize(
        ("outline", "block"), [(0, Block("heading", "Où ?", level=1)), (9, Block("paragraph", "Où ?"))]
    )
    def test_the_outline_level_of_a_paragraph_tells(self, outline: int, block: Block) -> None:
        data = body(paragraph(run("Où ?"), properties=f'<w:outlineLvl w:val="{outline}"/>'))
        assert load_one(data).blocks == (block,)

    def test_a_style_that_no_part_defines_is_known_by_its_id(self) -> None:
        data = body(paragraph(run("Où ?"), properties='<w:pStyle w:val="Titre2"/>'))
        assert load_one(data).blocks == (Block("heading", "Où ?", level=2),)

    def test_words_that_number_a_heading_are_part_of_it(self) -> None:
        numbering = (
            '<w:abstractNum w:abstractNumId="90"><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="upperRoman"/>'
            '<w:lvlText w:val="Article %1 –"/></w:lvl></w:abstractNum>'
        )
        article = '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="90"/></w:numPr><w:outlineLvl w:val="1"/>'
        data = rewritten(
            body(paragraph(run("Objet"), properties=article) + paragraph(run("Siège"), properties=article)),
            "word/numbering.xml",
            lambda xml: xml.replace(b"<w:num ", numbering.encode() + b"<w:num ", 1).replace(
                b"</w:numbering>", b'<w:num w:numId="90"><w:abstractNumId w:val="90"/></w:num></w:numbering>'
            ),
        )
        assert [block.text for block in load_one(data).blocks] == ["Article I – Objet", "Article II – Siège"]


class TestTrackedChanges:
    def test_inserted_text_is_read_and_deleted_text_is_counted(self) -> None:
        xml = (
            run("Texte ") + f'<w:ins w:id="1" w:author="a">{run("inséré")}</w:ins>'
            '<w:del w:id="2" w:author="a"><w:r><w:delText>ôté</w:delText></w:r></w:del>'
            f'<w:moveFrom w:id="3" w:author="a"><w:r><w:delText>parti</w:delText></w:r></w:moveFrom>{run(".")}'
        )
        loaded = load_one(changed(xml))
        assert loaded.blocks == (Block("paragraph", "Texte inséré."),)
        assert loaded.left_out == {"deleted texts": 2}

    def test_a_paragraph_whose_end_was_deleted_goes_on_with_the_next(self) -> None:
        gone = '<w:rPr><w:del w:id="1" w:author="a"/></w:rPr>'
        data = body(
            paragraph(run("Le bac "), properties=gone)
            + paragraph(run("part."))
            + paragraph(run("Fin"), properties=gone)
        )
        assert [block.text for block in load_one(data).blocks] == ["Le bac part.", "Fin"]

    def test_a_deleted_row_is_left_out(self) -> None:
        row = "<w:tr>{}<w:tc><w:p>{}</w:p></w:tc><w:tc><w:p>{}</w:p></w:tc></w:tr>"
        gone = '<w:trPr><w:del w:id="1" w:author="a"/></w:trPr>'
        xml = (
            row.format("", run("a"), run("b"))
            + row.format(gone, run("c"), run("d"))
            + row.format("", run("e"), run("f"))
        )
        loaded = load_one(body(f"<w:tbl>{xml}</w:tbl>"))
        assert loaded.blocks == (Block("table", rows=(("a", "b"), ("e", "f"))),)
        assert loaded.left_out == {"deleted texts": 1}


class TestHiddenText:
    def test_it_is_left_out_and_counted(self) -> None:
        data = body(
            paragraph(run("Le code est 4471.", "<w:vanish/>"))
            + paragraph(
                run("Cinq euros"), run(" (sauf "), run("amis", "<w:vanish/>"), run(")", '<w:vanish w:val="0"/>')
            )
        )
        loaded = load_one(data)
        assert loaded.blocks == (Block("paragraph", "Cinq euros (sauf )"),)
        assert loaded.left_out == {"hidden texts": 2}

    @pytest.mark.parametrize("kind", [WD_STYLE_TYPE.PARAGRAPH, WD_STYLE_TYPE.CHARACTER])
    def test_a_style_may_hide_it(self, kind: WD_STYLE_TYPE) -> None:
        def hide(document: docx.document.Document) -> None:
            document.styles.add_style("Secret", kind).font.hidden = True
            document.styles.add_style("Plus secret", kind).base_style = document.styles["Secret"]
            text = document.add_paragraph("", "Plus secret" if kind == WD_STYLE_TYPE.PARAGRAPH else None)
            text.add_run("Caché", "Plus secret" if kind == WD_STYLE_TYPE.CHARACTER else None)
            document.add_paragraph("Montré")

        loaded = load_one(word(hide))
        assert [block.text for block in loaded.blocks] == ["Montré"]
        assert loaded.left_out == {"hidden texts": 1}

    @pytest.mark.parametrize(
        "look",
        [
            '<w:sz w:val="2"/>',
            '<w:color w:val="FFFFFF"/>',
            '<w:color w:val="fefefe"/>',
            '<w:color w:val="auto" w:themeColor="background1"/>',
        ],
    )
    def test_what_is_too_small_or_white_on_white_is_left_out(self, look: str) -> None:
        loaded = load_one(body(paragraph(run("Vu."), run("Caché.", look))))
        assert loaded.blocks == (Block("paragraph", "Vu."),)
        assert loaded.left_out == {"hidden texts": 1}

    @pytest.mark.parametrize(
        "look",
        [
            '<w:sz w:val="12"/>',
            '<w:color w:val="auto"/>',
            '<w:color w:val="FFFFFF"/><w:shd w:val="clear" w:fill="000000"/>',
            '<w:color w:val="FFFFFF"/><w:highlight w:val="black"/>',
        ],
    )
    def test_white_on_a_colour_can_be_read(self, look: str) -> None:
        assert load_one(body(paragraph(run("Vu.", look)))).blocks == (Block("paragraph", "Vu."),)

    def test_white_in_a_table_can_be_read_for_its_style_may_paint_it(self) -> None:
        def head(document: docx.document.Document) -> None:
            table = document.add_table(2, 2)
            for number, cell in enumerate(cell for row in table.rows for cell in row.cells):
                cell.paragraphs[0].add_run(f"c{number}").font.color.rgb = RGBColor(255, 255, 255)

        (table,) = load_one(word(head)).blocks
        assert table.rows[-2:] == (("c0", "c1"), ("c2", "c3"))

    def test_comments_are_counted(self) -> None:
        def comment(document: docx.document.Document) -> None:
            document.add_comment(document.add_paragraph("Texte.").runs, "À revoir.")

        loaded = load_one(word(comment))
        assert [block.text for block in loaded.blocks] == ["Texte."]
        assert loaded.left_out == {"comments": 1}


class TestLinks:
    def test_the_address_is_kept(self) -> None:
        xml = paragraph(
            run("Voir "), f'<w:hyperlink r:id="rA">{run("le ")}{run("site", "<w:b/>")}</w:hyperlink>', run(".")
        )
        assert load_one(body(xml, rA="https://a.example/œ")).blocks[0].text == "Voir [le site](https://a.example/œ)."

    def test_a_link_within_the_document_is_its_words(self) -> None:
        xml = paragraph(f'<w:hyperlink w:anchor="a">{run("Champ lié.")}</w:hyperlink>')
        assert load_one(body(xml)).blocks[0].text == "Champ lié."

    def test_a_field_may_be_a_link(self) -> None:
        simple = f'<w:fldSimple w:instr=" HYPERLINK &quot;https://a.example&quot; ">{run("ici")}</w:fldSimple>'
        char = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'
        code = '<w:r><w:instrText> HYPERLINK "https://b.example" </w:instrText></w:r>'
        field = char.format("begin") + code + char.format("separate") + run("là") + char.format("end")
        data = body(paragraph(simple, run(" et "), field, run(".")))
        assert load_one(data).blocks[0].text == "[ici](https://a.example) et [là](https://b.example)."

    @pytest.mark.parametrize("target", ["mailto:a@b.example", "file:///C:/a.docx", "javascript:alert(1)"])
    def test_what_leads_to_no_page_is_its_words(self, target: str) -> None:
        xml = paragraph(f'<w:hyperlink r:id="rA">{run("ici")}</w:hyperlink>')
        assert load_one(body(xml, rA=target)).blocks[0].text == "ici"


class TestMargins:
    def test_they_are_read_once_before_the_first_heading(self) -> None:
        def head(document: docx.document.Document) -> None:
            document.add_heading("Règlement", 1)
            for _ in range(2):
                section = document.add_section()
                section.header.is_linked_to_previous = False
                section.header.paragraphs[0].text = "9 rue des Tisserands"
                section.footer.is_linked_to_previous = False
                section.footer.paragraphs[0].text = "Règlement"
            document.add_paragraph("Texte.")

        assert text_of(word(head)) == "9 rue des Tisserands\n\n# Règlement\n\nTexte."

    def test_numbers_of_pages_are_left_out(self) -> None:
        number = '<w:fldSimple w:instr=" PAGE "><w:r><w:t>3</w:t></w:r></w:fldSimple>'
        total = '<w:fldSimple w:instr=" NUMPAGES "><w:r><w:t>8</w:t></w:r></w:fldSimple>'

        def foot(document: docx.document.Document) -> None:
            document.add_paragraph("Texte.")
            footer = document.sections[0].footer
            for xml in (run("Lumenval – Page ") + number + run(" sur ") + total, run("Page ") + number):
                footer._element.append(parse_xml(f"<w:p {NAMESPACES}>{xml}</w:p>"))

        assert text_of(word(foot)) == "Texte.\n\nLumenval"

    @pytest.mark.parametrize("used", [True, False])
    def test_those_of_a_first_page_that_is_like_the_others_are_not_shown(self, used: bool) -> None:
        def head(document: docx.document.Document) -> None:
            document.sections[0].first_page_header.paragraphs[0].text = "Première"
            document.sections[0].different_first_page_header_footer = used

        assert text_of(word(head)) == ("Première" if used else "")


BOX = (
    "<w:r><mc:AlternateContent><mc:Choice Requires='wps'><w:drawing><wp:inline><a:graphic><a:graphicData><wps:wsp>"
    "<wps:txbx><w:txbxContent>{0}</w:txbxContent></wps:txbx></wps:wsp></a:graphicData></a:graphic></wp:inline></w:drawing>"
    "</mc:Choice><mc:Fallback><w:pict><v:shape><v:textbox><w:txbxContent>{0}</w:txbxContent></v:textbox></v:shape></w:pict>"
    "</mc:Fallback></mc:AlternateContent></w:r>"
)


def test_a_text_box_is_read_once_after_its_paragraph() -> None:
    box = BOX.format(paragraph(run("Dans la boîte.")) + paragraph(run("Encore.")))
    data = body(paragraph(run("Avant,"), box, run(" après.")) + paragraph(run("Fin.")))
    assert text_of(data) == "Avant, après.\n\nDans la boîte.\n\nEncore.\n\nFin."


def test_a_box_of_an_older_program_is_read() -> None:
    content = f"<w:txbxContent>{paragraph(run('Boîte.'))}</w:txbxContent>"
    box = f"<w:r><w:pict><v:shape><v:textbox>{content}</v:textbox></v:shape></w:pict></w:r>"
    assert text_of(body(paragraph(box))) == "Boîte."


def test_content_controls_are_read_but_not_what_they_prompt() -> None:
    control = "<w:sdt><w:sdtPr>{}</w:sdtPr><w:sdtContent>{}</w:sdtContent></w:sdt>"
    data = body(
        control.format("", paragraph(run("Champ")))
        + paragraph(control.format("<w:showingPlcHdr/>", run("Cliquez ici")))
        + "<w:p/>"
    )
    loaded = load_one(data)
    assert loaded.blocks == (Block("paragraph", "Champ"),)
    assert loaded.left_out == {"empty fields of a form": 1}


def test_a_note_follows_the_paragraph_that_cites_it() -> None:
    main = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"
    notes = (
        f'<w:footnotes {main}><w:footnote w:id="2"><w:p><w:r><w:t>En 1998.</w:t></w:r></w:p></w:footnote></w:footnotes>'
    )
    cited = run("Achetée") + '<w:r><w:footnoteReference w:id="2"/></w:r>' + run(" ici.")
    relation = f'<Relationship Id="rNotes" Type="{kind}" Target="footnotes.xml"/></Relationships>'.encode()
    data = rewritten(
        body(paragraph(cited) + paragraph(run("Fin."))),
        "word/_rels/document.xml.rels",
        lambda data: data.replace(b"</Relationships>", relation),
        footnotes=notes,
    )
    assert text_of(data) == "Achetée ici.\n\nEn 1998.\n\nFin."


def test_code_is_known_by_its_style() -> None:
    def code(document: docx.document.Document) -> None:
        document.styles.add_style("HTML Preformatted", WD_STYLE_TYPE.PARAGRAPH)
        document.styles.add_style("HTML Code", WD_STYLE_TYPE.CHARACTER)
        document.add_paragraph("Lancez ").add_run("make  test", "HTML Code")
        document.add_paragraph("if a:", "HTML Preformatted")
        document.add_paragraph("    b\n    c", "HTML Preformatted")

    assert load_one(word(code)).blocks == (
        Block("paragraph", "Lancez `make test`"),
        Block("code", "if a:\n    b\n    c"),
    )


def test_a_formula_and_a_power_keep_their_value() -> None:
    half = "<m:oMath><m:f><m:num><m:r><m:t>1</m:t></m:r></m:num><m:den><m:r><m:t>2</m:t></m:r></m:den></m:f></m:oMath>"
    power = run("3", '<w:vertAlign w:val="superscript"/>')
    ordinal = run("er", '<w:vertAlign w:val="superscript"/>')
    data = body(paragraph(run("x = "), half, run(", 10"), power, run(", 1"), ordinal))
    assert load_one(data).blocks[0].text == "x = 1/2, 10³, 1er"


def test_struck_words_are_marked() -> None:
    assert load_one(body(paragraph(run("Gratuit", "<w:strike/>"), run(" 5 €")))).blocks[0].text == "~~Gratuit~~ 5 €"


class TestTables:
    def test_merged_cells_are_repeated(self) -> None:
        def fill_table(document: docx.document.Document) -> None:
            table = document.add_table(3, 3)
            for cell, text in zip(table._cells, "Jour Matin Soir lundi 9h 18h x 10h 19h".split(), strict=True):
                cell.text = text
            table.cell(1, 0).merge(table.cell(2, 0)).text = "lundi"
            table.cell(0, 1).merge(table.cell(0, 2)).text = "Heures"

        assert load_one(word(fill_table)).blocks == (
            Block("table", rows=(("Jour", "Heures", "Heures"), ("lundi", "9h", "18h"), ("lundi", "10h", "19h"))),
        )

    def test_a_column_that_is_merged_in_every_row_is_one(self) -> None:
        def fill_table(document: docx.document.Document) -> None:
            table = document.add_table(2, 3)
            for row, texts in enumerate((("Âge", "Prix"), ("Adulte", "12 $"))):
                table.cell(row, 0).merge(table.cell(row, 1)).text = texts[0]
                table.cell(row, 2).text = texts[1]

        assert load_one(word(fill_table)).blocks == (Block("table", rows=(("Âge", "Prix"), ("Adulte", "12 $"))),)

    @pytest.mark.parametrize("heading", [True, False])
    def test_one_that_only_lays_out_the_page_is_what_it_holds(self, heading: bool) -> None:
        def lay_out(document: docx.document.Document) -> None:
            table = document.add_table(1, 2 if heading else 1)
            table.cell(0, 0).paragraphs[0].text = "Un."
            table.cell(0, 0).add_paragraph("Deux.", "Heading 1" if heading else None)
            if heading:
                table.cell(0, 1).text = "Trois."

        assert text_of(word(lay_out)) == ("Un.\n\n# Deux.\n\nTrois." if heading else "Un.\n\nDeux.")

    def test_a_width_that_lies_is_bounded(self) -> None:
        cell = f'<w:tc><w:tcPr><w:gridSpan w:val="2000000000"/></w:tcPr><w:p>{run("a")}</w:p></w:tc>'
        data = body(f"<w:tbl><w:tr>{cell}<w:tc><w:p>{run('b')}</w:p></w:tc></w:tr></w:tbl>")
        assert load_one(data).blocks == (Block("table", rows=(("a", "b"),)),)


def deep(levels: int) -> bytes:
    return changed(f"{'<w:ins>' * levels}{'</w:ins>' * levels}")


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        pytest.param(word_of("Texte.")[:5000], "damaged", id="truncated"),
        pytest.param(b"", "damaged", id="empty"),
        pytest.param(b"PK\x03\x04" + bytes(range(256)), "damaged", id="junk"),
        pytest.param(
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500), "encrypted, or of Office 97", id="old or encrypted"
        ),
        pytest.param(rewritten(word_of("x"), "word/document.xml", lambda data: data[:300]), "damaged", id="cut XML"),
        pytest.param(zip_bomb(), "zip bombs", id="zip bomb"),
        pytest.param(deep(2000), "nests its parts", id="deep"),
    ],
)
def test_what_cannot_be_read_says_why(data: bytes, reason: str) -> None:
    with pytest.raises(UnreadableError, match=reason):
        load(data)


@pytest.mark.parametrize("part", ["word/document.xml", "word/styles.xml", "word/_rels/document.xml.rels"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_an_xml_bomb_in_any_part_that_is_parsed_is_refused(part: str, encoding: str) -> None:
    def arm(data: bytes) -> bytes:
        body = data.decode().split("?>", 1)[1]
        declared = f'<?xml version="1.0" encoding="{encoding}"?>'
        return (declared + billion_laughs("x").decode() + body.replace(">Texte.<", ">&lol9;<")).encode(encoding)

    with pytest.raises(UnreadableError, match="XML bombs"):
        load(rewritten(word_of("Texte."), part, arm))


def test_a_size_that_lies_gains_nothing() -> None:
    data = bytearray(zip_bomb())
    at = data.index(b"PK\x01\x02")
    while not data[at + 46 :].startswith(b"word/document.xml"):
        at = data.index(b"PK\x01\x02", at + 4)
    data[at + 24 : at + 28] = (1000).to_bytes(4, "little")  # its size once unpacked, in the central directory
    with pytest.raises(UnreadableError):
        load(bytes(data))


def test_pictures_are_left_out() -> None:
    def draw(document: docx.document.Document) -> None:
        document.add_paragraph("Avant.")
        document.add_picture(io.BytesIO(pixel()))
        document.add_paragraph("Après.")

    assert text_of(word(draw)) == "Avant.\n\nAprès."


def test_an_empty_document_is_empty() -> None:
    assert load_one(word_of()).blocks == ()


def writer(document: docx.document.Document) -> Callable[[Block], None]:
    """Return what writes a block into a document as Word does."""
    document.styles.add_style("HTML Preformatted", WD_STYLE_TYPE.PARAGRAPH)

    def put_block(block: Block) -> None:
        match block.kind:
            case "heading":
                document.add_heading(block.text, block.level)
            case "item":
                document.add_paragraph(block.text, "List Bullet" + (f" {block.depth + 1}" if block.depth else ""))
            case "code":
                document.add_paragraph(block.text, "HTML Preformatted")
            case "table":
                table = document.add_table(len(block.rows), len(block.rows[0]))
                for cell, text in zip(table._cells, [t for row in block.rows for t in row], strict=True):
                    cell.text = text
                document.add_paragraph()
            case _:
                document.add_paragraph(block.text)

    return put_block


@settings(max_examples=15, deadline=None)
@given(blocks=BLOCKS)
def test_whatever_blocks_are_written_are_read_back(blocks: list[Block]) -> None:
    def write_all(document: docx.document.Document) -> None:
        put = writer(document)
        for block in blocks:
            put(block)

    assert load_one(word(write_all)).blocks == tuple(blocks)
