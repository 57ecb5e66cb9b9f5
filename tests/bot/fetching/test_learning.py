import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.config import BotSettings
from bot.errors import FetchError
from bot.fetching.learning import MAX_TITLE, Learner, Outcome, open_learner, page_store
from bot.fetching.pages import PageStore
from index.ingestion import read_seeds, seed_files
from index.schema import Document, Language
from index.worker import Worker
from tests.bot.fetching.site import Served, Site, Time, page, redirect, visitor, xml
from tests.index.loaders.files import pdf

WHOLE = "Le marché ouvre à huit heures. " * 40


@pytest.fixture
def learner(tmp_path: Path, worker: Worker) -> Iterator[Learner]:
    time = Time()
    with visitor(time, max_bytes=100_000) as one:
        yield Learner(PageStore(tmp_path / "pages"), one, worker, clock=time.clock)


def keep(text: str, fallback: Language) -> Language:
    return fallback


def documents(learner: Learner) -> list[Document]:
    return read_seeds(learner.store.folder, keep).documents


def learn(learner: Learner, site: Site, path: str) -> list[Outcome]:
    return list(learner.learn(site.address(path)))


# ------------------------------------------------------------------------------------------------------------ one page


def test_a_page_is_learned_with_its_address_title_and_date(learner: Learner, site: Site) -> None:
    html = """<html lang="fr"><head><title>Le marché – Ville</title><link rel="canonical" href="https://evil.example/">
        <meta property="article:published_time" content="2026-04-01T08:00:00Z"></head>
        <body><nav><a href="/">Accueil</a></nav><main><h1>Le marché</h1>
        <p>Il ouvre à 8 h ; voir <a href="plan">le plan</a>.</p></main></body></html>"""
    site["/ville/marche"] = Served(html.encode(), headers={"Content-Type": "text/html"})
    (outcome,) = learn(learner, site, "/ville/marche")
    address = site.address("/ville/marche")
    assert outcome == Outcome(address, "added", "Le marché", "2026-04-01")
    (document,) = documents(learner)
    assert (document.source, document.title, document.date) == (address, "Le marché", "2026-04-01")
    assert f"[le plan]({site.address('/ville/plan')})" in document.text
    assert "Accueil" not in document.text


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("<p>L’été à l’œuvre : où est la fête ?</p>".encode("cp1252"), "text/html"),
        ("<p>L’été à l’œuvre : où est la fête ?</p>".encode("cp1252"), "text/html; charset=utf-8"),
        ("<p>L’été à l’œuvre : où est la fête ?</p>".encode(), "text/html; charset=iso-8859-1"),
        ("<meta charset=latin1><p>L’été à l’œuvre : où est la fête ?</p>".encode("cp1252"), "text/html"),
        ("L’été à l’œuvre : où est la fête ?".encode("utf-16"), "text/plain"),
    ],
)
def test_a_page_is_decoded_as_a_file_is_whatever_the_server_says(
    learner: Learner, site: Site, body: bytes, kind: str
) -> None:
    site["/ete"] = Served(body, headers={"Content-Type": kind})
    learn(learner, site, "/ete")
    assert documents(learner)[0].text == "L’été à l’œuvre : où est la fête ?"


def test_a_page_of_another_format_is_kept_as_it_came(learner: Learner, site: Site) -> None:
    data = pdf("Le marché ouvre à huit heures.")
    site["/download"] = Served(data, headers={"Content-Type": "application/pdf"})
    (outcome,) = learn(learner, site, "/download")
    kept = learner.store.read().pages[outcome.address]
    assert kept.file.endswith(".pdf")
    assert (learner.store.folder / kept.file).read_bytes() == data


def test_a_page_without_a_title_is_called_by_its_address(learner: Learner, site: Site) -> None:
    site["/heures-du-marche.txt"] = Served("Il ouvre à 8 h.".encode(), headers={"Content-Type": "text/plain"})
    assert learn(learner, site, "/heures-du-marche.txt")[0].title == "Heures du marche"
    assert documents(learner)[0].title == "Heures du marche"


def test_the_rows_of_a_table_cite_its_address_and_keep_their_questions(learner: Learner, site: Site) -> None:
    table = "question,answer,source\nQui ?,Le maire.,https://evil.example/\nOù ?,À la mairie.,\n"
    site["/faq.csv"] = Served(table.encode(), headers={"Content-Type": "text/csv"})
    learn(learner, site, "/faq.csv")
    found = documents(learner)
    assert [document.title for document in found] == ["Qui ?", "Où ?"]
    assert {document.source for document in found} == {site.address("/faq.csv")}


