"""What is talk, and what is a question however friendly."""

import json
from pathlib import Path

import pytest

from bot.answering.answer import Talk
from bot.answering.talk import hear
from index.schema import Language

TALK: list[tuple[str, Talk, Language | None]] = [
    ("salut", "greeting", "fr"),
    ("Bonjour !", "greeting", "fr"),
    ("BONSOIR", "greeting", "fr"),
    ("saluuuut", "greeting", "fr"),
    ("bonjuor", "greeting", "fr"),
    ("Bon matin tout le monde", "greeting", "fr"),
    ("ça va ?", "greeting", "fr"),
    ("Salut, comment vas-tu ?", "greeting", "fr"),
    ("hello", "greeting", "en"),
    ("Hi there!", "greeting", "en"),
    ("heyyy how are u", "greeting", "en"),
    ("What’s up?", "greeting", "en"),
    ("Good morning everyone 👋", "greeting", "en"),
    ("I have a question", "greeting", "en"),
    ("merci", "thanks", "fr"),
    ("Merci beaucoup pour ton aide !!!", "thanks", "fr"),
    ("mercii bcp", "thanks", "fr"),
    ("je vous remercie", "thanks", "fr"),
    ("Super, merci 🙏", "thanks", "fr"),
    ("thx", "thanks", "en"),
    ("thnaks a lot", "thanks", "en"),
    ("Thank you so much for your help :)", "thanks", "en"),
    ("perfect, thanks!", "thanks", "en"),
    ("🙏🏽", "thanks", None),
    ("bonne nuit", "goodbye", "fr"),
    ("Merci, au revoir.", "goodbye", "fr"),
    ("À la prochaine !", "goodbye", "fr"),
    ("Bonne fin de semaine", "goodbye", "fr"),
    ("bye bye", "goodbye", "en"),
    ("Good night, see you tomorrow", "goodbye", "en"),
    ("you’re great", "praise", "en"),
    ("youre awesome", "praise", "en"),
    ("good bot", "praise", "en"),
    ("t’es trop cool", "praise", "fr"),
    ("Bravo, bon travail !", "praise", "fr"),
    ("❤️", "praise", None),
    ("ok parfait", "fine", "fr"),
    ("OK", "fine", None),
    ("lol", "fine", None),
    ("mdrrrr", "fine", "fr"),
    ("👍🏽", "fine", None),
    ("hahahaha", "fine", None),
    ("d’accord", "fine", "fr"),
    ("no problem", "fine", "en"),
    ("tu sers à rien", "sorry", "fr"),
    ("bad bot", "sorry", "en"),
]

ABOUT: list[tuple[str, Talk, Language | None]] = [
    ("qui es-tu ?", "about", "fr"),
    ("t’es qui toi", "about", "fr"),
    ("Tu peux faire quoi ?", "about", "fr"),
    ("Qu’est-ce que tu sais faire ?", "about", "fr"),
    ("à quoi tu sers", "about", "fr"),
    ("aide", "about", "fr"),
    ("AIDE !!!", "about", "fr"),
    ("Bonjour, j’ai besoin d’aide", "about", "fr"),
    ("est-ce que tu es un robot ?", "about", "fr"),
    ("Es-tu une IA ?", "about", "fr"),
    ("cest quoi ton nom", "about", "fr"),
    ("help", "about", "en"),
    ("Can you help me please?", "about", "en"),
    ("Who are you?", "about", "en"),
    ("hi, who r u", "about", "en"),
    ("what can you do?", "about", "en"),
    ("Are you a robot?", "about", "en"),
    ("are you an AI", "about", "en"),
    ("what's your name", "about", "en"),
    ("How do I use this bot?", "about", "en"),
    ("Quels articles connais-tu ?", "articles", "fr"),
    ("combien d’articles as-tu ?", "articles", "fr"),
    ("combien d’articles ?", "articles", "fr"),
    ("De quoi parle le site ?", "articles", "fr"),
    ("liste des articles", "articles", "fr"),
    ("Sur quoi puis-je te poser des questions ?", "articles", "fr"),
    ("Which articles do you have?", "articles", "en"),
    ("how many articles do you have", "articles", "en"),
    ("List all the articles", "articles", "en"),
    ("What is this site about?", "articles", "en"),
    ("what do you know", "articles", "en"),
    ("What is this article about?", "articles", "en"),
]

