"""Measure the Discord bot under load, on loopback: 200 people ask within ten seconds.

    python -m benchmarks.discord_load [--users 200] [--seconds 10] [--runs 10] [--quick]

The real bot runs in a process of its own, against the Discord of `benchmarks/loopback`; half of the people use /ask,
half mention the bot. Prints when the questions were acknowledged and answered, and the longest pause of the bot's event
loop. Both processes share the machine's cores. Discord's own limits of requests are not simulated.
"""

import argparse
import asyncio
import os
import random
import re
import signal
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from benchmarks.figures import Figures, hand_over, options
from benchmarks.loopback.harness import bot_process
from benchmarks.loopback.interactions import Interaction
from benchmarks.loopback.refusals import Json
from benchmarks.loopback.server import TOKEN, LoopbackDiscord
from bot.config import BotSettings
from bot.discord.logs import log_to_stderr
from bot.discord.supervisor import serve
from index.build import build_index
from index.model.embedding import BUNDLED_MODEL, load_embeddings

SEEDS = Path(__file__).parents[1] / "seeds"
QUESTIONS = (
    "Combien d’abonnés Netflix compte-t-il au Canada\u202f?",
    "How many offices does Netflix have around the world?",
    "Which Python version does Babillard need?",
    "Quelle est la capitale de l’Australie\u202f?",
)
TICK = 0.005


class TimedLoops(asyncio.DefaultEventLoopPolicy):
    """Gives loops that wake up every `TICK` seconds and note the longest delay."""

    def __init__(self) -> None:
        super().__init__()
        self.worst = 0.0

    def new_event_loop(self) -> asyncio.AbstractEventLoop:
        """Return a loop that is watched."""
        loop = super().new_event_loop()

        def tick(due: float) -> None:
            self.worst = max(self.worst, loop.time() - due)
            loop.call_later(TICK, tick, loop.time() + TICK)

        loop.call_later(TICK, tick, loop.time() + TICK)
        return loop


def run_bot() -> None:
    """Serve as `babillard discord` does, and say at the end how long the loop paused since SIGUSR1."""
    policy = TimedLoops()
    asyncio.set_event_loop_policy(policy)
    signal.signal(signal.SIGUSR1, lambda *_: setattr(policy, "worst", 0.0))
    log_to_stderr()
    serve(BotSettings())
    print(f"worst pause {policy.worst * 1000:.1f} ms", flush=True)


async def ask(server: LoopbackDiscord, number: int, wait: float) -> tuple[float, float]:
    """Ask one question after `wait` seconds; return when it was acknowledged and answered, in milliseconds."""
    await asyncio.sleep(wait)
    user = server.add_user(f"user{number}")
    text = f"{QUESTIONS[number % len(QUESTIONS)]} {number}"  # a question that was asked before is answered from memory
    began = time.monotonic()
    asked: Json | Interaction
    if number % 2:
        asked = server.slash("ask", {"question": text}, user, locale="fr")
        acknowledged = (await server.response_to(asked, 60)).time
    else:
        channel = server.add_channel(f"salon{number}")
        asked = server.send_message(channel, user, text, mentions_bot=True)
        acknowledged = (await server.wait_for(f"POST /channels/{channel['id']}/typing", 60)).time
    answered = (await server.answer_to(asked, 60)).time
    return (acknowledged - began) * 1000, (answered - began) * 1000


async def measure(index: Path, users: int, seconds: float, seed: int) -> dict[str, float]:
    """Return the figures of one run, and print them."""
    with tempfile.TemporaryDirectory() as data:
        environment = {"DISCORD_TOKEN": TOKEN, "INDEX_DIR": str(index), "DATA_DIR": data, "SEEDS_DIR": str(SEEDS)}
        command = (sys.executable, "-m", "benchmarks.discord_load", "--bot")
        async with LoopbackDiscord() as server, bot_process(command, server, **environment) as bot:
            await bot.ready(60)
            await bot.logged('"event": "ready"', 30)
            os.kill(bot.pid, signal.SIGUSR1)  # what the start took does not count
            waits = random.Random(seed)
            took = np.array(await asyncio.gather(*(ask(server, n, waits.uniform(0, seconds)) for n in range(users))))
            answers = sum(bool(message["author"].get("bot")) for message in server.world.messages.values())
            memory = re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{bot.pid}/status").read_text(encoding="utf-8"))
            status = await bot.stop(60)
            pause = re.search(r"worst pause (\S+) ms", bot.log)
    if status or answers != users or not memory or not pause:
        raise SystemExit(f"the run failed: {users} asked, {answers} answers, exit status {status}\n{bot.log}")
    figures = {"mb": int(memory[1]) / 1024, "pause_ms": float(pause[1])}
    for name, column in zip(("acknowledged", "answered"), took.T, strict=True):
        p50, p95, p99 = np.quantile(column, (0.5, 0.95, 0.99)).tolist()
        worst = float(column.max())
        figures |= {f"{name}_p50_ms": p50, f"{name}_p99_ms": p99, f"{name}_worst_ms": worst}
        print(f"{name:13} p50 {p50:6.0f}  p95 {p95:6.0f}  p99 {p99:6.0f}  worst {worst:6.0f} ms")
    print(f"event loop's worst pause {figures['pause_ms']:.1f} ms; memory {figures['mb']:.0f} MB", flush=True)
    return figures


def over_runs(runs: list[dict[str, float]]) -> Figures:
    """Return the figures of the report: each median and p99 from the best run to the worst, and the worst of all."""

    def ends(name: str) -> tuple[float, float]:
        values = [run[name] for run in runs]
        return min(values), max(values)

    figures: Figures = {"load_runs": len(runs), "load_mb": ends("mb")[1], "load_pause_ms": ends("pause_ms")[1]}
    for name, column in (
        ("acknowledged", "acknowledged_p50_ms"),
        ("answered", "answered_p50_ms"),
        ("p99", "answered_p99_ms"),
    ):
        figures[f"load_{name}_min_ms"], figures[f"load_{name}_max_ms"] = ends(column)
    return figures | {"load_acknowledged_worst_ms": ends("acknowledged_worst_ms")[1]}


def main() -> None:
    parser = options(__doc__)
    parser.add_argument("--users", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--runs", type=int, default=10)
    parser.add_argument("--bot", action="store_true", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.bot:
        run_bot()
        return
    users, seconds, count = (4, 0.5, 1) if arguments.quick else (arguments.users, arguments.seconds, arguments.runs)
    with tempfile.TemporaryDirectory() as index:
        build_index(SEEDS, Path(index), load_embeddings(BUNDLED_MODEL))
        runs = [asyncio.run(measure(Path(index), users, seconds, seed)) for seed in range(count)]
    figures = over_runs(runs)
    print(f"{users} asked within {seconds:g} s, {count} runs, every question answered once")
    hand_over(figures, arguments.json)


if __name__ == "__main__":
    main()
