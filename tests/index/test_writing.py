from hypothesis import given

from index.blocks import Block
from index.loaders.markdown import read_markdown
from index.writing import write
from tests.index.trees import documents


@given(documents())
def test_what_is_written_is_read_back(blocks: list[Block]) -> None:
    text, _ = write(blocks)
    assert read_markdown(text) == blocks


@given(documents())
def test_each_block_stands_where_it_says_and_together_they_are_the_text(blocks: list[Block]) -> None:
    text, placed = write(blocks)
    assert [p.kind for p in placed] == [b.kind for b in blocks]
    ends = [0, *(p.end for p in placed)]
    assert all(not text[end : p.start].strip("\n> ") for end, p in zip(ends, placed, strict=False))
    assert ends[-1] == len(text)


@given(documents())
def test_what_may_be_quoted_is_the_words_of_the_block(blocks: list[Block]) -> None:
    text, placed = write(blocks)
    for block, place in zip(blocks, placed, strict=True):
        quoted = [text[start:end] for start, end in place.units]
        if block.kind == "table":
            assert quoted == [f"| {' | '.join(row)} |" for row in block.rows]
        elif block.kind == "code":
            shown = [line.lstrip("> ") for line in quoted[0].split("\n")]
            assert shown == [line.lstrip("> ") for line in block.text.split("\n")]
        else:
            assert quoted == ([block.text] if block.text else [])


def test_the_path_of_a_block_is_the_headings_above_it() -> None:
    blocks = [
        Block("paragraph", "Avant."),
        Block("heading", "Guide", level=1),
        Block("heading", "Où\u202f?", level=3),
        Block("paragraph", "Ici."),
        Block("heading", "L’été", level=2),
        Block("paragraph", "Là."),
    ]
    _, placed = write(blocks)
    assert [p.path for p in placed] == [
        (),
        ("Guide",),
        ("Guide", "Où\u202f?"),
        ("Guide", "Où\u202f?"),
        ("Guide", "L’été"),
        ("Guide", "L’été"),
    ]


def test_a_document_is_written_as_people_write_markdown() -> None:
    blocks = [
        Block("heading", "Installer", level=2),
        Block("paragraph", "Voici les étapes\u00a0:"),
        Block("item", "Ouvrir le terminal.", ordinal=1),
        Block("item", "Lancer\u00a0:", ordinal=2),
        Block("code", "make chat\n\nmake test", depth=1, info="bash"),
        Block("item", "puis attendre", depth=1),
        Block("admonition", "Attention", info="warning", frame=1),
        Block("paragraph", "C’est long.", frame=1),
        Block("term", "L’index"),
        Block("definition", "Ce qui est cherché."),
        Block("table", rows=(("jour", "heure"), ("lundi", "8 | 9"))),
    ]
    assert write(blocks)[0] == (
        "## Installer\n\nVoici les étapes\u00a0:\n\n1. Ouvrir le terminal.\n2. Lancer\u00a0:\n\n   ```bash\n"
        "   make chat\n\n   make test\n   ```\n\n   - puis attendre\n\n> [!warning] Attention\n> C’est long.\n\n"
        "L’index\n:   Ce qui est cherché.\n\n"
        "| jour | heure |\n| --- | --- |\n| lundi | 8 \\| 9 |"
    )
