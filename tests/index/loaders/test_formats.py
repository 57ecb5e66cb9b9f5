import pytest

from index.loaders import formats, loaded
from index.loaders.formats import SUFFIXES, load
from index.loaders.loaded import Loaded, UnreadableError
from tests.index.loaders.files import pdf, word_of
from tests.processes import REPOSITORY, run_python

FILES = {
    ".txt": "L’œuvre.".encode(),
    ".md": "L’œuvre.".encode(),
    ".html": "<p>L’œuvre.</p>".encode(),
    ".htm": "<p>L’œuvre.</p>".encode(),
    ".pdf": pdf([["L’œuvre."]]),
    ".docx": word_of("L’œuvre."),
    ".csv": "question,answer\nQuoi ?,L’œuvre.".encode(),
    ".jsonl": '{"question": "Quoi ?", "answer": "L’œuvre."}'.encode(),
}


@pytest.mark.parametrize("suffix", sorted(SUFFIXES))
def test_every_format_is_read(suffix: str) -> None:
    (item,) = load(suffix, FILES[suffix])
    assert isinstance(item, Loaded)
    assert item.text == "L’œuvre."


@pytest.mark.parametrize("suffix", sorted(SUFFIXES))
@pytest.mark.parametrize(
    "junk", [bytes(range(256)) * 8, b"\x89PNG\r\n\x1a\n\x00\x00", b"\x00"], ids=["bytes", "png", "0"]
)
def test_junk_of_any_name_is_refused(suffix: str, junk: bytes) -> None:
    with pytest.raises(UnreadableError):
        load(suffix, junk)


@pytest.mark.parametrize("suffix", sorted(SUFFIXES))
def test_text_is_bounded(suffix: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(formats, "MAX_TEXT", 7)
    with pytest.raises(UnreadableError, match="holds more than 7 characters"):
        load(suffix, FILES[suffix])


def test_the_bound_is_beyond_the_longest_novel() -> None:
    assert loaded.MAX_TEXT > 9_609_000


def test_the_readme_names_every_format() -> None:
    readme = (REPOSITORY / "README.md").read_text(encoding="utf-8")
    assert [suffix for suffix in SUFFIXES if f"`{suffix}`" not in readme] == []


@pytest.mark.parametrize("module", ["bot.cli", "bot.terminal.repl", "index.build", "index.loaders.formats"])
def test_no_parser_is_imported_before_it_is_needed(module: str) -> None:
    parsers = (
        "{'mammoth', 'pypdfium2', 'selectolax', 'zipfile', 'csv'}"
        if "loaders" in module
        else ("{'mammoth', 'pypdfium2', 'selectolax'}")
    )
    done = run_python("-c", f"import sys, {module}; print({parsers} & sys.modules.keys())")
    assert (done.stdout, done.stderr) == ("set()\n", "")
