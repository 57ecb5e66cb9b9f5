from benchmarks.tables import DOCUMENTATION, USEFULNESS
from benchmarks.usefulness import BY_KIND, KINDS, of_the_report
from bot.evaluation.figures import BY_KEY, Estimate, Slice


def slice_of(name: str, value: float) -> Slice:
    return Slice(name, 1, 1, dict.fromkeys(BY_KEY, Estimate(value, value, value)))


def test_the_report_gets_the_figures_of_each_kind_and_of_all_together() -> None:
    slices = [slice_of(name, value) for value, name in enumerate(("all", "fr", *KINDS[:-1]))]
    figures = of_the_report(slices, 0.25)
    assert figures.keys() == USEFULNESS.names | DOCUMENTATION.names
    assert {figures[f"usefulness_howto_{key}"] for key in BY_KIND} == {2}
    assert figures["usefulness_all_useful"] == figures["usefulness_page_cited"] == 0
