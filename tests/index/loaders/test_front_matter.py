import pytest

from index.loaders.front_matter import MAX_FRONT_MATTER, split_front_matter


def test_keys_are_in_lower_case_and_values_on_one_line() -> None:
    assert split_front_matter("---\nTitle:  L’été\n  à Québec\n---\nTexte") == ({"title": "L’été à Québec"}, "Texte")


def test_lists_and_maps_are_left_out() -> None:
    assert split_front_matter("---\ntags: [a, b]\nx: {y: z}\nsource: S\n---\n") == ({"source": "S"}, "")


def test_a_text_without_front_matter_is_whole() -> None:
    assert split_front_matter("Texte\n---\na: b\n---\n") == ({}, "Texte\n---\na: b\n---\n")


def test_the_block_is_bounded() -> None:
    text = f"---\na: {'b' * MAX_FRONT_MATTER}\n---\nTexte"
    assert split_front_matter(text) == ({}, text)


def test_a_block_that_is_no_valid_yaml_is_read_line_by_line() -> None:
    text = "---\na: b\ntitle: Netflix: un bureau\ntags:\n\t- x\n---\nTexte"
    assert split_front_matter(text) == ({"a": "b", "title": "Netflix: un bureau"}, "Texte")


@pytest.mark.parametrize(
    "text",
    [
        pytest.param('+++\ntitle = "L’été"\ndate = 2021-03-04\ntags = ["a"]\n+++\nTexte', id="toml"),
        pytest.param('{\n  "title": "L’été",\n  "date": "2021-03-04",\n  "tags": ["a"]\n}\n\nTexte', id="json"),
        pytest.param("---\ntitle: L’été\ndate: 2021-03-04\ntags: [a]\n...\nTexte", id="yaml"),
    ],
)
def test_metadata_is_read_in_any_shape(text: str) -> None:
    assert split_front_matter(text) == ({"title": "L’été", "date": "2021-03-04"}, "Texte")


@pytest.mark.parametrize("text", ["---\n---\nTexte", "---\n\n---\nTexte"])
def test_an_empty_block_is_no_text(text: str) -> None:
    assert split_front_matter(text) == ({}, "Texte")


@pytest.mark.parametrize("text", ["---\nUne phrase.\n---\nTexte", "{x} Texte", "+++\nrien\n+++\nTexte"])
def test_what_is_no_metadata_is_text(text: str) -> None:
    assert split_front_matter(text) == ({}, text)


def test_a_list_that_holds_itself_is_not_written_out() -> None:
    text = "---\na: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\ntitle: T\n---\n"
    assert split_front_matter(text) == ({"title": "T"}, "")
