import codecs
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.loaders.decoding import Decoded, decode
from index.loaders.loaded import UnreadableError


def text_of(data: bytes, declared: str | None = None) -> str:
    return decode(data, declared).text


FRENCH = "L’œuvre «\u00a0Où naît l’été\u00a0» a coûté 1200 € à Trois-Rivières…"
ENGLISH = "The café’s “special” costs £5 — or 6 dollars."
MAC = FRENCH.replace("€", "$")  # which old Macintosh lacked
DOS = "Le vélodrome est fermé le lundi. La clé est chez Gaëtan Périgord, à côté du café, où l'on paie."
UNIX = "La visite coûte 12 € et l'œuvre est signée Maëlys. Œuvrer à Troyes : 3 ½ jours."
ACCENTED = (
    "Le potager est arrosé à l’aube par Cyprien. Le compost est retourné chaque lundi. À l’été, la récolte double."
)


@pytest.mark.parametrize("text", [FRENCH, ENGLISH], ids=["fr", "en"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"])
def test_every_usual_encoding_is_recognised(text: str, encoding: str) -> None:
    assert text_of(text.encode(encoding)) == text


def test_big_endian_with_a_mark_is_recognised() -> None:
    assert text_of(codecs.BOM_UTF16_BE + FRENCH.encode("utf-16-be")) == FRENCH


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_unaccented_text_in_utf16_without_a_mark_is_recognised(encoding: str) -> None:
    assert text_of("The ferry leaves.\n".encode(encoding)) == "The ferry leaves.\n"


@pytest.mark.parametrize("text", [MAC, ENGLISH], ids=["fr", "en"])
def test_old_macintosh_text_is_recognised(text: str) -> None:
    assert text_of(text.encode("mac-roman")) == text


@pytest.mark.parametrize("encoding", ["cp437", "cp850", "cp858"])
def test_dos_text_is_recognised(encoding: str) -> None:
    assert text_of(DOS.encode(encoding)) == DOS


@pytest.mark.parametrize("text", ["12 €", "l'œuvre", "Œuvre", "Le cœur de Maëlys"])
def test_the_signs_that_one_iso_encoding_has_and_windows_puts_elsewhere_are_told_by_what_is_beside_them(
    text: str,
) -> None:
    assert text_of(text.encode("iso-8859-15")) == text


@pytest.mark.parametrize("text", ["3 ½ jours", "¼ d'heure", "2½ litres d'été"])
def test_a_fraction_of_windows_stays_one(text: str) -> None:
    assert text_of(text.encode("cp1252")) == text


@pytest.mark.parametrize("text", ["Été", "« Où ? »", "naïve", "cœur", "À l’aube", "L’ÉTÉ", "créée"])
@pytest.mark.parametrize("encoding", ["cp1252", "mac-roman"])
def test_one_word_is_enough(text: str, encoding: str) -> None:
    assert text_of(text.encode(encoding)) == text


def test_an_ellipsis_alone_is_that_of_windows() -> None:
    assert text_of("Bon… alors".encode("cp1252")) == "Bon… alors"


def test_a_declared_encoding_is_believed() -> None:
    assert text_of("Łódź, été".encode("iso-8859-2"), "iso-8859-2") == "Łódź, été"


def test_what_pages_call_latin_1_is_that_of_windows() -> None:
    assert text_of("L’été à 2 €".encode("cp1252"), "ISO-8859-1") == "L’été à 2 €"


@pytest.mark.parametrize(
    "declared", ["no-such-encoding", "iso-8859-1", "ascii", "hex", "rot13", "idna", "undefined", ""]
)
def test_a_declared_encoding_that_does_not_fit_is_not(declared: str) -> None:
    assert text_of("Été.".encode(), declared) == "Été."


def test_a_stray_byte_does_not_lose_the_text_around_it() -> None:
    data = ACCENTED.encode().replace("retourné".encode(), "retourné".encode("cp1252"))
    assert decode(data) == Decoded(ACCENTED, 1)


def test_a_stray_byte_that_is_no_letter_is_marked() -> None:
    data = ACCENTED.encode().replace(b"compost", b"comp\x9dost")
    found = decode(data)
    assert found == Decoded(ACCENTED.replace("compost", "comp\ufffdost"), 1)
    assert found.left_out == {"stray bytes": 1}


def test_a_form_feed_ends_a_line() -> None:
    assert text_of(b"un\fdeux") == "un\ndeux"


def test_text_that_is_cut_within_a_letter_is_read() -> None:
    assert decode("L’été à l’aré".encode()[:-1]).text.startswith("L’été à l’ar")


def test_whole_text_has_no_stray_bytes() -> None:
    assert decode(FRENCH.encode()).left_out == {}


@pytest.mark.parametrize("encoding", ["cp1252", "latin-1", "mac-roman"])
def test_what_was_encoded_twice_is_decoded_twice(encoding: str) -> None:
    text = "L’été à Troyes : « l’œuvre » d’Édith" if encoding != "latin-1" else "L'été à Troyes : « l'art » d'Édith"
    twice = "".join(
        bytes([byte]).decode(encoding)
        if encoding == "mac-roman" or byte not in (0x81, 0x8D, 0x8F, 0x90, 0x9D)
        else chr(byte)
        for byte in text.encode()
    )
    assert text_of(twice.encode()) == text


def test_a_text_that_names_such_a_sign_keeps_it() -> None:
    text = "Quand « Ã© » s’affiche à la place d’un é, l’encodage a été mal déclaré."
    assert text_of(text.encode()) == text


def test_line_ends_of_every_system_become_one() -> None:
    assert text_of(b"un\r\ndeux\rtrois\nquatre") == "un\ndeux\ntrois\nquatre"


RUSSIAN = "Библиотека Заречья\n\nБиблиотека открыта с девяти часов утра. Заведует ею Марфа Тихонина."
GREEK = "Η βιβλιοθήκη ανοίγει στις εννέα το πρωί."
POLISH = "Biblioteka jest otwarta od dziewiątej. Książki zwraca się w środę, za kaucją."
CHINESE = "图书馆早上九点开门。"


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", id="picture"),
        pytest.param(b"PK\x03\x04\x00\x00 text", id="archive"),
        pytest.param(b"\x7fELF\x02\x01\x01\x00" + bytes(100), id="program"),
        pytest.param(bytes(range(256)) * 4, id="every byte"),
        pytest.param(b"\xff", id="one byte"),
        pytest.param("Привет, мир".encode("koi8-r"), id="a few Russian words"),
        *(
            pytest.param(RUSSIAN.encode(name), id=f"Russian {name}")
            for name in ("koi8-r", "cp1251", "cp866", "iso-8859-5")
        ),
        *(pytest.param(GREEK.encode(name), id=f"Greek {name}") for name in ("cp1253", "iso-8859-7")),
        *(pytest.param(POLISH.encode(name), id=f"Polish {name}") for name in ("cp1250", "iso-8859-2", "cp852")),
        *(pytest.param(CHINESE.encode(name), id=f"Chinese {name}") for name in ("gb18030", "gbk")),
        pytest.param("図書館は九時に開きます。".encode("shift-jis"), id="Japanese"),
    ],
)
def test_what_is_not_text_that_can_be_told_is_refused(data: bytes) -> None:
    with pytest.raises(UnreadableError, match="not a text file"):
        text_of(data)


def test_nothing_is_an_empty_text() -> None:
    assert text_of(b"") == ""


@pytest.mark.parametrize("text", ["«ß", "¬à", "«à point»", "¬¬"])
def test_signs_that_could_be_a_letter_encoded_twice_are_kept_where_that_letter_is_none_of_ours(text: str) -> None:
    assert text_of(text.encode()) == text


@given(st.text(st.characters(exclude_categories=["Cc", "Cs"], exclude_characters="\ufeff"), max_size=40))
def test_utf8_is_read_as_it_is_unless_it_was_encoded_twice(text: str) -> None:
    for encoding in ("cp1252", "mac-roman"):
        with suppress(UnicodeError):
            text.encode(encoding).decode()
            return
    assert text_of(text.encode()) == text
