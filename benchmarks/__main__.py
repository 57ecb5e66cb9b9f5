"""Measure the figures of `docs/benchmarks.md` and print its tables; `report.md` and `report.json` keep them.

    python -m benchmarks [--quick] [--out var/benchmarks] [speed quality usefulness calibrate peers discord_load]

Each benchmark runs in a process of its own, one after another, on a machine that should do nothing else. With
`--quick` each runs on a tiny sample, which shows that it works and gives all its figures, and no more.
"""

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.figures import Figures
from benchmarks.tables import MEASURED_BY, TABLES, render

MODULES = tuple(MEASURED_BY.values())
ARGUMENTS = {"calibrate": ("--check",)}  # the report measures, and changes no file of the project


def run(module: str, quick: bool) -> Figures | None:
    """Return the figures of one benchmark, whose own lines go to standard error; None when it failed."""
    print(f"── {module}", file=sys.stderr, flush=True)
    with TemporaryDirectory() as folder:
        handed_over = Path(folder, "figures.json")
        command = [sys.executable, "-m", f"benchmarks.{module}", "--json", str(handed_over)]
        command += [*ARGUMENTS.get(module, ()), *(["--quick"] if quick else [])]
        if subprocess.run(command, check=False, stdout=sys.stderr).returncode:
            return None
        figures: Figures = json.loads(handed_over.read_text(encoding="utf-8"))
        return figures


def machine() -> str:
    """Return the processor, its cores, and how busy they were in the last minute."""
    listing = Path("/proc/cpuinfo")
    lines = listing.read_text(encoding="utf-8").splitlines() if listing.is_file() else []
    model = next((line.split(":")[1].strip() for line in lines if line.startswith("model name")), "unknown processor")
    return f"{model}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} before the first benchmark"


def report(figures: Figures, where: str, quick: bool) -> str:
    """Return the tables of `docs/benchmarks.md` under their headings; those of which nothing is known are left out."""
    parts = [f"Measured on {where}." + (" A quick run: the figures mean nothing." if quick else "")]
    for section, tables in TABLES.items():
        if known := [table for table in tables if figures.keys() & table.names]:
            parts += [f"## {section}", *(render(table, figures) for table in known)]
    return "\n\n".join(parts) + "\n"


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the benchmarks that are named, or all, and report.

    Raises:
        SystemExit: one of them failed; the others are reported.
    """
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("benchmarks", nargs="*", metavar="BENCHMARK", help=f"of {', '.join(MODULES)}; all by default")
    parser.add_argument("--quick", action="store_true", help="run each on a tiny sample")
    parser.add_argument("--out", type=Path, default=Path("var/benchmarks"), help="folder of the report")
    chosen = parser.parse_args(arguments)
    if unknown := set(chosen.benchmarks) - set(MODULES):
        parser.error(f"no such benchmark: {', '.join(sorted(unknown))}; there are {', '.join(MODULES)}")
    where, began = machine(), time.monotonic()
    figures: Figures = {}
    failed = []
    for module in chosen.benchmarks or MODULES:
        measured = run(module, chosen.quick)
        if measured is None:
            failed.append(module)
        else:
            figures |= measured
    text = report(figures, where, chosen.quick)
    chosen.out.mkdir(parents=True, exist_ok=True)
    (chosen.out / "report.md").write_text(text, encoding="utf-8")
    record = {"machine": where, "quick": chosen.quick, "seconds": time.monotonic() - began, "figures": figures}
    (chosen.out / "report.json").write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")
    print(text)
    if failed:
        raise SystemExit(f"Not measured, for the reasons above: {', '.join(failed)}.")


if __name__ == "__main__":
    main()
