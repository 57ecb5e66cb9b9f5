"""Convert a Marian model of Hugging Face for CTranslate2, at 8 bits; PyTorch is needed for this alone."""

import shutil
import warnings
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

from bot.errors import TranslationError
from bot.translation.engine import CTranslate2Engine, check_installed
from bot.translation.models import Pair, pair_named, pair_of, read_json

NEEDED = ("config.json", "vocab.json", "source.spm", "target.spm")
WEIGHTS = ("model.safetensors", "pytorch_model.bin")


def convert(folder: Path, into: Path) -> Path:
    """Convert a model, and make sure that it translates.

    Args:
        folder: with the files of a Marian model, such as OPUS-MT.
        into: the folder of TRANSLATOR; a model of the same languages in it is replaced.

    Returns:
        The folder of the converted model.

    Raises:
        TranslationError: it is no such model, or cannot be converted, or packages of the extras are missing.
    """
    check_convertible()
    pair = _check(folder)
    name = "-".join(pair)
    made = into / f".{name}.new"
    try:
        shutil.rmtree(made, ignore_errors=True)
        made.parent.mkdir(parents=True, exist_ok=True)
        _convert(folder, made / name)
        CTranslate2Engine(made).translate(["1"], pair)
        shutil.rmtree(into / name, ignore_errors=True)
        (made / name).replace(into / name)
    except OSError as error:
        raise TranslationError(f"{into} cannot be written ({error.strerror}): make room, or choose another") from error
    finally:
        shutil.rmtree(made, ignore_errors=True)
    return into / name


def check_convertible() -> None:
    """Make sure that the packages of the extras `translate` and `models` are there, without loading PyTorch.

    Raises:
        TranslationError: they are not.
    """
    check_installed()
    for package in ("torch", "transformers"):
        if find_spec(package) is None:
            raise TranslationError(
                f"converting needs the package {package}: install the extra with `.venv/bin/pip install -c "
                "constraints.txt -e '.[models]'`, or `pip install 'babillard[models]'`"
            )


def _check(folder: Path) -> Pair:
    """Return the languages of a model."""
    missing: Sequence[str] = [name for name in NEEDED if not (folder / name).is_file()]
    if not any((folder / name).is_file() for name in WEIGHTS):
        missing = [*missing, " or ".join(WEIGHTS)]
    if missing or read_json(folder / "config.json").get("model_type") != "marian":
        why = f"{', '.join(missing)} missing" if missing else "its config.json does not say marian"
        raise TranslationError(f"{folder} is no Marian model ({why}): take one such as Helsinki-NLP/opus-mt-fr-en")
    told = read_json(folder / "tokenizer_config.json")
    pair = pair_of(told.get("source_lang"), told.get("target_lang")) or pair_named(folder.name)
    if pair is None:
        raise TranslationError(
            f"{folder} does not tell its languages: name the folder after them, fr-en or en-fr; Babillard has no others"
        )
    return pair


def _convert(folder: Path, made: Path) -> None:
    try:
        from ctranslate2.converters import TransformersConverter

        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it recommends a package that only prepares what the model is given
            converter = TransformersConverter(str(folder), copy_files=["source.spm", "target.spm"])
            converter.convert(str(made), quantization="int8")
    except Exception as error:  # torch, transformers and the converter have errors of their own
        raise TranslationError(f"{folder} could not be converted ({error}): fetch it again") from error
