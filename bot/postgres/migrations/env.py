"""Run the migrations over the connection that `bot.postgres.server` hands over."""

from alembic import context

from bot.postgres.tables import METADATA, VERSION_TABLE


def migrate() -> None:
    """Bring the tables up to date, in the transaction of the connection."""
    connection = context.config.attributes["connection"]
    context.configure(connection=connection, target_metadata=METADATA, version_table=VERSION_TABLE)
    context.run_migrations()


if __name__ == "env_py":  # as Alembic loads it; to import it does nothing
    migrate()
