"""The span ranker: a small model reads the hits and finds the words that answer; the sentence around them is quoted."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, fields

from bot.answering.readers.confidence import Evidence, Features
from bot.answering.readers.ranking import HITS_READ, Candidate, RankingWeights, rank
from bot.answering.readers.similarity import SimilarityRanker
from bot.answering.readers.span_model import SpanModel
from index.model.runtime import cores
from index.schema import Language, SearchHit


@dataclass(frozen=True, slots=True)
class SpanFeatures(Features):
    """What speaks for a quote: the features of the sentence that similarity puts first, and the doubt of the model."""

    doubt: float  # margin of the likeliest words of the quote where that is below 0, else 0: being sure proves little


class SpanRanker:
    """Puts the sentence first whose words answer; the confidence in it rests mostly on what similarity sees."""

    name = "span"
    feature_names = tuple(field.name for field in fields(SpanFeatures))
    reorders_hits = True

    def __init__(self, model: SpanModel, weights: RankingWeights, similarity: SimilarityRanker) -> None:
        """Rank with these weights of what the model reads, beside what `similarity` compares."""
        self._model = model
        self._weights = weights
        self._similarity = similarity
        self._threads = ThreadPoolExecutor(cores(), thread_name_prefix="reader")  # a passage at a time on each core

    def rank(self, question: str, hits: Sequence[SearchHit]) -> list[Candidate]:
        """Return the sentences of the first `HITS_READ` hits with the likeliest words of each, best first."""
        return rank(self._read(question, hits), self._weights)

    def _read(self, question: str, hits: Sequence[SearchHit]) -> Iterator[Candidate]:
        read = hits[:HITS_READ]
        logits_of = self._threads.map(lambda hit: self._model.read(question, hit.chunk.text), read)
        for hit, logits in zip(read, logits_of, strict=True):
            for position, sentence in enumerate(hit.chunk.sentences):
                yield Candidate(0.0, hit, position, logits.best_within(sentence.start, sentence.end))

    def evidence(
        self, question: str, language: Language, hits: Sequence[SearchHit], ranked: Sequence[Candidate]
    ) -> Evidence:
        """Return what the confidence rests on: the sentence that similarity puts first, and the doubt in the quote."""
        seen = self._similarity.evidence(question, language, hits, self._similarity.rank(question, hits))
        answer = ranked[0].answer
        doubt = min(answer.margin, 0.0) if answer else 0.0
        return Evidence(SpanFeatures(**asdict(seen.features), doubt=doubt), seen.language)
