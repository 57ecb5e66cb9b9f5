import pytest

from benchmarks.translation import WRONG, aligned, main, negation_left_out
from bot.translation.models import PAIRS


def test_the_checks_are_measured_on_sentences_of_its_own(capsys: pytest.CaptureFixture[str]) -> None:
    main(["--quick"])
    said = capsys.readouterr().out
    assert "fr to en: 2 translations by people, 0.000 refused" in said
    assert all(said.count(make.__name__.replace("_", " ")) == 2 for make in WRONG)


def test_sentences_are_those_of_both_languages_in_order() -> None:
    french, english = (aligned(pair, quick=True) for pair in PAIRS)
    assert french == [(a, b) for b, a in english]


@pytest.mark.parametrize(
    ("text", "without"),
    [
        ("The office is not open.", "The office is open."),
        ("They don’t answer.", "They answer."),
        ("Le bureau n’est pas ouvert.", "Le bureau est ouvert."),
        ("Vous ne devez jamais le dire.", "Vous devez le dire."),
        ("Le bureau est ouvert.", None),
    ],
)
def test_a_negation_is_taken_out_whole(text: str, without: str | None) -> None:
    assert list(negation_left_out(text, "")) == ([without] if without else [])
