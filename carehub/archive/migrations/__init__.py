"""How an older archive becomes one of today: Alembic revisions, run by `migrate`."""
