"""What a server chose, taught and learned shows nowhere else, whichever way one comes.

Server A chose the collection @cuisine, taught the password of its wifi and learned its rules. Everything is looked for
from server B, from a thread there, and from the direct messages of somebody who is in both.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import discord
import pytest
from simcord import ChannelHandle, InteractionResult, MemberActor
from typer.testing import CliRunner

from bot.answering.answer import Asker
from bot.cli import app
from bot.config import BotSettings
from bot.discord.library import Library, Progress
from bot.discord.limits import Limits
from bot.discord.metrics import Metrics
from bot.discord.supervisor import health, standing
from bot.live import LiveBot
from bot.messages import say
from index.layers import build_layers
from index.model.embedding import TextEmbeddings
from tests.bot.discord.cogs.test_asking import plain
from tests.bot.discord.cogs.test_teaching import content, custom_id
from tests.bot.discord.conftest import SIMULATED, Server

pytestmark = [pytest.mark.slow, pytest.mark.simcord(**SIMULATED)]

HALL = "La salle des fêtes se réserve à l’accueil, au moins dix jours avant la date. Elle compte 80 places."
WIFI, PASSWORD = "Quel est le mot de passe du wifi\u202f?", "Le mot de passe du wifi est «\u00a0tournesol\u00a0»."
RULES = "# Le règlement du Zorglubarium\n\nLe Zorglubarium ouvre à sept heures et ferme à minuit.\n"
RECIPE = """# La recette du barbajuan

## La préparation

1. Hachez deux kilos de courge.
2. Pliez la pâte en triangles.
3. Faites frire pendant quatre minutes.

## L’origine

Le barbajuan vient de Menton, où il se mange le 19 novembre.
"""
SECRETS = (
    ("Quel est le mot de passe du wifi\u202f?", "tournesol"),
    ("À quelle heure ouvre le Zorglubarium\u202f?", "sept heures"),
    ("Comment prépare-t-on le barbajuan\u202f?", "courge"),
    ("D’où vient le barbajuan\u202f?", "Menton"),
)
OWN = ("tournesol", "zorglubarium", "barbajuan", "courge", "menton", "règlement", "cuisine")
"""Words that stand nowhere but in what is A's."""


@pytest.fixture
def settings(tmp_path: Path, bundled: TextEmbeddings) -> BotSettings:
    seeds = tmp_path / "articles"
    (seeds / "@cuisine").mkdir(parents=True)
    (seeds / "salle.md").write_text(f"# La salle des fêtes\n\n{HALL}\n", encoding="utf-8")
    (seeds / "@cuisine" / "barbajuan.md").write_text(RECIPE, encoding="utf-8")
    (seeds / "@cuisine" / "glossary.csv").write_text("BJ,barbajuan\n", encoding="utf-8")
    settings = BotSettings(seeds_dir=seeds, index_dir=tmp_path / "index", data_dir=tmp_path / "data")
    build_layers(settings, bundled)
    return settings


@pytest.fixture
def live(settings: BotSettings, bundled: TextEmbeddings) -> Iterator[LiveBot]:
    live = LiveBot(settings, bundled)
    yield live
    live.close()


