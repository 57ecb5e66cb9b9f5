"""The settings that differ from their defaults, as lines for `.env`; what is secret is named, and never written."""

from typing import Any, get_args

from pydantic import SecretBytes, SecretStr
from pydantic.fields import FieldInfo

from bot.config import BotSettings
from bot.env_line import quoted

_HEAD = (
    "# Settings that differed from their defaults. Copy what you want into .env, and put secrets in again yourself.\n"
)


def changed_settings(settings: BotSettings) -> tuple[str, list[str]]:
    """Return a text for `.env`, and the names of the secrets that were set.

    A key of a chat model is no setting of Babillard's: it is not even looked at.
    """
    fields = type(settings).model_fields
    changed = {name: value for name in fields if (value := getattr(settings, name)) != fields[name].get_default()}
    secrets = [name.upper() for name in changed if _is_secret(fields[name], changed[name])]
    lines = [
        f"{name.upper()}={quoted(_text(value))}\n" for name, value in changed.items() if name.upper() not in secrets
    ]
    return _HEAD + "".join(f"# {name} was set, and is secret\n" for name in secrets) + "".join(lines), secrets


def _is_secret(field: FieldInfo, value: Any) -> bool:
    kinds = (SecretStr, SecretBytes)
    return isinstance(value, kinds) or any(kind in kinds for kind in (field.annotation, *get_args(field.annotation)))


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
