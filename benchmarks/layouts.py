"""Measure the abstention over indexes unlike those that it was fitted on: few articles, and files of many paragraphs.

    python -m benchmarks.layouts [--quick]

It was fitted on all the paragraphs of a dev set, each in a file of its own. Here some articles are drawn, one in three
of their paragraphs is left out, and the rest is indexed, with a paragraph or an article in each file. Three kinds of
questions are asked: on indexed paragraphs, on paragraphs left out, and on other articles. The similarity reader
answers: the span model was trained on these articles.
"""

import random
from collections import defaultdict

import numpy as np
from rich.console import Console
from rich.progress import track
from rich.table import Table

from benchmarks.dev_sets.indexing import RememberingEmbeddings, index_texts
from benchmarks.dev_sets.sets import Asked, DevSet, load_dev_sets
from benchmarks.figures import options
from bot.answering.readers.reader import Reader
from bot.answering.readers.shipped import load_similarity_reader
from index.config import IndexSettings
from index.model.embedding import load_embeddings

SIZES = {1: 40, 3: 20, 10: 8, 30: 3}  # articles of an index -> indexes drawn
ASKED = 500  # of each kind, at most, over the indexes of a size
LEFT_OUT = 1 / 3
TOP_K = 10
SEED = 5

KINDS = ("indexed", "paragraph missing", "article missing")
Questions = dict[str, list[Asked]]  # by kind


def draw_articles(dev: DevSet, size: int, draw: random.Random) -> tuple[dict[str, str], Questions]:
    """Return the paragraphs that are indexed, by name, and the questions of each kind.

    An article with a single paragraph keeps it.
    """
    paragraphs: dict[int, list[str]] = defaultdict(list)
    for name, article in dev.articles.items():
        paragraphs[article].append(name)
    drawn = draw.sample(sorted(paragraphs), min(size, len(paragraphs)))
    missing = {
        name
        for article in drawn
        if len(paragraphs[article]) > 1
        for name in draw.sample(paragraphs[article], max(1, int(len(paragraphs[article]) * LEFT_OUT)))
    }
    texts = {n: dev.paragraphs[n] for article in drawn for n in paragraphs[article] if n not in missing}
    questions: Questions = {kind: [] for kind in KINDS}
    for asked in dev.answerable:
        if asked.article not in drawn:
            questions["article missing"].append(asked)
        else:
            questions["paragraph missing" if asked.paragraph in missing else "indexed"].append(asked)
    return texts, questions


def whole_articles(texts: dict[str, str], articles: dict[str, int]) -> dict[str, str]:
    """Return the paragraphs of each article as one text."""
    joined: dict[str, list[str]] = defaultdict(list)
    for name, text in texts.items():
        joined[f"{articles[name]:05}.txt"].append(text)
    return {name: "\n\n".join(parts) for name, parts in joined.items()}


def measure(
    dev: DevSet, size: int, reader: Reader, embeddings: RememberingEmbeddings
) -> dict[str, dict[str, list[bool]]]:
    """Return by layout and kind of question whether each was refused; both layouts are asked the same questions."""
    draw = random.Random(SEED)
    refused: dict[str, dict[str, list[bool]]] = {
        layout: {kind: [] for kind in KINDS} for layout in ("a paragraph", "an article")
    }
    for _ in range(SIZES[size]):
        texts, questions = draw_articles(dev, size, draw)
        drawn = {
            kind: draw.sample(asked, min(len(asked), max(1, ASKED // SIZES[size]))) for kind, asked in questions.items()
        }
        for layout, files in (("a paragraph", texts), ("an article", whole_articles(texts, dev.articles))):
            searcher = index_texts(files, embeddings)
            for kind, asked in drawn.items():
                for one in asked:
                    reading = reader.read(one.text, one.language, searcher.search(one.text, one.language, TOP_K))
                    refused[layout][kind].append(reading.confidence < reading.threshold)
    return refused


def main() -> None:
    """Draw, ask, print the shares that are refused."""
    arguments = options(__doc__).parse_args()
    embeddings = RememberingEmbeddings(load_embeddings(IndexSettings().embedding_model))
    reader, console = load_similarity_reader(), Console(highlight=False)
    for dev in load_dev_sets(arguments.quick):
        table = Table("articles", "a file is", *KINDS, title=dev.name)
        for size in track(SIZES, dev.name, console=Console(stderr=True), transient=True):
            for layout, kinds in measure(dev, size, reader, embeddings).items():
                shares = [f"{np.mean(r):.3f} of {len(r)}" if r else "–" for r in kinds.values()]
                table.add_row(str(size), layout, *shares)
        console.print(table)


if __name__ == "__main__":
    main()
