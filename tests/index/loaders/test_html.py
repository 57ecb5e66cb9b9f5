import re
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.blocks import Block
from index.loaders.html import load, read_fragment
from index.loaders.loaded import Loaded, UnreadableError
from index.writing import write
from tests.index.loaders.files import billion_laughs
from tests.index.loaders.pages import PAGES, Page

EACH_PAGE = pytest.mark.parametrize("page", [pytest.param(page, id=name) for name, page in PAGES.items()])


def load_one(html: str | bytes) -> Loaded:
    (loaded,) = load(html.encode() if isinstance(html, str) else html)
    return loaded


def text_of(html: str | bytes) -> str:
    return write(load_one(html).blocks)[0]


@EACH_PAGE
def test_the_content_of_a_page_is_kept_in_order(page: Page) -> None:
    text, at = text_of(page.html), 0
    for said in page.says:
        at = text.index(said, at)


@EACH_PAGE
def test_what_surrounds_the_content_is_left_out(page: Page) -> None:
    text = text_of(page.html)
    assert [noise for noise in page.omits if noise in text] == []


@EACH_PAGE
def test_headings_are_headings(page: Page) -> None:
    headings = [block.text for block in load_one(page.html).blocks if block.kind == "heading"]
    assert [heading for heading in page.headings if heading not in headings] == []


@EACH_PAGE
def test_the_title_is_the_one_great_heading_or_what_the_head_says(page: Page) -> None:
    assert load_one(page.html).title == (page.title or None)


def test_of_several_great_headings_none_is_the_title() -> None:
    html = '<meta property="og:title" content="Le bac"><title>Le bac | Site</title><h1>Un</h1><p>a</p><h1>Deux</h1>'
    assert load_one(html).title == "Le bac"


def test_a_list_of_links_in_the_main_part_is_content() -> None:
    links = "".join(f"<li><a href={n}>Musée {n}</a></li>" for n in "abc")
    html = f"<main><h1>Musées</h1><ul>{links}</ul><p>{'Une longue page. ' * 9}</p></main>"
    assert "- Musée a\n- Musée b\n- Musée c" in text_of(html)


@pytest.mark.parametrize("charset", ["iso-8859-1", "ISO-8859-1", "latin1", "windows-1252", "us-ascii"])
def test_western_charsets_are_read_as_browsers_do(charset: str) -> None:
    html = f'<meta http-equiv="Content-Type" content="text/html; charset={charset}"><p>L’œuvre coûte 3 €.</p>'
    assert text_of(html.encode("cp1252")) == "L’œuvre coûte 3 €."


@pytest.mark.parametrize("charset", ["utf-16", "utf-8", "no-such", "iso-8859-1"])
def test_a_charset_that_is_not_true_does_no_harm(charset: str) -> None:
    html = f'<meta charset="{charset}"><p>L’été.</p>'
    assert text_of(html) == "L’été."


def test_a_page_without_charset_is_recognised() -> None:
    assert text_of("<p>L’été à Québec.</p>".encode("cp1252")) == "L’été à Québec."


@pytest.mark.parametrize("name", ["menu", "page has-sidebar", "mainMenu", "footer"])
def test_a_name_alone_does_not_hide_a_whole_page(name: str) -> None:
    assert text_of(f'<body><div class="{name}"><p>Le texte de la page.</p></div></body>') == "Le texte de la page."


def test_the_marks_of_notes_and_links_to_a_heading_are_no_words() -> None:
    html = """<main><h2>Loire <a href="#loire">¶</a></h2><p>Un fleuve<sup><a href="#n1">[1]</a></sup> de 10<sup>6</sup> m
    <sup class=reference><a href="/Loire#n2">2</a></sup>.</p><p>Une note. <a href="#r1">↩</a></p></main>"""
    assert text_of(html) == "## Loire\n\nUn fleuve de 10⁶ m .\n\nUne note."


def test_an_admonition_in_an_aside_is_content() -> None:
    html = "<main><h1>Bac</h1><p>Le bac part à midi.</p><aside class=note><p>Sauf lundi.</p></aside></main>"
    assert text_of(html).endswith("> [!note]\n> Sauf lundi.")


def test_what_was_left_out_is_counted() -> None:
    html = f"""<body>{"<p>Un long texte.</p>" * 9}<nav><a href=/>Accueil</a></nav><!-- brouillon --><!----><p hidden>x</p>
    <p style="font-size:0">y</p><p hidden></p><template><p>z</p></template><button>Copier</button><script>s</script></body>"""
    assert load_one(html).left_out == {
        "menus and banners": 1,
        "comments": 1,
        "hidden texts": 3,
        "buttons": 1,
    }


