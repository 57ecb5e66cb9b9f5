import re
from collections.abc import Callable, Iterator, Sequence
from html import escape
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from index.blocks import Block
from index.loaders.markup import INVISIBLE, read_blocks
from index.loaders.outline import MAX_DEPTH

PAGE = "https://ville.example/bac/"


def read(html: str, base: str = PAGE) -> list[Block]:
    body = LexborHTMLParser(html, scripting=True).body
    assert body is not None
    return read_blocks(body, lambda node: node.tag in INVISIBLE, base)


def text_of(html: str) -> str:
    (block,) = read(html)
    return block.text


def outline(blocks: Sequence[Block]) -> list[str]:
    """Return the blocks as `kind@depth/frame text`, one a line, for tests of their order and place."""
    return [f"{b.kind}@{b.depth}/{b.frame} {b.text}".strip() for b in blocks]


# ------------------------------------------------------------------------------------------------------------- words
@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p> Le\n  <b>bac</b> <em>part</em>&nbsp;! </p>", "Le bac part\u00a0!"),
        (
            "<p>Tapez <code>ls -l</code>, puis <kbd>Ctrl</kbd>+<kbd><kbd>C</kbd></kbd>.</p>",
            "Tapez `ls -l`, puis `Ctrl`+`C`.",
        ),
        ("<p><code>a`b</code> <code>`c`</code></p>", "``a`b`` `` `c` ``"),
        ("<p><kbd>A</kbd><kbd>B</kbd></p>", "`A` `B`"),
        (
            "<p>Voir <a href='tarifs'>les <b>tarifs</b> </a>.</p>",
            "Voir [les tarifs](https://ville.example/bac/tarifs) .",
        ),
        ("<p><a href='/x'><code>put</code></a></p>", "[`put`](https://ville.example/x)"),
        ("<p><code><a href='/x'>put</a></code></p>", "`put`"),
        ("<p><a href='#x'>Haut</a> <a href='mailto:a@b.example'>courriel</a> <a>nu</a></p>", "Haut courriel nu"),
        (
            "<p><a href=/a>Un</a><a href=/b>Deux</a></p>",
            "[Un](https://ville.example/a) [Deux](https://ville.example/b)",
        ),
        ("<p>4 € <s>5 €</s> <del>6 €</del></p>", "4 € ~~5 €~~ ~~6 €~~"),
        ("<p>10<sup>6</sup> m<sup>-2</sup>, le 1<sup>er</sup>, CO<sub>2</sub></p>", "10⁶ m⁻², le 1er, CO2"),
        ("<p>Mme Roy<br>préside <br/> la séance.</p>", "Mme Roy\npréside\nla séance."),
        ("<p>il y a <relative-time>deux jours</relative-time>.</p>", "il y a deux jours."),
        ("<p>a\vb</p>", "a b"),
    ],
)
def test_words_are_plain_but_for_code_links_and_what_is_struck_through(html: str, text: str) -> None:
    assert text_of(html) == text


def test_a_link_around_several_blocks_is_that_of_the_first_that_can_hold_it() -> None:
    assert [b.text for b in read("<a href=/x><h3>Musée</h3><p>Une visite.</p><p>Deux visites.</p></a>")] == [
        "Musée",
        "[Une visite.](https://ville.example/x)",
        "Deux visites.",
    ]


def test_two_breaks_part_paragraphs() -> None:
    assert outline(read("Un<br>deux<br> <br>trois")) == ["paragraph@0/0 Un\ndeux", "paragraph@0/0 trois"]


# ---------------------------------------------------------------------------------------------------- headings, lists
def test_headings_have_their_level_and_no_links() -> None:
    html = "<h2>Le <a href=/x>bac</a> <code>A</code><br>de Sorel</h2><div role=heading aria-level=5>Tarifs</div>"
    assert read(html) == [Block("heading", "Le bac `A` de Sorel", 2), Block("heading", "Tarifs", 5)]


