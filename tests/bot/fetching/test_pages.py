import json
from dataclasses import replace
from pathlib import Path

import pytest

from bot.errors import FetchError
from bot.fetching.addresses import read_address
from bot.fetching.pages import Page, PageList, PageStore, digest, file_of, given_file, title_of
from index.fetched import RECORD
from index.ingestion import seed_files

DATA = "<p>L’œuvre</p>".encode()


def page(address: str = "https://example.org/guide", data: bytes = DATA, suffix: str = ".html") -> Page:
    return Page(
        address, file_of(read_address(address), suffix), "L’œuvre", None, "2026-05-04T12:00:00+00:00", digest(data)
    )


@pytest.fixture
def store(tmp_path: Path) -> PageStore:
    return PageStore(tmp_path / "data" / "pages")


def test_a_page_is_kept_as_it_came_and_found_again(store: PageStore) -> None:
    store.keep(page(), DATA)
    again = PageStore(store.folder)
    assert again.read().pages == {"https://example.org/guide": page()}
    assert again.content(page()) == DATA
    assert [path.parent.name for path in seed_files(store.folder)] == ["example.org"]


def test_nothing_is_kept_yet(store: PageStore) -> None:
    assert store.read().pages == {}
    assert store.content(page()) is None


def test_a_page_that_comes_in_another_format_leaves_one_file(store: PageStore) -> None:
    store.keep(page(), DATA)
    store.keep(page(suffix=".md"), DATA)
    assert [path.suffix for path in seed_files(store.folder)] == [".md"]


def test_a_file_that_somebody_changed_is_not_what_came(store: PageStore) -> None:
    store.keep(page(), DATA)
    (store.folder / page().file).write_bytes(b"else")
    assert store.content(page()) is None


def test_what_is_removed_is_forgotten_with_its_file(store: PageStore) -> None:
    other = page("https://example.org/other")
    store.keep(page(), DATA)
    store.keep(other, DATA)
    store.keep_list(PageList("https://example.org/sitemap.xml", 10, "2026-05-04T12:00:00+00:00"))
    removed = store.remove(lambda one: one == other, frozenset(["https://example.org/sitemap.xml"]))
    assert removed == [other]
    record = store.read()
    assert (list(record.pages), record.lists) == (["https://example.org/guide"], {})
    assert len(seed_files(store.folder)) == 1


def test_a_record_that_was_written_by_hand_removes_nothing_outside_its_folder(store: PageStore, tmp_path: Path) -> None:
    (tmp_path / "precious.md").write_text("x", encoding="utf-8")
    store.keep(replace(page(), file="../../precious.md"))
    store.remove(lambda _: True)
    assert (tmp_path / "precious.md").exists()


def test_two_stores_do_not_lose_what_the_other_keeps(store: PageStore) -> None:
    other = PageStore(store.folder)
    store.keep(page(), DATA)
    other.keep(page("https://example.org/other"), DATA)
    assert len(store.read().pages) == 2


@pytest.mark.parametrize(
    "address", ["http://example.org/guide/", "https://example.org/guide", "https://example.org/final"]
)
def test_a_page_is_found_by_what_leads_to_it(store: PageStore, address: str) -> None:
    store.keep(replace(page(), final_address="https://example.org/final"), DATA)
    assert store.read().find(address) is not None
    assert store.read().find("https://example.org/else") is None


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"format": 1}', '{"format": 1, "pages": [{"address": 1}], "lists": []}', '{"format": 2}']
)
def test_a_damaged_record_is_told_and_names_no_path(store: PageStore, text: str) -> None:
    store.folder.mkdir(parents=True)
    (store.folder / RECORD).write_text(text, encoding="utf-8")
    with pytest.raises(FetchError) as fault:
        store.read()
    assert str(store.folder) not in str(fault.value)


def test_a_folder_that_cannot_be_written_is_told(store: PageStore) -> None:
    store.folder.parent.mkdir()
    store.folder.write_text("a file", encoding="utf-8")
    with pytest.raises(FetchError, match="DATA_DIR"):
        store.keep(page(), DATA)


def test_the_record_is_text_that_people_can_read(store: PageStore) -> None:
    store.keep(replace(page(), title="L’œuvre \udcff"), DATA)
    text = (store.folder / RECORD).read_text(encoding="utf-8")
    assert "L’œuvre ?" in text
    assert json.loads(text)["format"] == 1


@pytest.mark.parametrize(
    ("address", "start"),
    [
        ("https://example.org/fr/guide.html", "example.org/fr-guide-"),
        ("https://example.org/", "example.org/index-"),
        ("http://example.org:8080/a", "example.org_8080/a-"),
        ("https://[2606:4700::1111]/a", "_2606_4700_1111_/a-"),
        ("https://example.org/%C3%A9t%C3%A9", "example.org/été-"),
        ("https://example.org/..%2f..%2fetc/passwd", "example.org/etc-passwd-"),
        ("https://example.org/" + "long-" * 200, "example.org/long-"),
        ("https://example.org/.hidden~", "example.org/"),
    ],
)
def test_a_page_has_a_file_that_says_something(address: str, start: str) -> None:
    file = file_of(read_address(address), ".html")
    assert file.startswith(start)
    assert file.count("/") == 1
    assert len(file.encode()) < 200


def test_two_pages_never_share_a_file() -> None:
    addresses = ["https://a.test/x", "https://a.test/x?", "https://a.test/x?1", "https://a.test/X", "http://a.test/x"]
    assert len({file_of(read_address(one), ".html") for one in addresses}) == len(
        {str(read_address(a)) for a in addresses}
    )


@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("Guide d’été.md", "_given/Guide d’été.md"),
        ("a.b.PDF", "_given/a.b-"),
        (".hidden.md", "_given/hidden-"),
        ("a/b.md", "_given/a_b-"),
    ],
)
def test_a_given_file_keeps_its_name_as_far_as_it_can(name: str, file: str) -> None:
    assert given_file(name).startswith(file)


@pytest.mark.parametrize(
    ("address", "title"),
    [
        ("https://example.org/fr/guide-du_quartier.html", "Guide du quartier"),
        ("https://example.org/2026/05/", "example.org"),
        ("https://example.org/", "example.org"),
        ("https://example.org/%C3%A9t%C3%A9/12", "Été"),
    ],
)
def test_an_address_makes_a_title_where_the_page_has_none(address: str, title: str) -> None:
    assert title_of(read_address(address)) == title
