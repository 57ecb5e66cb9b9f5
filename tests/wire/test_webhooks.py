from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
import pytest_asyncio

from benchmarks.loopback.interactions import FIRST_RESPONSE_SECONDS, Interaction
from benchmarks.loopback.server import TOKEN, LoopbackDiscord

pytestmark = pytest.mark.asyncio

ASK = {"id": "1", "name": "ask", "type": 1, "options": [{"name": "question", "type": 3, "required": True}]}
Answered = tuple[int, Any]


@pytest_asyncio.fixture
async def server() -> AsyncIterator[LoopbackDiscord]:
    async with LoopbackDiscord() as server:
        server.commands.append(ASK)
        yield server


class Bot:
    """Answers by hand."""

    def __init__(self, session: aiohttp.ClientSession, interaction: Interaction) -> None:
        self._session = session
        self._interaction = interaction

    async def respond(self, kind: int, **data: Any) -> Answered:
        path = f"/api/v10/interactions/{self._interaction.payload['id']}/{self._interaction.token}/callback"
        return await self._send("POST", f"{path}?with_response=1", {"type": kind, "data": data})

    async def follow_up(self, **body: Any) -> Answered:
        return await self._send("POST", f"{self._webhook}?wait=1", body)

    async def edit(self, **body: Any) -> Answered:
        return await self._send("PATCH", f"{self._webhook}/messages/@original", body)

    @property
    def _webhook(self) -> str:
        return f"/api/v10/webhooks/{self._interaction.payload['application_id']}/{self._interaction.token}"

    async def _send(self, method: str, path: str, body: Any) -> Answered:
        async with self._session.request(method, path, json=body) as response:
            return response.status, await response.json()


@pytest.fixture
def interaction(server: LoopbackDiscord) -> Interaction:
    return server.slash("ask", {"question": "Combien ?"})


@pytest_asyncio.fixture
async def bot(server: LoopbackDiscord, interaction: Interaction) -> AsyncIterator[Bot]:
    async with aiohttp.ClientSession(f"http://127.0.0.1:{server.port}") as session:
        yield Bot(session, interaction)


async def test_a_first_response_that_is_late_is_refused(bot: Bot, interaction: Interaction) -> None:
    interaction.sent -= FIRST_RESPONSE_SECONDS
    status, answer = await bot.respond(5)
    assert (status, answer["code"]) == (404, 10062)


async def test_a_second_first_response_is_refused(bot: Bot) -> None:
    await bot.respond(4, content="une")
    status, answer = await bot.respond(4, content="deux")
    assert (status, answer["code"]) == (400, 40060)


async def test_a_response_that_only_a_button_takes_is_refused(bot: Bot) -> None:
    status, answer = await bot.respond(7, content="changé")
    assert (status, answer["code"]) == (400, 50035)


async def test_the_webhook_is_unknown_before_the_first_response(bot: Bot) -> None:
    status, answer = await bot.follow_up(content="trop tôt")
    assert (status, answer["code"]) == (404, 10015)


async def test_the_deferral_is_filled_by_its_change_and_a_follow_up_comes_after(bot: Bot) -> None:
    _, deferred = await bot.respond(5)
    _, changed = await bot.edit(content="réponse")
    _, more = await bot.follow_up(content="suite")
    assert changed["id"] == deferred["resource"]["message"]["id"] != more["id"]
    assert (deferred["resource"]["message"]["flags"], changed["flags"]) == (128, 0)


async def test_an_empty_message_is_refused(bot: Bot) -> None:
    status, answer = await bot.respond(4, content=" ")
    assert (status, answer["code"]) == (400, 50006)


async def test_a_person_can_send_only_what_is_registered(server: LoopbackDiscord) -> None:
    with pytest.raises(LookupError, match="no command 'aks'"):
        server.slash("aks", {"question": "?"})
    with pytest.raises(LookupError, match="no option 'quetsion'"):
        server.slash("ask", {"question": "?", "quetsion": "?"})
    with pytest.raises(ValueError, match="needs 'question'"):
        server.slash("ask")


@pytest.mark.parametrize(("allowed", "pinged"), [(None, True), ({"parse": []}, False), ({"parse": ["everyone"]}, True)])
async def test_everyone_is_pinged_unless_told_not_to(server: LoopbackDiscord, allowed: Any, pinged: bool) -> None:
    body = {"content": "« @everyone »"} | ({"allowed_mentions": allowed} if allowed else {})
    async with (
        aiohttp.ClientSession(headers={"Authorization": f"Bot {TOKEN}"}) as session,
        session.post(
            f"http://127.0.0.1:{server.port}/api/v10/channels/{server.general['id']}/messages", json=body
        ) as response,
    ):
        assert (await response.json())["mention_everyone"] is pinged
