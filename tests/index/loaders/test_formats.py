import pytest
from pptx.presentation import Presentation
from xlsxwriter import Workbook

from index.loaders import formats, loaded
from index.loaders.formats import SIMPLE, SUFFIXES, is_leftover, load, unread_reason
from index.loaders.loaded import Loaded, UnreadableError
from tests.index.loaders.files import pdf, word_of
from tests.index.loaders.office.test_odf import odf
from tests.index.loaders.office.test_pptx import BLANK, INCH, add, deck
from tests.index.loaders.office.test_xlsx import workbook
from tests.index.loaders.test_epub import book
from tests.processes import REPOSITORY, run_python


def fill_slide(presentation: Presentation) -> None:
    add(presentation, BLANK).shapes.add_textbox(INCH, INCH, INCH, INCH).text_frame.text = "L’œuvre."


def fill_sheet(written: Workbook) -> None:
    written.add_worksheet().write(0, 0, "L’œuvre.")


ROW = "<table:table-row><table:table-cell><text:p>L’œuvre.</text:p></table:table-cell></table:table-row>"
SLIDE = '<draw:frame presentation:class="outline"><draw:text-box><text:p>L’œuvre.</text:p></draw:text-box></draw:frame>'
FILES = {
    **dict.fromkeys([".txt", ".md", ".markdown", ".mdx", ".rst"], "L’œuvre.".encode()),
    ".odt": odf("text", "<text:p>L’œuvre.</text:p>"),
    ".odp": odf("presentation", f"<draw:page>{SLIDE}</draw:page>"),
    ".ods": odf("spreadsheet", f'<table:table table:name="Feuille1">{ROW}</table:table>'),
    ".pptx": deck(fill_slide),
    ".xlsx": workbook(fill_sheet),
    ".epub": book("<p>L’œuvre.</p>"),
    ".eml": "Subject: Quoi ?\nContent-Type: text/plain; charset=utf-8\n\nL’œuvre.".encode(),
    ".srt": "1\n00:00:01,000 --> 00:00:02,000\nL’œuvre.".encode(),
    ".vtt": "WEBVTT\n\n00:01.000 --> 00:02.000\nL’œuvre.".encode(),
    ".tsv": "question\tanswer\nQuoi ?\tL’œuvre.".encode(),
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
    assert [block.text for block in item.blocks if block.kind != "heading"] == ["L’œuvre."]


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


def test_the_documents_name_every_format() -> None:
    page = (REPOSITORY / "docs" / "articles.md").read_text(encoding="utf-8")
    assert [suffix for suffix in SUFFIXES if f"`{suffix}`" not in page] == []


@pytest.mark.parametrize("module", ["bot.cli", "bot.terminal.repl", "index.build", "index.loaders.formats"])
def test_no_parser_is_imported_before_it_is_needed(module: str) -> None:
    parsers = "{'docutils', 'pypdfium2', 'selectolax'" + (", 'zipfile', 'csv'}" if "loaders" in module else "}")
    done = run_python("-c", f"import sys, {module}; print({parsers} & sys.modules.keys())")
    assert (done.stdout, done.stderr) == ("set()\n", "")


def test_a_format_that_is_read_has_no_reason_not_to_be() -> None:
    assert [suffix for suffix in SUFFIXES if unread_reason(f"dossier/a{suffix.upper()}")] == []
    assert SIMPLE < SUFFIXES


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("a/vieux.DOC", "not read: save it as .docx"),
        ("plan.png", "not read: a picture: put its words into a text"),
        ("guide.adoc", "not read: convert it to .md or .html"),
        ("archive.tar.gz", "not read: an archive: unpack it"),
        ("LISEZMOI", "not read: name it .txt or .md, if it is a text"),
        ("a.xyz", "not read: no format of articles"),
    ],
)
def test_what_is_not_read_is_told_with_what_to_do(path: str, reason: str) -> None:
    assert unread_reason(path) == reason


@pytest.mark.parametrize(
    "name",
    ["~$notes.docx", ".~lock.notes.odt#", "Thumbs.db", "desktop.ini", "a.tmp", "notes.bak", "notes.md~", "._a.docx"],
)
def test_what_programs_leave_behind_is_no_article(name: str) -> None:
    assert is_leftover(name)


@pytest.mark.parametrize("name", ["notes.docx", "#1 règles.md", "bak.md", "~notes.txt", "temps.txt"])
def test_articles_are_not_taken_for_leftovers(name: str) -> None:
    assert not is_leftover(name)
