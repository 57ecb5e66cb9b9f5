from dataclasses import FrozenInstanceError, replace

import pytest

from bot.answering.answer import Abstention, Answer, Citation
from index.schema import Language
from tests.bot.fakes import FRENCH, cite, make_chunk

FRENCH_CITATION = cite(make_chunk(FRENCH))


def make_answer(citation: Citation, language: Language = "fr") -> Answer:
    return Answer(
        question="Combien a coûté l’œuvre\u00a0?",
        language=language,
        citations=(citation,),
        confidence=0.123456,
        threshold=0.1,
        timings_ms={"language": 0.1234, "total": 1.5},
        generation="20211103T120000-abcdef",
    )


def test_neither_citations_nor_a_reason_to_abstain_is_refused() -> None:
    with pytest.raises(ValueError, match="not both"):
        Answer("Qui ?", "fr")


@pytest.mark.parametrize("reason", ["no_question", "foreign", "no_evidence"])
def test_citations_with_a_reason_to_abstain_are_refused(reason: Abstention) -> None:
    with pytest.raises(ValueError, match="not both"):
        replace(make_answer(FRENCH_CITATION), abstention=reason)


@pytest.mark.parametrize("reason", ["no_question", "foreign", "no_evidence"])
def test_an_answer_without_citations_is_an_abstention(reason: Abstention) -> None:
    assert Answer("Qui ?", "fr", abstention=reason).abstained


def test_an_answer_cannot_be_changed() -> None:
    with pytest.raises(FrozenInstanceError):
        make_answer(FRENCH_CITATION).written = "autre chose"  # type: ignore[misc]
