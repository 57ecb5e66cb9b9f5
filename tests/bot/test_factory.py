from dataclasses import replace
from pathlib import Path

import pytest

from bot.answering.answer import Question
from bot.answering.plain import plain_text, record
from bot.answering.readers.shipped import load_span_reader
from bot.answering.understanding import MAX_QUESTION
from bot.config import BotSettings
from bot.errors import TranslationError
from bot.factory import Bot, build_bot
from bot.messages import say
from bot.translation.checked import CheckedTranslator
from bot.translation.quotes import QuoteTranslator
from index.build import build_index
from index.errors import EmbeddingError, MissingIndexError, StaleIndexError
from index.model.embedding import TextEmbeddings
from index.schema import Language
from tests.bot.fakes import FRENCH
from tests.bot.translation.scripted import ScriptedEngine
from tests.fakes import HashingEmbeddings
from tests.processes import run_python


class OtherModel(HashingEmbeddings):
    model = "another-model"


def test_the_bot_carries_the_model_it_was_given_and_the_manifest_of_its_index(settings: BotSettings) -> None:
    embeddings: TextEmbeddings = HashingEmbeddings()
    bot = build_bot(settings, embeddings)
    assert isinstance(bot, Bot)
    assert bot.embeddings is embeddings
    assert bot.manifest.documents == 2
    assert bot.manifest.model == embeddings.model


@pytest.mark.parametrize(
    ("question", "language"),
    [
        pytest.param("Le musée l’a achetée en 1998 ?", "fr", id="fr"),
        pytest.param("Where does the ferry leave Lévis at noon?", "en", id="en"),
    ],
)
def test_the_chain_answers_or_abstains_over_that_index(
    question: str, language: Language, settings: BotSettings
) -> None:
    answer = build_bot(settings, HashingEmbeddings()).chain.invoke(Question(question))
    assert answer.language == language
    assert {hit.chunk.document_id for hit in answer.hits} == {"musee.md", "ferry.en.txt"}
    assert len(answer.question) <= MAX_QUESTION


def test_it_tells_which_articles_it_knows(settings: BotSettings) -> None:
    answer = build_bot(settings, HashingEmbeddings()).chain.invoke(Question("Which articles do you have?"))
    assert plain_text(answer).startswith("I know 2 articles. ")
    assert plain_text(answer).endswith("• Ferry\n• Le musée")


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_default_language_is_the_fallback(language: Language, settings: BotSettings) -> None:
    bot = build_bot(settings.model_copy(update={"default_language": language}), HashingEmbeddings())
    assert plain_text(bot.chain.invoke(Question("42"))) == say("no_question", language)


def test_top_k_bounds_what_is_found(tmp_path: Path) -> None:
    seeds, index = tmp_path / "many", tmp_path / "index"
    seeds.mkdir()
    for number in range(12):
        (seeds / f"{number}.md").write_text(f"# Le musée {number}\n\n{FRENCH}\n", encoding="utf-8")
    build_index(seeds, index, HashingEmbeddings())
    bot = build_bot(BotSettings(seeds_dir=seeds, index_dir=index, top_k=6), HashingEmbeddings())
    assert len(bot.chain.invoke(Question("Qui a acheté l’œuvre ?")).hits) == 6


def test_a_missing_index_is_said(settings: BotSettings, tmp_path: Path) -> None:
    with pytest.raises(MissingIndexError, match="index rebuild"):
        build_bot(settings.model_copy(update={"index_dir": tmp_path / "nulle part"}), HashingEmbeddings())


def test_an_index_of_another_model_is_refused(settings: BotSettings) -> None:
    with pytest.raises(StaleIndexError, match="index rebuild"):
        build_bot(settings, OtherModel())


@pytest.mark.slow
def test_a_model_that_is_not_there_is_said(settings: BotSettings, tmp_path: Path) -> None:
    with pytest.raises(EmbeddingError, match="EMBEDDING_MODEL"):
        build_bot(settings.model_copy(update={"embedding_model": str(tmp_path)}))


