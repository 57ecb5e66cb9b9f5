import os
import sys
from pathlib import Path
from typing import Literal

import discord
import pytest
import simcord

from bot.config import BotSettings
from bot.messages import say
from tests.bot.discord.conftest import SIMULATED, Server
from tests.bot.discord.test_desk import Noting
from tests.processes import REPOSITORY

pytestmark = [pytest.mark.slow, pytest.mark.simcord(**SIMULATED)]


@pytest.fixture
def settings(tmp_path: Path) -> BotSettings:
    """Seeds and an index of their own, which a test may rebuild."""
    seeds = tmp_path / "seeds"
    seeds.mkdir()
    (seeds / "œuvre.md").write_text("# L’œuvre\n\nElle coûte 3,5\u00a0M$ à Québec.", encoding="utf-8")
    return BotSettings(seeds_dir=seeds, index_dir=tmp_path / "index", data_dir=tmp_path / "data")


@pytest.fixture(autouse=True)
def project_on_the_path(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the process of a rebuild find the project, from whatever folder the tests run in."""
    monkeypatch.setenv("PYTHONPATH", str(REPOSITORY))


@pytest.fixture
def admin(server: Server) -> simcord.MemberActor:
    role = server.guild.create_role("Admin", permissions=discord.Permissions(administrator=True))
    return server.guild.add_member(server.env.create_user("admin"), roles=[role])


async def told(server: Server, person: simcord.MemberActor) -> str:
    """Let a person rebuild, and return what they are told in the end."""
    result = await person.slash(server.channel, "rebuild")
    assert result.ephemeral
    assert result.response is not None
    return result.response.content


async def test_an_administrator_rebuilds(server: Server, admin: simcord.MemberActor) -> None:
    text = await told(server, admin)
    assert text.startswith("The index is up to date: 1 articles, 1 passages, 0 files skipped")


async def test_it_is_counted(server: Server, admin: simcord.MemberActor) -> None:
    server.client.desk.observer = observer = Noting()
    await told(server, admin)
    assert observer.rebuilds == [True]


async def test_a_report_that_is_longer_than_64_kib_is_read(
    server: Server, admin: simcord.MemberActor, settings: BotSettings
) -> None:
    for n in range(700):
        (settings.seeds_dir / f"{n}-{'œ' * 60}.md").touch()  # an empty file is skipped, and named in the report
    text = await told(server, admin)
    assert text.startswith("The index is up to date: 1 articles, 1 passages, 700 files skipped")


@pytest.mark.usefixtures("french_interface")
async def test_it_speaks_the_language_of_whoever_rebuilds(server: Server, admin: simcord.MemberActor) -> None:
    text = await told(server, admin)
    assert text.startswith("L’index est à jour\u00a0: 1 articles, 1 passages, 0 fichiers sautés")


@pytest.mark.simcord(**SIMULATED, check_errors=False)
@pytest.mark.usefixtures("french_interface")
class TestFaults:
    async def test_a_rebuild_that_fails_says_why(
        self, server: Server, admin: simcord.MemberActor, settings: BotSettings
    ) -> None:
        for path in settings.seeds_dir.iterdir():
            path.unlink()
        server.client.desk.observer = observer = Noting()
        text = await told(server, admin)
        assert text.startswith("L’index n’a pas été reconstruit, l’ancien sert toujours\u00a0: babillard: ")
        assert observer.rebuilds == [False]

    async def test_a_process_that_cannot_be_started_is_said(
        self, server: Server, admin: simcord.MemberActor, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(sys, "executable", "/nulle/part")
        reason = "/nulle/part cannot be started: No such file or directory"
        assert await told(server, admin) == say("rebuild_failed", "fr", reason=reason)

    @pytest.mark.skipif(os.name != "posix", reason="a shell script stands in for Python")
    @pytest.mark.parametrize(
        ("script", "key"),
        [
            pytest.param("kill -9 $$", "rebuild_killed", id="killed"),
            pytest.param("echo 'pas du JSON'", "failed", id="garbage"),
            pytest.param("exit 0", "failed", id="silence"),
        ],
    )
    async def test_whatever_becomes_of_the_process_is_said(
        self,
        server: Server,
        admin: simcord.MemberActor,
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
        script: str,
        key: Literal["rebuild_killed", "failed"],
    ) -> None:
        python = tmp_path / "python"
        python.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
        python.chmod(0o700)
        monkeypatch.setattr(sys, "executable", str(python))
        assert await told(server, admin) == say(key, "fr")

    async def test_an_index_that_cannot_be_taken_up_is_said(self, server: Server, admin: simcord.MemberActor) -> None:
        server.live.refusal = RuntimeError("bogue")
        assert await told(server, admin) == say("failed", "fr")

    async def test_when_the_interaction_is_gone_it_is_said_in_private(
        self, server: Server, admin: simcord.MemberActor, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(sys, "executable", "/nulle/part")
        server.env.inject_error("PATCH", "/webhooks/*/*/messages/@original", status=404, code=10015, times=None)
        await admin.slash(server.channel, "rebuild")
        assert admin.user.dm_channel.history()[-1].content.startswith("L’index n’a pas été reconstruit")
