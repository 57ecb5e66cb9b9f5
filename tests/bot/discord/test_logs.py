import json
import logging

import pytest

from bot.discord.logs import JsonLines


def line(level: int = logging.INFO, message: str = "répondu", **extra: object) -> dict[str, object]:
    record = logging.makeLogRecord(
        {"name": "bot.discord.desk", "levelno": level, "levelname": "INFO", "msg": message, **extra}
    )
    written = JsonLines().format(record)
    assert "\n" not in written
    parsed: dict[str, object] = json.loads(written)
    return parsed


def test_a_record_is_one_line_with_its_fields() -> None:
    found = line(guild=7, refused=["thread: Forbidden 403 50013"])
    assert found.pop("time")
    assert found == {
        "level": "info",
        "logger": "bot.discord.desk",
        "event": "répondu",
        "guild": 7,
        "refused": ["thread: Forbidden 403 50013"],
    }


def test_a_trace_stays_on_the_line() -> None:
    try:
        raise ValueError("œ")
    except ValueError as error:
        found = line(exc_info=(type(error), error, error.__traceback__))
    assert str(found["trace"]).endswith("ValueError: œ")


def test_a_value_that_is_no_json_is_written_as_text() -> None:
    assert line(what={1, 2}.__class__)["what"] == "<class 'set'>"


@pytest.mark.parametrize("text", ["a\nb", '"', "\x1b[2J"])
def test_a_hostile_text_cannot_start_a_line(text: str) -> None:
    assert line(message=text)["event"] == text
