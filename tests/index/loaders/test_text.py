import pytest

from index.loaders.loaded import Loaded, UnreadableError
from index.loaders.text import load


def test_the_text_is_what_is_written() -> None:
    assert load("# L’été\n\n«\u00a0Où\u202f?\u00a0»\n".encode()) == [Loaded("# L’été\n\n«\u00a0Où\u202f?\u00a0»\n")]


def test_front_matter_says_what_it_says() -> None:
    raw = "---\ntitle: L’été\nlanguage: fr-CA\nsource: Gazette\ndate: 2021-03-04\n---\nIl fait beau."
    assert load(raw.encode("cp1252")) == [Loaded("Il fait beau.", "L’été", "fr-CA", "Gazette", "2021-03-04")]


def test_junk_is_refused() -> None:
    with pytest.raises(UnreadableError):
        load(b"\x00\x01\x02")
