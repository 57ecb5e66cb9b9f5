from pathlib import Path

import pytest

from bot.config import BotSettings
from bot.doctor.finding import Finding, look
from bot.doctor.translator import translator
from bot.translation.engine import CTranslate2Engine

SCRIPT = {
    "Le bureau est ouvert du lundi au vendredi.": "The office is open from Monday to Friday.",
    "The office is open from Monday to Friday.": "Le bureau est ouvert du lundi au vendredi.",
}


def examined(folder: Path | None) -> Finding:
    return look("quotes", lambda: translator(BotSettings(translator=folder)))


def scripted(monkeypatch: pytest.MonkeyPatch, *pairs: tuple[str, str], script: dict[str, str]) -> Finding:
    monkeypatch.setattr(CTranslate2Engine, "__init__", lambda self, folder: None)
    monkeypatch.setattr(CTranslate2Engine, "pairs", frozenset(pairs))
    monkeypatch.setattr(CTranslate2Engine, "translate", lambda self, texts, pair: [script[text] for text in texts])
    return examined(Path("models"))


def test_without_a_folder_there_is_a_note() -> None:
    assert examined(None).state == "note"


def test_a_folder_without_models_fails_with_a_remedy(tmp_path: Path) -> None:
    found = examined(tmp_path)
    assert found.state == "failed"
    assert "babillard translator get" in found.said


def test_models_that_translate_a_plain_sentence_are_ok(monkeypatch: pytest.MonkeyPatch) -> None:
    found = scripted(monkeypatch, ("fr", "en"), ("en", "fr"), script=SCRIPT)
    assert found.state == "ok"
    assert found.said.startswith("fr to en in 0.")


def test_a_missing_direction_and_a_model_that_fails_the_checks_are_said(monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = dict.fromkeys(SCRIPT, "The office is open from Tuesday to Friday.")
    found = scripted(monkeypatch, ("fr", "en"), script=wrong)
    assert found.state == "note"
    assert "fr to en: “Le bureau est ouvert du lundi au vendredi.” fails the checks" in found.said
    assert "no model for en to fr" in found.said
