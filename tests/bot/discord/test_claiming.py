"""What several processes hear of is answered by the one that takes it."""

from datetime import UTC, datetime

import pytest

from bot.discord.limits import Limits
from bot.discord.part import Part
from tests.bot.discord.cogs.test_asking import FRENCH, replies
from tests.bot.discord.conftest import SIMULATED, Server
from tests.bot.discord.test_buttons import custom_ids

pytestmark = [pytest.mark.slow, pytest.mark.simcord(**SIMULATED)]


class Taken(Limits):
    """Limits that are shared with another process, which takes what this one is told to leave."""

    waits = True

    def __init__(self) -> None:
        super().__init__(lambda: datetime.now(UTC))
        self.leaves = False
        self.claimed: list[int] = []

    def claim(self, number: int) -> bool:
        self.claimed.append(number)
        return not self.leaves


@pytest.fixture
def limits() -> Taken:
    return Taken()


@pytest.fixture
def part(limits: Taken) -> Part:
    return Part(limits)


async def test_a_message_that_another_process_took_gets_no_reply(server: Server, limits: Taken) -> None:
    limits.leaves = True
    asked = await server.alice.send(server.channel, f"{server.mention} {FRENCH}")
    assert (replies(server), limits.claimed) == ([], [asked.id])


async def test_a_message_that_this_process_took_is_answered_and_again_when_it_is_edited(
    server: Server, limits: Taken
) -> None:
    asked = await server.alice.send(server.channel, f"{server.mention} {FRENCH}")
    assert len(replies(server)) == 1
    await server.alice.edit(asked, f"{server.mention} Combien d’employés Netflix a-t-il\u202f?")
    assert len(replies(server)) == 1
    assert limits.claimed == [asked.id]


async def test_a_command_that_another_process_took_is_left_to_it(server: Server, limits: Taken) -> None:
    limits.leaves = True
    await server.alice.slash(server.channel, "ask", question=FRENCH)
    assert replies(server) == []
    assert len(limits.claimed) == 1


async def test_a_button_that_another_process_took_is_left_to_it(server: Server, limits: Taken) -> None:
    await server.alice.send(server.channel, f"{server.mention} {FRENCH}")
    [reply] = replies(server)
    limits.leaves = True
    await server.bob.click(reply, custom_id=custom_ids(reply)["up"])
    assert server.journal.votes(1) == (0, 0)
    limits.leaves = False
    await server.bob.click(reply, custom_id=custom_ids(reply)["up"])
    assert server.journal.votes(1) == (1, 0)
