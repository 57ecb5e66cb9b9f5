"""What is shown while the model writes, and what becomes of it."""

import asyncio
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from types import SimpleNamespace
from typing import Any

import discord
import pytest

from bot.config import MAX_CHAT_SECONDS, BotSettings
from bot.discord import drafts
from bot.discord.delivery import Place, deliver
from bot.discord.drafts import Draft
from bot.factory import build_bot
from bot.messages import say
from index.model.embedding import TextEmbeddings
from tests.bot.discord.cogs.test_asking import FRENCH, FRENCH_QUOTE, replies, shown
from tests.bot.discord.conftest import SIMULATED, Server
from tests.bot.discord.test_delivery import refusal
from tests.llm.server import ChatServer, Reply, Stall, serving


@dataclass
class Wall:
    """A place whose messages can be edited; it keeps what was written, and how long the draft waited in between."""

    events: list[str] = field(default_factory=list)
    fault: discord.HTTPException | None = None

    @property
    def place(self) -> Place:
        async def send(text: str, buttons: discord.ui.View | None, nonce: str) -> Any:
            if self.fault is not None:
                raise self.fault
            self.events.append(f"send {text}")
            return SimpleNamespace(edit=self._edit, delete=self._delete)

        return Place("wall", send)

    async def _edit(self, content: str, view: discord.ui.View | None = None) -> Any:
        if self.fault is not None:
            raise self.fault
        self.events.append(f"edit {content}")
        return SimpleNamespace(id=1)

    async def _delete(self) -> None:
        self.events.append("delete")


@pytest.fixture
def wall(monkeypatch: pytest.MonkeyPatch) -> Wall:
    wall = Wall()

    async def pass_time(seconds: float) -> None:
        wall.events.append(f"wait {seconds}")
        await asyncio.sleep(0)

    monkeypatch.setattr(drafts, "asyncio", SimpleNamespace(**{**vars(asyncio), "sleep": pass_time}))
    return wall


async def settle() -> None:
    for _ in range(10):
        await asyncio.sleep(0)


async def test_the_draft_grows_and_becomes_the_answer(wall: Wall) -> None:
    draft = Draft(wall.place, 12)
    for text in ("", "Le", "Le musée"):
        draft.show(text)
        await settle()
    await deliver([*await draft.end(), wall.place], "Le musée, en 1998.", None, 12)
    assert wall.events == [
        "send Le …",
        "wait 1.2",
        "edit Le musée …",
        "wait 1.2",
        "edit Le musée, en 1998.",
    ]


async def test_what_comes_quickly_is_written_once(wall: Wall) -> None:
    draft = Draft(wall.place, 12)
    for n in range(1, 100):
        draft.show("mot " * n)
    await settle()
    await draft.end()
    assert [event.split()[0] for event in wall.events] == ["send", "wait"]


async def test_without_a_text_there_is_no_draft(wall: Wall) -> None:
    draft = Draft(wall.place, 12)
    assert await draft.end() == []
    draft.show("trop tard")
    await settle()
    assert wall.events == []


async def test_pages_after_the_first_follow_the_draft(wall: Wall) -> None:
    draft = Draft(wall.place, 12)
    draft.show("Le")
    await settle()
    await deliver([*await draft.end(), wall.place], "Une phrase. " * 300, None, 12)
    assert [event.split()[0] for event in wall.events] == ["send", "wait", "edit", "send"]


async def test_a_place_that_refuses_a_draft_still_gets_the_answer_elsewhere(wall: Wall) -> None:
    draft = Draft(wall.place, 12)
    wall.fault = refusal(403)
    draft.show("Le")
    await settle()
    other = Wall()
    await deliver([*await draft.end(), wall.place, other.place], "Le musée.", None, 12)
    assert other.events == ["send Le musée."]


async def test_a_draft_that_was_deleted_is_not_the_end_of_the_answer(wall: Wall) -> None:
    draft = Draft(wall.place, 12)
    draft.show("Le")
    await settle()
    wall.fault = refusal(404)
    places = await draft.end()
    other = Wall()
    await deliver([*places, other.place], "Le musée.", None, 12)
    assert other.events == ["send Le musée."]


async def test_a_draft_can_be_taken_away(wall: Wall) -> None:
    draft = Draft(wall.place, 12)
    draft.show("Le")
    await settle()
    await draft.discard()
    assert wall.events[-1] == "delete"


