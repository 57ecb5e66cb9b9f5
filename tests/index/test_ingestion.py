import hashlib
import itertools
import os
from pathlib import Path

import pytest

from index.chunking import MAX_TITLE
from index.errors import SeedsError
from index.ingestion import Skipped, count_formats, hash_seeds, read_seeds, seed_files
from index.schema import Document, Language
from tests.index.loaders.files import billion_laughs, pdf, word_of, zip_bomb
from tests.processes import run_python

ARTICLE = "L’œuvre « Très bientôt » coûte 3,5\u00a0M$."
AS_TEXT = pytest.mark.parametrize(
    "value",
    [
        pytest.param("2021-02-30", id="impossible date"),
        pytest.param("!!timestamp hier", id="tagged"),
        pytest.param("oui", id="boolean"),
        pytest.param("0x" + "f" * 90, id="number"),
    ],
)


def keep(text: str, fallback: Language) -> Language:
    return fallback


@pytest.fixture
def seeds(tmp_path: Path) -> Path:
    folder = tmp_path / "seeds"
    folder.mkdir()
    return folder


def read_one(seeds: Path, raw: bytes | str, name: str = "article.md") -> Document:
    (seeds / name).write_bytes(raw.encode() if isinstance(raw, str) else raw)
    read = read_seeds(seeds, keep)
    assert read.skipped == []
    (document,) = read.documents
    return document


def read_beside_a_good_one(seeds: Path, max_mb: int = 20) -> list[Skipped]:
    (seeds / "good.md").write_text(ARTICLE, encoding="utf-8")
    read = read_seeds(seeds, keep, max_mb=max_mb)
    assert [d.id for d in read.documents] == ["good.md"]
    return read.skipped


def test_front_matter_fills_the_document(seeds: Path) -> None:
    text = f"---\ntitle: Le bureau d’été\nlanguage: en\nsource: https://example.com/a\ndate: 2021-03-04\n---\n{ARTICLE}"
    document = read_one(seeds, text)
    assert (document.id, document.title, document.source) == ("article.md", "Le bureau d’été", "https://example.com/a")
    assert (document.language, document.date, document.text) == ("en", "2021-03-04", ARTICLE)


def test_without_front_matter_the_file_speaks_for_itself(seeds: Path) -> None:
    document = read_one(seeds, f"# Le bureau\n\n{ARTICLE}")
    assert (document.source, document.language, document.date) == ("article.md", "fr", None)


@pytest.mark.parametrize(
    ("declared", "expected"),
    [("fr", "fr"), ("fr-CA", "fr"), ("FRANÇAIS", "fr"), ("en", "en"), ("English", "en"), ("de", "fr"), ("''", "fr")],
)
def test_a_declared_language_is_believed_if_it_is_one_of_the_two(seeds: Path, declared: str, expected: str) -> None:
    assert read_one(seeds, f"---\nlanguage: {declared}\n---\n{ARTICLE}").language == expected


def test_a_language_that_is_not_declared_is_detected(seeds: Path) -> None:
    (seeds / "a.txt").write_text(ARTICLE, encoding="utf-8")
    (document,) = read_seeds(seeds, lambda text, fallback: "en" if text == ARTICLE else fallback).documents
    assert document.language == "en"


STRAY = "L’été à Troyes, le café était fermé."


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.txt", STRAY),
        ("a.md", STRAY),
        ("a.rst", STRAY),
        ("a.html", f"<p>{STRAY}</p>"),
        ("a.csv", f'question,réponse\nQuand ?,"{STRAY}"'),
        ("b.csv", f"lieu;quand\nTroyes;{STRAY}\nDax;hiver"),
        ("a.jsonl", f'{{"question": "Quand ?", "answer": "{STRAY}"}}'),
        ("a.srt", f"1\n00:00:01,000 --> 00:00:02,000\n{STRAY}\n"),
        (
            "a.eml",
            f"Subject: Bonjour\nContent-Type: text/plain; charset=utf-8\n\n{STRAY}",
        ),
    ],
)
def test_bytes_of_another_encoding_are_counted_in_every_format_of_text(seeds: Path, name: str, text: str) -> None:
    (seeds / name).write_bytes(text.encode().replace("était".encode(), "était".encode("cp1252")))
    read = read_seeds(seeds, keep)
    assert read.left_out == {name: {"stray bytes": 1}}
    assert "était" in read.documents[0].text


