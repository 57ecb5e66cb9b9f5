from dataclasses import replace
from typing import NamedTuple

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.answering.answer import Citation
from bot.answering.citations import verify
from index.schema import Chunk, SearchHit
from tests.bot.fakes import FRENCH, cite, make_chunk, make_hit

TEXTS = st.text(st.sampled_from("aeéèœ «»’'\u00a0\u202f.\n") | st.characters(), min_size=1, max_size=60)


class Slice(NamedTuple):
    chunk: Chunk
    hit: SearchHit
    citation: Citation


@st.composite
def true_slices(draw: st.DrawFn) -> Slice:
    """A chunk of any text, and a citation of any part of it that is not empty."""
    text = draw(TEXTS)
    start = draw(st.integers(0, len(text) - 1))
    end = draw(st.integers(start + 1, len(text)))
    chunk = Chunk("a.md#0", "a.md", "Titre", "Source", "fr", 0, len(text), text, ())
    marker = draw(st.integers(-5, 50))
    citation = Citation(marker, "Titre", "Source", text[start:end], "fr", chunk.id, start, end, 0.5)
    return Slice(chunk, make_hit(chunk), citation)


@given(true_slices())
def test_a_true_slice_is_kept_and_numbered_from_one(true: Slice) -> None:
    assert verify([true.citation], [true.hit]) == (replace(true.citation, marker=1),)


@given(true_slices(), st.data())
def test_one_altered_character_drops_the_quote(true: Slice, data: st.DataObject) -> None:
    quote = true.citation.quote
    at = data.draw(st.integers(0, len(quote) - 1))
    other = data.draw(st.characters().filter(lambda c: c != quote[at]))
    altered = replace(true.citation, quote=quote[:at] + other + quote[at + 1 :])
    assert verify([altered], [true.hit]) == ()


@given(true_slices(), st.integers(-30, 30))
def test_a_shifted_range_drops_the_quote(true: Slice, shift: int) -> None:
    start, end = true.citation.start + shift, true.citation.end + shift
    assume(start < 0 or true.chunk.text[start:end] != true.citation.quote)
    assert verify([replace(true.citation, start=start, end=end)], [true.hit]) == ()


@given(true_slices(), st.integers(1, 10))
def test_a_range_that_ends_after_the_text_drops_the_quote(true: Slice, beyond: int) -> None:
    text = true.chunk.text
    # the slice of Python is the quote all the same: it stops at the end of the text
    outside = replace(true.citation, start=0, end=len(text) + beyond, quote=text)
    assert verify([outside], [true.hit]) == ()


@given(true_slices())
def test_a_range_counted_from_the_end_drops_the_quote(true: Slice) -> None:
    size = len(true.chunk.text)
    assume(true.citation.end < size)
    backwards = replace(true.citation, start=true.citation.start - size, end=true.citation.end - size)
    assert true.chunk.text[backwards.start : backwards.end] == backwards.quote
    assert verify([backwards], [true.hit]) == ()


@given(true_slices(), st.integers(0, 60))
def test_an_empty_quote_is_dropped(true: Slice, at: int) -> None:
    assert verify([replace(true.citation, quote="", start=at, end=at)], [true.hit]) == ()


@given(true_slices())
def test_a_quote_of_a_chunk_that_was_not_found_is_dropped(true: Slice) -> None:
    assert verify([replace(true.citation, chunk_id="a.md#1")], [true.hit]) == ()
    assert verify([true.citation], []) == ()


@pytest.mark.parametrize(
    ("written", "claimed"),
    [
        pytest.param("\u00a0", " ", id="no-break-space"),
        pytest.param("\u202f", "\u00a0", id="narrow-no-break-space"),
        pytest.param("’", "'", id="apostrophe"),
        pytest.param("œ", "oe", id="ligature"),
        pytest.param("é", "e\u0301", id="decomposed-accent"),
        pytest.param("«", '"', id="guillemet"),
        pytest.param("1998", "1999", id="number"),
    ],
)
def test_a_quote_that_only_looks_alike_is_dropped(written: str, claimed: str) -> None:
    chunk = make_chunk(FRENCH)
    assert written in FRENCH
    quote = FRENCH.replace(written, claimed)
    whole = replace(cite(chunk), quote=quote, start=0, end=len(quote))
    assert verify([whole], [make_hit(chunk)]) == ()


def test_what_is_left_keeps_its_order_and_is_numbered_without_gaps() -> None:
    first, second = make_chunk(FRENCH), make_chunk(FRENCH[::-1], ordinal=1)
    kept = [cite(first, 2, marker=9), cite(second, 0, marker=4), cite(first, 0, marker=2)]
    lie = replace(cite(first, 1), quote="Le musée l’a vendue.")
    checked = verify([kept[0], lie, kept[1], lie, kept[2]], [make_hit(first), make_hit(second, rank=2)])
    assert [c.marker for c in checked] == [1, 2, 3]
    assert [c.quote for c in checked] == [c.quote for c in kept]


@given(true_slices(), st.integers(-3, 40), st.integers(-3, 40))
def test_words_marked_outside_the_quote_drop_it(true: Slice, start: int, end: int) -> None:
    marked = replace(true.citation, span=(start, end))
    kept = verify([marked], [true.hit])
    assert bool(kept) == (0 <= start < end <= len(true.citation.quote))