def test_a_page_that_is_learned_again_is_asked_for_only_if_it_changed(learner: Learner, site: Site) -> None:
    site["/a"] = page("Un", ETag='"1"')
    assert [learn(learner, site, "/a")[0].what for _ in range(2)] == ["added", "unchanged"]
    assert site.requests[-1][1]["if-none-match"] == '"1"'
    site["/a"] = page("Deux", ETag='"2"')
    assert learn(learner, site, "/a")[0].what == "updated"
    assert documents(learner)[0].text == "Deux"


def test_a_page_whose_file_was_lost_is_asked_for_whole(learner: Learner, site: Site) -> None:
    site["/a"] = page("Un", ETag='"1"')
    (outcome,) = learn(learner, site, "/a")
    (learner.store.folder / learner.store.read().pages[outcome.address].file).unlink()
    learn(learner, site, "/a")
    assert documents(learner)[0].text == "Un"


def test_a_page_under_two_addresses_is_one_page(learner: Learner, site: Site) -> None:
    site["/old"], site["/new"] = redirect("/new", 301), page("Bonjour")
    assert learn(learner, site, "/old")[0].address == site.address("/new")
    assert [learn(learner, site, path)[0].what for path in ("/new", "/new/", "/old")][::2] == ["unchanged", "unchanged"]
    assert len(documents(learner)) == 1


@pytest.mark.parametrize(
    ("served", "said"),
    [
        (Served(status=404), "is not there"),
        (Served(b"\x89PNG", headers={"Content-Type": "image/png"}), "is not read"),
        (Served(b"<html><script>render()</script></html>", headers={"Content-Type": "text/html"}), "holds no text"),
        (Served(b"%PDF-broken", headers={"Content-Type": "application/pdf"}), "PDF|pdf"),
        (Served(b"x" * 100_001, headers={"Content-Type": "text/plain"}), "MAX_FILE_MB"),
    ],
)
def test_what_cannot_be_learned_is_told_and_leaves_nothing(
    learner: Learner, site: Site, served: Served, said: str
) -> None:
    site["/a"] = served
    with pytest.raises(FetchError, match=said) as fault:
        learn(learner, site, "/a")
    assert site.address("/a") in str(fault.value)
    assert str(learner.store.folder) not in str(fault.value)
    assert learner.store.read().pages == {}


def test_a_known_page_that_is_gone_is_marked_when_it_is_added_again(learner: Learner, site: Site) -> None:
    site["/a"] = page("Un")
    learn(learner, site, "/a")
    del site["/a"]
    assert learn(learner, site, "/a")[0].what == "gone"
    assert documents(learner)[0].text == "Un"


def test_learning_works_in_a_thread(learner: Learner, site: Site) -> None:
    site["/a"] = page("Un")
    found: list[Outcome] = []
    thread = threading.Thread(target=lambda: found.extend(learn(learner, site, "/a")))
    thread.start()
    thread.join()
    assert [outcome.what for outcome in found] == ["added"]


# --------------------------------------------------------------------------------------------------- sitemaps and feeds


def test_the_pages_of_a_sitemap_are_learned_and_a_fault_stops_none(learner: Learner, site: Site) -> None:
    links = "".join(f"<url><loc>{site.address(path)}</loc></url>" for path in ("/a", "/gone", "/b", "/sitemap.xml"))
    site["/sitemap.xml"] = xml(f"<urlset>{links}</urlset>")
    site["/a"], site["/b"] = page("Un", "A"), page("Deux", "B")
    expected: list[int] = []
    learner.expect = expected.append
    outcomes = learn(learner, site, "/sitemap.xml")
    assert [outcome.what for outcome in outcomes] == ["added", "gone", "added", "failed"]
    assert {outcome.listed_in for outcome in outcomes} == {site.address("/sitemap.xml")}
    assert expected == [4]
    assert list(learner.store.read().lists) == [site.address("/sitemap.xml")]


def test_pages_come_from_a_feed_and_from_where_it_leads(learner: Learner, site: Site) -> None:
    feed = f"""<feed xmlns="http://www.w3.org/2005/Atom">
      <entry><title>Tout</title><link href="/whole"/><updated>2026-05-01T00:00:00Z</updated>
        <content type="html">&lt;p&gt;{WHOLE}&lt;/p&gt;&lt;a href="/plan"&gt;Le plan&lt;/a&gt;</content></entry>
      <entry><title>Début</title><link href="/part"/><updated>2026-05-02T00:00:00Z</updated>
        <summary>Court.</summary></entry></feed>"""
    site["/feed"] = xml(feed, "application/atom+xml")
    site["/part"] = Served(b"<p>La suite.</p>", headers={"Content-Type": "text/html"})
    outcomes = learn(learner, site, "/feed")
    assert [(outcome.title, outcome.date) for outcome in outcomes] == [("Tout", "2026-05-01"), ("Début", "2026-05-02")]
    assert site.asked == ["/feed", "/part"]
    whole, part = sorted(documents(learner), key=lambda one: one.title, reverse=True)
    assert (whole.source, whole.date) == (site.address("/whole"), "2026-05-01")
    assert f"[Le plan]({site.address('/plan')})" in whole.text
    assert (part.title, part.date, part.text) == ("Début", "2026-05-02", "La suite.")


