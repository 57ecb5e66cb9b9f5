import pytest

from index.blocks import Block
from index.loaders.loaded import Fault, Loaded, UnreadableError
from index.loaders.pdf import MAX_PAGES, load
from tests.index.loaders.drawing import BOLD, BROKEN, COURIER, Sheet, column, draw
from tests.index.loaders.files import pdf

ABOUT = "Le musée de Trois-Rivières rouvre samedi après des travaux de dix-huit mois."
MARKET = (
    "Le marché de Kerlann ouvre le mercredi à huit heures sur la place du port. Les pêcheurs y vendent leur prise "
    "du matin et les maraîchers des légumes de saison. Il ferme à midi et demi."
)
POOL = (
    "La piscine de Kerlann accueille les nageurs du mardi au dimanche. Le petit bain est réservé aux enfants de moins "
    "de six ans. Un bonnet est exigé et se loue un euro à la caisse."
)
LIBRARY = (
    "La médiathèque prête cinq livres pendant trois semaines. Les retards coûtent dix centimes par jour et par livre. "
    "Elle est tenue par une douzaine de bénévoles."
)


def load_one(data: bytes) -> Loaded:
    (loaded,) = load(data)
    assert isinstance(loaded, Loaded)
    return loaded


def texts(data: bytes) -> list[str]:
    return [block.text for block in load_one(data).blocks]


def prose(text: str, x: float = 60, y: float = 700, width: int = 34, leading: float = 0) -> Sheet:
    return Sheet().lines(x, y, column(text, width), 10, leading, COURIER)


# ------------------------------------------------------------------------------------------------ lines and paragraphs


def test_french_text_comes_whole() -> None:
    text = "L’œuvre « Où naît l’été » coûte 3,5 M$ (ou 2 €)\\…"
    assert texts(pdf([[text]])) == [text]


def test_each_block_knows_its_page() -> None:
    blocks = load_one(pdf([["Un."], ["Deux."], [], ["Quatre."]])).blocks
    assert [(block.text, block.page) for block in blocks] == [("Un.", 1), ("Deux.", 2), ("Quatre.", 4)]


def test_a_sentence_may_run_over_lines_and_pages() -> None:
    lines = [ABOUT, "Son œuvre la plus connue, qui date de l’an 1998 et que tous"]
    (text,) = texts(pdf([lines, ["admirent, y sera."]]))
    assert text.endswith("que tous admirent, y sera.")


def test_items_and_short_last_lines_end_a_paragraph() -> None:
    lines = ["Horaires", f"{ABOUT} Il ferme", "tous les lundis.", "Le midi, il est plein.", "• Un point", "• Un autre"]
    assert texts(pdf([lines])) == [lines[0], f"{lines[1]} {lines[2]}", lines[3], "Un point", "Un autre"]


def test_a_line_between_blank_lines_is_a_paragraph_of_its_own() -> None:
    lines = [
        "Horaires du guichet de la mairie annexe",
        "Les vignerons sont reçus le matin.",
        "Lieu des réunions de printemps",
    ]
    assert texts(draw(Sheet().lines(60, 700, lines, 11, 24))) == lines


def test_a_text_with_wide_leading_is_joined_all_the_same() -> None:
    assert texts(draw(prose(MARKET, leading=23))) == [MARKET]


def test_a_first_line_that_is_indented_opens_a_paragraph() -> None:
    sheet = Sheet()
    y = 700.0
    for text in (MARKET, POOL):
        first, *others = column(f"    {text}", 34)
        sheet.lines(84, y, [first.strip()], 10, 0, COURIER).lines(60, y - 12, others, 10, 0, COURIER)
        y -= 12 * (len(others) + 1)
    assert texts(draw(sheet)) == [MARKET, POOL]


