from dataclasses import replace

from bot.answering.sources import sources_of
from tests.bot.fakes import FRENCH, cite, make_chunk

MUSEUM = make_chunk(FRENCH)


def test_the_quotes_of_a_document_are_one_source_with_each_section_once() -> None:
    sections = ["§ Œuvres", "§ Clés", "§ Œuvres"]
    citations = [replace(cite(MUSEUM, 0, n), section=s) for n, s in enumerate(sections, start=1)]
    [source] = sources_of(citations)
    assert (source.marks, source.place) == ("[1][2][3]", "Le musée, § Œuvres, § Clés")


def test_sources_come_in_the_order_of_their_first_quotes() -> None:
    other = replace(cite(MUSEUM, 0, 1), title="La gare")
    found = sources_of([other, cite(MUSEUM, 0, 2), replace(other, marker=3)])
    assert [(s.title, s.marks) for s in found] == [("La gare", "[1][3]"), ("Le musée", "[2]")]


def test_a_source_without_a_date_in_the_language_of_the_reply_has_no_remark() -> None:
    [source] = sources_of([cite(MUSEUM)])
    assert source.remarks("fr", None) == ""
    assert source.remarks("en", None) == " (in French)"
