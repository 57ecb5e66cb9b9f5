from index.chunking import sentence_text
from index.headers import header_above
from index.schema import Chunk
from tests.index.pages import chunks_of

HEADER = "| Jour | Départ |"


def headers(chunk: Chunk) -> list[str]:
    return [header_above(chunk, sentence.start) for sentence in chunk.sentences]


def test_each_row_has_the_header_of_its_table() -> None:
    [chunk] = chunks_of(
        "# Bac\n\nLe bac part souvent.\n\n| Jour | Départ |\n| --- | --- |\n| Lundi | midi |\n| Mardi | midi |"
    )
    assert headers(chunk) == ["", HEADER, HEADER]
    assert header_above(chunk, chunk.text.index(HEADER)) == ""


def test_a_later_part_of_a_table_has_the_header_too() -> None:
    rows = "\n".join(f"| Lundi {n} | {n} h |" for n in range(200))
    first, *others = chunks_of(f"# Bac\n\n| Jour | Départ |\n| --- | --- |\n{rows}\n")
    assert others
    assert {header for chunk in (first, *others) for header in headers(chunk)} == {HEADER}


def test_a_row_is_embedded_under_its_header() -> None:
    [chunk] = chunks_of("# Bac\n\n| Jour | Départ |\n| --- | --- |\n| Lundi | midi |")
    assert sentence_text(chunk, chunk.sentences[0]) == f"Bac\n{HEADER}\n| Lundi | midi |"
