import gzip
from pathlib import Path

import numpy as np
import pytest

from index.translation import Lexicon
from tests.processes import REPOSITORY, run_python
from training import lexicon
from training.lexicon import Lines, learn, meet, number, read_pairs, translate

PLACES = [("school", "école"), ("office", "bureau"), ("river", "fleuve"), ("bridge", "pont"), ("king", "roi")]
LINES = [
    f"The {a} and the {b}.\tL’{x} et un «\u00a0{y}\u00a0».\ttatoeba" for a, x in PLACES for b, y in PLACES if a != b
]


def write(path: Path, lines: list[str]) -> Path:
    path.write_bytes(gzip.compress("".join(f"{line}\n" for line in lines).encode()))
    return path


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    return write(tmp_path / "en-fr.tsv.gz", LINES)


def learned(corpus: Path) -> Lexicon:
    return Lexicon(**learn(read_pairs(corpus)))  # type: ignore[arg-type]  # by name, as they are read from the file


@pytest.mark.parametrize(("english", "french"), [("school", "ecol"), ("offic", "bureau"), ("river", "fleuv")])
def test_words_that_translate_each_other_are_found(corpus: Path, english: str, french: str) -> None:
    found = learned(corpus)
    assert found.translations(english, "en").get(french) == 1
    assert found.translations(french, "fr").get(english) == 1


def test_words_that_only_stand_near_are_not(corpus: Path) -> None:
    assert set(learned(corpus).translations("school", "en")) & {"bureau", "fleuv", "pont", "roi"} == set()


def plain_model_1(
    pairs: list[tuple[list[str], list[str]]], nothing: float, rounds: int
) -> dict[tuple[str, str], float]:
    """IBM model 1, P(second | first), word for word; only pairs that meet twice are kept, as `meet` does."""
    met: dict[tuple[str, str], int] = {}
    for firsts, seconds in pairs:
        for first in firsts:
            for second in seconds:
                met[first, second] = met.get((first, second), 0) + 1
    often = [second for _, seconds in pairs for second in seconds]
    known = {pair: 1.0 for pair, count in met.items() if count >= lexicon.MIN_TOGETHER}
    for _ in range(rounds):
        expected = dict.fromkeys(known, 0.0)
        for firsts, seconds in pairs:
            for second in seconds:
                empty = nothing * often.count(second) / len(often)
                total = empty + sum(known.get((first, second), 0.0) for first in firsts)
                for first in firsts:
                    if (first, second) in known:
                        expected[first, second] += known[first, second] / total
        sums: dict[str, float] = {}
        for (first, _), value in expected.items():
            sums[first] = sums.get(first, 0.0) + value
        known = {pair: value / sums[pair[0]] for pair, value in expected.items()}
    return known


def test_probabilities_equal_the_plain_model(corpus: Path) -> None:
    pairs = list(read_pairs(corpus))
    english, french = number([e for e, _ in pairs]), number([f for _, f in pairs])
    cells = meet(english, french)
    forth = translate(cells, cells.pairs[:, 0], cells.pairs[:, 1], cells.french, french.ids)
    kept = [([s for s in e if s in english.terms], [s for s in f if s in french.terms]) for e, f in pairs]
    plain = plain_model_1(kept, lexicon.NOTHING, lexicon.ROUNDS)
    names = [(english.terms[e], french.terms[f]) for e, f in cells.pairs.tolist()]
    assert sorted(names) == sorted(plain)
    np.testing.assert_allclose(forth, [plain[name] for name in names], rtol=1e-9)


def test_stems_meet_within_their_sentence_only() -> None:
    def lines(*sentences: str) -> Lines:
        return number([list(sentence) for sentence in sentences * lexicon.MIN_SENTENCES])

    cells = meet(lines("ab", "c"), lines("x", "yz"))
    assert cells.pairs.tolist() == [[0, 0], [1, 0], [2, 1], [2, 2]]
    assert np.bincount(cells.pair).tolist() == [lexicon.MIN_SENTENCES] * 4


@pytest.mark.parametrize("source", sorted(lexicon.LEFT_OUT))
def test_sources_with_other_licences_are_left_out(tmp_path: Path, source: str) -> None:
    assert list(read_pairs(write(tmp_path / "p.gz", [f"school\técole\t{source}"]))) == []


def test_one_line_of_law_in_five_is_read(tmp_path: Path) -> None:
    law = [f"school number {n}\técole numéro {n}\tcanada_laws" for n in range(25)]
    assert len(list(read_pairs(write(tmp_path / "p.gz", law)))) == 25 // lexicon.ONE_IN


def test_numbers_letters_and_long_sentences_are_left_out(tmp_path: Path) -> None:
    long = " ".join(f"mot{chr(97 + n)}{chr(97 + n)}" for n in range(26))
    lines = ["7 x school\t7 x école\ttatoeba", f"{long}\t{long}\ttatoeba", "the\técole\ttatoeba"]
    assert list(read_pairs(write(tmp_path / "p.gz", lines))) == [(["school"], ["ecol"])]


def test_a_word_that_is_the_same_in_both_languages_takes_no_place(tmp_path: Path) -> None:
    same = [line.replace("king", "radio").replace("roi", "radio") for line in LINES]
    found = learned(write(tmp_path / "p.gz", same))
    assert (found.translations("radio", "en"), found.translations("radio", "fr")) == ({}, {})


def test_the_same_lines_give_the_same_file(corpus: Path, tmp_path: Path) -> None:
    files = []
    for name in ("one.npz", "two.npz"):
        done = run_python("-m", "training.lexicon", str(corpus), "--out", str(tmp_path / name), cwd=REPOSITORY)
        assert (done.returncode, done.stderr) == (0, "")
        files.append((tmp_path / name).read_bytes())
    assert files[0] == files[1]
    assert Lexicon.load(tmp_path / "one.npz").translations("school", "en") == {"ecol": 1}


def test_help_says_what_is_read() -> None:
    done = run_python("-m", "training.lexicon", "--help", cwd=REPOSITORY)
    assert "English, tab, French, tab, source" in done.stdout
