import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.chat.checks.quotes import check_quotes, plain_quote
from bot.chat.reply import read_reply, sanitise
from tests.bot.fakes import ENGLISH, FRENCH, make_chunk

PASSAGES = (make_chunk(FRENCH), make_chunk(ENGLISH, "ferry.md", "The ferry", language="en"))
WORDS = FRENCH.split(" ")
MARKS = ["«\u00a0{}\u00a0»", "“{}”", '"{}"']


def failures(text: str) -> list[str]:
    return list(check_quotes(read_reply(text, PASSAGES, "", "fr")))


@st.composite
def runs_of_words(draw: st.DrawFn) -> list[str]:
    """Some words of the passage as they follow one another, without those that hold quotation marks."""
    start = draw(st.integers(0, len(WORDS) - 1))
    run = WORDS[start : draw(st.integers(start + 1, len(WORDS)))]
    assume(not any(mark in word for word in run for mark in "«»"))
    return run


@given(runs_of_words(), st.sampled_from(MARKS), st.sampled_from([" ", "\u00a0", "\n", "  "]), st.sampled_from("’'"))
def test_any_run_of_words_of_the_passage_may_be_quoted(run: list[str], marks: str, space: str, apostrophe: str) -> None:
    quote = space.join(run).replace("’", apostrophe)
    assert failures(f"Le journal écrit {marks.format(quote)} [1].") == []


@given(runs_of_words(), st.sampled_from(MARKS), st.data())
def test_one_altered_word_is_reported(run: list[str], marks: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(run) - 1))
    other = data.draw(st.sampled_from(["jamais", "2\u202f300", "Québec", "œufs"]))
    altered = " ".join([*run[:at], other, *run[at + 1 :]])
    assert len(failures(f"Le journal écrit {marks.format(altered)} [1].")) == 1


def test_the_quotation_must_stand_in_the_passage_that_is_cited() -> None:
    assert failures("Le bateau part «\u00a0at noon\u00a0» [2].") == []
    assert len(failures("Le bateau part «\u00a0at noon\u00a0» [1].")) == 1
    assert failures("Le bateau part «\u00a0at noon\u00a0» [1][2].") == []


@pytest.mark.parametrize(
    "quote", ["The ferry leaves Lévis at noon,", "The ferry leaves Le\u0301vis at noon", "The ferry"]
)
def test_the_end_mark_the_accents_and_the_title_are_no_reason_to_refuse(quote: str) -> None:
    assert failures(f"On lit «\u00a0{quote}\u00a0» [2].") == []


@pytest.mark.parametrize("quote", ["the ferry leaves Levis at noon", "The ferry … at noon", "It takes 12 minutes"])
def test_another_spelling_a_cut_or_another_form_is_refused(quote: str) -> None:
    assert len(failures(f"On lit «\u00a0{quote}\u00a0» [2].")) == 1


@pytest.mark.parametrize("link", ["https://musee.example/billets", "musee.example", "www.musee.example/autre"])
def test_a_link_is_as_good_as_the_name_of_its_site(link: str) -> None:
    passages = [make_chunk("En vente sur https://www.musee.example/billets?d=1. Ouvert en 1980.")]
    text = sanitise(f"On lit «\u00a0En vente sur {link}. Ouvert\u00a0» [1].")
    assert list(check_quotes(read_reply(text, passages, "", "fr"))) == []
    text = sanitise(f"On lit «\u00a0En vente à {link}\u00a0» [1].")
    assert len(list(check_quotes(read_reply(text, passages, "", "fr")))) == 1


@given(st.text(max_size=60))
def test_plain_quotes_stay_as_they_are(text: str) -> None:
    assert plain_quote(plain_quote(text)) == plain_quote(text)
