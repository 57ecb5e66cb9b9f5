import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.cli import app
from bot.config import BotSettings
from bot.fetching import refreshing as refreshing_module
from bot.fetching import visiting
from bot.fetching.learning import page_store
from bot.fetching.pages import Page, PageStore, digest
from bot.fetching.refreshing import refreshing
from tests.bot.fetching.site import Site, page, serving
from tests.processes import run_python


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    """Return a site that may be asked without a pause."""
    monkeypatch.setenv("FETCH_PRIVATE", "127.0.0.1/32")
    monkeypatch.setattr(visiting, "PAUSE", 0.0)
    with serving() as one:
        yield one


def babillard(*arguments: str) -> Result:
    return CliRunner().invoke(app, arguments)


def local(site: Site, path: str) -> str:
    return f"http://127.0.0.1:{site.port}{path}"


def test_pages_are_added_refreshed_and_removed(site: Site, tmp_path: Path) -> None:
    site["/a"] = page("Le marché ouvre à huit heures.", "Le marché", ETag='"1"')
    (tmp_path / "note.md").write_text("# Note\n\nBonjour.", encoding="utf-8")
    added = babillard("add", local(site, "/a"), "note.md")
    assert (added.exit_code, added.stderr) == (0, "")
    assert added.stdout == (
        f"added {local(site, '/a')}: Le marché\nadded note.md: Note\n2 added; `babillard index rebuild` takes them up\n"
    )
    del site["/a"]
    refreshed = babillard("refresh", "--json")
    assert (refreshed.exit_code, json.loads(refreshed.stdout)["what"]) == (0, "gone")
    pruned = babillard("refresh", "127.0.0.1", "--prune")
    assert pruned.stdout.endswith("1 gone, 1 removed; `babillard index rebuild` takes them up\n")
    removed = babillard("remove", "note.md")
    assert (removed.exit_code, removed.stdout.splitlines()[0]) == (0, "removed note.md: Note")
    assert babillard("refresh").stdout == "nothing to do\n"


def test_a_source_that_cannot_be_learned_stops_no_other_and_ends_with_1(site: Site) -> None:
    site["/a"] = page("Bonjour.")
    ran = babillard("add", local(site, "/b"), "missing.md", "example.org", "..", local(site, "/a"))
    assert ran.exit_code == 1
    assert [line.split()[0] for line in ran.stdout.splitlines()] == ["failed"] * 4 + ["added", "1"]
    assert "https://example.org" in ran.stdout


def test_a_private_address_is_refused_without_the_setting(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("FETCH_PRIVATE")
    ran = babillard("add", local(site, "/a"))
    assert ran.exit_code == 1
    assert "FETCH_PRIVATE" in ran.stdout
    assert site.requests == []


def test_a_name_that_stands_for_nothing_is_a_fault() -> None:
    for command in ("refresh", "remove"):
        ran = babillard(command, "https://example.org/")
        assert (ran.exit_code, ran.stdout) == (1, "")
        assert ran.stderr.startswith("babillard: https://example.org/ is no page that was added")


@pytest.mark.parametrize(
    "setting", ["FETCH_PRIVATE=10.0.0.1/8", "FETCH_PRIVATE=intranet", "FETCH_CONTACT=a\u00e9", "REFRESH_HOURS=-1"]
)
def test_a_setting_that_is_wrong_is_told(setting: str, monkeypatch: pytest.MonkeyPatch) -> None:
    name, value = setting.split("=")
    monkeypatch.setenv(name, value)
    ran = babillard("add", "x.md")
    assert ran.exit_code == 1
    assert name in ran.stderr


@pytest.fixture
def own(site: Site) -> PageStore:
    """Return the pages of server 7, one of the site, as Discord kept it before its host moved."""
    site["/own"] = page("Bonjour.", "À nous")
    store = page_store(BotSettings(), 7)
    address = local(site, "/own")
    store.keep(Page(address, "site/own.html", "À nous", None, "2026-05-04T12:00:00+00:00", digest(b"x")), b"x")
    return store


def test_pages_of_servers_are_refreshed_too_and_never_in_private_networks(
    site: Site, own: PageStore, tmp_path: Path
) -> None:
    site["/a"] = page("Le marché ouvre à huit heures.", "Le marché")
    babillard("add", local(site, "/a"))
    site.requests.clear()
    ran = babillard("refresh")
    assert ran.exit_code == 1
    assert site.asked == ["/a"]
    assert f"failed {local(site, '/own')} (server 7): 127.0.0.1 is in a private network" in ran.stdout
    assert ran.stdout.endswith("1 unchanged, 1 failed\n")
    assert own.read().pages[local(site, "/own")].state == "failed"


def test_pages_of_one_server_can_be_named(site: Site, own: PageStore) -> None:
    site["/a"] = page("Bonjour.")
    babillard("add", local(site, "/a"))
    site.requests.clear()
    for arguments in (["--guild", "7"], [local(site, "/own")]):
        (line,) = babillard("refresh", "--json", *arguments).stdout.splitlines()
        assert (json.loads(line)["guild"], json.loads(line)["what"]) == ("7", "failed")
    assert site.requests == []
    assert "server 8 has learned no page" in babillard("refresh", "--guild", "8").stderr
    assert [json.loads(line)["guild"] for line in babillard("refresh", "--json").stdout.splitlines()] == [None, "7"]


def test_gone_pages_of_servers_are_pruned_too(own: PageStore, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(refreshing_module, "for_servers", lambda settings: settings)  # the site of the test is private
    del site["/own"]
    site["/a"] = page("Bonjour.")
    assert babillard("refresh").stdout.startswith(f"gone {local(site, '/own')} (server 7): ")
    assert local(site, "/own") in own.read().pages
    babillard("add", local(site, "/a"))
    site.requests.clear()
    assert "1 removed" in babillard("refresh", "--prune").stdout
    assert [path for path, _ in site.requests] == ["/robots.txt", "/a", "/own"]  # one guest, of one host
    assert own.read().pages == {}


def test_two_refreshes_do_not_run_at_once(site: Site) -> None:
    site["/a"] = page("Bonjour.")
    babillard("add", local(site, "/a"))
    with refreshing(BotSettings()):
        ran = babillard("refresh")
    assert (ran.exit_code, ran.stdout) == (1, "")
    assert "refreshed already: wait until that is done" in ran.stderr
    assert babillard("refresh").exit_code == 0


@pytest.mark.slow
def test_a_question_is_answered_without_what_fetches_pages(tmp_path: Path) -> None:
    script = "import sys, bot.cli; print(sorted(m for m in sys.modules if m.startswith('bot.fetching')))"
    assert run_python("-c", script, cwd=tmp_path).stdout == "['bot.fetching', 'bot.fetching.cli']\n"
