import functools
import unicodedata
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.answering.answer import Answer, Citation, Failure, Question, Written
from bot.answering.cache import AnswerCache, CacheKey, CacheStats, same_words
from bot.answering.chain import Indexed, RetrievalChain
from bot.answering.conversation import Turn
from bot.answering.readers.shipped import load_similarity_reader
from bot.answering.understanding import Languages
from index.build import build_index
from index.schema import Language
from index.search import Searcher
from index.store import open_store
from tests.bot.fakes import FRENCH, FixedSearch, ScriptedReader, cite, make_chunk, make_hit, says
from tests.fakes import HashingEmbeddings

MUSEUM = make_chunk(FRENCH)
ASKED = "Qui a acheté l’œuvre\u00a0?"


def key(words: str) -> CacheKey:
    return CacheKey(words, Languages("fr", "fr", foreign=False), False, ())


def answer(text: str) -> Answer:
    return Answer(text, "fr", abstention="no_evidence")


def chain(cache: AnswerCache | None, reader: ScriptedReader | None = None) -> RetrievalChain:
    return RetrievalChain(FixedSearch(hits=(make_hit(MUSEUM),)), reader or says(cite(MUSEUM)), "en", cache=cache)


# ------------------------------------------------------------------------------------------------------- the mapping


def test_the_answers_asked_for_last_are_kept() -> None:
    cache = AnswerCache(size=2)
    for words in ("a", "b"):
        cache.keep(key(words), answer(words))
    assert cache.get(key("a")) == answer("a")
    cache.keep(key("c"), answer("c"))
    assert [cache.get(key(words)) is None for words in ("a", "b", "c")] == [False, True, False]
    assert cache.stats == CacheStats(asked=4, hits=3)
    assert (cache.stats.hit_rate, CacheStats(0, 0).hit_rate) == (0.75, 0.0)


def test_threads_count_every_question() -> None:
    cache = AnswerCache(size=3)

    def ask(n: int) -> None:
        if cache.get(key(str(n % 5))) is None:
            cache.keep(key(str(n % 5)), answer(str(n % 5)))

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(ask, range(4_000)))
    assert cache.stats.asked == 4_000


@pytest.mark.parametrize(
    "other",
    [
        pytest.param("Qui a acheté l’œuvre\u202f?", id="narrow-no-break-space"),
        pytest.param("Qui  a\u00a0acheté\nl’œuvre ?", id="spaces"),
        pytest.param(unicodedata.normalize("NFD", ASKED), id="accents-apart"),
    ],
)
def test_code_points_and_spaces_make_no_other_question(other: str) -> None:
    assert same_words(other) == same_words(ASKED)


@pytest.mark.parametrize("other", ["qui a acheté l’œuvre ?", "Qui a achete l’œuvre ?", "Qui a acheté l’œuvre"])
def test_capitals_accents_and_marks_do(other: str) -> None:
    assert same_words(other) != same_words(ASKED)


# --------------------------------------------------------------------------------------------------------- in the chain


def test_a_question_that_is_asked_again_is_not_read_again_and_its_timings_say_so() -> None:
    reader = says(cite(MUSEUM))
    runnable = chain(AnswerCache(), reader)
    first = runnable.invoke(Question(ASKED))
    again = runnable.invoke(Question(" Qui a acheté  l’œuvre ?"))
    assert len(reader.asked) == 1
    assert replace(again, question="", timings_ms={}, history=()) == replace(
        first, question="", timings_ms={}, history=()
    )
    assert again.question == "Qui a acheté  l’œuvre ?"
    assert list(first.timings_ms) == ["language", "search", "read", "check", "total"]
    assert list(again.timings_ms) == ["language", "cached", "total"]


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(Question(ASKED, language="en"), id="reply-language"),
        pytest.param(Question(ASKED + " " * 2_000 + "?"), id="cut"),
        pytest.param(Question(ASKED.upper()), id="capitals"),
        pytest.param(Question("Qui l’a achetée\u00a0?", history=(Turn("Où est l’œuvre ?", "fr"),)), id="follow-up"),
    ],
)
def test_what_differs_in_what_counts_is_read_anew(other: Question) -> None:
    reader = says(cite(MUSEUM))
    runnable = chain(AnswerCache(), reader)
    for question in (Question(ASKED), Question("Qui l’a achetée\u00a0?"), other):
        runnable.invoke(question)
    assert len(reader.asked) == 3


def test_a_question_that_stands_alone_is_known_in_every_conversation() -> None:
    reader = says(cite(MUSEUM))
    runnable = chain(AnswerCache(), reader)
    runnable.invoke(Question(ASKED))
    before = (Turn("Où est le musée ?", "fr"),)
    assert runnable.invoke(Question(ASKED, history=before)).history == (*before, Turn(ASKED, "fr"))
    assert len(reader.asked) == 1


