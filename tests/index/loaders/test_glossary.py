import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.blocks import Block
from index.loaders.formats import is_glossary, kind_of, load
from index.loaders.glossary import MAX_WORD
from index.loaders.loaded import Fault, Loaded, UnreadableError


def entry(word: str, *meanings: str, line: int) -> Loaded:
    return Loaded((Block("term", word), *(Block("definition", meaning) for meaning in meanings)), line=line)


def csv(*lines: str) -> bytes:
    return "\n".join(lines).encode()


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("header", ["word{}meaning", "mot{}sens", "Mot{}Définition", "\ufeffSigle{}Signification"])
def test_each_word_is_a_text_under_a_header(header: str, delimiter: str) -> None:
    rows = csv(
        header.format(delimiter), f"D2B{delimiter}dossier de deuxième bureau", "", f"RAF{delimiter}reste à faire"
    )
    assert load("glossary", rows) == [
        entry("D2B", "dossier de deuxième bureau", line=2),
        entry("RAF", "reste à faire", line=4),
    ]


def test_the_header_may_be_left_out() -> None:
    assert load("glossary", csv("RTA,Regional Transport Authority")) == [
        entry("RTA", "Regional Transport Authority", line=1)
    ]


def test_the_meanings_of_a_word_are_told_together() -> None:
    rows = csv("PE;plan d’épargne", "CR;compte rendu", "pe;prime d’équipe", "PE;plan d’épargne")
    assert load("glossary", rows) == [
        entry("PE", "plan d’épargne", "prime d’équipe", line=1),
        entry("CR", "compte rendu", line=2),
    ]


def test_a_meaning_may_hold_the_delimiter() -> None:
    assert load("glossary", csv("RAF,reste à faire, en fin de mois", 'CR,"compte, rendu"')) == [
        entry("RAF", "reste à faire, en fin de mois", line=1),
        entry("CR", "compte, rendu", line=2),
    ]
    assert load("glossary", csv("RAF;reste à faire, en fin de mois")) == [
        entry("RAF", "reste à faire, en fin de mois", line=1)
    ]


def test_rows_that_say_nothing_are_named() -> None:
    rows = csv("PE,", ",sens", f"{'x' * (MAX_WORD + 1)},y", "RAF,reste à faire")
    assert load("glossary", rows) == [
        entry("RAF", "reste à faire", line=4),
        Fault(1, "has no meaning for PE"),
        Fault(2, "has no word"),
        Fault(3, f"has a word of more than {MAX_WORD} characters"),
    ]


@pytest.mark.parametrize("text", ["", "\n\n", "mot;sens\n", "PE\nRAF\n", ";;\n"])
def test_a_file_without_a_word_cannot_be_read(text: str) -> None:
    with pytest.raises(UnreadableError, match="holds no word"):
        load("glossary", text.encode())


def test_an_faq_of_that_name_is_read_as_one() -> None:
    (pair,) = load("glossary", csv("question,answer", "Quand ?,À midi."))
    assert isinstance(pair, Loaded)
    assert pair.title == "Quand ?"


def test_only_the_top_of_the_seeds_has_a_glossary() -> None:
    assert [*map(is_glossary, ("glossary.csv", "Glossaire.CSV", "a/glossary.csv", "glossary.md"))] == [
        *(True, True, False, False)
    ]
    assert kind_of("glossaire.csv") == "glossary"
    assert kind_of("a/Glossary.CSV") == ".csv"


@given(st.lists(st.lists(st.text(alphabet='ab é,;"\t\n\r', max_size=8), max_size=4), max_size=6))
def test_any_rows_are_read_or_named(rows: list[list[str]]) -> None:
    text = "\n".join(";".join(row) for row in rows)
    try:
        items = load("glossary", text.encode())
    except UnreadableError:
        return
    assert all(isinstance(item, Fault) or item.says_something for item in items)