def test_a_wide_initial_stands_at_the_head_of_its_sentence() -> None:
    first, second, *others = column(MARKET[1:], 34)
    sheet = Sheet().text(60, 688, "L", 30, COURIER).lines(78, 700, [first, second], 10, 0, COURIER)
    sheet.lines(60, 676, others, 10, 0, COURIER)
    (text,) = texts(draw(sheet))
    assert text == MARKET


def test_the_mark_of_a_note_is_no_part_of_a_number() -> None:
    sheet = Sheet().text(60, 700, "Le port date de 1998", 10, COURIER).text(180, 704, "2", 6, COURIER)
    sheet.text(190, 700, "et sert encore.", 10, COURIER)
    assert texts(draw(sheet)) == ["Le port date de 1998² et sert encore."]


def test_notes_do_not_part_a_sentence_that_goes_on_over_the_page() -> None:
    start, end = column(MARKET, 34)[:3], column(MARKET, 34)[3:]
    first = prose(" ".join(start)).text(60, 80, "2. Depuis l’an 1998.", 7, COURIER)
    assert texts(draw(first, prose(" ".join(end)))) == [MARKET, "Depuis l’an 1998."]


def test_turned_pages_are_read_upright() -> None:
    sheet = Sheet(attributes="/Rotate 90")
    for number, line in enumerate(column(MARKET, 34)):
        sheet.draw(f"BT /{COURIER} 10 Tf 0 1 -1 0 {300 + 12 * number} 100 Tm ({line}) Tj ET")
    assert texts(draw(sheet)) == [MARKET]


def test_what_is_written_aside_does_not_part_the_text() -> None:
    sheet = prose(MARKET).draw(f"BT /{BOLD} 40 Tf .7 .7 -.7 .7 80 500 Tm (BROUILLON) Tj ET")
    assert texts(draw(sheet)) == [MARKET, "BROUILLON"]


# -------------------------------------------------------------------------------------------------------------- words


@pytest.mark.parametrize(
    ("above", "below", "whole"),
    [
        ("On y voit l’expo-", "sition permanente.", "On y voit l’exposition permanente."),
        ("Il est ouvert aux équi-", "pages de passage.", "Il est ouvert aux équipages de passage."),
        ("Il est à Trois-", "Rivières.", "Il est à Trois-Rivières."),
        ("Appelez Maud le week-", "end.", "Appelez Maud le week-end."),
        ("Voyez le gardien, c’est-", "à-dire Maud.", "Voyez le gardien, c’est-à-dire Maud."),
        ("Prenez un rendez-", "vous.", "Prenez un rendez-vous."),
        ("On le range au sous-", "sol.", "On le range au sous-sol."),
        ("Il faut s’y sous-", "traire.", "Il faut s’y soustraire."),
        ("Que voulez-", "vous ?", "Que voulez-vous ?"),
        ("It is a well-", "known inn.", "It is a well-known inn."),
        ("It is inter-", "national.", "It is international."),
    ],
)
def test_a_divided_word_is_made_whole_and_a_compound_keeps_its_hyphen(above: str, below: str, whole: str) -> None:
    assert texts(pdf([[above, below]])) == [whole]


def test_how_a_word_is_written_elsewhere_decides_about_its_hyphen() -> None:
    assert (
        texts(pdf([["Le porte-", "bagage est plein.", "", "Un portebagage neuf."]]))[0] == "Le portebagage est plein."
    )
    assert texts(pdf([["Le loup-", "garou dort.", "", "Un loup-garou crie."]]))[0] == "Le loup-garou dort."


@pytest.mark.parametrize(
    ("glyphs", "told"),
    [
        pytest.param("/fi /fl /ffi", (), id="named"),
        pytest.param("/g1 /g2 /g3", ("FB01", "FB02", "FB03"), id="told as ligatures"),
        pytest.param("/g1 /g2 /g3", ("00660069", "0066006C", "006600660069"), id="told as letters"),
    ],
)
def test_ligatures_become_letters(glyphs: str, told: tuple[str, ...]) -> None:
    sheet = Sheet().text(60, 700, b"Il su\x03t d\x92une \x01che ou d\x92un \x02acon.", font=BROKEN)
    assert texts(draw(sheet, glyphs=glyphs, told=told)) == ["Il suffit d’une fiche ou d’un flacon."]


