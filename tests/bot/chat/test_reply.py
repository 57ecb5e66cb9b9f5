import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat.reply import LINK, Claim, clean, read_reply, sanitise, without_links
from tests.bot.fakes import ENGLISH, FRENCH, make_chunk

PASSAGES = (make_chunk(FRENCH), make_chunk(ENGLISH, "ferry.md", "The ferry", language="en"))


PIECES = st.sampled_from(
    "“ ” \" ' ( ) > @ : / … https :// www. mailto: a.example b.example/x?q=1 l’été [1] <think> </think>".split()
) | st.sampled_from([" ", "\n", "«\u00a0", "\u00a0»", "\u200b", "[1, 2]"])


def claims(text: str) -> tuple[Claim, ...]:
    return read_reply(text, PASSAGES, "Quoi ?", "fr").claims


def numbers(text: str) -> tuple[int, ...]:
    return tuple(marker.number for marker in read_reply(text, PASSAGES, "Quoi ?", "fr").markers)


@pytest.mark.parametrize(
    ("text", "markers"),
    [
        ("L’œuvre est chère [1].", (1,)),
        ("L’œuvre est chère. [1][2] Oui. [1]", (1, 2, 1)),
        ("The ferry is free [12].", (12,)),
        ("Elle dit «\u00a0vu [3]\u00a0» [1].", (1,)),
        ("No marker (1), [x], [] or [ 1 ].", ()),
        ("", ()),
    ],
)
def test_markers_are_numbers_in_brackets_outside_quotations(text: str, markers: tuple[int, ...]) -> None:
    assert numbers(text) == markers


def test_a_sentence_rests_on_the_passages_that_its_markers_name() -> None:
    first, second = claims("L’œuvre est chère [1]. Le traversier part à midi [2].")
    assert (first.passages, second.passages) == ((1,), (2,))


def test_a_marker_after_the_full_stop_belongs_to_the_sentence_before() -> None:
    first, second = claims("L’œuvre est chère. [1] Le traversier part à midi. [2]")
    assert (first.passages, second.passages) == ((1,), (2,))


def test_a_sentence_without_a_marker_rests_on_all_that_the_reply_cites() -> None:
    first, second = claims("L’œuvre est chère. Le traversier part à midi [2].")
    assert (first.passages, second.passages) == ((2,), (2,))


@pytest.mark.parametrize(
    "quotation",
    ["«\u00a0Quoi\u202f? Non.\u00a0»", "“Quoi ? Non.”", '"Quoi ? Non."', "‘Quoi ? Non.’", "'Quoi ? Non.'"],
)
def test_a_quotation_is_one_whatever_its_marks_and_sentences(quotation: str) -> None:
    first, second = claims(f"L’auteur l’a dit\u00a0: {quotation} [1] L’été, d’ici là, c’est tout [2].")
    assert [" ".join(quote.split()) for quote in first.quotes] == ["Quoi ? Non."]
    assert "Quoi" not in first.text
    assert second.quotes == ()


@pytest.mark.parametrize("text", ["L'été, d'ici là, c'est 'tout l'an'.", "The players' dogs don't pay 'one cent'."])
def test_an_apostrophe_is_not_a_quotation_mark(text: str) -> None:
    (claim,) = claims(text)
    assert len(claim.quotes) == 1


def test_code_is_no_word_of_the_reply_and_holds_no_marker_and_no_quotation() -> None:
    first, second = claims('Lancez `echo [2]` :\n```\necho "Quoi" [2]\n```\n[1]\nPuis `x` [2].')
    assert (first.passages, second.passages) == ((1,), (2,))
    assert (first.quotes, second.quotes) == ((), ())
    assert "echo" not in first.text
    assert [one.text for one in first.copied] == ["echo [2]", 'echo "Quoi" [2]']
    assert [one.text for one in second.copied] == ["x"]


def test_a_quotation_may_hold_code() -> None:
    [claim] = claims("Il dit «\u00a0lancez `a « b` ici\u00a0» [1].")
    assert [" ".join(quote.split()) for quote in claim.quotes] == ["lancez `a « b` ici"]


def test_a_claim_and_a_marker_are_where_they_say() -> None:
    text = "L’œuvre est chère. [1] Elle dit «\u00a0vu [3]\u00a0» [2]."
    reply = read_reply(text, PASSAGES, "Quoi ?", "fr")
    assert [text[c.start : c.end] for c in reply.claims] == [
        "L’œuvre est chère. [1]",
        " Elle dit «\u00a0vu [3]\u00a0» [2].",
    ]
    assert [(m.number, text[m.start : m.end]) for m in reply.markers] == [(1, "[1]"), (2, "[2]")]


