"""What is pressed or commanded is answered by one process, also where Discord tells several of it."""

from typing import Any, Protocol, cast

import discord


class Taking(Protocol):
    """What this asks of the client."""

    async def takes(self, interaction: discord.Interaction) -> bool:
        """Whether this process is the one that answers an interaction."""
        ...


async def is_taken(interaction: discord.Interaction[Any]) -> bool:
    """Whether this process takes an interaction; of the processes that ask, one is told so."""
    return await cast(Taking, interaction.client).takes(interaction)


class Claimed:
    """A button or a menu that works in every process, for all of them know its id."""

    async def interaction_check(self, interaction: discord.Interaction[Any], /) -> bool:
        """Let the press through to this process, or leave it to another."""
        return await is_taken(interaction)
