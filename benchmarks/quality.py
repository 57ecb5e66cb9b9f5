"""Measure search, answers, abstention and reply language on the dev sets, through the product's own chain.

    python -m benchmarks.quality

The confidence was fitted on the same files (see `benchmarks/calibrate.py`), so its own figures here,
marked *, are a little kind: `bot/readers/calibration.json` holds the cross-validated ones.
"""

import json
import re
from collections.abc import Iterable, Sequence

import numpy as np

from benchmarks.dev_sets import DATA, Asked, DevSet, RememberingEmbeddings, index_texts, load_dev_sets
from bot.answer import Answer, Question
from bot.chain import build_chain
from bot.evaluation.metrics import auroc
from bot.readers.confidence import Calibration
from bot.readers.extractive import ExtractiveReader
from bot.retriever import HybridRetriever
from index.config import IndexSettings
from index.embedding import TextEmbeddings, load_embeddings

TOP_K = 10


def answer_all(texts: dict[str, str], questions: Iterable[Asked], embeddings: TextEmbeddings) -> list[Answer]:
    """Return the answers over an index of `texts`, in the order of the questions."""
    retriever = HybridRetriever(searcher=index_texts(texts, embeddings), k=TOP_K)
    chain = build_chain(retriever, ExtractiveReader(Calibration.load()), fallback="en")
    return [chain.invoke(Question(asked.text)) for asked in questions]


def first_rank(asked: Asked, answer: Answer) -> int:
    """Return the rank of the right paragraph among the documents found, from 1; 0 when it is not there."""
    documents = list(dict.fromkeys(hit.chunk.document_id for hit in answer.hits))
    return documents.index(asked.paragraph) + 1 if asked.paragraph in documents else 0


def print_retrieval(name: str, questions: Sequence[Asked], answers: Sequence[Answer]) -> None:
    """Print R@1, R@5 and MRR@10."""
    ranks = np.array([first_rank(q, a) for q, a in zip(questions, answers, strict=True)])
    reciprocal = np.where(ranks > 0, 1 / np.maximum(ranks, 1), 0)
    r1, r5 = (ranks == 1).mean(), ((ranks > 0) & (ranks <= 5)).mean()
    print(f"{name}: R@1 {r1:.3f}  R@5 {r5:.3f}  MRR@10 {reciprocal.mean():.3f}  ({len(ranks)} questions)")


def measure(dev: DevSet, embeddings: TextEmbeddings) -> None:
    """Print every figure of one dev set."""
    questions = dev.answerable
    answers = answer_all(dev.paragraphs, questions, embeddings)
    print_retrieval(f"{dev.name} {dev.language}→{dev.language}", questions, answers)
    held = [
        bool(a.citations) and q.is_answered_by(a.citations[0].quote) for q, a in zip(questions, answers, strict=True)
    ]
    either = [any(q.is_answered_by(c.quote) for c in a.citations) for q, a in zip(questions, answers, strict=True)]
    print(f"  first quote holds a gold answer {np.mean(held):.3f}*, either quote {np.mean(either):.3f}*")
    print(f"  answerable refused {np.mean([a.abstained for a in answers]):.3f}*")
    everything = [*questions, *(q for q in dev.questions if not q.answers)]
    replies = [*answers, *answer_all(dev.paragraphs, everything[len(questions) :], embeddings)]
    print(f"  reply language is the question's {np.mean([a.language == dev.language for a in replies]):.4f}")
    if refused := [a.abstained for a in replies[len(questions) :]]:
        scores = np.array([a.confidence for a in replies])
        area = auroc(scores[: len(questions)], scores[len(questions) :])
        print(f"  unanswerable: refused {np.mean(refused):.3f}*, AUROC {area:.3f}*")
    inside, outside, outside_refused = [], [], []
    for half in (0, 1):
        kept = {name: text for name, text in dev.paragraphs.items() if dev.articles[name] % 2 == half}
        for asked, answer in zip(questions, answer_all(kept, questions, embeddings), strict=True):
            if asked.article % 2 == half:
                inside.append(answer.confidence)
            else:
                outside.append(answer.confidence)
                outside_refused.append(answer.abstained)
    area = auroc(np.array(inside), np.array(outside))
    print(f"  article not indexed: AUROC {area:.3f}*, refused {np.mean(outside_refused):.3f}*")
    translated = answer_all(dev.paragraphs, dev.translated, embeddings)
    print_retrieval(f"  {dev.translated[0].language}→{dev.language}", dev.translated, translated)


def measure_article(embeddings: TextEmbeddings) -> None:
    """Print how the questions on the user's own article fare."""
    texts = {p.name: p.read_text(encoding="utf-8") for p in (DATA.parent / "seeds").glob("*.txt")}
    records = json.loads((DATA / "article-questions.dev.json").read_text(encoding="utf-8"))
    asked = [Asked(r["id"], r["question"], r["language"], "", 0, ()) for r in records]
    right, refused = 0, 0
    for record, answer in zip(records, answer_all(texts, asked, embeddings), strict=True):
        if record["answerable"]:
            right += any(re.search(record["evidence"], c.quote) for c in answer.citations)
        else:
            refused += answer.abstained
    answerable = sum(r["answerable"] for r in records)
    others = len(records) - answerable
    print(f"the user's article: evidence right {right} of {answerable}, unanswerable refused {refused} of {others}")


def main() -> None:
    """Measure both sets, then the article."""
    embeddings = RememberingEmbeddings(load_embeddings(IndexSettings().embedding_model))
    measure_article(embeddings)
    for dev in load_dev_sets():
        measure(dev, embeddings)


if __name__ == "__main__":
    main()
