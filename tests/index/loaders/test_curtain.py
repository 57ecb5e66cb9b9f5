import pytest

from index.loaders.curtain import MAX_OPEN, Curtain


@pytest.mark.parametrize("tag", ["<div>", "<div class='a'>", "<p hidden>", "<br hidden>", "<img style='display:none'>"])
def test_what_shows_or_ends_by_itself_leaves_the_curtain_open(tag: str) -> None:
    curtain = Curtain()
    assert curtain.follow(tag) == tag
    assert not curtain.is_drawn


@pytest.mark.parametrize("tag", ["<div hidden>", "<span style='display: none'>", "<DIV STYLE='font-size:0'>"])
def test_an_element_that_hides_draws_the_curtain_until_it_ends(tag: str) -> None:
    curtain = Curtain()
    name = tag[1:].split(maxsplit=1)[0]
    curtain.follow(f"<section>{tag}<{name}></{name}>")
    assert curtain.is_drawn
    assert curtain.follow(f"caché</{name}>vu<b>aussi</b>") == "vu<b>aussi</b>"
    assert not curtain.is_drawn


def test_the_end_of_an_element_ends_what_is_left_open_in_it() -> None:
    curtain = Curtain()
    curtain.follow("<div><span hidden><b>")
    assert curtain.follow("caché</div>vu") == "vu"


def test_an_end_without_a_beginning_is_passed_over() -> None:
    curtain = Curtain()
    curtain.follow("</div><div hidden></span>")
    assert curtain.is_drawn


def test_no_more_elements_are_followed_than_pages_nest() -> None:
    curtain = Curtain()
    curtain.follow("<div>" * 10 * MAX_OPEN + "<div hidden>")
    assert not curtain.is_drawn
