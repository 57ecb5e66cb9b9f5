import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.blocks import Block
from index.chunking import MAX_CHARS, TARGET_CHARS, chunk_document, embedding_text, part_texts, sentence_text
from index.language import detect_language
from index.loaders.markdown import read_markdown
from index.schema import Chunk, Document, Language
from index.sentences import MAX_SENTENCE
from index.writing import write
from tests.index.trees import documents

FRENCH = "L’adresse du bureau n’est pas encore choisie, explique M. Sarandos. "
ENGLISH = "The address of the office has not been chosen yet, Mr. Sarandos explains. "


def keep(text: str, fallback: Language) -> Language:
    return fallback


def document(blocks: list[Block], title: str = "Un bureau", language: Language = "fr") -> Document:
    text, placed = write(blocks)
    return Document("netflix.md", title, "Article de presse", language, text, "2021", placed)


def markdown(text: str, title: str = "Un bureau") -> Document:
    return document(read_markdown(text), title)


def chunks_of(text: str) -> list[Chunk]:
    return chunk_document(markdown(text), keep)


def quoted(chunk: Chunk) -> list[str]:
    return [chunk.text[s.start : s.end] for s in chunk.sentences]


LONG = st.sampled_from([FRENCH * 12, ENGLISH * 30, "mot " * 500, "œ" * 2_000])
LONG_BLOCKS = st.one_of(
    LONG.map(lambda text: Block("paragraph", text.strip())),
    LONG.map(lambda text: Block("item", text.strip())),
    st.integers(1, 200).map(lambda n: Block("code", "\n".join(["make chat Q=x"] * n))),
    st.integers(1, 200).map(lambda n: Block("table", rows=(("jour", "heure"), *[("lundi", "midi")] * n))),
)
DOCUMENTS = st.builds(lambda blocks, long: document([*blocks, *long]), documents(), st.lists(LONG_BLOCKS, max_size=3))


@given(DOCUMENTS)
def test_a_chunk_is_the_exact_slice_of_its_document(whole: Document) -> None:
    chunks = chunk_document(whole, keep)
    assert [whole.text[c.start : c.end] for c in chunks] == [c.text for c in chunks]


@given(DOCUMENTS)
def test_no_chunk_is_empty_or_longer_than_the_bound(whole: Document) -> None:
    assert all(0 < len(c.text) <= MAX_CHARS for c in chunk_document(whole, keep))


@given(DOCUMENTS)
def test_chunks_are_ordered_and_disjoint_and_hold_every_word(whole: Document) -> None:
    chunks = chunk_document(whole, keep)
    borders = [border for c in chunks for border in (c.start, c.end)]
    assert borders == sorted(borders)
    assert re.findall(r"\w+", " ".join(c.text for c in chunks)) == re.findall(r"\w+", whole.text) or any(
        len(word) > 600 for word in whole.text.split()
    )


@given(DOCUMENTS)
def test_what_may_be_quoted_is_inside_its_chunk_in_order_and_not_too_long(whole: Document) -> None:
    for chunk in chunk_document(whole, keep):
        borders = [border for s in chunk.sentences for border in (s.start, s.end)]
        assert borders == sorted(borders)
        assert all(0 <= s.start < s.end <= len(chunk.text) for s in chunk.sentences)
        assert all(s.end - s.start <= MAX_SENTENCE for s in chunk.sentences)


@given(DOCUMENTS)
def test_the_blocks_of_a_chunk_are_in_it(whole: Document) -> None:
    for chunk in chunk_document(whole, keep):
        assert all(0 <= b.start < b.end <= len(chunk.text) for b in chunk.blocks)
        assert chunk.blocks[0].start == 0


@given(DOCUMENTS)
def test_ids_number_the_chunks_of_the_document(whole: Document) -> None:
    chunks = chunk_document(whole, keep)
    assert [c.id for c in chunks] == [f"netflix.md#{n}" for n in range(len(chunks))]


def test_short_paragraphs_are_gathered() -> None:
    assert len(chunks_of("\n\n".join([FRENCH] * 5))) == 1


