from benchmarks.quality import ACROSS, KEYS, of_the_report
from benchmarks.tables import QUALITY
from bot.evaluation.figures import BY_KEY, Estimate, Slice


def slice_of(name: str, value: float) -> Slice:
    return Slice(name, 1, 1, dict.fromkeys(BY_KEY, Estimate(value, value, value)))


def test_the_report_gets_the_figures_by_the_languages_of_questions_and_articles() -> None:
    slices = [
        slice_of(name, value) for value, name in enumerate(("all", "fr", "en", "fr→fr", "en→en", "fr→en", "en→fr"))
    ]
    figures = of_the_report(slices)
    assert figures.keys() == {name for name in QUALITY.names if name.startswith("quality_")}
    assert {name: value for name, value in figures.items() if name.endswith("_r1")} == {
        "quality_fr_fr_r1": 3,
        "quality_en_en_r1": 4,
        "quality_fr_en_r1": 5,
        "quality_en_fr_r1": 6,
    }
    assert len(figures) == 2 * len(KEYS) + 2 * len(ACROSS)
