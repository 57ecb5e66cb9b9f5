"""Measure which questions pass for follow-ups, and what completing one is worth, on the dev sets.

    python -m benchmarks.follow_ups

First, exchanges of two questions that people might type, written by hand: `follow_ups.jsonl`. Their answers stand in
the project's own articles, where `answer` is a phrase of the right passage, or in the dev sets, where it is the id of
a question with the same answer. Some change the language; some change the subject, and must not be completed. The half
"check" was written first and set aside; the rules were looked at with the half "dev".

Then follow-ups made by rule from two questions of one article of the dev sets: the second loses a name that the first
holds to a pronoun ("pronoun"), or all the words that the first holds ("remainder"), or all but its question word
("question word"). They are many, and rougher than what people type. Where both questions are on one paragraph, the
first alone finds it; the pairs on two paragraphs show whether the first drowns the second.
"""

import functools
import itertools
import json
import random
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import astuple, dataclass
from pathlib import Path

import numpy as np

from benchmarks.dev_sets.indexing import RememberingEmbeddings, index_texts
from benchmarks.dev_sets.sets import Asked, DevSet, load_dev_sets
from bot.answering.answer import Question
from bot.answering.chain import RetrievalChain
from bot.answering.conversation import content_words, is_follow_up, names, standalone
from bot.answering.readers.shipped import load_similarity_reader
from bot.answering.understanding import MAX_QUESTION
from index.config import IndexSettings
from index.language import detect_language
from index.model.embedding import load_embeddings
from index.schema import Language, SearchHit
from index.search import Searcher
from index.text import fold

NEW_SUBJECT = "new subject"
PAIRS = 200  # of each kind; a share of 0.5 is then known to 0.035
TOP_K = 10
SEEDS = Path(__file__).parents[1] / "seeds"

Pair = tuple[Asked, Asked, str]  # first question, second question, the second as a follow-up

_NAME = re.compile(r"[A-ZÀ-ÖØ-Þ][\w’'-]*(?: (?:(?:de|du|la|of|the) )?[A-ZÀ-ÖØ-Þ][\w’'-]*)*")
_JOINT = re.compile(r"\b(?:[LlDd]['’]|(?:le|la|les|de|du|des|d|the|a) )+$")
_ASKS = re.compile(
    r"(?:(?:À|A|En|Dans|De|In|On) )?(?:quand|où|pourquoi|comment|combien|qui|when|where|why|who|how many|how)\b",
    re.IGNORECASE,
)


def to_pronoun(first: str, second: str, language: Language) -> str | None:
    """Return `second` with « il » or "it" for the name that both hold, when that makes a follow-up."""
    for name in _NAME.finditer(second):
        if name.start() > 0 and name[0] in first[1:]:
            before = _JOINT.sub("", second[: name.start()]).rstrip()
            text = f"{before} {'il' if language == 'fr' else 'it'}{second[name.end() :]}"
            return text if is_follow_up(text) else None
    return None


def to_remainder(first: str, second: str, language: Language) -> str | None:
    """Return « Et » or "And" and the one to three content words of `second` that `first` lacks."""
    known = {fold(word) for word in content_words(first)}
    new = [word for word in content_words(second) if fold(word) not in known]
    if not 0 < len(new) <= 3 or len(new) == len(content_words(second)):
        return None
    return f"{'Et' if language == 'fr' else 'And'} {' '.join(new)} ?"


def to_question_word(first: str, second: str, language: Language) -> str | None:
    """Return the question word of `second` when `first` asks something else about the same: it has 0.6 of its words."""
    asks = _ASKS.match(second)
    known, wanted = ({fold(word) for word in content_words(text)} for text in (first, second))
    shared = len(known & wanted)
    if not asks or first.casefold().startswith(asks[0].casefold()) or shared < max(2.0, 0.6 * len(wanted)):
        return None
    return f"{asks[0]} ?"


RULES: dict[str, Callable[[str, str, Language], str | None]] = {
    "pronoun": to_pronoun,
    "remainder": to_remainder,
    "question word": to_question_word,
}

CANDIDATES: dict[str, Callable[[str, str, str], str]] = {
    "follow-up alone": lambda first, second, follow_up: follow_up,
    "first + follow-up": lambda first, second, follow_up: f"{first} {follow_up}",
    "follow-up + content words": lambda first, second, follow_up: f"{follow_up} {' '.join(content_words(first))}",
    "follow-up + names": lambda first, second, follow_up: (
        f"{follow_up} {' '.join(names(first) or content_words(first))}"
    ),
    "standalone()": lambda first, second, follow_up: standalone(follow_up, [first], MAX_QUESTION),
    "the full question": lambda first, second, follow_up: second,
}


def make_pairs(dev: DevSet, rule: Callable[[str, str, Language], str | None], one_paragraph: bool) -> list[Pair]:
    """Return `PAIRS` pairs of one article, always the same ones."""
    pairs = [
        (first, second, follow_up)
        for _, group in itertools.groupby(dev.answerable, key=lambda asked: asked.article)
        for first, second in itertools.permutations(group, 2)
        if (first.paragraph == second.paragraph) is one_paragraph
        and (follow_up := rule(first.text, second.text, dev.language))
    ]
    return random.Random(7).sample(pairs, min(PAIRS, len(pairs)))