def test_what_is_left_out_of_a_file_is_counted(seeds: Path) -> None:
    (seeds / "a.md").write_text("Ici.\n\n<!-- là -->\n\n<p hidden>Là-bas.</p>", encoding="utf-8")
    (seeds / "b.html").write_text("<p hidden>Tout est caché.</p>", encoding="utf-8")
    (seeds / "c.md").write_text("Ici.", encoding="utf-8")
    read = read_seeds(seeds, keep)
    assert read.left_out == {"a.md": {"comments": 1, "hidden texts": 1}, "b.html": {"hidden texts": 1}}
    assert read.skipped == [Skipped("b.html", "holds no text")]


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(b"\xef\xbb\xbf" + ARTICLE.encode(), id="BOM"),
        pytest.param(b"\xef\xbb\xbf---\ntitle: T\n---\n" + ARTICLE.encode(), id="BOM before front matter"),
        pytest.param(b"---\r\ntitle: T\r\n---\r\n" + ARTICLE.encode(), id="CRLF in front matter"),
        pytest.param(b"--- \ntitle: T\n---\t\n" + ARTICLE.encode(), id="space after the rules"),
        pytest.param(b"---\ntitle: T\nx:\n---\n" + ARTICLE.encode(), id="empty value"),
    ],
)
def test_the_text_begins_after_marks_and_front_matter(seeds: Path, raw: bytes) -> None:
    assert read_one(seeds, raw).text == ARTICLE


def test_line_ends_of_every_system_become_one(seeds: Path) -> None:
    assert read_one(seeds, b"un\r\ndeux\rtrois\nquatre", "a.txt").text == "un\ndeux\ntrois\nquatre"


def test_two_rules_around_text_are_not_front_matter(seeds: Path) -> None:
    text = "---\nUn texte entre deux filets.\n---\nLa suite."
    assert read_one(seeds, text, "a.txt").text == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("---\ntitle: Déclaré\n---\n# Titre\n", "Déclaré", id="front matter"),
        pytest.param("---\ntitle: ''\n---\n# Titre\n", "Titre", id="empty in front matter"),
        pytest.param("---\ntitle:   Sur   deux\n  lignes\n---\nTexte", "Sur deux lignes", id="on two lines"),
        pytest.param("Un texte.\n\n## Le titre ##\n\nTexte", "Le titre", id="heading"),
        pytest.param(
            "Le marais de Brière (en breton Ar Briver) [note 1] est grand. Il est humide.",
            "Le marais de Brière est grand",
            id="opening clause without asides",
        ),
        pytest.param("L’œuvre d’Anne Hébert, à Québec, est lue.", "L’œuvre d’Anne Hébert", id="fr-comma"),
        pytest.param("Oui. Non. Peut-être plus tard. Fin.", "Oui. Non. Peut-être plus tard", id="fr-short sentences"),
        pytest.param(
            "The Great Salt Lake: a lake in Utah.", "The Great Salt Lake: a lake in Utah", id="en-colon too soon"
        ),
        pytest.param("The Great Salt Lake of Utah: a lake.", "The Great Salt Lake of Utah", id="en-colon"),
        pytest.param("\n\n  Une seule ligne\n\nune autre", "Une seule ligne", id="blank lines first"),
        pytest.param("(Tout est entre parenthèses)", "(Tout est entre parenthèses)", id="nothing but an aside"),
    ],
)
def test_the_title_is_declared_or_the_heading_or_the_opening_clause(seeds: Path, text: str, expected: str) -> None:
    assert read_one(seeds, text, "0012.md").title == expected


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("horaires-piscine.txt", "Horaires piscine"),
        ("02.fail2ban.fr.md", "Fail2ban"),
        ("Règlement_2024.txt", "Règlement 2024"),
        ("l’été.md", "L’été"),
    ],
)
def test_a_file_without_a_heading_is_titled_by_its_name(seeds: Path, name: str, title: str) -> None:
    assert read_one(seeds, ARTICLE, name).title == title


def test_a_title_has_no_marks_of_code_nor_addresses(seeds: Path) -> None:
    assert read_one(seeds, f"# Lancer `make` [ici](https://a.example)\n\n{ARTICLE}").title == "Lancer make ici"


