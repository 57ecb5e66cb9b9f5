from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.answering.answer import Answer
from bot.config import BotSettings
from bot.errors import SettingUpError
from bot.messages import say
from bot.setting_up.finishing import Finishing, glimpse
from bot.setting_up.plan import Plan
from index.schema import Language
from tests.bot.fakes import cite, make_chunk, make_hit

TOKEN = SecretStr("MTIz.Zx-9_q.très-secret")
OLD = "# à moi\nSEEDS_DIR=seeds\nTOP_K=7\n"


@pytest.fixture
def finishing() -> Finishing:
    return Finishing("fr", "babillard")


def env() -> str:
    return Path(".env").read_text(encoding="utf-8")


# --------------------------------------------------------------------------------------------------- what is written


@pytest.mark.parametrize(("language", "more"), [("fr", "DEFAULT_LANGUAGE=fr\n"), ("en", "")])
def test_a_new_file_holds_the_folder_the_token_and_the_language(language: Language, more: str) -> None:
    Finishing(language, "babillard").settle(Plan(Path("là"), token=TOKEN), BotSettings())
    assert env().partition("\n")[2] == f"SEEDS_DIR=là\nDISCORD_TOKEN=MTIz.Zx-9_q.très-secret\n{more}"


def test_in_an_old_file_only_what_changed_is_changed(finishing: Finishing, capsys: pytest.CaptureFixture[str]) -> None:
    Path(".env").write_text(OLD, encoding="utf-8")
    finishing.settle(Plan(Path("là")), BotSettings())
    assert env() == OLD.replace("=seeds", "=là")
    said = capsys.readouterr().out
    assert "Réglé\u00a0: SEEDS_DIR." in said
    assert say("init_backup", "fr", backup=".env.bak") in said


def test_the_same_answers_again_change_nothing(finishing: Finishing, capsys: pytest.CaptureFixture[str]) -> None:
    Path(".env").write_text(OLD, encoding="utf-8")
    finishing.settle(Plan(Path("seeds")), BotSettings())
    assert env() == OLD
    assert not Path(".env.bak").exists()
    assert capsys.readouterr().out == say("init_unchanged", "fr") + "\n"


def test_the_token_is_never_shown(finishing: Finishing, capsys: pytest.CaptureFixture[str]) -> None:
    finishing.settle(Plan(Path("seeds"), token=TOKEN), BotSettings())
    written = capsys.readouterr()
    assert "DISCORD_TOKEN" in written.out
    assert "secret" not in written.out + written.err


def test_a_setting_that_the_environment_overrules_is_named(
    finishing: Finishing, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SEEDS_DIR", "ailleurs")
    finishing.settle(Plan(Path("là")), BotSettings())
    assert say("init_overruled", "fr", setting="SEEDS_DIR") in capsys.readouterr().out


def test_examples_are_put_where_they_were_wanted(finishing: Finishing, capsys: pytest.CaptureFixture[str]) -> None:
    finishing.settle(Plan(Path("neuf"), with_examples=True), BotSettings())
    assert sorted(path.name for path in Path("neuf").iterdir()) == ["babillard.en.md", "babillard.fr.md"]
    assert "babillard.en.md, babillard.fr.md" in capsys.readouterr().out


def test_what_cannot_be_written_is_said_with_the_remedy(finishing: Finishing) -> None:
    Path("fichier").touch()
    with pytest.raises(SettingUpError, match="fichier/neuf ne peut pas être écrit"):
        finishing.settle(Plan(Path("fichier/neuf"), with_examples=True), BotSettings())
    Path(".env").mkdir()
    with pytest.raises(SettingUpError, match=r"\.env ne peut pas être écrit"):
        finishing.settle(Plan(Path("là")), BotSettings())


# ------------------------------------------------------------------------------------------------------ what is shown


def shown(text: str) -> str:
    chunk = make_chunk(text, title="Le\x1b[2J musée")
    citation = cite(chunk)
    whole = type(citation)(**{**{f: getattr(citation, f) for f in citation.__slots__}, "quote": text, "end": len(text)})
    return glimpse(Answer("?", "fr", citations=(whole,), hits=(make_hit(chunk),)))


def test_an_answer_is_shown_on_a_line_with_its_article() -> None:
    assert shown("Le musée ouvre à midi.") == "Le musée ouvre à midi. — Le[2J musée"


@pytest.mark.parametrize(
    ("text", "begins"),
    [
        pytest.param("## Horaires\n\nOuvert à midi.", "Ouvert à midi. —", id="under-a-heading"),
        pytest.param("Il faut\u00a0:\n\n- une pièce\n- une photo", "Il faut\u00a0: une pièce —", id="announced"),
        pytest.param("## Horaires", "Horaires —", id="heading-alone"),
        pytest.param("| jour | heure |\n| --- | --- |\n| lundi | midi |", "lundi | midi —", id="table"),
        pytest.param("mot " * 99, f"{'mot ' * 21}mot… —", id="long"),
    ],
)
def test_what_has_a_shape_is_shown_by_how_it_begins(text: str, begins: str) -> None:
    assert shown(text).startswith(begins)
