from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat.code import code_in, copied_in, hidden, outside_code, plain_fence, without_code

PIECES = st.lists(
    st.sampled_from(
        ["`", "```", "```bash", "``", "\n", "\n\n", " ", "> ", "   ", " a ", "sudo x", "$ y", "/z", "--w", "[1]"]
    )
).map(" ".join)


def copied(text: str) -> list[tuple[str, str]]:
    return [(one.kind, one.text) for one in copied_in(text)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        pytest.param(
            "Lancez :\n```bash\nsudo apt update\n\n  ls -l\n```\n", ["sudo apt update", "ls -l"], id="a fence"
        ),
        pytest.param("   ```\n   a\n     b\n   ```", ["a", "b"], id="a fence in a list"),
        pytest.param("> ```\n> a | b\n> ```\n> c", ["a | b"], id="a fence in a quotation"),
        pytest.param("````\n```\na\n```\n````", ["```", "a", "```"], id="a longer fence"),
        pytest.param("```\na\nb", ["a", "b"], id="a fence without end"),
        pytest.param("```rm -rf now\na\n```", ["rm -rf now", "a"], id="a command where the language stands"),
        pytest.param("```\n```", [], id="an empty fence"),
    ],
)
def test_each_line_of_a_block_is_one(text: str, found: list[str]) -> None:
    assert copied(text) == [("block", line) for line in found]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("L’option `-v` et ``a ` b``.", [("inline", "-v"), ("inline", "a ` b")]),
        ("Lancez sudo apt update [1].", [("command", "sudo apt update")]),
        ("Run sudo apt update. Then wait.", [("command", "sudo apt update")]),
        ("$ ls -l /srv", [("command", "$ ls -l /srv")]),
        ("1. apt install nginx\n2. git pull", [("command", "apt install nginx"), ("command", "git pull")]),
        ("Tapez\u00a0: curl -O quenille.tgz", [("command", "curl -O quenille.tgz")]),
        ("On lit «\u00a0sudo apt update\u00a0» [1].", [("command", "sudo apt update")]),
        ("Une fois docker run lancé, attendez.", [("command", "docker run lancé, attendez")]),
        ("PermitRootLogin = no", [("command", "PermitRootLogin = no")]),
        ("Avec --force ou -rf.", [("token", "--force"), ("token", "-rf")]),
        ("Avec –-force ou —purge.", [("token", "–-force"), ("token", "—purge")]),
        ("Dans /etc/ssh, ~/.ssh et C:\\Users.", [("token", "/etc/ssh"), ("token", "~/.ssh"), ("token", "C:\\Users")]),
        (
            "Modifiez conf/nginx.conf, PORT=80 et max_size.",
            [("token", t) for t in ("conf/nginx.conf", "PORT=80", "max_size")],
        ),
    ],
)
def test_what_looks_like_a_command_is_found_outside_code(text: str, found: list[tuple[str, str]]) -> None:
    assert copied(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "",
        "L’été, à 12:30, M. Lévesque et/ou C.-A. Roy prennent le train (60 km/h).",
        "Y a-t-il une gare -elle a fermé en 1998- à Lévis\u202f? Vient -elle\u202f?",
        "- Lévis\n- Québec\n-Montréal",
        "Make sure that the service is open 24/7, the day - or night - you find it.",
        "Docker est un outil, git aussi\u00a0; le 03/05/2021, 1 = 1.",
        "It takes twelve minutes — don’t wait.",
    ],
)
def test_prose_holds_nothing_to_copy(text: str) -> None:
    assert copied(text) == []


def test_a_text_without_its_code_is_as_long_and_a_block_ends_its_sentence() -> None:
    text = "Lancez `a` :\n```\nb\n```\nPuis [1]."
    blanked = without_code(text, code_in(text))
    assert len(blanked) == len(text)
    assert blanked.startswith("Lancez `\u00a0` :\n\u00a0")
    assert blanked.endswith("\u00a0\n\nPuis [1].")


def test_a_fence_is_written_plain() -> None:
    assert plain_fence("   ```bash \n\n   a\n     b  \n   ```") == "```bash\na\n  b\n```"
    assert plain_fence("> ```\n> a") == "```\na\n```"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Lancez `sudo x", "Lancez …"),
        ("Lancez `sudo x` puis", "Lancez `…` puis"),
        ("Lancez sudo ap", "Lancez …"),
        ("```bash\nsudo a\nb", "```bash\n…\n…"),
        ("L’option --for", "L’option …"),
        ("Rien à copier.", "Rien à copier."),
    ],
)
def test_what_is_not_checked_yet_is_hidden(text: str, shown: str) -> None:
    assert hidden(text) == shown


@given(PIECES)
def test_any_text_can_be_read(text: str) -> None:
    codes = code_in(text)
    assert all(a.end <= b.start for a, b in pairwise(codes))
    assert len(without_code(text, codes)) == len(text)
    assert outside_code(text, lambda own: own) == text
    found = copied_in(text)
    assert all(a.end <= b.start for a, b in pairwise(found))
    assert all(one.text == text[one.start : one.end].strip() for one in found)
    assert "sudo x" not in hidden(text)
