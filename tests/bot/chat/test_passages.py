from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from bot.chat.passages import MAX_GIVEN, PASSAGES, Passage, passages_of, positions
from index.blocks import Block
from index.chunking import MAX_CHARS
from index.schema import Chunk, SearchHit
from index.sections import section_around
from index.writing import write
from tests.bot.fakes import ENGLISH, FRENCH, make_chunk, make_hit
from tests.index.pages import chunks_of, prose
from tests.index.trees import documents

STEPS = f"""# Quenille

## Installer

{prose(700)}

Voici les étapes :

1. Téléchargez l’archive :

   ```bash
   curl -O https://dl.quenille.example/q-3.tgz
   ```

2. {prose(600)}

3. Lancez l’installeur.

## Désinstaller

{prose(700)}
"""


def found(chunks: list[Chunk], *rows: int) -> list[SearchHit]:
    return [
        replace(make_hit(chunks[row], rank), section=section_around(row, chunks.__getitem__, len(chunks)))
        for rank, row in enumerate(rows, start=1)
    ]


def given_blocks(passages: tuple[Passage, ...]) -> list[tuple[str, int]]:
    """Return each character of the documents that is given, by its chunk and its place."""
    return [(part.hit.chunk.id, at) for p in passages for part in p.parts for at in range(*part.span)]


def test_a_hit_is_given_with_the_whole_section_around_it() -> None:
    chunks = chunks_of(STEPS)
    row = next(n for n, chunk in enumerate(chunks) if "Lancez l’installeur" in chunk.text)
    [passage] = passages_of(found(chunks, row))
    assert len({part.hit.chunk.id for part in passage.parts}) > 1
    assert passage.text.split() == STEPS.partition("## Désinstaller")[0].split()


def test_two_hits_of_one_section_give_it_once() -> None:
    chunks = chunks_of(STEPS)
    rows = [n for n, chunk in enumerate(chunks) if chunk.path == "Installer"]
    other = next(n for n, chunk in enumerate(chunks) if chunk.path == "Désinstaller")
    passages = passages_of(found(chunks, *rows, other))
    assert [passage.parts[0].hit.chunk.path for passage in passages] == ["Installer", "Désinstaller"]


def test_a_chunk_that_was_found_too_keeps_what_the_search_knows_of_it() -> None:
    chunks = chunks_of(STEPS)
    rows = [n for n, chunk in enumerate(chunks) if chunk.path == "Installer"]
    first, *others = found(chunks, *rows)
    near = [replace(hit, sentence_dense=(0.99,) * len(hit.sentence_dense)) for hit in others]
    [passage] = passages_of([first, *near])
    assert [part.hit for part in passage.parts] == [first, *near]
    [alone] = passages_of([first])
    assert {dense for part in alone.parts[1:] for dense in part.hit.sentence_dense} == {min(first.sentence_dense)}


def test_prose_that_stands_in_no_section_is_given_as_it_was_found() -> None:
    chunks = chunks_of(f"# Le musée\n\n{prose(700)}\n\n{prose(700)}")
    [passage] = passages_of(found(chunks, 1))
    assert passage.text == chunks[1].text


def test_a_section_that_is_too_long_is_cut_between_blocks_around_the_hit() -> None:
    steps = "\n".join(f"{n}. {prose(300)}" for n in range(1, 60))
    chunks = chunks_of(f"# Quenille\n\n## Installer\n\nVoici les étapes :\n\n{steps}")
    middle = next(n for n, chunk in enumerate(chunks) if "\n30. " in chunk.text)
    [passage] = passages_of(found(chunks, middle))
    assert "\n30. " in passage.text
    assert MAX_GIVEN - 400 < len(passage.text) <= MAX_GIVEN
    assert passage.text.startswith("Voici les étapes :\n")
    assert passage.text.endswith(prose(300))


def test_each_of_the_first_hits_keeps_the_room_for_its_own_chunk() -> None:
    long = [chunks_of(f"# Page {n}\n\n## Installer\n\n" + "\n\n".join([prose(1_300)] * 5), f"{n}.md") for n in range(9)]
    hits = [hit for chunks in long for hit in found(chunks, 2)]
    passages = passages_of(hits)
    assert len(passages) == PASSAGES
    assert all(hit.chunk.text in passage.text for hit, passage in zip(hits, passages, strict=False))
    assert sum(len(passage.text) for passage in passages) <= MAX_GIVEN


def test_headings_alone_are_no_passage_and_without_hits_there_is_none() -> None:
    heading = replace(make_chunk("# Le musée"), sentences=())
    assert passages_of([]) == ()
    assert passages_of([make_hit(heading)]) == ()


def test_chunks_that_tell_no_blocks_are_given_whole() -> None:
    texts = [FRENCH, ENGLISH, "x" * MAX_CHARS, "y" * MAX_CHARS]
    hits = [make_hit(make_chunk(text, f"{n}.md")) for n, text in enumerate(texts)]
    assert [passage.text for passage in passages_of(hits)] == texts


@given(documents(), st.lists(st.integers(min_value=0), min_size=1, max_size=7))
def test_nothing_is_given_twice_and_every_hit_is_within_the_bound(source: list[Block], rows: list[int]) -> None:
    chunks = chunks_of(write(source)[0])
    hits = found(chunks, *dict.fromkeys(row % len(chunks) for row in rows)) if chunks else []
    passages = passages_of(hits)
    blocks = given_blocks(passages)
    assert len(blocks) == len(set(blocks))
    assert sum(len(passage.text) for passage in passages) <= MAX_GIVEN
    assert all(any(map(positions, passage.parts)) for passage in passages)
    wanted = [hit.chunk for hit in hits if hit.chunk.sentences][:PASSAGES]
    quoted = {(part.hit.chunk.id, n) for passage in passages for part in passage.parts for n in positions(part)}
    assert {(chunk.id, n) for chunk in wanted for n in range(len(chunk.sentences))} <= quoted
