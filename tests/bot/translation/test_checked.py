from concurrent.futures import ThreadPoolExecutor

import pytest

from bot.errors import TranslationError
from bot.translation.checked import CheckedTranslator, has_words
from bot.translation.models import Pair
from bot.translation.protected import protect
from tests.bot.translation.scripted import ScriptedEngine
from tests.bot.translation.sentences import EN_FR, FR_EN, RIGHT, WRONG, Translated


def made(one: Translated) -> str:
    """Let a model say the translation of a sentence, with a stand-in for what it kept."""
    protected = protect(one.source)
    assert protected is not None
    said = one.translated
    for number, kept in enumerate(protected.kept):
        said = said.replace(kept, f"XQ{number}")
    return CheckedTranslator(ScriptedEngine({protected.text: said})).translate([one.source], one.pair)[0]


def test_none_of_the_wrong_translations_is_shown() -> None:
    assert len(WRONG) >= 40
    assert [one for one in WRONG if made(one)] == []


def test_all_of_the_right_translations_are_shown() -> None:
    assert len(RIGHT) >= 20
    assert [one for one in RIGHT if made(one) != one.translated] == []


@pytest.mark.parametrize(
    ("source", "said", "shown", "pair"),
    [
        ("Lancez `rm -r`.", "Run XQ0.", "Run `rm -r`.", FR_EN),
        ("Lancez `rm -r`.", "Run it.", "", FR_EN),
        ("Lancez `rm -r`.", "Run XQ0, XQ0.", "", FR_EN),
        ("Lancez `rm -r`.", "Run XQ0 or `rm -rf`.", "", FR_EN),
        ("Close the door.", "Fermez\n  la porte.", "Fermez la porte.", EN_FR),
    ],
)
def test_code_comes_back_as_it_was_or_nothing_is_shown(source: str, said: str, shown: str, pair: Pair) -> None:
    protected = protect(source)
    assert protected is not None
    assert CheckedTranslator(ScriptedEngine({protected.text: said})).translate([source], pair) == [shown]


def test_a_sentence_is_translated_once_whether_it_passed_or_not() -> None:
    engine = ScriptedEngine({"Fermez la porte.": "Close the door.", "Ouvrez-la.": ""})
    translator = CheckedTranslator(engine)
    for _ in range(3):
        assert translator.translate(["Fermez la porte.", "Ouvrez-la."], FR_EN) == ["Close the door.", ""]
    assert engine.asked == ["Fermez la porte.", "Ouvrez-la."]


def test_the_two_directions_are_kept_apart() -> None:
    engine = ScriptedEngine({"Notes": "Grades"})
    translator = CheckedTranslator(engine)
    translator.translate(["Notes"], FR_EN)
    translator.translate(["Notes"], EN_FR)
    assert engine.asked == ["Notes", "Notes"]


def test_the_cache_is_bounded() -> None:
    engine = ScriptedEngine({f"Ouvrez la porte {n}.": f"Open door {n}." for n in range(3)})
    translator = CheckedTranslator(engine, size=2)
    for n in (0, 1, 2, 0):
        assert translator.translate([f"Ouvrez la porte {n}."], FR_EN) == [f"Open door {n}."]
    assert len(engine.asked) == 4


def test_what_found_no_room_is_tried_again() -> None:
    engine = ScriptedEngine({"Fermez la porte.": None})
    translator = CheckedTranslator(engine)
    assert translator.translate(["Fermez la porte."], FR_EN) == [""]
    assert translator.translate(["Fermez la porte."], FR_EN) == [""]
    assert len(engine.asked) == 2


def test_a_fault_of_the_model_is_not_kept() -> None:
    engine = ScriptedEngine({"Fermez la porte.": "Close the door."})
    translator = CheckedTranslator(engine)
    engine.fails = True
    with pytest.raises(TranslationError):
        translator.translate(["Fermez la porte."], FR_EN)
    engine.fails = False
    assert translator.translate(["Fermez la porte."], FR_EN) == ["Close the door."]


def test_threads_share_one_translator() -> None:
    script = {f"Ouvrez la porte {n}.": f"Open door {n}." for n in range(20)}
    translator = CheckedTranslator(ScriptedEngine(script), size=5)
    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(lambda sentence: translator.translate([sentence], FR_EN)[0], [*script] * 5))
    assert found == [*script.values()] * 5


@pytest.mark.parametrize(
    ("sentence", "has"),
    [("Ouvert.", True), ("`apt update`", False), ("12:30", False), ("", False), ("/etc/hosts", False)],
)
def test_code_and_figures_are_no_words(sentence: str, has: bool) -> None:
    assert has_words(sentence) is has
