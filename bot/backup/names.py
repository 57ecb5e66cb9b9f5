"""The names in an archive: where each file is from, and which names none may have.

manifest.json                  what is in the archive
settings.env                   settings that differ from their defaults, none of them secret
data/journal.sqlite3 …         the files of DATA_DIR
data/learned/@pages/…          what was fetched and given; @NUMBER of one server
index/calibration.json         the calibration of one's own
seeds/…                        the glossaries; the articles where that is asked for
"""

import re
from pathlib import PurePosixPath

from bot.answering.readers.own_calibration import FILE_NAME as CALIBRATION
from bot.backup.databases import KINDS
from bot.journal.journal import FILE_NAME as JOURNAL_FILE
from index.fetched import LEARNED, RECORD
from index.ingestion import PART
from index.loaders.formats import SUFFIXES

MANIFEST = "manifest.json"
SETTINGS = "settings.env"
DATA, INDEX, SEEDS = "data", "index", "seeds"

SECRET = f"{JOURNAL_FILE}.key"
PRIVATE = frozenset((SECRET, *(kind.file for kind in KINDS)))
"""Files of the data folder that only their owner may read."""

_SINGLE = frozenset((SETTINGS, f"{INDEX}/{CALIBRATION}", *(f"{DATA}/{file}" for file in PRIVATE)))
_LAYER = f"{DATA}/{LEARNED}/{PART}"

MAX_NAME = 1_000  # characters; what is fetched is kept under 200, and Windows opens 260

MAX_PART = 255  # bytes between two slashes: the limit of ext4 and XFS

_CONTROL = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")  # the last are what Python makes of bytes that are not UTF-8


def is_allowed(name: str) -> bool:
    """Whether a file of this name belongs into an archive, and would be restored below its folder."""
    if name in _SINGLE:
        return True
    if name.startswith(f"{SEEDS}/"):
        return _is_safe(name) and PurePosixPath(name).suffix.lower() in SUFFIXES
    return name.startswith(_LAYER) and _is_safe(name.removesuffix(f"/{RECORD}"))


def is_page(name: str) -> bool:
    """Whether a member was fetched or given: it stands in the folder of its host, or of what was given."""
    return name.startswith(_LAYER) and name.count("/") > 3


def _is_safe(name: str) -> bool:
    """Whether a name leads down alone: no part of it is empty, hidden or goes up, and each can be written."""
    if len(name) > MAX_NAME or "\\" in name or _CONTROL.search(name):
        return False
    return all(part.strip() and part[0] != "." and len(part.encode()) <= MAX_PART for part in name.split("/"))
