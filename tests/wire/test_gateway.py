from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
import pytest_asyncio

from benchmarks.loopback.gateway import MESSAGE_CONTENT
from benchmarks.loopback.server import TOKEN, LoopbackDiscord

pytestmark = pytest.mark.asyncio


@pytest_asyncio.fixture
async def server() -> AsyncIterator[LoopbackDiscord]:
    async with LoopbackDiscord() as server:
        yield server


@pytest_asyncio.fixture
async def session(server: LoopbackDiscord) -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(f"http://127.0.0.1:{server.port}") as session:
        yield session


def _identify(token: str = TOKEN, intents: int = 1 << 9) -> dict[str, Any]:
    return {"op": 2, "d": {"token": token, "intents": intents}}


async def test_connections_are_refused_as_often_as_asked(
    server: LoopbackDiscord, session: aiohttp.ClientSession
) -> None:
    server.refuse_connections(2)
    for _ in range(2):
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await session.ws_connect("/gw/")
    async with session.ws_connect("/gw/") as socket:
        assert (await socket.receive_json())["op"] == 10
    assert len(server.matching("REFUSED")) == 2


@pytest.mark.parametrize(
    ("identify", "code"), [(_identify("another"), 4004), (_identify(intents=MESSAGE_CONTENT), 4014)]
)
async def test_a_session_is_refused_with_its_code(
    server: LoopbackDiscord, session: aiohttp.ClientSession, identify: dict[str, Any], code: int
) -> None:
    server.refuse_intents()
    async with session.ws_connect("/gw/") as socket:
        await socket.receive_json()
        await socket.send_json(identify)
        assert (await socket.receive()).type == aiohttp.WSMsgType.CLOSE
        assert socket.close_code == code


async def test_an_unknown_session_is_invalid(server: LoopbackDiscord, session: aiohttp.ClientSession) -> None:
    async with session.ws_connect("/gw/") as socket:
        await socket.receive_json()
        await socket.send_json({"op": 6, "d": {"token": TOKEN, "session_id": "x", "seq": 1}})
        assert await socket.receive_json() == {"op": 9, "t": None, "s": None, "d": False}


async def test_nobody_listens_during_an_outage(server: LoopbackDiscord, session: aiohttp.ClientSession) -> None:
    async with server.outage():
        with pytest.raises(aiohttp.ClientConnectorError):
            await session.get("/api/v10/users/@me")
    async with session.get("/api/v10/users/@me", headers={"Authorization": f"Bot {TOKEN}"}) as response:
        assert (await response.json())["username"] == "Babillard"


async def test_a_wrong_token_is_refused(session: aiohttp.ClientSession) -> None:
    async with session.get("/api/v10/users/@me", headers={"Authorization": "Bot another"}) as response:
        assert response.status == 401


async def test_the_text_of_others_is_hidden_without_the_intent(
    server: LoopbackDiscord, session: aiohttp.ClientSession
) -> None:
    async with session.ws_connect("/gw/") as socket:
        await socket.receive_json()
        await socket.send_json(_identify())
        for _ in ("READY", "GUILD_CREATE"):
            await socket.receive_json()
        server.send_message(server.general, server.alice, "secret")
        server.send_message(server.general, server.alice, "public", mentions_bot=True)
        texts = [(await socket.receive_json())["d"]["content"] for _ in range(2)]
    assert texts == ["", f"<@{server.world.bot['id']}> public"]