def measure(searcher: Searcher, pairs: list[Pair], complete: Callable[[str, str, str], str]) -> str:
    """Return R@1, R@5 and how often the first quote holds a gold answer of the second question."""
    reader = load_similarity_reader()
    rows = []
    for first, second, follow_up in pairs:
        text = complete(first.text, second.text, follow_up)
        hits = searcher.search(text, detect_language(text, second.language).language, TOP_K)
        found = list(dict.fromkeys(hit.chunk.document_id for hit in hits))
        quotes = reader.read(text, second.language, hits).citations
        rows.append(
            (found[0] == second.paragraph, second.paragraph in found[:5], second.is_answered_by(quotes[0].quote))
        )
    return "R@1 {:.3f}  R@5 {:.3f}  first quote {:.3f}".format(*np.mean(rows, axis=0))


@dataclass(frozen=True, slots=True)
class Exchange:
    """Two questions of one conversation, in the order in which they are asked."""

    id: str
    half: str  # "check" or "dev"
    kind: str  # of follow-up; NEW_SUBJECT stands alone
    corpus: str  # "seeds", or the beginning of the name of a dev set
    first: str
    follow_up: str
    language: Language  # of the follow-up
    answer: str


@dataclass(frozen=True, slots=True)
class Corpus:
    """A chain over some articles, and what is known of their answers."""

    chain: RetrievalChain
    asked: Mapping[str, Asked]  # id -> question of a dev set; none for the project's own articles

    def holds(self, answer: str, hit: SearchHit) -> bool:
        """Whether a hit is the passage that holds the answer."""
        asked = self.asked.get(answer)
        return answer in hit.chunk.text if asked is None else hit.chunk.document_id == asked.paragraph

    def quotes(self, answer: str, quote: str) -> bool:
        """Whether a quote holds the answer."""
        asked = self.asked.get(answer)
        return answer in quote if asked is None else asked.is_answered_by(quote)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a follow-up."""

    first_hit: bool
    in_five: bool
    quoted: bool  # the first quote holds the answer; an abstention has none
    in_language: bool
    completed: bool


def make_chain(searcher: Searcher) -> RetrievalChain:
    """Return the product's chain over an index."""
    return RetrievalChain(functools.partial(searcher.search, k=TOP_K), load_similarity_reader(), default="en")


def load_exchanges() -> list[Exchange]:
    """Return the exchanges that were written by hand."""
    lines = Path(__file__).with_suffix(".jsonl").read_text(encoding="utf-8").splitlines()
    return [Exchange(**json.loads(line)) for line in lines]


def converse(corpus: Corpus, exchange: Exchange, remembering: bool) -> Outcome:
    """Ask both questions; `remembering` lets the second know of the first."""
    history = corpus.chain.invoke(Question(exchange.first)).history if remembering else ()
    answer = corpus.chain.invoke(Question(exchange.follow_up, history=history))
    right = [corpus.holds(exchange.answer, hit) for hit in answer.hits]
    return Outcome(
        first_hit=any(right[:1]),
        in_five=any(right[:5]),
        quoted=bool(answer.citations) and corpus.quotes(exchange.answer, answer.citations[0].quote),
        in_language=answer.language == exchange.language,
        completed=bool(answer.understood),
    )


def print_exchanges(exchanges: Sequence[Exchange], corpora: Mapping[str, Corpus]) -> None:
    """Print the figures by half, language and kind, then each exchange that went wrong."""
    outcomes = {e.id: [converse(corpora[e.corpus], e, remembering) for remembering in (False, True)] for e in exchanges}
    groups = {
        f"{half}, {by}": [e for e in exchanges if e.half == half and by in (e.language, e.kind)]
        for half in ("check", "dev")
        for by in ("fr", "en", *dict.fromkeys(e.kind for e in exchanges))
    }
    for label, group in groups.items():
        if not group:
            continue
        for remembering, name in enumerate(("alone", "remembering")):
            shares = np.mean([astuple(outcomes[e.id][remembering]) for e in group], axis=0)
            figures = "R@1 {:.3f}  R@5 {:.3f}  first quote {:.3f}  reply language {:.3f}  completed {:.3f}".format(
                *shares
            )
            print(f"{label:24} {len(group):3}  {name:11} {figures}")
    for e in exchanges:
        after = outcomes[e.id][True]
        if not (after.in_five and after.in_language and after.completed is (e.kind != NEW_SUBJECT)):
            print(f"  {e.id} {e.kind}: {e.first} / {e.follow_up}  {after}")


def main() -> None:
    """Print the figures of the exchanges, then of both sets."""
    embeddings = RememberingEmbeddings(load_embeddings(IndexSettings().embedding_model))
    dev_sets = load_dev_sets()
    searchers = {dev.name: index_texts(dev.paragraphs, embeddings) for dev in dev_sets}
    own = index_texts({path.name: path.read_text(encoding="utf-8") for path in SEEDS.iterdir()}, embeddings)
    corpora = {"seeds": Corpus(make_chain(own), {})}
    for dev in dev_sets:
        corpora[dev.name.split("-")[0]] = Corpus(make_chain(searchers[dev.name]), {q.id: q for q in dev.questions})
    print_exchanges(load_exchanges(), corpora)
    for dev in dev_sets:
        passing = [asked.text for asked in dev.questions if is_follow_up(asked.text)]
        share = len(passing) / len(dev.questions)
        print(
            f"{dev.name}: {len(passing)} of {len(dev.questions)} pass for follow-ups, {share:.4f}", *passing, sep="\n  "
        )
        searcher = searchers[dev.name]
        for (name, rule), one_paragraph in itertools.product(RULES.items(), (True, False)):
            pairs = make_pairs(dev, rule, one_paragraph)
            print(f"{name}, {'one paragraph' if one_paragraph else 'two paragraphs'}: {len(pairs)} pairs")
            for label, complete in CANDIDATES.items():
                print(f"  {label:26} {measure(searcher, pairs, complete)}", flush=True)


if __name__ == "__main__":
    main()
