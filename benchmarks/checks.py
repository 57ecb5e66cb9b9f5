"""Measure the checks of replies: how often they refuse what is true, and how often they catch what is not.

    python -m benchmarks.checks

The replies are made from the development data: sentences that hold a gold answer, the questions and answers that people
wrote about a paragraph, and Debian's FAQ, which says the same in both languages. Each set is one line; the columns are
the share of its replies that are refused, by any check and by each. Refusing the first sets is a false alarm.
"""

import json
import random
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from num2words import num2words

from benchmarks.dev_sets.sets import DATA, Asked, DevSet, load_dev_sets, load_faq
from bot.chat.checks import CHECKS, check_reply
from bot.chat.reply import read_reply, sanitise
from index.schema import Chunk, Language
from index.sentences import split_sentences

FRAMES: dict[Language, str] = {
    "fr": "Selon l’article, «\u00a0{}\u00a0» [1].",
    "en": "According to the article, “{}” [1].",
}
MONTHS: dict[Language, list[str]] = {
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split(),
    "en": "January February March April May June July August September October November December".split(),
}
DIGITS = re.compile(
    r"(?<![\w.,\u00a0\u202f-])(?<!\d )\d{1,4}(?![\w.,\u00a0\u202f–/-]| ?\d| (?:milli|billi|trilli|mille|thousand))"
)
NAME = re.compile(r"(?<=[a-zé,] )[A-ZÉ][a-zà-ÿ]{3,}(?: [A-ZÉ][a-zà-ÿ]{3,})*(?![\w’'-])")
OPENING_NAME = re.compile(r"^[A-ZÉ][a-zà-ÿ]{3,} [A-ZÉ][a-zà-ÿ]{3,}(?![\w’'-])")


@dataclass(frozen=True, slots=True)
class Case:
    """A reply, and what the model would have been given."""

    text: str
    passages: tuple[Chunk, ...]
    question: str
    language: Language


@dataclass(frozen=True, slots=True)
class Gold:
    """A sentence that holds an answer, with another of the same article and one of another article."""

    sentence: str
    asked: Asked
    passage: Chunk
    neighbour: Chunk
    stranger: Chunk


def chunk(text: str, language: Language, title: str = "", document: str = "") -> Chunk:
    return Chunk(f"{document}#0", document, title, title, language, 0, len(text), text, ())


def gold_of(dev: DevSet) -> list[Gold]:
    rng = random.Random(0)
    chunks = {name: chunk(text, dev.language, document=name) for name, text in dev.paragraphs.items()}
    by_article: dict[int, list[Chunk]] = {}
    for name, article in dev.articles.items():
        by_article.setdefault(article, []).append(chunks[name])
    found: dict[tuple[str, str], Gold] = {}
    for asked in dev.answerable:
        passage = chunks[asked.paragraph]
        others = [c for c in by_article[asked.article] if c is not passage]
        elsewhere = rng.choice([article for article in by_article if article != asked.article])
        for start, end in split_sentences(passage.text):
            sentence = passage.text[start:end]
            if len(sentence.split()) > 4 and asked.is_answered_by(sentence):
                stranger = rng.choice(by_article[elsewhere])
                neighbour = rng.choice(others) if others else stranger
                found.setdefault((sentence, passage.id), Gold(sentence, asked, passage, neighbour, stranger))
                break
    return list(found.values())


def said(gold: Gold, text: str) -> Case:
    return Case(text, (gold.passage, gold.neighbour, gold.stranger), gold.asked.text, gold.asked.language)


def answered(question: str, answer: str) -> str:
    return question.rstrip("? \u00a0\u202f") + f" : {answer} [1]."


# What is true: refusing it is a false alarm.


def gold_sentence(gold: Gold) -> Iterator[str]:
    yield f"{gold.sentence} [1]"


def framed_quote(gold: Gold) -> Iterator[str]:
    if not re.search('[«»“”"]', gold.sentence):
        yield FRAMES[gold.asked.language].format(gold.sentence.rstrip("."))


def numbers_in_words(gold: Gold) -> Iterator[str]:
    """A number below 10,000 in words, years left alone."""
    for found in DIGITS.finditer(gold.sentence):
        if not 1000 <= int(found[0]) <= 2100 and int(found[0]) > 1:
            words = num2words(int(found[0]), lang=gold.asked.language).replace(",", "")
            yield f"{_put(gold.sentence, found, words)} [1]"
            return


def numbers_grouped(gold: Gold) -> Iterator[str]:
    """A large number with the separator of the other language."""
    found = re.search(
        r"(?<![\d.,])(?<!\d[ \u00a0\u202f])(\d{1,3})([ ,\u00a0\u202f])(\d{3})"
        r"(?![\d.,]|[ \u00a0\u202f](?:\d|milli|billi))",
        gold.sentence,
    )
    if found:
        yield f"{_put(gold.sentence, found, found[1] + (',' if found[2] != ',' else ' ') + found[3])} [1]"


def dates_reformatted(gold: Gold) -> Iterator[str]:
    """A whole date in another form."""
    months = "|".join(MONTHS[gold.asked.language])
    found = re.search(rf"(?<!\d)(?P<d>\d{{1,2}}) (?P<m>{months}) (?P<y>\d{{4}})", gold.sentence) or re.search(
        rf"\b(?P<m>{months}) (?P<d>\d{{1,2}}), (?P<y>\d{{4}})", gold.sentence
    )
    if found:
        number = MONTHS[gold.asked.language].index(found["m"]) + 1
        english = MONTHS["en"][number - 1]
        for form in (
            f"{found['y']}-{number:02}-{int(found['d']):02}",
            f"{english} {found['d']}, {found['y']}",
            f"{found['d']} {MONTHS['fr'][number - 1]} {found['y']}",
            f"{found['m']} {found['y']}",
        ):
            yield f"{_put(gold.sentence, found, form)} [1]"


