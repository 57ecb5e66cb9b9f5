"""Measure what machines pay for sharing: each step that a question takes, in files and on a PostgreSQL of this machine.

    python -m benchmarks.sharing [--times 1000] [--processes 1 2 4] [--url postgresql://…]

Without --url a server of the wheel `pgserver` is started, and at the end it is killed and started again and again while
questions are recorded. The network between a machine and its database comes on top, about four round trips for each
step. Steps in several processes are counted together.
"""

import argparse
import multiprocessing
import statistics
import tempfile
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from importlib import import_module
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from bot.answering.answer import Answer
from bot.config import BotSettings
from bot.discord.keepers import LimitsKeeper
from bot.discord.stores import Stores, open_stores
from bot.journal.entry import JournalKeeper

QUESTION = "À quelle heure part le traversier de Lévis, et où prend-on les billets ?"

RESTARTED = "Et pendant la panne ?"

THREADS, PACE_SECONDS = 4, 0.03  # four people, each of whom asks as soon as a question is answered


def require(journal: JournalKeeper | None) -> JournalKeeper:
    """Return the journal, which is on by default."""
    assert journal is not None
    return journal


def steps(stores: Stores, limits: LimitsKeeper, seed: int) -> dict[str, Callable[[int], object]]:
    """Return the steps of a question by name; each gets the number of the time that it is made."""
    journal = require(stores.journal)
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


class OwnServer:
    """A PostgreSQL of the wheel `pgserver`, which syncs what it commits as any other does."""

    def __init__(self, folder: Path) -> None:
        pgserver: Any = import_module("pgserver")
        self._server = pgserver.get_server(folder, cleanup_mode="delete")
        self._control = pgserver._commands.pg_ctl
        self.url = SecretStr(self._server.get_uri())

    def restart(self) -> None:
        """End it as a crash would, and start it again."""
        arguments = ["-w", "-m", "immediate", "-l", str(self._server.log), "restart"]
        self._control(arguments, pgdata=self._server.pgdata, user=self._server.system_user)

    def close(self) -> None:
        """End it, and delete what it kept."""
        self._server.cleanup()


def restarted(server: OwnServer, settings: BotSettings, times: int) -> str:
    """Record from four threads while the server restarts again and again; return what came of the rows."""
    ended = threading.Event()

    def record(stores: Stores, thread: int) -> list[tuple[bool, float]]:
        found = []
        for number in range(times // THREADS):
            answer = Answer(f"{thread}-{number} {RESTARTED}", "fr", abstention="no_evidence", generation="g1")
            began = time.perf_counter()
            row = require(stores.journal).record(answer, user=thread, guild=1, latency_ms=30.0)
            found.append((row is None, (time.perf_counter() - began) * 1_000))
            time.sleep(PACE_SECONDS)
        return found

    def restart(tend: Callable[[], None]) -> int:
        count = 0
        while not ended.wait(PACE_SECONDS * 50):
            server.restart()
            tend()  # as the bot does every few seconds
            count += 1
        return count

    with open_stores(settings) as stores, ThreadPoolExecutor(THREADS + 1) as threads:
        assert stores.tend is not None
        restarts = threads.submit(restart, stores.tend)
        recorded = [row for rows in threads.map(lambda n: record(stores, n), range(1, THREADS + 1)) for row in rows]
        ended.set()
        count = restarts.result()
        stores.tend()
        kept = [one.question for one in require(stores.journal).unanswered() if one.question.endswith(RESTARTED)]
    waited = [taken for has_waited, taken in recorded if has_waited]
    return (
        f"{len(recorded)} rows, {count} restarts: {len(waited)} waited, {len(recorded) - len(set(kept))} lost, "
        f"{len(kept) - len(set(kept))} twice; to let one wait took {statistics.median(waited or [0]):.2f} ms, "
        f"{max(waited or [0]):.0f} at most"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--times", type=int, default=1_000)
    parser.add_argument("--processes", type=int, nargs="+", default=[1, 2, 4])
    parser.add_argument("--url")
    options = parser.parse_args()
    with ExitStack() as opened:
        folder = Path(opened.enter_context(tempfile.TemporaryDirectory(prefix="babillard-")))
        server = None if options.url else opened.enter_context(closing(OwnServer(folder / "server")))
        files = BotSettings(data_dir=folder / "files")
        shared = BotSettings(data_dir=folder / "shared", database_url=server.url if server else SecretStr(options.url))
        with open_stores(shared):  # draws the secret, and makes the tables
            pass
        print("milliseconds: median, 95th percentile")
        for kind, settings in (("files", files), ("PostgreSQL", shared)):
            for processes in options.processes if settings is shared else [1]:
                seconds, found = together(settings, processes, options.times)
                print(f"\n{kind}, {processes} process{'es' if processes > 1 else ''}, {seconds:.1f} s with their start")
                for name in found[0]:
                    medians, slow = zip(*(one[name] for one in found), strict=True)
                    print(f"  {name:32} {statistics.mean(medians):7.2f} {max(slow):7.2f}")
        if server is not None:
            print(f"\n{restarted(server, shared, options.times)}")


if __name__ == "__main__":
    main()
