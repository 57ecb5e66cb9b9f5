from unittest.mock import Mock

import discord
import pytest

from bot.discord.conversations import Conversations
from bot.discord.rules import MAX_COOLDOWN
from bot.errors import AnswerTimeoutError
from bot.messages import say
from index.errors import DamagedIndexError
from index.schema import Language
from tests.bot.discord.conftest import SIMULATED, Server

pytestmark = [pytest.mark.slow, pytest.mark.simcord(**SIMULATED)]

FRENCH = "Combien d’abonnés Netflix compte-t-il au Canada\u202f?"
FRENCH_QUOTE = (
    "> Netflix a maintenant sept millions d’abonnés au Canada, où la société vient de fêter son 10e anniversaire."
)
ENGLISH = "How many offices does Netflix have around the world?"
FRENCH_FOLLOW_UP = ("Et dans le monde\u202f?", "J’ai compris\u00a0: ")
ENGLISH_FOLLOW_UP = ("And in Rome?", "I understood: ")
UNANSWERED = "Quelle est la capitale de l’Australie\u202f?"


def replies(server: Server) -> list[discord.Message]:
    """Return what the bot wrote in the channel, oldest first."""
    return [m for m in server.channel.history() if m.author.id == server.client.user.id]  # type: ignore[union-attr]


def shown(message: discord.Message) -> str:
    """Return what a reader sees: the backslashes are Discord's, and so are the stars of what is bold."""
    return plain(message.content)


def plain(content: str) -> str:
    return content.replace("\\", "").replace("**", "")


class TestMention:
    async def test_a_question_is_answered_in_reply_with_its_quote_and_source(self, server: Server) -> None:
        asked = await server.alice.send(server.channel, f"{server.mention} {FRENCH}")
        [reply] = replies(server)
        assert reply.reference is not None
        assert reply.reference.message_id == asked.id
        assert "maintenant **sept millions** d’abonnés" in reply.content
        lines = shown(reply).split("\n")
        assert lines[0] == "Voici ce qu’en dit «\u00a0Netflix veut un bureau au Canada\u00a0»\u00a0:"
        assert lines[1] == f"{FRENCH_QUOTE} [1]"
        assert lines[2].startswith("-# [1] Netflix veut un bureau au Canada, § Le Canada en chiffres")
        assert lines[3].startswith("-# Index du <t:")

    async def test_the_reply_is_in_the_language_of_the_question(self, server: Server) -> None:
        await server.alice.send(server.channel, f"{server.mention} {ENGLISH}")
        assert shown(replies(server)[0]).startswith("Here is what “Netflix veut un bureau au Canada” says, in French:")

    async def test_a_mention_alone_is_told_how_to_ask(self, server: Server) -> None:
        await server.alice.send(server.channel, server.mention)
        assert "Ask me a question" in replies(server)[0].content

    async def test_an_abstention_names_where_people_answer(self, server: Server) -> None:
        humans = server.guild.create_text_channel("aide")
        server.rules.change_guild(server.guild.id, help_channel=humans.id)
        await server.alice.send(server.channel, f"{server.mention} {UNANSWERED}")
        text = shown(replies(server)[0])
        assert text.startswith("Je n’ai rien trouvé dans les articles")
        assert f"Des personnes répondent dans {humans.mention}." in text

    async def test_nobody_is_pinged(self, server: Server) -> None:
        await server.alice.send(server.channel, f"{server.mention} {server.bob.mention} @everyone {FRENCH}")
        for request in server.env.http_requests:
            if request.method == "POST" and request.path.endswith("/messages"):
                assert request.json is not None
                assert request.json["allowed_mentions"]["parse"] == []
                assert not request.json["allowed_mentions"].get("replied_user")

    @pytest.mark.parametrize("text", ["Bonjour à tous", "@everyone Combien\u202f?", "Where is the office?"])
    async def test_a_message_that_does_not_name_the_bot_is_left_alone(self, server: Server, text: str) -> None:
        await server.alice.send(server.channel, text)
        assert replies(server) == []

    async def test_other_bots_and_webhooks_are_left_alone(self, server: Server) -> None:
        robot = server.guild.add_member(server.env.create_user("robot", bot=True))
        await robot.send(server.channel, f"{server.mention} {FRENCH}")
        await server.guild.create_webhook(server.channel).send(f"{server.mention} {FRENCH}")
        assert replies(server) == []


