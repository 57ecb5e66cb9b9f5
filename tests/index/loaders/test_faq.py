import json
from dataclasses import replace

import pytest

from index.blocks import Block
from index.loaders.faq import load_csv, load_jsonl
from index.loaders.loaded import Fault, Item, Loaded, UnreadableError
from index.loaders.pairs import MAX_FAULTS


def pair(question: str, answer: str, line: int, **rest: str) -> Loaded:
    """Return a pair whose answer is one paragraph."""
    return Loaded((Block("paragraph", answer),), question, line=line, is_pair=True, **rest)  # type: ignore[arg-type]


HOURS = pair("Quand ouvrez-vous ?", "À neuf heures.", 2)


def csv(*lines: str) -> bytes:
    return "\n".join(lines).encode()


def test_each_row_is_a_text_whose_title_is_the_question() -> None:
    assert load_csv(csv("question,answer", "Quand ouvrez-vous\u202f?,À neuf heures.", "Where?,In Lévis.")) == [
        HOURS,
        pair("Where?", "In Lévis.", 3),
    ]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize(
    "header",
    [
        *(
            "question{}réponse",
            "Question{}REPONSE",
            " QUESTION {}Réponse ",
            '"question"{}"answer"',
            "Questions{}Réponses",
        ),
        *("Question(s){}Réponse(s)", "Questions :{}Answers", "question{}reponse*"),
    ],
)
def test_the_header_may_be_french_and_of_any_delimiter(header: str, delimiter: str) -> None:
    rows = csv(header.format(delimiter), f"Quand ouvrez-vous\u202f?{delimiter}À neuf heures.")
    assert load_csv(rows) == [HOURS]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
def test_a_table_of_a_spreadsheet_is_read(encoding: str) -> None:
    rows = "question;réponse\r\nOù\u00a0?;À l’Île-d’Orléans, 3 œufs.\r\n"
    assert load_csv(rows.encode(encoding)) == [pair("Où ?", "À l’Île-d’Orléans, 3 œufs.", 2)]


def test_other_columns_say_what_they_say() -> None:
    rows = csv("id,titre,langue,Lien,answer,question", "7,Le bac,fr,https://a.b,À midi.,Quand ?")
    expected = pair("Le bac — Quand ?", "À midi.", 2, language="fr", source="https://a.b")
    assert load_csv(rows) == [replace(expected, left_out={"columns beside question and answer": 1})]


def test_a_row_over_several_lines_has_the_number_of_its_first() -> None:
    rows = csv("question,answer", '"Quoi ?","Un.', "", 'Deux, dit ""Anne""."', "Où ?,Là.")
    assert load_csv(rows) == [
        Loaded((Block("paragraph", "Un."), Block("paragraph", 'Deux, dit "Anne".')), "Quoi ?", line=2, is_pair=True),
        pair("Où ?", "Là.", 5),
    ]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("Quand ?,", "has no answer"),
        ("Quand ?", "has no answer"),
        (",À midi.", "has no question"),
        ("?!,À midi.", "has no question"),
        ("Quand ?,À midi, tous les jours.", "has 3 cells under 2 names: put the text in quotes"),
        ("x" * 301 + ",y", "has a question of more than 300 characters"),
        ("Quand ?," + "x" * 200_000, "is not CSV (field larger than field limit (131072))"),
    ],
)
def test_a_bad_row_is_named_and_the_rest_read(row: str, reason: str) -> None:
    assert load_csv(csv("question,answer", "", row, "Où ?,Là.")) == [
        pair("Où ?", "Là.", 4),
        Fault(3, reason),
    ]


def test_blank_rows_and_cells_past_the_header_are_no_fault() -> None:
    assert load_csv(csv("question,answer", ",", "Où ?,Là.,,")) == [pair("Où ?", "Là.", 3)]


@pytest.mark.parametrize("rows", ["", "x", '"', "un\ndeux"])
def test_what_is_no_table_is_refused(rows: str) -> None:
    with pytest.raises(UnreadableError, match="holds no table"):
        load_csv(rows.encode())