@pytest.mark.slow
def test_two_bots_over_one_index_give_the_same_answer(seed_bot: Bot, seed_index: Path, bundled: TextEmbeddings) -> None:
    other = build_bot(BotSettings(index_dir=seed_index), bundled)
    question = Question("Combien d’abonnés Netflix compte-t-il au Canada ?")
    first, second = seed_bot.chain.invoke(question), other.chain.invoke(question)
    assert replace(first, timings_ms={}) == replace(second, timings_ms={})


def test_each_answer_tells_the_generation_that_it_comes_from(settings: BotSettings) -> None:
    bot = build_bot(settings, HashingEmbeddings())
    answer = bot.chain.invoke(Question(FRENCH))
    assert record(answer)["generation"] == answer.generation == bot.manifest.generation != ""


def test_a_span_model_that_cannot_be_loaded_is_said_once_and_the_lighter_reader_answers(
    settings: BotSettings, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    monkeypatch.setattr("bot.factory.load_span_reader", lambda **_: load_span_reader(tmp_path))
    bot = build_bot(settings.model_copy(update={"reader": "span"}), HashingEmbeddings())
    assert bot.reader.name == "similarity"
    (warning,) = caplog.messages
    assert "READER=similarity" in warning
    build_bot(settings.model_copy(update={"reader": "span"}), HashingEmbeddings(), bot.reader)
    assert len(caplog.messages) == 1


def test_the_lighter_reader_is_used_without_a_word_when_it_is_asked_for(
    settings: BotSettings, caplog: pytest.LogCaptureFixture
) -> None:
    bot = build_bot(settings.model_copy(update={"reader": "similarity"}), HashingEmbeddings())
    assert bot.reader.name == "similarity"
    assert not caplog.messages


def test_without_the_setting_nothing_of_the_translator_is_loaded_but_its_commands() -> None:
    script = (
        "import sys\nfrom bot.cli import app\n"
        "from bot.config import BotSettings\nfrom bot.factory import load_translator\n"
        "assert load_translator(BotSettings()) is None\n"
        "ours = ('bot.translation', 'ctranslate2', 'sentencepiece')\n"
        "print(sorted(name for name in sys.modules if name.startswith(ours)))"
    )
    done = run_python("-c", script)
    assert (done.stdout.strip(), done.stderr) == ("['bot.translation', 'bot.translation.cli']", "")


def test_a_folder_without_models_is_said_before_anything_is_answered(settings: BotSettings, tmp_path: Path) -> None:
    with pytest.raises(TranslationError, match="babillard translator get"):
        build_bot(settings.model_copy(update={"translator": tmp_path}), HashingEmbeddings())


def test_quotes_in_another_language_are_translated_after_the_chain_and_from_the_cache_too(
    settings: BotSettings,
) -> None:
    quote = "Le musée de Trois-Rivières l’a achetée en 1998."
    translated = "The museum of Trois-Rivières bought it in 1998."
    engine = ScriptedEngine({quote: translated})
    bot = build_bot(settings, HashingEmbeddings(), translator=QuoteTranslator(CheckedTranslator(engine)))
    found = [bot.chain.invoke(Question("Le musée de Trois-Rivières l’a achetée en 1998 ?", "en")) for _ in range(2)]
    assert [answer.citations[0].quote for answer in found] == [quote, quote]
    assert [answer.translations for answer in found] == [(translated,), (translated,)]
    assert "cached" in found[1].timings_ms
    assert engine.asked == [quote]
    assert bot.chain.invoke(Question("Le musée de Trois-Rivières l’a achetée en 1998 ?", "fr")).translations == ()


def test_a_new_generation_keeps_the_translator(settings: BotSettings) -> None:
    bot = build_bot(settings, HashingEmbeddings(), translator=QuoteTranslator(CheckedTranslator(ScriptedEngine({}))))
    again = build_bot(settings, bot.embeddings, bot.reader, bot.writer, bot.translator)
    assert again.translator is bot.translator
