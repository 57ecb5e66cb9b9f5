import math
from dataclasses import replace

import numpy as np
import pytest
from rich.console import Console

from bot.evaluation.asking import Measured
from bot.evaluation.figures import FIGURES, MIN_ARTICLES, clusters, parts, slices
from bot.evaluation.printing import print_tables, run_record

RIGHT = Measured(
    set="q.json",
    id="0",
    language="fr",
    found_in="fr",
    article="q.json/0",
    passage="q.json/0",
    answerable=True,
    confidence=0.9,
    refused=False,
    ms=20.0,
    rank=1,
    ndcg=1.0,
    first_quote=True,
    token_f1=0.5,
    exact_match=0.0,
    citation=True,
    right=True,
    reply_language=True,
)
MISSED = replace(RIGHT, rank=0, ndcg=0.0, first_quote=False, token_f1=0.0, citation=False, right=False, confidence=0.6)
REFUSED = replace(MISSED, rank=3, ndcg=0.5, refused=True, citation=None, confidence=0.1, right=True)
UNKNOWN = replace(
    RIGHT,
    answerable=False,
    confidence=0.3,
    refused=True,
    rank=None,
    ndcg=None,
    first_quote=None,
    token_f1=None,
    exact_match=None,
    citation=None,
    right=False,
    reply_language=False,
)
USEFUL = replace(
    RIGHT,
    kind="howto",
    useful=True,
    useful_length=700,
    page_cited=True,
    plain_rank=2,
    first_passage=False,
    three_passages=True,
)
USELESS = replace(USEFUL, kind="list", useful=False, useful_length=None, page_cited=False, plain_rank=0)


def number(*measured: Measured) -> list[Measured]:
    return [replace(m, id=str(n), article=f"q.json/{n}", passage=f"q.json/{n}") for n, m in enumerate(measured)]


def test_the_figures_are_what_their_names_say() -> None:
    everything, *_ = slices(number(RIGHT, MISSED, REFUSED, UNKNOWN))
    values = {key: estimate.value for key, estimate in everything.figures.items() if key not in OF_DOCUMENTATION}
    assert (everything.name, everything.questions, everything.answerable) == ("all", 4, 3)
    assert values == pytest.approx(
        {
            "recall_at_1": 1 / 3,
            "recall_at_5": 2 / 3,
            "mrr_at_10": (1 + 0 + 1 / 3) / 3,
            "ndcg_at_10": 0.5,
            "first_quote": 1 / 3,
            "citation": 1 / 2,
            "token_f1": 0.5 / 3,
            "exact_match": 0.0,
            "auroc": 2 / 3,
            "refused_at_5_percent": 0.0,
            "unanswerable_refused": 1.0,
            "answerable_refused": 1 / 3,
            "aurc": (0 + 1 / 2 + 2 / 3 + 2 / 4) / 4,
            "reply_language": 3 / 4,
            "latency_p50_ms": 20.0,
            "latency_p95_ms": 20.0,
        }
    )


OF_DOCUMENTATION = "useful page_cited useful_length first_passage three_passages page_first page_in_five".split()


def test_the_figures_of_questions_about_documentation_are_what_their_names_say() -> None:
    everything, howto, listing, *_ = slices(number(USEFUL, replace(USEFUL, useful_length=300), USELESS, UNKNOWN))
    assert [everything.figures[key].value for key in OF_DOCUMENTATION] == pytest.approx(
        [2 / 3, 2 / 3, 700, 0, 1, 0, 2 / 3]
    )
    assert (howto.name, howto.questions, howto.figures["useful"].value) == ("howto", 2, 1)
    assert (listing.name, listing.questions, listing.figures["useful"].value) == ("list", 1, 0)
    assert math.isnan(listing.figures["useful_length"].value)


def test_other_questions_have_no_such_figures() -> None:
    everything, *_ = slices(number(RIGHT, UNKNOWN))
    assert all(math.isnan(everything.figures[key].value) for key in OF_DOCUMENTATION)


def test_what_the_questions_do_not_tell_is_not_told() -> None:
    [everything, french, direction] = slices(number(RIGHT, MISSED))
    for one in (everything, french, direction):
        assert math.isnan(one.figures["auroc"].value)
    record = run_record({}, [everything], [])
    assert record["slices"]["all"]["figures"]["auroc"] == {"value": None, "low": None, "high": None}


def test_every_language_and_direction_that_there_is_has_its_slice() -> None:
    measured = number(
        RIGHT, replace(RIGHT, language="en"), replace(RIGHT, found_in="en"), replace(UNKNOWN, found_in=None)
    )
    assert [(name, len(rows)) for name, rows in parts(measured)] == [
        ("all", 4),
        ("fr", 3),
        ("en", 1),
        ("fr→fr", 1),
        ("fr→en", 1),
        ("en→fr", 1),
    ]


def test_an_interval_holds_its_figure() -> None:
    measured = number(*[USEFUL, USELESS, MISSED, UNKNOWN] * 10)
    for estimate in slices(measured)[0].figures.values():
        assert estimate.low <= estimate.value <= estimate.high


def test_articles_are_drawn_unless_there_are_few() -> None:
    many = [replace(m, article=f"q.json/{n % MIN_ARTICLES}") for n, m in enumerate(number(*[RIGHT] * 30))]
    assert clusters(many) == [m.article for m in many]
    few = [replace(m, article=f"q.json/{n % 3}") for n, m in enumerate(many)]
    assert clusters(few) == [m.passage for m in few]


@pytest.mark.parametrize("width", [80, 200])
def test_the_tables_hold_every_figure_and_its_interval(width: int) -> None:
    console = Console(width=width, record=True, force_terminal=False)
    measured = number(*[USEFUL, USELESS, REFUSED, UNKNOWN] * 5)
    print_tables(slices(measured), console)
    shown = console.export_text()
    assert "…" not in shown
    for figure in FIGURES:
        assert all(word in shown for word in figure.label.split())
    assert "all, fr, fr→fr" in shown
    assert "howto" in shown
    assert max(map(len, shown.splitlines())) <= width


def test_a_table_of_figures_that_nothing_tells_is_left_out() -> None:
    console = Console(width=100, record=True)
    only = replace(UNKNOWN, reply_language=None, confidence=float(np.float64(0.2)))
    print_tables(slices(number(only)), console)
    shown = console.export_text()
    assert "Retrieval" not in shown
    assert "Abstention" in shown