QUESTIONS = [
    "aide au logement",
    "Aide aux devoirs : c’est quand ?",
    "help with login",
    "Help me reset my password",
    "I need help with my account",
    "hello world",
    "Hello Kitty",
    "How do I write hello world in Rust?",
    "ok google",
    "Qui est le président ?",
    "Qui êtes-vous autorisés à inviter ?",
    "Who are you going to hire?",
    "What can you do with a passport?",
    "Que faire en cas d’accident ?",
    "Are you open on Sunday?",
    "Es-tu ouvert le dimanche ?",
    "Combien d’articles compte la Constitution ?",
    "How many articles does the treaty have?",
    "How many articles did Einstein publish?",
    "Quels articles sont interdits en cabine ?",
    "Which articles are banned on board?",
    "De quoi parle le film ?",
    "What is the article on hedgehogs about?",
    "Merci qui ?",
    "Que veut dire « merci » en anglais ?",
    "What does “bye” mean in French?",
    "Bonne nuit les petits",
    "Good Morning America",
    "Nice ?",
    "Et Nice ?",
    "Super ?",
    "Parfait ?",
    "et à Paris ?",
    "and on Sunday?",
    "Pourquoi ?",
    "Combien ?",
    "How?",
    "chiens",
    "horaires",
    "tarif",
    "wifi password",
    "bot",
    "robot",
    "reçu",
    "tanks",
    "Le bot est en panne",
    "Le salut de l’âme",
    "Thanksgiving",
    "thank you letter",
    "goodbye party date",
    "ça marche comment, l’inscription ?",
    "commandes",
]

HIDDEN = [  # what was typed, and what is searched
    ("Bonjour, comment m’inscrire ?", "comment m’inscrire ?"),
    ("bonjour comment m’inscrire", "comment m’inscrire"),
    ("Bonjour à tous, est-ce que c’est gratuit ?", "est-ce que c’est gratuit ?"),
    ("merci, et comment on annule ?", "et comment on annule ?"),
    ("Ok merci ! Et le dimanche ?", "Et le dimanche ?"),
    ("Hello 👋 how do I log in?", "how do I log in?"),
    ("hi is there a dress code", "is there a dress code"),
    ("Good evening! Where is the office?", "Where is the office?"),
    ("Thanks. And how do I cancel?", "And how do I cancel?"),
    ("Comment changer mon mot de passe ? Merci d’avance !", "Comment changer mon mot de passe ?"),
    ("How do I change my password?\nThanks in advance", "How do I change my password?"),
    ("Bonjour « Œuvre » est où ?", "Bonjour « Œuvre » est où ?"),
    ("Bonjour tristesse, qui l’a écrit ?", "Bonjour tristesse, qui l’a écrit ?"),
    ("Good night and good luck: who directed it?", "Good night and good luck: who directed it?"),
    ("Hi-Fi: what does it stand for?", "Hi-Fi: what does it stand for?"),
]


@pytest.mark.parametrize(("text", "talk", "language"), TALK + ABOUT)
def test_talk_is_told_with_its_language(text: str, talk: Talk, language: Language | None) -> None:
    assert (hear(text).talk, hear(text).language) == (talk, language)


@pytest.mark.parametrize("text", QUESTIONS)
def test_what_may_be_a_question_is_one_and_stays_as_it_is(text: str) -> None:
    message = hear(text)
    assert (message.talk, message.question) == (None, text)


@pytest.mark.parametrize(("text", "question"), HIDDEN)
def test_the_courtesies_around_a_question_are_not_searched(text: str, question: str) -> None:
    message = hear(text)
    assert (message.talk, message.question) == (None, question)


@pytest.mark.parametrize("text", ["combien d’articles ?", "How many articles are there?", "Résume l’article"])
def test_what_may_follow_up_a_question_is_talk_only_where_there_was_none(text: str) -> None:
    assert hear(text).talk == "articles"
    assert hear(text, is_first=False).talk is None


@pytest.mark.parametrize("text", ["", "   ", "42 ?", "🥐", ":-)", "…", "!!!", "\u00e9" * 1000, "merci " * 500 + "?"])
def test_any_text_is_heard(text: str) -> None:
    assert hear(text).talk in (None, "thanks")


def test_no_question_of_the_development_sets_passes_for_talk(shared: Path) -> None:
    files = ["data/piaf-1.1.fr.dev.json", "data/squad-2.0.en.dev.json"]
    paragraphs = [
        paragraph
        for file in files
        for article in json.loads((shared / file).read_text(encoding="utf-8"))["data"]
        for paragraph in article["paragraphs"]
    ]
    questions = [question["question"] for paragraph in paragraphs for question in paragraph["qas"]]
    documentation = json.loads((shared / "docs/yunohost/questions.json").read_text(encoding="utf-8"))
    asked = [*questions[::20], *(question["question"] for question in documentation)]
    assert len(asked) > 400
    assert not [text for text in asked if hear(text).talk]
