import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.sentences import MAX_SENTENCE, split_sentences


def sentences(text: str) -> list[str]:
    return [text[span.start : span.end] for span in split_sentences(text)]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("C’est de Montecito que M. Sarandos a répondu.", id="fr-M."),
        pytest.param("Le siège est dans une capitale, p. ex. Rome ou Amsterdam.", id="fr-p. ex."),
        pytest.param("Le studio ouvre à 10 h 30 le lundi.", id="fr-10 h 30"),
        pytest.param("Selon l’art. 5 de la loi, c’est permis.", id="fr-art."),
        pytest.param("La cité, fondée en 43 av. J.-C. à Lugdunum, est l’actuelle Lyon.", id="fr-J.-C."),
        pytest.param("La productrice, Mme. Roy, tourne à Québec.", id="fr-Mme."),
        pytest.param("Le film a coûté 3,5 M$ à la société.", id="fr-M$"),
        pytest.param("La population est de 3.5 millions.", id="fr-decimal"),
        pytest.param("Voir www.example.com pour la suite.", id="fr-address"),
        pytest.param("Voir la fig. 3 et le chap. IV.", id="fr-fig."),
        pytest.param("L’œuvre de J. R. R. Tolkien est longue.", id="fr-initials"),
        pytest.param("Attendez… je n’ai pas fini.", id="fr-ellipsis"),
        pytest.param("«\u00a0Quoi\u202f?\u00a0» demanda-t-il.", id="fr-quote then verb"),
        pytest.param("The U.S. Senate voted on it.", id="en-U.S."),
        pytest.param("Mr. Sarandos met Dr. Lee and Mrs. Roy.", id="en-Mr."),
        pytest.param("J. K. Rowling wrote it.", id="en-initials"),
        pytest.param("See p. 12 and vol. 3 of the report.", id="en-p."),
        pytest.param("It opens at 9 a.m. on weekdays.", id="en-a.m."),
        pytest.param("Some cities, e.g. Rome, have one.", id="en-e.g."),
        pytest.param("“Yes!” he said.", id="en-quote then verb"),
    ],
)
def test_a_mark_inside_a_sentence_does_not_end_it(text: str) -> None:
    assert sentences(text) == [text]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("Il vaut 3,5 M$. Netflix paie.", ["Il vaut 3,5 M$.", "Netflix paie."], id="fr-after M$"),
        pytest.param("Où ? Là-bas. Élan !", ["Où ?", "Là-bas.", "Élan !"], id="fr-accented capital"),
        pytest.param("Combien\u202f? Sept.", ["Combien\u202f?", "Sept."], id="fr-narrow space before mark"),
        pytest.param("C’est fini.\u00a0Œuvrons.", ["C’est fini.", "Œuvrons."], id="fr-no-break space, ligature"),
        pytest.param("« Oui. Nous irons. » Il part.", ["« Oui.", "Nous irons. »", "Il part."], id="fr-guillemets"),
        pytest.param(
            "«\u00a0Oui. Nous irons.\u00a0» Il part.",
            ["«\u00a0Oui.", "Nous irons.\u00a0»", "Il part."],
            id="fr-guillemets and no-break spaces",
        ),
        pytest.param("Des films, etc. Le reste suit.", ["Des films, etc.", "Le reste suit."], id="fr-etc."),
        pytest.param("(Il part.) Elle reste.", ["(Il part.)", "Elle reste."], id="fr-parenthesis"),
        pytest.param('He said "Yes." Then he left.', ['He said "Yes."', "Then he left."], id="en-straight quote"),
        pytest.param("He said “Yes.” Then he left.", ["He said “Yes.”", "Then he left."], id="en-curly quote"),
        pytest.param("He lives in the U.S. The end.", ["He lives in the U.S.", "The end."], id="en-U.S. at the end"),
        pytest.param("It rose to 3.5. That is all.", ["It rose to 3.5.", "That is all."], id="en-decimal at the end"),
        pytest.param("Really?! Yes.", ["Really?!", "Yes."], id="en-two marks"),
    ],
)
def test_a_sentence_ends_at_its_mark_and_keeps_its_closing_quotes(text: str, expected: list[str]) -> None:
    assert sentences(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("- un bureau\n- deux studios", ["- un bureau", "- deux studios"], id="list items"),
        pytest.param("1. Premier\n2. Deuxième", ["1. Premier", "2. Deuxième"], id="numbered items"),
        pytest.param("# Le titre\nLe texte.", ["# Le titre", "Le texte."], id="heading"),
        pytest.param("Le texte\n## Le titre", ["Le texte", "## Le titre"], id="heading after text"),
        pytest.param("| a | b |\n| c | d |", ["| a | b |", "| c | d |"], id="table rows"),
        pytest.param("Un titre\n\nun texte", ["Un titre", "un texte"], id="blank line"),
        pytest.param("Un titre\n \t\nun texte", ["Un titre", "un texte"], id="blank line with spaces"),
    ],
)
def test_a_border_of_the_layout_ends_a_sentence(text: str, expected: list[str]) -> None:
    assert sentences(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("Une phrase\nsur deux lignes.", id="fr"),
        pytest.param("A sentence\non two\nor three lines.", id="en"),
    ],
)
def test_a_line_break_inside_running_text_does_not_end_a_sentence(text: str) -> None:
    assert sentences(text) == [text]


