"""Look into the folder of the articles, and put the example articles where there are none."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from index.ingestion import count_formats, seed_files

EXAMPLES = Path(__file__).parent / "articles"
"""One article in each language, written for this: their headings are questions, so that there is something to ask."""


@dataclass(frozen=True, slots=True)
class Found:
    """What is in a folder: articles, nothing (it can be missing), only other files; or it cannot be looked into."""

    state: Literal["holds", "missing", "empty", "unread", "file", "closed"]
    formats: Mapping[str, int] = field(default_factory=dict)  # suffix -> number of files that will be read
    reason: str = ""  # of the system, where it is closed

    @property
    def takes_examples(self) -> bool:
        """Whether the example articles would be alone there."""
        return self.state in ("missing", "empty")


def look_into(folder: Path, max_mb: int) -> Found:
    """Count the files that a build would read.

    Args:
        folder: of the articles.
        max_mb: size of the largest file that is read, in megabytes.
    """
    try:
        if not folder.exists():
            return Found("missing")
        if not folder.is_dir():
            return Found("file")
        is_empty = all(path.name.startswith(".") for path in folder.iterdir())
        formats = count_formats(str(path) for path in seed_files(folder, max_mb))
    except OSError as error:
        return Found("closed", reason=error.strerror or str(error))
    return Found("holds", formats) if formats else Found("empty" if is_empty else "unread")


def put_examples(folder: Path) -> list[Path]:
    """Copy the example articles into a folder, made where it is missing; a file that is there already stays.

    Raises:
        OSError: one cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    put = []
    for example in sorted(EXAMPLES.glob("*.md")):
        copy = folder / example.name
        if not copy.exists():
            copy.write_bytes(example.read_bytes())
            put.append(copy)
    return put
