"""Measure how sure the bot must be before it answers unasked: `SURE` of `bot/discord/unasked.py`.

    python -m benchmarks.unasked [--quick] [--reader span] [--share 0.25]

Each question of the dev sets is asked through the product's own chain over all articles of its set, and over the half
of them without its own: as in a channel where the articles answer half of what is asked. For each threshold it prints
the share of the replies whose first quote holds the answer, and the share of the answerable questions that get one.
"""

import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.dev_sets.indexing import RememberingEmbeddings
from benchmarks.dev_sets.sets import Asked, DevSet, load_dev_sets
from benchmarks.figures import Figures, hand_over, options
from bot.answering.answer import Question
from bot.config import BotSettings
from bot.factory import build_bot
from index.build import build_index
from index.model.embedding import BUNDLED_MODEL, TextEmbeddings, load_embeddings

THRESHOLDS = tuple(hundredths / 100 for hundredths in range(20, 100, 5))
WANTED = 0.9
"""Share of the replies that must be right: a person who asked nothing of the bot sees one wrong reply in ten."""


@dataclass(frozen=True, slots=True)
class Told:
    """What came of one question; a refused one has no confidence."""

    pair: str  # the languages of the question and of the articles, such as "fr→en"
    indexed: bool  # whether its article was there
    confidence: float
    right: bool  # the first quote holds the answer; False where the article was not there


def drawn(questions: Iterable[Asked], share: float) -> list[Asked]:
    """Return a share of the questions, the same at each call."""
    return [asked for asked in questions if random.Random(asked.id).random() < share]


def ask_all(dev: DevSet, share: float, settings: BotSettings, embeddings: TextEmbeddings) -> Iterator[Told]:
    """Yield what the bot tells over all articles, and over the half without that of the question."""
    questions = [*drawn(dev.answerable, share), *dev.translated]
    yield from _ask(dev, dev.paragraphs, questions, settings, embeddings)
    for half in (0, 1):
        kept = {name: text for name, text in dev.paragraphs.items() if dev.articles[name] % 2 == half}
        others = [asked for asked in questions if asked.article % 2 != half]
        yield from _ask(dev, kept, others, settings, embeddings)


def _ask(
    dev: DevSet, texts: dict[str, str], questions: Sequence[Asked], settings: BotSettings, embeddings: TextEmbeddings
) -> Iterator[Told]:
    with TemporaryDirectory(prefix="babillard-") as folder:
        seeds, index = Path(folder) / "seeds", Path(folder) / "index"
        seeds.mkdir()
        for name, text in texts.items():
            (seeds / name).write_text(text, encoding="utf-8")
        build_index(seeds, index, embeddings)
        here = {"seeds_dir": seeds, "index_dir": index, "data_dir": Path(folder) / "data"}
        bot = build_bot(settings.model_copy(update=here), embeddings)
        for asked in questions:
            answer = bot.chain.invoke(Question(asked.text))
            indexed = asked.paragraph in texts
            right = indexed and bool(answer.citations) and asked.is_answered_by(answer.citations[0].quote)
            confidence = answer.confidence if answer.citations else 0.0
            yield Told(f"{asked.language}→{dev.language}", indexed, confidence, right)


def figures_at(told: Sequence[Told], threshold: float) -> tuple[float, float, float]:
    """Return at a threshold the share of the replies that are right, of all and of those to answerable questions.

    The third figure is the share of the answerable questions that get a reply. NaN where there is none.
    """
    answerable = [one for one in told if one.indexed]
    replies = [one for one in told if one.confidence >= threshold]
    fitting = [one for one in replies if one.indexed]
    return _share(replies), _share(fitting), len(fitting) / len(answerable) if answerable else float("nan")


def _share(replies: Sequence[Told]) -> float:
    return sum(one.right for one in replies) / len(replies) if replies else float("nan")


def least_sure(told: Sequence[Told]) -> float:
    """Return the lowest of the thresholds from which on all give as many right replies as are wanted; 1.0 if none."""
    fitting = 1.0
    for threshold in reversed(THRESHOLDS):
        if figures_at(told, threshold)[0] < WANTED:
            break
        fitting = threshold
    return fitting


def main() -> None:
    """Ask, then print the table of each pair of languages."""
    parser = options(__doc__)
    parser.add_argument("--reader", choices=("similarity", "span"), default="similarity")
    parser.add_argument("--share", type=float, default=1.0, help="of the questions")
    arguments = parser.parse_args()
    settings = BotSettings(embedding_model=BUNDLED_MODEL, reader=arguments.reader)
    embeddings = RememberingEmbeddings(load_embeddings(BUNDLED_MODEL))
    told = [
        one for dev in load_dev_sets(arguments.quick) for one in ask_all(dev, arguments.share, settings, embeddings)
    ]
    figures: Figures = {}
    for pair in sorted({one.pair for one in told}):
        here = [one for one in told if one.pair == pair]
        print(f"{pair}: {sum(one.indexed for one in here)} questions; {WANTED:.0%} right from {least_sure(here):.2f}")
        print("  threshold  right  right of answerable  answered")
        for threshold in THRESHOLDS:
            right, fitting, answered = figures_at(here, threshold)
            print(f"  {threshold:9.2f}  {right:5.3f}  {fitting:19.3f}  {answered:8.3f}")
        figures[f"unasked_{pair.replace('→', '_')}_least_sure"] = least_sure(here)
    hand_over(figures, arguments.json)


if __name__ == "__main__":
    main()
