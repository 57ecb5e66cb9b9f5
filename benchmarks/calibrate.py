"""Fit the confidence of the similarity ranker on the dev sets and write `bot/answering/readers/similarity.json`.

    python -m benchmarks.calibrate [--check] [--quick]

What counts as answered: a question whose paragraph is indexed. What counts as not: the same questions
when their article is not indexed, and, harder, when only their paragraph is missing. Both languages,
and questions in one over paragraphs in the other. Figures are cross-validated by article.
"""

from dataclasses import replace

from benchmarks.dev_sets.indexing import RememberingEmbeddings
from benchmarks.dev_sets.samples import fit_confidence, search_set
from benchmarks.dev_sets.sets import load_dev_sets
from benchmarks.figures import hand_over, options
from bot.answering.readers.fit import Fit, fit_text
from bot.answering.readers.shipped import FOLDER, SIMILARITY_FIT, load_similarity_reader
from bot.calibration.figures import figures_by_pair
from bot.calibration.sample import Sample
from index.config import IndexSettings
from index.model.embedding import load_embeddings

DATA = "PIAF 1.1 (French) and SQuAD 2.0 (English) dev halves, 120 questions translated; 5 folds by article"


def draw_samples(quick: bool) -> list[Sample]:
    """Return what the similarity reader sees of every question that a paragraph answers."""
    embeddings = RememberingEmbeddings(load_embeddings(IndexSettings().embedding_model))
    reader = load_similarity_reader()
    samples = []
    for dev in load_dev_sets(quick):
        for found in search_set(dev, [*dev.answerable, *dev.translated], embeddings, half_of=lambda number: number % 2):
            evidence = reader.evidence(found.asked.text, found.asked.language, found.hits)
            if evidence is not None:
                samples.append(found.sample(evidence))
    return samples


def main() -> None:
    """Draw samples, fit, print the figures, write the file."""
    parser = options(__doc__)
    parser.add_argument("--check", action="store_true", help="measure, and leave the file alone")
    arguments = parser.parse_args()
    samples = draw_samples(arguments.quick)
    fitted = fit_confidence(samples, load_similarity_reader().feature_names, DATA)
    figures = figures_by_pair(samples, fitted.confidence, fitted.calibration)
    fit = replace(Fit.load(FOLDER / SIMILARITY_FIT), calibration=fitted.calibration)
    text = fit_text(fit, "python -m benchmarks.calibrate", figures)
    if not (arguments.check or arguments.quick):
        (FOLDER / SIMILARITY_FIT).write_text(text, encoding="utf-8")
    print(text, end="")
    named = {f"calibrate_{of.replace('→', '_')}_{name}": v for of in figures for name, v in figures[of].items()}
    hand_over(named, arguments.json)


if __name__ == "__main__":
    main()
