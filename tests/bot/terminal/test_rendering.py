import datetime
from dataclasses import replace
from typing import Literal

import pytest

from bot.answering.answer import Answer, Citation
from bot.answering.cache import CacheStats
from bot.answering.plain import plain_text
from bot.messages import say
from bot.terminal.rendering import check_line, section_text, sources_text, to_terminal, why_text
from bot.terminal.style import Screen
from index.schema import Language
from tests.bot.fakes import ENGLISH, FRENCH, cite, make_chunk, make_hit

MUSEUM = make_chunk(FRENCH)
FERRY = make_chunk(ENGLISH, document="ferry.en.txt", title="The ferry", source="The ferry", language="en")

COLORS = Screen(color=True)

HOSTILE = "\x1b[31mRouge\x1b[0m \x07\x08\x7f\x9b2J\x90\x9c\u202e\u2066\u200b\ufeff\r\x00"


def answer(*citations: Citation, language: Language = "fr") -> Answer:
    return Answer(
        question="Qui a acheté l’œuvre ?",
        language=language,
        citations=citations,
        confidence=0.876,
        threshold=0.139,
        hits=(make_hit(MUSEUM), make_hit(FERRY, rank=2, score=1.234)),
        timings_ms={"search": 12.34, "total": 15.06},
        generation="20211103T120000-abcdef",
    )


def abstention(language: Language = "fr") -> Answer:
    return Answer("Quoi ?", language, abstention="no_evidence", hits=(make_hit(MUSEUM),))


def steers(text: str) -> list[str]:
    """Return the characters of `text` that drive a terminal or turn its writing around."""
    return [
        c for c in text if (ord(c) < 0x20 and c not in "\n\t") or 0x7F <= ord(c) <= 0x9F or c in "\u202e\u2066\u200b"
    ]


def test_a_reply_in_a_terminal_is_its_text_then_its_source() -> None:
    shown = to_terminal(answer(cite(MUSEUM, 1)))
    assert shown == (
        "Voici ce qu’en dit «\u00a0Le musée\u00a0»\u00a0:\n"
        "> Le musée de Trois-Rivières l’a achetée en 1998. [1]\n"
        "[1] Le musée — Gazette, 1998"
    )


def test_what_a_model_wrote_is_shown_as_what_it_is() -> None:
    written = "Lancez\u00a0:\n```bash\nsudo apt update\n```\n[1]"
    shown = to_terminal(replace(answer(cite(MUSEUM, 1)), written=written))
    assert shown.startswith("Lancez\u00a0:\n\n    sudo apt update\n\n[1]\n> Le musée")


def test_the_sources_hold_quotes_from_around_a_hit() -> None:
    beside = make_chunk("Elle est à Lévis.", ordinal=1)
    hit = replace(make_hit(MUSEUM), section=(MUSEUM, beside))
    assert "Elle est à Lévis." in sources_text(replace(answer(cite(beside)), hits=(hit,)), "fr")


@pytest.mark.parametrize("section", ["page 4", "§ Où\u202f?"])
def test_a_source_names_the_part_of_the_article(section: str) -> None:
    citation = replace(cite(MUSEUM, 1), section=section)
    assert to_terminal(answer(citation)).endswith(f"\n[1] Le musée, {section} — Gazette, 1998")
    assert f"[1] Le musée, {section} — musee.md#0" in sources_text(answer(citation), "fr")


def test_quotes_of_two_pages_share_the_line_of_their_document() -> None:
    shown = to_terminal(
        answer(replace(cite(MUSEUM, 0, 1), section="page 1"), replace(cite(MUSEUM, 1, 2), section="page 2"))
    )
    assert shown.endswith("\n[1][2] Le musée, page 1, page 2 — Gazette, 1998")