@pytest.mark.parametrize("text", ["", " ", "\n\n", "\u00a0\u202f\t"], ids=ascii)
def test_a_text_of_spaces_holds_no_sentence(text: str) -> None:
    assert split_sentences(text) == []


@pytest.mark.parametrize("clause", ["le bureau, au pays", "the office; there"], ids=["fr", "en"])
def test_a_long_run_is_cut_between_words(clause: str) -> None:
    text = " ".join([clause] * 100)
    assert " ".join(sentences(text)) == text


PIECES = st.sampled_from(
    [
        *" \n\t\r\u00a0\u202f.!?…«»“”\"'’()[]#-|1",
        *("\n\n", "M.", "p. ex.", "J.-C.", "etc.", "U.S.", "# ", "- ", "1. ", "| a | b |\n"),
        *("Où est l’œuvre", "un mot", "The end", "été" * 90, "long " * 150),
    ]
)
TEXTS = st.lists(PIECES, max_size=40).map("".join) | st.text(max_size=300)


@given(TEXTS)
def test_every_character_that_is_not_space_lies_in_exactly_one_sentence(text: str) -> None:
    covered = [at for span in split_sentences(text) for at in range(span.start, span.end) if not text[at].isspace()]
    assert covered == [at for at, character in enumerate(text) if not character.isspace()]


@given(TEXTS)
def test_sentences_are_ordered_bounded_and_without_outer_space(text: str) -> None:
    end = 0
    for span in split_sentences(text):
        piece = text[span.start : span.end]
        assert end <= span.start
        assert 0 < len(piece) <= MAX_SENTENCE
        assert piece == piece.strip()
        end = span.end


@pytest.mark.parametrize(
    "unit",
    [
        *("a. ", "« ", "((((", "1. ", "'", " ", "\n", "\t\n", "a", "a\n", "M. ", ".", ". »", "».", "# ", "#\n", "|\n"),
        *("| ", "- ", "J.-", "é", "\u00a0", "a\u202f", "”", "?!", "\r"),
    ],
    ids=ascii,
)
def test_a_hostile_text_takes_no_more_than_linear_time(unit: str) -> None:
    text = (unit * 200_000)[:200_000]
    began = time.thread_time()  # of this core's work: other programs do not count
    split_sentences(f"a{text}b")
    assert time.thread_time() - began < 5  # most take 0.2 s; quadratic time would be minutes


@pytest.mark.parametrize(
    "text",
    [
        "La firme Bolduc Inc. (« BOLD ») fournit les chaises.",
        "Le spectacle « Ça alors ! Encore vous ? » est joué par la troupe.",
        "Rendez-vous à 18 h. 30 devant la porte.",
    ],
)
def test_what_only_looks_like_an_end_is_none(text: str) -> None:
    assert [text[s.start : s.end] for s in split_sentences(text)] == [text]


def test_sentences_of_a_quotation_that_ends_a_sentence_are_parted() -> None:
    text = "Il dit : « Je viens. Attendez-moi ! » Puis il part."
    assert len(split_sentences(text)) == 3


@pytest.mark.parametrize("text", ["J.-C. Martin habite ici.", "Voir la réf. 12 du dossier."])
def test_initials_that_open_a_sentence_and_numbers_of_references_end_none(text: str) -> None:
    assert split_sentences(text) == [(0, len(text))]
