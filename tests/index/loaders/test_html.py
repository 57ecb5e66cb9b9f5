import pytest

from index.loaders.html import load
from index.loaders.loaded import Loaded, UnreadableError
from tests.index.loaders.files import billion_laughs
from tests.index.loaders.pages import PAGES, Page

EACH_PAGE = pytest.mark.parametrize("page", [pytest.param(page, id=name) for name, page in PAGES.items()])


def load_one(html: str | bytes) -> Loaded:
    (loaded,) = load(html.encode() if isinstance(html, str) else html)
    return loaded


@EACH_PAGE
def test_the_content_of_a_page_is_kept_in_order(page: Page) -> None:
    text, at = load_one(page.html).text, 0
    for said in page.says:
        at = text.index(said, at)


@EACH_PAGE
def test_what_surrounds_the_content_is_left_out(page: Page) -> None:
    text = load_one(page.html).text
    assert [noise for noise in page.omits if noise in text] == []


@EACH_PAGE
def test_headings_are_sections(page: Page) -> None:
    loaded = load_one(page.html)
    labels = [s.label for s in loaded.sections]
    assert [heading for heading in page.headings if f"§ {heading}" not in labels] == []
    for section in loaded.sections:
        assert loaded.text[section.start :].lstrip("#").startswith(f" {section.label[2:]}")


@EACH_PAGE
def test_the_title_is_the_one_great_heading_or_what_the_head_says(page: Page) -> None:
    assert load_one(page.html).title == (page.title or None)


def test_of_several_great_headings_none_is_the_title() -> None:
    html = '<meta property="og:title" content="Le bac"><title>Le bac | Site</title><h1>Un</h1><p>a</p><h1>Deux</h1>'
    assert load_one(html).title == "Le bac"


def test_a_list_of_links_in_the_main_part_is_content() -> None:
    links = "".join(f"<li><a href={n}>Musée {n}</a></li>" for n in "abc")
    html = f"<main><h1>Musées</h1><ul>{links}</ul><p>{'Une longue page. ' * 9}</p></main>"
    assert "- Musée a\n- Musée b\n- Musée c" in load_one(html).text


@pytest.mark.parametrize("charset", ["iso-8859-1", "ISO-8859-1", "latin1", "windows-1252", "us-ascii"])
def test_western_charsets_are_read_as_browsers_do(charset: str) -> None:
    html = f'<meta http-equiv="Content-Type" content="text/html; charset={charset}"><p>L’œuvre coûte 3 €.</p>'
    assert load_one(html.encode("cp1252")).text == "L’œuvre coûte 3 €."


@pytest.mark.parametrize("charset", ["utf-16", "utf-8", "no-such", "iso-8859-1"])
def test_a_charset_that_is_not_true_does_no_harm(charset: str) -> None:
    html = f'<meta charset="{charset}"><p>L’été.</p>'
    assert load_one(html).text == "L’été."


def test_a_page_without_charset_is_recognised() -> None:
    assert load_one("<p>L’été à Québec.</p>".encode("cp1252")).text == "L’été à Québec."


@pytest.mark.parametrize(
    "hidden",
    [
        "<p hidden>x</p>",
        '<p aria-hidden="true">x</p>',
        '<p style="color:red; display: none">x</p>',
        "<script>x</script>",
        "<noscript>x</noscript>",
        "<template><p>x</p></template>",
        "<select><option>x</option></select>",
        "<!-- x -->",
        "<svg><text>x</text></svg>",
    ],
)
def test_what_a_browser_does_not_show_is_left_out(hidden: str) -> None:
    assert load_one(f"<body>{hidden}<p>Texte.</p></body>").text == "Texte."


@pytest.mark.parametrize("name", ["menu", "page has-sidebar", "mainMenu", "footer"])
def test_a_name_alone_does_not_hide_a_whole_page(name: str) -> None:
    assert (
        load_one(f'<body><div class="{name}"><p>Le texte de la page.</p></div></body>').text == "Le texte de la page."
    )


def test_nested_lists_and_tables_keep_their_words() -> None:
    html = (
        "<ul><li>Un<ul><li>Deux</li></ul></li><li><p>Trois</p><p>Quatre</p></li></ul><table><tr><td>a<table><tr><td>b"
    )
    assert load_one(html).text == "- Un\n- Deux\n- Trois\n\nQuatre\n\n| a |\n| b |"


@pytest.mark.parametrize("html", ["", "   ", "<html></html>", "<frameset><frame src=x></frameset>"])
def test_a_page_that_says_nothing_is_empty(html: str) -> None:
    assert load_one(html).text == ""


def test_a_bomb_of_entities_is_refused() -> None:
    with pytest.raises(UnreadableError, match="bombs"):
        load(billion_laughs("html") + b"<html><body><p>&lol9;</p></body></html>")


def test_deep_nesting_is_read_without_recursion() -> None:
    assert load_one("<div>" * 3000 + "Au fond." + "</div>" * 3000).text == "Au fond."


def test_binary_junk_is_refused() -> None:
    with pytest.raises(UnreadableError, match="not a text file"):
        load(b"<html>\x00\x01\x02</html>")