@pytest.mark.parametrize(
    ("language", "remarks"),
    [
        pytest.param("fr", "(du 3 mars 2024)", id="fr"),
        pytest.param("en", "(of 3 March 2024, in French)", id="en"),
    ],
)
def test_a_source_tells_its_date(language: Language, remarks: str) -> None:
    dated = replace(cite(MUSEUM), date="2024-03-03")
    assert to_terminal(answer(dated, language=language)).endswith(f" {remarks}")


@pytest.mark.parametrize(("date", "is_old"), [("2024-03-02", True), ("2024-03-03", False), ("2024", False)])
def test_an_old_source_says_so(date: str, is_old: bool) -> None:
    shown = to_terminal(answer(replace(cite(MUSEUM), date=date)), Screen(old_before=datetime.date(2024, 3, 3)))
    assert shown.endswith(", peut-être dépassé)") == is_old


def test_quotes_of_one_source_share_its_line() -> None:
    shown = to_terminal(answer(cite(MUSEUM, 0, 1), cite(MUSEUM, 1, 2)))
    assert shown.endswith("\n[1][2] Le musée — Gazette, 1998")


def test_quotes_of_two_sources_have_a_line_each() -> None:
    shown = to_terminal(answer(cite(MUSEUM, 1, 1), cite(FERRY, 0, 2)))
    assert shown.endswith("\n[1] Le musée — Gazette, 1998\n[2] The ferry (en anglais)")


@pytest.mark.parametrize(
    ("citation", "language", "note"),
    [
        pytest.param(cite(MUSEUM), "en", "(in French)", id="french-quote-in-an-english-reply"),
        pytest.param(cite(FERRY), "fr", "(en anglais)", id="english-quote-in-a-french-reply"),
    ],
)
def test_a_source_in_the_other_language_says_so(citation: Citation, language: Language, note: str) -> None:
    assert to_terminal(answer(citation, language=language)).endswith(f" {note}")


@pytest.mark.parametrize("citation", [cite(MUSEUM), cite(FERRY)], ids=["fr", "en"])
def test_a_source_in_the_language_of_the_reply_has_no_note(citation: Citation) -> None:
    last = to_terminal(answer(citation, language=citation.language)).split("\n")[-1]
    assert not last.endswith(")")


def test_colours_come_only_when_asked_for() -> None:
    reply = answer(cite(MUSEUM, 1))
    assert "\x1b" not in to_terminal(reply)
    _, quote, source = to_terminal(reply, COLORS).split("\n")
    assert quote == "\x1b[1m> Le musée de Trois-Rivières l’a achetée en 1998. [1]\x1b[0m"
    assert source == "\x1b[2m[1] Le musée — Gazette, 1998\x1b[0m"


def test_in_colours_the_words_that_answer_stand_out() -> None:
    reply = answer(replace(cite(MUSEUM, 1), span=(42, 46)))
    assert to_terminal(reply) == to_terminal(answer(cite(MUSEUM, 1)))
    _, quote, _ = to_terminal(reply, COLORS).split("\n")
    assert quote == "> Le musée de Trois-Rivières l’a achetée en \x1b[1m1998\x1b[0m. [1]"


def test_steps_and_their_code_stand_apart_with_no_mark_before_them() -> None:
    quote = "1. Tapez\u00a0:\n\n   ```bash\n   make\n   ```"
    part = replace(answer(replace(cite(MUSEUM), quote=quote, lead="Pour cela\u00a0:")), more="# Tout")
    assert to_terminal(part).split("\n")[1:] == [
        "",
        "  Pour cela\u00a0:",
        "",
        "  1. Tapez\u00a0:",
        "",
        "         make",
        "",
        "  [1]",
        "",
        say("more", "fr"),
        "[1] Le musée — Gazette, 1998",
    ]
    assert say("more_command", "fr") in to_terminal(part, Screen(in_conversation=True))


def test_the_whole_section_stands_under_its_source() -> None:
    part = replace(answer(replace(cite(MUSEUM), section="§ Tout", date="2021")), more="## Tout\n\n- un\n- deux")
    assert section_text(part, Screen()).split("\n") == [
        "[1] Le musée, § Tout — Gazette, 1998 (de 2021)",
        "",
        "Tout",
        "",
        "- un",
        "- deux",
    ]


