import pytest

from bot.discord.localization import FRENCH
from tests.bot.discord.conftest import SIMULATED, Server

pytestmark = [pytest.mark.slow, pytest.mark.simcord(**SIMULATED)]


def texts(command: object) -> list[object]:
    """Return all that Discord was told of a command, at any depth."""
    if isinstance(command, dict):
        return [command, *(found for value in command.values() for found in texts(value))]
    return [found for item in command for found in texts(item)] if isinstance(command, list) else []


async def test_every_name_and_description_has_its_french(server: Server) -> None:
    translator = server.client.tree.translator
    assert translator is not None
    payload = [
        await command.get_translated_payload(server.client.tree, translator)
        for command in server.client.tree.get_commands()
    ]
    named = [found for found in texts(payload) if isinstance(found, dict) and "name" in found]
    for found in named:
        assert found["name_localizations"]["fr"] == FRENCH[found["name"]]
        if found.get("description"):
            assert found["description_localizations"]["fr"] == FRENCH[found["description"]]
    used = {found[key] for found in named for key in ("name", "description") if found.get(key)}
    assert used == set(FRENCH)
