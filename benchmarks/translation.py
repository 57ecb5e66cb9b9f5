"""Measure the translator of quotes and its checks on Debian's FAQ, whose sentences stand in both languages.

    python -m benchmarks.translation                        # the checks alone, on what people translated
    python -m benchmarks.translation --models var/translator   # real weights: BLEU, chrF, time, memory, what is shown

The checks are measured on the translations of people, which they should let through, and on the same with one thing
wrong, which they should refuse.
"""

import argparse
import random
import re
import resource
import statistics
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from benchmarks.checks import DIGITS, NAME
from benchmarks.dev_sets.sets import load_faq
from bot.translation.checked import CheckedTranslator
from bot.translation.engine import CTranslate2Engine
from bot.translation.faithful import failures
from bot.translation.models import PAIRS, Pair
from bot.translation.negation import negation
from bot.translation.protected import protect, restore, unlinked
from index.sentences import split_sentences

Aligned = tuple[str, str]
"""A sentence, and what a person made of it."""

QUICK: dict[str, list[str]] = {
    "fr": ["Le bureau n’est pas ouvert le 3 mai.", "Lancez `apt update` à Montréal."],
    "en": ["The office is not open on May 3.", "Run `apt update` in Montréal."],
}
_ENGLISH_NO = re.compile(r"(?: (?:do|does|did))?(?: not|n['’]t)\b| never\b")
_FRENCH_NO = re.compile(r"\b(?:ne |n['’])(?P<verb>[^.,;]*?) (?:pas|jamais|plus)\b")


def aligned(pair: Pair, quick: bool = False) -> list[Aligned]:
    """Return the sentences of the passages that have as many in both languages and are not the same."""
    passages = [QUICK] if quick else [{tongue: [p[f"passage_{tongue}"]] for tongue in ("fr", "en")} for p in load_faq()]
    found = []
    for passage in passages:
        source, translated = ([one for text in passage[tongue] for one in _sentences(text)] for tongue in pair)
        if len(source) == len(translated):
            found += [both for both in zip(source, translated, strict=True) if len(both[0].split()) > 3]
    return list(dict.fromkeys((a, b) for a, b in found if a != b))


def _sentences(text: str) -> list[str]:
    lines = [" ".join(unlinked(line).split()) for line in text.split("\n")]
    return [line[start:end] for line in lines for start, end in split_sentences(line)]


# ------------------------------------------------------------------------------------- what a model may get wrong


def number_changed(text: str, _: str) -> Iterator[str]:
    if found := DIGITS.search(text):
        yield f"{text[: found.start()]}{int(found[0]) + 1 + len(text) % 7}{text[found.end() :]}"


def name_swapped(text: str, other: str) -> Iterator[str]:
    found, names = NAME.search(text), [name for name in NAME.findall(other) if name not in text]
    if found and names:
        yield f"{text[: found.start()]}{names[0]}{text[found.end() :]}"


def name_left_out(text: str, _: str) -> Iterator[str]:
    found = next((name for name in NAME.finditer(text) if text.count(name[0]) == 1), None)
    if found:
        yield text[: found.start()] + text[found.end() :]


def negation_left_out(text: str, _: str) -> Iterator[str]:
    for form, kept in ((_ENGLISH_NO, ""), (_FRENCH_NO, r"\g<verb>")):
        if form.search(text):
            yield form.sub(kept, text, count=1)
            return


def cut_to_a_third(text: str, _: str) -> Iterator[str]:
    words = text.split()
    if len(words) > 11:
        yield " ".join(words[: len(words) // 3])


def goes_on_and_on(text: str, _: str) -> Iterator[str]:
    yield " ".join([text, *text.split()[-3:] * 3])


def another_sentence(_: str, other: str) -> Iterator[str]:
    yield other


WRONG: Sequence[Callable[[str, str], Iterator[str]]] = (
    number_changed,
    name_swapped,
    name_left_out,
    negation_left_out,
    cut_to_a_third,
    goes_on_and_on,
    another_sentence,
)


def report_checks(pair: Pair, sentences: Sequence[Aligned]) -> None:
    """Print the share of people's translations that are refused, by which checks, and of those with a fault."""
    rng = random.Random(0)
    refused: Counter[str] = Counter()
    true = []
    for source, translated in sentences:
        failed = set(failures(source, translated, pair))
        refused.update(failed)
        if not failed:
            true.append((source, translated))
    name = " to ".join(pair)
    shares = ", ".join(f"{check} {count / len(sentences):.3f}" for check, count in refused.most_common())
    print(f"{name}: {len(sentences)} translations by people, {1 - len(true) / len(sentences):.3f} refused ({shares})")
    for make in WRONG:
        cases = [(s, wrong) for s, t in true for wrong in make(t, rng.choice(sentences)[1]) if wrong != t]
        if make is negation_left_out:
            cases = [(s, wrong) for s, wrong in cases if negation(s, pair[0]).strong == 1]
        caught = sum(any(True for _ in failures(source, wrong, pair)) for source, wrong in cases)
        print(f"  {make.__name__.replace('_', ' '):20} {caught:4} of {len(cases):4} caught")


def report_model(pair: Pair, sentences: Sequence[Aligned], engine: CTranslate2Engine) -> None:
    """Print how near a model comes to people's translations, how many of its own are shown, and what it takes."""
    from sacrebleu.metrics.bleu import BLEU
    from sacrebleu.metrics.chrf import CHRF

    made, took = [], []
    back, sent, refused = 0, 0, Counter[str]()
    for source, _ in sentences:
        protected = protect(source)
        began = time.perf_counter()
        translated = (engine.translate([protected.text], pair)[0] or "") if protected else ""
        took.append(time.perf_counter() - began)
        whole = restore(translated, protected.kept) if protected else ""
        if protected and protected.kept:
            sent += 1
            back += whole is not None
        refused.update(set(failures(source, whole or "", pair)))
        made.append(whole or "")
    shown = sum(map(bool, CheckedTranslator(engine).translate([source for source, _ in sentences], pair)))
    people = [[translated for _, translated in sentences]]
    print(f"{' to '.join(pair)}: {len(sentences)} sentences")
    print(f"  BLEU {BLEU().corpus_score(made, people).score:.1f}, chrF {CHRF().corpus_score(made, people).score:.1f}")
    print(f"  shown {shown / len(sentences):.3f}; refused by {dict(refused.most_common())}")
    print(f"  code and addresses came back in {back} of {sent}")
    print(f"  a sentence takes {statistics.median(took):.2f} s, p95 {sorted(took)[int(0.95 * len(took))]:.2f} s")
    print(f"  memory of the process at its peak: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000:.0f} MB")


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--models", type=Path, help="folder of TRANSLATOR; without it, the checks alone")
    parser.add_argument("--quick", action="store_true", help="a few sentences of its own: shows that it works")
    options = parser.parse_args(arguments)
    engine = CTranslate2Engine(options.models) if options.models else None
    for pair in PAIRS:
        sentences = aligned(pair, options.quick)
        if engine is None:
            report_checks(pair, sentences)
        elif pair in engine.pairs:
            report_model(pair, sentences, engine)


if __name__ == "__main__":
    main()
