import pytest

from bot.config import BotSettings
from bot.doctor.chat import chat_model
from bot.doctor.finding import Finding, look
from tests.llm.server import Reply, Status, serving

KEY = "sk-very-secret"


def examined(online: bool, model: str = "openai:scripted", **changes: float) -> Finding:
    return look("chat", lambda: chat_model(BotSettings.model_validate({"chat_model": model, **changes}), online))


def test_without_a_model_there_is_a_note() -> None:
    assert chat_model(BotSettings(), online=True).state == "note"


def test_a_model_is_called_only_when_told_to(monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(Reply("OK")) as server:
        monkeypatch.setenv("OPENAI_BASE_URL", server.url)
        monkeypatch.setenv("OPENAI_API_KEY", KEY)
        assert (examined(online=False).state, server.requests) == ("ok", [])
        found = examined(online=True)
        assert (found.state, found.said, len(server.requests)) == ("ok", "openai:scripted replies", 1)


@pytest.mark.parametrize(
    ("status", "said"), [(401, "the key is wrong"), (404, "does not know the model"), (503, "503")]
)
def test_a_model_that_does_not_reply_fails_without_showing_the_key(
    status: int, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving(Status(status)) as server:
        monkeypatch.setenv("OPENAI_BASE_URL", server.url)
        monkeypatch.setenv("OPENAI_API_KEY", KEY)
        found = examined(online=True)
    assert found.state == "failed"
    assert said in found.said
    assert KEY not in found.said


def test_a_server_that_is_away_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(Reply("OK")) as server:
        monkeypatch.setenv("OPENAI_BASE_URL", server.url)
    found = examined(online=True)
    assert found.state == "failed"
    assert "check" in found.said


@pytest.mark.parametrize(
    ("model", "said"),
    [
        pytest.param("openai:gpt-4o-mini", "OPENAI_API_KEY", id="no-key"),
        pytest.param("gpt-4o-mini", "provider:model", id="no-provider"),
        pytest.param("skynet:t800", "openai", id="unknown-provider"),
    ],
)
def test_what_is_missing_is_named(model: str, said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    monkeypatch.delenv("OPENAI_BASE_URL", raising=False)
    found = examined(online=False, model=model)
    assert found.state == "failed"
    assert said in found.said


def test_a_budget_without_prices_fails() -> None:
    found = examined(online=False, chat_daily_cost=1.0)
    assert found.state == "failed"
    assert "CHAT_PRICE_IN" in found.said
