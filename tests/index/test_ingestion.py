import os
from pathlib import Path

import pytest

from index import ingestion
from index.errors import SeedsError
from index.ingestion import MAX_TITLE, Skipped, hash_seeds, read_seeds, seed_files
from index.schema import Document, Language
from tests.processes import run_python

ARTICLE = "L’œuvre « Très bientôt » coûte 3,5\u00a0M$."
EACH_BAD_BLOCK = pytest.mark.parametrize(
    "block",
    [
        pytest.param("title: Netflix: un bureau", id="unquoted colon"),
        pytest.param("title: " + "[" * 1500, id="deep nesting"),
        pytest.param("title: [" * 300 + "]" * 300, id="nesting of lists and pairs"),
        pytest.param("\tx: 1", id="tab"),
    ],
)


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
    (document,), skipped = read_seeds(seeds, keep)
    assert skipped == []
    return document


def read_beside_a_good_one(seeds: Path) -> list[Skipped]:
    (seeds / "good.md").write_text(ARTICLE, encoding="utf-8")
    documents, skipped = read_seeds(seeds, keep)
    assert [d.id for d in documents] == ["good.md"]
    return skipped


def test_front_matter_fills_the_document(seeds: Path) -> None:
    text = f"---\ntitle: Le bureau d’été\nlanguage: en\nsource: https://example.com/a\ndate: 2021-03-04\n---\n{ARTICLE}"
    assert read_one(seeds, text) == Document(
        id="article.md",
        title="Le bureau d’été",
        source="https://example.com/a",
        language="en",
        text=ARTICLE,
        date="2021-03-04",
    )


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
    (document,), _ = read_seeds(seeds, lambda text, fallback: "en" if text == ARTICLE else fallback)
    assert document.language == "en"


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
    assert read_one(seeds, b"un\r\ndeux\rtrois\nquatre").text == "un\ndeux\ntrois\nquatre"


def test_two_rules_around_text_are_not_front_matter(seeds: Path) -> None:
    text = "---\nUn texte entre deux filets.\n---\nLa suite."
    assert read_one(seeds, text).text == text


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
        pytest.param("\n\n  Une seule ligne\nune autre", "Une seule ligne", id="blank lines first"),
        pytest.param("(Tout est entre parenthèses)", "(Tout est entre parenthèses)", id="nothing but an aside"),
    ],
)
def test_the_title_is_declared_or_the_heading_or_the_opening_clause(seeds: Path, text: str, expected: str) -> None:
    assert read_one(seeds, text).title == expected


@pytest.mark.parametrize("text", ["mot " * 60, "# " + "mot " * 60, "é" * 300], ids=["opening", "heading", "no space"])
def test_a_long_title_is_cut(seeds: Path, text: str) -> None:
    title = read_one(seeds, text).title
    assert title.endswith("…")
    assert len(title) <= MAX_TITLE + 1


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        pytest.param("Été à Québec".encode("cp1252"), "UTF-8", id="cp1252"),
        pytest.param("Été à Québec".encode("utf-16"), "UTF-8", id="utf-16"),
        pytest.param(b"\x89PNG\x00\x1a\x00\x00", "UTF-8", id="picture"),
        pytest.param(b"PK\x03\x04\x00\x00 text", "not a text file", id="archive"),
        pytest.param(b"", "no text", id="empty"),
        pytest.param(b" \n\t\n---\n", "no text", id="blank"),
        pytest.param(b"---\ntitle: Un titre\n---\n", "no text", id="front matter only"),
        pytest.param("Été ".encode() * 30, "bytes", id="too large"),
    ],
)
def test_a_bad_file_is_named_with_a_reason(
    seeds: Path, raw: bytes, reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ingestion, "MAX_BYTES", 100)
    (seeds / "bad.md").write_bytes(raw)
    (skipped,) = read_beside_a_good_one(seeds)
    assert skipped.id == "bad.md"
    assert reason in skipped.reason


@EACH_BAD_BLOCK
def test_bad_front_matter_is_named_with_a_reason(seeds: Path, block: str) -> None:
    (seeds / "bad.md").write_text(f"---\n{block}\n---\n{ARTICLE}", encoding="utf-8")
    (skipped,) = read_beside_a_good_one(seeds)
    assert skipped.id == "bad.md"
    assert "front matter" in skipped.reason


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
        "print([d.id for d in read_seeds(Path('seeds'), lambda text, fallback: fallback)[0]])",
    )
    assert "good.md" in done.stdout, done.stderr[-300:]


UNREADABLE = Path("/proc/self/mem")  # a file that not even root can read from its beginning


@pytest.mark.skipif(not UNREADABLE.exists(), reason="needs Linux")
def test_a_file_that_cannot_be_read_is_named_with_a_reason(seeds: Path) -> None:
    (seeds / "bad.txt").symlink_to(UNREADABLE)
    (skipped,) = read_beside_a_good_one(seeds)
    assert skipped.id == "bad.txt"
    assert "cannot be read" in skipped.reason


def test_a_file_that_cannot_be_read_has_no_hash(seeds: Path) -> None:
    (seeds / "good.md").write_text(ARTICLE, encoding="utf-8")
    if UNREADABLE.exists():
        (seeds / "bad.txt").symlink_to(UNREADABLE)
    assert list(hash_seeds(seeds)) == ["good.md"]


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
    documents, skipped = read_seeds(seeds, keep)
    for name in [*(d.id for d in documents), *(s.id for s in skipped), *hash_seeds(seeds)]:
        name.encode()


@pytest.mark.parametrize("name", [".hidden.md", ".git/article.md", "a/.cache/b/article.txt", "notes.pdf", "README"])
def test_hidden_and_foreign_files_are_left_out(seeds: Path, name: str) -> None:
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
    with pytest.raises(SeedsError, match="create it and put"):
        read_seeds(tmp_path / "nowhere", keep)


def test_an_empty_folder_is_an_error_that_says_what_to_do(seeds: Path) -> None:
    with pytest.raises(SeedsError, match=r"put \.txt or \.md files"):
        read_seeds(seeds, keep)


def test_a_folder_of_bad_files_is_an_error_that_names_each(seeds: Path) -> None:
    (seeds / "a.md").write_bytes(b"\xff")
    (seeds / "b.md").write_bytes(b"")
    with pytest.raises(SeedsError, match=r"(?s)a\.md: is not UTF-8.*b\.md: holds no text"):
        read_seeds(seeds, keep)