def in_peoples_words(gold: Gold) -> Iterator[str]:
    """The question as a person asked it, with the answer: the closest thing to a paraphrase in the data."""
    yield answered(gold.asked.text, gold.asked.answers[0])


# What is not true: refusing it is a catch.


def number_changed(gold: Gold) -> Iterator[str]:
    found = DIGITS.search(gold.sentence)
    if found:
        yield f"{_put(gold.sentence, found, str(int(found[0]) + 1 + len(gold.sentence) % 7))} [1]"


def name_swapped(gold: Gold) -> Iterator[str]:
    yield from _swap(gold, NAME)


def opening_name_swapped(gold: Gold) -> Iterator[str]:
    yield from _swap(gold, OPENING_NAME)


def opening_word_swapped(gold: Gold) -> Iterator[str]:
    """A word that opens the sentence, and is a name elsewhere in its paragraph."""
    found = re.match(r"[A-ZÉ][a-zà-ÿ]{3,}(?= [a-z])", gold.sentence)
    if found and re.search(rf"[a-zé,] {found[0]}\b", gold.passage.text):
        yield from _swap(gold, re.compile(rf"^{found[0]}"))


def quote_altered(gold: Gold) -> Iterator[str]:
    words = gold.sentence.rstrip(".").split(" ")
    at = len(gold.sentence) % len(words)
    new = gold.stranger.text.split()[at % 5]
    if not re.search('[«»“”"]', gold.sentence + new) and new != words[at]:
        yield FRAMES[gold.asked.language].format(" ".join([*words[:at], new, *words[at + 1 :]]))


def marker_to_the_same_article(gold: Gold) -> Iterator[str]:
    yield f"{gold.sentence} [2]"


def marker_to_another_article(gold: Gold) -> Iterator[str]:
    yield f"{gold.sentence} [3]"


def _put(text: str, found: re.Match[str], new: str) -> str:
    return text[: found.start()] + new + text[found.end() :]


def _swap(gold: Gold, name: re.Pattern[str]) -> Iterator[str]:
    found = name.search(gold.sentence)
    others = [n for n in NAME.findall(gold.stranger.text) if n not in gold.passage.text and n not in gold.asked.text]
    if found and others:
        yield f"{_put(gold.sentence, found, others[0])} [1]"


TRUE = (gold_sentence, framed_quote, numbers_in_words, numbers_grouped, dates_reformatted, in_peoples_words)
FALSE = (
    number_changed,
    name_swapped,
    opening_name_swapped,
    opening_word_swapped,
    quote_altered,
    marker_to_the_same_article,
    marker_to_another_article,
)


def faq(reply_in: Language, passage_in: Language, shift: int = 0) -> list[Case]:
    """Return the sentences of Debian's FAQ in one language, under its passages in another.

    Args:
        reply_in: language of the sentences.
        passage_in: language of the passages.
        shift: how many pairs away the cited passage is; above 0 it is the wrong one.
    """
    pairs = load_faq()
    cases = []
    for at, pair in enumerate(pairs):
        text = pair[f"passage_{reply_in}"]
        cited = pairs[(at + shift) % len(pairs)]
        passage = chunk(cited[f"passage_{passage_in}"], passage_in, cited[f"question_{passage_in}"])
        for start, end in split_sentences(text):
            is_translated = text[start:end] not in pair[f"passage_{'en' if reply_in == 'fr' else 'fr'}"]
            if is_translated and len(text[start:end].split()) > 4:
                cases.append(Case(f"{text[start:end]} [1]", (passage,), pair[f"question_{reply_in}"], reply_in))
    return cases


def translated(dev: DevSet) -> list[Case]:
    """Return the translated questions with their translated answers, under the paragraph in its own language."""
    records = json.loads((DATA / "crosslingual.dev.json").read_text(encoding="utf-8"))[dev.name]
    answers = {record["id"]: record["answer_translated"] for record in records}
    return [
        Case(
            answered(q.text, answers[q.id]),
            (chunk(dev.paragraphs[q.paragraph], dev.language),),
            q.text,
            q.language,
        )
        for q in dev.translated
    ]


def report(name: str, cases: Sequence[Case]) -> None:
    refused: Counter[str] = Counter()
    for case in cases:
        reply = read_reply(sanitise(case.text), case.passages, case.question, case.language)
        failed = {failure.check for failure in check_reply(reply)}
        refused.update(failed)
        refused["any"] += bool(failed)
    shares = [f"{refused[check] / max(len(cases), 1):12.4f}" for check in ("any", *CHECKS)]
    print(f"{name:34}{len(cases):6}{''.join(shares)}", flush=True)


def main() -> None:
    print(f"{'':34}{'cases':>6}{''.join(f'{check:>12}' for check in ('any', *CHECKS))}")
    for dev in load_dev_sets():
        golds = gold_of(dev)
        makers: Sequence[Callable[[Gold], Iterator[str]]] = (*TRUE, *FALSE)
        for make in makers:
            report(f"{dev.name[:5]} {make.__name__}", [said(gold, text) for gold in golds for text in make(gold)])
        report(f"{dev.name[:5]} translated", translated(dev))
    for language in ("fr", "en"):
        other: Language = "en" if language == "fr" else "fr"
        report(f"faq {language} said of {language}", faq(language, language))
        report(f"faq {language} said of {other}", faq(language, other))
        report(f"faq {language} said of {other}, wrong marker", faq(language, other, shift=7))


if __name__ == "__main__":
    main()
