"""Whether this processor can run the libraries; known before one is imported, which would end the process at once."""

import platform
from pathlib import Path

NEEDED = {
    "cx16": "CMPXCHG16B",
    "lahf_lm": "LAHF",
    "popcnt": "POPCNT",
    "pni": "SSE3",
    "ssse3": "SSSE3",
    "sse4_1": "SSE4.1",
    "sse4_2": "SSE4.2",
}
"""Flag in Linux’s /proc/cpuinfo -> instructions of x86-64-v2 (System V psABI, x86-64, table 3.1), for which NumPy’s
wheels are built. Processors have had them since 2008 (Intel) and 2011 (AMD); virtual ones may hide them."""

LISTING = Path("/proc/cpuinfo")


def lacking(listing: Path = LISTING, machine: str | None = None) -> list[str]:
    """Return the instructions that this processor lacks; none where Linux does not list what it has.

    Args:
        listing: what Linux says of the processor.
        machine: its architecture; that of this one when None.
    """
    if (machine or platform.machine()) != "x86_64":
        return []
    try:
        with listing.open(encoding="utf-8", errors="replace") as lines:  # of every core; one tells
            flags = next((line.partition(":")[2].split() for line in lines if line.startswith("flags")), None)
    except OSError:
        return []
    return [] if flags is None else [name for flag, name in NEEDED.items() if flag not in flags]


def refusal(missing: list[str]) -> str:
    """Return what to say on a processor that lacks instructions."""
    return (
        f"babillard: this processor lacks {', '.join(missing)}, which NumPy needs (x86-64-v2); in a virtual machine, "
        "choose the processor type host, or x86-64-v2-AES or later, and start it again"
    )
