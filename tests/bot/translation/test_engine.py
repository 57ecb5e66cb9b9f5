import shutil
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from bot.errors import TranslationError
from bot.translation import engine as edge
from bot.translation.engine import MAX_TOKENS, MAX_TOKENS_TOGETHER, CTranslate2Engine, plain
from bot.translation.models import PAIRS, Pair
from tests.bot.translation.marian import as_the_model_gets_it, write_json
from tests.bot.translation.sentences import RIGHT

SENTENCE = "Le bureau n’est pas ouvert le lundi."


@pytest.mark.parametrize("pair", PAIRS)
def test_a_model_says_what_it_learned(pair: Pair, models: Path) -> None:
    engine = CTranslate2Engine(models)
    assert engine.pairs == set(PAIRS)
    learned = [as_the_model_gets_it(one) for one in RIGHT if one.pair == pair]
    made = engine.translate([source for source, _ in learned], pair)
    assert made == [translated for _, translated in learned]


def test_a_package_of_argos_is_run_without_the_end_of_a_sentence(models: Path, tmp_path: Path) -> None:
    package = tmp_path / "translate-fr_en-1_9"
    shutil.copytree(models / "fr-en", package / "model")
    shutil.copy(models / "fr-en" / "source.spm", package / "sentencepiece.model")
    write_json(package / "metadata.json", {"from_code": "fr", "to_code": "en"})
    engine = CTranslate2Engine(tmp_path)
    assert len(engine.translate([SENTENCE], ("fr", "en"))) == 1


def test_a_sentence_that_is_too_long_has_no_translation_and_one_beyond_the_bound_no_room(models: Path) -> None:
    engine = CTranslate2Engine(models)
    long, short = "bureau " * MAX_TOKENS, SENTENCE
    many = engine.translate([long, "", *[short] * MAX_TOKENS_TOGETHER], ("fr", "en"))
    assert many[:2] == ["", ""]
    assert many[2] is not None
    assert many[-1] is None


def test_a_sentence_is_given_with_the_signs_that_the_model_was_trained_on() -> None:
    assert plain("L’« été\u00a0»\u202f: “oui”…") == 'L\'"été" : "oui"...'


class Scripted:
    """A model that gives tokens whatever it is asked."""

    def __init__(self, tokens: Sequence[str]) -> None:
        self.hypotheses = [list(tokens)]

    def translate_batch(self, source: list[list[str]], **options: object) -> list["Scripted"]:
        assert options["max_input_length"] == 0
        assert isinstance(options["max_decoding_length"], int)
        assert options["max_decoding_length"] <= 2 * len(source[0]) + 10
        return [self] * len(source)


class Letters:
    """Pieces of one letter."""

    def encode(self, text: str, out_type: type) -> list[str]:
        assert out_type is str
        return list(text)

    def decode(self, pieces: list[str]) -> str:
        return "".join(pieces)


@pytest.mark.parametrize(
    ("tokens", "translated"), [(["O", "K", "</s>"], "OK"), (["O", "K"], ""), (["</s>"], ""), ([], "")]
)
def test_what_comes_to_no_end_is_no_translation(tokens: list[str], translated: str) -> None:
    loaded = edge._Loaded(Scripted(tokens), Letters(), Letters(), ends=True)  # type: ignore[arg-type]
    assert edge._translate(loaded, ["d’accord"]) == [translated]


def test_short_sentences_are_translated_together_and_none_is_begun_too_late(monkeypatch: pytest.MonkeyPatch) -> None:
    batches: list[int] = []

    class Counting(Scripted):
        def translate_batch(self, source: list[list[str]], **options: object) -> list[Scripted]:
            batches.append(len(source))
            return super().translate_batch(source, **options)

    loaded = edge._Loaded(Counting(["O", "K", "</s>"]), Letters(), Letters(), ends=True)  # type: ignore[arg-type]
    sentences = ["x" * 30] * 5 + ["x" * MAX_TOKENS]
    assert edge._translate(loaded, sentences) == ["OK"] * 6
    assert batches == [4, 1, 1]
    monkeypatch.setattr(edge, "MAX_SECONDS", -1)
    assert edge._translate(loaded, sentences) == [None] * 6


def test_threads_take_turns(models: Path) -> None:
    engine = CTranslate2Engine(models)
    alone = {pair: engine.translate([SENTENCE], pair) for pair in engine.pairs}
    pairs = [*engine.pairs] * 4
    with ThreadPoolExecutor(4) as threads:
        made = list(threads.map(lambda pair: engine.translate([SENTENCE], pair), pairs))
    assert made == [alone[pair] for pair in pairs]


def test_a_damaged_model_is_said_with_a_remedy(models: Path, tmp_path: Path) -> None:
    shutil.copytree(models, tmp_path / "models")
    (tmp_path / "models" / "fr-en" / "model.bin").write_bytes(b"damaged")
    engine = CTranslate2Engine(tmp_path / "models")
    with pytest.raises(TranslationError, match=r"fr-en cannot be loaded.*babillard translator get"):
        engine.translate([SENTENCE], ("fr", "en"))
    assert engine.translate([SENTENCE], ("en", "fr"))


def test_without_the_extra_it_is_said_what_to_install(models: Path) -> None:
    script = (
        "import sys; sys.modules['ctranslate2'] = None\n"
        "from pathlib import Path\nfrom bot.translation.engine import CTranslate2Engine\n"
        f"CTranslate2Engine(Path({str(models)!r}))\n"
    )
    root = Path(edge.__file__).parents[2]
    done = subprocess.run([sys.executable, "-c", script], cwd=root, capture_output=True, encoding="utf-8", check=False)
    assert "needs the package ctranslate2: install the extra" in done.stderr
    assert "[translate]" in done.stderr