async def test_a_draft_formats_nothing(wall: Wall) -> None:
    draft = Draft(wall.place, 12)
    draft.show("# **Titre** @everyone [ici](mal)")
    await settle()
    await draft.end()
    assert wall.events[0] == "send \\# \\*\\*Titre\\*\\* \\@everyone \\[ici\\]\\(mal\\) …"


# ------------------------------------------------------------------------------------ in Discord, with the real chain

GOOD = "Netflix a sept millions d’abonnés au Canada [1]."
LIE = "@everyone[ici](https://mal.example/x) Le texte dit que «\u00a0Netflix a neuf abonnés au Canada\u00a0» [1]."


@dataclass
class Chat:
    """A chat model that says one word, and goes on once that is shown in Discord."""

    model: ChatServer
    server: Server
    settings: BotSettings
    embeddings: TextEmbeddings

    async def ask(self, *steps: Reply | Stall, timeout: float = MAX_CHAT_SECONDS) -> discord.Message:
        """Let Alice ask, and the model say this; return what the bot wrote."""
        chat = {"chat_model": "openai:scripted", "chat_timeout": timeout}
        self.server.live.current = build_bot(self.settings.model_copy(update=chat), self.embeddings)
        is_shown = threading.Event()
        self.model.say(*(replace(s, hold=is_shown) if isinstance(s, Reply) else s for s in steps))
        asking = asyncio.create_task(self.server.alice.send(self.server.channel, f"{self.server.mention} {FRENCH}"))
        while not asking.done() and not written(self.server):
            await asyncio.sleep(0.01)
        is_shown.set()
        await asking
        [reply] = replies(self.server)
        return reply


@pytest.fixture
def chat(
    server: Server, settings: BotSettings, bundled: TextEmbeddings, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Chat]:
    monkeypatch.setattr(drafts, "EDIT_SECONDS", 0)  # the simulated time of simcord stands still between two events
    with serving(Reply(GOOD)) as model:
        monkeypatch.setenv("OPENAI_BASE_URL", model.url)
        yield Chat(model, server, settings, bundled)


def written(server: Server) -> list[tuple[str, dict[str, Any]]]:
    """Return the method and the body of each request that wrote a message, in order."""
    requests = [r for r in server.env.http_requests if "/messages" in r.path and r.method in ("POST", "PATCH")]
    return [(request.method, dict(request.json or {})) for request in requests]


@pytest.mark.slow
@pytest.mark.simcord(**SIMULATED)
class TestInDiscord:
    async def test_one_message_grows_into_the_answer(self, server: Server, chat: Chat) -> None:
        reply = await chat.ask(Reply(GOOD))
        lines = shown(reply).replace("**", "").split("\n")
        assert lines[0] == GOOD
        assert lines[1] == f"{FRENCH_QUOTE} [1]"
        assert reply.components
        (method, draft), *others = written(server)
        assert (method, draft["content"]) == ("POST", "Netflix …")
        assert {method for method, _ in others} == {"PATCH"}

    async def test_a_lie_that_was_streamed_is_replaced(self, server: Server, chat: Chat) -> None:
        reply = await chat.ask(Reply(LIE))
        assert "mal.example" in written(server)[0][1]["content"]
        assert "mal.example" not in reply.content
        assert shown(reply).replace("**", "").split("\n")[1] == f"{FRENCH_QUOTE} [1]"
        assert say("note_checks", "fr") in shown(reply)

    async def test_nobody_is_pinged_and_no_link_can_be_clicked_meanwhile(self, server: Server, chat: Chat) -> None:
        await chat.ask(Reply(LIE))
        bodies = [body for _, body in written(server)]
        assert bodies[0]["content"] == "\\@everyone\\[ici\\]\\(mal.example\\) …"
        for body in bodies:
            assert body["allowed_mentions"]["parse"] == []
            assert "mal.example/" not in body["content"]

    async def test_a_model_that_stalls_loses_nothing(self, chat: Chat) -> None:
        reply = await chat.ask(Stall("Netflix a"), timeout=1)
        assert shown(reply).replace("**", "").split("\n")[1] == f"{FRENCH_QUOTE} [1]"
        assert say("note_timeout", "fr") in shown(reply)