def test_lists_have_depth_and_numbers() -> None:
    html = (
        """<ol start=3><li>c<ul><li>c1<p>suite</p></li></ul></li><li value=7><p>g</p><p>fin</p></li><li>h</li></ol>"""
    )
    assert read(html) == [
        Block("item", "c", ordinal=3),
        Block("item", "c1", depth=1),
        Block("paragraph", "suite", depth=2),
        Block("item", "g", ordinal=7),
        Block("paragraph", "fin", depth=1),
        Block("item", "h", ordinal=8),
    ]


def test_what_a_list_item_holds_stands_in_it_even_without_words_of_its_own() -> None:
    html = "<ul><li><pre>ls</pre></li><li><ol><li>a</li></ol></li><li></li><li>b<br>c</li></ul>"
    assert outline(read(html)) == [
        "item@0/0",
        "code@1/0 ls",
        "item@0/0",
        "item@1/0 a",
        "item@0/0 b c",
    ]


def test_an_item_that_opens_with_a_heading_is_a_section() -> None:
    html = "<ol><li><div><h3>Ouvrir</h3><p>La vanne.</p></div></li><li><h3>2. Fermer</h3>Tout.</li></ol><p>Fin.</p>"
    assert outline(read(html)) == [
        "heading@0/0 1. Ouvrir",
        "paragraph@0/0 La vanne.",
        "heading@0/0 2. Fermer",
        "paragraph@0/0 Tout.",
        "paragraph@0/0 Fin.",
    ]


def test_terms_have_definitions() -> None:
    html = "<dl><div><dt>Bac</dt><dt>Traversier</dt><dd>Un bateau.<ul><li>lent</li></ul></dd></div><dt>Quai</dt><dd><p>Là.<p>Ici."
    assert outline(read(html)) == [
        "term@0/0 Bac",
        "term@0/0 Traversier",
        "definition@0/0 Un bateau.",
        "item@1/0 lent",
        "term@0/0 Quai",
        "definition@0/0 Là.",
        "paragraph@1/0 Ici.",
    ]


# -------------------------------------------------------------------------------------------------------------- code
@pytest.mark.parametrize(
    ("html", "language"),
    [
        ("<pre><code class='language-bash'>ls</code></pre>", "bash"),
        ("<pre><code class='lang-js'>ls</code></pre>", "js"),
        ("<div class='highlight highlight-source-shell'><pre>ls</pre></div>", "shell"),
        ("<div class='highlight-python notranslate'><div class=highlight><pre>ls</pre></div></div>", "python"),
        ("<div class='highlight-default notranslate'><div class=highlight><pre>ls</pre></div></div>", ""),
        ("<div class='language-ini highlight'><pre><span></span><code>ls</code></pre></div>", "ini"),
        ("<pre><code class='hljs ruby'>ls</code></pre>", "ruby"),
        ("<pre class='sourceCode python'><code>ls</code></pre>", "python"),
        ("<pre class='brush: sql; notranslate'>ls</pre>", "sql"),
        ("<pre class='src src-sh'>ls</pre>", "sh"),
        ("<pre><code class='language-text'>ls</code></pre>", ""),
        ("<pre><code data-lang='c++' class='chroma'>ls</code></pre>", "c++"),
        ("<div class='content large'><pre class='wide box'>ls</pre></div>", ""),
    ],
)
def test_code_names_its_language_as_the_highlighters_do(html: str, language: str) -> None:
    assert read(html) == [Block("code", "ls", info=language)]


@pytest.mark.parametrize(
    "html",
    [
        "<pre>\nif a:\n    b()\n\n# fin\n</pre>",
        "<pre><code><span class=k>if</span> a:\n    <b>b()</b>\n\n<a href=/x># fin</a></code></pre>",
        "<pre><code>if a:<br>    b()<br><br># fin</code></pre>",
        "<pre><div>if a:</div><div>    b()\n</div>\n<div># fin</div></pre>",
        "<pre><span class=linenos>1 </span>if a:\n<span class=ln>2 </span>    b()\n\n<span class=lnt>4 </span># fin</pre>",
        "<pre>if a:\n&nbsp;&nbsp; &nbsp;b()\n\n# fin<button>Copier</button></pre>",
        """<table class=rouge-table><tr><td class='gutter gl'><pre class=lineno>1\n2\n</pre></td><td class=code><pre>if a:
    b()\n\n# fin</pre></td></tr></table>""",
        """<pre><table class=hljs-ln><tr><td class=hljs-ln-numbers>1</td><td>if a:</td></tr><tr><td class=hljs-ln-numbers>2
</td><td>    b()\n\n</td></tr><tr><td># fin</td></tr></table></pre>""",
    ],
)
def test_code_is_kept_as_it_is_typed(html: str) -> None:
    assert text_of(html) == "if a:\n    b()\n\n# fin"


