import random

import pytest
from rapidfuzz.distance import OSA

from benchmarks.dresses import DRESSES, FRAMES, bare, chatty, dressed, key_words, mistyped, slip
from bot.answering.talk import hear
from index.schema import LANGUAGES, Language

QUESTION = "Combien d’abonnés Netflix compte-t-il à Québec\u202f?"


def chance() -> random.Random:
    return random.Random(0)


def test_bare_is_without_case_accents_or_signs() -> None:
    assert bare(QUESTION, "fr", chance()) == "combien dabonnes netflix compte t il a quebec"


@pytest.mark.parametrize("seed", range(20))
def test_two_words_of_four_letters_or_more_get_one_slip_each(seed: int) -> None:
    before, after = "Quel est le bureau canadien", mistyped("Quel est le bureau canadien", "fr", random.Random(seed))
    changed = [(a, b) for a, b in zip(before.split(), after.split(), strict=True) if a != b]
    assert len(changed) <= 2
    assert all(len(a) >= 4 and OSA.distance(a, b) == 1 for a, b in changed)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("word", ["bureau", "abonnés", "zoo…", "œuf!", "AAAA"])
def test_a_slip_is_one_edit_at_most(language: Language, word: str) -> None:
    for seed in range(30):
        assert OSA.distance(word, slip(word, language, random.Random(seed))) <= 1


def test_slips_are_those_of_the_keyboard_of_the_language() -> None:
    french = {slip("aaaa", "fr", random.Random(seed)) for seed in range(200)}
    english = {slip("aaaa", "en", random.Random(seed)) for seed in range(200)}
    assert "zaaa" in french
    assert any("w" in typed for typed in english)
    assert not any("w" in typed for typed in french)


def test_key_words_are_those_that_do_more_than_bind() -> None:
    assert key_words("How many offices does Netflix have in Canada?", "en", chance()) == "offices Netflix Canada"
    assert key_words("Who is it?", "en", chance()) == "Who is it?"


@pytest.mark.parametrize("language", LANGUAGES)
def test_there_are_a_dozen_frames_around_the_question(language: Language) -> None:
    assert len(FRAMES[language]) == 12
    assert all(frame.count("{}") == 1 for frame in FRAMES[language])
    assert "compte-t-il à Québec" in chatty(QUESTION, language, chance())


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_frame_is_talk_alone(language: Language) -> None:
    assert all(hear(frame.format("où est le bureau de Toronto")).talk is None for frame in FRAMES[language])


@pytest.mark.parametrize("name", DRESSES)
def test_a_question_is_always_dressed_alike(name: str) -> None:
    assert dressed(QUESTION, name, "fr") == dressed(QUESTION, name, "fr")


def test_the_first_dress_is_the_question_as_it_is_written() -> None:
    assert dressed(QUESTION, next(iter(DRESSES)), "fr") == QUESTION
