from dataclasses import replace

import pytest

from bot.answering.answer import Citation
from bot.answering.citations import verify
from bot.answering.readers.quoting import quote_best
from bot.answering.readers.ranking import RankingWeights
from bot.answering.readers.similarity import SimilarityRanker
from index.schema import Chunk, Language, SearchHit
from index.sentences import MAX_SENTENCE
from tests.bot.fakes import ENGLISH, FRENCH, make_chunk, make_hit
from tests.index.pages import chunks_of

MUSEUM = make_chunk(FRENCH)
FERRY = make_chunk(ENGLISH, document="ferry.en.txt", language="en")
COSINE_ALONE = SimilarityRanker(RankingWeights(margin=0.0, dense=1.0, overlap=0.0, hit=0.0))
MARGIN = 0.02


def quote(*hits: SearchHit) -> tuple[Citation, ...]:
    return quote_best(COSINE_ALONE.rank("Qui ?", hits), MARGIN)


@pytest.mark.parametrize(("chunk", "count"), [pytest.param(MUSEUM, 3, id="fr"), pytest.param(FERRY, 3, id="en")])
def test_every_sentence_is_quoted_verbatim(chunk: Chunk, count: int) -> None:
    for position in range(count):
        hit = make_hit(chunk, sentence_dense=[0.9 if i == position else 0.1 for i in range(count)])
        citations = quote(hit)
        assert len(citations) == 1
        assert verify(citations, [hit]) == citations


def test_the_citation_says_where_the_quote_is_from() -> None:
    hit = make_hit(MUSEUM, sentence_dense=(0.1, 0.9, 0.2))
    [citation] = quote(hit)
    assert citation.quote == "Le musée de Trois-Rivières l’a achetée en 1998."
    assert (citation.title, citation.source, citation.language) == ("Le musée", "Gazette, 1998", "fr")
    assert (citation.marker, citation.chunk_id, citation.score) == (1, "musee.md#0", 0.9)
    assert FRENCH[citation.start : citation.end] == citation.quote


def test_the_citation_has_the_section_of_the_sentence_quoted() -> None:
    sentences = tuple(replace(s, section=f"page {n}") for n, s in enumerate(MUSEUM.sentences, start=1))
    hit = make_hit(replace(MUSEUM, sentences=sentences), sentence_dense=(0.1, 0.9, 0.2))
    [citation] = quote(hit)
    assert citation.section == "page 2"


# ------------------------------------------------------------------------------------------------------ a second quote


def test_a_second_sentence_of_the_chunk_is_quoted_when_close() -> None:
    hit = make_hit(MUSEUM, sentence_dense=(0.8, 0.9, 0.9 - 0.9 * MARGIN))
    first, second = quote(hit)
    assert (first.marker, second.marker) == (1, 2)
    assert second.quote == "M.\u00a0Lévesque en garde la clé\u202f!"


def test_a_second_sentence_is_left_out_when_not_close() -> None:
    hit = make_hit(MUSEUM, sentence_dense=(0.8, 0.9, 0.9 - 1.1 * MARGIN))
    assert len(quote(hit)) == 1


def test_a_close_sentence_of_another_chunk_is_left_out() -> None:
    hits = [
        make_hit(MUSEUM, sentence_dense=(0.1, 0.9, 0.2)),
        make_hit(make_chunk(FRENCH, ordinal=1), rank=2, sentence_dense=(0.1, 0.899, 0.2)),
    ]
    [citation] = quote(*hits)
    assert citation.chunk_id == "musee.md#0"


def test_never_more_than_two_sentences_are_quoted() -> None:
    assert len(quote(make_hit(MUSEUM, sentence_dense=(0.9, 0.9, 0.9)))) == 2


# ----------------------------------------------------------------------------------- a sentence that points back