# ------------------------------------------------------------------------------------------------------------- tables
def test_a_table_has_its_header_first_and_its_caption_before_it() -> None:
    html = """<table><caption>Jours de bac :</caption><thead><tr><th>Jour</th><th>Quai</th></tr></thead><tbody><tr>
    <td rowspan=2>Lundi</td><td><p>A</p><p><a href=/a>plan</a></p></td></tr><tr><td>B<br>ou C</td></tr></tbody></table>"""
    assert read(html) == [
        Block("paragraph", "Jours de bac :"),
        Block(
            "table",
            rows=(("Jour", "Quai"), ("Lundi", "A [plan](https://ville.example/a)"), ("Lundi", "B ou C")),
        ),
    ]


def test_a_cell_is_one_line_whatever_it_holds() -> None:
    html = """<table><tr><th>a</th><th>b</th></tr><tr><td><ul><li>x</li><li>y</li></ul></td><td><pre>1\n2</pre><table><tr>
    <td>n</td><td>m</td></tr></table><h3>t</h3></td></tr></table>"""
    assert read(html) == [Block("table", rows=(("a", "b"), ("x y", "`1 2` n m t")))]


@pytest.mark.parametrize(
    "html",
    [
        "<table><tr><td><p>Un</p><p>Deux</p></td></tr></table>",
        "<table><tr><td>Un</td></tr><tr><td>Deux</td></tr></table>",
        "<table role=presentation><tr><td>Un</td><td>Deux</td></tr></table>",
        "<table><tr><td><div>Un</div></td><td><div>Deux</div></td></tr></table>",
        "<table><tr><td>Un</td><td></td></tr><tr><td></td><td><table><tr><td>Deux</td></tr></table></td></tr></table>",
    ],
)
def test_a_table_that_lays_out_a_page_is_read_as_what_it_holds(html: str) -> None:
    assert read(html)[0] == Block("paragraph", "Un")
    assert len(read(html)) == 2 or html.count("<table") == 2


def test_a_page_laid_out_by_a_table_keeps_its_sections() -> None:
    html = "<table><tr><td>Gauche</td><td><h2>Titre</h2><ul><li>Point</li></ul></td></tr></table>"
    assert outline(read(html)) == ["paragraph@0/0 Gauche", "heading@0/0 Titre", "item@0/0 Point"]


# ------------------------------------------------------------------------------------------------------ quotes, boxes
def test_quotes_are_numbered_frames() -> None:
    html = "<blockquote><p>a</p><blockquote>b</blockquote>c<br>d</blockquote><p>e</p><blockquote><ul><li>f</ul></blockquote>"
    assert outline(read(html)) == [
        "paragraph@0/1 a",
        "paragraph@0/2 b",
        "paragraph@0/1 c d",
        "paragraph@0/0 e",
        "item@0/3 f",
    ]


