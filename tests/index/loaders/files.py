"""Write the files of the tests: real ones, as small as they can be."""

import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Sequence

import docx


def pdf(pages: Sequence[Sequence[str]], title: str = "", encrypted: bool = False) -> bytes:
    """Return a PDF with the lines of each page, in cp1252; `encrypted` names a password that nobody knows."""
    kids = " ".join(f"{4 + 2 * i} 0 R" for i in range(len(pages)))
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        f"<</Type/Pages/Count {len(pages)}/Kids[{kids}]>>".encode(),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
    ]
    for number, lines in enumerate(pages):
        shown = b"".join(b"(" + _escaped(line) + b") Tj T*\n" for line in lines)
        content = b"BT /F1 9 Tf 11 TL 40 740 Td\n" + shown + b"ET"
        objects.append(
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Resources<</Font<</F1 3 0 R>>>>/Contents %d 0 R>>"
            % (5 + 2 * number)
        )
        objects.append(b"<</Length %d>>stream\n%s\nendstream" % (len(content), content))
    trailer = b"/Root 1 0 R/ID[<00><00>]"
    if title:
        objects.append(b"<</Title<feff" + title.encode("utf-16-be").hex().encode() + b">>>")
        trailer += b"/Info %d 0 R" % len(objects)
    if encrypted:
        objects.append(b"<</Filter/Standard/V 2/R 3/Length 128/P -4/O<" + b"11" * 32 + b">/U<" + b"22" * 32 + b">>>")
        trailer += b"/Encrypt %d 0 R" % len(objects)
    return assembled(objects, trailer)


def _escaped(text: str) -> bytes:
    return text.encode("cp1252").replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")


def assembled(objects: Sequence[bytes], trailer: bytes) -> bytes:
    written = bytearray(b"%PDF-1.4\n")
    offsets = []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(written))
        written += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = len(written)
    written += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    written += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    written += b"trailer<</Size %d%s>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, trailer, table)
    return bytes(written)


def word(fill: Callable[[docx.document.Document], object]) -> bytes:
    """Return a Word document, empty but for what `fill` puts in it."""
    document = docx.Document()
    fill(document)
    written = io.BytesIO()
    document.save(written)
    return written.getvalue()


def word_of(*paragraphs: str) -> bytes:
    """Return a Word document of plain paragraphs."""
    return word(lambda document: [document.add_paragraph(text) for text in paragraphs])


def rewritten(archive: bytes, name: str, change: Callable[[bytes], bytes], **added: str) -> bytes:
    """Return a zip archive with one part changed, and others added to its `word` folder."""
    written = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as old, zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            data = old.read(part)
            new.writestr(part.filename, change(data) if part.filename == name else data)
        for part_name, text in added.items():
            new.writestr(f"word/{part_name}.xml", text)
    return written.getvalue()


def billion_laughs(root: str) -> bytes:
    """Return the declaration that opens an XML bomb; `&lol9;` is a billion times `lol`."""
    entities = ['<!ENTITY lol0 "lol">']
    entities += [f'<!ENTITY lol{n} "{f"&lol{n - 1};" * 10}">' for n in range(1, 10)]
    return f"<!DOCTYPE {root} [{''.join(entities)}]>".encode()


def zip_bomb() -> bytes:
    """Return a .docx of about 200 kB that unpacks to more than 200 MB."""
    filler = b"<w:p><w:r><w:t>" + b"a" * 200_000_000 + b"</w:t></w:r></w:p></w:body>"
    return rewritten(word_of("Texte."), "word/document.xml", lambda data: data.replace(b"</w:body>", filler, 1))


def pixel() -> bytes:
    """Return a PNG of one grey pixel."""

    def part(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + part(b"IHDR", header) + part(b"IDAT", zlib.compress(b"\0\x80")) + part(b"IEND", b"")
