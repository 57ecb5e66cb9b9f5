import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat.checks.reply import Claim, read_reply
from tests.bot.fakes import ENGLISH, FRENCH, make_chunk

PASSAGES = (make_chunk(FRENCH), make_chunk(ENGLISH, "ferry.md", "The ferry", language="en"))


def claims(text: str) -> tuple[Claim, ...]:
    return read_reply(text, PASSAGES, "Quoi ?", "fr").claims


@pytest.mark.parametrize(
    ("text", "markers"),
    [
        ("L’œuvre est chère [1].", (1,)),
        ("L’œuvre est chère. [1][2] Oui. [1]", (1, 2, 1)),
        ("The ferry is free [1, 2].", (1, 2)),
        ("The ferry is free [12; 3].", (12, 3)),
        ("Elle dit «\u00a0vu [3]\u00a0» [1].", (1,)),
        ("No marker (1), [x], [] or [ 1 ].", ()),
        ("", ()),
    ],
)
def test_markers_are_numbers_in_brackets_outside_quotations(text: str, markers: tuple[int, ...]) -> None:
    assert read_reply(text, PASSAGES, "Quoi ?", "fr").markers == markers


def test_a_sentence_rests_on_the_passages_that_its_markers_name() -> None:
    first, second = claims("L’œuvre est chère [1]. Le traversier part à midi [2].")
    assert (first.markers, second.markers) == ((1,), (2,))


def test_a_marker_after_the_full_stop_belongs_to_the_sentence_before() -> None:
    first, second = claims("L’œuvre est chère. [1] Le traversier part à midi. [2]")
    assert (first.markers, second.markers) == ((1,), (2,))


def test_a_sentence_without_a_marker_rests_on_all_that_the_reply_cites() -> None:
    first, second = claims("L’œuvre est chère. Le traversier part à midi [2].")
    assert (first.markers, second.markers) == ((2,), (2,))


@pytest.mark.parametrize(
    "quotation",
    ["«\u00a0Quoi\u202f? Non.\u00a0»", "“Quoi ? Non.”", '"Quoi ? Non."', "‘Quoi ? Non.’", "'Quoi ? Non.'"],
)
def test_a_quotation_is_one_whatever_its_marks_and_sentences(quotation: str) -> None:
    first, second = claims(f"L’auteur l’a dit\u00a0: {quotation} [1] L’été, d’ici là, c’est tout [2].")
    assert [" ".join(quote.split()) for quote in first.quotes] == ["Quoi ? Non."]
    assert "Quoi" not in first.text
    assert second.quotes == ()


@pytest.mark.parametrize("text", ["L'été, d'ici là, c'est 'tout l'an'.", "The players' dogs don't pay 'one cent'."])
def test_an_apostrophe_is_not_a_quotation_mark(text: str) -> None:
    (claim,) = claims(text)
    assert len(claim.quotes) == 1


@given(st.text(st.sampled_from("«»“”\"'‘’[1] .?!\nLé") | st.characters(), max_size=80))
def test_any_text_can_be_read(text: str) -> None:
    reply = read_reply(text, PASSAGES, "", "fr")
    assert all(set(claim.markers) <= reply.evidence.keys() <= {1, 2} for claim in reply.claims)
