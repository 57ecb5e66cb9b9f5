import pytest

from bot.answering.spelling.pieces import pieces


def words(question: str) -> list[str]:
    return [piece.text for piece in pieces(question)]


@pytest.mark.parametrize(
    "left_alone",
    [
        "`pip isntall`",
        "```\npip isntall\n```",
        "« questoin »",
        "“questoin”",
        '"questoin"',
        "'questoin'",
        "https://exmaple.org/abonnnes",
        "www.exmaple.org",
        "exmaple.org",
        "bob@exmple.com",
        "@jaen",
        "<@1234>",
        "<#1234>",
        "<:smlie:1234>",
        ":smlie:",
        "#genral",
        "--optoin",
        "-v",
        "/ect/passwd",
        "C:\\Progam",
        "fichiier.txt",
        "MA_VARIALBE",
        "A380",
        "covdi19",
        "10h30",
        "3,5",
        "🙏",
        "C++",
    ],
)
def test_what_is_no_prose_is_left_alone(left_alone: str) -> None:
    assert words(f"avant {left_alone} après") == ["avant", "après"]


def test_apostrophes_stay_inside_and_hyphens_and_signs_part_words() -> None:
    assert words("Qu’est-ce que l'école, don't a-t-il?quoi !") == [
        *("Qu’est", "ce", "que", "l'école", "don't", "a", "t", "il", "quoi")
    ]


def test_the_first_word_of_each_sentence_opens_it() -> None:
    found = [piece.text for piece in pieces("« Bonjour ». Qui est Ted ? Où\nQuand") if piece.opens]
    assert found == ["Qui", "Où", "Quand"]


@pytest.mark.parametrize("question", ["", " ", "🙏", "42"])
def test_no_words_in_nothing(question: str) -> None:
    assert words(question) == []


def test_each_piece_tells_where_it_stands() -> None:
    question = "salut, `x` ça va ?"
    assert all(question[p.start : p.end] == p.text for p in pieces(question))


@pytest.mark.parametrize("text", ["«" * 20_000, "`" * 20_000, "a." * 10_000, "'" * 20_000, "x" * 20_000, ":a" * 10_000])
def test_hostile_text_is_read_at_once(text: str) -> None:
    assert len(words(text)) <= 20_000