@pytest.mark.parametrize(
    "rows", ["nom;âge\nAnne;7 ans, ou 8\nPaul;9, ou 10", "sep=;\nnom;âge\nAnne;7 ans, ou 8\nPaul;9, ou 10"]
)
def test_a_table_without_questions_and_answers_is_a_table(rows: str) -> None:
    table = Block("table", rows=(("nom", "âge"), ("Anne", "7 ans, ou 8"), ("Paul", "9, ou 10")))
    assert load_csv(rows.encode()) == [Loaded((table,))]


def test_lines_above_a_table_are_paragraphs() -> None:
    blocks = (Block("paragraph", "Membres en 2025"), Block("table", rows=(("nom", "âge"), ("Anne", "7"))))
    assert load_csv(csv("Membres en 2025;", ";", "nom;âge", "Anne;7")) == [Loaded(blocks)]


def answer(text: str) -> list[tuple[str, str]]:
    items: list[Item] = load_csv(csv("question,answer", '"Quoi ?","' + text.replace('"', '""') + '"'))
    (item,) = items
    assert isinstance(item, Loaded)
    return [(block.kind, block.text) for block in item.blocks]


@pytest.mark.parametrize(
    ("text", "blocks"),
    [
        ("Lundi : 9 h\nMardi : 10 h", [("paragraph", "Lundi : 9 h\nMardi : 10 h")]),
        (
            "Apportez :\n- un vélo\n- un casque",
            [("paragraph", "Apportez :"), ("item", "un vélo"), ("item", "un casque")],
        ),
        ("• un vélo\n• un casque", [("item", "un vélo"), ("item", "un casque")]),
        (
            "Tapez `make`, voir [ici](https://a.example).",
            [("paragraph", "Tapez `make`, voir [ici](https://a.example).")],
        ),
        ("Tapez :\n```\nmake\n  test\n```", [("paragraph", "Tapez :"), ("code", "make\n  test")]),
        ("**Oui**, et c'est\ngratuit.", [("paragraph", "Oui, et c'est\ngratuit.")]),
        ("<p>Oui.</p><ul><li>un</li><li>deux</li></ul>", [("paragraph", "Oui."), ("item", "un"), ("item", "deux")]),
        ("- 3 °C la nuit.", [("item", "3 °C la nuit.")]),
        ("5 * 3 = 15, snake_case", [("paragraph", "5 * 3 = 15, snake_case")]),
    ],
)
def test_an_answer_may_hold_lists_code_and_links(text: str, blocks: list[tuple[str, str]]) -> None:
    assert answer(text) == blocks


def test_a_table_without_a_good_row_says_what_is_wrong_with_the_first() -> None:
    with pytest.raises(UnreadableError, match="holds no pair: line 2 has no answer"):
        load_csv(b"question,answer\na,\nb,\n")


def test_a_header_alone_holds_no_pair() -> None:
    with pytest.raises(UnreadableError, match=r"holds no pair$"):
        load_csv(b"question,answer\n")


def test_many_bad_rows_are_counted() -> None:
    items = load_csv(csv("question,answer", "Où ?,Là.", *["Quand ?,"] * (MAX_FAULTS + 5)))
    assert len(items) == 1 + MAX_FAULTS
    assert items[-1] == Fault(MAX_FAULTS + 2, "has no answer, and 5 more lines cannot be read")


def test_each_json_line_is_a_text() -> None:
    lines = [
        {"question": "Quand ouvrez-vous\u202f?", "réponse": "À neuf heures."},
        {"question": "Q?", "answer": "R.", "language": "en"},
    ]
    assert load_jsonl("\n\n".join(json.dumps(line) for line in lines).encode()) == [
        pair("Quand ouvrez-vous ?", "À neuf heures.", 1),
        pair("Q?", "R.", 3, language="en"),
    ]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ('{"question": "Q", "answer": "R"', "is not JSON"),
        ("[" * 100_000, "is not JSON"),
        ('["Q", "R"]', "is not a JSON object"),
        ("null", "is not a JSON object"),
        ('{"question": "Q"}', "has no answer"),
        ('{"question": "Q", "answer": 7}', "has no answer"),
        ('{"question": ["Q"], "answer": "R"}', "has no question"),
    ],
)
def test_a_bad_json_line_is_named_and_the_rest_read(line: str, reason: str) -> None:
    good = '{"question": "Où ?", "answer": "Là."}'
    assert load_jsonl(f"{line}\n{good}".encode()) == [pair("Où ?", "Là.", 2), Fault(1, reason)]
