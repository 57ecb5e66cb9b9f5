"""Search a set over indexes that hold the answer and indexes that lack it, and fit a confidence on what is found."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import astuple, dataclass

from benchmarks.dev_sets.indexing import index_texts
from benchmarks.dev_sets.sets import Asked, DevSet
from bot.answering.readers.confidence import Evidence
from bot.calibration.calibrating import Fitted, fit_calibration
from bot.calibration.fitting import FOLDS
from bot.calibration.sample import Group, Sample
from index.model.embedding import TextEmbeddings
from index.schema import Language, SearchHit

TOP_K = 10
TRANSLATED_WEIGHT = 10  # there are 30 times fewer translated questions than others

FITTED: tuple[Group, ...] = ("near miss", "indexed", "not indexed")
"""Groups that are fitted on; the thresholds are set by the group "whole"."""


@dataclass(frozen=True, slots=True)
class Searched:
    """The hits of one question over one index."""

    group: Group
    asked: Asked
    texts: Language  # of the articles
    hits: tuple[SearchHit, ...]

    @property
    def fold(self) -> int:
        """The fold of the article, so that no article is both fitted on and measured."""
        return self.asked.article % FOLDS

    def sample(self, evidence: Evidence) -> Sample:
        """Return the search as a sample, with what a reader saw of it."""
        return Sample(
            group=self.group,
            question=self.asked.text,
            language=self.asked.language,
            quoted=self.texts,
            article=str(self.asked.article),
            features=astuple(evidence.features),
            weight=1.0 if self.asked.language == self.texts else TRANSLATED_WEIGHT,
        )


def search_set(
    dev: DevSet, questions: Sequence[Asked], embeddings: TextEmbeddings, half_of: Callable[[int], int]
) -> Iterator[Searched]:
    """Yield the hits of each question over the whole set, and over each half of its articles.

    Args:
        dev: the set.
        questions: of the set; one without an answer is asked over the whole set only.
        embeddings: of the indexes.
        half_of: tells the half of an article by its number, 0 or 1.
    """
    whole = index_texts(dev.paragraphs, embeddings)
    for asked in questions:
        hits = whole.search(asked.text, asked.language, 2 * TOP_K)
        yield Searched("whole" if asked.answers else "unanswerable", asked, dev.language, tuple(hits[:TOP_K]))
        if asked.answers:
            others = [hit for hit in hits if hit.chunk.document_id != asked.paragraph]
            yield Searched("near miss", asked, dev.language, tuple(others[:TOP_K]))
    for half in (0, 1):
        kept = {name: text for name, text in dev.paragraphs.items() if half_of(dev.articles[name]) == half}
        searcher = index_texts(kept, embeddings)
        for asked in questions:
            if asked.answers:
                group: Group = "indexed" if half_of(asked.article) == half else "not indexed"
                hits = searcher.search(asked.text, asked.language, TOP_K)
                yield Searched(group, asked, dev.language, tuple(hits))


def fit_confidence(samples: Sequence[Sample], feature_names: Sequence[str], data: str) -> Fitted:
    """Return the confidence fitted on samples of the dev sets; `data` says which."""
    folds = [int(sample.article) % FOLDS for sample in samples]
    return fit_calibration(samples, folds, feature_names, data, FITTED)
