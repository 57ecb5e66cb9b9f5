"""Questions that the articles answer, to show a newcomer: drawn from the articles, and really asked."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice, zip_longest

from bot.answering.answer import Answer, Question
from bot.answering.citations import chunks_read
from bot.messages import say
from index.generations import Store
from index.schema import LANGUAGES, Chunk, Language
from index.text import fold

SHOWN = 3

MAX_READ = 2_000
"""Passages of each index that questions are drawn from: on a machine with other work, reading them took half a second.
Of more, some at even distances."""

MAX_ASKED = 15
"""Candidates that are asked: a question takes 0.1 s (docs/benchmarks.md), and nobody waits for more than seconds."""

MIN_WORDS = 2
"""Of what a question is about: one word alone (“Introduction”, “Contact”) does not tell of which article."""

MAX_LETTERS = 90  # of a question, so that it stands on a line or two of a terminal

_NUMBERING = re.compile(r"(?:\d+[.)]|\d+(?:\.\d+)+\.?|[IVXLC]+\.|[A-Za-z]\))\s+")
_HOW_TO: dict[Language, re.Pattern[str]] = {
    "fr": re.compile(r"comment\s+(?=\w)", re.IGNORECASE),
    "en": re.compile(r"how\s+to\s+(?=\w)", re.IGNORECASE),
}
_ASKS = re.compile(
    r"(?:comment|combien|pourquoi|quand|où|qui|que|qu|quoi|quels?|quelles?|how|what|when|where|which|who|why)\b",
    re.IGNORECASE,
)
"""Opens a heading that is a clause (“What it is”), which does not stand behind “about”."""
_NO_SUBJECT = re.compile(r"[«»“”\"?!{}<>|`…]|://")
_NAME = re.compile(r"(?<![\w’'-])[A-ZÀ-ÖØ-Þ][a-zà-öø-ÿ]+(?:[ -][A-ZÀ-ÖØ-Þ][a-zà-öø-ÿ]+)+(?![\w’'])")
_GOES_ON = re.compile(r"[\w,]\s\Z|\b[dl][’']\Z", re.IGNORECASE)
"""What stands before a name inside a sentence: a word with a capital that opens one may be any."""
_GAP = re.compile(r"[ \t\r\n]+")


@dataclass(frozen=True, slots=True)
class Drawn:
    """A question that was drawn from an article, and may be answered there."""

    text: str
    language: Language
    document: str  # id of the document that should answer
    told_by: str  # the heading, the question or the name that it was made of: of what answers, one holds it

    def is_answered_by(self, answer: Answer) -> bool:
        """Whether what is quoted stands where the question was drawn, and the reply is in its language."""
        if answer.abstained or answer.language != self.language:
            return False
        cited = chunks_read(answer.hits)[answer.citations[0].chunk_id]
        places = (cited.question, cited.title, *cited.headings)
        return cited.document_id == self.document and (
            self.told_by in places or self.told_by in answer.citations[0].quote
        )


def answered(candidates: Iterable[Drawn], ask: Callable[[Question], Answer]) -> list[Answer]:
    """Return the answers to at most `SHOWN` questions, each from another passage, where its question was drawn.

    Args:
        candidates: the best first; no more than `MAX_ASKED` are asked.
        ask: the chain.

    Raises:
        IndexingError: the index was damaged meanwhile.
    """
    found: dict[str, Answer] = {}  # by the passage that is quoted
    for drawn in islice(candidates, MAX_ASKED):
        answer = ask(Question(drawn.text))
        if drawn.is_answered_by(answer):
            found.setdefault(answer.citations[0].chunk_id, answer)
        if len(found) == SHOWN:
            break
    return [*found.values()]


def draw(stores: Sequence[Store], language: Language) -> Iterator[Drawn]:
    """Yield questions, those in `language` first: what articles ask themselves, how-tos, headings, then names.

    Of each kind those of different articles come first, from all over the index.

    Raises:
        DamagedIndexError: a file was damaged after it was opened.
    """
    chunks = [chunk for store in stores for chunk in _passages(store)]
    for spoken in sorted(LANGUAGES, key=lambda one: one != language):
        own = [chunk for chunk in chunks if chunk.language == spoken]
        for kind in (_questions, _how_tos, _subjects):
            drawn: dict[str, Drawn] = {}  # by its words: a heading can stand above several passages
            for chunk in own:
                for text, told_by in kind(chunk):
                    if len(text) <= MAX_LETTERS:
                        drawn.setdefault(fold(text), Drawn(text, spoken, chunk.document_id, told_by))
            yield from _spread([*drawn.values()])
        yield from _spread(_about_names(own, spoken))


def _passages(store: Store) -> Iterator[Chunk]:
    step = max(1, -(-store.manifest.chunks // MAX_READ))
    return (store.chunk(row) for row in range(0, store.manifest.chunks, step))


def _questions(chunk: Chunk) -> Iterator[tuple[str, str]]:
    """Yield the question of an FAQ, or a heading that is one, and the same as it is written."""
    question = on_a_line(chunk.question)
    if len(question.split()) > MIN_WORDS:
        yield question, chunk.question


def _how_tos(chunk: Chunk) -> Iterator[tuple[str, str]]:
    """Yield what headings such as “How to add articles” announce, and the heading."""
    for heading in chunk.headings:
        bare = _bare(heading)
        opening = _HOW_TO[chunk.language].match(bare)
        if opening and not _NO_SUBJECT.search(bare):
            yield say("init_ask_how", chunk.language, what=bare[opening.end() :]), heading


def _subjects(chunk: Chunk) -> Iterator[tuple[str, str]]:
    """Yield what is known of the headings, and of the title where there are none."""
    for heading in chunk.headings or (chunk.title,):
        bare = _bare(heading)
        if len(bare.split()) >= MIN_WORDS and not _NO_SUBJECT.search(bare) and not _ASKS.match(bare):
            yield say("init_ask_about", chunk.language, what=bare), heading


def _about_names(chunks: Sequence[Chunk], language: Language) -> list[Drawn]:
    """Return what is known of the names in the sentences, those that stand in the most passages first."""
    where: dict[str, str] = {}
    counts: Counter[str] = Counter()
    for chunk in chunks:
        sentences = (on_a_line(chunk.text[s.start : s.end]) for s in chunk.sentences)
        names = dict.fromkeys(name for sentence in sentences for name in _names(sentence))
        counts.update(names.keys())
        for name in names:
            where.setdefault(name, chunk.document_id)
    asked = (
        Drawn(say("init_ask_about", language, what=name), language, where[name], name)
        for name, _ in counts.most_common()
    )
    return [one for one in asked if len(one.text) <= MAX_LETTERS]


def _names(sentence: str) -> Iterator[str]:
    """Yield the names of two words or more that do not open the sentence: « Ted Sarandos », « Trois-Rivières »."""
    for found in _NAME.finditer(sentence):
        if _GOES_ON.search(sentence[: found.start()]):
            yield found.group()


def on_a_line(text: str) -> str:
    """Return a text without line breaks; French spaces stay in it."""
    return _GAP.sub(" ", text).strip(" ")


def _bare(heading: str) -> str:
    """Return a heading on a line, without its number."""
    return _NUMBERING.sub("", on_a_line(heading), count=1).rstrip(" \u00a0.:")


def _spread(drawn: Sequence[Drawn]) -> Iterator[Drawn]:
    """Yield one of each article, then a second; neighbours, which are much alike, apart."""
    articles: dict[str, list[Drawn]] = {}
    for one in drawn:
        articles.setdefault(one.document, []).append(one)
    ordered = [*articles.values()]
    step = max(1, -(-len(ordered) // SHOWN))
    apart = [article for start in range(step) for article in ordered[start::step]]
    return (one for one in chain.from_iterable(zip_longest(*apart)) if one is not None)
