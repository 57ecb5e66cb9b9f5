import json
from dataclasses import replace

import pytest
from hypothesis import given

from bot.answering.answer import Abstention, Answer, Citation, Failure
from bot.answering.plain import note_texts, plain_text, record
from bot.messages import say
from index.blocks import Block
from index.schema import Language
from index.writing import write
from tests.bot.fakes import ENGLISH, FRENCH, RECORD_KEYS, cite, make_chunk
from tests.index.trees import documents

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


def test_a_sentence_of_several_lines_is_shown_on_one() -> None:
    citation = replace(FRENCH_CITATION, quote="Première ligne \n  et la suite.")
    assert plain_text(make_answer(citation)).endswith("> Première ligne et la suite. [1]")


def quoted(*quotes: str, lead: str = "") -> list[str]:
    """Return the lines of quotes from one section, as they are shown."""
    citations = tuple(replace(FRENCH_CITATION, quote=q, lead=lead, marker=n) for n, q in enumerate(quotes, start=1))
    return plain_text(replace(make_answer(FRENCH_CITATION), citations=citations)).split("\n")[1:]


def test_steps_keep_their_lines_and_their_code() -> None:
    assert quoted("1. Tapez\u00a0:\n\n   ```bash\n   make\n   ```\n\n2. Attendez.") == [
        "> 1. Tapez\u00a0:",
        ">",
        ">    ```bash",
        ">    make",
        ">    ```",
        ">",
        "> 2. Attendez. [1]",
    ]


@pytest.mark.parametrize("cut", ["```bash\nmake", "```bash\nmake\n```", "   ```bash\n   make\n   ```"])
def test_code_is_between_two_fences_and_its_marker_after_them(cut: str) -> None:
    assert quoted(cut) == ["> ```bash", "> make", "> ```", "> [1]"]


def test_a_lead_stands_above_its_list() -> None:
    assert quoted("- 22\n- 80", lead="Les ports\u00a0:") == ["> Les ports\u00a0:", ">", "> - 22", "> - 80 [1]"]


def test_rows_of_one_table_are_one_table_under_their_header() -> None:
    assert quoted("| lundi | 6 h |", "| mardi | 7 h |", lead="| Jour | Début |") == [
        "> | Jour | Début |",
        "> | --- | --- |",
        "> | lundi | 6 h |",
        "> | mardi | 7 h |",
        "> [1][2]",
    ]


def test_one_row_without_a_header_is_a_line() -> None:
    assert quoted("| lundi | 6 h |") == ["> | lundi | 6 h | [1]"]


@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_reply_that_shows_a_part_says_so(language: Language) -> None:
    part = replace(make_answer(FRENCH_CITATION, language), more="## Tout\n\nUne phrase.")
    assert plain_text(part).split("\n")[-1] == say("more", language)


@given(documents())
def test_whatever_is_quoted_keeps_its_lines_and_closes_its_fences(blocks: list[Block]) -> None:
    text, _ = write(blocks)
    lines = [line.removeprefix(">").removeprefix(" ") for line in quoted(text)]
    if len(blocks) > 1:
        assert "\n".join(lines).removesuffix("[1]").rstrip() == "\n".join(map(str.rstrip, text.split("\n")))
    assert sum(line.strip(" >").startswith("```") for line in lines) == 2 * sum(b.kind == "code" for b in blocks)


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
        "date",
        "lead",
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
        "more": "",
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
                "date": None,
                "lead": "",
                "quote": citation.quote,
                "language": citation.language,
                "chunk_id": citation.chunk_id,
                "start": citation.start,
                "end": citation.end,
                "score": 0.8765,
                "span": None,
            }
        ],
        "translations": [],
        "generation": "20211103T120000-abcdef",
        "timings_ms": {"language": 0.12, "total": 1.5},
    }


def test_the_record_keeps_every_character_of_the_quote_through_json() -> None:
    made = record(make_answer(FRENCH_CITATION))
    [cited] = json.loads(json.dumps(made, ensure_ascii=False))["citations"]
    assert cited["quote"] == FRENCH[FRENCH_CITATION.start : FRENCH_CITATION.end]
    assert {"\u00a0", "\u202f", "œ", "«", "’"} <= set(cited["quote"])


def test_a_translation_stands_after_its_quote_in_the_text_and_by_itself_in_the_record() -> None:
    given = replace(make_answer(FRENCH_CITATION, "en"), translations=("It cost $1,200.",))
    made = record(given)
    lines = plain_text(given).split("\n")
    at = lines.index("Machine translation (the quote is what counts): It cost $1,200.")
    assert lines[at - 1].startswith("> ")
    assert made["translations"] == ["It cost $1,200."]
    assert record(make_answer(FRENCH_CITATION))["translations"] == []
