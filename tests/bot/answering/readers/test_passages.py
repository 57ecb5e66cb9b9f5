from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answering.citations import verify
from bot.answering.readers.passages import MAX_PASSAGE, SECOND, SHORT, is_plain_prose, quote_passages
from bot.answering.readers.ranking import RankingWeights
from bot.answering.readers.similarity import SimilarityRanker
from index.schema import Chunk, SearchHit
from index.sections import section_around
from index.writing import write
from tests.bot.fakes import make_hit
from tests.index.pages import chunks_of, prose
from tests.index.trees import documents

STEPS = """# Quenille

## Installer

Voici les étapes :

1. Téléchargez l’archive :

   ```bash
   curl -O https://dl.quenille.example/q-3.tgz
   ```

2. Lancez l’installeur.
"""
PRICES = """# Prix

| Article | Prix |
| --- | --- |
| Vis Alba | 2 € |
| Vis Dorval | 23 € |
| Écrou Dorval | 17 € |
"""


def hit(chunks: list[Chunk], row: int = 0, score: float = 1.5, best: str = "", overlaps: bool = False) -> SearchHit:
    """Return a hit whose best sentence is the one that holds some words."""
    chunk = chunks[row]
    holding = [float(best in chunk.text[s.start : s.end]) for s in chunk.sentences]
    found = make_hit(chunk, score=score, sentence_dense=holding, sentence_overlap=holding if overlaps else None)
    return replace(found, section=section_around(row, chunks.__getitem__, len(chunks)))


def quotes(*hits: SearchHit) -> list[str]:
    ranked = SimilarityRanker(RankingWeights(margin=0.0, dense=1.0, overlap=0.1, hit=0.0)).rank("Qui ?", hits)
    citations = quote_passages(hits, ranked).citations
    assert verify(citations, hits) == citations
    return [citation.quote for citation in citations]


def test_steps_are_quoted_whole_and_in_order_with_their_code() -> None:
    [quote] = quotes(hit(chunks_of(STEPS), best="installeur"))
    assert quote == STEPS.split("# Quenille\n\n")[1].strip()


def test_the_row_that_matches_best_is_quoted_under_the_header_of_its_table() -> None:
    found = hit(chunks_of(PRICES), best="Vis Dorval", overlaps=True)
    ranked = SimilarityRanker(RankingWeights(margin=0.0, dense=1.0, overlap=0.1, hit=0.0)).rank("Qui ?", [found])
    [citation] = quote_passages([found], ranked).citations
    assert (citation.lead, citation.quote) == ("| Article | Prix |", "| Vis Dorval | 23 € |")
    assert verify([citation], [found]) == (citation,)
    assert verify([replace(citation, lead="| Article | Rabais |")], [found]) == ()


@pytest.mark.parametrize("best", ["Article", "€"])
def test_a_table_is_quoted_whole_where_no_row_stands_out(best: str) -> None:
    [quote] = quotes(hit(chunks_of(PRICES), best=best, overlaps=True))
    assert quote.endswith("| Écrou Dorval | 17 € |")


def test_a_later_part_of_a_long_table_keeps_its_header() -> None:
    rows = "\n".join(f"| Article numéro {n} | {n} € |" for n in range(200))
    chunks = chunks_of(f"# Prix\n\n| Article | Prix |\n| --- | --- |\n{rows}\n")
    found = hit(chunks, len(chunks) - 1, best="numéro 199 ", overlaps=True)
    ranked = SimilarityRanker(RankingWeights(margin=0.0, dense=1.0, overlap=0.1, hit=0.0)).rank("Qui ?", [found])
    [citation] = quote_passages([found], ranked).citations
    assert (citation.lead, citation.quote) == ("| Article | Prix |", "| Article numéro 199 | 199 € |")


def test_a_long_section_is_cut_between_blocks_around_the_best_one_and_says_so() -> None:
    paragraphs = [f"Étape {n}. {prose(400)}" for n in range(12)]
    chunks = chunks_of("# Le bac\n\n## Monter\n\n" + "\n\n".join(paragraphs))
    row = next(n for n, chunk in enumerate(chunks) if "Étape 8." in chunk.text)
    found = hit(chunks, row, best="Étape 8.")
    ranked = SimilarityRanker(RankingWeights(margin=0.0, dense=1.0, overlap=0.1, hit=0.0)).rank("Qui ?", [found])
    passage = quote_passages([found], ranked)
    text = "\n\n".join(citation.quote for citation in passage.citations)
    assert passage.is_cut
    assert text.startswith("Étape 8.")
    assert all(paragraph in text for paragraph in paragraphs[8:11])
    assert len(text) <= MAX_PASSAGE


def test_the_next_section_is_quoted_too_where_it_is_found_as_well() -> None:
    one, two = chunks_of("# Un\n\n- un pas\n", "un.md"), chunks_of("# Deux\n\n- deux pas\n", "deux.md")
    assert len(quotes(hit(one, score=1.5), hit(two, score=1.5 - SECOND / 2))) == 2
    assert len(quotes(hit(one, score=1.5), hit(two, score=1.5 - SECOND))) == 1
    long = chunks_of(f"# Un\n\n- un pas\n- {prose(SHORT)}\n", "un.md")
    assert len(quotes(hit(long, score=1.5), hit(two, score=1.5))) == 1


@given(documents(), documents(), st.data())
def test_whatever_a_page_holds_its_passages_are_exact_and_short(
    first: list[object], second: list[object], data: st.DataObject
) -> None:
    pages = [chunks_of(write(blocks)[0], file) for blocks, file in ((first, "a.md"), (second, "b.md"))]  # type: ignore[arg-type]
    hits = [hit(page, data.draw(st.integers(0, len(page) - 1))) for page in pages if page]
    if hits:
        found = quotes(*hits)
        assert found
        assert sum(map(len, found)) <= MAX_PASSAGE


def test_plain_prose_is_paragraphs_under_the_title_alone() -> None:
    for plain in (hit(chunks_of("# Un\n\nDeux phrases. Voilà.\n")), make_hit(chunks_of("Deux phrases. Voilà.\n")[0])):
        assert is_plain_prose(plain, [plain])
    for structured in (STEPS, PRICES, "# Un\n\n## Deux\n\nTrois.\n"):
        found = hit(chunks_of(structured))
        assert not is_plain_prose(found, [found])


def test_the_opening_of_a_page_with_headings_is_no_plain_prose() -> None:
    page = chunks_of(f"# Le bac\n\n{prose(600)}\n\n## Chiens\n\n{prose(600)}\n")
    opening, dogs = (hit(page, row) for row in (0, len(page) - 1))
    assert opening.chunk.path == ""
    assert is_plain_prose(opening, [opening])
    assert not is_plain_prose(opening, [opening, dogs])
