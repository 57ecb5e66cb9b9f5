"""Measure teaching: how soon an entry answers, and whether questions or entries are lost meanwhile.

    python -m benchmarks.teaching [--quick] [--json FILE] [speed flight kills]

speed: from the call of `Teaching.teach` to the first answer that cites the entry, over 10,000 common chunks. Their
vectors are drawn, so that they cost nothing to make; the entries and the questions are embedded by the bundled model.
flight: four threads ask while 50 entries are taught, edited and withdrawn; a question that fails is dropped.
kills: a process that teaches, edits and withdraws is killed at a random moment, and what it was told to be kept is
looked for in the store, in the table and in the index.
"""

import json
import multiprocessing
import os
import random
import signal
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from multiprocessing.process import BaseProcess
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal, NamedTuple

import numpy as np

from benchmarks.figures import Figures, hand_over, options
from benchmarks.growth import HashedVectors
from benchmarks.scale import words
from bot.answering.answer import Answer, Question
from bot.config import BotSettings
from bot.live import LiveBot
from bot.publishing import Publisher
from bot.seen import Seen
from bot.teaching.exchange import read_table
from bot.teaching.store import FILE_NAME, TaughtStore
from bot.teaching.teaching import TABLE, Teaching
from index.build import build_index
from index.layers import server_layer
from index.model.embedding import TextEmbeddings, load_embeddings
from index.store import open_store, serving_generation

GUILD, TEACHER = 7, 1
CHUNKS, WORDS = 10_000, 60  # of the common layer, and words of each
KNOWN = 500  # entries that a server was taught before
TAUGHT = 30  # entries whose time is taken
FLIGHT, ASKERS = 50, 4
KILLS = 200
KILL_SECONDS = 2.0  # at most, after the process began to teach: ten changes or so
SEEDS = Path(__file__).parents[1] / "seeds"


class DrawnVectors(HashedVectors):
    """Passes for a model, and draws the vectors of its texts."""

    def __init__(self, model: TextEmbeddings) -> None:
        """Pass for `model`."""
        self.model, self.revision, self.dimension = model.model, model.revision, model.dimension


@contextmanager
def served(model: TextEmbeddings, chunks: int, known: int) -> Iterator[tuple[LiveBot, Teaching]]:
    """Yield a bot over so many drawn chunks and entries, and what teaches it."""
    with TemporaryDirectory() as folder:
        root = Path(folder)
        settings = BotSettings(seeds_dir=root / "seeds", index_dir=root / "index", data_dir=root / "data")
        settings.seeds_dir.mkdir()
        texts = words(chunks, WORDS, seed=1)
        for number in range(0, chunks, 10):
            parts = [f"## Partie {i}\n\n{next(texts)}." for i in range(min(10, chunks - number))]
            path = settings.seeds_dir / f"{number:05}.md"
            path.write_text(f"# Titre {number}\n\n" + "\n\n".join(parts), encoding="utf-8")
        drawn = DrawnVectors(model)
        manifest = build_index(settings.seeds_dir, settings.index_dir, drawn).manifest
        print(f"common layer: {manifest.chunks:,} chunks", flush=True)
        with TaughtStore(settings.data_dir / FILE_NAME) as store:
            for question, answer in invented(known, seed=2):
                store.teach(GUILD, question, answer, TEACHER)
            Teaching(store, Publisher(settings, drawn)).publish(GUILD)
            live = LiveBot(settings, model)
            try:
                yield live, Teaching(store, Publisher(settings, model, live.refresh))
            finally:
                live.close()


def invented(count: int, seed: int) -> Iterator[tuple[str, str]]:
    """Yield questions and answers about things that have names of their own."""
    draw = random.Random(seed)
    for _ in range(count):
        name = "".join(draw.choice("bdfgklmnprstvz") + draw.choice("aeiou") for _ in range(4)).capitalize()
        hour = draw.randrange(7, 22)
        yield f"À quelle heure ouvre la salle {name} ?", f"La salle {name} ouvre à {hour} heures, sauf le dimanche."


def cites(answer: Answer, text: str) -> bool:
    """Whether an answer quotes an entry."""
    return any(" ".join(c.quote.split()) in " ".join(text.split()) for c in answer.citations)


