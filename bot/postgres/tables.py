"""The tables that all machines share. `migrations` makes them; a test compares the two."""

from typing import Final

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    Double,
    ForeignKey,
    Identity,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    Uuid,
)
from sqlalchemy.dialects.postgresql import ARRAY

METADATA: Final = MetaData()

VERSION_TABLE: Final = "babillard_version"  # where Alembic notes which of the migrations ran

HEAD: Final = "0001"  # the last of them; a test compares

marks: Final = Table(
    "marks",  # what is known once for all machines
    METADATA,
    Column("name", Text, primary_key=True),
    Column("value", LargeBinary, nullable=False),
)

journal_entries: Final = Table(
    "journal_entries",
    METADATA,
    Column("id", BigInteger, Identity(always=True), primary_key=True),  # never used twice: buttons carry it
    Column("uid", Uuid, nullable=False, unique=True),  # drawn by the writer: a row that is sent twice is kept once
    Column("asked", Double, nullable=False, index=True),  # seconds since 1970, UTC
    Column("guild", BigInteger),  # NULL in a private conversation
    Column("asker", LargeBinary, nullable=False, index=True),
    Column("language", Text, nullable=False),  # of the reply
    Column("question", Text, nullable=False),
    Column("abstention", Text),  # NULL when there was an answer
    Column("confidence", Double, nullable=False),
    Column("citations", JSON, nullable=False),  # list of {title, source, chunk_id, start, end}
    Column("latency_ms", Double, nullable=False),
    Column("generation", Text, nullable=False),
    Column("private", Boolean, nullable=False),  # whoever asked in a server let nobody else see the answer
)

journal_votes: Final = Table(
    "journal_votes",
    METADATA,
    Column("entry", ForeignKey("journal_entries.id", ondelete="CASCADE"), primary_key=True),
    Column("voter", LargeBinary, primary_key=True, index=True),
    Column("helpful", Boolean, nullable=False),
)

journal_forgotten: Final = Table(
    "journal_forgotten",  # whose rows from before some time are not taken from a machine that still holds them back
    METADATA,
    Column("asker", LargeBinary, primary_key=True),
    Column("at", Double, nullable=False, index=True),  # seconds since 1970, UTC
)

guild_rules: Final = Table(
    "guild_rules",
    METADATA,
    Column("guild", BigInteger, primary_key=True, autoincrement=False),
    Column("language", Text),
    Column("cooldown_seconds", Integer, nullable=False),
    Column("daily_questions", Integer, nullable=False),
    Column("roles", ARRAY(BigInteger), nullable=False),
    Column("channels", ARRAY(BigInteger), nullable=False),
    Column("help_channel", BigInteger),
    Column("collection", Text, nullable=False),
    Column("teachers", ARRAY(BigInteger), nullable=False),
    Column("digest", BigInteger),
)

channel_rules: Final = Table(
    "channel_rules",
    METADATA,
    Column("guild", BigInteger, primary_key=True, autoincrement=False),
    Column("channel", BigInteger, primary_key=True, autoincrement=False),
    Column("threads", Boolean),
    Column("language", Text),
    Column("collection", Text),
    Column("source", Text),
    Column("unasked", Boolean),
)

digests: Final = Table(
    "digests",
    METADATA,
    Column("guild", BigInteger, primary_key=True, autoincrement=False),
    Column("begun", Double, nullable=False),  # seconds since 1970, UTC
    Column("told", Double, nullable=False),
)

taught_entries: Final = Table(
    "taught_entries",
    METADATA,
    Column("number", BigInteger, Identity(always=True), primary_key=True),  # never used twice: buttons carry it
    Column("guild", BigInteger, nullable=False, index=True),
    Column("question", Text, nullable=False),
    Column("answer", Text, nullable=False),
    Column("link", Text, nullable=False),
    Column("active", Boolean, nullable=False),
)

taught_changes: Final = Table(
    "taught_changes",
    METADATA,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("number", ForeignKey("taught_entries.number", ondelete="CASCADE"), nullable=False, index=True),
    Column("made", Double, nullable=False),  # seconds since 1970, UTC
    Column("action", Text, nullable=False),
    Column("teacher", BigInteger, index=True),  # NULL once they asked to be forgotten
    Column("question", Text, nullable=False),
    Column("answer", Text, nullable=False),
)

chat_tokens: Final = Table(
    "chat_tokens",
    METADATA,
    Column("guild", BigInteger, primary_key=True, autoincrement=False),
    Column("day", Date, primary_key=True),
    Column("tokens_in", BigInteger, nullable=False),
    Column("tokens_out", BigInteger, nullable=False),
)

asked_today: Final = Table(
    "asked_today",
    METADATA,
    Column("guild", BigInteger, primary_key=True, autoincrement=False),
    Column("day", Date, primary_key=True),
    Column("questions", Integer, nullable=False),
)

last_asked: Final = Table(
    "last_asked",
    METADATA,
    Column("asker", LargeBinary, primary_key=True),
    Column("asked", Double, nullable=False, index=True),  # seconds since 1970, UTC
)

claims: Final = Table(
    "claims",
    METADATA,
    Column("number", BigInteger, primary_key=True, autoincrement=False),  # of a message or an interaction
    Column("made", Double, nullable=False, index=True),  # seconds since 1970, UTC
)

sessions: Final = Table(
    "sessions",
    METADATA,
    Column("bucket", Integer, primary_key=True, autoincrement=False),  # shards that open theirs one after another
    Column("opened", Double, nullable=False),  # seconds since 1970, UTC
)