@pytest.mark.parametrize("told", [("0000", "0000", "0000"), ("", "", ""), (), ("E001", "E002", "E003")])
def test_text_with_letters_that_the_font_does_not_tell_is_left_out_and_named(told: tuple[str, ...]) -> None:
    sheet = Sheet().text(60, 700, b"Il su\x03t d\x92une \x01che.", font=BROKEN).text(60, 600, "Elle est verte.")
    loaded, fault = load(draw(Sheet().text(60, 700, "Le bureau ouvre."), sheet, told=told))
    assert isinstance(loaded, Loaded)
    assert [block.text for block in loaded.blocks] == ["Le bureau ouvre.", "Elle est verte."]
    assert isinstance(fault, Fault)
    assert (fault.place, "letters that the font does not tell on page 2" in fault.reason) == (2, True)


def test_a_file_without_a_whole_sentence_is_refused() -> None:
    sheet = Sheet().text(60, 700, b"Il su\x03t d\x92une \x01che.", font=BROKEN)
    with pytest.raises(UnreadableError, match="letters that the font does not tell on page 1"):
        load(draw(sheet, told=("0000", "0000", "0000")))


def test_a_bullet_that_the_font_does_not_tell_is_a_bullet() -> None:
    sheet = Sheet().text(60, 700, b"\x01", font=BROKEN).text(75, 700, "Un sac de son")
    assert load_one(draw(sheet, glyphs="/bullet /g2 /g3", told=("F0B7",))).blocks == (
        Block("item", "Un sac de son", page=1),
    )


ACCENTS = [
    ("La cl)-56(´)388(e)( est gard)-56(´)388(e)(e par )-139(´)472(E)(dith.", "La clé est gardée par Édith."),
    (
        "R)-56(`)388(e)(glement d’)-56(´)388(e)(t)-56(´)388(e)( : il co)-84(ˆ)416(u)(te 7 euros.",
        "Règlement d’été : il coûte 7 euros.",
    ),
]


@pytest.mark.parametrize(("drawn", "text"), ACCENTS)
def test_accents_that_are_signs_of_their_own_go_onto_their_letters(drawn: str, text: str) -> None:
    times = Sheet().draw(f"BT /{BROKEN} 11 Tf 1 0 0 1 60 700 Tm [({drawn})] TJ ET")
    # the widths of Times, which the kerning above was made for
    data = draw(times).replace(b"[" + b" ".join([b"500"] * 256) + b"]", b"[]")
    assert texts(data.replace(b"/FirstChar 0/LastChar 255/Widths[]", b"")) == [text]


# --------------------------------------------------------------------------------------------------- columns and tables


def beside(*columns_: str, x: float = 60, step: float = 240, y: float = 700, shift: float = 0) -> Sheet:
    sheet = Sheet()
    for number, text in enumerate(columns_):
        sheet.lines(x + number * step, y - number * shift, column(text, 34), 10, 0, COURIER)
    return sheet


def row_by_row(*columns_: str) -> Sheet:
    sheet = Sheet()
    wrapped = [column(text, 34) for text in columns_]
    for at in range(max(map(len, wrapped))):
        for number, lines in enumerate(wrapped):
            if at < len(lines):
                sheet.text(60 + number * 240, 700 - 12 * at, lines[at], 10, COURIER)
    return sheet


@pytest.mark.parametrize("shift", [0, 3, 6, 30], ids=lambda shift: f"{shift} lower")
def test_columns_are_read_one_after_the_other(shift: float) -> None:
    assert texts(draw(beside(MARKET, POOL, shift=shift))) == [MARKET, POOL]