def measure_speed(model: TextEmbeddings, quick: bool) -> Figures:
    """Take the time from teaching to the first answer."""
    times: list[float] = []
    with served(model, 300 if quick else CHUNKS, 5 if quick else KNOWN) as (live, teaching):
        live.bot(Seen(guild=GUILD)).chain.invoke(Question("Bonjour, quelle heure est-il ?"))
        for question, answer in invented(3 if quick else TAUGHT, seed=3):
            began = time.perf_counter()
            teaching.teach(GUILD, question, answer, TEACHER)
            taught = time.perf_counter()
            while not cites(live.bot(Seen(guild=GUILD)).chain.invoke(Question(question)), answer):
                if time.perf_counter() - taught > 60:
                    raise SystemExit(f"not answered in a minute: {question}")
            times.append(time.perf_counter() - began)
    median, worst = float(np.median(times)), max(times)
    print(f"taught to answered: {median:.2f} s median, {worst:.2f} s worst of {len(times)}", flush=True)
    return {"teaching_answered_s": median, "teaching_answered_worst_s": worst}


def measure_flight(model: TextEmbeddings, quick: bool) -> Figures:
    """Ask while things are taught, and count the questions that fail and those that lose what was taught."""
    asked = Counter[str]()
    first, *others = invented(1 + (4 if quick else FLIGHT), seed=4)
    with served(model, 300 if quick else CHUNKS, 5) as (live, teaching):
        teaching.teach(GUILD, *first, TEACHER)
        stopping = threading.Event()

        def ask(number: int) -> None:
            while not stopping.is_set():
                asked["all"] += 1
                question = Question(f"{first[0]} {asked['all']}{number}")  # a number keeps each out of the cache
                try:
                    answer = live.bot(Seen(guild=GUILD)).chain.invoke(question)
                    asked["lost"] += not cites(answer, first[1])
                except Exception as error:  # noqa: BLE001 - it is what is counted
                    print(f"dropped: {error!r}", flush=True)
                    asked["dropped"] += 1

        threads = [threading.Thread(target=ask, args=(number,)) for number in range(ASKERS)]
        for thread in threads:
            thread.start()
        for number, (question, answer) in enumerate(others):
            entry = teaching.teach(GUILD, question, answer, TEACHER)
            if number % 5 == 1:
                teaching.edit(GUILD, entry.number, question, f"{answer} Et le lundi.", TEACHER)
            if number % 5 == 2:
                teaching.set_active(GUILD, entry.number, TEACHER, active=False)
        stopping.set()
        for thread in threads:
            thread.join()
    print(f"asked while teaching {len(others)}: {dict(asked)}", flush=True)
    return {f"teaching_flight_{name}": asked[name] for name in ("all", "dropped", "lost")}


# ---------------------------------------------------------------------------------------------------------------- kills


class State(NamedTuple):
    """What an entry says, whether it answers, and how many changes were made to it."""

    answer: str
    active: bool
    made: int

    def follows(self, kept: "State") -> bool:
        """Whether all that was kept is still there: the same, or changed since."""
        return self == kept or self.made > kept.made


GONE = State("", False, -1)


