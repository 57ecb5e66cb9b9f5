"""Markdown as sites write it: what a reader of the page sees is read, what draws it is not."""

import pytest

from index.blocks import Block
from index.loaders.markdown import load, read_markdown
from index.writing import write


def text_of(markdown: str, base: str = "") -> str:
    return write(read_markdown(markdown, base))[0]


def kinds(markdown: str) -> list[str]:
    return [block.kind for block in read_markdown(markdown)]


# ------------------------------------------------------------------------------------------------------------- inline


@pytest.mark.parametrize(
    ("markdown", "text"),
    [
        pytest.param("Il est **très** *beau*, ~~cher~~.", "Il est très beau, ~~cher~~.", id="emphasis"),
        pytest.param("Tapez `make chat`.", "Tapez `make chat`.", id="code"),
        pytest.param("une\nligne  \nune autre", "une ligne\nune autre", id="breaks"),
        pytest.param("[ici](https://a.example/b)", "[ici](https://a.example/b)", id="link"),
        pytest.param("[ici](../b.md)", "ici", id="relative-link"),
        pytest.param("[ici][f]\n\n[f]: https://a.example/b", "[ici](https://a.example/b)", id="reference-link"),
        pytest.param("<https://a.example>", "https://a.example", id="autolink"),
        pytest.param("![Un chat](chat.png) dort.", "dort.", id="picture"),
        pytest.param("[![badge](b.svg)](https://ci.example)\n\nTexte.", "Texte.", id="linked-picture"),
        pytest.param("Prêt&nbsp;: oui.", "Prêt\u00a0: oui.", id="entity"),
        pytest.param("Un <kbd>Ctrl</kbd>-C.", "Un Ctrl-C.", id="html-tag"),
        pytest.param("Appuyez sur <Alt> deux fois.", "Appuyez sur <Alt> deux fois.", id="no-tag"),
        pytest.param("Un<!-- secret --> mot.", "Un mot.", id="comment"),
        pytest.param(":wrench: Réglages à 10:30:45", "Réglages à 10:30:45", id="emoji-name"),
    ],
)
def test_a_line_is_its_words(markdown: str, text: str) -> None:
    assert text_of(markdown) == text


def test_a_relative_link_becomes_absolute_where_the_page_tells_its_own_address() -> None:
    page = "---\nsource: https://docs.example/guide/start\n---\nVoir [la suite](../next#a) et [là](#b)."
    (loaded,) = load(page.encode())
    assert loaded.source == "https://docs.example/guide/start"
    assert write(loaded.blocks)[0] == "Voir [la suite](https://docs.example/next#a) et là."


def test_a_footnote_is_read_where_it_is_not_defined() -> None:
    assert text_of("Texte.[^1]\n\n[^1]: La note.\n\nFin.") == "Texte.\n\nFin.\n\nLa note."


# ------------------------------------------------------------------------------------------------------------- blocks


def test_lists_keep_their_numbers_and_what_they_hold() -> None:
    assert read_markdown("3. Ouvrir :\n\n   ```bash\n   make\n   ```\n\n4. [x] Fermer\n   - vite\n") == [
        Block("item", "Ouvrir :", ordinal=3),
        Block("code", "make", depth=1, info="bash"),
        Block("item", "Fermer", ordinal=4),
        Block("item", "vite", depth=1),
    ]


def test_a_table_is_its_rows_of_one_length() -> None:
    assert read_markdown("| Jour | Qui |\n|---|:-:|\n| lundi | **Ève** |\n| mardi |\n") == [
        Block("table", rows=(("Jour", "Qui"), ("lundi", "Ève"), ("mardi", "")))
    ]


def test_terms_have_their_definitions() -> None:
    assert read_markdown("Index\n:   Ce qui est cherché.\n:   Ce qui est bâti.\n") == [
        Block("term", "Index"),
        Block("definition", "Ce qui est cherché."),
        Block("definition", "Ce qui est bâti."),
    ]