@pytest.mark.parametrize(
    ("html", "kind", "title"),
    [
        ("<div class='admonition warning'><p class=admonition-title>Gare</p><p>Gel.</p></div>", "warning", "Gare"),
        ("<div class='admonition note'><p class=admonition-title>Note</p><p>Gel.</p></div>", "note", ""),
        ("<details class=tip open><summary>Gare</summary><p>Gel.</p></details>", "tip", "Gare"),
        ("<details><summary>Gare <b>ici</b></summary>Gel.</details>", "details", "Gare ici"),
        (
            """<div class="theme-admonition theme-admonition-tip admonition_x alert alert--success"><div
            class="admonitionHeading_y"><span><svg></svg></span>tip</div><div class="admonitionContent_z"><p>Gel.</p></div></div>""",
            "tip",
            "",
        ),
        ("<div class='alert alert-danger' role=alert><h4 class=alert-heading>Gare</h4>Gel.</div>", "danger", "Gare"),
        ("<div class='markdown-alert markdown-alert-note'><p class=markdown-alert-title>Gare</p><p>Gel.</p></div>", "note", "Gare"),
        ("<div class='warning custom-block'><p class=custom-block-title>GARE</p><p>Gel.</p></div>", "warning", "GARE"),
        (
            """<div class="callout callout-style-default callout-caution"><div class="callout-header"><div
            class="callout-title-container">Gare</div></div><div class="callout-body">Gel.</div></div>""",
            "caution",
            "Gare",
        ),
        ("<div class=callout data-callout=info><div class=callout-title>Gare</div>Gel.</div>", "info", "Gare"),
        (
            """<div class="admonitionblock tip"><table><tr><td class=icon><div class=title>Gare</div></td><td><p>Gel.</p></td></tr>
            </table></div>""",
            "tip",
            "Gare",
        ),
        ("<aside class='starlight-aside starlight-aside--danger'><p class=starlight-aside__title>Gare</p><p>Gel.</p></aside>", "danger", "Gare"),
        ("<div class='notecard warning'><p>Gel.</p></div>", "warning", ""),
        ("<p class=note>Gel.</p>", "note", ""),
        ("<div class=alert>Gel.</div>", "note", ""),
    ],
)  # fmt: skip
def test_admonitions_are_known_by_the_classes_of_their_generators(html: str, kind: str, title: str) -> None:
    assert read(html + "<p>Fin.</p>") == [
        Block("admonition", title, info=kind, frame=1),
        Block("paragraph", "Gel.", frame=1),
        Block("paragraph", "Fin."),
    ]


@pytest.mark.parametrize("html", ["<div class='body-copy notes'>Gel.</div>", "<div class='alerts-list'>Gel.</div>"])
def test_other_classes_make_no_admonition(html: str) -> None:
    assert read(html) == [Block("paragraph", "Gel.")]


def test_a_box_in_which_nothing_is_written_leaves_nothing() -> None:
    assert read("<div class='alert alert-info'><span></span></div><blockquote></blockquote><ul><li></li></ul>") == []


# ------------------------------------------------------------------------------------------------------------- labels
def labelled(html: str, label: Block) -> list[str]:
    tree = LexborHTMLParser(html)
    assert tree.body is not None
    labels = {node.mem_id: label for node in tree.css("section")}
    return [
        f"{b.kind}{b.level or ''}/{b.frame} {b.text}" for b in read_blocks(tree.body, lambda node: False, "", labels)
    ]


def test_a_label_is_a_heading_below_the_one_above_and_rules_its_panel() -> None:
    html = "<h2>A</h2><section><h4>b</h4>c</section><section>d</section><h2>B</h2><section>e</section>f"
    assert labelled(html, Block("heading", "Q")) == [
        "heading2/0 A",
        "heading3/0 Q",
        "heading4/0 b",
        "paragraph/0 c",
        "heading3/0 Q",
        "paragraph/0 d",
        "heading2/0 B",
        "heading3/0 Q",
        "paragraph/0 e",
        "paragraph/0 f",
    ]


PANELS = "<h2>A</h2><section>a</section><section>b</section><p>c</p><section>d</section><h2>B</h2>"


def test_a_tab_is_no_heading_where_words_after_its_panel_would_stand_under_it() -> None:
    assert labelled(PANELS, Block("heading", "Q", info="tab")) == [
        "heading2/0 A",
        "paragraph/0 Q",
        "paragraph/0 a",
        "paragraph/0 Q",
        "paragraph/0 b",
        "paragraph/0 c",
        "heading3/0 Q",
        "paragraph/0 d",
        "heading2/0 B",
    ]


def test_nor_is_a_summary_which_becomes_an_admonition() -> None:
    told = labelled(PANELS, Block("heading", "Q", info="details"))
    assert told == [
        "heading2/0 A",
        "admonition/2 Q",  # the last panel is numbered first
        "paragraph/2 a",
        "admonition/1 Q",
        "paragraph/1 b",
        "paragraph/0 c",
        "heading3/0 Q",
        "paragraph/0 d",
        "heading2/0 B",
    ]


