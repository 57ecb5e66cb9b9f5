from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.bot.journal.asking import Asking


@pytest.fixture
def ask(tmp_path: Path) -> Iterator[Asking]:
    asking = Asking(tmp_path / "journal.sqlite3")
    with asking.journal:
        yield asking