@pytest.mark.parametrize("heading", ["Tarifs de la régate (2022)", "Piscine de Tarnac : hiver", "Le coffre (v1)"])
def test_a_heading_is_a_title_with_all_its_words(seeds: Path, heading: str) -> None:
    assert read_one(seeds, f"# {heading}\n\n{ARTICLE}").title == heading


@pytest.mark.parametrize("text", ["mot " * 60, "# " + "mot " * 60, "é" * 300], ids=["opening", "heading", "no space"])
def test_a_long_title_is_cut(seeds: Path, text: str) -> None:
    title = read_one(seeds, text, "0012.md").title
    assert title.endswith("…")
    assert len(title) <= MAX_TITLE + 1


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252", "mac-roman"])
def test_encodings_are_detected(seeds: Path, encoding: str) -> None:
    text = "Été à Québec\u00a0: l’œuvre «\u00a0Où\u00a0?\u00a0»"
    assert read_one(seeds, text.encode(encoding), "a.txt").text == text


@pytest.mark.parametrize(
    ("name", "raw", "reason"),
    [
        pytest.param("bad.md", b"\x89PNG\x00\x1a\x00\x00", "not a text file", id="picture"),
        pytest.param("bad.md", b"PK\x03\x04\x00\x00 text", "not a text file", id="archive"),
        pytest.param("bad.md", b"", "no text", id="empty"),
        pytest.param("bad.md", b" \n\t\n---\n", "no text", id="blank"),
        pytest.param("bad.md", b"---\ntitle: Un titre\n---\n", "no text", id="front matter only"),
        pytest.param(
            "bad.md", b"x" * 1_000_001, "has 1.0 MB, more than 1: split it, or raise MAX_FILE_MB", id="too large"
        ),
        pytest.param("bad.pdf", pdf([["Secret."]], encrypted=True), "encrypted", id="encrypted PDF"),
        pytest.param("bad.pdf", pdf([["Texte."]])[:200], "damaged", id="truncated PDF"),
        pytest.param("bad.docx", word_of("Texte.")[:2000], "damaged", id="truncated Word"),
        pytest.param("bad.docx", zip_bomb(), "zip bombs", id="zip bomb"),
        pytest.param("bad.html", b"<p>\x00", "not a text file", id="junk page"),
        pytest.param("bad.html", billion_laughs("html") + b"<p>&lol9;", "XML bombs", id="billion laughs"),
        pytest.param("bad.jsonl", b"{", "line 1 is not JSON", id="not JSON"),
    ],
)
def test_a_bad_file_is_named_with_a_reason(seeds: Path, name: str, raw: bytes, reason: str) -> None:
    (seeds / name).write_bytes(raw)
    (skipped,) = read_beside_a_good_one(seeds, max_mb=1)
    assert skipped.id == name
    assert reason in skipped.reason


def test_a_pdf_of_10_000_pages_is_named_with_a_reason(seeds: Path) -> None:
    (seeds / "long.pdf").write_bytes(pdf([["x"]] * 10_000))
    assert read_beside_a_good_one(seeds) == [
        Skipped("long.pdf", "has 10,000 pages, more than the 5,000 that are read: split it")
    ]


def test_every_format_gives_a_document(seeds: Path) -> None:
    (seeds / "a.html").write_text("<title>Le bac | Site</title><h1>Le bac</h1><p>À midi.</p>", encoding="utf-8")
    (seeds / "b.PDF").write_bytes(pdf([["À midi."], ["À minuit."]], title="Le bac"))
    (seeds / "c.docx").write_bytes(word_of("À midi."))
    read = read_seeds(seeds, keep)
    documents, skipped = read.documents, read.skipped
    assert (skipped, [(d.id, d.file, d.title, d.source) for d in documents]) == (
        [],
        [
            ("a.html", "a.html", "Le bac", "a.html"),
            ("b.PDF", "b.PDF", "Le bac", "b.PDF"),
            ("c.docx", "c.docx", "À midi.", "c.docx"),
        ],
    )
    assert [block.page for block in documents[1].blocks] == [1, 2]


