"""Show people what a calibration is worth."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table

from index.text import visible


def print_calibration(path: Path, record: Mapping[str, Any], console: Console) -> None:
    """Print what a calibration was fitted on, and its figures beside those of the shipped one."""
    table = Table(box=SIMPLE, padding=(0, 1, 0, 0))
    table.add_column("")
    table.add_column("new", justify="right")
    table.add_column("shipped", justify="right")
    for name, value in record["figures"].items():
        table.add_row(
            name.replace("_", " ").replace("auroc", "AUROC"), f"{value:.3f}", f"{record['shipped'][name]:.3f}"
        )
    counts = ", ".join(f"{language} {count:,}" for language, count in record["questions"].items())
    console.print(f"Calibrated on {visible(record['data'])} ({counts}); kept in {path}.", markup=False)
    console.print("Each figure is of fits that did not see the article; the thresholds are of the same questions.")
    console.print(table)
