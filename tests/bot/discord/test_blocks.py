import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.discord.blocks import draw_blocks, link, markup, quote_blocks
from bot.discord.pages import split
from index.blocks import Block
from index.schema import Language
from tests.index.trees import documents

HOSTILE = "@everyone <@1> <#2> ||x|| **gras** # titre `a` [b](https://c.example/d_e)"


def words(text: str) -> list[str]:
    """Return the words of a text, without marks."""
    return re.findall(r"\w+", re.sub(r"```(?:bash|yaml)?\n", " ", text).replace("_", " "))


def drawn(*blocks: Block, language: Language = "fr") -> list[str]:
    return draw_blocks(blocks, language)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Tapez `sudo *x*` ici.", "Tapez `sudo *x*` ici."),
        ("Voir [l’aide](https://a.example/b_(c)).", "Voir [l’aide](<https://a.example/b_%28c%29>)."),
        ("[https://a.example](https://b.example)", "https://a.example (<https://b.example>)"),
        ("[https://a.example](https://a.example)", "<https://a.example>"),
        ("`a``b` *c*", "\\`a\\`\\`b\\` \\*c\\*"),
        ("@everyone <@1> [x](steam://y)", "\\@everyone \\<\\@1> \\[x\\]\\(steam://y)"),
    ],
)
def test_code_and_links_are_markup_and_all_else_is_escaped(text: str, shown: str) -> None:
    assert markup(text) == shown


def test_a_link_cannot_be_left_by_its_address() -> None:
    assert link("a", "https://a.example/>)<@1>") == "[a](<https://a.example/%3E%29%3C@1%3E>)"


def test_steps_keep_their_numbers_and_their_code_is_not_indented() -> None:
    steps = [
        Block("paragraph", "Pour cela\u00a0:"),
        Block("item", "Tapez\u00a0:", ordinal=1),
        Block("code", "if x:\n  y", depth=1, info="bash"),
        Block("item", "Attendez.", ordinal=2),
        Block("item", "# un", depth=1),
        Block("paragraph", "Fin."),
    ]
    assert draw_blocks(steps, "fr") == [
        "Pour cela\u00a0:",
        "1. Tapez\u00a0:",
        "```bash",
        "if x:",
        "  y",
        "```",
        "2. Attendez.",
        "   - \\# un",
        "",
        "Fin.",
    ]
    assert quote_blocks(steps[:3], "fr", "[1]")[-2:] == ["> ```", "> \\[1\\]"]
    assert quote_blocks(steps, "fr", "[1][2]")[-1] == "> Fin. \\[1\\]\\[2\\]"


def test_a_heading_a_term_and_an_admonition_stand_out() -> None:
    assert drawn(Block("heading", "Où\u202f? `ls`", level=2), Block("paragraph", "Ici.")) == [
        "### Où\u202f? `ls`",
        "Ici.",
    ]
    assert drawn(Block("term", "Un `*`"), Block("definition", "Tout.")) == ["**Un \\***", "Tout."]
    note = (Block("admonition", "Avant", info="note", frame=1), Block("paragraph", "Lisez.", frame=1))
    assert drawn(*note) == ["> **Note\u00a0: Avant**", "> Lisez."]
    assert quote_blocks(note, "en", "[1]") == ["> **Note: Avant**", "> Lisez. \\[1\\]"]


@pytest.mark.parametrize("fence", ["```", "````", "`````\n```"])
def test_code_cannot_close_its_fence(fence: str) -> None:
    text = "\n".join(drawn(Block("code", f"{fence}\n@everyone", info="a b")))
    assert text.startswith("```\n")
    assert text.count("```") == 2
    assert text.replace("\u200b", "") == f"```\n{fence}\n@everyone\n```"


def test_a_wide_table_is_a_line_for_each_cell() -> None:
    rows = (("Port", "*Usage*"), ("22", "se connecter d’ailleurs avec une clé"), ("80", ""))
    assert drawn(Block("table", rows=rows)) == [
        "**Port**\u00a0: 22",
        "**\\*Usage\\***\u00a0: se connecter d’ailleurs avec une clé",
        "",
        "**Port**\u00a0: 80",
    ]


def test_a_table_that_holds_links_keeps_them() -> None:
    rows = (("App", "Où"), ("[A](https://a.example)", "ici"))
    assert drawn(Block("table", rows=rows), language="en") == ["**App**: [A](<https://a.example>)", "**Où**: ici"]


def test_wide_rows_without_their_header_are_a_line_each() -> None:
    rows = (("", ""), ("22", "se connecter d’ailleurs avec une clé à soi"), ("80", "web"))
    assert drawn(Block("table", rows=rows))[0] == "22 · se connecter d’ailleurs avec une clé à soi"


@given(documents(), st.integers(200, 500), st.booleans())
def test_pages_hold_every_word_and_no_part_of_a_fence(blocks: list[Block], limit: int, quoted: bool) -> None:
    lines = quote_blocks(blocks, "fr", "[1]") if quoted else draw_blocks(blocks, "fr")
    pages = split("\n".join(lines), limit)
    assert all(len(page) <= limit for page in pages)
    for page in pages:
        fences = [line for line in page.split("\n") if line.removeprefix("> ").startswith("```")]
        assert len(fences) % 2 == 0
    written = [b.text for b in blocks] + [cell for b in blocks for row in b.rows for cell in row]
    shown = words("\n".join(pages))
    assert all(word in shown for text in written for word in words(text))


@given(documents())
def test_nothing_that_an_article_says_pings_or_formats(blocks: list[Block]) -> None:
    hostile = [
        Block(b.kind, HOSTILE, b.level, b.depth, b.ordinal, b.info, tuple((HOSTILE,) * len(r) for r in b.rows), b.frame)
        for b in blocks
    ]
    outside = re.sub(r"```.*?```", "", "\n".join(draw_blocks(hostile, "fr")), flags=re.DOTALL)
    bare = re.sub(r"\\.|`a`|\[b\]\(<https://c.example/d_e>\)|https://c.example/d_e", "", outside)
    assert not re.search(r"@|<|\||\]\(", bare)
