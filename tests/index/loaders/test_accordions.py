import pytest

from index.loaders.html import load
from index.loaders.loaded import Loaded
from index.writing import write


def load_one(html: str) -> Loaded:
    (loaded,) = load(html.encode())
    return loaded


def text_of(html: str) -> str:
    return write(load_one(html).blocks)[0]


def page(inner: str) -> str:
    return f"<html><head><style>.closed{{display:none}}</style></head><body><main><h2>Vélos</h2>{inner}</main></body></html>"


CLOSED = ("hidden", 'aria-hidden="true"', 'style="display:none"', 'class="closed"', "")
QUESTIONS = {
    "button in a heading": '<h3><button aria-expanded="false" aria-controls="p">Quel prix ?</button></h3><div id="p" {}>23 €.</div>',
    "span in a button in a heading": '<h3><button aria-controls="p"><span>Quel prix ?</span><svg></svg></button></h3><div id="p" {}>23 €.</div>',
    "button": '<button aria-expanded="false" aria-controls="p">Quel prix ?</button><div id="p" {}>23 €.</div>',
    "role of button": '<div role="button" tabindex="0" aria-expanded="false" aria-controls="p">Quel prix ?</div><div id="p" {}>23 €.</div>',
    "Bootstrap 5": '<div><button data-bs-toggle="collapse" data-bs-target="#p">Quel prix ?</button></div><div id="p" {}>23 €.</div>',
    "Bootstrap 4": '<div><a data-toggle="collapse" href="#p">Quel prix ?</a></div><div id="p" {}>23 €.</div>',
    "nothing but its place": '<button class="accordion">Quel prix ?</button><div data-x="panel" id="panel" {}>23 €.</div>',
    "wrapped, by its place": '<div class="item"><div><button class="toggle">Quel prix ?</button></div><div id="panel" {}>23 €.</div></div>',
}


@pytest.mark.parametrize("closed", CLOSED)
@pytest.mark.parametrize("html", [pytest.param(html, id=name) for name, html in QUESTIONS.items()])
def test_a_panel_is_content_under_the_question_that_opens_it(html: str, closed: str) -> None:
    assert text_of(page(html.format(closed))) == "## Vélos\n\n### Quel prix ?\n\n23 €."
    assert load_one(page(html.format(closed))).left_out == {}


@pytest.mark.parametrize(
    "html",
    [
        '<ul><li><a href="#p">Quel prix ?</a></li></ul><div id="p" {}>23 €.</div>',
        '<input type="checkbox" id="c"><label for="c">Quel prix ?</label><div {}>23 €.</div>',
        '<div class="question">Quel prix ?</div><div class="answer" {}>23 €.</div>',
        '<p onclick="show()">Quel prix ?</p><div {}>23 €.</div>',
    ],
)
def test_a_closed_panel_may_be_opened_by_a_link_a_box_or_its_name(html: str) -> None:
    assert text_of(page(html.format("hidden"))) == "## Vélos\n\n### Quel prix ?\n\n23 €."


def test_a_question_that_is_a_heading_opens_what_comes_right_after_it() -> None:
    html = "<h3>Quel prix ?</h3><div hidden>23 €.</div><h3>Brouillon</h3><div hidden>4471</div>"
    assert text_of(page(html)) == "## Vélos\n\n### Quel prix ?\n\n23 €.\n\n### Brouillon"


@pytest.mark.parametrize(
    "html",
    [
        '<h3 class="accordion-header">Prix</h3><div style="display:none">23 €.</div>',
        '<h3 id="t"><a role="button" tabindex="0">Prix</a></h3><div aria-labelledby="t" hidden>23 €.</div>',
        '<div class="faq-question">Prix</div><div hidden>23 €.</div>',
    ],
)
def test_a_question_need_not_end_in_a_question_mark(html: str) -> None:
    assert text_of(page(html)) == "## Vélos\n\n### Prix\n\n23 €."


def test_a_term_that_is_a_button_stays_a_term() -> None:
    html = '<dl><dt><button aria-controls="p">Prix</button></dt><dd id="p" hidden>23 €.</dd></dl>'
    assert text_of(page(html)) == "## Vélos\n\nPrix\n:   23 €."


def test_questions_stand_side_by_side_and_those_in_a_panel_below() -> None:
    html = """<button aria-controls=a>A ?</button><div id=a hidden><h5>Détail</h5><p>a</p><button aria-controls=b>B ?</button><div id=b
    hidden>b</div></div><button aria-controls=c>C ?</button><div id=c hidden>c</div>"""
    assert [(b.level, b.text) for b in load_one(page(html)).blocks if b.kind == "heading"] == [
        (2, "Vélos"),
        (3, "A ?"),
        (5, "Détail"),
        (6, "B ?"),
        (3, "C ?"),
    ]


