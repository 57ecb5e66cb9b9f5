"""The JSON objects of Discord, with the keys that a client reads."""

import time
from datetime import UTC, datetime

from benchmarks.loopback.refusals import Json

DISCORD_EPOCH = 1_420_070_400_000
"""The first millisecond that an id can tell: 2015-01-01."""

TEXT, DIRECT, THREAD = 0, 1, 11
"""Types of channel."""

EPHEMERAL, LOADING, HAS_THREAD = 1 << 6, 1 << 7, 1 << 5
"""Flags of a message."""

ALL_PERMISSIONS = str((1 << 50) - 1)


class Snowflakes:
    """Ids that tell the time and always grow."""

    def __init__(self) -> None:
        self._last = 0

    def next(self) -> str:
        """Return an id greater than all before."""
        self._last = max(self._last + 1, int(time.time() * 1000) - DISCORD_EPOCH << 22)
        return str(self._last)

    def of_shard(self, shard: int, count: int) -> str:
        """Return an id of a guild that is dealt to a shard: one of the next milliseconds."""
        moment = (int(self.next()) >> 22) + 1
        self._last = moment + (shard - moment) % count << 22
        return str(self._last)


def shard_of(guild_id: str, count: int) -> int:
    """Return the shard that is told what happens in a guild
    (https://discord.com/developers/docs/events/gateway#sharding-sharding-formula).
    """
    return (int(guild_id) >> 22) % count


GATEWAY_MESSAGE_CONTENT = 1 << 19
"""The flag of an application that may ask for the text of messages: the one of a bot in fewer than 100 servers."""


def now() -> str:
    """Return the time as Discord writes it."""
    return datetime.now(UTC).isoformat()


def user(user_id: str, name: str, *, bot: bool = False) -> Json:
    """Return a user, a person or a bot."""
    return {
        "id": user_id, "username": name, "discriminator": "0", "global_name": None, "avatar": None, "bot": bot,
        "public_flags": 0, "flags": 0,
    }  # fmt: skip


def member() -> Json:
    """Return what a guild knows of a user, without the user."""
    return {
        "roles": [],
        "joined_at": "2026-01-01T00:00:00+00:00",
        "nick": None,
        "flags": 0,
        "deaf": False,
        "mute": False,
    }


def application(owner: Json, application_id: str) -> Json:
    """Return the application of the bot."""
    return {
        "id": application_id, "name": "babillard", "description": "", "icon": None, "bot_public": False,
        "bot_require_code_grant": False, "owner": owner, "verify_key": "", "team": None,
        "flags": GATEWAY_MESSAGE_CONTENT,
    }  # fmt: skip


def text_channel(channel_id: str, name: str, guild_id: str) -> Json:
    """Return a text channel of a guild."""
    return {
        "id": channel_id, "type": TEXT, "name": name, "guild_id": guild_id, "position": 0, "topic": None,
        "parent_id": None, "nsfw": False, "permission_overwrites": [], "last_message_id": None, "flags": 0,
    }  # fmt: skip


def direct_channel(channel_id: str, other: Json) -> Json:
    """Return the channel of the direct messages with one user."""
    return {"id": channel_id, "type": DIRECT, "recipients": [other], "last_message_id": None, "flags": 0}


def thread(thread_id: str, name: str, parent: Json, owner_id: str, archive_minutes: int) -> Json:
    """Return a thread under a text channel."""
    return {
        "id": thread_id, "type": THREAD, "name": name, "guild_id": parent["guild_id"], "parent_id": parent["id"],
        "owner_id": owner_id, "message_count": 0, "member_count": 1, "total_message_sent": 0, "last_message_id": None,
        "thread_metadata": {
            "archived": False, "auto_archive_duration": archive_minutes, "archive_timestamp": now(), "locked": False,
            "create_timestamp": now(),
        },
    }  # fmt: skip


def guild(guild_id: str, channels: list[Json], people: list[Json]) -> Json:
    """Return a guild as GUILD_CREATE tells it: its default role may do everything."""
    everyone = {
        "id": guild_id, "name": "@everyone", "permissions": ALL_PERMISSIONS, "position": 0, "color": 0, "hoist": False,
        "managed": False, "mentionable": False, "flags": 0,
    }  # fmt: skip
    return {
        "id": guild_id, "name": "Loopback", "owner_id": people[-1]["id"], "unavailable": False, "large": False,
        "preferred_locale": "fr", "member_count": len(people), "roles": [everyone],
        "members": [{**member(), "user": person} for person in people],
        "channels": [channel for channel in channels if channel["type"] == TEXT],
        "threads": [channel for channel in channels if channel["type"] == THREAD],
        "emojis": [], "stickers": [], "features": [], "presences": [], "voice_states": [], "stage_instances": [],
        "guild_scheduled_events": [], "soundboard_sounds": [],
    }  # fmt: skip


def message(message_id: str, channel: Json, author: Json, body: Json) -> Json:
    """Return a message with what was posted in it; who is mentioned is for the caller to say."""
    return {
        "id": message_id, "channel_id": channel["id"], "type": 0, "author": author, "timestamp": now(),
        "edited_timestamp": None, "tts": False, "mention_everyone": False, "mentions": [], "mention_roles": [],
        "pinned": False, "flags": body.get("flags", 0), "attachments": [],
        **posted({"content": "", **body}),
    }  # fmt: skip


def posted(body: Json) -> Json:
    """Return the part of a message that its author may write, and change later, as Discord stores it."""
    kept: Json = {}
    if "content" in body:
        kept["content"] = (body["content"] or "").strip()
    if "embeds" in body:
        kept["embeds"] = [{"type": "rich", **embed} for embed in body["embeds"] or []]
    if "components" in body:
        kept["components"] = body["components"] or []
    return kept
