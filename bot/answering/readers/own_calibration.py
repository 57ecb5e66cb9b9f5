"""A user's own calibration: fitted on questions about their articles by `babillard calibrate`, kept beside the index.

`INDEX_DIR/calibration.json` also holds the fingerprint of the index: with another embedding model, or chunks of another
size, the scores differ and the weights no longer fit.
"""

import json
import logging
import math
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from bot.answering.readers.confidence import Calibration
from bot.answering.readers.reader import Reader
from bot.errors import CalibrationError
from index.schema import LANGUAGES

log = logging.getLogger(__name__)

FILE_NAME = "calibration.json"
Stamp = tuple[int, int]
AGAIN = "calibrate again with `babillard calibrate`, or remove the file"


def with_own(reader: Reader, index: Path, fingerprint: str) -> Reader:
    """Return the reader with the calibration of an index folder; as it is, with a warning, where that does not fit.

    Args:
        reader: with the calibration that is shipped.
        index: the index folder.
        fingerprint: of the index.
    """
    try:
        own = read_own(index, reader.feature_names, fingerprint)
    except CalibrationError as error:
        log.warning("%s; until then the calibration that is shipped serves", error)
        return reader
    return reader.calibrated(own) if own else reader


def read_own(index: Path, features: Sequence[str], fingerprint: str) -> Calibration | None:
    """Return the calibration in an index folder, or None when there is none.

    Args:
        index: the index folder.
        features: names that the reader extracts.
        fingerprint: of the index.

    Raises:
        CalibrationError: it is damaged, or was fitted on other features or for another index.
    """
    path = index / FILE_NAME
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
        calibration = _calibration(record)
        fitted_for = str(record["fingerprint"])
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise CalibrationError(f"{path} is damaged ({error!r}): {AGAIN}") from error
    if set(calibration.weights) != set(features):
        raise CalibrationError(f"{path} was fitted for another reader: {AGAIN}")
    if fitted_for != fingerprint:
        raise CalibrationError(f"{path} was fitted on an index with other settings: {AGAIN}")
    return calibration


def _calibration(record: Mapping[str, Any]) -> Calibration:
    """Return the calibration in a record.

    Raises:
        KeyError, TypeError, ValueError, AttributeError: a part is missing or is not what it should be.
    """
    weights = {str(name): _finite(weight) for name, weight in record["weights"].items()}
    thresholds = {
        asked: {quoted: _finite(record["thresholds"][asked][quoted]) for quoted in LANGUAGES} for asked in LANGUAGES
    }
    return Calibration(
        weights=weights,
        bias=_finite(record["bias"]),
        thresholds=thresholds,
        data=str(record["data"]),
    )


def _finite(value: object) -> float:
    if not isinstance(value, int | float) or not math.isfinite(value):
        raise ValueError(f"{value!r} is not a finite number")
    return float(value)


def stamp(index: Path) -> Stamp | None:
    """Return a value that differs once the calibration of an index folder is replaced; None when there is none."""
    try:
        found = (index / FILE_NAME).stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_ino


def write_own(index: Path, record: Mapping[str, Any]) -> Path:
    """Replace the calibration of an index folder in one step; if that fails, the old one still serves.

    Raises:
        CalibrationError: the folder cannot be written.
    """
    path = index / FILE_NAME
    aside = index / f"{FILE_NAME}.{os.getpid()}"
    try:
        with aside.open("w", encoding="utf-8") as file:
            json.dump(record, file, ensure_ascii=False, indent=2)
            file.write("\n")
            file.flush()
            os.fsync(file.fileno())
        aside.replace(path)
    except OSError as error:
        aside.unlink(missing_ok=True)
        raise CalibrationError(f"{path} cannot be written ({error.strerror}); what was there still serves") from error
    return path
