import os
from pathlib import Path

import pytest

from bot.setting_up.folder import EXAMPLES, look_into, put_examples
from index.ingestion import MAX_FILE_MB, read_seeds


def state(folder: Path) -> str:
    return look_into(folder, MAX_FILE_MB).state


def test_articles_are_counted_by_their_format() -> None:
    Path("là/plus bas").mkdir(parents=True)
    for name in ("été.md", "Œuvre.PDF", "plus bas/a.md", "photo.png", ".caché.md", "~$lettre.docx"):
        Path("là", name).touch()
    found = look_into(Path("là"), MAX_FILE_MB)
    assert (found.state, found.formats, found.takes_examples) == ("holds", {".md": 2, ".pdf": 1}, False)


def test_a_folder_that_is_missing_or_empty_takes_examples() -> None:
    Path("vide").mkdir()
    Path("presque vide").mkdir()
    Path("presque vide/.DS_Store").touch()
    for name, expected in (("nulle part", "missing"), ("vide", "empty"), ("presque vide", "empty")):
        found = look_into(Path(name), MAX_FILE_MB)
        assert (found.state, found.takes_examples) == (expected, True)


def test_a_folder_of_other_files_takes_none() -> None:
    Path("photos").mkdir()
    Path("photos/a.png").touch()
    found = look_into(Path("photos"), MAX_FILE_MB)
    assert (found.state, found.takes_examples) == ("unread", False)


def test_a_file_is_no_folder() -> None:
    Path("a.md").touch()
    assert state(Path("a.md")) == "file"
    assert state(Path("a.md/dedans")) in ("missing", "closed")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_folder_that_may_not_be_read_is_closed_and_says_why() -> None:
    Path("fermé").mkdir(mode=0o000)
    found = look_into(Path("fermé"), MAX_FILE_MB)
    assert (found.state, found.reason) == ("closed", "Permission denied")


def test_a_name_that_is_too_long_for_the_system_is_closed() -> None:
    assert state(Path("x" * 5_000)) == "closed"


def test_the_examples_are_articles_in_each_language_that_ask_questions() -> None:
    put = put_examples(Path("mes articles/exemples"))
    assert sorted(path.name for path in put) == sorted(path.name for path in EXAMPLES.iterdir())
    read = read_seeds(Path("mes articles"), lambda text, fallback: fallback)
    assert {document.language for document in read.documents} == {"fr", "en"}
    assert read.skipped == []
    for document in read.documents:
        headings = [b.path[-1] for b in document.blocks if b.kind == "heading" and len(b.path) > 1]
        assert len([heading for heading in headings if heading.endswith("?")]) >= 5


def test_an_article_that_is_there_already_is_left_as_it_is() -> None:
    Path("là").mkdir()
    Path("là/babillard.fr.md").write_text("à moi", encoding="utf-8")
    assert [path.name for path in put_examples(Path("là"))] == ["babillard.en.md"]
    assert Path("là/babillard.fr.md").read_text(encoding="utf-8") == "à moi"
