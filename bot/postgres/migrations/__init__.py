"""How the tables come to the shape of today; Alembic runs it."""
