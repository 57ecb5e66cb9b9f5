"""Pages and files that a server learns in Discord."""

import asyncio
from collections.abc import Iterator

import pytest
from simcord import MemberActor

from bot.config import BotSettings
from bot.discord.cogs.learning import learned_text, progress_text
from bot.discord.library import MAX_MINUTES, MAX_PAGES, Learned, Library, Progress
from bot.fetching import visiting
from bot.fetching.learning import Outcome
from bot.messages import say
from bot.publishing import Publisher
from tests.bot.discord.cogs.test_teaching import answer, content, live, moderator, response, settings
from tests.bot.discord.conftest import SIMULATED, Server
from tests.bot.fetching.site import Site, loopback_learner, page, serving, xml

__all__ = ["live", "moderator", "settings"]  # fixtures

pytestmark = [pytest.mark.slow, pytest.mark.simcord(**SIMULATED)]

QUESTION = "À quelle heure ouvre le marché\u202f?"
TEXT = "Le marché de la place ouvre à sept heures et ferme à midi."


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as one:
        yield one


@pytest.fixture
def library(settings: BotSettings, publisher: Publisher) -> Library:
    return Library(settings, publisher, loopback_learner)


async def test_a_page_is_learned_by_the_server_with_its_address(
    server: Server, moderator: MemberActor, site: Site
) -> None:
    site["/marche"] = page(TEXT, "Le marché")
    assert "sept heures" not in await answer(server, QUESTION)
    told = await moderator.slash(server.channel, "learn", url=site.address("/marche"))
    assert response(told).ephemeral
    assert content(told).startswith(f"📄 {site.address('/marche')} — Le marché")
    assert content(told).endswith(say("learn_done", "en"))
    shown = await answer(server, QUESTION)
    assert "sept heures" in shown
    assert site.address("/marche") in shown


async def test_a_file_is_learned_and_cited_by_its_name(server: Server, moderator: MemberActor) -> None:
    told = await moderator.slash(server.channel, "learn", file=("marché.md", f"# Le marché\n\n{TEXT}".encode()))
    assert "📄 marché.md — Le marché" in content(told)
    assert "marché.md" in await answer(server, QUESTION)


async def test_a_sitemap_is_learned_in_its_bounds(server: Server, moderator: MemberActor, site: Site) -> None:
    names = [f"/p{n}" for n in range(MAX_PAGES + 3)]
    site["/sitemap.xml"] = xml(
        f"<urlset>{''.join(f'<url><loc>{site.address(name)}</loc></url>' for name in names)}</urlset>"
    )
    for name in names[:2]:
        site[name] = page(f"{TEXT} C’est la page {name}.", f"Page {name}")
    told = content(await moderator.slash(server.channel, "learn", url=site.address("/sitemap.xml")))
    assert f"Added: 2. Updated: 0. Unchanged: 0. Failed: {MAX_PAGES - 2}. Left out: 1." in told
    assert len([path for path in site.asked if path.startswith("/p")]) == MAX_PAGES
    again = content(await moderator.slash(server.channel, "learn", url=site.address("/p0")))
    assert again == "Added: 0. Updated: 0. Unchanged: 1. Failed: 0. Left out: 0."


async def test_what_was_learned_is_listed_proposed_and_forgotten(
    server: Server, moderator: MemberActor, site: Site
) -> None:
    assert content(await moderator.slash(server.channel, "unlearn")) == say("unlearn_none", "en")
    site["/marche"] = page(TEXT, "Le marché")
    await moderator.slash(server.channel, "learn", url=site.address("/marche"))
    await moderator.slash(server.channel, "learn", file=("note.txt", b"Une note sur rien."))
    listed = content(await moderator.slash(server.channel, "unlearn"))
    assert "2 pages and files" in listed
    assert "note.txt" in listed
    (choice,) = await moderator.autocomplete(server.channel, "unlearn", "source", "MARCHÉ")
    assert choice["name"].startswith("Le marché — http")
    told = content(await moderator.slash(server.channel, "unlearn", source=choice["value"]))
    assert told == say("unlearn_done", "en", count=1)
    assert "sept heures" not in await answer(server, QUESTION)
    assert "note.txt" in content(await moderator.slash(server.channel, "unlearn"))


@pytest.mark.simcord(**SIMULATED, check_errors=False)
async def test_what_cannot_be_learned_is_told_to_the_teacher_alone(
    server: Server, moderator: MemberActor, site: Site
) -> None:
    for told, expected in (
        (await moderator.slash(server.channel, "learn"), say("learn_what", "en")),
        (await moderator.slash(server.channel, "learn", url=site.address("/none")), "is not there"),
        (await moderator.slash(server.channel, "learn", url="example.org"), "https://"),
        (await moderator.slash(server.channel, "learn", file=("x.png", b"\x89PNG")), "picture"),
        (await moderator.slash(server.channel, "learn", file=("big.txt", bytes(20_000_001))), "more than 20 MB"),
        (await moderator.slash(server.channel, "unlearn", source="nothing"), say("unlearn_unknown", "en")),
        (await server.bob.slash(server.channel, "learn", url=site.address("/none")), say("not_teacher", "en")),
        (await server.bob.slash(server.channel, "unlearn"), say("not_teacher", "en")),
    ):
        assert response(told).ephemeral
        assert expected in content(told)
    assert await server.bob.autocomplete(server.channel, "unlearn", "source", "") == []


def test_how_far_it_is_and_what_became_of_it_is_told_in_french() -> None:
    progress = Progress()
    progress.expect(12)
    progress.done = 3
    assert progress_text(progress, "fr") == "Je lis… 3 pages sur 12"
    many = Learned(tuple(Outcome(f"https://a.example/{n}", "added", f"_Page_ {n}") for n in range(30)))
    text = learned_text(many, "fr")
    assert "\\_Page\\_ 0" in text
    assert "… et 10 de plus" in text
    assert "Ajouts\u00a0: 30." in text
    assert MAX_MINUTES < 15


async def test_the_next_asker_is_answered_from_what_was_refreshed_while_the_bot_serves(
    server: Server, moderator: MemberActor, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(visiting, "PAUSE", 0.0)
    site["/marche"] = page(TEXT, "Le marché")
    await moderator.slash(server.channel, "learn", url=site.address("/marche"))
    assert "sept heures" in await answer(server, QUESTION)
    site["/marche"] = page(TEXT.replace("sept", "neuf"), "Le marché")
    renewal = server.client.renewal
    renewal._settings = renewal._settings.model_copy(update={"refresh_hours": 1})
    refreshing = asyncio.create_task(renewal.look())
    assert "heures" in await answer(server, QUESTION)  # whatever happens meanwhile
    await refreshing
    assert "neuf heures" in await answer(server, QUESTION)
    assert say("unlearn_title", "en", count=1) in content(await moderator.slash(server.channel, "unlearn"))
    del site["/marche"]
    await server.client.library.refresh(server.guild.id, {})
    assert "neuf heures" in await answer(server, QUESTION)  # gone from the web, and kept