def test_each_pair_of_an_faq_is_a_document(seeds: Path) -> None:
    (seeds / "a#2.csv").write_text(
        "question,answer,source\nQuand ?,À midi.,\nOù ?,À Lévis.,Le bac\nQui ?,,\n", encoding="utf-8"
    )
    read = read_seeds(seeds, keep)
    documents, skipped = read.documents, read.skipped
    assert [(d.id, d.file, d.title, d.text, d.source) for d in documents] == [
        ("a#2.csv#2", "a#2.csv", "Quand ?", "À midi.", "a#2.csv"),
        ("a#2.csv#3", "a#2.csv", "Où ?", "À Lévis.", "Le bac"),
    ]
    assert skipped == [Skipped("a#2.csv#4", "has no answer")]


def test_the_language_of_a_pair_is_that_of_its_question_too(seeds: Path) -> None:
    (seeds / "a.csv").write_text("question,answer\nWhere is it?,Lévis\n", encoding="utf-8")
    read = read_seeds(seeds, lambda text, fallback: "en" if text == "Where is it?\nLévis" else fallback)
    assert [document.language for document in read.documents] == ["en"]


@AS_TEXT
def test_values_of_front_matter_are_text_whatever_they_look_like(seeds: Path, value: str) -> None:
    document = read_one(seeds, f"---\ntitle: {value}\n---\n{ARTICLE}")
    assert document.title == value.removeprefix("!!timestamp ")


def test_front_matter_makes_no_objects(seeds: Path) -> None:
    document = read_one(seeds, f"---\ntitle: Un titre\nx: !!python/object/apply:os.getcwd []\n---\n{ARTICLE}")
    assert document.title == "Un titre"


def test_a_bomb_of_aliases_does_no_harm(seeds: Path) -> None:
    lines = ["a0: &a0 [" + ", ".join(["lol"] * 9) + "]"]
    lines += [f"a{n}: &a{n} [" + ", ".join([f"*a{n - 1}"] * 9) + "]" for n in range(1, 10)]
    (seeds / "bomb.md").write_text("\n".join(["---", *lines, "---", ARTICLE]), encoding="utf-8")
    (seeds / "good.md").write_text(ARTICLE, encoding="utf-8")
    done = run_python(
        "-c",
        "import resource, sys; resource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30))\n"
        "from pathlib import Path; from index.ingestion import read_seeds\n"
        "print([d.id for d in read_seeds(Path('seeds'), lambda text, fallback: fallback).documents])",
    )
    assert "good.md" in done.stdout, done.stderr[-300:]


def test_a_file_that_goes_away_while_the_folder_is_read_is_named(seeds: Path) -> None:
    for name in ("a.md", "b.md", "c.pdf"):
        (seeds / name).write_text(ARTICLE, encoding="utf-8")

    def take_away(text: str, fallback: Language) -> Language:
        (seeds / "b.md").unlink()
        (seeds / "c.pdf").unlink()
        return fallback

    read = read_seeds(seeds, take_away)
    assert ([d.id for d in read.documents], list(read.hashes)) == (["a.md"], ["a.md"])
    assert [(s.id, s.reason) for s in read.skipped] == [
        ("b.md", "cannot be read: No such file or directory"),
        ("c.pdf", "cannot be read: No such file or directory"),
    ]


def test_a_file_that_grows_while_the_folder_is_read_is_named(seeds: Path) -> None:
    for name in ("a.md", "b.md"):
        (seeds / name).write_text(ARTICLE, encoding="utf-8")

    def grow(text: str, fallback: Language) -> Language:
        (seeds / "b.md").write_bytes(b"x" * 1_500_000)
        return fallback

    read = read_seeds(seeds, grow, max_mb=1)
    assert (list(read.hashes), read.skipped) == (
        ["a.md"],
        [Skipped("b.md", "has 1.5 MB, more than 1: split it, or raise MAX_FILE_MB")],
    )


def test_a_file_that_changes_all_the_time_has_the_hash_of_the_text_that_was_read(seeds: Path) -> None:
    frames = {"a.txt": "{}", "b.jsonl": '{{"question": "Où ?", "answer": "{}"}}', "c.html": "<p>{}"}
    versions = itertools.count()
    hashes: dict[str, str] = {}

    def write_all(text: str, fallback: Language) -> Language:
        for name, frame in frames.items():
            version = f"Version {next(versions)}"
            raw = frame.format(version).encode()
            (seeds / name).write_bytes(raw)
            hashes[version] = hashlib.sha256(raw).hexdigest()
        return fallback

    write_all("", "fr")
    read = read_seeds(seeds, write_all)
    assert {d.file: hashes[d.text] for d in read.documents} == read.hashes
    assert [d.text for d in read.documents] == ["Version 0", "Version 4", "Version 8"]