def test_links_lead_from_the_address_that_the_page_tells() -> None:
    html = '<head><link rel=canonical href="https://a.example/b/c"></head><p>Voir <a href="../d">ici</a>.</p>'
    loaded = load_one(html)
    assert loaded.source == "https://a.example/b/c"
    assert loaded.blocks == (Block("paragraph", "Voir [ici](https://a.example/d)."),)


@pytest.mark.parametrize("html", ["", "   ", "<html></html>", "<frameset><frame src=x></frameset>"])
def test_a_page_that_says_nothing_is_empty(html: str) -> None:
    assert text_of(html) == ""


def test_a_bomb_of_entities_is_refused() -> None:
    with pytest.raises(UnreadableError, match="bombs"):
        load(billion_laughs("html") + b"<html><body><p>&lol9;</p></body></html>")


def test_deep_nesting_is_read_without_recursion() -> None:
    assert text_of("<div>" * 3000 + "Au fond." + "</div>" * 3000) == "Au fond."


def test_binary_junk_is_refused() -> None:
    with pytest.raises(UnreadableError, match="not a text file"):
        load(b"<html>\x00\x01\x02</html>")


TAGS = (
    "p div span b a ul li dl dt dd table tr td th details summary pre code h1 h3 button label nav header aside main form "
    "section blockquote svg template"
).split()
ATTRIBUTES = (
    "hidden", "aria-hidden=true", "style=display:none", "style=font-size:0", "id=a", "id=b", "aria-controls=a", "href='#b'",
    "aria-expanded=true", "role=tab", "role=tablist", "role=button", "role=heading", "class=accordion", "class='panel body'",
    "class='alert alert-info'", "class=title", "colspan=3", "rowspan=0",
)  # fmt: skip
OF_NO_CONTENT = re.compile("<main|<svg|aria-controls|href|role=tab|role=button")
"""What is outside the main part, pictures, and buttons that only show what is there are not counted."""
OPENINGS = st.builds(
    lambda tag, attributes: f"<{' '.join([tag, *attributes])}>",
    st.sampled_from(TAGS),
    st.lists(st.sampled_from(ATTRIBUTES), max_size=2),
)


@settings(max_examples=150)
@given(st.lists(OPENINGS | st.sampled_from([*(f"</{tag}>" for tag in TAGS), "", "", ""]), max_size=40))
def test_the_words_of_a_muddled_page_are_told_or_left_out_for_a_reason(tags: list[str]) -> None:
    html = "".join(tag or f" mot{number}x ? " for number, tag in enumerate(tags))
    loaded = load_one(html)
    told = [text for block in loaded.blocks for text in (block.text, *(cell for row in block.rows for cell in row))]
    words = re.findall(r"mot\d+x", " ".join(told))
    assert set(words) == set(re.findall(r"mot\d+x", html)) or loaded.left_out or OF_NO_CONTENT.search(html)
    assert write(loaded.blocks)


# --------------------------------------------------------------------------------------------------------- fragments
@pytest.mark.parametrize(
    "html",
    [
        "</details>",
        "</div></div>",
        "<!-- TODO -->",
        '<p align="center"><img src="logo.png" alt="Logo"></p>',
        '<a href="https://a.example"><img src="badge.svg" alt="Badge"></a>',
        "<div class='tabs'>",
        "<br>",
        "<style>p { color: red }</style>",
        "<div hidden>Code 4471.</div>",
        "",
    ],
)
def test_a_fragment_without_words_is_nothing(html: str) -> None:
    assert read_fragment(html, "", Counter()) == []


@pytest.mark.parametrize("html", ["<details>\n<summary><b>Voir</b> tout</summary>", "<summary>Voir tout</summary>"])
def test_a_fragment_may_open_what_it_does_not_close(html: str) -> None:
    assert read_fragment(html, "", Counter()) == [Block("admonition", "Voir tout", info="details", frame=1)]


def test_a_question_in_the_summary_of_a_fragment_is_no_heading() -> None:
    assert [block.kind for block in read_fragment("<details><summary>Où ?</summary>Ici.</details>", "", Counter())] == [
        "admonition",
        "paragraph",
    ]


def test_a_fragment_knows_where_its_links_lead() -> None:
    html = '<center><a href="/apps" class="btn">Les applications</a></center>'
    assert read_fragment(html, "https://a.example/", Counter()) == [
        Block("paragraph", "[Les applications](https://a.example/apps)")
    ]
    assert read_fragment(html, "", Counter()) == [Block("paragraph", "Les applications")]


def test_what_a_stretch_of_html_hides_is_counted() -> None:
    left_out: Counter[str] = Counter()
    html = "<p>Ici.</p><!-- note --><p hidden>Là.</p><p style='display:none'></p>"
    assert read_fragment(html, "", left_out) == [Block("paragraph", "Ici.")]
    assert left_out == {"comments": 1, "hidden texts": 1}
