"""The span ranker: a small model reads the hits and finds the words that answer; the sentence around them is quoted."""

import math
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import asdict, dataclass, fields
from functools import partial

from bot.answering.readers.confidence import Evidence, Features
from bot.answering.readers.ranking import HITS_READ, Candidate, RankingWeights, rank
from bot.answering.readers.similarity import SimilarityRanker
from bot.answering.readers.span_model import SpanModel
from index.chunking import headings_above
from index.model.runtime import cores
from index.schema import Language, SearchHit

HOPED_MARGIN = 6.0
"""Margin that a passage may turn out to have. With it the same sentence comes first for all 3,339 questions of the dev
sets as when all five passages are read, and 2.8 are read on average, two at a time; with 4, for all but one."""


@dataclass(frozen=True, slots=True)
class SpanFeatures(Features):
    """What speaks for a quote: the features of the sentence that similarity puts first, and the doubt of the model."""

    doubt: float  # margin of the likeliest words of the quote where that is below 0, else 0: being sure proves little


class SpanRanker:
    """Puts the sentence first whose words answer; the confidence in it rests mostly on what similarity sees."""

    name = "span"
    feature_names = tuple(field.name for field in fields(SpanFeatures))
    reorders_hits = True

    def __init__(
        self, model: SpanModel, weights: RankingWeights, similarity: SimilarityRanker, at_once: int | None = None
    ) -> None:
        """Rank with these weights of what the model reads, beside what `similarity` compares.

        Args:
            model: reads the passages.
            weights: of the score of a sentence.
            similarity: tells most of the confidence.
            at_once: passages that are read at the same time; None for one on each core.
        """
        self._model = model
        self._weights = weights
        self._similarity = similarity
        self._at_once = at_once or cores()
        self._threads = ThreadPoolExecutor(self._at_once, thread_name_prefix="reader")  # a passage on each core

    def rank(self, question: str, hits: Sequence[SearchHit]) -> list[Candidate]:
        """Return the sentences that were read with the likeliest words of each, best first.

        Of the first `HITS_READ` hits those are read that may hold the best sentence, the most promising first.
        """
        left = deque(sorted(hits[:HITS_READ], key=self._promise, reverse=True))
        begun: deque[Future[list[Candidate]]] = deque()
        ranked: list[Candidate] = []
        while True:
            # what is read next rests on what was begun first, not on what ended first: the same each time
            while left and len(begun) < self._at_once and not self._is_settled(ranked, left[0]):
                begun.append(self._threads.submit(self._read, question, left.popleft()))
            if not begun:
                return ranked
            ranked = rank([*ranked, *begun.popleft().result()], self._weights)

    def read(self, question: str, hits: Sequence[SearchHit]) -> Iterator[Candidate]:
        """Yield every sentence of the hits with its likeliest words, without a score."""
        for candidates in self._threads.map(partial(self._read, question), hits):
            yield from candidates

    def _read(self, question: str, hit: SearchHit) -> list[Candidate]:
        """Return every sentence of a hit with its likeliest words, without a score."""
        logits = self._model.read(question, hit.chunk.text, headings_above(hit.chunk))
        return [
            Candidate(0.0, hit, position, logits.best_within(sentence.start, sentence.end))
            for position, sentence in enumerate(hit.chunk.sentences)
        ]

    def _promise(self, hit: SearchHit) -> float:
        """Return the score of the best sentence of a hit, should its likeliest words be as likely as no answer."""
        sentences = (Candidate(0.0, hit, position) for position in range(len(hit.chunk.sentences)))
        return max((one.scored(self._weights).score for one in sentences), default=-math.inf)

    def _is_settled(self, ranked: Sequence[Candidate], hit: SearchHit) -> bool:
        """Whether no sentence of a hit that was not read can come first."""
        if not ranked or ranked[0].answer is None:
            return False
        return ranked[0].score >= self._promise(hit) + self._weights.margin * HOPED_MARGIN

    def evidence(
        self, question: str, language: Language, hits: Sequence[SearchHit], ranked: Sequence[Candidate]
    ) -> Evidence:
        """Return what the confidence rests on: the sentence that similarity puts first, and the doubt in the quote."""
        seen = self._similarity.evidence(question, language, hits, self._similarity.rank(question, hits))
        answer = ranked[0].answer
        doubt = min(answer.margin, 0.0) if answer else 0.0
        return Evidence(SpanFeatures(**asdict(seen.features), doubt=doubt), seen.language)
