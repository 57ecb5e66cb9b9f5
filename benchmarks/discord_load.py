"""Measure the Discord bot under load, on loopback: 200 people ask within ten seconds.

    python -m benchmarks.discord_load [--users 200] [--seconds 10]

The real bot runs in a process of its own, against the Discord that the tests use; half of the people use /ask, half
mention the bot. Prints when the questions were acknowledged and answered, and the longest pause of the bot's event
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

from bot.config import BotSettings
from bot.logs import log_to_stderr
from bot.supervisor import serve
from index.build import build_index
from index.embedding import load_embeddings
from tests.wire.harness import bot_process
from tests.wire.interactions import Interaction
from tests.wire.refusals import Json
from tests.wire.server import TOKEN, LoopbackDiscord

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
    text = QUESTIONS[number % len(QUESTIONS)]
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


async def measure(users: int, seconds: float) -> None:
    with tempfile.TemporaryDirectory() as folder:
        index = Path(folder, "index")
        build_index(SEEDS, index, load_embeddings(BotSettings().embedding_model))
        environment = {"DISCORD_TOKEN": TOKEN, "INDEX_DIR": str(index), "DATA_DIR": folder, "SEEDS_DIR": str(SEEDS)}
        command = (sys.executable, "-m", "benchmarks.discord_load", "--bot")
        async with LoopbackDiscord() as server, bot_process(command, server, **environment) as bot:
            await bot.ready(60)
            await bot.logged('"event": "ready"', 30)
            os.kill(bot.pid, signal.SIGUSR1)  # what the start took does not count
            waits = random.Random(0)
            took = np.array(await asyncio.gather(*(ask(server, n, waits.uniform(0, seconds)) for n in range(users))))
            answers = sum(bool(message["author"].get("bot")) for message in server.world.messages.values())
            memory = re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{bot.pid}/status").read_text(encoding="utf-8"))
            status = await bot.stop(60)
            pause = re.search(r"worst pause (\S+) ms", bot.log)
    for name, column in zip(("acknowledged", "answered"), took.T, strict=True):
        p50, p95, p99 = np.quantile(column, (0.5, 0.95, 0.99))
        print(f"{name:13} p50 {p50:6.0f}  p95 {p95:6.0f}  p99 {p99:6.0f}  worst {column.max():6.0f} ms")
    print(f"{users} asked within {seconds:.0f} s, {answers} answers, exit status {status}")
    if pause and memory:
        print(f"event loop's worst pause {pause[1]} ms; memory {int(memory[1]) // 1024} MB")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--users", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--bot", action="store_true", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.bot:
        run_bot()
    else:
        asyncio.run(measure(arguments.users, arguments.seconds))


if __name__ == "__main__":
    main()
