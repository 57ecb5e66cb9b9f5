import re
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from index.chunking import MAX_CHARS, TARGET_CHARS, chunk_document, embedding_text, sentence_text
from index.language import detect_language
from index.schema import Chunk, Document, Language, Section
from index.sentences import split_sentences

FRENCH = "L’adresse du bureau n’est pas encore choisie, explique M. Sarandos. "
ENGLISH = "The address of the office has not been chosen yet, Mr. Sarandos explains. "


def keep(text: str, fallback: Language) -> Language:
    return fallback


def document(text: str, title: str = "Un bureau", language: Language = "fr") -> Document:
    return Document(id="netflix.md", title=title, source="Article de presse", language=language, text=text, date="2021")


def chunks_of(text: str) -> list[Chunk]:
    return chunk_document(document(text), keep)


def quoted(chunk: Chunk) -> list[str]:
    return [chunk.text[s.start : s.end] for s in chunk.sentences]


SENTENCES = st.sampled_from(
    [FRENCH, ENGLISH, "Où\u202f? ", "«\u00a0Très bientôt.\u00a0» ", "L’œuvre coûte 3,5 M$. ", "Yes. ", "mot " * 400]
)
LAYOUT = st.sampled_from(
    ["\n", "\n\n", "\n# Titre\n", "\n\n## Heading\n\n", "\n- ", "\n---\n", "\n```\n", "| a | b |\n", " "]
)
TEXTS = st.lists(SENTENCES | SENTENCES.map(lambda s: s * 8) | LAYOUT, max_size=30).map("".join)


@given(TEXTS)
def test_a_chunk_is_the_exact_slice_of_its_document(text: str) -> None:
    assert [text[c.start : c.end] for c in chunks_of(text)] == [c.text for c in chunks_of(text)]


@given(TEXTS)
def test_no_chunk_is_empty_or_longer_than_the_bound(text: str) -> None:
    assert all(0 < len(c.text) <= MAX_CHARS for c in chunks_of(text))


@given(TEXTS)
def test_chunks_are_ordered_and_disjoint(text: str) -> None:
    borders = [border for c in chunks_of(text) for border in (c.start, c.end)]
    assert borders == sorted(borders)


@given(TEXTS)
def test_ids_number_the_chunks_of_the_document(text: str) -> None:
    chunks = chunks_of(text)
    assert [c.id for c in chunks] == [f"netflix.md#{n}" for n in range(len(chunks))]


@given(TEXTS)
def test_chunks_hold_every_quotable_sentence_once(text: str) -> None:
    found = [(c.start + s.start, c.start + s.end) for c in chunks_of(text) for s in c.sentences]
    spans = [(s, text[s.start : s.end]) for s in split_sentences(text)]
    assert found == [
        (s.start, s.end)
        for s, sentence in spans
        if sentence[:2] not in ("# ", "##") and len(re.findall(r"\w", sentence)) > 1
    ]


@given(TEXTS)
def test_chunks_leave_nothing_but_space_out(text: str) -> None:
    chunks = chunks_of(text)
    between = zip([0, *(c.end for c in chunks)], [*(c.start for c in chunks), len(text)], strict=True)
    assert "".join(text[a:b] for a, b in between).strip() == ""


def test_a_heading_opens_a_chunk() -> None:
    first, second = chunks_of(f"# Un\n\n{FRENCH}\n\n# Deux\n\n{FRENCH}")
    assert (first.text[:4], second.text[:6]) == ("# Un", "# Deux")


def test_a_heading_stays_with_the_text_below_it() -> None:
    first, *_ = chunks_of(f"# Titre\n\n## Sous-titre\n\n{FRENCH * 15}")
    assert FRENCH.strip() in first.text


def test_a_heading_is_not_quotable() -> None:
    (chunk,) = chunks_of(f"# Titre\n\n{FRENCH}")
    assert quoted(chunk) == [FRENCH.strip()]


