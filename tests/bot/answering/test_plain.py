import json
from dataclasses import replace

import pytest

from bot.answering.answer import Abstention, Answer, Citation, Failure
from bot.answering.plain import note_texts, plain_text, record
from bot.messages import say
from index.schema import Language
from tests.bot.fakes import ENGLISH, FRENCH, RECORD_KEYS, cite, make_chunk

FRENCH_CITATION = cite(make_chunk(FRENCH))
ENGLISH_CITATION = cite(make_chunk(ENGLISH, document="ferry.en.txt", title="The ferry", language="en"))


def make_answer(citation: Citation, language: Language = "fr") -> Answer:
    return Answer(
        question="Combien a coûté l’œuvre\u00a0?",
        language=language,
        citations=(citation,),
        confidence=0.123456,
        threshold=0.1,
        timings_ms={"language": 0.1234, "total": 1.5},
        generation="20211103T120000-abcdef",
        reader="span",
    )


def test_a_reply_says_where_its_quotes_come_from_then_quotes() -> None:
    assert plain_text(make_answer(ENGLISH_CITATION)) == (
        f"{say('says_in_en', 'fr', title='The ferry')}\n> {ENGLISH_CITATION.quote} [1]"
    )


def test_what_a_model_wrote_stands_before_its_quotes_and_the_notes_after() -> None:
    answer = Answer("Where?", "en", (ENGLISH_CITATION,), written="At Lévis [1].", notes=("cut",))
    assert plain_text(answer).split("\n") == [
        "At Lévis [1].",
        f"> {ENGLISH_CITATION.quote} [1]",
        say("cut", "en", limit=1_000),
    ]


@pytest.mark.parametrize("language", ["fr", "en"])
def test_each_note_is_a_sentence_in_the_language_of_the_reply(language: Language) -> None:
    answer = Answer("Où ?", language, (FRENCH_CITATION,), notes=("note_budget", "note_checks", "cut"))
    assert note_texts(answer) == [say(note, language, limit=1_000) for note in answer.notes]


def test_a_quote_of_several_lines_is_shown_on_one() -> None:
    citation = replace(FRENCH_CITATION, quote="Première ligne \r\n\n  et la suite.")
    assert plain_text(make_answer(citation)).endswith("> Première ligne et la suite. [1]")


@pytest.mark.parametrize("reason", ["no_question", "foreign", "no_evidence"])
def test_the_record_of_an_abstention_cites_nothing(reason: Abstention) -> None:
    made = record(Answer("Qui ?", "fr", abstention=reason))
    assert (made["abstained"], made["citations"], made["answer"]) == (True, [], say(reason, "fr"))


def test_the_record_tells_what_kept_a_text_of_the_model_back() -> None:
    made = record(Answer("Qui ?", "fr", abstention="no_evidence", failures=(Failure("numbers", "7 ?"),)))
    assert made["checks"] == [{"check": "numbers", "detail": "7 ?"}]


@pytest.mark.parametrize(
    ("citation", "language"),
    [pytest.param(FRENCH_CITATION, "fr", id="fr"), pytest.param(ENGLISH_CITATION, "en", id="en")],
)
def test_the_record_has_the_documented_keys_in_order(citation: Citation, language: Language) -> None:
    made = record(make_answer(citation, language))
    assert list(made) == RECORD_KEYS
    [cited] = json.loads(json.dumps(made))["citations"]
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
    assert record(answer) == {
        "question": answer.question,
        "understood": "",
        "language": citation.language,
        "answer": plain_text(answer),
        "abstained": False,
        "confidence": 0.1235,
        "reader": "span",
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
    made = record(make_answer(FRENCH_CITATION))
    [cited] = json.loads(json.dumps(made, ensure_ascii=False))["citations"]
    assert cited["quote"] == FRENCH[FRENCH_CITATION.start : FRENCH_CITATION.end]
    assert {"\u00a0", "\u202f", "œ", "«", "’"} <= set(cited["quote"])
