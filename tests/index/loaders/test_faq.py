import json

import pytest

from index.loaders.faq import MAX_FAULTS, load_csv, load_jsonl
from index.loaders.loaded import Fault, Loaded, UnreadableError

HOURS = Loaded("À neuf heures.", title="Quand ouvrez-vous ?", line=2)


def csv(*lines: str) -> bytes:
    return "\n".join(lines).encode()


def test_each_row_is_a_text_whose_title_is_the_question() -> None:
    assert load_csv(csv("question,answer", "Quand ouvrez-vous\u202f?,À neuf heures.", "Where?,In Lévis.")) == [
        HOURS,
        Loaded("In Lévis.", title="Where?", line=3),
    ]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize(
    "header", ["question{}réponse", "Question{}REPONSE", " QUESTION {}Réponse ", '"question"{}"answer"']
)
def test_the_header_may_be_french_and_of_any_delimiter(header: str, delimiter: str) -> None:
    rows = csv(header.format(delimiter), f"Quand ouvrez-vous\u202f?{delimiter}À neuf heures.")
    assert load_csv(rows) == [HOURS]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
def test_a_table_of_a_spreadsheet_is_read(encoding: str) -> None:
    rows = "question;réponse\r\nOù\u00a0?;À l’Île-d’Orléans, 3 œufs.\r\n"
    assert load_csv(rows.encode(encoding)) == [Loaded("À l’Île-d’Orléans, 3 œufs.", title="Où ?", line=2)]


def test_other_columns_say_what_they_say() -> None:
    rows = csv("id,titre,langue,source,answer,question", "7,Le bac,fr,https://a.b,À midi.,Quand ?")
    assert load_csv(rows) == [Loaded("À midi.", "Le bac — Quand ?", "fr", "https://a.b", line=2)]


def test_a_row_over_several_lines_has_the_number_of_its_first() -> None:
    rows = csv("question,answer", '"Quoi ?","Un.', "", 'Deux, dit ""Anne""."', "Où ?,Là.")
    assert load_csv(rows) == [
        Loaded('Un.\n\nDeux, dit "Anne".', title="Quoi ?", line=2),
        Loaded("Là.", title="Où ?", line=5),
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
        Loaded("Là.", title="Où ?", line=4),
        Fault(3, reason),
    ]


def test_blank_rows_and_cells_past_the_header_are_no_fault() -> None:
    assert load_csv(csv("question,answer", ",", "Où ?,Là.,,")) == [Loaded("Là.", title="Où ?", line=3)]


@pytest.mark.parametrize("rows", ["", "nom,âge\nAnne,7", "question,reply\na,b", "x", '"'])
def test_a_table_of_something_else_is_refused(rows: str) -> None:
    with pytest.raises(UnreadableError, match="columns named question and answer"):
        load_csv(rows.encode())


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
        Loaded("À neuf heures.", title="Quand ouvrez-vous ?", line=1),
        Loaded("R.", title="Q?", language="en", line=3),
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
    assert load_jsonl(f"{line}\n{good}".encode()) == [Loaded("Là.", title="Où ?", line=2), Fault(1, reason)]
