from collections.abc import Iterator

import pytest

from index.worker import Worker
from tests.bot.fetching.site import Site, serving


@pytest.fixture(scope="module")
def worker() -> Iterator[Worker]:
    with Worker() as one:
        yield one


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as one:
        yield one