class TestConversation:
    async def test_a_reply_to_the_bot_follows_up(self, server: Server) -> None:
        await server.alice.send(server.channel, f"{server.mention} {FRENCH}")
        await server.alice.send(
            server.channel, f"{server.mention} Et dans le monde\u202f?", reply_to=replies(server)[0]
        )
        assert shown(replies(server)[1]).startswith("-# J’ai compris\u00a0: ")

    @pytest.mark.parametrize(("follow_up", "understood"), [FRENCH_FOLLOW_UP, ENGLISH_FOLLOW_UP], ids=["fr", "en"])
    async def test_a_person_who_mentions_the_bot_again_follows_their_own_question_up(
        self, follow_up: str, understood: str, server: Server
    ) -> None:
        await server.alice.send(server.channel, f"{server.mention} {FRENCH}")
        await server.bob.send(server.channel, f"{server.mention} {ENGLISH}")
        await server.alice.send(server.channel, f"{server.mention} {follow_up}")
        assert shown(replies(server)[2]).startswith(f"-# {understood}{FRENCH} {follow_up}")

    async def test_a_mention_never_follows_up_what_somebody_else_asked(self, server: Server) -> None:
        await server.alice.send(server.channel, f"{server.mention} {FRENCH}")
        for follow_up, _ in (FRENCH_FOLLOW_UP, ENGLISH_FOLLOW_UP):
            await server.bob.send(server.channel, f"{server.mention} {follow_up}")
            assert not shown(replies(server)[-1]).startswith("-# ")

    async def test_a_reply_follows_up_the_answer_whoever_asked(self, server: Server) -> None:
        await server.bob.send(server.channel, f"{server.mention} {ENGLISH}")
        await server.alice.send(server.channel, f"{server.mention} {FRENCH}")
        await server.bob.send(server.channel, f"{server.mention} Et à Rome\u202f?", reply_to=replies(server)[1])
        assert shown(replies(server)[2]).startswith(f"-# J’ai compris\u00a0: {FRENCH} Et à Rome\u202f?")

    async def test_a_question_in_one_channel_is_not_followed_up_in_another(self, server: Server) -> None:
        other = server.guild.create_text_channel("ailleurs")
        await server.alice.send(server.channel, f"{server.mention} {FRENCH}")
        await server.alice.send(other, f"{server.mention} Et à Rome\u202f?")
        assert not shown(other.history()[-1]).startswith("-# ")

    async def test_a_thread_that_the_bot_opened_is_one_conversation(self, server: Server) -> None:
        server.rules.change_channel(server.guild.id, server.channel.id, threads=True)
        await server.alice.send(server.channel, f"{server.mention} {FRENCH}")
        [thread] = server.channel.threads
        await server.bob.send(thread, f"{server.mention} And in Rome?")
        assert shown(thread.history()[-1]).startswith(f"-# I understood: {FRENCH} And in Rome?")
        await server.alice.send(thread, f"{server.mention} Et à Toronto\u202f?")
        assert shown(thread.history()[-1]).startswith(f"-# J’ai compris\u00a0: {FRENCH} Et à Toronto\u202f?")

    async def test_a_conversation_changes_its_language_with_the_question(self, server: Server) -> None:
        await server.alice.send(server.channel, f"{server.mention} {FRENCH}")
        for follow_up, understood in (ENGLISH_FOLLOW_UP, FRENCH_FOLLOW_UP):
            await server.alice.send(server.channel, f"{server.mention} {follow_up}")
            assert shown(replies(server)[-1]).startswith(f"-# {understood}{FRENCH} {follow_up}")

    async def test_what_was_asked_in_private_is_followed_up_in_private_alone(self, server: Server) -> None:
        await server.alice.slash(server.channel, "ask", question=FRENCH, private=True)
        public = await server.alice.slash(server.channel, "ask", question="Et à Rome\u202f?")
        private = await server.alice.slash(server.channel, "ask", question="Et à Rome\u202f?", private=True)
        assert public.response is not None
        assert private.response is not None
        assert "abonnés" not in public.response.content.split("\n")[1]
        assert "J’ai compris" in private.response.content

    async def test_what_was_asked_in_private_stays_out_of_a_thread(self, server: Server) -> None:
        server.rules.change_channel(server.guild.id, server.channel.id, threads=True)
        await server.alice.send(server.channel, f"{server.mention} {ENGLISH}")
        [thread] = server.channel.threads
        await server.alice.slash(thread, "ask", question=FRENCH, private=True)
        await server.bob.send(thread, f"{server.mention} Et à Rome\u202f?")
        assert "abonnés" not in shown(thread.history()[-1]).split("\n")[0]

    async def test_forgetting_ends_the_conversation(self, server: Server) -> None:
        await server.alice.send(server.channel, f"{server.mention} {FRENCH}")
        await server.alice.slash(server.channel, "forget-me")
        await server.alice.send(
            server.channel, f"{server.mention} Et dans le monde\u202f?", reply_to=replies(server)[0]
        )
        assert "J’ai compris" not in replies(server)[-1].content

    async def test_in_private_no_mention_is_needed(self, server: Server) -> None:
        await server.alice.send_dm(FRENCH)
        history = server.alice.user.dm_channel.history()
        assert FRENCH_QUOTE in shown(history[-1])

    async def test_where_threads_are_chosen_the_answer_opens_one(self, server: Server) -> None:
        server.rules.change_channel(server.guild.id, server.channel.id, threads=True)
        await server.alice.send(server.channel, f"{server.mention} {FRENCH}")
        [thread] = server.channel.threads
        assert thread.name == FRENCH.replace("\u202f", " ")
        assert FRENCH_QUOTE in shown(thread.history()[-1])

    async def test_in_its_own_thread_no_mention_is_needed(self, server: Server) -> None:
        server.rules.change_channel(server.guild.id, server.channel.id, threads=True)
        await server.alice.send(server.channel, f"{server.mention} {FRENCH}")
        [thread] = server.channel.threads
        await server.bob.send(thread, f"{server.mention} {ENGLISH}")
        assert shown(thread.history()[-1]).startswith("Here is what")