def test_columns_that_are_drawn_row_by_row_are_read_one_after_the_other() -> None:
    assert texts(draw(row_by_row(MARKET, POOL))) == [MARKET, POOL]


def test_columns_within_one_string_are_read_one_after_the_other() -> None:
    left, right = column(MARKET, 34), column(POOL, 34)
    sheet = Sheet()
    for at, (a, b) in enumerate(zip(left, right, strict=True)):
        sheet.text(60, 700 - 12 * at, f"{a:<38}{b}", 10, COURIER)
    assert texts(draw(sheet)) == [MARKET, POOL]


def test_a_title_over_columns_comes_first_and_what_is_under_them_last() -> None:
    sheet = beside(MARKET, POOL).text(60, 740, "Bulletin de Kerlann", 18, BOLD)
    sheet.lines(60, 500, column(LIBRARY, 80), 10, 0, COURIER)
    assert texts(draw(sheet)) == ["Bulletin de Kerlann", MARKET, POOL, LIBRARY]


def test_three_columns_are_read_one_after_the_other() -> None:
    sheet = Sheet()
    for number, text in enumerate((MARKET, POOL, LIBRARY)):
        sheet.lines(40 + number * 190, 700, column(text, 34), 8, 0, COURIER)
    assert texts(draw(sheet)) == [MARKET, POOL, LIBRARY]


def test_a_sentence_goes_on_in_the_next_column() -> None:
    lines = column(f"{MARKET} {POOL}", 34)
    sheet = Sheet().lines(60, 700, lines[:6], 10, 0, COURIER).lines(300, 700, lines[6:], 10, 0, COURIER)
    assert texts(draw(sheet)) == [f"{MARKET} {POOL}"]


ROWS = (
    ("Tarif", "Plein", "Réduit"),
    ("Nuit au dortoir", "24 €", "18 €"),
    ("Repas du soir", "19 €", "15 €"),
    ("Douche", "3 €", "2 €"),
)


def test_cells_that_align_are_a_table() -> None:
    sheet = prose(MARKET)
    for at, row in enumerate(ROWS):
        for cell, x in zip(row, (60, 240, 340), strict=True):
            sheet.text(x, 560 - 14 * at, cell)
    sheet.lines(60, 480, column(POOL, 34), 10, 0, COURIER)
    assert load_one(draw(sheet)).blocks == (
        Block("paragraph", MARKET, page=1),
        Block("table", rows=ROWS, page=1),
        Block("paragraph", POOL, page=1),
    )


def test_the_words_of_a_row_stay_together_when_it_may_be_no_table() -> None:
    sheet = Sheet()
    for at, row in enumerate((("Le maire", "La secrétaire"), ("Jean Kerloc", "Maud Quarvey"))):
        for cell, x in zip(row, (60, 300), strict=True):
            sheet.text(x, 560 - 14 * at, cell)
    assert texts(draw(sheet)) == ["Le maire La secrétaire", "Jean Kerloc Maud Quarvey"]


# --------------------------------------------------------------------------------------------- headings, lists, links


def test_larger_lines_are_headings_by_their_size() -> None:
    sheet = Sheet().text(60, 740, "Guide du refuge", 20).text(60, 710, "Les tarifs", 14)
    sheet.lines(60, 690, column(MARKET, 70)).text(60, 640, "Les repas", 14).lines(60, 620, column(POOL, 70))
    assert [(b.kind, b.level, b.text) for b in load_one(draw(sheet)).blocks] == [
        ("heading", 1, "Guide du refuge"),
        ("heading", 2, "Les tarifs"),
        ("paragraph", 0, MARKET),
        ("heading", 2, "Les repas"),
        ("paragraph", 0, POOL),
    ]


def test_a_bold_line_is_a_heading_even_right_over_the_text() -> None:
    sheet = Sheet().text(60, 714, "Les tarifs", 11, BOLD).lines(60, 700, column(MARKET, 70))
    assert [(b.kind, b.text) for b in load_one(draw(sheet)).blocks] == [
        ("heading", "Les tarifs"),
        ("paragraph", MARKET),
    ]


