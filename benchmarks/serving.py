"""Measure how many questions a second one process and two of the same bot answer, on loopback and one PostgreSQL.

    python -m benchmarks.serving [--processes 1 2] [--seconds 60] [--askers 16] [--runs 3] [--index FOLDER] [--quick]
                                 [--url postgresql://…]

Each process has one core to itself (it is pinned there), serves its share of the shards of the bot, and answers people
who ask again as soon as they have their answer, half of them with /ask; the Discord of `benchmarks/loopback` deals them
out evenly. This program, which is that Discord, and the database run beside them: where the machine has no more cores
than there are processes, all share, and the last columns say what each took. Runs with one process and with several
alternate, so that a machine that is busy for a while is so for both. On real Discord the bot as a whole may make 50
requests a second; that limit is not simulated.
"""

import argparse
import asyncio
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack, ExitStack, closing
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from pydantic import SecretStr

from benchmarks.discord_load import QUESTIONS, SEEDS
from benchmarks.figures import Figures, hand_over, options
from benchmarks.loopback.harness import bot_process
from benchmarks.loopback.interactions import Interaction
from benchmarks.loopback.refusals import Json
from benchmarks.loopback.server import TOKEN, LoopbackDiscord
from benchmarks.sharing import OwnServer
from bot.config import BotSettings
from bot.discord.logs import log_to_stderr
from bot.discord.rules_postgres import PostgresRules
from bot.discord.shards import Shards
from bot.discord.stores import open_stores
from bot.discord.supervisor import serve
from bot.postgres.server import Postgres
from index.build import build_index
from index.model.embedding import BUNDLED_MODEL, load_embeddings

WARM_UP_SECONDS = 5.0  # that are asked before it counts

PATIENCE = 120.0  # seconds for an answer, and for a start

TICKS = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100


@dataclass(frozen=True, slots=True)
class Run:
    """What came of one run."""

    processes: int
    rate: float  # questions a second
    p50_ms: float  # from the question to the answer
    p95_ms: float
    bots: float  # cores that the bot took
    discord: float  # that this program took
    machine: float  # that all programs of the machine took


def run_bot(core: int, shards: Shards) -> None:
    """Serve as `babillard discord --shards` does, on one core."""
    os.sched_setaffinity(0, {core})
    log_to_stderr()
    serve(BotSettings(), shards)


