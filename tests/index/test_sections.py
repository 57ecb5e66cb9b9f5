from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.sections import FEW_CHARS, SIDE_CHARS, WHOLE_CHARS, section_around
from tests.index.pages import chunks_of, prose

PAGE = f"""# Le bac

{prose(700)}

## Billets

Voir ci-dessous.

### Au guichet

{prose(200)}

### En ligne

{prose(300)}

## Chiens

{prose(500)}

### Chats

{prose(900)}
"""


def shown(text: str, opening: str) -> list[str]:
    """Return the last heading of each chunk read around the one under a heading."""
    chunks = chunks_of(text)
    row = next(n for n, chunk in enumerate(chunks) if chunk.path.endswith(opening))
    return [chunk.path.split(" › ")[-1] for chunk in section_around(row, chunks.__getitem__, len(chunks))]


@pytest.mark.parametrize(
    ("heading", "expected"),
    [
        pytest.param("Chiens", ["Chiens"], id="enough alone, without what is below it"),
        pytest.param("Billets", ["Billets", "Au guichet", "En ligne"], id="a few words, with what is below them"),
        pytest.param("Au guichet", ["Billets", "Au guichet", "En ligne"], id="a few words, with what is around them"),
        pytest.param("Chats", ["Chats"], id="the last section"),
    ],
)
def test_a_section_of_a_few_words_is_read_with_what_is_around_it(heading: str, expected: list[str]) -> None:
    assert shown(PAGE, heading) == expected


def test_a_section_whose_heading_the_question_names_is_read_alone() -> None:
    chunks = chunks_of(PAGE)
    row = next(n for n, chunk in enumerate(chunks) if chunk.path.endswith("Au guichet"))
    assert section_around(row, chunks.__getitem__, len(chunks), {"guichet", "pai"}) == (chunks[row],)


def test_a_heading_of_a_few_words_that_the_question_names_is_read_with_all_that_is_below_it() -> None:
    below = f"### Au guichet\n\n{prose(900)}\n\n### En ligne\n\n{prose(900)}"
    chunks = chunks_of(f"# Le bac\n\n## Payer\n\nDeux façons.\n\n{below}\n\n## Chiens\n")
    [row] = (n for n, chunk in enumerate(chunks) if chunk.path == "Payer")
    read = section_around(row, chunks.__getitem__, len(chunks), {"pai"})
    assert [chunk.path for chunk in read] == ["Payer", "Payer › Au guichet", "Payer › En ligne"]


def test_what_fits_under_no_common_heading_is_read_with_what_follows() -> None:
    text = f"# Le bac\n\n## Ouvrir\n\nCourt.\n\n## Fermer\n\n{prose(300)}\n\n## Nager\n\n{prose(1_000)}\n"
    assert shown(text, "Ouvrir") == ["Ouvrir", "Fermer"]


def test_a_small_page_is_read_whole() -> None:
    assert shown(f"# Le bac\n\n{prose(200)}\n\n## Chiens\n\n{prose(200)}\n", "Chiens") == ["", "Chiens"]


def test_the_opening_of_a_small_page_is_read_with_the_page_and_that_of_a_large_one_alone() -> None:
    for below, expected in ((200, ["", "Chiens"]), (1_500, [""])):
        chunks = chunks_of(f"# Le bac\n\n{prose(500)}\n\n## Chiens\n\n{prose(below)}\n")
        assert [chunk.path for chunk in section_around(0, chunks.__getitem__, len(chunks))] == expected


def test_a_section_ends_with_its_document() -> None:
    chunks = [*chunks_of("# Un\n\nCourt.\n", "un.md"), *chunks_of("# Deux\n\nCourt.\n", "deux.md")]
    assert section_around(0, chunks.__getitem__, len(chunks)) == (chunks[0],)
    assert section_around(1, chunks.__getitem__, len(chunks)) == (chunks[1],)


@given(st.lists(st.tuples(st.integers(1, 4), st.integers(10, 3_000)), min_size=1, max_size=12), st.data())
def test_a_section_is_a_run_of_chunks_around_the_one_that_was_found(
    shape: list[tuple[int, int]], data: st.DataObject
) -> None:
    text = "\n\n".join(f"{'#' * level} Titre {n}\n\n{prose(size)}" for n, (level, size) in enumerate(shape))
    chunks = chunks_of(text)
    row = data.draw(st.integers(0, len(chunks) - 1))
    section = section_around(row, chunks.__getitem__, len(chunks))
    rows = [chunks.index(chunk) for chunk in section]
    assert row in rows
    assert all(b == a + 1 for a, b in pairwise(rows))
    size = sum(len(chunk.text) for chunk in section)
    own = sum(len(chunk.text) for chunk in section if chunk.path == chunks[row].path)
    assert size <= WHOLE_CHARS or size == own
    assert size <= 2 * (SIDE_CHARS + WHOLE_CHARS) + len(chunks[row].text)
    assert own >= FEW_CHARS or len(section) == len(chunks) or size <= WHOLE_CHARS
