import pytest

from index.blocks import Block
from index.loaders.loaded import Loaded, UnreadableError
from index.loaders.text import load, read_text


def test_a_paragraph_is_what_is_written_line_by_line() -> None:
    assert list(read_text("«\u00a0Où\u202f?\u00a0»\nIci.\n\n\nLà.\n")) == [
        Block("paragraph", "«\u00a0Où\u202f?\u00a0»\nIci."),
        Block("paragraph", "Là."),
    ]


def test_what_people_type_as_a_list_is_one() -> None:
    assert list(read_text("Il faut :\n- du pain\n  frais\n• du lait\n2) de l’eau\nMerci.")) == [
        Block("paragraph", "Il faut :"),
        Block("item", "du pain frais"),
        Block("item", "du lait"),
        Block("item", "de l’eau", ordinal=2),
        Block("paragraph", "Merci."),
    ]


def test_headings_are_told_by_their_marks() -> None:
    assert list(read_text("# L’été ##\nIl fait beau.\n#hashtag")) == [
        Block("heading", "L’été", level=1),
        Block("paragraph", "Il fait beau.\n#hashtag"),
    ]


@pytest.mark.parametrize("text", ["- 5 °C dehors", "1984. Un livre.", "3,5 M$", "-5", "*gras*"])
def test_what_is_no_list_is_a_paragraph_or_keeps_its_words(text: str) -> None:
    assert "".join(block.text for block in read_text(text)) in (text, text.removeprefix("- "))


def test_front_matter_says_what_it_says() -> None:
    raw = "---\ntitle: L’été\nlanguage: fr-CA\nsource: Gazette\ndate: 2021-03-04\n---\nIl fait beau."
    blocks = (Block("paragraph", "Il fait beau."),)
    assert load(raw.encode("cp1252")) == [Loaded(blocks, "L’été", "fr-CA", "Gazette", "2021-03-04")]


def test_junk_is_refused() -> None:
    with pytest.raises(UnreadableError):
        load(b"\x00\x01\x02")