def test_a_known_file_is_parsed_again_when_its_bytes_differ(seeds: Path) -> None:
    for name in ("a.md", "b.pdf", "c.md"):
        (seeds / name).write_text(ARTICLE, encoding="utf-8")
    known = hash_seeds(seeds)
    (seeds / "c.md").write_text("Autre chose.", encoding="utf-8")
    read = read_seeds(seeds, keep, known={**known, "gone.md": "0"})
    assert ([d.id for d in read.documents], sorted(read.unchanged)) == (["c.md"], ["a.md", "b.pdf"])
    assert read.skipped == []
    assert read.hashes == hash_seeds(seeds)


COUNT_OPENED = """
import sys
from collections import Counter
from pathlib import Path
from index.build import build_index
from tests.fakes import HashingEmbeddings

def count(event, arguments):
    if event in ("open", "os.scandir") and str(arguments[0]).startswith("seeds"):
        opened[Path(arguments[0]).name] += 1

opened = Counter()
sys.addaudithook(count)
build_index(Path("seeds"), Path("index"), HashingEmbeddings())
print(sorted(opened.items()))
"""


def test_a_build_opens_every_folder_and_file_once(seeds: Path) -> None:
    (seeds / "a").mkdir()
    for name in ("été.md", "a/b.jsonl", "c.html"):
        (seeds / name).write_text('{"question": "Où ?", "answer": "Là."}', encoding="utf-8")
    done = run_python("-c", COUNT_OPENED, PYTHONUTF8="1")
    expected = [(name, 1) for name in ("a", "b.jsonl", "c.html", "seeds", "été.md")]
    assert (done.stdout, done.stderr) == (f"{expected}\n", "")


@pytest.fixture
def outside(tmp_path: Path) -> Path:
    folder = tmp_path / "outside"
    folder.mkdir()
    (folder / "secret.md").write_text(ARTICLE, encoding="utf-8")
    return folder


def test_a_link_that_leaves_the_folder_is_named_and_not_followed(seeds: Path, outside: Path) -> None:
    (seeds / "file.md").symlink_to(outside / "secret.md")
    (seeds / "folder").symlink_to(outside)
    (seeds / "relative.md").symlink_to(Path("..", "outside", "secret.md"))
    reason = "is a link that leaves the folder: copy what it points to"
    assert read_beside_a_good_one(seeds) == [Skipped(i, reason) for i in ("file.md", "folder", "relative.md")]
    assert list(hash_seeds(seeds)) == ["good.md"]


def test_a_link_within_the_folder_is_read(seeds: Path) -> None:
    (seeds / "a.md").write_text(ARTICLE, encoding="utf-8")
    (seeds / "b.md").symlink_to("a.md")
    assert [d.id for d in read_seeds(seeds, keep).documents] == ["a.md", "b.md"]


def test_loops_of_links_end(seeds: Path) -> None:
    (seeds / "a").mkdir()
    (seeds / "a" / "up").symlink_to("..")
    (seeds / "self.md").symlink_to("self.md")
    assert read_beside_a_good_one(seeds) == []


