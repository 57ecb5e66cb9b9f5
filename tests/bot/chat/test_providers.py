import os
import tomllib
from pathlib import Path

import pytest

from bot.chat.providers import MAX_TOKENS, PROVIDERS, open_model
from bot.errors import ChatModelError
from tests.processes import REPOSITORY, run_python

KEY = "sk-secret-key"


@pytest.fixture(autouse=True)
def restored(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take back what a test lets in from `.env`."""
    for provider in PROVIDERS.values():
        for name in (*provider.keys, *provider.base_urls):
            monkeypatch.setenv(name, "")


def test_an_openai_model_is_bounded_and_retries_nothing_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    model = open_model("openai:gpt-4o-mini", 7)
    described = model.model_dump()
    assert (described["max_retries"], described["request_timeout"], described["temperature"]) == (0, 7.0, 0.0)
    assert described["max_tokens"] == MAX_TOKENS
    assert KEY not in f"{model!r} {model}"


def test_a_model_that_reasons_keeps_its_own_temperature(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    assert open_model("openai:gpt-5-mini", 7).model_dump()["temperature"] is None


def test_the_variables_of_the_provider_may_stand_in_the_dotenv_file() -> None:
    Path(".env").write_text(
        f"OPENAI_API_KEY={KEY}\nOPENAI_BASE_URL=http://127.0.0.1:1/v1\nDISCORD_TOKEN=x.y.z\n", encoding="utf-8"
    )
    model = open_model("openai:gpt-4o-mini", 7).model_dump()
    assert model["openai_api_key"].get_secret_value() == KEY
    assert os.environ["OPENAI_BASE_URL"] == "http://127.0.0.1:1/v1"
    assert "DISCORD_TOKEN" not in os.environ


def test_the_environment_wins_over_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    Path(".env").write_text("OPENAI_API_KEY=other\n", encoding="utf-8")
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    assert open_model("openai:gpt-4o-mini", 7).model_dump()["openai_api_key"].get_secret_value() == KEY


def test_a_server_of_ones_own_needs_no_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:1/v1")
    assert open_model("openai:qwen3", 7).model_dump()["model_name"] == "qwen3"


def test_a_model_of_ollama_takes_its_own_names_for_the_bounds() -> None:
    options = PROVIDERS["ollama"].options(7, {})
    assert options == {"temperature": 0, "num_predict": MAX_TOKENS, "client_kwargs": {"timeout": 7}}


def test_the_name_of_a_model_may_hold_colons(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:1/v1")
    assert open_model("openai:qwen3:8b", 7).model_dump()["model_name"] == "qwen3:8b"


@pytest.mark.parametrize("wanted", ["gpt-4o-mini", "openai:", ":gpt-4o-mini", ":", "openai"])
def test_a_string_that_is_not_provider_and_model_is_refused_with_an_example(wanted: str) -> None:
    with pytest.raises(ChatModelError, match="is not provider:model: write for example CHAT_MODEL=openai:"):
        open_model(wanted, 7)


def test_an_unknown_provider_is_refused_with_the_known_ones() -> None:
    with pytest.raises(
        ChatModelError, match=r"names no provider that is known \(openai, ollama, anthropic, mistral, go"
    ):
        open_model("opnai:gpt-4o-mini", 7)


def test_a_missing_key_names_its_variable() -> None:
    with pytest.raises(ChatModelError, match=r"there is no key for openai: set OPENAI_API_KEY, in \.env or in the env"):
        open_model("openai:gpt-4o-mini", 7)


def test_a_missing_package_names_the_extra_that_brings_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda module: None)
    with pytest.raises(ChatModelError, match=r"pip install 'babillard\[mistral\]'"):
        open_model("mistral:mistral-small-latest", 7)


def test_what_a_package_says_of_a_bad_value_is_not_repeated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    monkeypatch.setenv("OPENAI_PROXY", f"socks9://{KEY}@127.0.0.1")
    with pytest.raises(ChatModelError, match="cannot be used") as raised:
        open_model("openai:gpt-4o-mini", 7)
    assert KEY not in str(raised.value)


def test_each_provider_has_an_extra_that_brings_its_package() -> None:
    extras = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["project"][
        "optional-dependencies"
    ]
    for provider in PROVIDERS.values():
        package = provider.module.replace("_", "-")
        assert any(requirement.startswith(package) for requirement in extras[provider.extra])


def test_without_a_chat_model_none_of_its_libraries_is_imported() -> None:
    libraries = {
        "bot.chat",
        "bot.chat.checks",
        "langchain",
        "langchain_core",
        "langsmith",
        "openai",
        "tenacity",
        "httpx",
    }
    done = run_python("-c", f"import sys, bot.cli, bot.factory; print({libraries!r} & sys.modules.keys())")
    assert (done.returncode, done.stdout, done.stderr) == (0, "set()\n", "")