def test_paragraphs_are_gathered_up_to_the_target() -> None:
    assert all(len(c.text) <= TARGET_CHARS for c in chunks_of("\n\n".join([FRENCH] * 60)))


def test_a_long_paragraph_of_less_than_the_bound_is_one_chunk() -> None:
    assert [len(c.text) for c in chunks_of(FRENCH * 20)] == [len(FRENCH * 20) - 1]


def test_a_longer_paragraph_is_cut_between_sentences() -> None:
    chunks = chunks_of(FRENCH * 60)
    assert len(chunks) > 2
    assert all(c.text.endswith("Sarandos.") for c in chunks)


# ------------------------------------------------------------------------------------------------------------ sections


def test_a_chunk_lies_within_one_section() -> None:
    chunks = chunks_of("Avant.\n\n# Guide\n\nUn.\n\n## Installer\n\nDeux.\n\n## Régler\n\nTrois.\n")
    assert [c.text for c in chunks] == ["Avant.", "# Guide\n\nUn.", "## Installer\n\nDeux.", "## Régler\n\nTrois."]
    assert [c.path for c in chunks] == ["", "Guide", "Guide › Installer", "Guide › Régler"]


def test_a_heading_without_words_of_its_own_opens_the_chunk_of_the_next() -> None:
    [chunk] = chunks_of("# Guide\n\n## Installer\n\nTapez `make`.\n")
    assert (chunk.path, quoted(chunk)) == ("Guide › Installer", ["Tapez `make`."])


def test_the_headings_are_embedded_once_with_what_is_under_them() -> None:
    [chunk] = chunk_document(markdown("# Guide\n\n## Installer\n\nTapez `make`. Attendez.\n", "Guide"), keep)
    assert embedding_text(chunk) == "Guide › Installer\nTapez `make`. Attendez."
    assert sentence_text(chunk, chunk.sentences[1]) == "Guide › Installer\nAttendez."


def test_a_citation_names_the_nearest_heading_unless_it_is_the_title() -> None:
    chunks = chunk_document(markdown("# Guide\n\nUn.\n\n## Installer\n\nDeux.\n", "Guide"), keep)
    assert [s.section for c in chunks for s in c.sentences] == ["", "§ Installer"]


def test_a_long_heading_is_cut_between_words_in_a_citation() -> None:
    [chunk] = chunks_of("# " + "mot " * 60 + "\n\nTexte ici.")
    assert chunk.sentences[0].section == "§ " + "mot " * 19 + "mot…"


def test_pages_are_named_and_open_a_chunk_once_one_is_half_full() -> None:
    text = (FRENCH * 7).strip()
    blocks = [
        Block("paragraph", text, page=1),
        Block("paragraph", "Court ici.", page=2),
        Block("paragraph", text, page=3),
    ]
    chunks = chunk_document(document(blocks), keep)
    assert [{s.section for s in c.sentences} for c in chunks] == [{"page 1"}, {"page 2", "page 3"}]


# ----------------------------------------------------------------------------------------------- what belongs together


def test_what_is_announced_stays_with_its_announcement() -> None:
    steps = "".join(f"{n}. {FRENCH}\n" for n in range(1, 10))
    first, second = chunks_of(f"{FRENCH * 9}\n\nVoici les étapes\u00a0:\n\n{steps}")
    assert second.text.startswith("Voici les étapes")
    assert second.text.count("Sarandos") == 9
    assert first.text.count("Sarandos") == 9


def test_code_stays_with_the_words_before_it() -> None:
    _, second = chunks_of(f"{FRENCH * 11}\n\nPuis relancez le service.\n\n```bash\nsudo fail2ban-client reload\n```\n")
    assert second.text.startswith("Puis relancez")
    assert quoted(second) == ["Puis relancez le service.", "sudo fail2ban-client reload"]


def test_a_step_keeps_what_it_holds() -> None:
    steps = "".join(f"{n}. {FRENCH}\n\n   ```\n   commande {n}\n   ```\n\n" for n in range(1, 30))
    for chunk in chunks_of(steps):
        assert chunk.text.count("Sarandos") == chunk.text.count("commande")


