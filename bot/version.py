"""Say which Babillard this is, without loading anything of it."""

from importlib.metadata import PackageNotFoundError, version

from index.model.packed import PACKED_MODEL, PACKED_REVISION, packed_file
from index.schema import FORMAT


def program_version() -> str:
    """Return the version of this program; "0" where it is not installed but run from its sources."""
    try:
        return version("babillard")
    except PackageNotFoundError:
        return "0"


def versions() -> str:
    """Return a line each for the version, for the model that comes with it, and for the format of its index."""
    revision = PACKED_REVISION if packed_file() else "from the hub: this platform has no package of it"
    return f"babillard {program_version()}\nmodel {PACKED_MODEL} {revision}\nindex format {FORMAT}"
