"""What people do on Discord, as a test or a benchmark scripts it."""

import asyncio
import time
from collections.abc import Mapping, Sequence
from typing import Any

from benchmarks.loopback import interactions
from benchmarks.loopback.interactions import Interaction
from benchmarks.loopback.journal import Journal
from benchmarks.loopback.refusals import Json
from benchmarks.loopback.webhooks import Webhooks
from benchmarks.loopback.world import World

REACTION_SECONDS = 0.1
"""Seconds until a component that was shown is used: by then the client has read the answer that told of it."""


class People:
    """Writes messages, sends commands and presses buttons in the name of the members of the guilds."""

    def __init__(self, world: World, webhooks: Webhooks, journal: Journal) -> None:
        self.world = world
        self._webhooks = webhooks
        self._journal = journal
        self._marks: dict[str, int] = {}
        self.general: Json = world.general
        """The text channel."""
        self.alice: Json = world.add_user("Alice")
        """Who speaks when no one is named."""

    def add_user(self, name: str, *, bot: bool = False) -> Json:
        """Return a new member of the guilds."""
        return self.world.add_user(name, bot=bot)

    def add_guild(self, shard: int = 0, count: int = 1) -> Json:
        """Return the text channel of a new guild, which is dealt to a shard of so many."""
        return self.world.add_channel("général", self.world.add_guild(shard, count))

    def add_channel(self, name: str) -> Json:
        """Return a new text channel of the first guild."""
        return self.world.add_channel(name)

    def direct(self, user: Json) -> Json:
        """Return the channel of the direct messages between a user and the bot."""
        return self.world.direct(user["id"])

    def send_message(
        self,
        channel: Json,
        author: Json,
        content: str,
        *,
        mentions_bot: bool = False,
        reference: Json | None = None,
        pings: bool = True,
        **more: Any,
    ) -> Json:
        """Let a person write a message.

        Args:
            channel: the text channel, thread or direct channel.
            author: who writes.
            content: the text.
            mentions_bot: begin the text with a mention of the bot.
            reference: the message that this one replies to.
            pings: the reply pings the author of that message.
            more: keys of the message, such as `webhook_id`.

        Returns:
            The message, as Discord keeps it.
        """
        body: Json = {"content": f"<@{self.world.bot['id']}> {content}" if mentions_bot else content}
        if reference is not None:
            parse = ["users", "roles", "everyone"]
            body |= {
                "message_reference": {"message_id": reference["id"]},
                "allowed_mentions": {"parse": parse, "replied_user": pings},
            }
        mark = len(self._journal.records)
        message = self.world.post(channel, author, body, **more)
        self._marks[message["id"]] = mark
        return message

    def delete_message(self, message: Json) -> None:
        """Let a message be deleted by a person."""
        self.world.delete(message)

    def slash(
        self,
        command_name: str,
        options: Mapping[str, Any] | None = None,
        user: Json | None = None,
        *,
        locale: str = "fr",
        channel: Json | None = None,
        focused: str | None = None,
    ) -> Interaction:
        """Let a person send a command that the bot has registered.

        Args:
            command_name: with the subcommand after it: "babillard ask".
            options: what was filled in, checked as Discord's own client would.
            user: who; Alice by default.
            locale: the language of the person's Discord.
            channel: where; the text channel by default.
            focused: the option that is being typed: the bot is asked to complete it, the command is not sent.

        Raises:
            LookupError: no such command or option is registered.
            ValueError: nobody could send this.
        """
        kind = interactions.COMMAND if focused is None else interactions.AUTOCOMPLETE
        data = interactions.command_data(self.world, command_name, 1, options or {}, focused)
        return self._interact(kind, data, user, channel, locale)

    def context_menu(
        self, command_name: str, message: Json, user: Json | None = None, *, locale: str = "fr"
    ) -> Interaction:
        """Let a person choose a command of the bot's in the menu of a message.

        Raises:
            LookupError: no such command is registered.
        """
        data = interactions.command_data(self.world, command_name, 3, {})
        data |= {"target_id": message["id"], "resolved": {"messages": {message["id"]: message}}}
        channel = self.world.channels[message["channel_id"]]
        return self._interact(interactions.COMMAND, data, user, channel, locale)

    def press(
        self,
        custom_id: str,
        message: Json,
        user: Json | None = None,
        *,
        locale: str = "fr",
        values: Sequence[str] = (),
    ) -> Interaction:
        """Let a person press a button of a message, or select `values` in a menu of it.

        Raises:
            LookupError: the message has no such component, or it is disabled.
        """
        message = self.world.messages[message["id"]]
        data = interactions.pressed_data(message, custom_id, list(values))
        channel = self.world.channels[message["channel_id"]]
        return self._interact(interactions.COMPONENT, data, user, channel, locale, message)

    def submit(
        self, modal: Json, values: Mapping[str, str], user: Json | None = None, *, locale: str = "fr"
    ) -> Interaction:
        """Let a person send a form: `modal` is the `data` of the response that opened it.

        Raises:
            LookupError: the form has no such field.
        """
        return self._interact(interactions.MODAL, interactions.modal_data(modal, values), user, None, locale)

    def expire(self, interaction: Interaction, code: int = 50027) -> None:
        """Let the token of an interaction be refused from now on: 50027 (401), 10015 (404) or 10062 (404)."""
        interaction.expired = code

    def _interact(
        self, kind: int, data: Json, user: Json | None, channel: Json | None, locale: str, message: Json | None = None
    ) -> Interaction:
        payload = interactions.build(
            self.world, kind, data, user or self.alice, channel or self.general, locale, message
        )
        interaction = Interaction(payload, mark=len(self._journal.records))
        self._webhooks.open[interaction.token] = interaction
        if kind in (interactions.COMPONENT, interactions.MODAL):
            asyncio.get_running_loop().call_later(REACTION_SECONDS, self._deliver, interaction)
        else:
            self._deliver(interaction)
        return interaction

    def _deliver(self, interaction: Interaction) -> None:
        interaction.sent = time.monotonic()
        self.world.tell("INTERACTION_CREATE", interaction.payload)
