import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from bot.answering.spelling.nearest import Nearest
from index.wordlist import WordList

WORDS = sorted({"".join(random.Random(i).choices("abcdelmnt", k=i % 9 + 2)) for i in range(800)} | {"covid19"})


def nearest(words: list[str], frequencies: list[float] | None = None) -> Nearest:
    shares = np.array(frequencies or [0.1] * len(words), np.float32)
    return Nearest(WordList(np.array([w.encode() for w in words], "S16"), shares, lambda i: words[i]))


INDEX = nearest(WORDS)


@given(st.text("abcdelmnt", min_size=1, max_size=12), st.sampled_from([1, 2]))
def test_all_words_within_the_edits_are_found_and_no_other(key: str, edits: int) -> None:
    wanted = [word for word in WORDS if OSA.distance(key, word) <= edits]
    assert sorted(WORDS[i] for i in INDEX.find(key, edits)) == wanted


@pytest.mark.parametrize("typed", ["abonnez", "abones", "abonnnes", "abnones", "bonnes", "zabonnes"])
def test_a_letter_more_or_less_another_or_a_swap_is_one_edit(typed: str) -> None:
    found = nearest(["abonnes"]).find(typed, 1)
    assert found == ([0] if OSA.distance(typed, "abonnes") == 1 else [])


def test_words_that_may_not_be_proposed_are_not_found() -> None:
    assert nearest(["bac", "bal"], [0.0, 0.1]).find("ba", 1) == [1]


def test_nothing_is_near_in_an_empty_list() -> None:
    assert nearest([]).find("bac", 2) == []


def test_words_shorter_than_the_edits_do_no_harm() -> None:
    assert nearest(["a", "ab"]).find("a", 2) == [0, 1]
