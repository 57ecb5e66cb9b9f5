import pytest

from index.blocks import Block
from index.loaders.plain import WRAPPED, read_plain


@pytest.mark.parametrize("text", ["", " \n\n ", "\n"])
def test_an_empty_text_has_no_blocks(text: str) -> None:
    assert read_plain(text) == []


def test_blank_lines_part_paragraphs_and_line_breaks_stay() -> None:
    assert read_plain("9 rue\n  Lévis\n \n\nFin.") == [Block("paragraph", "9 rue\nLévis"), Block("paragraph", "Fin.")]


def test_a_line_that_was_full_goes_on_in_the_next() -> None:
    full = "x" * WRAPPED
    assert read_plain(f"{full}\ny\nz") == [Block("paragraph", f"{full} y\nz")]


@pytest.mark.parametrize("sign", ["-", "*", "•", "–", "1."])
def test_signs_make_a_list(sign: str) -> None:
    ordinal = 1 if sign == "1." else None
    assert read_plain(f"À faire :\n{sign} ouvrir\n  la porte\n{sign} fermer\nFin.") == [
        Block("paragraph", "À faire :"),
        Block("item", "ouvrir la porte", ordinal=ordinal),
        Block("item", "fermer", ordinal=ordinal),
        Block("paragraph", "Fin."),
    ]


def test_one_sign_alone_is_no_list() -> None:
    assert read_plain("- 3 °C la nuit.") == [Block("paragraph", "- 3 °C la nuit.")]
