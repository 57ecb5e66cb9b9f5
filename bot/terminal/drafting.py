"""Show an answer in the terminal while a model still writes it; the draft disappears when the answer is there."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from index.text import visible


@contextmanager
def draft_shown() -> Iterator[Callable[[str], None] | None]:
    """Give a function that shows the text so far; None where standard output is no terminal."""
    if not sys.stdout.isatty():
        yield None
        return
    from rich.console import Console
    from rich.live import Live
    from rich.text import Text

    live = Live(console=Console(), transient=True)

    def show(text: str) -> None:
        if not live.is_started:
            live.start()
        live.update(Text(visible(text), style="dim"))

    try:
        yield show
    finally:
        live.stop()
