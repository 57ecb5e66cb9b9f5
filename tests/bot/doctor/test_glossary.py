from pathlib import Path

import pytest

from bot.config import BotSettings
from bot.doctor.glossary import MAX_NAMED, glossary
from index.build import build_index
from tests.fakes import HashingEmbeddings


@pytest.fixture
def settings(tmp_path: Path) -> BotSettings:
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "paie.md").write_text("La prime d’équipe est versée le 27. Le RAF se compte.", encoding="utf-8")
    return BotSettings(seeds_dir=folder, index_dir=tmp_path / "index")


def found(settings: BotSettings, *rows: str, name: str = "glossary.csv") -> list[tuple[str, str]]:
    (settings.seeds_dir / name).write_text("\n".join(rows), encoding="utf-8")
    return [(finding.state, finding.said) for finding in glossary(settings)]


def test_without_a_glossary_there_is_a_note(settings: BotSettings, tmp_path: Path) -> None:
    assert [finding.state for finding in glossary(settings)] == ["note"]
    assert [finding.state for finding in glossary(BotSettings(seeds_dir=tmp_path / "là"))] == ["note"]


@pytest.mark.parametrize("name", ["glossary.csv", "glossaire.csv", "Glossary.CSV"])
def test_the_words_are_counted(settings: BotSettings, name: str) -> None:
    rows = ("mot;sens", "PE;prime d’équipe", "RAF;reste à faire")
    assert found(settings, *rows, name=name) == [("ok", f"2 words in {settings.seeds_dir / name}")]


def test_a_row_without_a_meaning_fails_with_its_line(settings: BotSettings) -> None:
    ((state, said),) = found(settings, "PE;prime d’équipe", "RAF;")
    assert state == "failed"
    assert said.startswith(f"line 2 of {settings.seeds_dir / 'glossary.csv'} has no meaning for RAF")


def test_many_such_rows_are_not_all_named(settings: BotSettings) -> None:
    told = found(settings, *(f"M{n};" for n in range(MAX_NAMED + 2)))
    assert [state for state, _ in told] == ["failed"] * (MAX_NAMED + 1)
    assert told[-1][1] == "and 2 more"


def test_what_is_no_text_fails(settings: BotSettings) -> None:
    (settings.seeds_dir / "glossary.csv").write_bytes(bytes(range(256)) * 4)
    assert [finding.state for finding in glossary(settings)] == ["failed"]


def test_an_faq_of_that_name_fails(settings: BotSettings) -> None:
    ((state, said),) = found(settings, "question,answer", "Quand ?,À midi.")
    assert (state, "FAQ" in said) == ("failed", True)


def test_a_word_with_two_meanings_is_noted(settings: BotSettings) -> None:
    told = found(settings, "PE;prime d’équipe", "pe;plan d’épargne", "PE;Prime d’équipe")
    assert [state for state, _ in told] == ["ok", "note"]
    assert "PE means “prime d’équipe” and “plan d’épargne”" in told[1][1]


def test_a_word_that_no_article_holds_in_either_form_is_noted(
    settings: BotSettings, embeddings: HashingEmbeddings
) -> None:
    rows = ("PE;prime d’équipe", "RAF;reste à faire", "D2B;dossier de deuxième bureau", "prod;la production")
    found(settings, *rows)
    build_index(settings.seeds_dir, settings.index_dir, embeddings)
    (_, (state, said)) = found(settings, *rows)
    assert state == "note"
    assert said.startswith("no article holds D2B, prod,")
