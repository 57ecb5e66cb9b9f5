"""What an index tells of itself."""

from pathlib import Path

import pytest

from index.build import build_index
from index.overview import MAX_TITLES, Overview, first_chunks, read_overview
from index.store import open_store
from tests.fakes import HashingEmbeddings


def overview(folder: Path, files: dict[str, str]) -> Overview:
    seeds = folder / "articles"
    seeds.mkdir()
    for name, text in files.items():
        (seeds / name).write_text(text, encoding="utf-8")
    build_index(seeds, folder / "index", HashingEmbeddings())
    return read_overview([open_store(folder / "index")])


def test_it_counts_the_articles_and_names_them_by_language_and_tells_the_newest_date(tmp_path: Path) -> None:
    files = {
        "musee.md": "---\ndate: 2024-05-02\n---\n# Le musée\n\nLe musée ouvre à dix heures le matin.\n",
        "parc.md": "---\ndate: bientôt\n---\n# Le parc\n\nLe parc est fermé pendant toute la nuit.\n",
        "ferry.md": "---\ndate: 2025-01-09\n---\n# The ferry\n\nThe ferry leaves from the old harbour at noon.\n",
    }
    titles = {"fr": ("Le musée", "Le parc"), "en": ("The ferry",)}
    assert overview(tmp_path, files) == Overview(3, titles, "2025-01-09")  # type: ignore[arg-type]


def test_of_many_articles_some_from_all_over_are_named(tmp_path: Path) -> None:
    files = {f"{n:02}.md": f"# Le musée {n:02}\n\nLe musée ouvre à dix heures le matin.\n" for n in range(30)}
    found = overview(tmp_path, files)
    assert (found.articles, found.newest) == (30, None)
    assert found.titles["fr"] == tuple(f"Le musée {n:02}" for n in range(0, 30, 3))
    assert len(found.titles["fr"]) == MAX_TITLES


def test_each_article_of_a_file_that_holds_several_is_named(tmp_path: Path) -> None:
    table = "question,answer\nOù est le musée ?,Le musée est à Lévis.\nOù est le parc ?,Le parc est à Québec.\n"
    found = overview(tmp_path, {"faq.csv": table})
    assert (found.articles, len(found.titles["fr"])) == (2, 2)


def test_the_first_passage_of_each_article_is_found_within_a_bound(tmp_path: Path) -> None:
    table = "question,answer\nOù est le musée ?,Le musée est à Lévis.\nOù est le parc ?,Le parc est à Québec.\n"
    overview(tmp_path, {"faq.csv": table, "été.md": "# L’été\n\nLe musée ouvre à dix heures.\n"})
    store = open_store(tmp_path / "index")
    assert sorted(chunk.title for chunk in first_chunks(store)) == ["L’été", "Où est le musée ?", "Où est le parc ?"]
    assert sorted(chunk.title for chunk in first_chunks(store, most=2)) == ["L’été", "Où est le musée ?"]


@pytest.mark.parametrize(("language", "titles"), [("fr", ("Un", "Deux", "One")), ("en", ("One", "Un", "Deux"))])
def test_titles_in_the_language_of_the_reply_come_first(language: str, titles: tuple[str, ...]) -> None:
    known = Overview(3, {"fr": ("Un", "Deux"), "en": ("One",)})
    assert known.best_titles(language, 3) == titles  # type: ignore[arg-type]
    assert known.best_titles(language, 1) == titles[:1]  # type: ignore[arg-type]