@pytest.mark.parametrize(
    "markdown",
    [
        pytest.param("> [!WARNING]\n> C’est long.", id="github"),
        pytest.param(":::warning\nC’est long.\n:::", id="docusaurus"),
        pytest.param(":::warning{icon=fire}\n\nC’est long.\n\n:::", id="docusaurus-attributes"),
        pytest.param("!!! warning\n    C’est long.\n", id="mkdocs"),
        pytest.param("??? warning\n\n    C’est long.\n", id="mkdocs-collapsed"),
        pytest.param("{{% warning %}}\nC’est long.\n{{% /warning %}}", id="hugo"),
        pytest.param("<Warning>\n\nC’est long.\n\n</Warning>", id="mdx"),
        pytest.param("! C’est long.", id="grav"),
    ],
)
def test_an_admonition_is_one_in_every_dialect(markdown: str) -> None:
    assert read_markdown(f"{markdown}\n\nAprès.\n") == [
        Block("admonition", info="warning", frame=1),
        Block("paragraph", "C’est long.", frame=1),
        Block("paragraph", "Après."),
    ]


@pytest.mark.parametrize(
    "markdown",
    [
        pytest.param('<Tabs>\n<TabItem value="l" label="Linux">\n\nTapez `a`.\n\n</TabItem>\n</Tabs>', id="docusaurus"),
        pytest.param('=== "Linux"\n\n    Tapez `a`.\n', id="mkdocs"),
        pytest.param('[ui-tabs active="0"]\n[ui-tab title="Linux"]\nTapez `a`.\n[/ui-tab]\n[/ui-tabs]', id="grav"),
        pytest.param('{{< tabs >}}\n{{< tab "Linux" >}}\nTapez `a`.\n{{< /tab >}}\n{{< /tabs >}}', id="hugo"),
    ],
)
def test_a_tab_is_its_title_and_what_it_holds(markdown: str) -> None:
    assert read_markdown(markdown) == [Block("paragraph", "Linux", info="tab"), Block("paragraph", "Tapez `a`.")]


def test_a_heading_is_its_words_alone() -> None:
    headings = (
        '# <FAIcon icon="fa-cog"/> Installer {#installer}\n\n## :wrench: **Régler** {.x}\n\n### [fa=lock /] Où ?\n'
    )
    assert [block.text for block in read_markdown(headings)] == ["Installer", "Régler", "Où ?"]


@pytest.mark.parametrize(
    "line",
    [
        "import Tabs from '@theme/Tabs';",
        "export const meta = { title: 'x' };",
        "{/* rien */}",
        "{% include head.html %}",
        "{{< toc >}}",
        '<Badge text="Nouveau" />',
        "<Card\n  title={`x`}\n  onClick={() => { go(); }}\n/>",
        '[figure class="x" caption="Une figure"]\n![](a.png)\n[/figure]',
    ],
)
def test_a_line_of_machinery_says_nothing(line: str) -> None:
    found = [block.text for block in read_markdown(f"Avant.\n\n{line}\n\nAprès.") if block.info != "tab"]
    assert found == ["Avant.", "Après."]


@pytest.mark.parametrize(
    "code", ["import os\nfrom x import y", "{% if a %}", ":::", "[ui-tab title='x']", "# pas un titre"]
)
def test_code_is_kept_as_it_is(code: str) -> None:
    assert read_markdown(f"```\n{code}\n```\n") == [Block("code", code)]


@pytest.mark.parametrize("words", ["[note] pour tous", "Choisir [a] ou [b]", "import est un mot clé", "Ah ! Vous"])
def test_words_that_only_look_like_machinery_are_words(words: str) -> None:
    assert text_of(words) == words