class TestSlash:
    async def test_ask_is_deferred_then_answered_under_its_question(self, server: Server) -> None:
        result = await server.alice.slash(server.channel, "ask", question=FRENCH)
        first = next(r for r in server.env.http_requests if "/interactions/" in r.path)
        assert (first.json or {})["type"] == discord.InteractionResponseType.deferred_channel_message.value
        assert result.response is not None
        text = result.response.content.replace("\\", "")
        assert text.startswith("**Combien d’abonnés Netflix compte-t-il au Canada ?**\nVoici ce qu’en dit")
        assert FRENCH_QUOTE in plain(text)

    async def test_ask_in_private_is_seen_by_the_asker_alone(self, server: Server) -> None:
        result = await server.alice.slash(server.channel, "ask", question=FRENCH, private=True)
        assert result.ephemeral

    async def test_a_language_that_was_chosen_wins(self, server: Server) -> None:
        result = await server.alice.slash(server.channel, "ask", question=FRENCH, language="en")
        assert result.response is not None
        assert "Here is what" in result.response.content

    async def test_a_message_can_be_asked_about(self, server: Server) -> None:
        message = await server.bob.send(server.channel, FRENCH)
        result = await server.alice.context_menu(server.channel, "Ask about this", message)
        assert result.response is not None
        assert FRENCH_QUOTE in plain(result.response.content)


