from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from bot.answering.answer import Answer, Citation
from bot.discord.markdown import answer_text, passages_text, section_text
from bot.discord.pages import escape
from index.schema import Language
from tests.bot.fakes import cite, make_chunk, make_hit

BUILT = datetime(2026, 5, 1, tzinfo=UTC)


def shown(citation: Citation) -> str:
    """Return the line of the quote, as Discord is given it."""
    answer = Answer("Combien ?", "fr", (citation,), confidence=0.9, threshold=0.1)
    return answer_text(answer, BUILT).split("\n")[1]


def marked(text: str, words: str) -> Citation:
    start = text.index(words)
    return replace(cite(make_chunk(text)), quote=text, end=len(text), span=(start, start + len(words)))


@pytest.mark.parametrize(
    ("text", "words", "line"),
    [
        pytest.param("L’été dure deux mois.", "deux mois", "> L’été dure **deux mois**. \\[1\\]", id="inside"),
        pytest.param("Deux mois d’été.", "Deux mois", "> **Deux mois** d’été. \\[1\\]", id="at-the-start"),
        pytest.param("Il vaut 5 * 3 $.", "5 * 3", "> Il vaut **5 \\* 3** $. \\[1\\]", id="a-star-inside"),
        pytest.param("Un *bon* été.", "*bon*", "> Un **\\*bon\\*** été. \\[1\\]", id="stars-at-its-ends"),
        pytest.param("Il dit @everyone ici.", "@everyone", "> Il dit **\\@everyone** ici. \\[1\\]", id="a-mention"),
        pytest.param("Le\nsept\njuillet.", "sept\njuillet", "> Le **sept juillet**. \\[1\\]", id="lines"),
    ],
)
def test_the_words_that_answer_are_bold_and_everything_else_is_escaped(text: str, words: str, line: str) -> None:
    assert shown(marked(text, words)) == line


def test_words_inside_a_link_are_not_bold_for_that_would_break_it() -> None:
    text = "Voir https://musee.example/l_ete_1998/page ici."
    assert shown(marked(text, "l_ete_1998")) == f"> {escape(text)} \\[1\\]"


def test_without_words_that_answer_nothing_is_bold() -> None:
    assert shown(replace(marked("L’été dure deux mois.", "deux"), span=None)) == "> L’été dure deux mois. \\[1\\]"


def test_an_abstention_links_to_the_nearest_articles_with_their_headings() -> None:
    chunk = replace(make_chunk("Ouvert."), source="https://musee.example/ete", path="Horaires")
    answer = Answer("Où ?", "fr", abstention="no_evidence", confidence=0.1, threshold=0.2, hits=(make_hit(chunk),))
    far = replace(answer, confidence=0.01)
    line = "Les articles les plus proches\u00a0: [Le musée › Horaires](<https://musee.example/ete>)."
    assert answer_text(answer, BUILT).split("\n")[1:] == [line]
    assert len(answer_text(far, BUILT).split("\n")) == 1


def test_talk_is_a_line_and_nothing_else() -> None:
    assert answer_text(Answer("merci", "fr", abstention="thanks"), BUILT, help_channel=7) == "Avec plaisir\u202f!"


def reply(*quotes: str, lead: str = "", source: str = "Gazette, 1998") -> list[str]:
    """Return the lines under the one that opens the reply."""
    chunk = make_chunk("Texte.", source=source)
    citations = [replace(cite(chunk), quote=q, lead=lead, marker=n) for n, q in enumerate(quotes, start=1)]
    return answer_text(Answer("Quand ?", "fr", tuple(citations)), BUILT).split("\n")[1:-1]


def test_rows_that_share_a_header_are_one_table() -> None:
    lines = reply("| lundi | 6 h |", "| mardi | 7 h |", lead="| Jour | Début |")
    assert lines == [
        "> ```",
        "> Jour   Début",
        "> ─────  ─────",
        "> lundi  6 h",
        "> mardi  7 h",
        "> ```",
        "> \\[1\\]\\[2\\]",
        "-# [1][2] Le musée — Gazette, 1998",
    ]


def test_quotes_with_a_shape_stand_apart_within_one_quotation() -> None:
    assert reply("Une phrase.", "Une autre.", "- un\n- deux")[:-1] == [
        "> Une phrase. \\[1\\]",
        "> Une autre. \\[2\\]",
        "> ",
        "> - un",
        "> - deux \\[3\\]",
    ]


def test_a_source_is_a_link_that_unfolds_nothing_and_tells_its_date() -> None:
    assert reply("Oui.", source="https://musee.example/a_b")[-1] == "-# [1] [Le musée](<https://musee.example/a_b>)"
    citation = replace(cite(make_chunk("Oui.")), date="2021-03-03")
    text = answer_text(Answer("Quand ?", "fr", (citation,)), BUILT, old_before=date(2022, 1, 1))
    assert "-# [1] Le musée — Gazette, 1998 \\(du 3 mars 2021, peut-être dépassé\\)" in text


