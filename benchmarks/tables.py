"""The tables of `docs/benchmarks.md`: labels and figures, as `python -m benchmarks` prints them.

A cell is a format string over the names of the figures; who measures a figure stands in `MEASURED_BY`. A test reads
the page against these rows.
"""

import re
from string import Formatter
from typing import NamedTuple

from benchmarks.figures import Figures
from benchmarks.systems import SYSTEMS


class Row(NamedTuple):
    """A label and the cells beside it."""

    label: str
    cells: tuple[str, ...]


class Table(NamedTuple):
    """A heading and the rows under it."""

    heading: tuple[str, ...]
    rows: tuple[Row, ...]

    @property
    def names(self) -> set[str]:
        """The names of all its figures."""
        return {name for row in self.rows for cell in row.cells for name in names(cell)}


def _both(label: str, name: str, form: str = ".3f") -> Row:
    return Row(label, tuple(f"{{{name.replace('*', f'{asked}_{asked}')}:{form}}}" for asked in ("fr", "en")))


def _across(label: str, name: str, form: str = ".3f") -> Row:
    """Return the row of a figure of questions on articles in the other language."""
    return Row(label, tuple(f"{{{name.replace('*', direction)}:{form}}}" for direction in ("fr_en", "en_fr")))


QUALITY = Table(
    ("", "French", "English"),
    (
        _both("the right paragraph comes first, R@1", "quality_*_r1"),
        _both("it is among the first five, R@5", "quality_*_r5"),
        _both("MRR@10", "quality_*_mrr"),
        _both("the first quote holds a gold answer (an abstention counts as a miss)", "quality_*_first_quote"),
        _both("questions on an article that is not indexed, told from others (AUROC)", "calibrate_*_auroc_not_indexed"),
        _both("… refused", "calibrate_*_not_indexed_refused", ".2f"),
        _both("questions whose one paragraph is missing, refused", "calibrate_*_near_miss_refused", ".2f"),
        _both("answerable questions refused", "quality_*_refused"),
        _both("the reply is in the language of the question", "quality_*_reply_language", ".4f"),
        _across("questions on articles in the other language: R@1", "quality_*_r1"),
        _across("… R@5", "quality_*_r5"),
        _across("… the first quote holds a gold answer", "quality_*_first_quote"),
        _across("… answerable questions refused", "calibrate_*_answerable_refused", ".2f"),
        _across("… questions on an article that is not indexed, refused", "calibrate_*_not_indexed_refused", ".2f"),
    ),
)

_KINDS = {
    "howto": "how to do something",
    "list": "a list",
    "command": "a command",
    "yesno": "yes or no",
    "fact": "a fact",
    "reason": "a reason",
    "table": "a row of a table",
    "two-part": "two questions in one",
    "all": "all",
}

USEFULNESS = Table(
    ("useful", "Babillard", "the first passage", "the first three"),
    tuple(
        Row(
            label,
            tuple(f"{{usefulness_{kind}_{key}:.3f}}" for key in ("useful", "first_passage", "three_passages")),
        )
        for kind, label in _KINDS.items()
    ),
)

DOCUMENTATION = Table(
    ("questions about documentation", ""),
    (
        Row(
            "the first citation is of a page that answers (an abstention counts as a miss)",
            ("{usefulness_page_cited:.3f}",),
        ),
        Row("the search finds such a page first", ("{usefulness_page_first:.3f}",)),
        Row("… among the first five passages", ("{usefulness_page_in_five:.3f}",)),
        Row("length of a useful reply, median", ("{usefulness_useful_length:.0f} characters",)),
        Row("questions that no page answers, refused", ("{usefulness_unanswerable_refused:.2f}",)),
        Row("questions whose pages are left out, refused", ("{usefulness_missing_refused:.2f}",)),
        Row("answerable questions refused", ("{usefulness_answerable_refused:.3f}",)),
    ),
)

