"""What channels say is found by the questions of their server alone."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from bot.answering.answer import Question
from bot.channels.channels import TABLE, Channels, table
from bot.channels.message import Kept
from bot.channels.store import FILE_NAME, ChannelStore
from bot.config import BotSettings
from bot.factory import build_bot
from bot.publishing import Publisher
from bot.seen import Seen
from index.layers import server_layer
from index.schema import SearchHit
from tests.fakes import HashingEmbeddings

GUILD, OTHER, CHANNEL = 10, 20, 11
LINK = "https://discord.com/channels/10/11/12"
WIFI = "Le mot de passe du wifi est «\u00a0tournesol\u00a0».\n\n1. Un\n2. Deux"


def message(text: str = WIFI, title: str = "#infos", number: int = 12) -> Kept:
    return Kept(number, 1, title, text, LINK, datetime(2026, 5, 3, 23, 59, tzinfo=UTC))


@pytest.fixture
def channels(settings: BotSettings) -> Iterator[Channels]:
    with ChannelStore(settings.data_dir / FILE_NAME) as store:
        yield Channels(store, Publisher(settings, HashingEmbeddings(), sleep=lambda seconds: None))


def hits(settings: BotSettings, guild: int) -> list[SearchHit]:
    bot = build_bot(settings, HashingEmbeddings(), seen=Seen(guild=guild))
    found = bot.chain.invoke(Question("Quel est le mot de passe du wifi\u202f?")).hits
    return [hit for hit in found if hit.chunk.document_id.startswith("@")]


def test_a_message_is_an_article_with_its_title_link_and_date(settings: BotSettings, channels: Channels) -> None:
    channels.store.replace(GUILD, CHANNEL, 0, [message()])
    channels.publish(GUILD)
    (hit,) = hits(settings, GUILD)
    assert (hit.chunk.title, hit.chunk.source, hit.chunk.date) == ("#infos", LINK, "2026-05-03")
    assert [block.kind for block in hit.chunk.blocks] == ["paragraph", "item", "item"]
    assert hits(settings, OTHER) == []


def test_without_messages_there_is_no_file_and_no_index(settings: BotSettings, channels: Channels) -> None:
    channels.store.replace(GUILD, CHANNEL, 0, [message()])
    channels.publish(GUILD)
    channels.store.delete(GUILD, {12})
    channels.publish(GUILD)
    layer = server_layer(settings, GUILD)
    assert not (layer.folder / TABLE).exists()
    assert not layer.index.exists()


def test_a_start_takes_up_what_a_killed_process_left(settings: BotSettings, channels: Channels) -> None:
    channels.store.replace(GUILD, CHANNEL, 0, [message()])
    Publisher(settings, HashingEmbeddings()).publish_all(channels)
    assert hits(settings, GUILD)


ODD = (
    '---\na: b\n---\nx|=SUM(A1)|","|```\n```x|<div>a</div>|> a|# a|[x](https://exemple.fr)|https://exemple.fr|* * *\na'
    "|$$a$$|<!-- a -->|sep=;\na|\\*a\\*|::a::"
).split("|")


@pytest.mark.parametrize("text", ODD)
def test_no_message_keeps_the_others_from_being_found(settings: BotSettings, channels: Channels, text: str) -> None:
    channels.store.replace(GUILD, CHANNEL, 0, [message(text, number=11), message()])
    channels.publish(GUILD)
    assert [hit.chunk.source for hit in hits(settings, GUILD) if hit.chunk.text.startswith("Le mot")] == [LINK]
    channels.store.delete(GUILD, {12})
    channels.publish(GUILD)
    assert not any("tournesol" in hit.chunk.text for hit in hits(settings, GUILD))


def test_the_table_tells_no_author() -> None:
    assert table([message("Un «\u00a0œuf\u00a0», deux")]) == (
        f'question,answer,source,date\n#infos,"Un «\u00a0œuf\u00a0», deux",{LINK},2026-05-03\n'
    )
    assert table([]) == ""