def test_a_heading_of_two_lines_is_one() -> None:
    sheet = Sheet().lines(60, 740, ["Règlement de la salle des fêtes", "et de ses annexes"], 18)
    assert texts(draw(sheet.lines(60, 680, column(MARKET, 70)))) == [
        "Règlement de la salle des fêtes et de ses annexes",
        MARKET,
    ]


def test_bookmarks_tell_headings() -> None:
    sheet = Sheet().text(60, 714, "Les tarifs").lines(60, 700, column(MARKET, 70))
    assert load_one(draw(sheet, outline=[("Les tarifs", 0)])).blocks[0] == Block(
        "heading", "Les tarifs", level=1, page=1
    )


def test_lists_keep_their_items_numbers_and_depth() -> None:
    long = "Rincez la cuve à l’eau tiède sans savon, puis frottez la maie avec du son et"
    sheet = Sheet().lines(60, 700, ["1. Fermez le robinet.", f"2. {long}"], 11, 14)
    sheet.text(73, 672, "une brosse douce.").text(80, 658, "– la vis").text(80, 644, "– le bec").text(
        60, 630, "3) Séchez."
    )
    assert load_one(draw(sheet)).blocks == (
        Block("item", "Fermez le robinet.", ordinal=1, page=1),
        Block("item", f"{long} une brosse douce.", ordinal=2, page=1),
        Block("item", "la vis", depth=1, page=1),
        Block("item", "le bec", depth=1, page=1),
        Block("item", "Séchez.", ordinal=3, page=1),
    )


def test_code_keeps_its_lines() -> None:
    sheet = Sheet().lines(60, 700, [*column(MARKET, 70), "Tapez :"])
    sheet.lines(60, 640, ["sudo apt update", "for f in *; do"], 10, 12, COURIER).text(84, 616, "echo $f", 10, COURIER)
    assert load_one(draw(sheet)).blocks[-1] == Block("code", "sudo apt update\nfor f in *; do\n    echo $f", page=1)


def test_words_that_lead_to_a_page_keep_its_address() -> None:
    sheet = Sheet().text(60, 700, "Pour venir, inscrivez-vous ici avant le 3 mai.", 10, COURIER)
    sheet.link(60 + 12 * 6, 698, 60 + 30 * 6, 710, "https://kerlann.example/fr?a=1")
    assert texts(draw(sheet)) == ["Pour venir, [inscrivez-vous ici](https://kerlann.example/fr?a=1) avant le 3 mai."]


def test_an_address_that_is_written_out_is_not_written_twice() -> None:
    sheet = Sheet().text(60, 700, "Voyez kerlann.example le soir.", 10, COURIER)
    assert texts(draw(sheet.link(96, 698, 186, 710, "https://kerlann.example/"))) == ["Voyez kerlann.example le soir."]


def test_a_link_over_two_lines_is_one() -> None:
    first, second = "Pour venir, consultez les ho-", "raires du bac de Kerlann."
    sheet = Sheet().lines(60, 700, [first, second], 10, 12, COURIER)
    sheet.link(60 + 22 * 6, 698, 60 + 30 * 6, 708, "https://bac.example/").link(
        60, 686, 60 + 13 * 6, 696, "https://bac.example/"
    )
    assert texts(draw(sheet)) == ["Pour venir, consultez [les horaires du bac](https://bac.example/) de Kerlann."]


# -------------------------------------------------------------------------------------------------- what is left out


def test_a_running_head_is_left_out_and_so_are_page_numbers() -> None:
    pages = [[f"Guide 2026 – page {n}", f"Le sujet {name} est là.", f"- {n} -"] for n, name in enumerate("abcde", 1)]
    loaded = load_one(pdf(pages))
    assert [block.text for block in loaded.blocks] == [f"Le sujet {name} est là." for name in "abcde"]
    assert loaded.left_out == {"running lines": 10}


