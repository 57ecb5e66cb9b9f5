"""How a value stands on a line of `.env`."""

import re

_PLAIN = re.compile(r"[\w./:@%+,-]+")  # what stands without quotes


def quoted(value: str) -> str:
    """Return a value as a line of `.env` holds it."""
    if _PLAIN.fullmatch(value):
        return value
    return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"