@given(st.text(st.sampled_from("«»“”\"'‘’[1] .?!\nLé") | st.characters(), max_size=80))
def test_any_text_can_be_read(text: str) -> None:
    reply = read_reply(text, PASSAGES, "", "fr")
    assert all(set(claim.passages) <= reply.evidence.keys() <= {1, 2} for claim in reply.claims)


# --------------------------------------------------------------------------------------------------------- sanitised


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        pytest.param("<think>Lévis\u202f?\n</think>\n\nÀ midi [1].", "À midi [1].", id="a thought"),
        pytest.param("À midi [1]. <thinking>Et", "À midi [1].", id="a thought without end"),
        pytest.param("<th\u200bink>Lévis</think>À midi [1].", "À midi [1].", id="a hidden thought"),
        pytest.param("À\u200b mi\u00addi\u202e [1].", "À midi [1].", id="what is not seen"),
        pytest.param("À midi [1, 3] ; libre [2;4].", "À midi [1][3] ; libre [2][4].", id="lists of markers"),
        pytest.param("À midi [1].\n \n\n> Libre [2].", "À midi [1].\nLibre [2].", id="blank lines and quote marks"),
        pytest.param(">\nÀ midi [1].\n", "À midi [1].", id="an empty first line"),
        pytest.param(
            "1. Lancez :\n\n   ```bash\n   a [1, 3]\n\n     > b  \n   ```\n\n   Voir `[1, 3]` [1, 3].",
            "1. Lancez :\n```bash\na [1, 3]\n\n  > b\n```\nVoir `[1, 3]` [1][3].",
            id="code",
        ),
        pytest.param("> ```\n> a\n> ```\n> [1]", "```\na\n```\n[1]", id="a block of code in a quotation"),
        pytest.param("```\na b", "```\na b\n```", id="a block of code without end"),
        pytest.param("Voir `a.example/b` [1].", "Voir `a.example/b` [1].", id="a path in code"),
    ],
)
def test_what_a_model_meant_to_be_read_is_left(text: str, cleaned: str) -> None:
    assert clean(text) == cleaned
    assert sanitise(text) == cleaned


@pytest.mark.parametrize(
    ("link", "name"),
    [
        ("https://musee.example/billets?d=1", "musee.example"),
        ("HTTPS://www.musee.example", "musee.example"),
        ("http://moi:secret@musee.example:80/x", "musee.example:80"),
        ("ftp://musee.example", "musee.example"),
        ("www.musee.example/l'été", "musee.example"),
        ("mailto:aide@musee.example", "aide@musee.example"),
        ("musee.example/billets", "musee.example"),
        ("www.https:www.musee.example/x", "https:musee.example"),
    ],
)
@pytest.mark.parametrize("marks", ["«\u00a0{}\u00a0»", "“{}”", '"{}"', "‘{}’", "'{}'"])
@pytest.mark.parametrize("sentence", ["{}", "Voir {}.", "Voir {}, ou non", "({})"])
def test_a_link_in_a_quotation_becomes_the_name_of_its_site(link: str, name: str, marks: str, sentence: str) -> None:
    text = f"Il dit {marks.format(sentence)} [1]."
    assert sanitise(text.format(link)) == text.format(name)


def test_a_link_in_the_own_words_of_a_reply_is_left_for_the_checks_but_for_the_path_of_a_domain() -> None:
    text = "Voir https://musee.example/x, www.musee.example/y et mailto:aide@musee.example [1]."
    assert sanitise(text) == text
    assert sanitise("Voir musee.example/billets. Puis Node.js/React [1].") == "Voir musee.example. Puis Node.js [1]."


@given(st.lists(PIECES | st.sampled_from(["`", "```\n", "\n```\n", "   "]), max_size=12).map("".join))
def test_sanitising_again_changes_nothing(text: str) -> None:
    assert sanitise(sanitise(text)) == sanitise(text)


@given(st.lists(PIECES, max_size=12).map("".join))
def test_no_link_is_left_in_a_text_without_links_or_in_a_quotation(text: str) -> None:
    assert LINK.search(without_links(text)) is None
    reply = read_reply(sanitise(text), PASSAGES, "Quoi ?", "fr")
    assert not any(LINK.search(quote) for claim in reply.claims for quote in claim.quotes)
