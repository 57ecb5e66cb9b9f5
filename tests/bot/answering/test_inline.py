from hypothesis import given
from hypothesis import strategies as st

from bot.answering.inline import inline, words_of


def test_a_line_is_text_code_and_links() -> None:
    assert [run[:3] for run in inline("Tapez `sudo *` ou [l’aide](https://a.example/b_(c)), ``a`b``.")] == [
        ("text", "Tapez ", ""),
        ("code", "sudo *", ""),
        ("text", " ou ", ""),
        ("link", "l’aide", "https://a.example/b_(c)"),
        ("text", ", ", ""),
        ("code", "a`b", ""),
        ("text", ".", ""),
    ]
    assert words_of("Tapez `sudo *` ou [l’`aide`](https://a.example/)") == "Tapez sudo * ou l’aide"
    assert inline("") == []


@given(st.text("`[]()ab :/") | st.text("`[](https://a.example)"))
def test_the_runs_of_a_line_are_the_line(line: str) -> None:
    assert "".join(run.source for run in inline(line)) == line
