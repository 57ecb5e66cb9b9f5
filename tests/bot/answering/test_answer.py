import json
from dataclasses import FrozenInstanceError, replace

import pytest

from bot.answering.answer import Abstention, Answer, Citation
from bot.messages import say
from index.schema import Language
from tests.bot.fakes import ENGLISH, FRENCH, RECORD_KEYS, cite, make_chunk

FRENCH_CITATION = cite(make_chunk(FRENCH))
ENGLISH_CITATION = cite(make_chunk(ENGLISH, document="ferry.en.txt", title="The ferry", language="en"))


def make_answer(citation: Citation, language: Language = "fr") -> Answer:
    return Answer(
        question="Combien a coûté l’œuvre\u00a0?",
        language=language,
        text=f"> {citation.quote} [1]",
        citations=(citation,),
        confidence=0.123456,
        threshold=0.1,
        timings_ms={"language": 0.1234, "total": 1.5},
        generation="20211103T120000-abcdef",
    )


def test_neither_citations_nor_a_reason_to_abstain_is_refused() -> None:
    with pytest.raises(ValueError, match="not both"):
        Answer("Qui ?", "fr", "…")


@pytest.mark.parametrize("reason", ["no_question", "foreign", "no_evidence"])
def test_citations_with_a_reason_to_abstain_are_refused(reason: Abstention) -> None:
    with pytest.raises(ValueError, match="not both"):
        replace(make_answer(FRENCH_CITATION), abstention=reason)


@pytest.mark.parametrize("reason", ["no_question", "foreign", "no_evidence"])
def test_an_answer_without_citations_is_an_abstention(reason: Abstention) -> None:
    answer = Answer("Qui ?", "fr", say(reason, "fr"), abstention=reason)
    assert answer.abstained
    assert answer.record()["abstained"] is True
    assert answer.record()["citations"] == []


@pytest.mark.parametrize(
    ("citation", "language"),
    [pytest.param(FRENCH_CITATION, "fr", id="fr"), pytest.param(ENGLISH_CITATION, "en", id="en")],
)
def test_the_record_has_the_documented_keys_in_order(citation: Citation, language: Language) -> None:
    record = make_answer(citation, language).record()
    assert list(record) == RECORD_KEYS
    [cited] = json.loads(json.dumps(record))["citations"]
    assert list(cited) == [
        "marker",
        "title",
        "source",
        "section",
        "quote",
        "language",
        "chunk_id",
        "start",
        "end",
        "score",
        "span",
    ]


@pytest.mark.parametrize("citation", [FRENCH_CITATION, ENGLISH_CITATION], ids=["fr", "en"])
def test_the_record_holds_what_the_answer_holds(citation: Citation) -> None:
    answer = make_answer(citation, citation.language)
    assert answer.record() == {
        "question": answer.question,
        "understood": "",
        "language": citation.language,
        "answer": answer.text,
        "abstained": False,
        "confidence": 0.1235,
        "reader": "extractive",
        "checks": [],
        "citations": [
            {
                "marker": 1,
                "title": citation.title,
                "source": citation.source,
                "section": citation.section,
                "quote": citation.quote,
                "language": citation.language,
                "chunk_id": citation.chunk_id,
                "start": citation.start,
                "end": citation.end,
                "score": 0.8765,
                "span": None,
            }
        ],
        "generation": "20211103T120000-abcdef",
        "timings_ms": {"language": 0.12, "total": 1.5},
    }


def test_the_record_keeps_every_character_of_the_quote_through_json() -> None:
    record = make_answer(FRENCH_CITATION).record()
    [cited] = json.loads(json.dumps(record, ensure_ascii=False))["citations"]
    assert cited["quote"] == FRENCH[FRENCH_CITATION.start : FRENCH_CITATION.end]
    assert {"\u00a0", "\u202f", "œ", "«", "’"} <= set(cited["quote"])


def test_an_answer_cannot_be_changed() -> None:
    with pytest.raises(FrozenInstanceError):
        make_answer(FRENCH_CITATION).text = "autre chose"  # type: ignore[misc]