@dataclass
class Two:
    """Server A, in which all is, and server B."""

    a: Server
    library: Library

    def __post_init__(self) -> None:
        self.client = self.a.client
        manages = discord.Permissions(manage_guild=True)
        self.moderator = self.a.guild.add_member(
            self.a.env.create_user("modération"), roles=[self.a.guild.create_role("m", permissions=manages)]
        )
        self.b = self.a.env.create_guild()
        self.channel = self.b.create_text_channel("questions")
        self.threads = self.b.create_text_channel("fils")
        self.a.rules.change_guild(self.b.id, cooldown_seconds=0)
        self.a.rules.change_channel(self.b.id, self.threads.id, threads=True)
        self.spy = self.b.add_member(
            self.a.env.create_user("voisine"), roles=[self.b.create_role("m", permissions=manages)]
        )
        self.both = self.b.add_member(self.a.alice.user)  # somebody who is in both

    async def in_a(self, question: str) -> discord.Message:
        """Ask in server A, and return the reply."""
        await self.a.alice.send(self.a.channel, f"{self.a.mention} {question}")
        return self.a.channel.history()[-1]

    async def in_b(self, question: str) -> discord.Message:
        """Ask in server B."""
        await self.spy.send(self.channel, f"{self.a.mention} {question}")
        return self.channel.history()[-1]

    async def in_thread(self, question: str) -> discord.Message:
        """Ask in a thread of server B, twice, so that one is a question in the thread itself."""
        await self.spy.send(self.threads, f"{self.a.mention} {question}")
        thread = self.threads.threads[-1]
        await self.spy.send(thread, f"{self.a.mention} {question}")
        return thread.history()[-1]

    async def in_private(self, question: str) -> discord.Message:
        """Ask in direct messages, as somebody who is in A too."""
        self.let_pass()
        await self.a.alice.send_dm(question)
        return self.a.alice.user.dm_channel.history()[-1]

    def let_pass(self) -> None:
        """Let the seconds pass that are between two direct messages."""
        assert self.client._answerer is not None
        self.client._answerer._limits = Limits()

    async def elsewhere(self, question: str) -> list[discord.Message]:
        """Ask everywhere but in A."""
        return [await self.in_b(question), await self.in_thread(question), await self.in_private(question)]

    async def press(
        self,
        custom_id: str,
        value: str | None = None,
        who: MemberActor | None = None,
        where: ChannelHandle | None = None,
    ) -> InteractionResult:
        """Press a button, or choose in a menu, whose id was guessed: under a message of the bot in B, if not elsewhere.

        discord.py calls nobody for an id that the message does not have, so the message has it.
        """
        view = discord.ui.View(timeout=None)
        if value is None:
            view.add_item(discord.ui.Button(custom_id=custom_id, label="?"))
        else:
            view.add_item(discord.ui.Select(custom_id=custom_id, options=[discord.SelectOption(label=value)]))
        channel = self.client.get_channel((where or self.channel).id)
        assert isinstance(channel, discord.TextChannel)
        message = await channel.send("?", view=view)
        who = who or self.spy
        if value is None:
            return await who.click(message, custom_id=custom_id)
        return await who.select(message, [value], custom_id=custom_id)

    async def restart(self) -> None:
        """Forget all that is in memory."""
        self.client = self.a.started_again()
        await self.a.env.restart_bot(self.client)


@pytest.fixture
async def two(server: Server, library: Library) -> Two:
    server.rules.change_guild(server.guild.id, collection="cuisine")
    server.teaching.teach(server.guild.id, WIFI, PASSWORD, 1)
    await library.learn_file(server.guild.id, "règlement.md", RULES.encode(), Progress())
    return Two(server, library)


def told(text: str, *allowed: str) -> list[str]:
    """Return the words of A that a text tells, but for those that were in the question."""
    return [word for word in OWN if word in text.casefold() and word not in " ".join(allowed).casefold()]


@pytest.mark.parametrize("first", ["a", "elsewhere"])
async def test_answers_show_in_their_server_alone_whoever_asks_first(two: Two, first: str) -> None:
    for question, secret in SECRETS:
        replies = await two.elsewhere(question) if first == "elsewhere" else []
        assert secret in plain((await two.in_a(question)).content)
        for reply in replies or await two.elsewhere(question):
            assert secret not in reply.content
            assert told(reply.content, question) == []
    for reply in await two.elsewhere("Comment réserver la salle des fêtes\u202f?"):
        assert "dix jours" in plain(reply.content)


async def test_neither_spelling_nor_house_words_nor_near_titles_show(two: Two) -> None:
    for question, word in (
        ("Quand ouvre le zorglubarim\u202f?", "zorglubarium"),
        ("D’où viennent les BJ\u202f?", "barbajuan"),
    ):
        assert word in (await two.in_a(question)).content.casefold()
        for reply in await two.elsewhere(question):
            assert told(reply.content, question) == []
    for question in ("Combien coûte une soirée au club\u202f?", "Quel est le plat du jour\u202f?", "wifi"):
        for reply in await two.elsewhere(question):
            assert told(reply.content) == []