@pytest.mark.parametrize(
    ("before", "pointing", "language"),
    [
        pytest.param("La gare date de 1912.", "Elle a fermé en 1990.", "fr", id="fr-elle"),
        pytest.param("La gare date de 1912.", "Mais elle a fermé en 1990.", "fr", id="fr-mais-elle"),
        pytest.param("La gare date de 1912.", "C’est un musée depuis l’été.", "fr", id="fr-c’est"),
        pytest.param("La gare date de 1912.", "C'est un musée depuis l’été.", "fr", id="fr-c'est"),
        pytest.param("Le cœur d’Anne bat.", "Ses œuvres aussi.", "fr", id="fr-ses"),
        pytest.param("The station opened in 1912.", "It closed in 1990.", "en", id="en-it"),
        pytest.param("The station opened in 1912.", "However, it closed in 1990.", "en", id="en-however-it"),
        pytest.param("Ann painted it.", "Her brother sold it.", "en", id="en-her"),
    ],
)
def test_a_sentence_that_points_back_is_quoted_with_the_one_before(
    before: str, pointing: str, language: Language
) -> None:
    chunk = make_chunk(f"{before} {pointing}", language=language)
    hit = make_hit(chunk, sentence_dense=(0.1, 0.9))
    [citation] = quote(hit)
    assert citation.quote == f"{before} {pointing}"
    assert verify([citation], [hit]) == (citation,)


@pytest.mark.parametrize(
    ("pointing", "language"),
    [
        pytest.param("Celine a chanté ici.", "fr", id="fr-a-name-that-opens-alike"),
        pytest.param("Iléana a fermé la gare.", "fr", id="fr-il-inside-a-word"),
        pytest.param("La gare est un musée.", "fr", id="fr-article"),
        pytest.param("Il y a deux ans, la ville l’a rachetée.", "fr", id="fr-il-y-a"),
        pytest.param("Sheila closed the station.", "en", id="en-she-inside-a-word"),
        pytest.param("The station is a museum.", "en", id="en-article"),
    ],
)
def test_a_sentence_that_stands_alone_is_quoted_alone(pointing: str, language: Language) -> None:
    chunk = make_chunk(f"Une phrase avant. {pointing}", language=language)
    [citation] = quote(make_hit(chunk, sentence_dense=(0.1, 0.9)))
    assert citation.quote == pointing


def test_a_sentence_that_opens_the_chunk_is_quoted_alone() -> None:
    chunk = make_chunk("Elle a fermé en 1990. La gare date de 1912.")
    [citation] = quote(make_hit(chunk, sentence_dense=(0.9, 0.1)))
    assert citation.quote == "Elle a fermé en 1990."


def test_two_sentences_too_long_for_one_quote_are_not_joined() -> None:
    long = "La gare " + "très " * (MAX_SENTENCE // 5 - 10) + "vieille date de 1912."
    chunk = make_chunk(f"{long} Elle a fermé en 1990, après un siècle de service.")
    [citation] = quote(make_hit(chunk, sentence_dense=(0.1, 0.9)))
    assert citation.quote.startswith("Elle a fermé")


def test_the_sentence_before_is_not_quoted_twice() -> None:
    chunk = make_chunk("La gare date de 1912. Elle a fermé en 1990. Un musée y est né.")
    citations = quote(make_hit(chunk, sentence_dense=(0.895, 0.9, 0.89)))
    assert [c.quote for c in citations] == ["La gare date de 1912. Elle a fermé en 1990.", "Un musée y est né."]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        pytest.param("La garantie dure deux ans. Il est interdit de fumer ici.", "fr", id="fr"),
        pytest.param("La cloche sonne. Il faut saluer avant de monter.", "fr", id="fr-must"),
        pytest.param("The bell rings. It is forbidden to smoke here.", "en", id="en"),
    ],
)
def test_an_impersonal_sentence_stands_alone(text: str, language: Language) -> None:
    [citation] = quote(make_hit(make_chunk(text, language=language), sentence_dense=(0.1, 0.9)))
    assert citation.quote == text.split(". ", 1)[1]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        pytest.param("Les chèques sont-ils acceptés\u00a0? Au-dessus de 50\u00a0euros.", "fr", id="fr"),
        pytest.param("Are dogs welcome? On a lead.", "en", id="en"),
    ],
)
def test_a_question_is_quoted_with_the_sentence_that_follows(text: str, language: Language) -> None:
    chunk = make_chunk(text, language=language)
    [citation] = quote(make_hit(chunk, sentence_dense=[0.9, *[0.1] * (len(chunk.sentences) - 1)]))
    assert citation.quote == text


def test_a_sentence_that_points_back_does_not_go_back_into_code() -> None:
    [chunk] = chunks_of("# Quenille\n\n```\nsudo apt update\n```\n\nElle est à jour.\n")
    [citation] = quote(make_hit(chunk, sentence_dense=(0.1, 0.9)))
    assert citation.quote == "Elle est à jour."