class FailingModel:
    """A chat model that fails the first times."""

    name = "fake:model"

    def __init__(self, *failed: Failure) -> None:
        self.failed = list(failed)
        self.asked = 0

    def begin(self, question: Question) -> "FailingModel":
        return self

    def standalone(self, question: str, earlier: object, language: Language, limit: int) -> str | None:
        return None

    def write(self, question: str, language: Language, hits: object) -> Written:
        self.asked += 1
        if self.failed:
            return Written(failures=(self.failed.pop(0),))
        return Written("Le musée l’a achetée [1].", (cite(MUSEUM, 1),))

    def stand_ins(self, citations: Sequence[Citation], hits: object) -> list[Citation]:
        return list(citations)


@pytest.mark.parametrize("check", ["timeout", "unavailable", "budget", "numbers"])
def test_an_answer_that_stands_in_for_that_of_a_chat_model_is_not_kept(check: str) -> None:
    model = FailingModel(Failure(check, "là"))
    hits = (make_hit(MUSEUM),)
    runnable = RetrievalChain(FixedSearch(hits=hits), says(cite(MUSEUM)), "en", writer=model, cache=AnswerCache())
    readers = [runnable.invoke(Question(ASKED)).reader for _ in range(3)]
    assert readers == ["scripted", "fake:model", "fake:model"]
    assert model.asked == 2


def test_what_is_no_question_is_not_counted() -> None:
    cache = AnswerCache()
    chain(cache).invoke(Question("42"))
    assert cache.stats == CacheStats(0, 0)


# ---------------------------------------------------------------------------------------- the same answers as without

ARTICLES = {
    "musée.txt": "Le musée de Lévis a ouvert en 1998. Il garde 1 200 œuvres. Son directeur est M. Roy.",
    "ferry.txt": "The ferry leaves Lévis at noon. It takes twelve minutes. Dogs travel free.",
}
QUESTIONS = [
    "Quand le musée de Lévis a-t-il ouvert ?",
    "When does the ferry leave Lévis?",
    "Et en 1998 ?",
    "Who is its director?",
    "Combien d’œuvres garde-t-il ?",
    "Pourquoi ?",
    "Lévis ?",
    "Quelle est la capitale de l’Australie ?",
    "¿Dónde está el museo de la ciudad?",
    "42",
]
VARIANTS: list[Callable[[str], str]] = [
    str,
    lambda text: text.replace(" ", "\u00a0"),
    lambda text: f"  {text.replace(' ', '  ')}\n",
    lambda text: unicodedata.normalize("NFD", text),
    str.upper,
    str.casefold,
]
LANGUAGES: list[Language | None] = [None, "fr", "en"]


@pytest.fixture(scope="module")
def chains(tmp_path_factory: pytest.TempPathFactory) -> Callable[[AnswerCache | None], RetrievalChain]:
    """Return what makes a chain over two articles, with its rules and its reader."""
    folder: Path = tmp_path_factory.mktemp("cache")
    (folder / "seeds").mkdir()
    for name, text in ARTICLES.items():
        (folder / "seeds" / name).write_text(text, encoding="utf-8")
    build_index(folder / "seeds", folder / "index", HashingEmbeddings())
    retriever = functools.partial(Searcher(open_store(folder / "index"), HashingEmbeddings()).search, k=10)
    reader = load_similarity_reader()
    return lambda cache: RetrievalChain(retriever, reader, "en", Indexed("g1"), cache=cache)


@settings(max_examples=50)
@given(
    asked=st.lists(
        st.tuples(st.sampled_from(QUESTIONS), st.sampled_from(VARIANTS), st.sampled_from(LANGUAGES), st.booleans()),
        max_size=12,
    ),
    size=st.sampled_from([1, 3, 100]),
)
def test_a_conversation_gets_the_same_answers_with_and_without_a_cache(
    asked: list[tuple[str, Callable[[str], str], Language | None, bool]],
    size: int,
    chains: Callable[[AnswerCache | None], RetrievalChain],
) -> None:
    cached, plain = chains(AnswerCache(size)), chains(None)
    history: tuple[Turn, ...] = ()
    for text, variant, language, is_new in asked:
        question = Question(variant(text), language, history=() if is_new else history)
        given_, expected = cached.invoke(question), plain.invoke(question)
        assert same_words(given_.understood) == same_words(expected.understood)
        assert replace(given_, timings_ms={}, understood="") == replace(expected, timings_ms={}, understood="")
        history = expected.history
