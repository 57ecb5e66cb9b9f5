import pytest

from benchmarks.dev_sets.indexing import RememberingEmbeddings
from benchmarks.dev_sets.samples import TRANSLATED_WEIGHT, Searched, search_set
from benchmarks.dev_sets.sets import DevSet, load_dev_sets
from bot.answering.readers.shipped import load_similarity_reader
from tests.fakes import HashingEmbeddings


@pytest.fixture(scope="module")
def dev() -> DevSet:
    return load_dev_sets(quick=True)[0]


@pytest.fixture(scope="module")
def searches(dev: DevSet) -> list[Searched]:
    questions = [*dev.questions, *dev.translated]
    return list(search_set(dev, questions, RememberingEmbeddings(HashingEmbeddings()), lambda number: number % 2))


def test_each_answerable_question_is_searched_with_its_paragraph_and_without(
    dev: DevSet, searches: list[Searched]
) -> None:
    answerable, unanswerable = len(dev.answerable) + len(dev.translated), len(dev.questions) - len(dev.answerable)
    groups = [s.group for s in searches]
    assert {group: groups.count(group) for group in groups} == {
        "whole": answerable,
        "near miss": answerable,
        "indexed": answerable,
        "not indexed": answerable,
        "unanswerable": unanswerable,
    }


def test_what_is_searched_without_the_answer_does_not_find_its_paragraph(searches: list[Searched]) -> None:
    for found in searches:
        documents = {hit.chunk.document_id for hit in found.hits}
        if found.group in ("near miss", "not indexed"):
            assert found.asked.paragraph not in documents
        elif found.group in ("whole", "indexed"):
            assert found.asked.paragraph in documents  # the sets are so small that all is found


def test_a_sample_tells_the_languages_and_a_translated_question_weighs_more(searches: list[Searched]) -> None:
    reader = load_similarity_reader()
    for found in searches:
        evidence = reader.evidence(found.asked.text, found.asked.language, found.hits)
        assert evidence is not None
        sample = found.sample(evidence)
        assert (sample.group, sample.language, sample.quoted) == (found.group, found.asked.language, "fr")
        assert sample.weight == (1.0 if found.asked.language == "fr" else TRANSLATED_WEIGHT)
        assert len(sample.features) == len(reader.feature_names)
