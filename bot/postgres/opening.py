"""Open the PostgreSQL of the settings. Here, and not above, its libraries are imported."""

from typing import TYPE_CHECKING

from pydantic import SecretStr

from bot.errors import StorageError

if TYPE_CHECKING:
    from bot.postgres.server import Postgres


def open_postgres(url: SecretStr, *, prepares: bool = True) -> "Postgres":
    """Connect to the database of this address, and bring its tables up to date unless `prepares` is False.

    Raises:
        StorageError: it cannot be used, or the libraries are missing.
    """
    try:
        from bot.postgres.server import Postgres

        return Postgres(url, prepares=prepares)
    except ImportError as error:
        raise StorageError(
            f"DATABASE_URL needs libraries that are missing ({error}): pip install 'babillard[postgres]'"
        ) from error
