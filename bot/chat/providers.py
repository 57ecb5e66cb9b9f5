"""Which model `CHAT_MODEL` names: the providers, their packages, and the variables that they read."""

import importlib.util
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dotenv import dotenv_values

from bot.errors import ChatModelError

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

MAX_TOKENS = 2_000
"""Of one reply, what a reasoning model thinks included: the longest reply that is read has some 700."""

EXAMPLE = "CHAT_MODEL=openai:gpt-4o-mini or CHAT_MODEL=ollama:qwen3"


@dataclass(frozen=True, slots=True)
class Provider:
    """One provider, as LangChain names it, and what it needs."""

    name: str  # in `init_chat_model`
    extra: str  # of the package babillard
    module: str
    variables: tuple[str, ...]  # what its own variables begin with
    keys: tuple[str, ...] = ()  # variables that hold a key, any of which will do; () when it takes none
    base_urls: tuple[str, ...] = ()  # with one of these set, the server may take no key
    max_tokens: str = "max_tokens"

    def options(self, seconds: float, environment: Mapping[str, str]) -> dict[str, Any]:
        """Return the arguments of its class: no retries of its own, and the bounds on time and tokens."""
        options: dict[str, Any] = {"temperature": 0, self.max_tokens: MAX_TOKENS}
        if self.name == "ollama":
            return {**options, "client_kwargs": {"timeout": seconds}}
        if not any(environment.get(key) for key in self.keys) and any(map(environment.get, self.base_urls)):
            options["api_key"] = "none"  # a server on this machine takes any
        return {**options, "timeout": seconds, "max_retries": 0}


PROVIDERS = {
    "openai": Provider(
        "openai",
        "openai",
        "langchain_openai",
        ("OPENAI_",),
        ("OPENAI_API_KEY",),
        ("OPENAI_BASE_URL", "OPENAI_API_BASE"),
    ),
    "ollama": Provider("ollama", "ollama", "langchain_ollama", ("OLLAMA_",), max_tokens="num_predict"),
    "anthropic": Provider("anthropic", "anthropic", "langchain_anthropic", ("ANTHROPIC_",), ("ANTHROPIC_API_KEY",)),
    "mistral": Provider("mistralai", "mistral", "langchain_mistralai", ("MISTRAL_",), ("MISTRAL_API_KEY",)),
    "google": Provider(
        "google_genai",
        "google",
        "langchain_google_genai",
        ("GOOGLE_", "GEMINI_"),
        ("GOOGLE_API_KEY", "GEMINI_API_KEY"),
    ),
}
"""By the name that `CHAT_MODEL` and the extras of the package use."""


def open_model(wanted: str, seconds: float, dotenv: Path = Path(".env")) -> "BaseChatModel":
    """Return the model that `wanted` names; nothing is sent yet.

    Args:
        wanted: `provider:model`, the provider by our name or by LangChain's.
        seconds: longest wait for a server that says nothing.
        dotenv: file whose lines count as variables of the provider, unless the environment has them.

    Raises:
        ChatModelError: the provider is unknown, its package is not installed, or there is no key.
    """
    provider, model = _parse(wanted)
    _read_variables(provider, dotenv)
    if importlib.util.find_spec(provider.module) is None:
        raise ChatModelError(
            f"CHAT_MODEL={wanted} needs a package that is not installed: pip install 'babillard[{provider.extra}]'"
        )
    options = provider.options(seconds, os.environ)
    if provider.keys and "api_key" not in options and not any(map(os.environ.get, provider.keys)):
        raise ChatModelError(
            f"there is no key for {provider.extra}: set {' or '.join(provider.keys)}, in .env or in the environment"
        )
    return _build(wanted, provider, model, options)


def _build(wanted: str, provider: Provider, model: str, options: dict[str, Any]) -> "BaseChatModel":
    from langchain.chat_models import init_chat_model  # 0.6 s, and the provider's package as much again

    try:
        built: BaseChatModel = init_chat_model(model, model_provider=provider.name, **options)
        if (built.profile or {}).get("temperature") is False:  # most reasoning models
            del options["temperature"]
            built = init_chat_model(model, model_provider=provider.name, **options)
    except Exception as error:  # whatever its package thinks of; its words may hold the key
        raise ChatModelError(
            f"CHAT_MODEL={wanted} cannot be used ({type(error).__name__}): check its name and the variables "
            f"{', '.join(f'{prefix}…' for prefix in provider.variables)}"
        ) from error
    return built


def _parse(wanted: str) -> tuple[Provider, str]:
    name, colon, model = wanted.strip().partition(":")
    if not (name and colon and model):
        raise ChatModelError(f"CHAT_MODEL={wanted} is not provider:model: write for example {EXAMPLE}")
    by_name = PROVIDERS | {provider.name: provider for provider in PROVIDERS.values()}
    if (provider := by_name.get(name.strip().lower())) is None:
        raise ChatModelError(
            f"CHAT_MODEL={wanted} names no provider that is known ({', '.join(PROVIDERS)}): write for example {EXAMPLE}"
        )
    return provider, model.strip()


def _read_variables(provider: Provider, dotenv: Path) -> None:
    """Put the provider's own variables of `.env` where its package looks for them; the environment wins."""
    for name, value in dotenv_values(dotenv).items():
        if value and name.startswith(provider.variables) and not os.environ.get(name):
            os.environ[name] = value