def change_on(settings: BotSettings, seed: int, journal: Path) -> None:
    """Teach, edit and withdraw without end, and write down what was kept once the call has returned."""
    draw = random.Random(seed)
    log = os.open(journal, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    with TaughtStore(settings.data_dir / FILE_NAME) as store:
        teaching = Teaching(store, Publisher(settings, HashedVectors()))
        os.write(log, b"[]\n")
        while True:
            known = store.entries(GUILD)
            match draw.choice(("teach", "edit", "withdraw", "restore")) if known else "teach":
                case "teach":
                    name = f"{draw.getrandbits(60):x}"
                    entry = teaching.teach(GUILD, f"Que veut dire {name} ?", f"Le mot {name} ne dit rien.", TEACHER)
                case "edit":
                    old = draw.choice(known)
                    answer = f"Le mot {draw.getrandbits(60):x} est corrigé."
                    entry = teaching.edit(GUILD, old.number, old.question, answer, TEACHER)
                case move:
                    entry = teaching.set_active(GUILD, draw.choice(known).number, TEACHER, active=move == "restore")
            made = len(store.history(GUILD, entry.number))
            os.write(log, json.dumps([entry.number, [entry.answer, entry.active, made]]).encode() + b"\n")


def measure_kills(kills: int, start: Literal["forkserver", "spawn"] = "forkserver") -> Figures:
    """Kill a process that teaches, so many times, and count the entries that are lost or doubled then.

    Args:
        kills: how many.
        start: how processes are started: a fork server imports the bot once.
    """
    lost = doubled = changes = known = 0
    draw = random.Random(7)
    multiprocessing.set_forkserver_preload(["benchmarks.growth", "bot.teaching.teaching"])
    spawn, forkserver = multiprocessing.get_context("spawn"), multiprocessing.get_context("forkserver")
    with TemporaryDirectory() as folder:
        root = Path(folder)
        settings = BotSettings(seeds_dir=SEEDS, index_dir=root / "index", data_dir=root / "data")
        expected: dict[int, State] = {}
        for attempt in range(kills):
            journal = root / f"journal-{attempt}"
            new_process = spawn.Process if start == "spawn" else forkserver.Process
            process: BaseProcess = new_process(target=change_on, args=(settings, attempt, journal))
            process.start()
            kill(process, journal, draw.uniform(0, KILL_SECONDS))
            kept = [json.loads(line) for line in journal.read_text(encoding="utf-8").splitlines()[1:]]
            expected |= {number: State(*state) for number, state in kept}
            changes += len(kept)
            with TaughtStore(settings.data_dir / FILE_NAME) as store:
                Teaching(store, Publisher(settings, HashedVectors())).publish(GUILD)
                entries = store.entries(GUILD)
                now = {e.number: State(e.answer, e.active, len(store.history(GUILD, e.number))) for e in entries}
            lost += sum(not now.get(number, GONE).follows(state) for number, state in expected.items())
            more = sum(state.made for state in now.values()) - sum(state.made for state in expected.values())
            doubled += max(0, more - 1)  # one change may have been kept, and the process killed before it said so
            expected, known = now, len(now)
            active = Counter((entry.question, entry.answer) for entry in entries if entry.active)
            found = [Counter((q, a) for q, a, _ in _written(settings)), _indexed(settings)]
            lost += sum((active - one).total() for one in found)
            doubled += sum((one - active).total() for one in found) + active.total() - len(active)
        print(f"{kills} kills amid {changes:,} changes: {lost} lost, {doubled} doubled or undead of {known} entries")
    return {"teaching_kills": kills, "teaching_changes": changes, "teaching_lost": lost, "teaching_doubled": doubled}


def kill(process: BaseProcess, journal: Path, seconds: float) -> None:
    """Kill a process so long after it began to write its journal."""
    while not (journal.exists() and journal.stat().st_size):
        if process.exitcode is not None:
            raise SystemExit("the process that teaches failed")
        time.sleep(0.002)
    time.sleep(seconds)
    assert process.pid is not None
    os.kill(process.pid, signal.SIGKILL)
    process.join()


def _written(settings: BotSettings) -> Sequence[tuple[str, str, str]]:
    path = server_layer(settings, GUILD).folder / TABLE
    return read_table(path) if path.exists() else ()


def _indexed(settings: BotSettings) -> Counter[tuple[str, str]]:
    index = server_layer(settings, GUILD).index
    if serving_generation(index) is None:
        return Counter()
    store = open_store(index)
    return Counter((chunk.title, chunk.text) for chunk in map(store.chunk, range(store.manifest.chunks)))


def main() -> None:
    """Measure what was named, or all."""
    parser = options(__doc__)
    parser.add_argument("parts", nargs="*", choices=["speed", "flight", "kills", []], default=[])
    arguments = parser.parse_args()
    quick: bool = arguments.quick
    parts: Sequence[str] = arguments.parts or ("speed", "flight", "kills")
    figures: Figures = {}
    if "kills" in parts:
        figures |= measure_kills(5 if quick else KILLS)
    model = load_embeddings(BotSettings().embedding_model)
    for name, measure in (("speed", measure_speed), ("flight", measure_flight)):
        if name in parts:
            figures |= measure(model, quick)
    hand_over(figures, arguments.json)


if __name__ == "__main__":
    main()
