import pytest

from bot.backup.names import is_allowed, is_page


@pytest.mark.parametrize(
    "name",
    [
        "settings.env",
        "index/calibration.json",
        "data/journal.sqlite3",
        "data/journal.sqlite3.key",
        "data/channels.sqlite3",
        "data/journal-waiting.sqlite3",
        "data/learned/@pages/.pages.json",
        "data/learned/@42/taught.csv",
        "data/learned/@pages/exemple.ca/l’été à la page-0123456789.html",
        "data/learned/@pages/_given/Où\u00a0?.pdf",
        "seeds/glossary.csv",
        "seeds/@club/lexique.csv",
        "seeds/dossier/œuvre (2).MD",
    ],
)
def test_what_a_backup_holds_is_allowed(name: str) -> None:
    assert is_allowed(name)


@pytest.mark.parametrize(
    "name",
    [
        "",
        "/etc/passwd",
        "../journal.sqlite3",
        "data/../../evil.md",
        "data",
        "data/",
        "data/other.sqlite3",
        "data/journal.sqlite3/x",
        "data/learned/x.md",
        "data/learned/@pages/../../../evil.md",
        "data/learned/@pages/./x.md",
        "data/learned/@pages//x.md",
        "data/learned/@pages/x/",
        "data/learned/@pages/.ssh/key",
        "data/learned/@pages/a\\..\\..\\b.md",
        "data/learned/@pages/new\nline.md",
        "data/learned/@pages/\x00.md",
        "data/learned/@pages/\udcff.md",
        "data/learned/@pages/" + "x" * 300,
        "data/learned/@pages/" + "x/" * 600 + "x.md",
        "data/learned/@pages/ /x.md",
        "seeds/../.bashrc",
        "seeds/.git/hooks/post-merge.md",
        "seeds/run.sh",
        "seeds/",
        "seeds//absolute.md",
        "seeds\\evil.md",
        ".env",
        "manifest.json",
        "Settings.env",
        "index/CURRENT",
    ],
)
def test_no_other_name_is(name: str) -> None:
    assert not is_allowed(name)


def test_pages_are_told_from_tables_of_what_was_taught() -> None:
    assert is_page("data/learned/@pages/exemple.ca/x.html")
    assert not is_page("data/learned/@pages/.pages.json")
    assert not is_page("data/learned/@42/taught.csv")