async def test_the_bot_tells_of_no_article_that_one_may_not_see(two: Two) -> None:
    at_home = plain((await two.in_a("Quels articles connais-tu\u202f?")).content)
    assert told(at_home) != []
    for reply in await two.elsewhere("Quels articles connais-tu\u202f?"):
        assert "1 article" in reply.content
        assert told(reply.content) == []
    for reply in await two.elsewhere("Que sais-tu faire\u202f?"):
        assert told(reply.content) == []


async def test_passages_and_sections_that_buttons_show_are_those_of_the_place(two: Two) -> None:
    for question, _ in SECRETS:
        reply = await two.in_b(question)
        for action in ("sources", "all", "fr", "en"):
            key = custom_id(reply, "en").rpartition(":")[2]
            shown = content(await two.press(f"babillard:{action}:{key}"))
            assert told(shown, question) == []


@pytest.mark.parametrize("in_memory", [True, False])
async def test_a_key_of_server_a_that_is_guessed_in_b_opens_nothing(two: Two, in_memory: bool) -> None:
    theirs = [await two.in_a(question) for question, _ in SECRETS]
    refused = await two.in_a("Où est le parapluie de tante Ursule\u202f?")
    if not in_memory:
        await two.restart()
    for reply in theirs:
        key = custom_id(reply, "sources").rpartition(":")[2]
        for action in ("sources", "all", "fr", "en"):
            assert content(await two.press(f"babillard:{action}:{key}")) == say("answer_gone", "en")
        for action in ("up", "down"):
            assert content(await two.press(f"babillard:{action}:{key}")) == say("vote_gone", "en")
        assert two.a.journal.votes(int(key)) == (0, 0)
        form = await two.press(f"babillard:teach:{key}")
        assert told(str(form.modal)) == []
    key = custom_id(refused, "teach").rpartition(":")[2]
    assert "Ursule" not in str((await two.press(f"babillard:teach:{key}")).modal)
    assert "Ursule" not in str((await two.press("babillard:gaps", key)).modal)


@pytest.mark.simcord(**SIMULATED, check_errors=False)
async def test_an_entry_of_server_a_is_neither_shown_nor_changed_from_b(two: Two) -> None:
    own = two.a.teaching.teach(two.b.id, "Où est la clé\u202f?", "Chez Zoé.", 2)
    (entry,) = two.a.teaching.store.entries(two.a.guild.id)
    guessed = [
        *(f"babillard:entry:{change}:{entry.number}" for change in ("edit", "withdraw", "restore")),
        *(f"babillard:lesson:{decision}:{entry.number}:0" for decision in ("keep", "drop")),
        f"babillard:lesson:replace:{own.number}:{entry.number}",
        f"babillard:lesson:replace:{entry.number}:{own.number}",
    ]
    for one in guessed:
        pressed = await two.press(one)
        assert (pressed.modal, content(pressed)) == (None, say("teach_gone", "en"))
    assert content(await two.press("babillard:taught", str(entry.number))) == say("teach_gone", "en")
    assert two.a.teaching.store.entries(two.a.guild.id) == [entry]
    assert two.a.teaching.store.entries(two.b.id) == [own]


