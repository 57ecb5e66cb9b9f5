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


def _identify(token: str = TOKEN, intents: int = 1 << 9, **more: Any) -> dict[str, Any]:
    return {"op": 2, "d": {"token": token, "intents": intents, **more}}


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


Opened = tuple[aiohttp.ClientWebSocketResponse, dict[str, Any]]


async def _opened(session: aiohttp.ClientSession, shard: int, count: int) -> Opened:
    """Return the connection of a shard that has identified itself, and what it was answered."""
    socket = await session.ws_connect("/gw/")
    await socket.receive_json()
    await socket.send_json(_identify(intents=(1 << 9) | (1 << 12), shard=[shard, count]))
    return socket, await socket.receive_json()


async def _next(socket: aiohttp.ClientWebSocketResponse, name: str | None, op: int = 0) -> dict[str, Any]:
    """Return the next event with a name, or the next of another kind."""
    while True:
        message: dict[str, Any] = await socket.receive_json()
        if (message["t"], message["op"]) == (name, op):
            return message


async def test_each_shard_is_told_of_its_guilds_and_the_first_of_direct_messages(
    server: LoopbackDiscord, session: aiohttp.ClientSession
) -> None:
    channels = [server.add_guild(shard, 3) for shard in range(3)]
    opened = [await _opened(session, shard, 3) for shard in range(3)]
    direct = server.direct(server.alice)
    for channel in (*channels, direct):
        server.send_message(channel, server.alice, "Bonjour")
    for number, (socket, ready) in enumerate(opened):
        assert ready["d"]["shard"] == [number, 3]
        assert channels[number]["guild_id"] in [guild["id"] for guild in ready["d"]["guilds"]]
        assert (await _next(socket, "MESSAGE_CREATE"))["d"]["channel_id"] == channels[number]["id"]
    first, _ = opened[0]
    assert (await _next(first, "MESSAGE_CREATE"))["d"]["channel_id"] == direct["id"]
    for socket, _ in opened:
        await socket.close()


@pytest.mark.parametrize(
    ("shard", "largest", "code"),
    [pytest.param([4, 4], 2_500, 4010, id="no-such-shard"), pytest.param([0, 1], 0, 4011, id="too-many-guilds")],
)
async def test_a_shard_is_refused_with_its_code(
    server: LoopbackDiscord, session: aiohttp.ClientSession, shard: list[int], largest: int, code: int
) -> None:
    server.gateway.largest_shard = largest
    async with session.ws_connect("/gw/") as socket:
        await socket.receive_json()
        await socket.send_json(_identify(shard=shard))
        assert (await socket.receive()).type == aiohttp.WSMsgType.CLOSE
        assert socket.close_code == code


async def test_a_session_too_soon_after_another_is_invalid(
    server: LoopbackDiscord, session: aiohttp.ClientSession
) -> None:
    server.gateway.session_seconds = 600
    (first, ready), (second, refused) = [await _opened(session, shard, 2) for shard in range(2)]
    assert ready["t"] == "READY"
    assert refused == {"op": 9, "t": None, "s": None, "d": False}
    assert [record.body["shard"] for record in server.matching("EARLY")] == [[1, 2]]
    await first.close()
    await second.close()


async def test_one_shard_is_disconnected_and_the_other_goes_on(
    server: LoopbackDiscord, session: aiohttp.ClientSession
) -> None:
    channel = server.add_guild(1, 2)
    (first, _), (second, _) = [await _opened(session, shard, 2) for shard in range(2)]
    await server.disconnect(resume=True, shard=0)
    await _next(first, None, 7)
    server.send_message(channel, server.alice, "Bonjour")
    message = await second.receive_json()
    while message["t"] != "MESSAGE_CREATE":
        assert message["op"] == 0
        message = await second.receive_json()
    await first.close()
    await second.close()
