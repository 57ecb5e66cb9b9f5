"""The secret of the journal where many machines share a database: each has it in a file, and the database has not."""

import hashlib
import hmac
from pathlib import Path

from sqlalchemy import insert, select

from bot.errors import JournalError
from bot.journal.file import drawn_secret, secret_file
from bot.journal.journal import FILE_NAME
from bot.postgres.server import Postgres
from bot.postgres.tables import marks

SECRET = -0x736563  # of the advisory lock under which machines agree on the secret


def shared_secret(database: Postgres, data: Path) -> bytes:
    """Return the secret under which all machines know the same person: it is in a file of each, never in the database.

    The first machine draws it, or takes that of its journal; the database keeps a digest by which the others see that
    theirs is the same.

    Raises:
        JournalError: this machine has no secret, or another.
        StorageError: the database cannot be used.
    """
    path = secret_file(data / FILE_NAME)
    try:
        with database.transaction(lock=SECRET) as connection:
            known = connection.execute(select(marks.c.value).where(marks.c.name == "secret")).scalar()
            if known is not None and not path.exists():
                raise JournalError(f"{path} is missing: copy it from a machine that shares this DATABASE_URL already")
            path.parent.mkdir(parents=True, exist_ok=True)
            secret = drawn_secret(path)
            mark = hmac.digest(secret, b"babillard", hashlib.sha256)
            if known is None:
                connection.execute(insert(marks).values(name="secret", value=mark))
            elif not hmac.compare_digest(known, mark):
                raise JournalError(
                    f"{path} is not the secret of the journal in the database: copy that of a machine that shares this "
                    "DATABASE_URL already"
                )
    except OSError as error:
        raise JournalError(f"{path} cannot be used ({error.strerror}): check the folder, or set DATA_DIR") from error
    return secret
