import io

import docx
import pytest

from index.loaders.docx import load
from index.loaders.loaded import Loaded, UnreadableError
from tests.index.loaders.files import billion_laughs, pixel, rewritten, word, word_of, zip_bomb


def load_one(data: bytes) -> Loaded:
    (loaded,) = load(data)
    return loaded


def fill(document: docx.document.Document) -> None:
    document.add_heading("Règlement intérieur", 0)
    document.add_paragraph("L’œuvre «\u00a0Où naît l’été\u00a0» coûte 3,5\u00a0M$.")
    document.add_heading("Installation", 1)
    document.add_paragraph("Premier point.", style="List Bullet")
    document.add_paragraph("Second point.", style="List Bullet")
    document.add_heading("Tarifs", 2)
    table = document.add_table(2, 2)
    for cell, text in zip(table._cells, ["Âge", "Prix", "Adulte", "12\u00a0$"], strict=True):
        cell.text = text
    document.add_paragraph("Saut\nde ligne.")
    document.sections[0].header.paragraphs[0].text = "EN-TÊTE"


def test_paragraphs_lists_and_tables_come_in_order() -> None:
    assert load_one(word(fill)).text == (
        "# Règlement intérieur\n\nL’œuvre «\u00a0Où naît l’été\u00a0» coûte 3,5\u00a0M$.\n\n# Installation\n\n"
        "- Premier point.\n- Second point.\n\n## Tarifs\n\n| Âge | Prix |\n| Adulte | 12\u00a0$ |\n\nSaut\nde ligne."
    )


def test_headings_are_sections() -> None:
    loaded = load_one(word(fill))
    assert [(s.label, loaded.text[s.start :].split("\n")[0]) for s in loaded.sections] == [
        ("§ Règlement intérieur", "# Règlement intérieur"),
        ("§ Installation", "# Installation"),
        ("§ Tarifs", "## Tarifs"),
    ]


def changed(xml: str, placeholder: bytes = b"<w:r><w:t>ICI</w:t></w:r>") -> bytes:
    """Return a document whose paragraph ICI holds other XML."""
    return rewritten(word_of("ICI"), "word/document.xml", lambda data: data.replace(placeholder, xml.encode()))


def test_inserted_text_is_read_and_deleted_text_is_not() -> None:
    xml = (
        '<w:r><w:t xml:space="preserve">Texte </w:t></w:r><w:ins w:id="1" w:author="a"><w:r><w:t>inséré</w:t></w:r>'
        '</w:ins><w:del w:id="2" w:author="a"><w:r><w:delText>ôté</w:delText></w:r></w:del><w:r><w:t>.</w:t></w:r>'
    )
    assert load_one(changed(xml)).text == "Texte inséré."


def test_content_controls_and_links_are_read() -> None:
    run = "<w:r><w:t>{}</w:t></w:r>"
    xml = f"<w:sdt><w:sdtContent>{run.format('Champ')}</w:sdtContent></w:sdt>"
    xml += f'<w:hyperlink w:anchor="a">{run.format(" lié.")}</w:hyperlink>'.replace(
        "<w:t>", '<w:t xml:space="preserve">'
    )
    assert load_one(changed(xml)).text == "Champ lié."


def test_notes_come_at_the_end_without_their_marks() -> None:
    main = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"
    notes = (
        f'<w:footnotes {main}><w:footnote w:id="2"><w:p><w:r><w:t>En 1998.</w:t></w:r></w:p></w:footnote></w:footnotes>'
    )
    cited = changed(
        '<w:r><w:t>Achetée</w:t></w:r><w:r><w:footnoteReference w:id="2"/></w:r><w:r><w:t> ici.</w:t></w:r>'
    )
    relation = f'<Relationship Id="rNotes" Type="{kind}" Target="footnotes.xml"/></Relationships>'.encode()
    data = rewritten(
        cited,
        "word/_rels/document.xml.rels",
        lambda data: data.replace(b"</Relationships>", relation),
        footnotes=notes,
    )
    assert load_one(data).text == "Achetée ici.\n\n1. En 1998."


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        pytest.param(word_of("Texte.")[:5000], "damaged", id="truncated"),
        pytest.param(b"", "damaged", id="empty"),
        pytest.param(b"PK\x03\x04" + bytes(range(256)), "damaged", id="junk"),
        pytest.param(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500), "encrypted, or a .doc", id="old or encrypted"),
        pytest.param(rewritten(word_of("x"), "word/document.xml", lambda data: data[:300]), "damaged", id="cut XML"),
        pytest.param(zip_bomb(), "zip bombs", id="zip bomb"),
    ],
)
def test_what_cannot_be_read_says_why(data: bytes, reason: str) -> None:
    with pytest.raises(UnreadableError, match=reason):
        load(data)


@pytest.mark.parametrize(
    "part", ["word/document.xml", "word/styles.xml", "[Content_Types].xml", "word/_rels/document.xml.rels"]
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_an_xml_bomb_in_any_part_is_refused(part: str, encoding: str) -> None:
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

    assert load_one(word(draw)).text == "Avant.\n\nAprès."


def test_an_empty_document_is_empty() -> None:
    assert load_one(word_of()).text == ""