def test_a_seeds_folder_may_be_a_link(seeds: Path, tmp_path: Path) -> None:
    (seeds / "a.md").write_text(ARTICLE, encoding="utf-8")
    (tmp_path / "link").symlink_to(seeds)
    assert [d.id for d in read_seeds(tmp_path / "link", keep).documents] == ["a.md"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_pipe_is_left_out(seeds: Path) -> None:
    os.mkfifo(seeds / "pipe.md")
    assert read_beside_a_good_one(seeds) == []


def test_files_of_other_formats_are_counted(seeds: Path) -> None:
    for name in ("a.png", "b.PNG", "c.adoc", "README", ".hidden.png", "~$notes.docx", "Thumbs.db"):
        (seeds / name).write_bytes(b"x")
    assert [(s.id, s.reason) for s in read_beside_a_good_one(seeds)] == [
        ("(no suffix)", "1 file not read: name it .txt or .md, if it is a text"),
        ("*.adoc", "1 file not read: convert it to .md or .html"),
        ("*.png", "2 files not read: a picture: put its words into a text"),
    ]


def test_a_file_that_is_too_large_has_no_hash(seeds: Path) -> None:
    (seeds / "a.md").write_bytes(b"x" * 1_000_001)
    assert (list(hash_seeds(seeds, max_mb=1)), list(hash_seeds(seeds, max_mb=2))) == ([], ["a.md"])


def test_formats_are_counted() -> None:
    assert count_formats(["b.md", "a.PDF", "x/c.md"]) == {".md": 2, ".pdf": 1}


def test_folders_and_broken_links_named_like_articles_are_left_out(seeds: Path) -> None:
    (seeds / "folder.txt").mkdir()
    (seeds / "broken.md").symlink_to("nowhere")
    assert read_beside_a_good_one(seeds) == []


@pytest.mark.skipif(os.name != "posix", reason="elsewhere names are always Unicode")
def test_a_file_whose_name_is_not_unicode_has_a_name_that_can_be_written(seeds: Path) -> None:
    try:
        (seeds / os.fsdecode(b"caf\xe9.md")).write_text(ARTICLE, encoding="utf-8")
    except OSError:
        pytest.skip("this file system takes Unicode names only")
    (seeds / "good.md").write_text(ARTICLE, encoding="utf-8")
    read = read_seeds(seeds, keep)
    documents, skipped = read.documents, read.skipped
    for name in [*(d.id for d in documents), *(s.id for s in skipped), *hash_seeds(seeds)]:
        name.encode()


@pytest.mark.parametrize("name", [".hidden.md", ".git/article.md", "a/.cache/b/article.txt"])
def test_hidden_files_are_left_out(seeds: Path, name: str) -> None:
    (seeds / name).parent.mkdir(parents=True, exist_ok=True)
    (seeds / name).write_text(ARTICLE, encoding="utf-8")
    assert read_beside_a_good_one(seeds) == []


def test_a_seeds_folder_inside_a_hidden_one_is_read(tmp_path: Path) -> None:
    (tmp_path / ".local" / "seeds").mkdir(parents=True)
    assert read_one(tmp_path / ".local" / "seeds", ARTICLE).text == ARTICLE


def test_files_come_in_the_order_of_their_ids(seeds: Path) -> None:
    names = ["b.md", "a.TXT", "a/z.md", "É.md", "a/b/c.Md"]
    for name in names:
        (seeds / name).parent.mkdir(parents=True, exist_ok=True)
        (seeds / name).write_text(ARTICLE, encoding="utf-8")
    assert [p.relative_to(seeds).as_posix() for p in seed_files(seeds)] == sorted(names)


def test_a_nested_file_has_an_id_with_forward_slashes(seeds: Path) -> None:
    (seeds / "presse" / "2021").mkdir(parents=True)
    assert read_one(seeds, ARTICLE, "presse/2021/été.md").id == "presse/2021/été.md"


def test_a_hash_changes_with_the_bytes_only(seeds: Path) -> None:
    (seeds / "a.md").write_text("un", encoding="utf-8")
    before = hash_seeds(seeds)
    (seeds / "a.md").write_text("un", encoding="utf-8")
    same = hash_seeds(seeds)
    (seeds / "a.md").write_text("deux", encoding="utf-8")
    assert before == same != hash_seeds(seeds)


def test_no_folder_is_an_error_that_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(SeedsError, match="create it, then put"):
        read_seeds(tmp_path / "nowhere", keep)


def test_an_empty_folder_is_an_error_that_says_what_to_do(seeds: Path) -> None:
    with pytest.raises(SeedsError, match=r"put articles there \(\.csv, \.docx, .*\.xlsx\)"):
        read_seeds(seeds, keep)


def test_a_folder_of_bad_files_is_an_error_that_names_each(seeds: Path) -> None:
    (seeds / "a.md").write_bytes(b"\xff")
    (seeds / "b.md").write_bytes(b"")
    with pytest.raises(SeedsError, match=r"(?s)a\.md: is in no encoding.*b\.md: holds no text"):
        read_seeds(seeds, keep)
