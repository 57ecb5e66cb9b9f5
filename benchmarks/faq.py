"""Compare the readers on texts that neither was fitted to or trained on: the answers of Debian's FAQ, without headings.

    python -m benchmarks.faq

A passage answers as a whole, and stands among others on the same subject: harder than an encyclopedia. Each question is
asked with its passage indexed, and without.
"""

import numpy as np
from rich.console import Console
from rich.table import Table

from benchmarks.dev_sets.indexing import RememberingEmbeddings, index_texts
from benchmarks.dev_sets.sets import load_faq
from bot.answering.readers.shipped import load_similarity_reader, load_span_reader
from bot.evaluation.metrics import auroc
from index.config import IndexSettings
from index.model.embedding import load_embeddings
from index.schema import Language

TOP_K = 10
PAIRS: tuple[tuple[Language, Language], ...] = (("fr", "fr"), ("en", "en"), ("fr", "en"), ("en", "fr"))


def main() -> None:
    """Ask every question of both readers, print the shares."""
    pairs = {f"{number:03}.txt": pair for number, pair in enumerate(load_faq())}
    embeddings = RememberingEmbeddings(load_embeddings(IndexSettings().embedding_model))
    readers = (load_similarity_reader(), load_span_reader())
    table = Table("question", "passages", "reader", "R@1", "refused", "refused without it", "AUROC of both")
    for of, on in PAIRS:
        searcher = index_texts({name: pair[f"passage_{on}"] for name, pair in pairs.items()}, embeddings)
        asked = {name: pair[f"question_{of}"] for name, pair in pairs.items() if pair["is_question"]}
        hits = {name: searcher.search(text, of, 2 * TOP_K) for name, text in asked.items()}
        for reader in readers:
            right, sure, without, refused = [], [], [], []
            for name, text in asked.items():
                with_it = reader.read(text, of, hits[name][:TOP_K])
                others = [hit for hit in hits[name] if hit.chunk.document_id != name]
                missing = reader.read(text, of, others[:TOP_K])
                first = (with_it.hits or hits[name])[0]
                right.append(first.chunk.document_id == name)
                sure.append(with_it.confidence)
                without.append(missing.confidence)
                refused.append((with_it.confidence < with_it.threshold, missing.confidence < missing.threshold))
            kept, gone = np.mean(refused, axis=0)
            figures = (np.mean(right), kept, gone, auroc(np.array(sure), np.array(without)))
            shown = [f"{figure:.3f}" for figure in figures]
            table.add_row(f"{of}, {len(asked)}", f"{on}, {len(pairs)}", reader.name, *shown)
    Console(highlight=False).print(table)


if __name__ == "__main__":
    main()
