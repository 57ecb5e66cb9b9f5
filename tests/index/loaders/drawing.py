"""Draw PDF pages by hand, as programs draw them: every sign where a test wants it."""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from textwrap import wrap

from tests.index.loaders.files import assembled

HELVETICA, BOLD, COURIER, BROKEN = "F1", "F2", "F3", "F4"
WIDTH, HEIGHT = 612, 792
COURIER_WIDTH = 0.6  # of the size of its letters

_STANDARD = "<</Type/Font/Subtype/Type1/BaseFont/%s/Encoding/WinAnsiEncoding>>"
_SPACED = "/FirstChar 0/LastChar 255/Widths[" + " ".join(["500"] * 256) + "]"
_BROKEN = (
    "<</Type/Font/Subtype/Type1/BaseFont/Times-Roman/Encoding<</Type/Encoding/BaseEncoding/WinAnsiEncoding"
    f"/Differences[1 %s]>>{_SPACED}%s>>"
)


@dataclass
class Sheet:
    """A page of 612 by 792 points; y grows upwards."""

    content: list[bytes] = field(default_factory=list)
    links: list[tuple[tuple[float, float, float, float], str]] = field(default_factory=list)
    attributes: str = ""

    def text(
        self, x: float, y: float, text: str | bytes, size: float = 11, font: str = HELVETICA, state: str = ""
    ) -> "Sheet":
        """Write a line; `state` holds operators that come first, such as `1 g` for white or `3 Tr` for unseen."""
        written = text if isinstance(text, bytes) else text.encode("cp1252")
        written = written.replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")
        self.content.append(f"q BT {state} /{font} {size} Tf 1 0 0 1 {x} {y} Tm (".encode() + written + b") Tj ET Q")
        return self

    def lines(
        self, x: float, y: float, lines: Sequence[str], size: float = 11, leading: float = 0, font: str = HELVETICA
    ) -> "Sheet":
        """Write lines under each other; `leading` is the distance between them, 1.2 times the size by default."""
        for number, line in enumerate(lines):
            self.text(x, y - number * (leading or 1.2 * size), line, size, font)
        return self

    def draw(self, operators: str) -> "Sheet":
        """Draw anything."""
        self.content.append(operators.encode("cp1252"))
        return self

    def box(self, x: float, y: float, width: float, height: float, grey: float = 0) -> "Sheet":
        """Fill a rectangle with grey, from black (0) to white (1)."""
        return self.draw(f"q {grey} g {x} {y} {width} {height} re f Q")

    def picture(self, x: float = 0, y: float = 0, width: float = WIDTH, height: float = HEIGHT) -> "Sheet":
        """Draw a grey picture."""
        return self.draw(f"q {width} 0 0 {height} {x} {y} cm /Im Do Q")

    def link(self, left: float, bottom: float, right: float, top: float, address: str) -> "Sheet":
        """Make a rectangle lead to an address."""
        self.links.append(((left, bottom, right, top), address))
        return self


def draw(
    *sheets: Sheet, glyphs: str = "/g1 /g2 /g3", told: Sequence[str] = (), outline: Sequence[tuple[str, int]] = ()
) -> bytes:
    """Return a PDF of the sheets.

    Args:
        sheets: its pages.
        glyphs: what the signs 1, 2, … of the font `BROKEN` are called.
        told: letters, in hexadecimal, that its table tells for the signs 1, 2, …; none for a font without a table.
        outline: titles of its bookmarks, and the page from 0 that each leads to.
    """
    objects: list[bytes] = [b"", b""]

    def add(body: str | bytes) -> int:
        objects.append(body if isinstance(body, bytes) else body.encode("latin-1"))
        return len(objects)

    fonts = [add(_STANDARD % name) for name in ("Helvetica", "Helvetica-Bold", "Courier")]
    table = f"/ToUnicode {add(_stream(_to_unicode(told)))} 0 R" if told else ""
    fonts.append(add(_BROKEN % (glyphs, table)))
    picture = add(
        _stream(b"\x80", "/Type/XObject/Subtype/Image/Width 1/Height 1/ColorSpace/DeviceGray/BitsPerComponent 8")
    )
    resources = (
        "<</Font<<" + "".join(f"/F{n} {at} 0 R" for n, at in enumerate(fonts, 1)) + f">>/XObject<</Im {picture} 0 R>>>>"
    )
    pages = []
    for sheet in sheets:
        links = " ".join(
            f"<</Type/Annot/Subtype/Link/Rect[{' '.join(map(str, box))}]/A<</S/URI/URI({address})>>>>"
            for box, address in sheet.links
        )
        content = add(_stream(b"\n".join(sheet.content)))
        pages.append(
            add(
                f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 {WIDTH} {HEIGHT}]/Resources{resources}"
                f"/Contents {content} 0 R/Annots[{links}]{sheet.attributes}>>"
            )
        )
    objects[1] = f"<</Type/Pages/Count {len(pages)}/Kids[{' '.join(f'{at} 0 R' for at in pages)}]>>".encode()
    marks = ""
    if outline:
        root = len(objects) + len(outline) + 1
        first = len(objects) + 1
        for number, (title, page) in enumerate(outline):
            following = f"/Next {first + number + 1} 0 R" if number + 1 < len(outline) else ""
            hexed = "feff" + title.encode("utf-16-be").hex()
            add(f"<</Title<{hexed}>/Parent {root} 0 R/Dest[{pages[page]} 0 R/Fit]{following}>>")
        add(f"<</Type/Outlines/First {first} 0 R/Last {root - 1} 0 R/Count {len(outline)}>>")
        marks = f"/Outlines {root} 0 R"
    objects[0] = f"<</Type/Catalog/Pages 2 0 R{marks}>>".encode()
    return assembled(objects, b"/Root 1 0 R")


def column(text: str, width: int) -> list[str]:
    """Return the lines of a text, each of so many letters at most."""
    return wrap(text, width, break_long_words=False, break_on_hyphens=False)


def _stream(data: bytes, entries: str = "") -> bytes:
    packed = zlib.compress(data)
    return f"<</Filter/FlateDecode/Length {len(packed)}{entries}>>stream\n".encode() + packed + b"\nendstream"


def _to_unicode(told: Sequence[str]) -> bytes:
    pairs = [f"<{code:02X}> <{letters}>" for code, letters in enumerate(told, 1) if letters]
    pairs += [f"<{code:02X}> <{code:04X}>" for code in range(32, 127)]
    return (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /X def /CMapType 2 def "
        f"1 begincodespacerange <00> <FF> endcodespacerange {len(pairs)} beginbfchar {' '.join(pairs)} endbfchar "
        "endcmap end end"
    ).encode()