def test_what_a_feed_holds_is_brought_up_to_date_by_it(learner: Learner, site: Site) -> None:
    def feed(text: str) -> Served:
        item = f"<entry><title>Tout</title><link href='/w'/><content type='html'>{text}</content></entry>"
        return xml(f"<feed xmlns='http://www.w3.org/2005/Atom'>{item}</feed>")

    found = []
    for text in (WHOLE, WHOLE, WHOLE + "Sauf en mai."):
        site["/feed"] = feed(text)
        found += [outcome.what for outcome in learn(learner, site, "/feed")]
    assert found == ["added", "unchanged", "updated"]


def test_a_feed_that_declares_entities_is_refused(learner: Learner, site: Site) -> None:
    site["/feed"] = xml('<!DOCTYPE rss [<!ENTITY a "b">]><rss><channel/></rss>')
    with pytest.raises(FetchError, match="document type"):
        learn(learner, site, "/feed")


def test_the_time_of_a_command_is_bounded(learner: Learner, site: Site) -> None:
    links = "".join(f"<url><loc>{site.address(f'/{number}')}</loc></url>" for number in range(9))
    site["/sitemap.xml"] = xml(f"<urlset>{links}</urlset>", ETag='"1"')
    for number in range(9):
        site[f"/{number}"] = page(f"Page {number}", str(number))
    learner.seconds = 3  # a second each page
    outcomes = learn(learner, site, "/sitemap.xml")
    assert [outcome.what for outcome in outcomes] == ["added"] * 3 + ["left out"]
    assert "6 pages are left" in outcomes[-1].reason
    assert learner.store.read().lists[site.address("/sitemap.xml")].etag == ""  # it is read again for the others


# ---------------------------------------------------------------------------------------------------------------- files


def test_a_given_file_is_cited_by_its_name(learner: Learner) -> None:
    assert learner.learn_file("Heures d’été.md", "# Le marché\n\nIl ouvre à 8 h.".encode()).title == "Le marché"
    (document,) = documents(learner)
    assert (document.source, document.title) == ("Heures d’été.md", "Le marché")


def test_a_given_file_that_tells_its_address_is_cited_by_it(learner: Learner) -> None:
    learner.learn_file("a.md", b"---\nsource: https://example.org/a\ntitle: A\n---\nBonjour.")
    assert documents(learner)[0].source == "https://example.org/a"


@pytest.mark.parametrize("name", ["https://example.org/a.md", "../../a.md", "C:\\docs\\a.md", "/etc/a.md"])
def test_a_given_file_is_never_taken_for_a_page_or_a_path(learner: Learner, name: str) -> None:
    assert learner.learn_file(name, b"Bonjour.").address == "a.md"
    assert [path.name for path in seed_files(learner.store.folder)] == ["a.md"]


def test_a_title_without_end_is_cut(learner: Learner, site: Site) -> None:
    site["/a"] = page("Bonjour.", "A" * 50_000)
    assert len(learn(learner, site, "/a")[0].title) == MAX_TITLE


def test_a_given_file_replaces_the_one_of_its_name(learner: Learner) -> None:
    found = [learner.learn_file("a.txt", text).what for text in (b"Un.", b"Un.", b"Deux.")]
    assert found == ["added", "unchanged", "updated"]
    assert documents(learner)[0].text == "Deux."


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("plan.png", b"\x89PNG", "a picture"),
        ("vide.md", b"  \n", "holds no text"),
        ("long.txt", b"x" * 100_001, "MAX_FILE_MB"),
        ("broken.docx", b"PK", "docx"),
    ],
)
def test_a_file_that_cannot_be_read_is_told_by_its_name(learner: Learner, name: str, data: bytes, said: str) -> None:
    with pytest.raises(FetchError, match=said) as fault:
        learner.learn_file(name, data)
    assert str(fault.value).startswith(name)


def test_a_learner_is_made_from_the_settings(site: Site, tmp_path: Path) -> None:
    settings = BotSettings(data_dir=tmp_path, fetch_private="127.0.0.1/32", fetch_contact="https://example.org/contact")
    site["/a"] = page("Un")
    with open_learner(settings) as learner:
        learner.visitor.sleep = lambda _: None
        assert [one.what for one in learner.learn(f"http://127.0.0.1:{site.port}/a")] == ["added"]
    assert site.requests[-1][1]["user-agent"] == "babillard (https://example.org/contact)"
    assert page_store(settings).folder == tmp_path / "learned" / "@pages"
    with open_learner(BotSettings(data_dir=tmp_path)) as learner, pytest.raises(FetchError, match="FETCH_PRIVATE"):
        list(learner.learn(f"http://127.0.0.1:{site.port}/b"))
