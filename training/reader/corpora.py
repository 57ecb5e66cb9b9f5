"""The question sets that the reader is trained on first: English, and languages near to French.

All are in SQuAD's format, in the folder `train`. None holds an article of the development sets.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from index.schema import Language
from training.reader.examples import Entry, Example, capped, read_squad


@dataclass(frozen=True, slots=True)
class Corpus:
    """A question set, and how much of it is drawn."""

    file: str
    each: int  # questions of a passage, at most
    titled: bool = False  # its titles name what the passage is about
    stems: Language = "en"  # whose stems its words are compared by


FIRST = (
    Corpus("afriqa.en", 1, titled=True),
    Corpus("qamr.en", 3),
    Corpus("qa/squadshifts_new_wiki", 6, titled=True),
    Corpus("qa/squadshifts_reddit", 3),
    Corpus("qa/squadshifts_amazon_reviews", 2),
    Corpus("qa/qed_nq_train", 6, titled=True),
    Corpus("qa/qed_nq_dev", 6, titled=True),
    Corpus("qa/nq_open_oracle", 6, titled=True),
    Corpus("qa/squad2dev_19_new_articles", 12, titled=True),
    Corpus("qa/disfl_squad2dev_19", 3, titled=True),
    Corpus("qa/squad11dev_only_articles_not_in_v2", 6, titled=True),
    Corpus("qa/squad11_train_samples", 6),
    Corpus("qa/sleepqa_dev_test", 1),
    Corpus("qa/covidqa_200423", 20),
    Corpus("qa/policyqa_dev", 1),
    Corpus("qa/clapnq_dev_answerable_sentences", 1, titled=True),
    Corpus("qa/clapnq_dev_unanswerable", 1, titled=True),
    Corpus("qa/openquizzdb_en_span", 1),
    Corpus("qa/openquizzdb_en_unanswerable", 1),
    Corpus("qa/squad_it_test_noeval", 4, titled=True, stems="fr"),
    Corpus("qa/squad_es_dev_es11", 3, titled=True, stems="fr"),
    Corpus("qa/squad_es_dev_es20", 3, titled=True, stems="fr"),
    Corpus("qa/squad_pt_sample", 4, titled=True, stems="fr"),
    Corpus("qa/faquad_pt", 4, stems="fr"),
    Corpus("qa/xquad_es", 6, titled=True, stems="fr"),
    Corpus("qa/xquad_ro", 6, titled=True, stems="fr"),
)
"""Many of Wikipedia's paragraphs, fewer of reviews, chats and policies. A cap keeps a sentence or a template from being
asked again and again: `qamr.en` has 37 questions on each sentence, most of them alike."""

FRENCH_QUIZ = Corpus("qa/openquizzdb_fr_passages", 99, stems="fr")

WINDOW = 1_600  # characters that are kept of a passage: more than TOKENS hold


def drawn_entries(corpus: Corpus, train: Path, measured: Sequence[Entry], seed: int) -> list[Entry]:
    """Return what is drawn of a corpus, without the passages and the questions of `measured`."""
    entries = read_squad(train / f"{corpus.file}.json.gz")
    ids, passages = {e.id for e in measured}, {e.example.passage for e in measured}
    touched = {e.example.passage for e in entries if e.id in ids} | passages
    return capped([e for e in entries if e.example.passage not in touched], corpus.each, seed)


def windows(example: Example, size: int = WINDOW) -> Iterator[Example]:
    """Yield the example with a passage of at most `size` characters, around its first answer, between two words."""
    if len(example.passage) <= size:
        yield example
        return
    start, end = example.spans[0] if example.spans else (0, 0)
    if end - start > size // 2:
        return
    left = max(0, (start + end - size) // 2)
    if left:
        left = example.passage.index(" ", left) + 1 if " " in example.passage[left:start] else start
    cut = example.passage[left : left + size]
    inside = tuple((s - left, e - left) for s, e in example.spans if left <= s and e <= left + len(cut))
    yield Example(example.question, cut, inside)


def is_kept_out(entry: Entry) -> bool:
    """Whether a question is of the tenth of the quizzes, by name, that near misses are measured on, not trained."""
    return sum(entry.title.encode()) % 10 == 0