@pytest.mark.parametrize(
    ("language", "line"),
    [
        pytest.param("fr", "J’ai compris\u00a0: Où\u202f? Et à Lévis\u00a0?", id="fr"),
        pytest.param("en", "I understood: Où\u202f? Et à Lévis\u00a0?", id="en"),
    ],
)
def test_a_follow_up_is_shown_as_it_was_understood_before_the_reply(language: Language, line: str) -> None:
    for reply in (answer(cite(MUSEUM), language=language), abstention(language)):
        completed = replace(reply, understood="Où\u202f?\n\x1bEt à Lévis\u00a0?")
        assert to_terminal(completed) == f"{line}\n{to_terminal(reply)}"
        assert to_terminal(completed, COLORS) == f"\x1b[2m{line}\x1b[0m\n{to_terminal(reply, COLORS)}"


@pytest.mark.parametrize("language", ["fr", "en"])
def test_an_abstention_is_one_line_with_or_without_colours_where_nothing_is_near(language: Language) -> None:
    reply = replace(abstention(language), hits=())
    assert to_terminal(reply) == to_terminal(reply, COLORS) == plain_text(reply)


def test_an_abstention_names_the_nearest_articles() -> None:
    reply = abstention("fr")
    assert to_terminal(reply).split("\n") == [plain_text(reply), "Les articles les plus proches\u00a0: Le musée."]


@pytest.mark.parametrize("field", ["title", "source", "section", "date", "quote", "lead"])
def test_nothing_in_a_citation_drives_the_terminal(field: str) -> None:
    hostile = replace(cite(MUSEUM), **{field: HOSTILE})  # type: ignore[arg-type]
    reply = answer(hostile)
    for shown in (to_terminal(reply), sources_text(reply, "fr"), why_text(reply, "fr", CacheStats(4, 1))):
        assert steers(shown) == []


def test_nothing_in_a_passage_or_its_name_drives_the_terminal() -> None:
    chunk = make_chunk(f"{HOSTILE} Une phrase.", document=f"a{HOSTILE}.md", title=HOSTILE, source=HOSTILE)
    reply = replace(answer(cite(chunk)), hits=(make_hit(chunk),))
    for shown in (to_terminal(reply), sources_text(reply, "fr"), why_text(reply, "fr", CacheStats(4, 1))):
        assert steers(shown) == []


def test_the_sources_are_the_whole_passages() -> None:
    assert sources_text(answer(cite(MUSEUM, 1)), "fr") == (
        f"Sources de la dernière réponse\u00a0:\n[1] Le musée — musee.md#0\n    {FRENCH}\n"
        "Index\u00a0: 20211103T120000-abcdef"
    )


def test_a_source_may_be_in_the_section_around_a_hit() -> None:
    found = replace(make_hit(make_chunk("Une autre phrase.", ordinal=1)), section=(MUSEUM,))
    assert FRENCH in sources_text(replace(answer(cite(MUSEUM, 1)), hits=(found,)), "fr")


def test_a_passage_of_several_lines_is_indented_throughout() -> None:
    chunk = make_chunk("# Titre\n\nUne phrase.\nUne autre.")
    reply = replace(answer(cite(chunk, 1)), hits=(make_hit(chunk),))
    assert sources_text(reply, "en").split("\n")[2:-1] == ["    # Titre", "    ", "    Une phrase.", "    Une autre."]


@pytest.mark.parametrize(
    ("language", "said"),
    [
        pytest.param("fr", "La dernière réponse ne cite aucune source.", id="fr"),
        pytest.param("en", "The last answer cites no source.", id="en"),
    ],
)
def test_an_abstention_has_no_sources(language: Language, said: str) -> None:
    assert sources_text(abstention(), language) == said