def test_deep_quotes_are_read() -> None:
    assert kinds("> " * 50 + "mot")[-1] == "paragraph"


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("Vu <span hidden>le code *4471*</span>.", 1),
        ("Vu <b style='display:none'>un <i>code</i></b> <!-- 4471 -->.", 1),
        ("Vu.\n\n<div style='display:none'>\n\nLe code\n\n- 4471\n\n    4471\n\n| 4471 | a |\n|---|---|\n\n</div>", 4),
        ("<div>\n\nVu.\n\n</div><div hidden><div>\n\n4471\n\n</div>\n\n4471\n\n</div>", 2),
        ("<p hidden>4471</p>\n\nVu.", 1),
        ("<div style='color:#fff;background:#fff'>\n\n# 4471\n\n</div>\n\nVu.", 1),
    ],
)
def test_what_html_hides_in_a_page_is_counted_and_not_read(text: str, hidden: int) -> None:
    (loaded,) = load(text.encode())
    shown = " ".join(block.text for block in loaded.blocks)
    assert ("4471" in shown, "Vu" in shown) == (False, True)
    assert loaded.left_out["hidden texts"] == hidden


def test_what_follows_a_hidden_element_is_read() -> None:
    text = "<div hidden>\n\nUn.\n\n</div><p>Deux.</p>\n\nTrois <span hidden>quatre</span> cinq."
    assert [block.text for block in read_markdown(text)] == ["Deux.", "Trois cinq."]


@pytest.mark.parametrize("text", ["[x](<https://[>)", "[x](https://[a)"])
def test_an_address_that_is_none_leaves_its_words(text: str) -> None:
    assert "x" in read_markdown(text, "https://a.example/")[0].text


@pytest.mark.parametrize(
    "text",
    [
        "Un.\n\n{% comment %}\n\n4471\n\n{% endcomment %}\n\nDeux.",
        "Un.\n\n{% comment %}4471{% endcomment %}\n\nDeux.",
        "Un.\n\n{{< comment >}}\n4471\n{{< /comment >}}\n\nDeux.",
        "Un{% comment %} 4471 {% endcomment %}.\n\nDeux.",
    ],
)
def test_what_a_template_keeps_to_itself_is_not_read(text: str) -> None:
    assert [block.text for block in read_markdown(text)] == ["Un.", "Deux."]


def test_a_comment_of_a_template_that_nothing_ends_hides_nothing() -> None:
    assert [block.text for block in read_markdown("Un.\n\n{% comment %}\n\nDeux.")] == ["Un.", "Deux."]


@pytest.mark.parametrize(
    ("text", "read"),
    [
        pytest.param("import {\n  A,\n  B,\n} from '@site/x';\n\nUn.", ["Un."], id="import on several lines"),
        pytest.param("{{< youtube a1 >}}\n\nUn.", ["Un."], id="shortcode that nothing ends"),
        pytest.param("[ui-tabs][ui-tab title='a']Un.[/ui-tab][/ui-tabs]", ["Un."], id="shortcodes in a line"),
        pytest.param(
            "<Steps>\n  <Step title='Un'>\n    Puis **deux**.\n  </Step>\n</Steps>", ["Un", "Puis deux."], id="MDX"
        ),
        pytest.param("<div class='a' markdown='1'>\nUn *deux*.\n</div>", ["Un deux."], id="Markdown in HTML"),
        pytest.param("Un.\n\n{: .note }\n\n[TOC]\n\n[[_TOC_]]", ["Un."], id="settings"),
        pytest.param(
            "Voir [[page|la page]] et [[Autre]].\n\n![[image.png]]", ["Voir la page et Autre."], id="wiki links"
        ),
        pytest.param("H~2~O, x^2^, ==vu== et a == b == c", ["H2O, x2, vu et a == b == c"], id="raised and marked"),
        pytest.param(
            "2^8 = 256, ~deux~ et [a] [b]", ["2^8 = 256, ~deux~ et [a] [b]"], id="signs that are none of that"
        ),
    ],
)
def test_machinery_goes_and_words_stay(text: str, read: list[str]) -> None:
    assert [block.text for block in read_markdown(text)] == read
    assert {block.frame for block in read_markdown(text)} == {0}


def test_a_title_in_front_matter_is_read_as_markdown() -> None:
    (loaded,) = load(b"---\ntitle: 'Le <b>guide</b> :rocket: **rapide** (v2) [a](https://a.example)'\n---\nUn.")
    assert loaded.title == "Le guide rapide (v2) [a](https://a.example)"
