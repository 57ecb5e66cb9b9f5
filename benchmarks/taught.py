"""Measure how well what was taught is found: asked in its own words, as people type, and in the other language.

    python -m benchmarks.taught [--quick] [--json FILE]

The entries of two FAQs (Debian's; that of a helpline on Covid-19) are taught, every other one in French, over the
project's own articles. "First": the first citation is the entry. What is not is printed, with the confidence.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.dev_sets.sets import DATA, load_faq
from benchmarks.dresses import dressed
from benchmarks.figures import Figures, hand_over, options
from bot.answering.answer import Question
from bot.config import BotSettings
from bot.live import LiveBot
from bot.publishing import Publisher
from bot.seen import Seen
from bot.teaching.entry import MAX_ANSWER
from bot.teaching.store import FILE_NAME, TaughtStore
from bot.teaching.teaching import Teaching
from index.build import build_index
from index.loaders.pairs import MAX_QUESTION
from index.model.embedding import TextEmbeddings, load_embeddings
from index.schema import LANGUAGES, Language

GUILD, TEACHER = 7, 1
PAIRS = 60  # of each FAQ
SEEDS = Path(__file__).parents[1] / "seeds"


@dataclass(frozen=True)
class Pair:
    """An entry of an FAQ."""

    faq: str
    question: dict[Language, str]
    answer: dict[Language, str]


def load_pairs() -> list[Pair]:
    """Return the entries of both FAQs that can be taught in both languages."""
    debian = [
        Pair("Debian", {"fr": p["question_fr"], "en": p["question_en"]}, {"fr": p["passage_fr"], "en": p["passage_en"]})
        for p in load_faq()
        if p["is_question"]
    ]
    told = json.loads((DATA / "covid-faq-aligned.en-fr.json").read_text(encoding="utf-8"))
    covid = [
        Pair("Covid-19", {one: p[one]["question"] for one in LANGUAGES}, {one: p[one]["answer"] for one in LANGUAGES})
        for p in told
    ]
    return [pair for faq in (debian, covid) for pair in [one for one in faq if can_be_taught(one)][:PAIRS]]


def can_be_taught(pair: Pair) -> bool:
    """Whether both sides are short enough."""
    short = all(len(q) <= MAX_QUESTION for q in pair.question.values())
    return short and all(0 < len(a) <= MAX_ANSWER for a in pair.answer.values())


DRESSED = ("written", "bare", "slips", "chatty", "key words")
OTHER = "other language"


def measure_quality(model: TextEmbeddings, quick: bool) -> Figures:
    """Teach both FAQs, every other entry in French, and ask for each in several ways."""
    pairs = load_pairs()[:: 12 if quick else 1]
    figures: Figures = {}
    with TemporaryDirectory() as folder:
        root = Path(folder)
        settings = BotSettings(seeds_dir=SEEDS, index_dir=root / "index", data_dir=root / "data")
        build_index(SEEDS, settings.index_dir, model)
        with TaughtStore(settings.data_dir / FILE_NAME) as store:
            taught: list[tuple[Pair, Language]] = [(p, "fr" if n % 2 else "en") for n, p in enumerate(pairs)]
            for pair, language in taught:
                store.teach(GUILD, pair.question[language], pair.answer[language], TEACHER)
            Teaching(store, Publisher(settings, model)).publish(GUILD)
        live = LiveBot(settings, model)
        try:
            for faq in dict.fromkeys(pair.faq for pair in pairs):
                for way in (*DRESSED, OTHER):
                    figures |= _asked(live, faq, way, [one for one in taught if one[0].faq == faq])
        finally:
            live.close()
    return figures


def wording(pair: Pair, taught: Language, way: str) -> str:
    """Return the question of an entry that was taught in one language, as it is asked."""
    if way == OTHER:
        return pair.question["en" if taught == "fr" else "fr"]
    return dressed(pair.question[taught], way, taught)


def words_of(text: str) -> list[str]:
    """Return the words of a text."""
    return re.findall(r"\w+", text)


def _asked(live: LiveBot, faq: str, way: str, taught: Sequence[tuple[Pair, Language]]) -> Figures:
    first = refused = 0
    chain = live.bot(Seen(guild=GUILD)).chain
    for pair, language in taught:
        question = wording(pair, language, way)
        answer = chain.invoke(Question(question))
        title = words_of(pair.question[language])  # signs are markup to whoever reads the table
        is_first = bool(answer.citations) and words_of(answer.citations[0].title) == title
        first += is_first
        refused += not answer.citations
        if not is_first:
            found = answer.hits[0].chunk.title if answer.hits else ""
            place = "found first" if words_of(found) == title else f"found {found!r}"
            reached = f"confidence {answer.confidence:.2f} of {answer.threshold:.2f}"
            cited = answer.citations[0].title if answer.citations else answer.abstention
            print(f"    {question!r}: {cited!r}; {place}; {reached}")
    count = len(taught)
    print(f"{faq}, {way}: first {first / count:.3f}, refused {refused / count:.3f} of {count}", flush=True)
    key = re.sub(r"\W+", "_", f"taught {faq} {way}".lower())
    return {f"{key}_first": first / count, f"{key}_refused": refused / count}


def main() -> None:
    arguments = options(__doc__).parse_args()
    model = load_embeddings(BotSettings().embedding_model)
    hand_over(measure_quality(model, arguments.quick), arguments.json)


if __name__ == "__main__":
    main()
