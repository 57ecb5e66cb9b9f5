"""Measure what is lost when questions are typed as people type: on phones, with slips, without accents, amid chat.

    python -m benchmarks.typed [--quick] [--questions N] [--reader NAME] [--spelled]

Asks the product's own chain the questions of PIAF and SQuAD 2 dev in each dress of `benchmarks/dresses.py`, then the
questions of `typed.jsonl`, which were written by hand on the project's own articles. Also lists every question, as it
is written in the sets, that spelling would change. `--spelled` mends the spelling before the chain is asked, to compare
a chain that does not.
"""

import json
import random
from collections.abc import Callable, Sequence
from dataclasses import astuple, dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from benchmarks.dev_sets.sets import DevSet, load_dev_sets
from benchmarks.dev_sets.tiny import SEEDS
from benchmarks.dresses import DRESSES, dressed
from benchmarks.figures import Figures, hand_over, options
from bot.answering.answer import Question
from bot.answering.spelling.speller import Correction, Speller
from bot.config import BotSettings
from bot.evaluation.gold import holds_one
from bot.factory import Bot, build_bot
from index.build import build_index
from index.common_words import load_common_words
from index.language import detect_language
from index.model.embedding import BUNDLED_MODEL, TextEmbeddings, load_embeddings
from index.schema import Language
from index.store import open_store

QUESTIONS = 200  # of each set, drawn once, in every dress
CLEAN = 1_000  # of each set whose spelling is looked at


