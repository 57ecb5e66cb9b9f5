"""Measure how well questions that ask the same are grouped, and how long grouping takes.

    python -m benchmarks.gaps

Right: a question and its translation (PIAF, SQuAD 2, Debian's FAQ). Wrong: any other two questions, of which most
stand on the same articles; two with the same answer in one paragraph may ask the same, and are not counted.
"""

import time
from collections.abc import Iterable
from datetime import UTC, datetime
from itertools import combinations

from benchmarks.dev_sets.indexing import RememberingEmbeddings
from benchmarks.dev_sets.sets import Asked, load_dev_sets, load_faq
from bot.journal.entry import Unanswered
from bot.journal.gaps import find_gaps
from index.model.embedding import BUNDLED_MODEL, load_embeddings
from index.schema import Language

WHEN = datetime(2026, 1, 1, tzinfo=UTC)


def faq() -> list[Asked]:
    """Return the questions of Debian's FAQ that differ in the two languages."""
    languages: tuple[Language, Language] = ("fr", "en")
    return [
        Asked(pair["id"], pair[f"question_{language}"], language, pair["id"], 0, ())
        for pair in load_faq()
        if pair["question_fr"] != pair["question_en"]
        for language in languages
    ]


def same_answer(a: Asked, b: Asked) -> bool:
    return a.paragraph == b.paragraph and bool({*map(str.casefold, a.answers)} & {*map(str.casefold, b.answers)})


def measure(name: str, questions: Iterable[Asked], embeddings: RememberingEmbeddings) -> None:
    by_text = {q.text: q for q in questions}
    asked = [Unanswered(n, q.text, q.language, WHEN, "no_evidence") for n, q in enumerate(by_text.values())]
    for text in by_text:
        embeddings.encode_query(text)
    began = time.perf_counter()
    gaps = find_gaps(asked, embeddings)
    seconds = time.perf_counter() - began
    together = [(by_text[a], by_text[b]) for gap in gaps for a, b in combinations(gap.questions, 2)]
    right = sum(a.id == b.id for a, b in together)
    wrong = sum(a.id != b.id and not same_answer(a, b) for a, b in together)
    pairs = len(by_text) - len({q.id for q in by_text.values()})
    figures = f"precision {right / (right + wrong):.2f}, recall {right / pairs:.2f} of {pairs} pairs"
    largest = max(len(gap.questions) for gap in gaps)
    print(f"{name:10} {len(by_text):5} questions, {figures}; largest group {largest}; {seconds:.2f} s")


def main() -> None:
    embeddings = RememberingEmbeddings(load_embeddings(BUNDLED_MODEL))
    everything = faq()
    measure("FAQ", everything, embeddings)
    for dev in load_dev_sets():
        articles = {q.article for q in dev.translated}
        questions = [q for q in dev.answerable if q.article in articles] + list(dev.translated)
        measure(dev.name[:9], questions, embeddings)
        everything += questions
    measure("together", everything, embeddings)


if __name__ == "__main__":
    main()
