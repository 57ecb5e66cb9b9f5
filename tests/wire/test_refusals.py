from typing import Any

import pytest

from benchmarks.loopback.refusals import Json, Refusal, check_commands, check_message, check_thread

BUTTON = {"type": 2, "style": 1, "label": "Sources"}


def _row(*buttons: Json) -> Json:
    return {"type": 1, "components": list(buttons)}


def _buttons(count: int, start: int = 0) -> list[Json]:
    return [{**BUTTON, "custom_id": str(number)} for number in range(start, start + count)]


def _faults(body: Any, check: Any = check_message) -> Json:
    with pytest.raises(Refusal) as refused:
        check(body)
    assert (refused.value.status, refused.value.body["code"]) == (400, 50035)
    errors: Json = refused.value.body["errors"]
    return errors


@pytest.mark.parametrize(
    "body",
    [
        {"content": "é" * 2001},
        {"embeds": [{"title": "é"}] * 11},
        {"embeds": [{"title": "é" * 257}]},
        {"embeds": [{"description": "é" * 4097}]},
        {"embeds": [{"description": "é" * 3001}, {"description": "é" * 3000}]},
        {"embeds": [{"fields": [{"name": "n", "value": "v"}] * 26}]},
        {"embeds": [{"fields": [{"name": "n" * 257, "value": "v"}]}]},
        {"embeds": [{"fields": [{"name": "n", "value": ""}]}]},
        {"embeds": [{"footer": {"text": "é" * 2049}}]},
        {"embeds": [{"url": "article.md"}]},
        {"components": [_row(*_buttons(6))]},
        {"components": [_row(*_buttons(1, start)) for start in range(6)]},
        {"components": [_row({**BUTTON, "custom_id": "x" * 101})]},
        {"components": [_row(*_buttons(1)), _row(*_buttons(1))]},
        {"components": [_row()]},
        {"allowed_mentions": {"parse": ["users"], "users": ["1"]}},
        {"nonce": "1" * 26},
    ],
    ids=lambda body: str(body)[:60],
)
def test_a_message_that_discord_would_refuse_is_refused(body: Json) -> None:
    assert _faults(body)


def test_a_message_at_every_limit_is_taken() -> None:
    fields = [{"name": "n" * 10, "value": "v" * 10}] * 25
    embed = {"title": "é" * 256, "description": "é" * 4096, "fields": fields, "footer": {"text": "é" * 1148}}
    rows = [_row(*_buttons(5, start)) for start in range(0, 25, 5)]
    check_message({"content": "é" * 2000, "embeds": [embed], "components": rows, "nonce": "1" * 25})


def test_a_refusal_says_where_the_fault_is() -> None:
    faults = _faults({"embeds": [{"title": "t"}, {"title": "é" * 257}]})
    assert faults["embeds"]["1"]["title"]["_errors"][0]["message"] == "Must be between 0 and 256 in length."


@pytest.mark.parametrize("name", ["", "é" * 101])
def test_a_thread_without_a_name_of_1_to_100_characters_is_refused(name: str) -> None:
    assert "name" in _faults({"name": name}, check_thread)


@pytest.mark.parametrize(
    "command",
    [
        {"name": "Ask", "description": "d"},
        {"name": "ask me", "description": "d"},
        {"name": "a" * 33, "description": "d"},
        {"name": "ask", "description": ""},
        {"name": "ask", "description": "d" * 101},
        {"name": "ask", "description": "d", "name_localizations": {"fr": "Demander"}},
        {"name": "ask", "description": "d", "name_localizations": {"fr-FR": "demander"}},
        {"name": "ask", "description": "d", "description_localizations": {"fr": "é" * 101}},
        {"name": "ask", "description": "d", "options": [{"name": "Q", "description": "d", "type": 3}]},
        {
            "name": "ask",
            "description": "d",
            "options": [
                {"name": "a", "description": "d", "type": 3},
                {"name": "b", "description": "d", "type": 3, "required": True},
            ],
        },
        {"name": "Répéter", "type": 3, "description": "d"},
        {"name": "é" * 33, "type": 3},
    ],
    ids=lambda command: str(command)[:60],
)
def test_a_command_that_discord_would_not_register_is_refused(command: Json) -> None:
    assert _faults([command], check_commands)


def test_two_commands_of_one_name_are_refused() -> None:
    assert _faults([{"name": "ask", "description": "d"}] * 2, check_commands)


def test_commands_in_both_languages_are_taken() -> None:
    question = {"name": "question", "description": "d", "type": 3, "required": True}
    ask = {
        "name": "ask",
        "description": "Ask",
        "name_localizations": {"fr": "interroger"},
        "description_localizations": {"fr": "Poser une question"},
        "options": [question],
    }
    check_commands([ask, {"name": "Répondre à ce message", "type": 3}])