def test_the_head_of_a_short_chapter_is_left_out_by_its_page_number() -> None:
    pages = [[f"Chapitre {n // 2} : la vis {n + 6}", f"Le sujet {name} est là."] for n, name in enumerate("abcdef", 1)]
    assert texts(pdf(pages)) == [f"Le sujet {name} est là." for name in "abcdef"]


def test_a_line_that_comes_twice_is_kept() -> None:
    assert texts(pdf([["Avis", "Un."], ["Avis", "Deux."]])).count("Avis") == 2


def test_a_table_of_contents_is_left_out_and_tells_headings() -> None:
    contents = [
        "Sommaire",
        f"1. Nettoyage {'.' * 40} 2",
        f"2. Réglage de la vis {'. ' * 20} 2",
        f"3. Prix {'.' * 30} 3",
    ]
    pages = [
        ["Manuel du pressoir", *contents],
        ["1. Nettoyage", "Rincez la cuve.", "2. Réglage de la vis", "Tournez la vis."],
        ["3. Prix", "La journée coûte 64 euros."],
    ]
    loaded = load_one(draw(*(Sheet().lines(60, 700, lines, 11, 22) for lines in pages)))
    assert [(block.kind, block.text) for block in loaded.blocks] == [
        ("paragraph", "Manuel du pressoir"),
        ("heading", "1. Nettoyage"),
        ("paragraph", "Rincez la cuve."),
        ("heading", "2. Réglage de la vis"),
        ("paragraph", "Tournez la vis."),
        ("heading", "3. Prix"),
        ("paragraph", "La journée coûte 64 euros."),
    ]
    assert loaded.left_out == {"lines of a table of contents": 4}


def test_a_list_of_prices_is_no_table_of_contents() -> None:
    lines = [f"Café {'.' * 30} 2", f"Soupe {'.' * 30} 7", f"Gratin {'.' * 30} 12"]
    assert texts(pdf([lines])) == ["Café … 2", "Soupe … 7", "Gratin … 12"]


SECRET = "Le code du portail est 4471."


@pytest.mark.parametrize(
    "sheet",
    [
        pytest.param(Sheet().text(60, 600, SECRET, state="1 g"), id="white"),
        pytest.param(Sheet().text(60, 600, SECRET, state="0.99 0.99 0.98 rg"), id="near white"),
        pytest.param(Sheet().text(60, 600, SECRET, state="3 Tr"), id="unseen"),
        pytest.param(Sheet().text(60, 600, SECRET, size=1), id="one point"),
        pytest.param(Sheet().text(60, 600, SECRET).box(50, 590, 300, 30), id="under a box"),
        pytest.param(Sheet().box(50, 590, 300, 30).text(60, 600, SECRET), id="black on black"),
        pytest.param(
            Sheet().draw("q 0 0 612 792 re W n").box(50, 590, 300, 30).text(60, 600, SECRET).draw("Q"), id="clipped"
        ),
    ],
)
def test_hidden_text_is_left_out(sheet: Sheet) -> None:
    loaded = load_one(draw(sheet.text(60, 700, ABOUT)))
    assert ([block.text for block in loaded.blocks], loaded.left_out) == ([ABOUT], {"hidden texts": 1})


def test_text_outside_the_page_is_left_out() -> None:
    sheet = Sheet(attributes="/CropBox[0 100 612 792]").text(60, 700, ABOUT).text(60, 50, SECRET).text(700, 400, SECRET)
    assert load_one(draw(sheet)).left_out == {"texts outside the page": 2}


