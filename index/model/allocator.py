"""Let the C library give back the memory that loading a model leaves behind; where it is not glibc, nothing is done.

After loading, a third of what was allocated is free, in pieces between others, and each thread that reads a passage
keeps a heap of its own. With both functions a cold question peaks at 198 MB instead of 217, in the same time.
"""

import ctypes
import sys
from functools import cache

_M_ARENA_MAX = -8  # of <malloc.h>


def use_one_heap() -> None:
    """Let all threads allocate from one heap; to be called before there are others."""
    if (library := _glibc()) is not None:
        library.mallopt(_M_ARENA_MAX, 1)


def give_back() -> None:
    """Return what is free to the system."""
    if (library := _glibc()) is not None:
        library.malloc_trim(0)


@cache
def _glibc() -> ctypes.CDLL | None:
    library = ctypes.CDLL(None) if sys.platform == "linux" else None
    return library if hasattr(library, "malloc_trim") else None
