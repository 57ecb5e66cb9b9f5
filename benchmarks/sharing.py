"""Measure what machines pay for sharing: each step that a question takes, in files and on a PostgreSQL of this machine.

    python -m benchmarks.sharing [--times 1000] [--processes 1 2 4] [--url postgresql://…]

Without --url a server of the wheel `pgserver` is started. The network between a machine and its database comes on top,
about four round trips for each step. Steps in several processes are counted together.
"""

import argparse
import multiprocessing
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from pydantic import SecretStr

from bot.answering.answer import Answer
from bot.config import BotSettings
from bot.discord.keepers import LimitsKeeper
from bot.discord.stores import Stores, open_stores
from bot.postgres.tables import METADATA

QUESTION = "À quelle heure part le traversier de Lévis, et où prend-on les billets ?"


def steps(stores: Stores, limits: LimitsKeeper, seed: int) -> dict[str, Callable[[int], object]]:
    """Return the steps of a question by name; each gets the number of the time that it is made."""
    journal = stores.journal
    assert journal is not None
    answer = Answer(QUESTION, "fr", abstention="no_evidence", generation="g1")

    def far(number: int) -> int:
        return seed * 10_000_000 + number + 1

    return {
        "a message is taken": lambda n: limits.claim(far(n)),
        "rules are read, known": lambda n: stores.rules.guild_rules(1),
        "rules are read, of a new server": lambda n: stores.rules.guild_rules(far(n)),
        "a question is counted": lambda n: limits.check(1 + n % 100, far(n), 3, 0),
        "a question is recorded": lambda n: journal.record(answer, user=far(n), guild=1, latency_ms=30.0),
    }


def measure(settings: BotSettings, seed: int, times: int) -> dict[str, tuple[float, float]]:
    """Return step -> the median and the 95th percentile of its milliseconds."""
    found: dict[str, tuple[float, float]] = {}
    with open_stores(settings) as stores:
        for name, step in steps(stores, stores.new_limits(), seed).items():
            taken = []
            for number in range(times):
                began = time.perf_counter()
                step(number)
                taken.append((time.perf_counter() - began) * 1_000)
            found[name] = statistics.median(taken), statistics.quantiles(taken, n=20)[-1]
    return found


def together(settings: BotSettings, processes: int, times: int) -> tuple[float, list[dict[str, tuple[float, float]]]]:
    """Return the seconds that so many processes took at once, and what each measured."""
    began = time.perf_counter()
    with multiprocessing.get_context("spawn").Pool(processes) as pool:
        found = pool.starmap(measure, [(settings, seed, times) for seed in range(1, processes + 1)], chunksize=1)
    return time.perf_counter() - began, found


@contextmanager
def a_server(url: str | None) -> Iterator[SecretStr]:
    """Yield the address of a PostgreSQL; one of our own where none is named."""
    if url:
        yield SecretStr(url)
        return
    from pgserver.postgres_server import get_server

    folder = Path(tempfile.mkdtemp(prefix="babillard-"))
    server = get_server(folder, cleanup_mode="delete")
    try:
        yield SecretStr(server.get_uri())
    finally:
        server.cleanup()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--times", type=int, default=1_000)
    parser.add_argument("--processes", type=int, nargs="+", default=[1, 2, 4])
    parser.add_argument("--url")
    options = parser.parse_args()
    with a_server(options.url) as url, tempfile.TemporaryDirectory() as folder:
        print(f"{len(METADATA.tables)} tables; milliseconds: median, 95th percentile")
        files = BotSettings(data_dir=Path(folder) / "files")
        shared = BotSettings(data_dir=Path(folder) / "shared", database_url=url)
        with open_stores(shared):  # draws the secret, and makes the tables
            pass
        for kind, settings in (("files", files), ("PostgreSQL", shared)):
            for processes in options.processes if settings is shared else [1]:
                seconds, found = together(settings, processes, options.times)
                print(f"\n{kind}, {processes} process{'es' if processes > 1 else ''}, {seconds:.1f} s with their start")
                for name in found[0]:
                    medians, slow = zip(*(one[name] for one in found), strict=True)
                    print(f"  {name:32} {statistics.mean(medians):7.2f} {max(slow):7.2f}")


if __name__ == "__main__":
    main()