class Asking:
    """People who ask one question after another."""

    def __init__(self, server: LoopbackDiscord, channels: Sequence[Json]) -> None:
        self._server, self._channels = server, channels
        self._numbers = count()
        self.answers: list[tuple[float, float]] = []  # when, and after how many milliseconds

    async def go_on(self, person: int) -> None:
        """Ask until cancelled."""
        user = self._server.add_user(f"user{person}")
        channel = self._channels[person % len(self._channels)]
        while True:
            number = next(self._numbers)
            text = f"{QUESTIONS[number % len(QUESTIONS)]} {number}"  # one that was asked before is answered from memory
            began = time.monotonic()
            asked: Json | Interaction
            if (person // len(self._channels)) % 2:
                asked = self._server.slash("ask", {"question": text}, user, locale="fr", channel=channel)
            else:
                asked = self._server.send_message(channel, user, text, mentions_bot=True)
            answered = (await self._server.answer_to(asked, PATIENCE)).time
            self.answers.append((answered, (answered - began) * 1_000))


def cores_used(processes: Sequence[int]) -> tuple[float, float, float]:
    """Return the seconds that processes, this program and all of the machine computed so far."""
    bots = 0
    for process in processes:
        fields = Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
        bots += int(fields[11]) + int(fields[12])
    user, nice, system, _, _, irq, softirq = map(int, Path("/proc/stat").read_text().split(maxsplit=8)[1:8])
    return bots / TICKS, time.process_time(), (user + nice + system + irq + softirq) / TICKS


async def measure(
    environment: dict[str, str], data: Sequence[Path], url: SecretStr, seconds: float, askers: int
) -> Run:
    """Return what came of one run, with a process for each folder of data."""
    processes = len(data)
    cores = sorted(os.sched_getaffinity(0))
    async with LoopbackDiscord() as server, AsyncExitStack() as running:
        channels = [server.add_guild(shard, processes) for shard in range(processes)]
        with Postgres(url) as database, closing(PostgresRules(database)) as rules:
            for channel in channels:
                rules.change_guild(int(channel["guild_id"]), cooldown_seconds=0, daily_questions=0)
        bots = []
        for number, folder in enumerate(data):
            command = [sys.executable, "-m", "benchmarks.serving", "--bot", str(cores[number % len(cores)])]
            command += ["--shards", f"{number}/{processes}"]
            process = bot_process(command, server, DATA_DIR=str(folder), **environment)
            bots.append(await running.enter_async_context(process))
        for bot in bots:
            await bot.logged('"event": "ready"', PATIENCE)
        asking = Asking(server, channels)
        people = [asyncio.create_task(asking.go_on(person)) for person in range(askers)]
        await asyncio.sleep(WARM_UP_SECONDS)
        began, used = time.monotonic(), cores_used([bot.pid for bot in bots])
        await asyncio.sleep(seconds)
        took = time.monotonic() - began
        since = cores_used([bot.pid for bot in bots])
        for person in people:
            person.cancel()
        failed = [one for one in await asyncio.gather(*people, return_exceptions=True) if isinstance(one, Exception)]
        if failed:
            raise SystemExit(f"the run failed: {failed[0]!r}\n{bots[0].log[-2_000:]}")
        for bot in bots:
            await bot.stop(PATIENCE)
    waits = [wait for at, wait in asking.answers if began <= at < began + took]
    if len(waits) < 2:
        raise SystemExit(f"the run failed: {len(waits)} answers in {took:.0f} s\n{bots[0].log[-2_000:]}")
    quantiles = statistics.quantiles(waits, n=20)
    cores_taken = [(now - before) / took for before, now in zip(used, since, strict=True)]
    return Run(processes, len(waits) / took, quantiles[9], quantiles[18], *cores_taken)


def over_runs(runs: Sequence[Run]) -> Figures:
    """Return the figures: the median rate of each number of processes, and that of the most against the fewest."""
    rates: dict[int, list[float]] = {}
    for run in runs:
        rates.setdefault(run.processes, []).append(run.rate)
    medians = {processes: statistics.median(found) for processes, found in rates.items()}
    figures: Figures = {f"serving_{processes}_rate": rate for processes, rate in medians.items()}
    return figures | {"serving_ratio": medians[max(medians)] / medians[min(medians)]}


def all_runs(index: Path, url: SecretStr, folder: Path, given: argparse.Namespace) -> list[Run]:
    """Return what came of all runs, and print each."""
    shared = BotSettings(data_dir=folder / "0", database_url=url)
    with open_stores(shared):  # draws the secret of the journal, and makes the tables
        pass
    machines = [folder / str(number) for number in range(max(given.processes))]
    [secret] = (folder / "0").glob("*.key")
    for machine in machines[1:]:
        machine.mkdir()
        (machine / secret.name).write_bytes(secret.read_bytes())
    environment = {
        "DISCORD_TOKEN": TOKEN,
        "INDEX_DIR": str(index),
        "SEEDS_DIR": str(SEEDS),
        "DATABASE_URL": url.get_secret_value(),
    }
    print("processes  questions/s  p50 ms  p95 ms   cores: bots  Discord  machine   ms a question: bots  Discord")
    runs = []
    for _ in range(given.runs):
        for processes in given.processes:
            run = asyncio.run(measure(environment, machines[:processes], url, given.seconds, given.askers))
            runs.append(run)
            print(
                f"{run.processes:9}  {run.rate:11.1f}  {run.p50_ms:6.0f}  {run.p95_ms:6.0f}  {run.bots:12.2f}  "
                f"{run.discord:7.2f}  {run.machine:7.2f}  {1_000 * run.bots / run.rate:20.1f}  "
                f"{1_000 * run.discord / run.rate:7.1f}",
                flush=True,
            )
    return runs


def main() -> None:
    parser = options(__doc__)
    parser.add_argument("--processes", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--askers", type=int, default=16)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--index", type=Path, help="an index to answer from, rather than one of the articles of seeds/")
    parser.add_argument("--url", help="of a PostgreSQL; without it one of the wheel pgserver is started")
    parser.add_argument("--bot", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--shards", type=Shards.parse, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.bot is not None:
        run_bot(given.bot, given.shards)
        return
    if given.quick:
        given.seconds, given.askers, given.runs = 10.0, 4, 1
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} before the first run")
    with ExitStack() as opened:
        folder = opened.enter_context(tempfile.TemporaryDirectory())
        url = SecretStr(given.url) if given.url else opened.enter_context(closing(OwnServer(Path(folder) / "p"))).url
        index = given.index or Path(folder) / "index"
        if given.index is None:
            build_index(SEEDS, index, load_embeddings(BUNDLED_MODEL))
        figures = over_runs(all_runs(index, url, Path(folder), given))
    print(f"{max(given.processes)} processes against {min(given.processes)}: {figures['serving_ratio']:.2f} times")
    hand_over(figures, given.json)


if __name__ == "__main__":
    main()