# --------------------------------------------------------------------------------------------------------- properties
class Node(NamedTuple):
    """What a page holds: how HTML writes it, and the blocks that it is at a depth and in a frame."""

    html: str
    blocks: Callable[["Place"], Iterator[Block]]


class Place(NamedTuple):
    depth: int
    frame: int
    frames: list[int]  # its length is how many frames there are so far

    def deeper(self) -> "Place":
        return self._replace(depth=self.depth + 1)

    def framed(self) -> "Place":
        self.frames.append(1)
        return self._replace(frame=len(self.frames))


PLAIN = st.text(
    st.characters(codec="cp1252", categories=["Lu", "Ll", "Nd", "Po"], exclude_characters="*"), min_size=1, max_size=8
)
WORD = PLAIN.map(lambda word: "é" + word)
PIECE = st.one_of(
    WORD.map(lambda word: (escape(word), word)),
    WORD.map(lambda word: (f"<b>{escape(word)}</b>", word)),
    WORD.filter(lambda word: "`" not in word).map(lambda word: (f"<code>{escape(word)}</code>", f"`{word}`")),
    WORD.map(lambda word: (f"<a href='x'>{escape(word)}</a>", f"[{word}]({PAGE}x)")),
    WORD.map(lambda word: (f"<del>{escape(word)}</del>", f"~~{word}~~")),
)
TEXT = st.lists(PIECE, min_size=1, max_size=5).map(lambda ps: (" ".join(h for h, _ in ps), " ".join(t for _, t in ps)))
BARE = st.lists(WORD, min_size=1, max_size=4).map(lambda words: (escape(" ".join(words)), " ".join(words)))
CODE = st.lists(st.text("ab <&>`|\t", max_size=8), min_size=1, max_size=4).map("\n".join).map(str.rstrip)


def flow(nodes: Sequence[Node], place: Place) -> Iterator[Block]:
    for node in nodes:
        yield from node.blocks(place)


def html_of(nodes: Sequence[Node]) -> str:
    return "\n".join(node.html for node in nodes)


def heading(level: int, text: tuple[str, str]) -> Node:
    html, words = text
    return Node(
        f"<h{level}>{html}</h{level}>", lambda at: iter([Block("heading", words, level, at.depth, frame=at.frame)])
    )


def paragraph(text: tuple[str, str]) -> Node:
    return Node(f"<p>{text[0]}</p>", lambda at: iter([Block("paragraph", text[1], depth=at.depth, frame=at.frame)]))


def code(text: str, language: str) -> Node:
    html = f"<pre><code class='language-{language}'>\n{escape(text)}\n</code></pre>"
    block = Block("code", text.strip("\n"), info=language)
    return Node(html, lambda at: iter([Block("code", block.text, 0, at.depth, None, language, (), at.frame)]))


def table(rows: Sequence[Sequence[tuple[str, str]]]) -> Node:
    lines = [
        "".join(f"<{tag}>{html}</{tag}>" for html, _ in row)
        for row, tag in zip(rows, ["th", *["td"] * 9], strict=False)
    ]
    texts = tuple(tuple(text for _, text in row) for row in rows)
    html = f"<table>{''.join(f'<tr>{line}</tr>' for line in lines)}</table>"
    return Node(html, lambda at: iter([Block("table", "", 0, at.depth, None, "", texts, at.frame)]))


def listing(start: int | None, items: Sequence[tuple[tuple[str, str], Sequence[Node]]]) -> Node:
    def blocks(at: Place) -> Iterator[Block]:
        for number, ((_, text), nodes) in enumerate(items):
            yield Block("item", text, 0, at.depth, None if start is None else start + number, frame=at.frame)
            yield from flow(nodes, at.deeper())

    inner = "".join(f"<li>{html}{html_of(nodes)}</li>" for (html, _), nodes in items)
    return Node(f"<ul>{inner}</ul>" if start is None else f"<ol start='{start}'>{inner}</ol>", blocks)


