"""Write the examples that the reader is trained on: `first0.jsonl` and so on, `without0.jsonl`, `ranked0.jsonl`.

    python -m training.reader.prepare --data data --output runs

The first files part the question sets of `corpora.FIRST`, on which nothing is measured, in two. Each of the others has
the questions of PIAF and SQuAD 2 on all but one part of the articles, French quizzes, hard negatives and some of the
first examples, three times over: each time some questions are typed otherwise, and other wrong passages are drawn. The
last have each question once, together with the passages that the search puts high.
"""

import argparse
import json
import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from benchmarks.dev_sets.indexing import RememberingEmbeddings
from index.config import IndexSettings
from index.model.embedding import TextEmbeddings, load_embeddings
from index.schema import Language
from training.reader.corpora import FIRST, FRENCH_QUIZ, drawn_entries, is_kept_out, windows
from training.reader.examples import (
    Entry,
    Example,
    read_squad,
    translated,
    without_part,
    without_titles,
    write_examples,
)
from training.reader.negatives import Asking, altered_questions, hard_negatives, look_alikes, wrong_passages
from training.reader.noise import Noise, read_dictionaries

FRENCH, ENGLISH = "piaf-1.1.fr.dev", "squad-2.0.en.dev"
UNDER_TITLE = 0.35  # share of the passages with a title that are read under it
WRONG_PASSAGES = 0.2  # of the first questions, asked again over a passage that looks right
ALTERED_FIRST = 0.04  # of the first questions, asked again with another name in them
ROUNDS = 3
ALTERED = {"fr": 900, "en": 450}  # of a round; SQuAD 2 has questions without an answer of its own
HARD_NEGATIVES = 3_400  # of a round: one for most answerable questions
QUIZ = 2_400  # of a round
AGAIN = 1_500  # of a round: first examples
WRONG_EACH = 3  # passages that a ranked question is asked over, beside its own
MODELS = 2  # each leaves out another part, so that together they saw every article
SEED = 1


def first_examples(train: Path, measured: Sequence[Entry], mistyped: Sequence[Entry], noise: Noise) -> list[Example]:
    """Return the questions of the first corpora, with wrong passages and altered questions, shuffled.

    None is on an article of `measured`, or on a paragraph of `mistyped` in any language.
    """
    examples = []
    draw = random.Random(SEED)
    for corpus in FIRST:
        drawn = without_titles(drawn_entries(corpus, train, [*measured, *mistyped], SEED), measured)
        wrong = look_alikes(drawn, corpus.stems, int(WRONG_PASSAGES * len(drawn)), SEED)
        changed = _drawn(altered_questions(drawn, SEED), int(ALTERED_FIRST * len(drawn)))
        own = [e.example.under(e.title) if corpus.titled and draw.random() < UNDER_TITLE else e.example for e in drawn]
        examples += dressed([cut for example in own + wrong + changed for cut in windows(example)], "en", noise)
        print(f"{corpus.file}: {len(drawn)} questions, {len(wrong)} wrong passages, {len(changed)} altered", flush=True)
    draw.shuffle(examples)
    return examples


@dataclass(frozen=True, slots=True)
class Sources:
    """What the later examples are drawn from."""

    french: Sequence[Entry]
    english: Sequence[Entry]
    translations: dict[str, list[dict[str, str]]]  # set -> questions in the other language
    quiz: Sequence[Entry]
    first: Sequence[Example]


def later_examples(of: Sources, left_out: int, embeddings: TextEmbeddings, noise: Noise) -> list[Example]:
    """Return the examples of all articles but those of one part, the rounds one after the other."""
    french, english = without_part(of.french, left_out), without_part(of.english, left_out)
    in_english, in_french = translated(french, of.translations[FRENCH]), translated(english, of.translations[ENGLISH])
    asking = [Asking(e, "fr") for e in [*french, *in_french]]
    asking += [Asking(e, "en") for e in [*english, *in_english] if e.answers]
    examples = []
    for number in range(ROUNDS):
        seed = SEED + number
        hard = hard_negatives(asking, [e.example.passage for e in [*french, *english]], embeddings, seed)
        in_round = dressed([e.example for e in [*french, *in_french]], "fr", noise)
        in_round += dressed([e.example for e in [*english, *in_english]], "en", noise)
        in_round += _drawn(hard, HARD_NEGATIVES, seed)
        in_round += _drawn(altered_questions(french, seed), ALTERED["fr"], seed)
        in_round += _drawn(altered_questions(english, seed), ALTERED["en"], seed)
        in_round += dressed(_drawn([e.example for e in of.quiz], QUIZ, seed), "fr", noise)
        in_round += _drawn(of.first, AGAIN, seed)
        random.Random(seed).shuffle(in_round)
        examples += in_round
    return examples