@pytest.mark.parametrize(
    ("text", "lead"),
    [
        ("Voici\u00a0:\n\n" + "".join(f"- {FRENCH}\n" for _ in range(60)), "Voici\u00a0:"),
        (
            "| jour | heure |\n|---|---|\n" + "".join(f"| lundi {n} | {FRENCH}|\n" for n in range(60)),
            "| jour | heure |",
        ),
    ],
    ids=["list", "table"],
)
def test_each_part_of_what_is_cut_carries_what_announces_it(text: str, lead: str) -> None:
    first, *others = chunks_of(text)
    assert (first.lead, {c.lead for c in others}) == ("", {lead})
    assert all(lead in embedding_text(c) for c in [first, *others])


def test_the_header_of_a_table_is_no_quote() -> None:
    [chunk] = chunks_of("| jour | heure |\n|---|---|\n| lundi | midi |\n")
    assert quoted(chunk) == ["| lundi | midi |"]


def test_a_definition_is_quoted_with_its_term() -> None:
    [chunk] = chunks_of("L’index\n:   Ce qui est cherché.\n")
    assert quoted(chunk) == ["L’index\n:   Ce qui est cherché."]


@pytest.mark.parametrize("text", ["---\n", "```\n---\n```\n", "- \n", "# Un titre\n"])
def test_what_says_nothing_is_no_quote(text: str) -> None:
    assert [quoted(c) for c in chunks_of(f"{text}\n\nUne phrase.\n")][-1] == ["Une phrase."]


# ----------------------------------------------------------------------------------------------------------- embedding


def test_a_chunk_is_embedded_under_its_title_unless_it_opens_with_it() -> None:
    chunk = chunks_of(FRENCH)[0]
    assert embedding_text(chunk) == f"Un bureau\n{FRENCH.strip()}"
    opening = replace(chunk, title="L’adresse du…")
    assert embedding_text(opening) == sentence_text(opening, opening.sentences[0]) == FRENCH.strip()


@pytest.mark.parametrize(
    ("text", "questions"),
    [
        ("# Le bac\n\n## Où part-il ?\n\nDu quai.\n\n## Tarif\n\n3 $", ["Où part-il ?", ""]),
        ("# Where is [the pier](https://pier.ca)?\n\nIn Lévis.", ["Where is the pier?"]),
        ("# Le bac\n\nOù part-il ?\n\nDu quai.", [""]),
    ],
)
def test_a_heading_that_is_a_question_is_what_its_chunk_answers(text: str, questions: list[str]) -> None:
    assert [chunk.question for chunk in chunks_of(text)] == questions


def test_a_page_whose_title_is_a_question_answers_it() -> None:
    [chunk] = chunk_document(markdown("Du quai.", "Où part le bac\u202f?"), keep)
    assert part_texts(chunk) == [sentence_text(chunk, chunk.sentences[0]), "Où part le bac\u202f?"]


def test_an_entry_of_an_faq_answers_its_title_whatever_its_sign() -> None:
    entry = replace(markdown("Du quai.\n\n## Tarif ?\n\n3 $", "départ du bac"), is_pair=True)
    assert [chunk.question for chunk in chunk_document(entry, keep)] == ["départ du bac"] * 2


def test_an_address_is_not_embedded() -> None:
    [chunk] = chunks_of("Inscrivez-vous [ici](https://a.example/b?c=d) avant midi.")
    assert embedding_text(chunk) == "Un bureau\nInscrivez-vous ici avant midi."
    assert quoted(chunk) == ["Inscrivez-vous [ici](https://a.example/b?c=d) avant midi."]


def test_each_chunk_has_its_own_language() -> None:
    text = f"{FRENCH * 12}\n\n{ENGLISH * 12}"
    chunks = chunk_document(markdown(text), lambda t, fallback: detect_language(t, fallback).language)
    assert [c.language for c in chunks] == ["fr", "en"]