SPEED = Table(
    ("speed and memory", ""),
    (
        Row("`babillard ask` from a cold process", ("{speed_cold_s:.1f} s, {speed_cold_mb:.0f} MB at its peak",)),
        Row("a question in the running REPL", ("{speed_p50_ms:.0f} ms; p95 {speed_p95_ms:.0f} ms",)),
        Row(
            "the Discord bot, on loopback, 200 people asking within 10 s",
            (
                "acknowledged within {load_acknowledged_worst_ms:.0f} ms in {load_runs:.0f} runs, half of them within "
                "{load_acknowledged_max_ms:.0f} ms; answered after "
                "{load_answered_min_ms:.0f} to {load_answered_max_ms:.0f} ms, p99 {load_p99_min_ms:.0f} to "
                "{load_p99_max_ms:.0f} ms; {load_mb:.0f} MB",
            ),
        ),
        Row(
            "embedding at build, against plain sentence-transformers in float32",
            ("{speed_embedding_ratio:.1f} times as fast",),
        ),
    ),
)

_LANGUAGES = {"fr": "French", "en": "English"}
_DIRECTIONS = (("fr", "fr"), ("en", "en"), ("en", "fr"), ("fr", "en"))  # of the questions, of the articles


def _beside(label: str, name: str, form: str, unit: str = "", ratio: str = ".1f") -> Row:
    """Return the row of a figure: Babillard's, then those of the others, each with its ratio to Babillard's."""
    ours, *others = [f"peers_{system}_{name}" for system in SYSTEMS]
    beside = [f"{{{other}:{form}}}{unit} ({{{other}_ratio:{ratio}}}×)" for other in others]
    return Row(label, (f"{{{ours}:{form}}}{unit}", *beside))


PEERS = Table(
    ("", *(system.label for system in SYSTEMS.values())),
    (
        *(
            _beside(
                f"{_LANGUAGES[asked]} questions on {_LANGUAGES[written]} articles, {label}",
                f"{asked}_{written}_{name}",
                ".3f",
                ratio=".2f",
            )
            for asked, written in _DIRECTIONS
            for label, name in (("R@1", "r1"), ("R@5", "r5"), ("MRR@10", "mrr"))
        ),
        *(
            _beside(f"{label}, {_LANGUAGES[written]} set", f"{written}_{name}", form, unit)
            for written in _LANGUAGES
            for label, name, form, unit in (
                ("building the index", "build_s", ".1f", " s"),
                ("from a cold start to the first result", "cold_s", ".1f", " s"),
                ("a search, median", "p50_ms", ".1f", " ms"),
                ("a search, p95", "p95_ms", ".1f", " ms"),
                ("memory of the serving process at its peak", "peak_mb", ".0f", " MB"),
            )
        ),
    ),
)

TABLES = {
    "Search, and the similarity reader": (QUALITY,),
    "Questions about documentation": (USEFULNESS, DOCUMENTATION),
    "Speed and memory": (SPEED,),
    "Against what you would pick instead": (PEERS,),
}
"""Heading of the section of `docs/benchmarks.md` -> its tables, in order."""

MEASURED_BY = {
    "quality": "quality",
    "calibrate": "calibrate",
    "usefulness": "usefulness",
    "speed": "speed",
    "load": "discord_load",
    "peers": "peers",
}
"""First word of a figure's name -> module that measures it."""


def names(cell: str) -> list[str]:
    """Return the names of the figures in a cell."""
    return [name for _, name, _, _ in Formatter().parse(cell) if name]


def shape(cell: str) -> re.Pattern[str]:
    """Return what a cell looks like with any figures in it."""
    pieces = Formatter().parse(cell)
    return re.compile("".join(re.escape(text) + (r"\d+(?:\.\d+)?" if name else "") for text, name, _, _ in pieces))


def render(table: Table, figures: Figures) -> str:
    """Return the table in Markdown; a cell with a figure that was not measured holds a dash."""
    lines = [table.heading, ("---",) * len(table.heading)]
    for label, cells in table.rows:
        lines.append((label, *(c.format_map(figures) if figures.keys() >= set(names(c)) else "–" for c in cells)))
    return "\n".join("|" + "|".join(f" {cell} " if cell else " " for cell in line) + "|" for line in lines)