class TestEdits:
    async def test_an_edited_question_is_answered_anew(self, server: Server) -> None:
        asked = await server.alice.send(server.channel, f"{server.mention} {UNANSWERED}")
        await server.alice.edit(asked, f"{server.mention} {FRENCH}")
        [reply] = replies(server)
        assert FRENCH_QUOTE in shown(reply)

    async def test_an_edit_that_changes_no_word_changes_nothing(self, server: Server) -> None:
        asked = await server.alice.send(server.channel, f"{server.mention} {FRENCH}")
        [before] = replies(server)
        await server.alice.edit(asked, f"{server.mention}  {FRENCH}")
        assert [reply.id for reply in replies(server)] == [before.id]

    async def test_the_reply_to_a_deleted_question_goes(self, server: Server) -> None:
        asked = await server.alice.send(server.channel, f"{server.mention} {FRENCH}")
        await server.alice.delete(asked)
        assert replies(server) == []


class TestRules:
    async def test_outside_the_chosen_channels_the_asker_is_told_where(self, server: Server) -> None:
        other = server.guild.create_text_channel("ailleurs")
        server.rules.change_guild(server.guild.id, channels=frozenset({other.id}))
        await server.alice.send(server.channel, f"{server.mention} {FRENCH}")
        assert replies(server)[0].content == f"Ici, je ne réponds pas. Posez votre question dans {other.mention}."

    async def test_without_a_chosen_role_the_asker_is_told(self, server: Server) -> None:
        server.rules.change_guild(server.guild.id, roles=frozenset({server.guild.create_role("Membres").id}))
        await server.alice.send(server.channel, f"{server.mention} {ENGLISH}")
        assert replies(server)[0].content == "In this server, only some roles may ask me questions."

    async def test_a_second_question_at_once_waits(self, server: Server) -> None:
        server.rules.change_guild(server.guild.id, cooldown_seconds=MAX_COOLDOWN)
        await server.alice.send(server.channel, f"{server.mention} {FRENCH}")
        await server.alice.send(server.channel, f"{server.mention} {FRENCH}")
        assert replies(server)[1].content.startswith("Vous venez de poser une question.")

    async def test_the_default_language_is_that_of_the_server(self, server: Server) -> None:
        server.rules.change_guild(server.guild.id, language="fr")
        await server.alice.send(server.channel, server.mention)
        assert replies(server)[0].content.startswith("Posez-moi une question")

    async def test_the_questions_of_a_day_are_counted(self, server: Server) -> None:
        server.rules.change_guild(server.guild.id, daily_questions=1)
        await server.alice.send(server.channel, f"{server.mention} {FRENCH}")
        await server.bob.send(server.channel, f"{server.mention} {FRENCH}")
        assert replies(server)[1].content.startswith("Ce serveur a eu toutes ses questions du jour. Réessayez <t:")


