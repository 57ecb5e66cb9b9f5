"""Write the examples that the reader is trained on: `first.jsonl`, then `without0.jsonl` and `without1.jsonl`.

    python -m training.reader.prepare --data data --output runs

The first file has questions on English sentences and paragraphs that nothing is measured on, with easy negatives. Each
of the others has the questions of PIAF and SQuAD 2 on all but one part of the articles, the translated ones twice, and
hard negatives.
"""

import argparse
import json
import random
from collections.abc import Sequence
from pathlib import Path

from benchmarks.dev_sets.indexing import RememberingEmbeddings
from index.config import IndexSettings
from index.model.embedding import TextEmbeddings, load_embeddings
from training.reader.examples import (
    Entry,
    Example,
    capped,
    read_squad,
    translated,
    without_part,
    without_titles,
    write_examples,
)
from training.reader.negatives import Asking, altered_questions, hard_negatives

FRENCH, ENGLISH = "piaf-1.1.fr.dev", "squad-2.0.en.dev"
AFRIQA_CHARS = 1_200  # of a paragraph, at most
QAMR_QUESTIONS = 10  # of a sentence
EASY_SENTENCES, EASY_PARAGRAPHS, ALTERED_PARAGRAPHS = 250, 250, 700
ALTERED = {"fr": 900, "en": 450}  # SQuAD 2 has questions without an answer of its own
HARD_NEGATIVES = 2_250  # about half of the answerable questions
MODELS = 2  # each leaves out another part, so that together they saw every article
SEED = 1


def first_examples(sentences: Sequence[Entry], paragraphs: Sequence[Entry]) -> list[Example]:
    """Return ten questions for each sentence, one for each paragraph, and some that their passage does not answer."""
    draw = random.Random(SEED)
    kept = [e for e in capped(paragraphs, 1, SEED) if len(e.example.passage) <= AFRIQA_CHARS]
    few = capped(sentences, QAMR_QUESTIONS, SEED)
    examples = [e.example for e in kept + few]
    for pool, count in ((few, EASY_SENTENCES), (kept, EASY_PARAGRAPHS)):
        for entry in draw.sample(pool, min(count, len(pool))):
            passage = draw.choice(pool).example.passage
            if entry.answers[0].lower() not in passage.lower():
                examples.append(Example(entry.example.question, passage))
    examples += _drawn(altered_questions(kept, SEED), ALTERED_PARAGRAPHS)
    draw.shuffle(examples)
    return examples


def later_examples(
    french: Sequence[Entry],
    english: Sequence[Entry],
    translations: dict[str, list[dict[str, str]]],
    left_out: int,
    embeddings: TextEmbeddings,
) -> list[Example]:
    """Return the examples of all articles but those of one part."""
    french, english = without_part(french, left_out), without_part(english, left_out)
    in_english, in_french = translated(french, translations[FRENCH]), translated(english, translations[ENGLISH])
    asking = [Asking(e, "fr") for e in french + in_french]
    asking += [Asking(e, "en") for e in english + in_english if e.answers]
    hard = hard_negatives(asking, [e.example.passage for e in french + english], embeddings, SEED)
    examples = [e.example for e in [*french, *english, *2 * (in_english + in_french)]]
    examples += _drawn(hard, HARD_NEGATIVES)
    examples += _drawn(altered_questions(french, SEED), ALTERED["fr"])
    examples += _drawn(altered_questions(english, SEED), ALTERED["en"])
    random.Random(SEED).shuffle(examples)
    return examples


def _drawn(examples: Sequence[Example], count: int) -> list[Example]:
    return random.Random(SEED).sample(examples, min(count, len(examples)))


def main() -> None:
    """Read, draw, search, write."""
    parser = argparse.ArgumentParser(description="Write the examples that the reader is trained on.")
    parser.add_argument("--data", type=Path, required=True, help="folder of the question sets, and of train/")
    parser.add_argument("--output", type=Path, required=True)
    args = parser.parse_args()
    args.output.mkdir(parents=True, exist_ok=True)
    french, english = read_squad(args.data / f"{FRENCH}.json"), read_squad(args.data / f"{ENGLISH}.json")
    sentences = read_squad(args.data / "train" / "qamr.en.json.gz")
    paragraphs = without_titles(read_squad(args.data / "train" / "afriqa.en.json.gz"), french + english)
    write_examples(first_examples(sentences, paragraphs), args.output / "first.jsonl")
    translations = json.loads((args.data / "crosslingual.dev.json").read_text(encoding="utf-8"))
    embeddings = RememberingEmbeddings(load_embeddings(IndexSettings().embedding_model))
    for part in range(MODELS):
        examples = later_examples(french, english, translations, part, embeddings)
        write_examples(examples, args.output / f"without{part}.jsonl")
        print(f"without part {part}: {len(examples)} examples, {sum(not e.spans for e in examples)} without an answer")


if __name__ == "__main__":
    main()