def definitions(entries: Sequence[tuple[tuple[str, str], tuple[str, str], Sequence[Node]]]) -> Node:
    def blocks(at: Place) -> Iterator[Block]:
        for (_, term), (_, text), nodes in entries:
            yield Block("term", term, depth=at.depth, frame=at.frame)
            yield Block("definition", text, depth=at.depth, frame=at.frame)
            yield from flow(nodes, at.deeper())

    inner = "".join(f"<dt>{t}</dt><dd><p>{d}</p>{html_of(nodes)}</dd>" for (t, _), (d, _), nodes in entries)
    return Node(f"<dl>{inner}</dl>", blocks)


def quote(nodes: Sequence[Node]) -> Node:
    return Node(f"<blockquote>{html_of(nodes)}</blockquote>", lambda at: flow(nodes, at.framed()))


def box(title: tuple[str, str], nodes: Sequence[Node]) -> Node:
    def blocks(at: Place) -> Iterator[Block]:
        inside = at.framed()
        yield Block("admonition", title[1], depth=at.depth, info="warning", frame=inside.frame)
        yield from flow(nodes, inside)

    html = f"<div class='admonition warning'><p class='admonition-title'>{title[0]}</p>{html_of(nodes)}</div>"
    return Node(html, blocks)


ROWS = st.integers(2, 4).flatmap(lambda n: st.lists(st.lists(TEXT, min_size=n, max_size=n), min_size=2, max_size=4))
LEAVES = st.one_of(
    st.builds(paragraph, TEXT),
    st.builds(code, CODE.filter(lambda text: bool(text.strip())), st.sampled_from(["bash", "python", "c++"])),
    st.builds(table, ROWS),
)
NODES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.builds(
            listing,
            st.none() | st.integers(0, 12),
            st.lists(st.tuples(TEXT, st.lists(inner, max_size=2)), min_size=1, max_size=3),
        ),
        st.builds(definitions, st.lists(st.tuples(BARE, TEXT, st.lists(inner, max_size=2)), min_size=1, max_size=2)),
        st.builds(quote, st.lists(inner, min_size=1, max_size=3)),
        st.builds(box, BARE, st.lists(inner, min_size=1, max_size=3)),
    ),
    max_leaves=8,
)
PAGES = st.lists(st.one_of(NODES, st.builds(heading, st.integers(1, 6), BARE)), max_size=6)


@settings(max_examples=40)
@given(PAGES)
def test_blocks_written_in_html_are_read_back(nodes: list[Node]) -> None:
    assert read(html_of(nodes)) == list(flow(nodes, Place(0, 0, [])))


TAGS = (
    "p div span b a ul ol li dl dt dd table tr td th caption thead tfoot blockquote details summary pre code h1 h3 "
    "section figure figcaption del sup br header my-tag center font"
).split()


@settings(max_examples=100)
@given(st.lists(st.sampled_from([*TAGS, *(f"/{tag}" for tag in TAGS), "", "", ""]), max_size=60))
def test_no_word_of_a_muddled_page_is_lost_or_told_twice(tags: list[str]) -> None:
    html = "".join(f"<{tag}>" if tag else f" mot{number}x " for number, tag in enumerate(tags))
    blocks = read(html)
    told = [b.text for b in blocks] + [cell for b in blocks for row in b.rows for cell in row]
    words = re.findall(r"mot\d+x", " ".join(told))
    assert sorted(words) == sorted(re.findall(r"mot\d+x", html))


def test_what_claims_to_be_a_heading_is_one_whatever_its_tag() -> None:
    html = "<ol role=heading aria-level=3><li>Un</li></ol><blockquote role=heading>Deux</blockquote><p>Trois</p>"
    assert outline(read(html)) == ["heading@0/0 Un", "heading@0/0 Deux", "paragraph@0/0 Trois"]


def test_lists_deeper_than_any_reader_follows_are_not_indented_for_ever() -> None:
    assert max(block.depth for block in read("<ul><li>x" * 500)) == MAX_DEPTH
    assert len(read("<ul><li>" * 500 + "<p>x")) <= MAX_DEPTH + 1


def test_hostile_trees_are_read_without_recursion() -> None:
    for tag in ("div", "ul><li", "blockquote", "table><tr><td", "details", "b", "code", "dl><dd", "a href=x"):
        blocks = read(f"<{tag}>" * 3000 + "Au fond.")
        assert sum("Au fond." in block.text for block in blocks) == 1