@pytest.mark.simcord(**SIMULATED, check_errors=False)
async def test_the_lists_for_teachers_are_those_of_their_server(two: Two) -> None:
    for question, _ in SECRETS:
        await two.in_a(question)
    await two.in_a("Où est le parapluie de tante Ursule\u202f?")
    for command in ("taught", "gaps", "unlearn"):
        at_home, there = [
            content(await who.slash(where, command))
            for who, where in ((two.moderator, two.a.channel), (two.spy, two.channel))
        ]
        assert any(word in at_home for word in ("wifi", "Ursule", "règlement"))
        assert there in (say("taught_none", "en"), say("gaps_none", "en"), say("unlearn_none", "en"))
    assert await two.spy.autocomplete(two.channel, "unlearn", "source", "") == []
    (choice,) = await two.moderator.autocomplete(two.a.channel, "unlearn", "source", "")
    for name in (choice["value"], "règlement.md"):
        assert content(await two.spy.slash(two.channel, "unlearn", source=name)) == say("unlearn_unknown", "en")
    assert "sept heures" in plain((await two.in_a("À quelle heure ouvre le Zorglubarium\u202f?")).content)
    told_here = content(await two.spy.slash(two.channel, "babillard show"))
    assert told(told_here) == []


async def test_a_conversation_does_not_follow_from_one_server_to_another(two: Two) -> None:
    reply = await two.in_a("D’où vient le barbajuan\u202f?")
    await two.both.send(two.channel, f"{two.a.mention} Et pourquoi\u202f?")
    assert told(two.channel.history()[-1].content) == []
    assert told((await two.in_private("Et pourquoi\u202f?")).content) == []
    private = two.a.alice.user.dm_channel
    two.let_pass()
    await two.a.alice.forward(reply, private)
    assert told(private.history()[-1].content) == []
    assert told((await two.in_private("Et pourquoi\u202f?")).content) == []


async def test_a_collection_of_one_channel_stays_in_it(two: Two) -> None:
    a = two.a
    a.rules.change_guild(a.guild.id, collection="")
    a.rules.change_channel(a.guild.id, a.channel.id, collection="cuisine")
    question, secret = SECRETS[2]
    reply = await two.in_a(question)
    assert secret in plain(reply.content)
    other = a.guild.create_text_channel("autre")
    await a.alice.send(other, f"{a.mention} {question}")
    assert secret not in other.history()[-1].content
    key = custom_id(reply, "sources").rpartition(":")[2]
    assert secret not in content(await two.press(f"babillard:sources:{key}", who=a.bob, where=other))
    a.rules.change_channel(a.guild.id, a.channel.id, collection="")
    pressed = await a.bob.click(reply, custom_id=custom_id(reply, "sources"))
    assert secret not in content(pressed)


async def test_a_question_of_one_person_in_private_is_not_opened_by_another(two: Two) -> None:
    reply = await two.in_private("Comment réserver la salle des fêtes\u202f?")
    key = custom_id(reply, "sources").rpartition(":")[2]
    desk = two.a.client.desk
    assert await desk.recall(key, Asker(two.a.alice.id)) is not None
    assert await desk.recall(key, Asker(two.spy.id)) is None
    assert await desk.question_of(key, Asker(two.spy.id)) == ""


def printed(*arguments: str) -> str:
    ran = CliRunner().invoke(app, arguments)
    assert ran.exit_code == 0, ran.stderr
    return ran.stdout


async def test_report_metrics_and_the_command_line_tell_nothing_of_it(
    two: Two, settings: BotSettings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for question, _ in SECRETS:
        await two.in_a(question)
        await two.a.bob.send(two.a.channel, f"{two.a.mention} {question}")
    for name in ("seeds_dir", "index_dir", "data_dir"):
        monkeypatch.setenv(name.upper(), str(getattr(settings, name)))
    shown = [
        printed("report"),
        printed("report", "--json"),
        printed("report", "--guild", str(two.a.guild.id)),
        printed("report", "page.html"),
        (tmp_path / "page.html").read_text(encoding="utf-8"),
        json.dumps(health(standing(two.a.client))),
        Metrics(lambda: standing(two.a.client)).exposition().decode(),
        printed("index", "stats"),
        printed("doctor", "--json"),
    ]
    for text in shown:
        assert told(text) == []
        assert "wifi" not in text
        assert str(two.a.guild.id) not in text
    for question, secret in SECRETS:
        for command in (("index", "search"), ("index", "search", "--json"), ("ask",), ("ask", "--json")):
            found = printed(*command, question)
            assert told(found, question) == []
            assert secret not in found
