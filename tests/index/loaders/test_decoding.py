import codecs

import pytest

from index.loaders.decoding import decode
from index.loaders.loaded import UnreadableError

FRENCH = "L’œuvre «\u00a0Où naît l’été\u00a0» a coûté 1200 € à Trois-Rivières…"
ENGLISH = "The café’s “special” costs £5 — or 6 dollars."
MAC = FRENCH.replace("€", "$")  # which old Macintosh lacked


@pytest.mark.parametrize("text", [FRENCH, ENGLISH], ids=["fr", "en"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"])
def test_every_usual_encoding_is_recognised(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding)) == text


def test_big_endian_with_a_mark_is_recognised() -> None:
    assert decode(codecs.BOM_UTF16_BE + FRENCH.encode("utf-16-be")) == FRENCH


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_unaccented_text_in_utf16_without_a_mark_is_recognised(encoding: str) -> None:
    assert decode("The ferry leaves.\n".encode(encoding)) == "The ferry leaves.\n"


@pytest.mark.parametrize("text", [MAC, ENGLISH], ids=["fr", "en"])
def test_old_macintosh_text_is_recognised(text: str) -> None:
    assert decode(text.encode("mac-roman")) == text


@pytest.mark.parametrize("text", ["Été", "« Où ? »", "naïve", "cœur"])
@pytest.mark.parametrize("encoding", ["cp1252", "mac-roman"])
def test_one_word_is_enough(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding)) == text


def test_a_declared_encoding_is_believed() -> None:
    assert decode("Łódź, été".encode("iso-8859-2"), "iso-8859-2") == "Łódź, été"


@pytest.mark.parametrize(
    "declared", ["no-such-encoding", "iso-8859-1", "ascii", "hex", "rot13", "idna", "undefined", ""]
)
def test_a_declared_encoding_that_does_not_fit_is_not(declared: str) -> None:
    assert decode("Été.".encode(), declared) == "Été."


def test_line_ends_of_every_system_become_one() -> None:
    assert decode(b"un\r\ndeux\rtrois\nquatre") == "un\ndeux\ntrois\nquatre"


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", id="picture"),
        pytest.param(b"PK\x03\x04\x00\x00 text", id="archive"),
        pytest.param(b"\x7fELF\x02\x01\x01\x00" + bytes(100), id="program"),
        pytest.param(bytes(range(256)) * 4, id="every byte"),
        pytest.param(b"\xff", id="one byte"),
        pytest.param("Привет, мир".encode("koi8-r"), id="Russian"),
    ],
)
def test_what_is_not_text_is_refused(data: bytes) -> None:
    with pytest.raises(UnreadableError, match="not a text file"):
        decode(data)


def test_nothing_is_an_empty_text() -> None:
    assert decode(b"") == ""