class TestFaults:
    async def test_rules_that_cannot_be_read_are_said(self, server: Server) -> None:
        server.rules.close()
        await server.alice.send(server.channel, f"{server.mention} {FRENCH}")
        assert replies(server)[0].content.startswith("Je n’ai pas pu répondre")

    async def test_where_it_may_not_read_the_history_it_answers_without_a_reply(self, server: Server) -> None:
        server.env.inject_error("POST", f"/channels/{server.channel.id}/messages", status=403, code=160002, times=1)
        await server.alice.send(server.channel, f"{server.mention} {FRENCH}")
        [reply] = replies(server)
        assert reply.reference is None
        assert FRENCH_QUOTE in shown(reply)

    async def test_where_no_thread_can_be_opened_it_answers_in_the_channel(self, server: Server) -> None:
        server.rules.change_channel(server.guild.id, server.channel.id, threads=True)
        server.env.inject_error("POST", "/channels/*/messages/*/threads", status=403, code=50013)
        await server.alice.send(server.channel, f"{server.mention} {FRENCH}")
        assert FRENCH_QUOTE in shown(replies(server)[0])

    @pytest.mark.parametrize(
        ("error", "told"),
        [
            (RuntimeError("bogue"), "Je n’ai pas pu répondre"),
            (DamagedIndexError("l’index est abîmé"), "Je n’ai pas pu répondre"),
            (AnswerTimeoutError("60 s"), "La réponse a pris trop de temps"),
        ],
    )
    async def test_a_chain_that_fails_is_said_in_one_sentence(
        self, server: Server, error: Exception, told: str
    ) -> None:
        server.live.break_down(error)
        await server.alice.send(server.channel, f"{server.mention} {FRENCH}")
        assert replies(server)[0].content.startswith(told)

    @pytest.mark.parametrize(
        ("status", "code"),
        [
            pytest.param(403, 50013, id="missing permission"),
            pytest.param(404, 10003, id="deleted channel"),
            pytest.param(400, 50083, id="locked thread"),
        ],
    )
    async def test_where_it_cannot_write_it_answers_in_private(self, server: Server, status: int, code: int) -> None:
        path = f"/channels/{server.channel.id}/messages"
        server.env.inject_error("POST", path, status=status, code=code, times=None)
        await server.alice.send(server.channel, f"{server.mention} {FRENCH}")
        assert FRENCH_QUOTE in shown(server.alice.user.dm_channel.history()[-1])

    async def test_a_server_that_is_away_for_a_moment_is_tried_again(self, server: Server) -> None:
        server.env.inject_error("POST", f"/channels/{server.channel.id}/messages", status=503, times=2)
        await server.alice.send(server.channel, f"{server.mention} {FRENCH}")
        assert FRENCH_QUOTE in shown(replies(server)[0])

    @pytest.mark.parametrize(("status", "code"), [(404, 10015), (401, 50027)])
    async def test_an_interaction_that_expired_is_answered_in_the_channel(
        self, server: Server, status: int, code: int
    ) -> None:
        server.env.inject_error("PATCH", "/webhooks/*/*/messages/@original", status=status, code=code, times=None)
        await server.alice.slash(server.channel, "ask", question=FRENCH)
        assert FRENCH_QUOTE in shown(replies(server)[-1])

    async def test_a_private_answer_never_falls_back_to_the_channel(self, server: Server) -> None:
        server.env.inject_error("PATCH", "/webhooks/*/*/messages/@original", status=404, code=10015, times=None)
        await server.alice.slash(server.channel, "ask", question=FRENCH, private=True)
        assert all(FRENCH_QUOTE not in shown(m) for m in server.channel.history())
        assert FRENCH_QUOTE in shown(server.alice.user.dm_channel.history()[-1])

    @pytest.mark.simcord(**SIMULATED, check_errors=False)
    @pytest.mark.parametrize(("question", "language"), [(FRENCH, "fr"), (ENGLISH, "en")], ids=["fr", "en"])
    async def test_what_fails_before_a_message_is_answered_is_said_too(
        self, server: Server, monkeypatch: pytest.MonkeyPatch, question: str, language: Language
    ) -> None:
        monkeypatch.setattr(Conversations, "find", Mock(side_effect=RuntimeError("bogue")))
        await server.alice.send(server.channel, f"{server.mention} {question}")
        [reply] = replies(server)
        assert reply.content == say("failed", language)
        assert reply.reference is not None

    @pytest.mark.simcord(**SIMULATED, check_errors=False)
    async def test_what_fails_before_a_command_is_answered_is_said_too(
        self, server: Server, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(Conversations, "find", Mock(side_effect=RuntimeError("bogue")))
        result = await server.alice.slash(server.channel, "ask", question=FRENCH)
        assert result.ephemeral
        assert result.response is not None
        assert result.response.content == say("failed", "en")
