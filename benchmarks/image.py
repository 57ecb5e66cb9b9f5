"""Run the image of the Discord bot as compose.yaml does, on loopback: its size, how soon it is healthy, its memory.

    python -m benchmarks.image [--engine docker] [--image babillard] [--before babillard-0.1.0] [--users 200]

It starts twice, as after an upgrade: the second container has the volume of the first, whose buttons must still work.
The first is of the image `--before`, so an older one shows what an upgrade does; without it both are of the same image.
Needs the image, and an engine that lets a container use the network of the host, on which the Discord of
`benchmarks/loopback` listens.
"""

import argparse
import asyncio
import json
import random
import re
import subprocess
import time

import numpy as np

from benchmarks.dev_sets.tiny import SEEDS
from benchmarks.discord_load import ask
from benchmarks.loopback.harness import PATCH, BotProcess, bot_process
from benchmarks.loopback.server import TOKEN, LoopbackDiscord

NAME = "babillard-benchmark"  # of the container, and of its volume
SECONDS = 10.0  # within which everybody asks
HEALTHY_WITHIN = 900.0  # the health check of the image gives a first start as long
QUESTION = "Qui est le co-PDG de Netflix\u202f?"
HARDENING = ("--read-only", "--tmpfs", "/tmp", "--cap-drop", "ALL", "--security-opt", "no-new-privileges")
PEAK = """
import glob, re
print(max(int(m[1]) for f in glob.glob('/proc/[0-9]*/status') if (m := re.search(r'VmHWM:\\s+(\\d+)', open(f).read()))))
"""


class Engine:
    """What runs containers: docker, or podman, which takes the same commands."""

    def __init__(self, program: str, image: str) -> None:
        self.program = program
        self.image = image

    def say(self, *arguments: str, status: int = 0) -> str:
        """Return what a command prints.

        Raises:
            SystemExit: it ended with another status.
        """
        ran = subprocess.run([self.program, *arguments], capture_output=True, encoding="utf-8", check=False)
        if (ran.returncode == 0) != (status == 0):
            raise SystemExit(f"{self.program} {' '.join(arguments)}: status {ran.returncode}\n{ran.stdout}{ran.stderr}")
        return ran.stdout.strip()

    def command(self) -> list[str]:
        """Return what runs the bot."""
        return [
            *(self.program, "run", "--rm", "--init", "--no-healthcheck", "--name", NAME),
            *("--network", "host", "--memory", "512m"),
            *HARDENING,
            *("-v", f"{SEEDS}:/app/seeds:ro", "-v", f"{NAME}:/app/var", "-v", f"{PATCH}:/opt/loopback:ro"),
            *("-e", "PYTHONPATH=/opt/loopback", "-e", "DISCORD_TOKEN", "-e", "DISCORD_LOOPBACK_PORT", self.image),
        ]


async def healthy(engine: Engine, bot: BotProcess) -> float:
    """Return the seconds until the health check of the image passes.

    Raises:
        RuntimeError: the container ended before; the message holds its log.
        TimeoutError: it does not in time; the message holds its log.
    """
    began = time.monotonic()
    await bot.ready(HEALTHY_WITHIN)
    check = json.loads(engine.say("image", "inspect", "--format", "{{json .Config.Healthcheck.Test}}", engine.image))
    while time.monotonic() - began < HEALTHY_WITHIN:
        ran = await asyncio.create_subprocess_exec(
            engine.program, "exec", NAME, *check[1:], stderr=asyncio.subprocess.DEVNULL
        )
        if not await ran.wait():
            return time.monotonic() - began
        await asyncio.sleep(0.2)
    raise TimeoutError(f"not healthy within {HEALTHY_WITHIN:.0f} s\n{bot.log}")


async def stop(engine: Engine, bot: BotProcess) -> None:
    """Stop the container as `docker stop` does, and look at how it ended."""
    await asyncio.to_thread(engine.say, "stop", "-t", "45", NAME)
    if status := await bot.wait(60):
        raise SystemExit(f"the container ended with status {status}\n{bot.log}")


async def measure(older: Engine, engine: Engine, users: int) -> None:
    """Print the figures of a first start and a load with the older image, and of a second start with the other."""
    environment = {"DISCORD_TOKEN": TOKEN}
    async with LoopbackDiscord() as server:
        async with bot_process(older.command(), server, **environment) as bot:
            print(f"first start, which builds the index: healthy after {await healthy(older, bot):.1f} s", flush=True)
            print(f"runs as user {older.say('exec', NAME, 'id', '-u')}; its file system cannot be written", flush=True)
            older.say("exec", NAME, "touch", "/app/written", status=1)
            first = server.send_message(
                server.general, server.alice, "Qui est le co-PDG de Netflix ?", mentions_bot=True
            )
            answer = (await server.answer_to(first, 60)).message
            waits = random.Random(1)
            asked = (ask(server, number, waits.uniform(0, SECONDS)) for number in range(users))
            took = np.array(await asyncio.gather(*asked))[:, 1]
            memory = int(older.say("exec", NAME, "python", "-c", PEAK)) / 1024
            print(f"{users} people within {SECONDS:.0f} s: half are answered within {np.median(took):.0f} ms")
            print(f"memory of the bot at its peak: {memory:.0f} MB", flush=True)
            await stop(older, bot)
        async with bot_process(engine.command(), server, **environment) as bot:
            print(f"second start, with the volume of the first: healthy after {await healthy(engine, bot):.1f} s")
            (button,) = re.findall(r'"custom_id": "([^"]*:sources:[^"]*)"', json.dumps(answer))
            pressed = server.press(button, answer, server.alice)
            shown = (await server.answer_to(pressed, 60)).message
            print(f"a button of before: {' '.join(str(shown.get('content') or shown.get('embeds')).split())[:100]}")
            await stop(engine, bot)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--engine", default="docker", help="docker, or podman")
    parser.add_argument("--image", default="babillard")
    parser.add_argument("--before", help="the image of the first start (that of the second)")
    parser.add_argument("--users", type=int, default=200)
    arguments = parser.parse_args()
    engine = Engine(arguments.engine, arguments.image)
    size = int(engine.say("image", "inspect", "--format", "{{.Size}}", arguments.image)) / 1e6
    print(f"image: {size:.0f} MB")
    engine.say("volume", "create", NAME)
    try:
        older = Engine(arguments.engine, arguments.before or arguments.image)
        asyncio.run(measure(older, engine, arguments.users))
    finally:
        engine.say("volume", "rm", "-f", NAME)


if __name__ == "__main__":
    main()
