"""Find the models in the folder of TRANSLATOR: those that `babillard translator` converts, and the packages of Argos.

fr-en/                      translate-fr_en-1_9/     a package of Argos Translate, unzipped
model.bin, config.json      metadata.json
shared_vocabulary.json      sentencepiece.model
source.spm, target.spm      model/model.bin, config.json, …
"""

import json
import re
from pathlib import Path
from typing import Any, NamedTuple

from bot.errors import TranslationError
from index.schema import Language

Pair = tuple[Language, Language]
"""The language of a text, and the one that it is translated into."""

PAIRS: tuple[Pair, ...] = (("fr", "en"), ("en", "fr"))

_NAMED = re.compile(r"(?:^|[-_])(fr|en)[-_](fr|en)(?=$|[-_.])")
_PACKED = ("metadata.json", "sentencepiece.model")  # of Argos


class Model(NamedTuple):
    """A model of one direction."""

    folder: Path  # that CTranslate2 opens
    source: Path  # pieces of words of the texts
    target: Path  # pieces of words of the translations
    ends: bool  # whether a sentence is given with its end, `</s>`


def find_models(folder: Path) -> dict[Pair, Model]:
    """Return the models in a folder, by the pair of their languages.

    Raises:
        TranslationError: it is no folder, or holds no model between French and English.
    """
    try:
        inside = sorted(path for path in folder.iterdir() if path.is_dir())
    except OSError as error:
        raise TranslationError(
            f"TRANSLATOR={folder} cannot be read ({error.strerror}): `babillard translator get` makes it"
        ) from error
    found: dict[Pair, Model] = {}
    for path in (folder, *inside):
        if (read := _read(path)) is not None:
            found[read[0]] = read[1]
    if not found:
        raise TranslationError(
            f"TRANSLATOR={folder} holds no model between French and English: run `babillard translator get`, or "
            "`babillard translator convert` on a model that you have (docs/translation.md)"
        )
    return found


def pair_of(source: object, target: object) -> Pair | None:
    """Return two languages as a pair; None unless they are French and English."""
    return next((pair for pair in PAIRS if pair == (source, target)), None)


def pair_named(name: str) -> Pair | None:
    """Return the pair that a name such as `fr-en` or `opus-mt-fr-en` tells."""
    named = _NAMED.search(name)
    return pair_of(named[1], named[2]) if named else None


def read_json(file: Path) -> dict[str, Any]:
    """Return the object of a JSON file; an empty one where it cannot be read or is something else."""
    try:
        told = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return told if isinstance(told, dict) else {}


def _read(path: Path) -> tuple[Pair, Model] | None:
    if all((path / name).is_file() for name in _PACKED) and (path / "model" / "model.bin").is_file():
        told = read_json(path / "metadata.json")
        pair = pair_of(told.get("from_code"), told.get("to_code"))
        pieces = path / "sentencepiece.model"
        return (pair, Model(path / "model", pieces, pieces, ends=False)) if pair else None
    if all((path / name).is_file() for name in ("model.bin", "source.spm", "target.spm")):
        pair = pair_named(path.name)
        ends = not read_json(path / "config.json").get("add_source_eos", False)
        return (pair, Model(path, path / "source.spm", path / "target.spm", ends)) if pair else None
    return None
