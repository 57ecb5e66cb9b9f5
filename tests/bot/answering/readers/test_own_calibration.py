import json
import logging
from pathlib import Path
from typing import Any

import pytest

from bot.answering.readers.own_calibration import FILE_NAME, read_own, stamp, with_own, write_own
from bot.answering.readers.shipped import load_similarity_reader
from bot.answering.readers.similarity import SimilarityRanker
from bot.errors import CalibrationError

NAMES = SimilarityRanker.feature_names
RECORD: dict[str, Any] = {
    "data": "120 questions de musée.csv, 2026-05-01",
    "weights": {name: float(n) for n, name in enumerate(NAMES)},
    "bias": -1,
    "thresholds": {"fr": {"fr": 0.2, "en": 0.3}, "en": {"fr": 0.4, "en": 0.5}},
    "figures": {},
    "fingerprint": "f1",
}


def test_what_was_written_is_read(tmp_path: Path) -> None:
    assert write_own(tmp_path, RECORD) == tmp_path / FILE_NAME
    own = read_own(tmp_path, NAMES, "f1")
    assert own is not None
    assert (own.weights, own.bias, own.thresholds, own.data) == (
        RECORD["weights"],
        -1.0,
        RECORD["thresholds"],
        RECORD["data"],
    )
    assert [path.name for path in tmp_path.iterdir()] == [FILE_NAME]


def test_without_a_file_there_is_none(tmp_path: Path) -> None:
    assert read_own(tmp_path, NAMES, "f1") is None
    assert stamp(tmp_path) is None


def test_a_new_file_has_another_stamp(tmp_path: Path) -> None:
    write_own(tmp_path, RECORD)
    first = stamp(tmp_path)
    write_own(tmp_path, RECORD)
    assert None not in (first, stamp(tmp_path))
    assert first != stamp(tmp_path)


def test_a_failure_to_write_leaves_the_old_one(tmp_path: Path) -> None:
    write_own(tmp_path, RECORD)
    with pytest.raises(TypeError):
        write_own(tmp_path, {**RECORD, "figures": object()})  # not even a fault of our own making loses it
    assert read_own(tmp_path, NAMES, "f1") is not None
    with pytest.raises(CalibrationError, match="cannot be written"):
        write_own(tmp_path / "absent", RECORD)


@pytest.mark.parametrize(
    "content",
    [
        "",
        "{",
        "[]",
        "3",
        json.dumps({**RECORD, "weights": {}}),
        json.dumps({**RECORD, "weights": 3}),
        json.dumps({**RECORD, "weights": {**RECORD["weights"], "surplus": 1.0}}),
        json.dumps({**RECORD, "bias": "x"}),
        json.dumps({**RECORD, "bias": float("nan")}),
        json.dumps({**RECORD, "thresholds": {"fr": {"fr": 0.2, "en": 0.3}, "en": 0.5}}),
        json.dumps({name: value for name, value in RECORD.items() if name != "fingerprint"}),
        b"\xff\xfe\x00",
    ],
)
def test_a_damaged_file_is_named_and_the_shipped_calibration_serves(
    content: str | bytes, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / FILE_NAME).write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(CalibrationError, match="babillard calibrate"):
        read_own(tmp_path, NAMES, "f1")
    reader = load_similarity_reader()
    with caplog.at_level(logging.WARNING):
        assert with_own(reader, tmp_path, "f1") is reader
    assert "the calibration that is shipped serves" in caplog.text


def test_one_of_an_index_with_other_settings_does_not_fit(tmp_path: Path) -> None:
    write_own(tmp_path, RECORD)
    with pytest.raises(CalibrationError, match="index with other settings"):
        read_own(tmp_path, NAMES, "f2")


def test_a_reader_takes_one_that_fits(tmp_path: Path) -> None:
    write_own(tmp_path, RECORD)
    reader = load_similarity_reader()
    own = with_own(reader, tmp_path, "f1")
    assert own is not reader
    assert own.calibration.data == RECORD["data"]
    assert reader.calibration.data == load_similarity_reader().calibration.data != ""