@pytest.mark.parametrize(
    "html",
    [
        "<p>Le code.</p><div hidden>4471</div>",
        '<button aria-controls="other">Quel prix ?</button><p>Bientôt.</p><div id="p" hidden>4471</div>',
        '<div hidden><button aria-controls="p">Quel prix ?</button></div><div id="p" hidden>4471</div>',
        '<div id="p" hidden>4471 <button aria-controls="p">Fermer</button></div>',
        '<button data-bs-toggle="modal" data-bs-target="#p">Régler</button><div id="p" hidden>4471</div>',
        '<button aria-haspopup="menu" aria-controls="p">Régler</button><div id="p" hidden>4471</div>',
        '<button aria-controls="p">Régler</button><div id="p" role="dialog" hidden>4471</div>',
        '<button aria-controls="p">Aller</button><nav id="p" hidden>4471</nav>',
        '<nav><button aria-controls="p">Aller</button></nav><div id="p" hidden>4471</div>',
        '<button aria-controls="p">Quel prix ?</button><div id="p" class="sr-only">4471</div>',
        '<div class="accordion"><h3>Prix</h3><p>23 €.</p></div><p hidden>4471</p>',
        '<div aria-controls="p" aria-expanded="true">Prix<div id="p" hidden>4471</div></div>',
    ],
)
def test_what_nothing_visible_opens_stays_hidden(html: str) -> None:
    assert "4471" not in text_of(page(html))


def test_more_of_a_text_has_no_heading() -> None:
    html = '<p>Le début.</p><button aria-controls="p">Lire la suite</button><div id="p" hidden>La fin.</div>'
    assert text_of(page(html)) == "## Vélos\n\nLe début.\n\nLa fin."


def test_a_link_within_a_sentence_stays_there() -> None:
    html = '<p>Voir <a href="#p">le détail</a> du prix.</p><div id="p" hidden>23 €.</div>'
    assert text_of(page(html)) == "## Vélos\n\nVoir le détail du prix.\n\n23 €."


def test_a_visible_panel_of_no_accordion_gets_no_heading() -> None:
    html = (
        '<button aria-controls="list">Trier</button><button class="print">Imprimer</button><div id="list">23 €.</div>'
    )
    assert text_of(page(html)) == "## Vélos\n\n23 €."


# --------------------------------------------------------------------------------------------------------------- tabs
TABS = {
    "by name": """<ul class="nav nav-tabs" role="tablist"><li><a data-toggle="tab" href="#a" role="tab">Été</a></li><li><a href="#b"
    data-toggle="tab" role="tab">Hiver</a></li></ul><div class="tab-content"><div id="a" role="tabpanel">20 €.</div><div id="b"
    role="tabpanel" hidden>10 €.</div></div>""",
    "by order": """<ul role="tablist"><li role="tab">Été</li><li role="tab">Hiver</li></ul><div><div role="tabpanel">20 €.</div><div
    role="tabpanel" hidden>10 €.</div></div>""",
    "of buttons": """<div role="tablist"><button role="tab" aria-controls="a" id="t">Été</button><button role="tab" aria-controls="b">
    Hiver</button></div><div role="tabpanel" id="a" aria-labelledby="t">20 €.</div><div role="tabpanel" id="b" hidden>10 €.</div>""",
}


@pytest.mark.parametrize("html", [pytest.param(html, id=name) for name, html in TABS.items()])
def test_tabs_are_headings_of_their_panels(html: str) -> None:
    told = "## Vélos\n\n### Été\n\n20 €.\n\n### Hiver\n\n10 €."
    assert text_of(page(html)) == told
    assert text_of(page(html + "<h2>Garage</h2>")) == told + "\n\n## Garage"


@pytest.mark.parametrize("html", [pytest.param(html, id=name) for name, html in TABS.items()])
def test_tabs_are_no_headings_where_the_section_goes_on_after_them(html: str) -> None:
    assert text_of(page(html + "<p>Taxes comprises.</p>")) == (
        "## Vélos\n\nÉté\n\n20 €.\n\nHiver\n\n10 €.\n\nTaxes comprises."
    )


# ------------------------------------------------------------------------------------------------------------ details
def test_a_summary_that_asks_is_a_heading() -> None:
    html = "<details><summary>Quel prix ?</summary><p>23 €.</p></details><details><summary>Où ?</summary>Ici.</details>"
    assert text_of(page(html)) == "## Vélos\n\n### Quel prix ?\n\n23 €.\n\n### Où ?\n\nIci."


def test_a_summary_that_holds_a_heading_is_one() -> None:
    html = "<details><summary><h4>Les prix</h4></summary><p>23 €.</p></details><p>Fin.</p>"
    assert text_of(page(html)) == "## Vélos\n\n#### Les prix\n\n23 €.\n\nFin."


def test_a_link_to_the_heading_itself_is_no_word_of_it() -> None:
    html = '<details><summary><h4>Prix</h4><a href="#prix">§</a></summary><p>23 €.</p></details>'
    assert text_of(page(html)) == "## Vélos\n\n#### Prix\n\n23 €."


def test_other_details_are_admonitions() -> None:
    html = "<details><summary>Les prix</summary><p>23 €.</p></details>"
    assert text_of(page(html)) == "## Vélos\n\n> [!details] Les prix\n> 23 €."


def test_a_summary_that_asks_in_the_middle_of_a_section_is_no_heading() -> None:
    html = "<details><summary>Quel prix ?</summary><p>23 €.</p></details><p>Taxes comprises.</p>"
    assert text_of(page(html)) == "## Vélos\n\n> [!details] Quel prix ?\n> 23 €.\n\nTaxes comprises."


def test_hostile_accordions_come_to_an_end() -> None:
    for tag in ("div id=p hidden><button aria-controls=p", "details><summary", "section role=tablist", "h3><button"):
        load_one("<main>" + f"<{tag}>" * 2000 + "Au fond ?")
