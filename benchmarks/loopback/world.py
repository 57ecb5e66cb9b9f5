"""What Discord keeps: guilds with their channels, threads, people and messages; each change is told to the bot."""

from collections.abc import Callable
from typing import Any

from benchmarks.loopback import payloads
from benchmarks.loopback.refusals import (
    EMPTY_MESSAGE,
    THREAD_EXISTS,
    UNKNOWN_CHANNEL,
    UNKNOWN_MESSAGE,
    WRONG_CHANNEL,
    Json,
    Refusal,
    check_message,
    check_thread,
)


class World:
    """One guild with a text channel, one person and the bot, and whatever comes after. Everybody is in all guilds."""

    def __init__(self, dispatch: Callable[[str, Json], None]) -> None:
        self.tell = dispatch
        """Sends an event to the bot."""
        self.ids = payloads.Snowflakes()
        self.guild_id = self.ids.next()
        """The first guild."""
        self.guilds = [self.guild_id]
        self.recommended_shards = 1
        """As many shards as the application is told to open."""
        self.bot = payloads.user(self.ids.next(), "Babillard", bot=True)
        self.people: dict[str, Json] = {}
        self.channels: dict[str, Json] = {}
        self.messages: dict[str, Json] = {}
        self.commands: list[Json] = []
        """The application's, as last registered, global and of the guild."""
        self._nonces: dict[tuple[str, str], str] = {}
        self.application = payloads.application(self.add_user("Léa"), self.bot["id"])
        self.general = self.add_channel("général")

    def add_user(self, name: str, *, bot: bool = False) -> Json:
        """Add a member to the guild; the bot learns of it by what the member does."""
        person = payloads.user(self.ids.next(), name, bot=bot)
        self.people[person["id"]] = person
        return person

    def add_guild(self, shard: int, count: int) -> str:
        """Add a guild that is dealt to a shard of so many, without channels; return its id."""
        guild_id = self.ids.of_shard(shard, count)
        self.guilds.append(guild_id)
        self.tell("GUILD_CREATE", self.guild(guild_id))
        return guild_id

    def add_channel(self, name: str, guild_id: str | None = None) -> Json:
        """Add a text channel to a guild; None for the first."""
        channel = payloads.text_channel(self.ids.next(), name, guild_id or self.guild_id)
        self.channels[channel["id"]] = channel
        self.tell("CHANNEL_CREATE", channel)
        return channel

    def direct(self, person_id: str) -> Json:
        """Return the channel of the direct messages between a person and the bot."""
        for channel in self.channels.values():
            if channel["type"] == payloads.DIRECT and channel["recipients"][0]["id"] == person_id:
                return channel
        channel = payloads.direct_channel(self.ids.next(), self.people[person_id])
        self.channels[channel["id"]] = channel
        return channel

    def guild(self, guild_id: str) -> Json:
        """Return a guild with all that is in it."""
        channels = [channel for channel in self.channels.values() if channel.get("guild_id") == guild_id]
        return payloads.guild(guild_id, channels, [self.bot, *self.people.values()])

    def channel(self, channel_id: str) -> Json:
        """Return a channel or a thread.

        Raises:
            Refusal: there is none.
        """
        if channel_id not in self.channels:
            raise Refusal(*UNKNOWN_CHANNEL)
        return self.channels[channel_id]

    def message(self, channel_id: str, message_id: str) -> Json:
        """Return a message of a channel.

        Raises:
            Refusal: there is none.
        """
        message = self.messages.get(message_id)
        if message is None or message["channel_id"] != channel_id:
            raise Refusal(*UNKNOWN_MESSAGE)
        return message

    def post(
        self, channel: Json, author: Json, body: Json, *, files: tuple[str, ...] = (), silent: bool = False, **more: Any
    ) -> Json:
        """Post a message.

        Args:
            channel: where to.
            author: a person, or the bot.
            body: what the author sends, as a request to Discord has it.
            files: the names of the attachments.
            silent: leave out the event, as for what one person alone can see.
            more: keys of the message itself.

        Raises:
            Refusal: Discord would not take it.
        """
        check_message(body, len(files))
        message = payloads.message(self.ids.next(), channel, author, body)
        loading = message["flags"] & payloads.LOADING
        if not (message["content"] or message.get("embeds") or message.get("components") or files or loading):
            raise Refusal(*EMPTY_MESSAGE)
        nonce = (author["id"], str(body["nonce"])) if body.get("enforce_nonce") and body.get("nonce") else None
        if nonce in self._nonces:
            return self.messages[self._nonces[nonce]]
        if nonce is not None:
            self._nonces[nonce] = message["id"]
        message["attachments"] = [
            {"id": self.ids.next(), "filename": name, "size": 0, "url": f"https://cdn.invalid/{name}", "proxy_url": ""}
            for name in files
        ]
        if reference := body.get("message_reference"):
            self._refer(message, channel, reference)
        self._mention(message, body.get("allowed_mentions"))
        if "nonce" in body:
            message["nonce"] = body["nonce"]
        message.update(more)
        self.messages[message["id"]] = message
        channel["last_message_id"] = message["id"]
        if not silent:
            self.tell("MESSAGE_CREATE", self.event(message))
        return message

    def _refer(self, message: Json, channel: Json, reference: Json) -> None:
        target = self.messages.get(str(reference.get("message_id")))
        if target is None or target["channel_id"] != channel["id"]:
            if reference.get("fail_if_not_exists", True):
                raise Refusal(400, 50035, "Invalid Form Body", [("message_reference", "Unknown message")])
            return
        message["type"] = 19
        message["message_reference"] = {"message_id": target["id"], "channel_id": channel["id"], "type": 0}
        if "guild_id" in channel:
            message["message_reference"]["guild_id"] = channel["guild_id"]
        message["referenced_message"] = {key: value for key, value in target.items() if key != "referenced_message"}

    def _mention(self, message: Json, allowed: Json | None) -> None:
        """Say who is pinged: all that the text names, unless `allowed_mentions` says less."""
        parse = {"users", "roles", "everyone"} if allowed is None else set(allowed.get("parse") or ())
        users = {str(one) for one in (allowed or {}).get("users") or ()}
        pinged = [
            person
            for person in (self.bot, *self.people.values())
            if ("users" in parse or person["id"] in users)
            and any(f"<@{mark}{person['id']}>" in message["content"] for mark in ("", "!"))
        ]
        target = message.get("referenced_message")
        if target and (allowed is None or allowed.get("replied_user")) and target["author"] not in pinged:
            pinged.append(target["author"])
        message["mentions"] = [{**person, "member": payloads.member()} for person in pinged]
        named = any(word in message["content"] for word in ("@everyone", "@here"))
        message["mention_everyone"] = named and "everyone" in parse

    def edit(self, message: Json, body: Json, *, silent: bool = False) -> Json:
        """Change a message of the bot's.

        Raises:
            Refusal: Discord would not take it.
        """
        check_message(body)
        message.update(payloads.posted(body), edited_timestamp=payloads.now())
        message["flags"] = message["flags"] & ~payloads.LOADING
        if "content" in body:
            self._mention(message, body.get("allowed_mentions"))
        if not silent:
            self.tell("MESSAGE_UPDATE", self.event(message))
        return message

    def delete(self, message: Json) -> None:
        """Delete a message."""
        del self.messages[message["id"]]
        event = {"id": message["id"], "channel_id": message["channel_id"]}
        if "guild_id" in (channel := self.channels[message["channel_id"]]):
            event["guild_id"] = channel["guild_id"]
        self.tell("MESSAGE_DELETE", event)

    def start_thread(self, parent: Json, body: Json, message: Json | None = None) -> Json:
        """Open a thread, from a message or on its own; that of a message has the message's id.

        Raises:
            Refusal: the name is too long, the message has one, or the channel takes none.
        """
        check_thread(body)
        if parent["type"] != payloads.TEXT:
            raise Refusal(*WRONG_CHANNEL)
        thread_id = message["id"] if message else self.ids.next()
        if thread_id in self.channels:
            raise Refusal(*THREAD_EXISTS)
        minutes = body.get("auto_archive_duration") or 1440
        thread = payloads.thread(thread_id, body["name"], parent, self.bot["id"], minutes)
        self.channels[thread_id] = thread
        if message:
            message["thread"] = thread
            message["flags"] |= payloads.HAS_THREAD
        self.tell("THREAD_CREATE", {**thread, "newly_created": True})
        return thread

    def rename(self, channel: Json, body: Json) -> Json:
        """Change a thread: its name, or whether it is archived or locked."""
        if "name" in body:
            check_thread(body)
            channel["name"] = body["name"]
        details = channel.get("thread_metadata", {})
        details.update({key: body[key] for key in ("archived", "locked", "auto_archive_duration") if key in body})
        self.tell("THREAD_UPDATE" if channel["type"] == payloads.THREAD else "CHANNEL_UPDATE", channel)
        return channel

    def event(self, message: Json) -> Json:
        """Return a message as the gateway tells it: with the guild, if it has one."""
        channel = self.channels[message["channel_id"]]
        if "guild_id" not in channel:
            return message
        return {**message, "guild_id": channel["guild_id"], "member": payloads.member()}