def test_the_whole_section_stands_under_its_source() -> None:
    citation = replace(cite(make_chunk("Oui.")), section="§ Heures", date="2021")
    answer = Answer("Quand ?", "fr", (citation,), more="## Heures\n\n> [!tip]\n> Oui.\n\n- *un*")
    assert section_text(answer).split("\n") == [
        "-# Le musée, § Heures — Gazette, 1998 \\(de 2021\\)",
        "### Heures",
        "> **Astuce**",
        "> Oui.",
        "",
        "- \\*un\\*",
    ]


def test_a_passage_may_be_in_the_section_around_a_hit() -> None:
    chunk = make_chunk("Une phrase.")
    found = replace(make_hit(make_chunk("Une autre phrase.", ordinal=1)), section=(chunk,))
    assert "> Une phrase." in passages_text(Answer("Quoi ?", "fr", (cite(chunk),), hits=(found,)))


def test_a_passage_that_is_quoted_twice_is_shown_once() -> None:
    chunk = make_chunk("Tapez\u00a0:\n\n```bash\nmake\n```")
    citations = (cite(chunk, 0, 1), cite(chunk, 0, 2))
    shown = passages_text(Answer("Comment ?", "fr", citations, hits=(make_hit(chunk),), generation="7"))
    assert shown.split("\n") == [
        "**[1][2]** Le musée — Gazette, 1998",
        "> Tapez\u00a0:",
        "> ```bash",
        "> make",
        "> ```",
        "-# Index\u00a0: 7",
    ]


def test_what_a_model_wrote_is_shown_as_what_it_is() -> None:
    written = "# Voici\n1. Lancez `a_b` *vite*\u00a0:\n```bash\nsudo apt update\n```\n[1]"
    answer = Answer("Combien ?", "fr", (cite(make_chunk("Deux mois.")),), written=written, confidence=0.9)
    lines = answer_text(answer, BUILT).split("\n")
    assert lines[:6] == [
        "### Voici",
        "1. Lancez `a_b` \\*vite\\*\u00a0:",
        "```bash",
        "sudo apt update",
        "```",
        "\\[1\\]",
    ]


def test_the_passages_hold_quotes_from_around_a_hit() -> None:
    chunk, beside = make_chunk("Deux mois."), make_chunk("Elle est à Lévis.", ordinal=1)
    hit = replace(make_hit(chunk), section=(chunk, beside))
    answer = Answer("Où ?", "fr", (cite(beside),), confidence=0.9, hits=(hit,))
    assert "> Elle est à Lévis." in passages_text(answer)


def test_a_translation_stands_under_its_quote_small_and_marked_as_a_machine_s() -> None:
    citation = marked("L’été dure deux mois.", "deux mois")
    answer = Answer(
        "How long?", "en", (citation,), confidence=0.9, threshold=0.1, translations=("It lasts *two* months.",)
    )
    lines = answer_text(answer, BUILT).split("\n")
    assert lines[1:3] == [
        "> L’été dure **deux mois**. \\[1\\]",
        "-# 🌐 Machine translation \\(the quote is what counts\\): It lasts \\*two\\* months.",
    ]
    assert [*lines[:2], *lines[3:]] == answer_text(replace(answer, translations=()), BUILT).split("\n")


def test_steps_are_translated_as_steps_outside_the_quotation_without_their_code() -> None:
    quote = "1. Installez\u00a0:\n   ```\n   apt install x\n   ```\n2. Lancez `x`."
    first = replace(cite(make_chunk("Une phrase.")), quote=quote)
    second = replace(cite(make_chunk("Une phrase."), marker=2), quote="Une autre.")
    answer = Answer("How?", "en", (first, second), confidence=0.9, threshold=0.1)
    lines = answer_text(replace(answer, translations=("1. Install:\n2. Run `x`.", "Another one.")), BUILT).split("\n")
    at = lines.index("-# 🌐 Machine translation \\(the quote is what counts\\):")
    assert lines[at - 1] == "> 2. Lancez `x`. \\[1\\]"
    assert lines[at + 1 : at + 5] == ["1. Install:", "2. Run `x`.", "", "> Une autre. \\[2\\]"]
    assert "\n".join(lines).count("apt install x") == 1


@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_translation_mentions_nobody(language: Language) -> None:
    citation = marked("L’été dure deux mois.", "deux mois")
    answer = Answer("?", language, (citation,), confidence=0.9, threshold=0.1, translations=("@everyone <@1> **x**",))
    [line] = [line for line in answer_text(answer, BUILT).split("\n") if "🌐" in line]
    assert line.endswith("\\@everyone \\<\\@1> \\*\\*x\\*\\*")