@dataclass(frozen=True, slots=True)
class Typed:
    """A question that was written by hand as people type."""

    id: str
    language: Language
    question: str
    answers: tuple[str, ...]  # words of the sentence that answers, any of them


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a question."""

    first_quote: bool  # holds a gold answer; a refusal has none
    refused: bool
    in_language: bool  # the reply


@dataclass(frozen=True, slots=True)
class Asking:
    """A bot over the articles of a set, and the spelling of its words."""

    bot: Bot
    speller: Speller
    mends: bool  # the spelling, before the bot is asked

    def ask(self, question: str, language: Language, is_answer: Callable[[str], bool]) -> Outcome:
        """Ask a question, of which the language tells what the reply should be in and nothing else."""
        asked = self.mended(question, language).text if self.mends else question
        answer = self.bot.chain.invoke(Question(asked))
        quotes = [citation.quote for citation in answer.citations[:1]]
        return Outcome(any(map(is_answer, quotes)), not quotes, answer.language == language)

    def mended(self, question: str, fallback: Language) -> Correction:
        """Return the question as spelling understands it, in the language that it is found to be in."""
        return self.speller.correct(question, detect_language(question, fallback).language)


def load_typed() -> list[Typed]:
    """Return the questions that were written by hand."""
    lines = Path(__file__).with_suffix(".jsonl").read_text(encoding="utf-8").splitlines()
    records = [json.loads(line) for line in lines]
    return [Typed(**{**record, "answers": tuple(record["answers"])}) for record in records]


def open_bot(seeds: Path, index: Path, embeddings: TextEmbeddings, reader: str, mends: bool) -> Asking:
    """Index a folder of articles, and return a bot over it."""
    build_index(seeds, index, embeddings)
    settings = BotSettings.model_validate(
        {"embedding_model": BUNDLED_MODEL, "seeds_dir": seeds, "index_dir": index, "reader": reader}
    )
    speller = Speller(open_store(index).vocabulary.words(), load_common_words())
    return Asking(build_bot(settings, embeddings), speller, mends)


def shares(outcomes: Sequence[Outcome]) -> tuple[float, float, float]:
    """Return the shares of first quotes, refusals and reply languages that are right."""
    first, refused, language = np.mean([astuple(outcome) for outcome in outcomes], axis=0).tolist()
    return first, refused, language


def ask_dressed(dev: DevSet, asking: Asking, count: int) -> Figures:
    """Ask questions of a set in each dress, print a line for each, and return the figures."""
    drawn = random.Random(dev.name).sample(dev.answerable, min(count, len(dev.answerable)))
    figures: Figures = {}
    for name in DRESSES:
        outcomes = [
            asking.ask(dressed(asked.text, name, dev.language), dev.language, asked.is_answered_by) for asked in drawn
        ]
        first, refused, language = shares(outcomes)
        print_row(f"{dev.language}, {name}", len(outcomes), first, refused, language)
        key = f"typed_{dev.language}_{name.replace(' ', '_')}"
        figures |= {f"{key}_first_quote": first, f"{key}_refused": refused, f"{key}_reply_language": language}
    return figures


def print_row(label: str, count: int, first: float, refused: float, language: float) -> None:
    print(f"{label:20} {count:5}  {first:11.3f}  {refused:7.3f}  {language:14.3f}", flush=True)


def print_changed(dev: DevSet, asking: Asking) -> int:
    """Print each question of a set that spelling changes as it is written; return how many."""
    drawn = random.Random(dev.name).sample(dev.questions, min(CLEAN, len(dev.questions)))
    texts = [asked.text for asked in drawn]
    changed = [(text, changes) for text in texts if (changes := asking.mended(text, dev.language).changes)]
    print(f"{dev.name}: spelling changes {len(changed)} of {len(drawn)} questions as they are written")
    for question, changes in changed:
        print("  " + ", ".join(f"{typed} → {understood}" for typed, understood in changes) + f": {question}")
    return len(changed)


def ask_typed(asking: Asking) -> Figures:
    """Ask the questions that were written by hand, print the figures and each that went wrong."""
    figures: Figures = {}
    wrong = []
    for language in ("fr", "en"):
        questions = [typed for typed in load_typed() if typed.language == language]
        outcomes = [
            asking.ask(typed.question, typed.language, partial(holds_one, typed.answers)) for typed in questions
        ]
        first, refused, right = shares(outcomes)
        print_row(f"{language}, by hand", len(outcomes), first, refused, right)
        figures |= {f"typed_{language}_by_hand_first_quote": first, f"typed_{language}_by_hand_refused": refused}
        wrong += [typed for typed, outcome in zip(questions, outcomes, strict=True) if not outcome.first_quote]
    for typed in wrong:
        print(f"  {typed.id} {typed.question}\n      {asking.mended(typed.question, typed.language).text}")
    return figures


def main() -> None:
    """Ask everything, print everything."""
    parser = options(__doc__)
    parser.add_argument("--questions", type=int, default=QUESTIONS, metavar="N", help="of each set, in each dress")
    parser.add_argument("--reader", default="span", choices=["span", "similarity"])
    parser.add_argument("--spelled", action="store_true", help="mend the spelling before the chain is asked")
    arguments = parser.parse_args()
    embeddings = load_embeddings(BUNDLED_MODEL)
    figures: Figures = {}
    dev_sets = load_dev_sets(arguments.quick)
    with TemporaryDirectory() as folder:
        own = open_bot(SEEDS, Path(folder) / "own", embeddings, arguments.reader, arguments.spelled)
        askings = {}
        for dev in dev_sets:
            seeds = Path(folder) / dev.name / "seeds"
            seeds.mkdir(parents=True)
            for name, text in dev.paragraphs.items():
                (seeds / name).write_text(text, encoding="utf-8")
            index = seeds.with_name("index")
            askings[dev.name] = open_bot(seeds, index, embeddings, arguments.reader, arguments.spelled)
        print(f"{'':20} {'asked':>5}  {'first quote':>11}  {'refused':>7}  {'reply language':>14}")
        figures |= ask_typed(own)
        for dev in dev_sets:
            figures |= ask_dressed(dev, askings[dev.name], arguments.questions)
        for dev in dev_sets:
            figures[f"typed_{dev.language}_changed"] = print_changed(dev, askings[dev.name])
    hand_over(figures, arguments.json)


if __name__ == "__main__":
    main()
