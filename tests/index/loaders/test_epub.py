import io
import zipfile
from collections.abc import Sequence
from dataclasses import replace
from html import escape

import pytest
from hypothesis import given, settings

from index.blocks import Block
from index.loaders.epub import load
from index.loaders.loaded import Loaded, UnreadableError
from tests.index.loaders.files import billion_laughs
from tests.index.loaders.trees import BLOCKS

PACKAGE = """<package xmlns="http://www.idpf.org/2007/opf" version="3.0"><metadata xmlns:dc="http://purl.org/dc/elements/1.1/">
<dc:title>Le guide  du bac</dc:title><dc:language>fr</dc:language><dc:source>https://bac.example</dc:source></metadata>
<manifest><item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>{items}</manifest>
<spine><itemref idref="nav"/>{references}</spine></package>"""


def book(*chapters: str, package: str = PACKAGE, **parts: str) -> bytes:
    """Return a book of these chapters, each the body of a page; they are read from the last to the first."""
    items = "".join(
        f'<item id="c{n}" href="un%20{n}.xhtml" media-type="application/xhtml+xml"/>' for n in range(len(chapters))
    )
    references = "".join(f'<itemref idref="c{n}"/>' for n in reversed(range(len(chapters))))
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/epub+zip")
        archive.writestr(
            "META-INF/container.xml",
            '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
            '<rootfile full-path="OEBPS/a.opf"/></rootfiles></container>',
        )
        archive.writestr("OEBPS/a.opf", package.format(items=items, references=references))
        archive.writestr("OEBPS/nav.xhtml", "<html><body><nav>Chapitre un</nav></body></html>")
        for number, chapter in enumerate(chapters):
            archive.writestr(
                f"OEBPS/un {number}.xhtml",
                f'<?xml version="1.0"?><!DOCTYPE html><html xmlns="http://www.w3.org/1999/xhtml"><head><title>x</title>'
                f"</head><body>{chapter}</body></html>",
            )
        for name, text in parts.items():
            archive.writestr(name, text)
    return written.getvalue()


def load_one(data: bytes) -> Loaded:
    (loaded,) = load(data)
    return loaded


def test_chapters_are_read_in_their_order() -> None:
    assert load_one(book("<h1>Deux</h1><p>À midi.</p>", "<h1>Un</h1><p>L’œuvre.</p>")) == Loaded(
        (
            Block("heading", "Un", level=1),
            Block("paragraph", "L’œuvre."),
            Block("heading", "Deux", level=1),
            Block("paragraph", "À midi."),
        ),
        "Le guide du bac",
        "fr",
        "https://bac.example",
    )


def test_quotes_of_two_chapters_are_told_apart() -> None:
    quote = "<blockquote><p>Un.</p></blockquote>"
    assert [block.frame for block in load_one(book(quote, quote)).blocks] == [1, 2]


def test_marks_and_hidden_texts_are_left_out() -> None:
    chapter = (
        '<p>Achetée<a epub:type="noteref" href="#n">1</a><span epub:type="pagebreak">12</span>.</p>'
        '<p hidden="">Caché</p>'
        '<p id="n">En 1998.<a role="doc-backlink" href="#a">↩</a></p>'
    )
    loaded = load_one(book(chapter))
    assert [block.text for block in loaded.blocks] == ["Achetée.", "En 1998."]
    assert loaded.left_out == {"hidden texts": 1}


def test_a_protected_book_says_so() -> None:
    rights = '<encryption><CipherReference URI="OEBPS/un%200.xhtml"/></encryption>'
    with pytest.raises(UnreadableError, match="protected against copying"):
        load(book("<p>Un.</p>", **{"META-INF/encryption.xml": rights}))


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "damaged"),
        (book("<p>Un.</p>")[:600], "damaged"),
        (book(package=billion_laughs("x").decode() + "<x>&lol9;</x>"), "XML bombs"),
    ],
    ids=["empty", "cut", "bomb"],
)
def test_what_cannot_be_read_says_why(data: bytes, reason: str) -> None:
    with pytest.raises(UnreadableError, match=reason):
        load(data)


def written_as_html(blocks: Sequence[Block]) -> str:
    parts = []
    at = 0
    while at < len(blocks):
        block = blocks[at]
        at += 1
        match block.kind:
            case "heading":
                parts.append(f"<h{block.level}>{escape(block.text)}</h{block.level}>")
            case "code":
                parts.append(f"<pre><code>{escape(block.text)}</code></pre>")
            case "table":
                header, *rows = ("".join(f"<td>{escape(t)}</td>" for t in row) for row in block.rows)
                body = "".join(f"<tr>{row}</tr>" for row in rows)
                parts.append(f"<table><thead><tr>{header}</tr></thead><tbody>{body}</tbody></table>")
            case "item":
                end = at
                while end < len(blocks) and blocks[end].kind == "item" and blocks[end].depth > block.depth:
                    end += 1
                parts.append(f"<ul><li>{escape(block.text)}{written_as_html(blocks[at:end])}</li></ul>")
                at = end
            case _:
                parts.append(f"<p>{escape(block.text)}</p>")
    return "".join(parts)


@settings(max_examples=40, deadline=None)
@given(blocks=BLOCKS)
def test_whatever_blocks_are_written_are_read_back(blocks: list[Block]) -> None:
    expected = (replace(b, text=b.text.replace("\u00a0", " ")) if b.kind == "code" else b for b in blocks)
    assert load_one(book(written_as_html(blocks))).blocks == tuple(expected)
