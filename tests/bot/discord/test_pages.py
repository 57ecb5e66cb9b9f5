import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.discord.pages import MIN_LIMIT, escape, split

HOSTILE_UNITS = [
    *"[(<`\\@:\n a1\u0301😀", "[](", "[](()", "[a](b)", "```", "```py\nx\n", "> x\n", ">\n", "http://.", "[\\[",
    "🇫🇷", "1. ",
]  # fmt: skip

FRENCH = "L’œuvre a été achetée en 1998 par le musée de Trois-Rivières. « Où est-elle\u00a0? » demande-t-on\u202f!"


def width(text: str) -> int:
    """Return how many UTF-16 code units the text takes."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def visible(text: str) -> str:
    """Return the characters that are seen, without the marks of fences and quotes."""
    without_fences = re.sub(r"```(?:py\n)?", "", text)
    return "".join(re.sub(r"^> ?", "", without_fences, flags=re.MULTILINE).split())


def words(text: str) -> list[str]:
    return re.sub(r"^> ", "", text, flags=re.MULTILINE).split()


@pytest.mark.parametrize("text", ["Bonjour", FRENCH, "> citation\n\n```py\nx = 1\n```\n- fin", "x" * 2000, "😀" * 1000])
def test_a_text_that_fits_is_one_page_as_it_is(text: str) -> None:
    assert split(text) == [text]


@pytest.mark.parametrize("text", ["", " ", "\n\n", "\u00a0", " \t\n" * 5000, "\u00a0" * 5000])
def test_a_blank_text_has_no_page(text: str) -> None:
    assert split(text) == []


def test_white_space_around_the_text_is_dropped() -> None:
    assert split("\n\n Bonjour \n", 20) == [" Bonjour"]


@pytest.mark.parametrize(
    ("text", "pages"),
    [
        pytest.param("un deux\n\ntrois. Quatre", ["un deux", "trois. Quatre"], id="blank-line"),
        pytest.param("> un deux\n> \n> trois. Six", ["> un deux", "> trois. Six"], id="blank-line-in-a-quote"),
        pytest.param("un deux tr\nois. Quatre", ["un deux tr", "ois. Quatre"], id="line"),
        pytest.param("un deux. Trois quatre", ["un deux.", "Trois quatre"], id="sentence"),
        pytest.param(
            "un «\u00a0Où\u202f!\u00a0» Trois quatre", ["un «\u00a0Où\u202f!\u00a0»", "Trois quatre"], id="quotation"
        ),
        pytest.param("un deux trois quatre", ["un deux trois", "quatre"], id="space"),
        pytest.param("un\n\ndeuxtrois quatre", ["un\n\ndeuxtrois", "quatre"], id="not-half-full"),
        pytest.param("un\u00a0deux\u202ftrois\u00a0!", ["un\u00a0deux\u202ftrois", "\u00a0!"], id="no-break-space"),
    ],
)
def test_a_page_ends_at_the_best_place(text: str, pages: list[str]) -> None:
    assert split(text, 13) == pages


def test_the_lines_of_a_list_keep_their_marks_and_indentation() -> None:
    assert split("- un\n  - deux\n  - trois\n1. quatre", 14) == ["- un\n  - deux", "  - trois", "1. quatre"]
    assert split("mot mot\n- quatre", 10) == ["mot mot", "- quatre"]


def test_a_word_longer_than_a_page_is_cut_hard() -> None:
    assert split("a" * 25, 10) == ["a" * 10, "a" * 10, "a" * 5]
    assert split("un " + "a" * 12, 10) == ["un", "a" * 10, "aa"]
    assert split("> " + "a" * 12, 10) == ["> " + "a" * 8, "> " + "a" * 4]


def test_an_emoji_counts_twice() -> None:
    assert split("😀" * 1001) == ["😀" * 1000, "😀"]
    assert split("é" * 2000) == ["é" * 2000]


@pytest.mark.parametrize(
    "character",
    ["e\u0301", "👩\u200d👧\u200d👦", "🇫🇷", "👍🏽", "❤\ufe0f", "🏴\U000e0067\U000e0062\U000e007f"],
    ids=ascii,
)
def test_a_character_of_several_code_points_is_not_cut(character: str) -> None:
    for page in split(character * 30, 17):
        assert page == character * (len(page) // len(character))


def test_a_character_larger_than_a_page_is_cut_all_the_same() -> None:
    pages = split("a" + "\u0301" * 50, 10)
    assert "".join(pages) == "a" + "\u0301" * 50
    assert all(len(page) <= 10 for page in pages)


@pytest.mark.parametrize(
    "whole",
    [
        "[Le musée de la ville](https://musée.example/a_b?c=(d))",
        "[Un \\[titre\\] à part](<https://musée.example/>)",
        "<https://fr.wikipedia.org/wiki/Trois-Rivières>",
        "<:babillard_oui:155101607195836416>",
        "<a:babillard_non:155101607195836416>",
        "<@!80351110224678912>",
        "<t:1618953630:R>",
        "`git commit --amend --no-edit`",
        "\\*",
        "**sept millions d’abonnés (5 \\* 3)**",
        "```py\nif x:\n\n    y = 1\n```",
    ],
)
@pytest.mark.parametrize("glue", ["", " ", "\n"], ids=["no-gap", "space", "line"])
def test_what_belongs_together_stays_whole(whole: str, glue: str) -> None:
    for limit in range(max(len(whole), MIN_LIMIT), 3 * len(whole)):
        pages = split(("é" * 7 + glue + whole + glue) * 5, limit)
        assert sum(page.count(whole) for page in pages) == 5
        assert all(len(page) <= limit for page in pages)


def test_a_link_longer_than_a_page_is_cut_at_its_spaces() -> None:
    assert split("[un deux trois](https://a.example)", 20) == ["[un deux", "trois](https://a.exa", "mple)"]


def test_a_fence_is_closed_and_opened_again_with_its_language() -> None:
    assert split("Voici :\n```py\nun = 1\nif un == 1:\n    deux = 2\n```\nFin.", 27) == [
        "Voici :\n```py\nun = 1\n```",
        "```py\nif un == 1:\n```",
        "```py\n    deux = 2\n```\nFin.",
    ]


def test_a_fence_in_a_quote_stays_in_the_quote() -> None:
    assert split("> ```py\n> un = un + 1 + 2\n>   deux = 2 + 2\n> ```\n> fin", 36) == [
        "> ```py\n> un = un + 1 + 2\n> ```",
        "> ```py\n>   deux = 2 + 2\n> ```\n> fin",
    ]


def test_a_line_of_code_longer_than_a_page_is_cut_inside_its_fence() -> None:
    assert split("```\n" + "x" * 30 + "\n```", 20) == ["```\n" + "x" * 12 + "\n```"] * 2 + ["```\n" + "x" * 6 + "\n```"]


def test_a_fence_without_a_language_is_opened_again_without() -> None:
    assert split("```un deux\ntrois quatre```", 24) == ["```\nun deux\ntrois\n```", "```\nquatre\n```"]


def test_what_looks_like_a_quote_in_code_is_code() -> None:
    pages = split("```\n> un deux\n> trois\n```", 20)
    assert visible("".join(pages)) == visible("```\n> un deux\n> trois\n```")
    assert pages == ["```\n> un deux\n```", "```\n> trois\n```"]


def test_three_backticks_that_nothing_closes_are_words() -> None:
    assert split("``` un deux trois", 12) == ["``` un deux", "trois"]
    assert split("\\`\\`\\` un deux```", 12) == ["\\`\\`\\` un", "deux```"]


def test_a_quoted_line_is_quoted_on_each_page() -> None:
    assert split("> un deux trois quatre\ncinq", 13) == ["> un deux", "> trois", "> quatre\ncinq"]
    assert split("un > deux trois", 11) == ["un > deux", "trois"]


@pytest.mark.parametrize("limit", [MIN_LIMIT - 1, 0, -1])
def test_a_limit_without_room_for_a_character_is_refused(limit: int) -> None:
    with pytest.raises(ValueError, match="at least 4"):
        split("Bonjour", limit)


WORD = st.text("abcdeéèœ’", min_size=1, max_size=12)
LINK = st.builds("[{} {}](https://a.example/{})".format, WORD, WORD, WORD)
EMOJI = st.sampled_from(["<:oui:155101607195836416>", "😀", "🇫🇷", "<@80351110224678912>"])
LINE = st.lists(WORD | LINK | EMOJI | WORD.map("{}.".format), min_size=1, max_size=25).map(" ".join)
CODE = st.lists(LINE.map("    {}".format) | st.just(""), max_size=8).map("\n".join)
BLOCK = (
    LINE
    | LINE.map("> {}".format)
    | st.builds("```py\nx\n{}\n```".format, CODE)
    | st.lists(LINE.map("- {}".format), min_size=1, max_size=5).map("\n".join)
)
MARKDOWN = st.lists(BLOCK, max_size=8).map("\n\n".join)


@given(MARKDOWN, st.integers(80, 400))
@example("```py\nx\n" + "\n" * 500 + "```", 80)
@example("> [a b](https://a.example/c)" * 9, 80)
def test_pages_of_markdown_hold_all_of_it_and_stand_alone(text: str, limit: int) -> None:
    pages = split(text, limit)
    assert all(width(page) <= limit and page.strip() for page in pages)
    assert all(page.count("```") % 2 == 0 for page in pages)
    without_marks = [re.sub(r"```(?:py\n)?", " ", part) for part in (text, "\n".join(pages))]
    assert words(without_marks[1]) == words(without_marks[0])
    for link in re.findall(r"\[[^]]*\]\([^)]*\)", re.sub(r"```.*?```", "", text, flags=re.DOTALL)):
        assert any(link in page for page in pages)


@given(MARKDOWN, st.integers(80, 400))
def test_pages_are_few(text: str, limit: int) -> None:
    words_only = " ".join(re.sub(r"[\[\]()<>`]", "", text).split())
    assert len(split(words_only, limit)) <= 2 * width(words_only) // (limit - 60) + 1


@given(st.text("«»😀é \n`>[]()<:\\*!\u00a0\u0301\u200d🇫🇷" + "🏽"), st.integers(MIN_LIMIT, 60))
def test_pages_of_anything_hold_its_visible_characters(text: str, limit: int) -> None:
    pages = split(text, limit)
    assert all(width(page) <= limit and page.strip() for page in pages)
    marks = str.maketrans("", "", "`>é")  # of fences, with their language, and of quotes
    assert "".join("".join(pages).translate(marks).split()) == "".join(text.translate(marks).split())


@given(st.text(st.characters() | st.sampled_from("`>\n[]()<: ")), st.integers(MIN_LIMIT, 60))
def test_pages_of_anything_end(text: str, limit: int) -> None:
    assert all(width(page) <= limit and page.strip() for page in split(text, limit))


@pytest.mark.parametrize("unit", HOSTILE_UNITS, ids=ascii)
def test_long_hostile_texts_are_cut_and_escaped(unit: str) -> None:
    text = unit * (200_000 // len(unit))
    assert all(width(page) <= 2000 for page in split(text))
    assert len(escape(text)) >= len(text)


def shown(text: str) -> str:
    """Return what Discord shows of text that it formats nowhere: its escapes undone, but for those in a URL."""
    rule = r"((?:https?|steam)://[^\s<]*[^\s<.,:;\"'\]])|\\([^0-9A-Za-z\s])"
    return re.sub(rule, lambda found: found[1] or found[2], text)


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("**gras** _it_ ~~non~~ ||dit|| `x`", r"\*\*gras\*\* \_it\_ \~\~non\~\~ \|\|dit\|\| \`x\`"),
        ("[titre](https://a.example)", r"\[titre\]\(https://a.example)"),
        ("\\*", r"\\\*"),
        ("# Titre\n  > cité\n- un\n-# petit", "\\# Titre\n  \\> cité\n\\- un\n\\-# petit"),
        ("1. un\n 12. deux", "1\\. un\n 12\\. deux"),
        ("Trois-Rivières #1 > 3. « Où\u00a0? »", "Trois-Rivières #1 > 3. « Où\u00a0? »"),
        ("@everyone <@1> <#2> <t:3:R> <:oui:4>", r"\@everyone \<\@1> \<#2> \<t\:3:R> \<\:oui:4>"),
        ("dit :sourire: à 12:30", r"dit \:sourire: à 12:30"),
        ("https://fr.wikipedia.org/wiki/A_b_(c).", "https://fr.wikipedia.org/wiki/A_b_(c)."),
        ("https://a.example/**gras**", "https://a.example/**gras**"),
        ("", ""),
    ],
)
def test_markdown_and_mentions_are_escaped(text: str, escaped: str) -> None:
    assert escape(text) == escaped
    assert shown(escaped) == text


@given(st.text(st.characters() | st.sampled_from("\\*_~`|[]()<>@#-:. \n1a") | st.sampled_from("/")))
@example("https://a.example\\*b")
@example("https://")
@example("\\https://a")
def test_escaped_text_shows_its_characters(text: str) -> None:
    assert shown(escape(text)) == text


@given(
    st.lists(st.sampled_from(["*", "_", "`", "|", "~", "<", "@", "[", "]", "(", ")", "a", " ", "\n", "\\"])).map(
        "".join
    )
)
def test_no_mark_is_left_without_its_backslash(text: str) -> None:
    assert re.sub(r"\\[\\*_~`|\[\]()<@]", "", escape(text)).strip("a \n").replace("a", "").split() == []


@given(st.lists(st.sampled_from([*"*_~`|[]()<@#->.:a1 \n", "https://a_b.example/"]), max_size=80).map("".join))
@example("*******###https://a_b.example/**<")
def test_escaped_text_is_cut_without_parting_a_backslash_from_its_mark(text: str) -> None:
    for page in split(escape(text), 40):
        assert not re.search(r"(?<!\\)(?:\\\\)*\\$", page)
