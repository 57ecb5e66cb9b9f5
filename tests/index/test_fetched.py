import json
from pathlib import Path

import pytest

from index.errors import SeedsError
from index.fetched import RECORD, read_told
from index.ingestion import hash_seeds, read_seeds
from index.schema import Document, Language

HTML = '<head><link rel="canonical" href="https://claimed.example/"></head><p>Bonjour. <a href="plan">Le plan</a></p>'


def keep(text: str, fallback: Language) -> Language:
    return fallback


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "example.org").mkdir()
    (tmp_path / "example.org" / "a-0123456789.html").write_text(HTML, encoding="utf-8")
    return tmp_path


def record(folder: Path, **changes: object) -> None:
    page = {"file": "example.org/a-0123456789.html", "address": "https://example.org/dir/a", "title": "A", "date": None}
    (folder / RECORD).write_text(json.dumps({"pages": [page | changes]}), encoding="utf-8")


def read(folder: Path) -> Document:
    (document,) = read_seeds(folder, keep).documents
    return document


def test_the_address_that_was_fetched_counts_more_than_the_one_that_the_page_claims(folder: Path) -> None:
    assert read(folder).source == "https://claimed.example/"
    record(folder)
    document = read(folder)
    assert document.source == "https://example.org/dir/a"
    assert "[Le plan](https://example.org/dir/plan)" in document.text


def test_title_and_date_of_the_record_stand_in_for_those_that_the_page_does_not_tell(folder: Path) -> None:
    record(folder, title="Le guide", date="2026-05-04")
    document = read(folder)
    assert (document.title, document.date) == ("Le guide", "2026-05-04")
    file = folder / "example.org" / "a-0123456789.html"
    file.write_text(
        '<head><meta property="article:published_time" content="2020-01-02"></head><h1>Titre</h1><p>Bonjour.',
        encoding="utf-8",
    )
    document = read(folder)
    assert (document.title, document.date) == ("Titre", "2020-01-02")


def test_a_given_file_is_cited_by_its_name_and_titled_by_itself(folder: Path) -> None:
    (folder / "_given").mkdir()
    (folder / "example.org" / "a-0123456789.html").unlink()
    (folder / "_given" / "0012.txt").write_text("Le marché ouvre à huit heures. Il ferme à midi.", encoding="utf-8")
    record(folder, file="_given/0012.txt", address="0012.txt", title="0012")
    document = read(folder)
    assert (document.source, document.title) == ("0012.txt", "Le marché ouvre à huit heures")


def test_what_the_record_says_makes_a_file_another_one(folder: Path) -> None:
    bare = hash_seeds(folder)
    record(folder)
    told = hash_seeds(folder)
    record(folder, date="2026-05-04")
    assert len({tuple(one.items()) for one in (bare, told, hash_seeds(folder))}) == 3
    assert read_seeds(folder, keep).hashes == hash_seeds(folder)
    assert read_seeds(folder, keep, known=hash_seeds(folder)).documents == []


def test_a_folder_without_a_record_is_read_as_ever(folder: Path) -> None:
    assert read_told(folder) == {}


def test_the_record_is_no_article(folder: Path) -> None:
    record(folder)
    assert read_seeds(folder, keep).skipped == []


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"pages": 1}', '{"pages": [1]}', '{"pages": [{"file": "a"}]}', "[" * 99_999]
)
def test_a_damaged_record_is_told_with_what_to_do(folder: Path, text: str) -> None:
    (folder / RECORD).write_text(text, encoding="utf-8")
    for look in (read_told, hash_seeds):
        with pytest.raises(SeedsError, match="restore it"):
            look(folder)