@pytest.mark.parametrize(
    ("language", "confidence", "hit"),
    [
        pytest.param(
            "fr",
            "confiance 0.88, seuil 0.14\u00a0: une réponse",
            "1. 1.500  vecteurs 0.800  mots 0.250 (muse, achet)  Le musée",
            id="fr",
        ),
        pytest.param(
            "en",
            "confidence 0.88, threshold 0.14: an answer",
            "1. 1.500  vectors 0.800  words 0.250 (muse, achet)  Le musée",
            id="en",
        ),
    ],
)
def test_why_gives_the_confidence_the_hits_the_timings_and_the_use_of_the_cache(
    language: Language, confidence: str, hit: str
) -> None:
    lines = why_text(answer(cite(MUSEUM)), language, CacheStats(4, 1)).split("\n")
    assert lines[:2] == [confidence, hit]
    assert lines[2].startswith("2. 1.234")
    assert lines[3] == "search 12.3 ms  total 15.1 ms"
    assert lines[4:] == [say("why_cache", language, known=1, asked=4, percent=25)]


@pytest.mark.parametrize(
    ("language", "verdict"), [pytest.param("fr", "pas de réponse", id="fr"), pytest.param("en", "no answer", id="en")]
)
def test_why_says_that_the_bot_abstained(language: Language, verdict: str) -> None:
    assert why_text(abstention(), language, CacheStats(4, 1)).split("\n")[0].endswith(verdict)


def test_why_shows_a_dash_where_no_word_matched() -> None:
    reply = replace(answer(cite(MUSEUM)), hits=(replace(make_hit(MUSEUM), matched=()),))
    assert "(—)" in why_text(reply, "fr", CacheStats(4, 1))


@pytest.mark.parametrize(("state", "signs"), [("ok", "✓+"), ("note", "–-"), ("failed", "✗x")])
def test_a_check_says_its_state_in_a_word_beside_the_sign(state: Literal["ok", "note", "failed"], signs: str) -> None:
    for plain, sign in enumerate(signs):
        line = check_line("index", state, "l’index\x1b[2J", plain=bool(plain))
        assert line.split() == [sign, state, "index", "l’index[2J"]


TRANSLATED = ("The museum of Trois-Rivières bought it in 1998.",)


def test_a_translation_stands_under_its_quote_which_stays_first_and_as_it_is() -> None:
    given = answer(cite(MUSEUM, 1), language="en")
    shown = to_terminal(replace(given, translations=TRANSLATED)).split("\n")
    assert shown[1:3] == [
        "> Le musée de Trois-Rivières l’a achetée en 1998. [1]",
        "  Machine translation (the quote is what counts): The museum of Trois-Rivières bought it in 1998.",
    ]
    assert [*shown[:2], *shown[3:]] == to_terminal(given).split("\n")


def test_a_translation_says_whose_it_is_in_french_too_and_faintly() -> None:
    given = replace(answer(cite(FERRY), language="fr"), translations=("Le traversier quitte Lévis à midi.",))
    line = to_terminal(given, COLORS).split("\n")[2]
    assert line == (
        "  \x1b[2mTraduction automatique (la citation fait foi)\u00a0:\x1b[0m Le traversier quitte Lévis à midi."
    )


def test_steps_are_translated_as_steps_and_their_code_is_shown_once() -> None:
    quote = "1. Installez\u00a0:\n   ```\n   apt install x\n   ```\n2. Lancez `x`."
    citation = replace(cite(MUSEUM), quote=quote, span=None)
    given = replace(answer(citation, language="en"), translations=("1. Install:\n2. Run `x`.",))
    lines = to_terminal(given).split("\n")
    at = lines.index("  Machine translation (the quote is what counts):")
    assert lines[at - 1 : at + 3] == ["", lines[at], "  1. Install:", "  2. Run `x`."]
    assert "\n".join(lines).count("apt install x") == 1


def test_a_translation_cannot_drive_the_terminal() -> None:
    given = replace(answer(cite(MUSEUM, 1), language="en"), translations=(f"It {HOSTILE}.",))
    assert steers(to_terminal(given)) == []
