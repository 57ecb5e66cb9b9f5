from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.glossary import FILE, MAX_WORDS, Glossary, Pair
from index.schema import Chunk
from tests.index.pages import chunks_of

PAGES = (
    "La prime d’équipe (PE) est versée le 27.",
    "- RAF : reste à faire\n- CR : compte rendu",
    "Rien de tel ici.",
    "Le plan d’épargne (PE) reste. Le plan d’épargne (PE) dort.",
)


def chunks(*pages: int) -> list[Chunk]:
    return [chunk for page in pages for chunk in chunks_of(PAGES[page], f"{page}.md")]


def test_each_pair_is_there_once_a_chunk_with_its_place() -> None:
    assert Glossary.build(chunks(0, 2, 3)).pairs == (
        Pair("PE", "prime d’équipe", "0.md#0"),
        Pair("PE", "plan d’épargne", "3.md#0"),
    )


def test_any_word_of_the_glossary_counts_and_only_its_first_clause_stands_for_it() -> None:
    page = f"prod\n\n:   environnement de production, mis à jour le mardi\n\nbac\n\n:   {'très ' * MAX_WORDS}long"
    (pair,) = Glossary.build(chunks_of(page, "glossaire.csv#2")).pairs
    assert (pair.short, pair.long, pair.is_listed) == ("prod", "environnement de production", True)


def test_a_glossary_in_a_folder_is_an_article() -> None:
    page = "prod\n\n:   environnement de production"
    assert Glossary.build(chunks_of(page, "notes/glossary.csv")).pairs == ()


def test_what_is_written_is_read(tmp_path: Path) -> None:
    glossary = Glossary.build(chunks(0, 1, 2, 3))
    glossary.save(tmp_path)
    assert Glossary.load(tmp_path) == glossary


@pytest.mark.parametrize("text", ["", "{", "[1]", '[["PE"]]', "7"])
def test_another_file_is_no_glossary(text: str, tmp_path: Path) -> None:
    (tmp_path / FILE).write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=r"glossary\.json|Expecting"):
        Glossary.load(tmp_path)


@given(st.lists(st.sampled_from(range(4)), unique=True), st.lists(st.sampled_from(range(4)), unique=True))
def test_an_update_gives_what_a_build_gives(before: list[int], after: list[int]) -> None:
    kept = {chunk.id for chunk in chunks(*before)} & {chunk.id for chunk in chunks(*after)}
    assert Glossary.build(chunks(*before)).updated(chunks(*after), kept) == Glossary.build(chunks(*after))
