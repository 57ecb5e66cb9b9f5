from collections.abc import Sequence
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import aiohttp
import discord
import pytest

from bot.discord import delivery
from bot.discord.delivery import Place, deliver

LONG = "Une phrase assez longue pour que deux pages soient nécessaires. " * 50


def refusal(status: int, code: int = 0) -> discord.HTTPException:
    response: Any = SimpleNamespace(status=status, reason="")
    return discord.HTTPException(response, {"code": code, "message": "secret"})


@dataclass
class Shelf:
    """A place that fails as the test says, then keeps what it is given."""

    name: str = "shelf"
    faults: list[BaseException] = field(default_factory=list)
    kept: list[tuple[str, bool]] = field(default_factory=list)
    nonces: list[str] = field(default_factory=list)

    @property
    def place(self) -> Place:
        async def send(text: str, buttons: discord.ui.View | None, nonce: str) -> None:
            self.nonces.append(nonce)
            if self.faults:
                raise self.faults.pop(0)
            self.kept.append((text, buttons is not None))

        return Place(self.name, send)


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delivery, "RETRY_DELAYS", (0.0, 0.0))


async def bring(shelves: Sequence[Shelf], text: str = "L’œuvre.") -> None:
    await deliver([shelf.place for shelf in shelves], text, discord.ui.View(), number=12)


async def test_a_text_goes_to_the_nearest_place_alone() -> None:
    near, far = Shelf("near"), Shelf("far")
    await bring([near, far])
    assert (near.kept, far.kept) == ([("L’œuvre.", True)], [])


async def test_a_long_text_takes_several_messages_and_the_buttons_stand_under_the_last() -> None:
    shelf = Shelf()
    await bring([shelf], LONG)
    assert [buttons for _, buttons in shelf.kept] == [False, True]
    assert " ".join(text for text, _ in shelf.kept).split() == LONG.split()


@pytest.mark.parametrize(
    "fault",
    [refusal(503), aiohttp.ServerDisconnectedError(), OSError(), TimeoutError()],
    ids=lambda f: type(f).__name__,
)
async def test_a_passing_fault_is_tried_again_with_the_same_nonce(fault: BaseException) -> None:
    shelf = Shelf(faults=[fault, fault])
    await bring([shelf])
    assert shelf.kept == [("L’œuvre.", True)]
    assert len(set(shelf.nonces)) == 1


@pytest.mark.parametrize("status", [401, 403, 404, 400])
async def test_a_place_that_refuses_is_not_tried_twice(status: int) -> None:
    near, far = Shelf("near", [refusal(status)]), Shelf("far")
    await bring([near, far])
    assert (len(near.nonces), far.kept) == (1, [("L’œuvre.", True)])


async def test_a_fault_that_does_not_pass_leads_to_the_next_place() -> None:
    near, far = Shelf("near", [refusal(503)] * 3), Shelf("far")
    await bring([near, far])
    assert (near.kept, far.kept) == ([], [("L’œuvre.", True)])


async def test_what_no_place_took_is_logged_with_every_reason_and_no_text(caplog: pytest.LogCaptureFixture) -> None:
    await bring([Shelf("near", [refusal(403, 50013)]), Shelf("far", [refusal(404, 10003)])])
    [record] = [r for r in caplog.records if r.levelname == "ERROR"]
    assert vars(record)["refused"] == ["near: HTTPException 403 50013", "far: HTTPException 404 10003"]
    assert "œuvre" not in caplog.text
    assert "secret" not in caplog.text


async def test_a_nonce_fits_and_tells_pages_and_questions_apart() -> None:
    shelf = Shelf()
    await bring([shelf], LONG)
    await deliver([shelf.place], "Autre.", None, number=1_600_000_000_000_000_001)
    assert len(set(shelf.nonces)) == 3
    assert max(map(len, shelf.nonces)) <= 25  # of which Discord takes no more