def ranked_examples(of: Sources, left_out: int, embeddings: TextEmbeddings, noise: Noise) -> list[Example]:
    """Return the questions on all articles but those of one part, each with passages that the search puts high.

    Questions without an answer stay among them, or the reader forgets that there are some.
    """
    french, english = without_part(of.french, left_out), without_part(of.english, left_out)
    in_english, in_french = translated(french, of.translations[FRENCH]), translated(english, of.translations[ENGLISH])
    asking = [Asking(e, "fr") for e in [*french, *in_french]]
    asking += [Asking(e, "en") for e in [*english, *in_english] if e.answers]
    passages = [e.example.passage for e in [*french, *english]]
    examples = [
        replace(e.example, question=noise.dress(e.example.question, language), wrong=tuple(wrong))
        for (e, language), wrong in zip(
            asking, wrong_passages(asking, passages, embeddings, WRONG_EACH, SEED), strict=True
        )
    ]
    examples += dressed([e.example for e in english if not e.answers], "en", noise)
    examples += _drawn(altered_questions(french, SEED), ALTERED["fr"])
    examples += _drawn(altered_questions(english, SEED), ALTERED["en"])
    examples += dressed(_drawn([e.example for e in of.quiz], QUIZ), "fr", noise)
    examples += _drawn(of.first, AGAIN)
    random.Random(SEED).shuffle(examples)
    return examples


def dressed(examples: Iterable[Example], language: Language, noise: Noise) -> list[Example]:
    """Return the examples with some of their questions typed otherwise."""
    return [Example(noise.dress(e.question, language), e.passage, e.spans) for e in examples]


def _drawn(examples: Sequence[Example], count: int, seed: int = SEED) -> list[Example]:
    return random.Random(seed).sample(examples, min(count, len(examples)))


def main() -> None:
    """Read, draw, search, write."""
    parser = argparse.ArgumentParser(description="Write the examples that the reader is trained on.")
    parser.add_argument("--data", type=Path, required=True, help="folder of the question sets, and of train/")
    parser.add_argument("--output", type=Path, required=True)
    args = parser.parse_args()
    args.output.mkdir(parents=True, exist_ok=True)
    train = args.data / "train"
    french, english = read_squad(args.data / f"{FRENCH}.json"), read_squad(args.data / f"{ENGLISH}.json")
    mistyped = read_squad(args.data / "noiseqa-keyboard.en.dev.json")
    dictionaries = read_dictionaries(train / "en-fr.tsv.gz")
    first = first_examples(train, [*french, *english], mistyped, Noise(dictionaries, SEED))
    for half in range(MODELS):
        write_examples(first[half::MODELS], args.output / f"first{half}.jsonl")
    quiz = [e for e in read_squad(train / f"{FRENCH_QUIZ.file}.json.gz") if not is_kept_out(e)]
    translations = json.loads((args.data / "crosslingual.dev.json").read_text(encoding="utf-8"))
    embeddings = RememberingEmbeddings(load_embeddings(IndexSettings().embedding_model))
    of = Sources(french, english, translations, quiz, first)
    for part in range(MODELS):
        for name, draw in (("without", later_examples), ("ranked", ranked_examples)):
            examples = draw(of, part, embeddings, Noise(dictionaries, SEED))
            write_examples(examples, args.output / f"{name}{part}.jsonl")
            print(f"{name}{part}: {len(examples)} examples, {sum(not e.spans for e in examples)} without an answer")


if __name__ == "__main__":
    main()