def test_a_rule_a_fence_or_a_bare_bullet_is_not_quotable() -> None:
    (chunk,) = chunks_of(f"---\n\n```\n\n-\n\n{FRENCH}")
    assert quoted(chunk) == [FRENCH.strip()]


def test_short_paragraphs_are_gathered() -> None:
    (chunk,) = chunks_of("\n\n".join([FRENCH.strip()] * 5))
    assert len(chunk.sentences) == 5


def test_paragraphs_that_pass_the_target_together_are_parted() -> None:
    paragraph = (FRENCH * (TARGET_CHARS // len(FRENCH))).strip()
    assert [c.text for c in chunks_of(f"{paragraph}\n\n{paragraph}")] == [paragraph, paragraph]


def test_a_long_paragraph_is_cut_between_sentences() -> None:
    chunks = chunks_of(FRENCH * 60)
    assert len(chunks) > 1
    assert {sentence for c in chunks for sentence in quoted(c)} == {FRENCH.strip()}


def test_a_chunk_carries_what_is_known_of_its_document() -> None:
    (chunk,) = chunks_of(FRENCH)
    assert (chunk.document_id, chunk.title, chunk.source, chunk.date) == (
        "netflix.md",
        "Un bureau",
        "Article de presse",
        "2021",
    )


def test_each_chunk_of_a_mixed_document_has_its_own_language() -> None:
    text = f"# Français\n\n{FRENCH * 3}\n\n# English\n\n{ENGLISH * 3}"
    chunks = chunk_document(document(text), lambda t, fallback: detect_language(t, fallback).language)
    assert [c.language for c in chunks] == ["fr", "en"]


def test_a_text_is_embedded_under_its_title() -> None:
    (chunk,) = chunks_of(FRENCH)
    assert embedding_text(chunk) == f"Un bureau\n{FRENCH.strip()}"


def test_a_text_that_opens_with_its_title_does_not_get_it_twice() -> None:
    (chunk,) = chunks_of(f"# Un bureau\n\n{FRENCH}")
    assert embedding_text(chunk) == chunk.text


def test_a_sentence_is_embedded_under_the_title_of_its_document() -> None:
    (chunk,) = chunks_of(f"Oui, bien sûr. {FRENCH}")
    assert sentence_text(chunk, chunk.sentences[1]) == f"Un bureau\n{FRENCH.strip()}"


def paged(*pages: str) -> Document:
    """Return a document whose pages follow each other as given."""
    starts = [len("".join(pages[:n])) for n in range(len(pages))]
    sections = tuple(Section(start, f"page {n}") for n, start in enumerate(starts, 1))
    return replace(document("".join(pages)), sections=sections)


@given(st.lists(TEXTS, min_size=1, max_size=6))
def test_a_sentence_has_the_section_where_it_starts(texts: list[str]) -> None:
    article = paged(*texts)
    for chunk in chunk_document(article, keep):
        for sentence in chunk.sentences:
            before = [s.label for s in article.sections if s.start <= chunk.start + sentence.start]
            assert sentence.section == before[-1]


def test_a_sentence_before_any_section_has_none() -> None:
    article = replace(document(f"{FRENCH}\n\n# Suite\n\n{FRENCH}"), sections=(Section(len(FRENCH) + 1, "§ Suite"),))
    first, second = chunk_document(article, keep)
    assert ([s.section for s in first.sentences], [s.section for s in second.sentences]) == ([""], ["§ Suite"])


def test_a_page_opens_a_chunk() -> None:
    page = FRENCH * (TARGET_CHARS // 2 // len(FRENCH) + 1)
    assert [c.sentences[0].section for c in chunk_document(paged(page, page, page), keep)] == [
        "page 1",
        "page 2",
        "page 3",
    ]


def test_small_pages_are_gathered() -> None:
    (chunk,) = chunk_document(paged(FRENCH, FRENCH, FRENCH), keep)
    assert [s.section for s in chunk.sentences] == ["page 1", "page 2", "page 3"]
