"""Settings of the bot; those of the index stand in `index.config`."""

from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, field_validator

from index.config import IndexSettings
from index.schema import Language

MAX_JOURNAL_DAYS = 3_650

MAX_REFRESH_HOURS = 8_760  # a year

MAX_CHAT_SECONDS = 45
"""The desk gives an answer 60 s (`bot.discord.desk.ANSWER_TIMEOUT_SECONDS`), searching and a busy machine included."""


class BotSettings(IndexSettings):
    """Read once at the edge and passed down; importing this module reads nothing."""

    default_language: Language = Field("en", description="fr or en: the reply when the question does not tell")
    top_k: int = Field(10, ge=5, le=50, description="passages found for each question, shown by /why")
    reader: Literal["span", "similarity"] = Field(
        "span", description="span finds the words that answer; similarity is lighter, and less often right"
    )
    old_after_days: int = Field(
        365, ge=0, le=36_500, description="an article whose date is further back is said to be old; 0 for never"
    )
    chat_model: str | None = Field(
        None, description="provider:model that writes the answers (docs/chat.md); none: sentences are quoted"
    )
    chat_timeout: int = Field(
        20, ge=1, le=MAX_CHAT_SECONDS, description="seconds the model may take for one question, second try included"
    )
    chat_daily_tokens: int = Field(0, ge=0, description="tokens a day for each server; 0 for no limit")
    chat_daily_cost: float = Field(0, ge=0, description="money a day for each server, at the prices below; 0: no limit")
    chat_price_in: float = Field(0, ge=0, description="of a million tokens that the model reads")
    chat_price_out: float = Field(0, ge=0, description="of a million tokens that it writes")
    translator: Path | None = Field(
        None, description="folder of models that translate quotes (docs/translation.md); none: quotes stand alone"
    )
    fetch_contact: str = Field(
        "",
        max_length=200,
        description="address or mail that is told to the hosts of fetched pages",
    )
    fetch_private: str = Field(
        "",
        description="private networks whose pages may be fetched: 10.1.0.0/16, 10.2.0.7",
    )
    refresh_hours: int = Field(
        0, ge=0, le=MAX_REFRESH_HOURS, description="hours between two refreshes of fetched pages by the bot; 0: none"
    )
    journal_days: int = Field(90, ge=0, le=MAX_JOURNAL_DAYS, description="questions are kept this long; 0 keeps none")
    database_url: SecretStr | None = Field(
        None, description="of a PostgreSQL that several machines share (docs/settings.md); none: files in DATA_DIR"
    )
    discord_token: SecretStr | None = Field(None, description="of the bot; from the Bot page of the application")
    message_content: bool = Field(
        False,
        description="ask Discord for the text of all messages: for threads without a mention, sources, unasked answers",
    )
    health_port: int = Field(0, ge=0, le=65_535, description="of GET /health and /metrics on 127.0.0.1; 0 for none")

    @property
    def private_networks(self) -> tuple[IPv4Network | IPv6Network, ...]:
        """What `fetch_private` names."""
        return tuple(ip_network(one) for one in self.fetch_private.replace(",", " ").split())

    @field_validator("fetch_private")
    @classmethod
    def _names_networks(cls, value: str) -> str:
        for one in value.replace(",", " ").split():
            ip_network(one)
        return value

    @field_validator("fetch_contact")
    @classmethod
    def _can_be_sent(cls, value: str) -> str:
        if not (value.isascii() and value.isprintable()) or "(" in value or ")" in value:
            raise ValueError("holds what no header of HTTP may")
        return value.strip()
