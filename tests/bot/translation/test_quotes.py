import logging
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from bot.answering.answer import Answer
from bot.translation.checked import CheckedTranslator
from bot.translation.engine import CTranslate2Engine
from bot.translation.quotes import MAX_SENTENCES, QuoteTranslator
from index.schema import Language
from tests.bot.fakes import cite, make_chunk
from tests.bot.translation.scripted import ScriptedEngine

CLOSED, IS_CLOSED = "Le bureau n’est pas ouvert le lundi.", "The office is not open on Mondays."
STEPS = """\
Pour commencer :

1. Installez le paquet :
   ```bash
   apt install babillard
   ```
2. Lancez `babillard doctor`. Attendez une minute.
3. `babillard repl`

| Âge | Prix |
| --- | --- |
| Enfant | 5 € |"""
SCRIPT = {
    "Pour commencer :": "To start:",
    "Installez le paquet :": "Install the package:",
    "Lancez XQ0.": "Run XQ0.",
    "Attendez une minute.": "Wait for one minute.",
}


def answer(quote: str, language: Language = "en", quoted_in: Language = "fr") -> Answer:
    citation = replace(cite(make_chunk("Une phrase.", language=quoted_in)), quote=quote)
    return Answer("question", language, (citation,), timings_ms={"search": 1.0, "total": 1.0})


def translated(given: Answer, script: Mapping[str, str | None]) -> str:
    found = QuoteTranslator(CheckedTranslator(ScriptedEngine(script)))(given)
    assert found.citations == given.citations
    return "".join(found.translations)


def test_a_quote_in_another_language_gets_a_translation_and_stays_as_it_is() -> None:
    given = answer(CLOSED)
    found = QuoteTranslator(CheckedTranslator(ScriptedEngine({CLOSED: IS_CLOSED})))(given)
    assert found.translations == (IS_CLOSED,)
    assert replace(found, translations=(), timings_ms=given.timings_ms) == given
    assert found.timings_ms["total"] == pytest.approx(1 + found.timings_ms["translate"])


@pytest.mark.parametrize(
    "given",
    [
        pytest.param(answer(CLOSED, language="fr"), id="same language"),
        pytest.param(replace(answer(CLOSED), written="A model wrote this. [1]"), id="written by a chat model"),
        pytest.param(Answer("question", "en", abstention="no_evidence"), id="abstention"),
    ],
)
def test_other_answers_are_left_alone(given: Answer) -> None:
    engine = ScriptedEngine({})
    assert QuoteTranslator(CheckedTranslator(engine))(given) is given
    assert engine.asked == []


def test_a_direction_without_a_model_is_left_alone() -> None:
    given = answer(CLOSED)
    assert QuoteTranslator(CheckedTranslator(ScriptedEngine({}, pairs=[("en", "fr")])))(given) is given


def test_steps_are_translated_sentence_by_sentence_their_code_and_tables_left_to_the_quote() -> None:
    assert translated(answer(STEPS), SCRIPT) == (
        "To start:\n\n1. Install the package:\n2. Run `babillard doctor`. Wait for one minute.\n3. `babillard repl`"
    )


def test_a_sentence_that_fails_leaves_a_sign_in_its_place() -> None:
    script = {**SCRIPT, "Attendez une minute.": "Wait for nine minutes.", "Installez le paquet :": ""}
    assert translated(answer(STEPS), script) == (
        "To start:\n\n1. […]\n2. Run `babillard doctor`. […]\n3. `babillard repl`"
    )


def test_a_quote_none_of_whose_sentences_passes_has_none() -> None:
    assert translated(answer(STEPS), dict.fromkeys(SCRIPT, "")) == ""
    assert translated(answer(CLOSED), {CLOSED: "The office is open on Mondays."}) == ""


def test_a_quote_of_code_alone_is_not_translated() -> None:
    assert translated(answer("```\napt install babillard\n```"), {}) == ""


def test_what_a_model_leaves_as_it_was_is_no_translation() -> None:
    assert translated(answer("Netflix Canada."), {"Netflix Canada.": "Netflix Canada."}) == ""


def test_a_long_answer_is_translated_from_its_beginning() -> None:
    sentences = [f"Ouvrez la porte {number}." for number in range(100, 100 + 2 * MAX_SENTENCES)]
    script = {one: f"Open door {one[-4:-1]}." for one in sentences}
    lines = translated(answer("\n".join(f"- {one}" for one in sentences)), script).split("\n")
    assert lines[:2] == ["- Open door 100.", "- Open door 101."]
    assert lines[MAX_SENTENCES:] == ["- […]"]


def test_each_quote_has_its_own_and_the_others_none() -> None:
    given = answer(CLOSED)
    english = replace(cite(make_chunk("It is open.", document="a.txt", language="en"), marker=2), quote="It is open.")
    found = QuoteTranslator(CheckedTranslator(ScriptedEngine({CLOSED: IS_CLOSED})))(
        replace(given, citations=(english, *given.citations))
    )
    assert found.translations == ("", IS_CLOSED)


def test_a_model_that_fails_costs_no_answer_and_is_said_once(caplog: pytest.LogCaptureFixture) -> None:
    engine = ScriptedEngine({CLOSED: IS_CLOSED})
    engine.fails = True
    translate = QuoteTranslator(CheckedTranslator(engine))
    with caplog.at_level(logging.WARNING):
        assert translate(answer(CLOSED)).translations == translate(answer(CLOSED)).translations == ()
    assert [record.getMessage() for record in caplog.records] == [
        "the model is damaged: fetch it again: quotes are shown without a translation"
    ]


def test_a_real_model_translates_what_it_learned_and_nothing_that_it_makes_up_is_shown(models: Path) -> None:
    translate = QuoteTranslator(CheckedTranslator(CTranslate2Engine(models)))
    quote = "Redémarrez le serveur, puis lancez `systemctl status nginx`. La tortue de Gaspésie chante à 7 h 15."
    assert translate(answer(quote)).translations == ("Restart the server, then run `systemctl status nginx`. […]",)
    english = "The museum was founded in London in 1998."
    assert translate(answer(english, "fr", "en")).translations == ("Le musée a été fondé à Londres en 1998.",)
