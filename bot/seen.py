"""What a question may see beside the common articles."""

from typing import NamedTuple

from bot.config import BotSettings
from index.layers import Layer, collection_layer, common_layers, server_layer


class Seen(NamedTuple):
    """What a question sees beside the common articles."""

    collection: str = ""  # its name without the sign; "" for none
    guild: int | None = None  # whose taught answers; None in a private conversation and in a terminal


COMMON = Seen()


def layers_seen(settings: BotSettings, seen: Seen) -> list[Layer]:
    """Return the layers of a question, that of the articles first."""
    return [*common_layers(settings), *own_layers(settings, seen)]


def own_layers(settings: BotSettings, seen: Seen) -> list[Layer]:
    """Return the layers that a question sees beside the common ones."""
    layers = []
    if seen.collection:
        layers.append(collection_layer(settings, seen.collection))
    if seen.guild is not None:
        layers.append(server_layer(settings, seen.guild))
    return layers
