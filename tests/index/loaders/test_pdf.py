import pytest

from index.loaders.loaded import Fault, Loaded, UnreadableError
from index.loaders.pdf import MAX_PAGES, load
from tests.index.loaders.files import pdf

ABOUT = "Le musée de Trois-Rivières rouvre samedi après des travaux de dix-huit mois."


def load_one(data: bytes) -> Loaded:
    (loaded,) = load(data)
    assert isinstance(loaded, Loaded)
    return loaded


def test_french_text_comes_whole() -> None:
    text = "L’œuvre « Où naît l’été » coûte 3,5 M$ (ou 2 €)\\…"
    assert load_one(pdf([[text]])).text == text


def test_each_page_is_a_section() -> None:
    loaded = load_one(pdf([["Un."], ["Deux."], [], ["Quatre."]]))
    assert [(s.label, loaded.text[s.start :].split()[0]) for s in loaded.sections] == [
        ("page 1", "Un."),
        ("page 2", "Deux."),
        ("page 4", "Quatre."),
    ]


def test_a_sentence_may_run_over_lines_and_pages() -> None:
    loaded = load_one(
        pdf([[ABOUT, "Son œuvre la plus connue, qui date de l’an 1998 et que tous"], ["admirent, y sera."]])
    )
    assert " ".join(loaded.text.split()).endswith("que tous admirent, y sera.")
    assert "\n\n" not in loaded.text


def test_a_divided_word_is_made_whole() -> None:
    assert "l’exposition permanente" in load_one(pdf([[ABOUT, "On y voit l’expo-", "sition permanente."]])).text


def test_a_name_keeps_its_hyphen_at_the_end_of_a_line() -> None:
    assert "Trois-Rivières" in load_one(pdf([[ABOUT, "Il est à Trois-", "Rivières."]])).text.split("Il est")[1]


def test_headings_items_and_short_last_lines_end_a_paragraph() -> None:
    lines = [
        "Horaires",
        f"{ABOUT} Il ferme",
        "tous les lundis.",
        "Le midi, il est plein.",
        "• Un point",
        "• Un autre point",
    ]
    assert load_one(pdf([lines])).text.split("\n\n") == [lines[0], "\n".join(lines[1:3]), *lines[3:]]


def test_a_running_head_is_left_out_and_so_are_page_numbers() -> None:
    pages = [
        ["Guide 2026 – page " + str(n), f"Le sujet {name} est là.", f"- {n} -"] for n, name in enumerate("abcde", 1)
    ]
    assert load_one(pdf(pages)).text.split("\n\n") == [f"Le sujet {name} est là." for name in "abcde"]


def test_a_line_that_comes_twice_is_kept() -> None:
    assert load_one(pdf([["Avis", "Un."], ["Avis", "Deux."]])).text.count("Avis") == 2


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Le musée d’été", "Le musée d’été"),
        ("Microsoft Word - rapport", None),
        ("rapport final.docx", None),
        ("Untitled", None),
        ("", None),
    ],
)
def test_a_title_is_believed_unless_a_program_made_it_up(title: str, expected: str | None) -> None:
    assert load_one(pdf([["Texte."]], title)).title == expected


WHOLE = pdf([["Texte."]] * 3)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        pytest.param(pdf([["Secret."]], encrypted=True), "encrypted", id="encrypted"),
        pytest.param(WHOLE[: len(WHOLE) // 3], "damaged", id="truncated"),
        pytest.param(b"", "damaged", id="empty"),
        pytest.param(b"%PDF-1.7\n" + bytes(range(256)) * 20, "damaged", id="junk"),
        pytest.param(b"<html>", "damaged", id="html"),
        pytest.param(pdf([["x"]] * 10_000), "10,000 pages", id="10,000 pages"),
        pytest.param(pdf([[], []]), "OCR", id="scanned"),
    ],
)
def test_what_cannot_be_read_says_why(data: bytes, reason: str) -> None:
    with pytest.raises(UnreadableError, match=reason):
        load(data)


def test_the_most_pages_are_read() -> None:
    assert len(load_one(pdf([["Un mot."]] * MAX_PAGES)).sections) == MAX_PAGES


def test_a_damaged_page_is_named_and_the_others_read() -> None:
    data = pdf([["Un."], ["Deux."], ["Trois."]]).replace(b"6 0 obj\n<</Type/Page", b"6 0 obj\n<</Type/Pxxx")
    loaded, fault = load(data)
    assert isinstance(loaded, Loaded)
    assert (loaded.text, fault) == ("Un.\n\nTrois.", Fault(2, "page 2 is damaged"))
