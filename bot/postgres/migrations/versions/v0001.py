"""The first tables."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make all tables."""
    op.create_table(
        "marks",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("value", sa.LargeBinary, nullable=False),
    )
    _journal()
    _rules()
    _taught()
    _counts()


def _journal() -> None:
    op.create_table(
        "journal_entries",
        sa.Column("id", sa.BigInteger, sa.Identity(always=True), primary_key=True),
        sa.Column("uid", sa.Uuid, nullable=False, unique=True),
        sa.Column("asked", sa.Double, nullable=False, index=True),
        sa.Column("guild", sa.BigInteger),
        sa.Column("asker", sa.LargeBinary, nullable=False, index=True),
        sa.Column("language", sa.Text, nullable=False),
        sa.Column("question", sa.Text, nullable=False),
        sa.Column("abstention", sa.Text),
        sa.Column("confidence", sa.Double, nullable=False),
        sa.Column("citations", sa.JSON, nullable=False),
        sa.Column("latency_ms", sa.Double, nullable=False),
        sa.Column("generation", sa.Text, nullable=False),
        sa.Column("private", sa.Boolean, nullable=False),
    )
    op.create_table(
        "journal_votes",
        sa.Column("entry", sa.BigInteger, sa.ForeignKey("journal_entries.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("voter", sa.LargeBinary, primary_key=True, index=True),
        sa.Column("helpful", sa.Boolean, nullable=False),
    )
    op.create_table(
        "journal_forgotten",
        sa.Column("asker", sa.LargeBinary, primary_key=True),
        sa.Column("at", sa.Double, nullable=False, index=True),
    )


def _rules() -> None:
    op.create_table(
        "guild_rules",
        sa.Column("guild", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("language", sa.Text),
        sa.Column("cooldown_seconds", sa.Integer, nullable=False),
        sa.Column("daily_questions", sa.Integer, nullable=False),
        sa.Column("roles", ARRAY(sa.BigInteger), nullable=False),
        sa.Column("channels", ARRAY(sa.BigInteger), nullable=False),
        sa.Column("help_channel", sa.BigInteger),
        sa.Column("collection", sa.Text, nullable=False),
        sa.Column("teachers", ARRAY(sa.BigInteger), nullable=False),
        sa.Column("digest", sa.BigInteger),
    )
    op.create_table(
        "channel_rules",
        sa.Column("guild", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("channel", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("threads", sa.Boolean),
        sa.Column("language", sa.Text),
        sa.Column("collection", sa.Text),
        sa.Column("source", sa.Text),
        sa.Column("unasked", sa.Boolean),
    )
    op.create_table(
        "digests",
        sa.Column("guild", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("begun", sa.Double, nullable=False),
        sa.Column("told", sa.Double, nullable=False),
    )


def _taught() -> None:
    op.create_table(
        "taught_entries",
        sa.Column("number", sa.BigInteger, sa.Identity(always=True), primary_key=True),
        sa.Column("guild", sa.BigInteger, nullable=False, index=True),
        sa.Column("question", sa.Text, nullable=False),
        sa.Column("answer", sa.Text, nullable=False),
        sa.Column("link", sa.Text, nullable=False),
        sa.Column("active", sa.Boolean, nullable=False),
    )
    op.create_table(
        "taught_changes",
        sa.Column("id", sa.BigInteger, sa.Identity(always=True), primary_key=True),
        sa.Column(
            "number",
            sa.BigInteger,
            sa.ForeignKey("taught_entries.number", ondelete="CASCADE"),
            nullable=False,
            index=True,
        ),
        sa.Column("made", sa.Double, nullable=False),
        sa.Column("action", sa.Text, nullable=False),
        sa.Column("teacher", sa.BigInteger, index=True),
        sa.Column("question", sa.Text, nullable=False),
        sa.Column("answer", sa.Text, nullable=False),
    )


def _counts() -> None:
    op.create_table(
        "chat_tokens",
        sa.Column("guild", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("day", sa.Date, primary_key=True),
        sa.Column("tokens_in", sa.BigInteger, nullable=False),
        sa.Column("tokens_out", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "asked_today",
        sa.Column("guild", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("day", sa.Date, primary_key=True),
        sa.Column("questions", sa.Integer, nullable=False),
    )
    op.create_table(
        "last_asked",
        sa.Column("asker", sa.LargeBinary, primary_key=True),
        sa.Column("asked", sa.Double, nullable=False, index=True),
    )
    op.create_table(
        "claims",
        sa.Column("number", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("made", sa.Double, nullable=False, index=True),
    )
    op.create_table(
        "sessions",
        sa.Column("bucket", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("opened", sa.Double, nullable=False),
    )
