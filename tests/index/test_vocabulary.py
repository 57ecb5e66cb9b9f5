from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.schema import Chunk
from index.vocabulary import Vocabulary
from index.wordlist import key_of
from tests.index.pages import chunks_of

PAGE = """# Le bac de Lévis

L'été, le bac part à midi. En été aussi, le Bac reste un bac ; Été 2024.

Tapez `bac-ctl horaire` ou voyez https://example.org/traverse/horaires, ou écrivez à info@example.org.

    systemctl restart bac

Le vol A380 et la COVID19 n’y sont pour rien.
"""


def vocabulary(*pages: str) -> Vocabulary:
    return Vocabulary.build([chunk for page in pages for chunk in chunks_of(page)])


def frequency(found: Vocabulary, word: str) -> float | None:
    words = found.words()
    number = words.find([key_of(word)])[0]
    return None if number < 0 else float(words.frequencies[number])


def form(found: Vocabulary, word: str) -> str:
    words = found.words()
    return words.form(words.find([key_of(word)])[0])


def test_each_word_has_the_form_in_which_it_is_written_most_often() -> None:
    found = vocabulary(PAGE)
    assert [form(found, word) for word in ("ete", "BAC", "levis")] == ["été", "bac", "Lévis"]


def test_a_word_is_the_more_frequent_the_more_often_it_stands_there() -> None:
    found = vocabulary(PAGE)
    assert (frequency(found, "bac") or 0) > (frequency(found, "midi") or 0) > 0


@pytest.mark.parametrize("word", ["systemctl", "restart", "ctl", "horaire", "traverse", "example", "a380", "covid19"])
def test_words_of_code_and_addresses_and_those_with_digits_are_known_and_never_proposed(word: str) -> None:
    assert frequency(vocabulary(PAGE), word) == 0


def test_a_word_of_code_that_prose_has_as_well_is_proposed() -> None:
    assert frequency(vocabulary(PAGE, "# Horaire\n\nVoici l’horaire.\n"), "horaire") != 0


def test_a_word_that_is_not_there_is_not_known() -> None:
    assert frequency(vocabulary(PAGE), "traversier") is None


def test_elisions_are_no_part_of_a_word() -> None:
    found = vocabulary("# L’école\n\nD’abord l'École, puis Vancouver's port.\n")
    assert form(found, "ecole") == "école" or form(found, "ecole") == "École"
    assert frequency(found, "lecole") is None
    assert frequency(found, "vancouver") is not None


def test_nothing_has_no_words() -> None:
    for nothing in (Vocabulary.empty(), Vocabulary.build([])):
        assert len(nothing.words()) == 0
        assert nothing.words().find(["bac"]) == [-1]


def saved(found: Vocabulary, folder: Path) -> dict[str, bytes]:
    folder.mkdir(exist_ok=True)
    found.save(folder)
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_it_comes_back_as_it_was_written(tmp_path: Path) -> None:
    first = saved(vocabulary(PAGE), tmp_path / "a")
    assert saved(Vocabulary.load(tmp_path / "a"), tmp_path / "b") == first


@pytest.mark.parametrize("name", ["keys", "starts", "forms", "counts"])
def test_a_file_that_does_not_fit_is_refused(tmp_path: Path, name: str) -> None:
    vocabulary(PAGE).save(tmp_path)
    path = tmp_path / f"words.{name}.npy"
    np.save(path, np.load(path)[:-1])
    with pytest.raises(ValueError, match="do not fit"):
        Vocabulary.load(tmp_path)


PAGES = [
    "# Bac\n\nLe bac, l’été.\n",
    "# Le Bac\n\nUn Bac et `bac`.\n",
    "# Été\n\nL’Été, l’été.\n",
    f"# {'é' * 60}\n",
]
CHUNKS = [chunk for page in PAGES for chunk in chunks_of(page)]


@given(st.lists(st.sampled_from(CHUNKS), max_size=6), st.lists(st.sampled_from(CHUNKS), max_size=6))
def test_an_update_gives_what_a_build_of_what_is_left_gives(
    tmp_path_factory: pytest.TempPathFactory, before: Sequence[Chunk], new: Sequence[Chunk]
) -> None:
    folder = tmp_path_factory.mktemp("words")
    gone, kept = before[::2], before[1::2]
    updated = Vocabulary.build(before).updated(gone, new)
    assert saved(updated, folder / "a") == saved(Vocabulary.build([*kept, *new]), folder / "b")