@pytest.mark.parametrize(
    "sheet",
    [
        pytest.param(Sheet().box(50, 590, 500, 30, 0.2).text(60, 600, ABOUT, state="1 g"), id="white on grey"),
        pytest.param(Sheet().picture(50, 590, 500, 30).text(60, 600, ABOUT, state="1 g"), id="white on a picture"),
        pytest.param(Sheet().text(60, 600, ABOUT, state="0.6 g"), id="grey"),
        pytest.param(Sheet().box(50, 590, 500, 30, 1).text(60, 600, ABOUT), id="black on white"),
        pytest.param(Sheet().picture().text(60, 600, ABOUT, state="3 Tr"), id="letters that OCR wrote under a picture"),
        pytest.param(
            Sheet().draw("q 10 10 20 20 re W n").box(0, 0, 612, 792).draw("Q").text(60, 600, ABOUT), id="a clipped box"
        ),
    ],
)
def test_what_can_be_seen_is_kept(sheet: Sheet) -> None:
    assert texts(draw(sheet)) == [ABOUT]


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


# ------------------------------------------------------------------------------------------------- what cannot be read

WHOLE = pdf([["Texte."]] * 3)


def scans(*stamps: str) -> bytes:
    return draw(*(Sheet().picture().text(200, 20, stamp, 9) for stamp in stamps))


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        pytest.param(pdf([["Secret."]], encrypted=True), "encrypted", id="encrypted"),
        pytest.param(WHOLE[: len(WHOLE) // 3], "damaged", id="truncated"),
        pytest.param(b"", "damaged", id="empty"),
        pytest.param(b"%PDF-1.7\n" + bytes(range(256)) * 20, "damaged", id="junk"),
        pytest.param(b"<html>", "damaged", id="html"),
        pytest.param(pdf([["x"]] * 10_000), "10,000 pages", id="10,000 pages"),
        pytest.param(pdf([[], []]), "OCR", id="blank"),
        pytest.param(draw(Sheet().picture()), "OCR", id="scanned"),
        pytest.param(scans(*(f"Numérisé avec ScanFeuille — page {n}" for n in (1, 2, 3))), "OCR", id="stamped"),
        pytest.param(scans("Copie de travail", "Copie de travail"), "OCR", id="the same on each page"),
        pytest.param(scans("Scanned with CamScanner"), "OCR", id="one page"),
        pytest.param(scans("Page 1 sur 2", "Page 2 sur 2"), "OCR", id="page numbers"),
    ],
)
def test_what_cannot_be_read_says_why(data: bytes, reason: str) -> None:
    with pytest.raises(UnreadableError, match=reason):
        load(data)


def test_the_most_pages_are_read() -> None:
    assert len(load_one(pdf([["Un mot."]] * MAX_PAGES)).blocks) == MAX_PAGES


def test_a_damaged_page_is_named_and_the_others_read() -> None:
    data = pdf([["Un."], ["Deux."], ["Trois."]]).replace(b"6 0 obj\n<</Type/Page", b"6 0 obj\n<</Type/Pxxx")
    loaded, fault = load(data)
    assert isinstance(loaded, Loaded)
    assert ([block.text for block in loaded.blocks], fault) == (["Un.", "Trois."], Fault(2, "page 2 is damaged"))


def test_pages_that_are_pictures_are_named() -> None:
    text = Sheet().text(60, 700, ABOUT)
    loaded, first, second = load(
        draw(text, Sheet().picture(), text, Sheet().picture(), Sheet().picture().text(9, 9, "Page 5"))
    )
    assert isinstance(loaded, Loaded)
    assert [fault.place for fault in (first, second) if isinstance(fault, Fault)] == [2, 4]
    assert "page 2 holds no text" in str(first)
    assert "pages 4 to 5 hold no text" in str(second)


def test_a_blank_page_is_not_named() -> None:
    assert len(load(draw(Sheet().text(60, 700, ABOUT), Sheet()))) == 1


def test_a_long_file_is_read_in_time_and_its_end_line_by_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.loaders.pdf.MAX_PLACED", 1)
    first, second = column(MARKET, 34), column(POOL, 34)
    assert texts(draw(*(Sheet().lines(60, 700, lines, 10, 0, COURIER) for lines in (first, second)))) == [MARKET, POOL]
