import pytest

from index.loaders.front_matter import MAX_FRONT_MATTER, split_front_matter
from index.loaders.loaded import UnreadableError


def test_keys_are_in_lower_case_and_values_on_one_line() -> None:
    assert split_front_matter("---\nTitle:  L’été\n  à Québec\n---\nTexte") == ({"title": "L’été à Québec"}, "Texte")


def test_lists_and_maps_are_left_out() -> None:
    assert split_front_matter("---\ntags: [a, b]\nx: {y: z}\nsource: S\n---\n") == ({"source": "S"}, "")


def test_a_text_without_front_matter_is_whole() -> None:
    assert split_front_matter("Texte\n---\na: b\n---\n") == ({}, "Texte\n---\na: b\n---\n")


def test_the_block_is_bounded() -> None:
    text = f"---\na: {'b' * MAX_FRONT_MATTER}\n---\nTexte"
    assert split_front_matter(text) == ({}, text)


def test_a_bad_block_names_its_line() -> None:
    with pytest.raises(UnreadableError, match=r"not valid YAML \(line 3\)"):
        split_front_matter("---\na: b\ntitle: Netflix: un bureau\n---\n")
