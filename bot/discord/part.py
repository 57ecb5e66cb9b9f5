"""What one process is of a bot that several serve."""

from dataclasses import dataclass

from bot.discord.keepers import LimitsKeeper
from bot.discord.shards import Shards
from bot.discord.turns import Turns


@dataclass(frozen=True, slots=True)
class Part:
    """What a process serves, and what it has in common with the others; by default it is alone, and serves all."""

    limits: LimitsKeeper | None = None  # how often people may ask; None to count here, and begin anew
    shards: Shards | None = None  # those to serve; None for all that Discord asks for
    turns: Turns | None = None  # in which all processes open their sessions; None where this one is alone
