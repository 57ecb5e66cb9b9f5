from pathlib import Path

import pytest
from pydantic import Field, SecretBytes, SecretStr

from bot.backup.settings_file import changed_settings
from bot.config import BotSettings

SECRETS = "jeton-très-secret", "clé-tout-aussi-secrète"


class _Keyed(BotSettings):
    other_key: SecretStr | None = Field(None)
    third_key: SecretBytes = Field(SecretBytes(b""))


def test_what_is_as_it_was_is_left_out() -> None:
    text, secrets = changed_settings(BotSettings())
    assert [line for line in text.splitlines() if not line.startswith("#")] == []
    assert secrets == []


def test_what_differs_is_read_back_as_it_was(tmp_path: Path) -> None:
    settings = BotSettings(
        seeds_dir=Path("mes articles") / "l’été # 2026",
        data_dir=Path("c:\\don'nées"),
        chat_daily_cost=0.25,
        message_content=True,
        fetch_contact='me "at" home\'s <a@example.org>',
        fetch_private="10.1.0.0/16, 10.2.0.7",
        default_language="fr",
    )
    file = tmp_path / "restored.env"
    file.write_text(changed_settings(settings)[0], encoding="utf-8")
    assert BotSettings(_env_file=file) == settings


def test_no_secret_is_written_whatever_its_setting_is_called() -> None:
    settings = _Keyed(
        discord_token=SecretStr(SECRETS[0]), other_key=SecretStr(SECRETS[1]), third_key=SecretBytes(b"secret-bytes")
    )
    text, secrets = changed_settings(settings)
    assert secrets == ["DISCORD_TOKEN", "OTHER_KEY", "THIRD_KEY"]
    assert not any(secret in text for secret in (*SECRETS, "secret-bytes", "***"))
    assert "# DISCORD_TOKEN was set" in text


@pytest.mark.parametrize("name", sorted(BotSettings.model_fields))
def test_each_setting_that_differs_is_either_written_or_secret(name: str) -> None:
    given = {
        "reader": "similarity",
        "default_language": "fr",
        "message_content": True,
        "discord_token": SecretStr("x"),
        "top_k": 7,
        "max_file_mb": 7,
        "fetch_private": "10.1.0.0/16",
        "vector_store": "http://milvus:19530",
    }
    settings = BotSettings.model_validate({name: given.get(name, "7")})
    text, secrets = changed_settings(settings)
    assert (f"\n{name.upper()}=" in text) != (name.upper() in secrets)
