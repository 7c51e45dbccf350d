"""Alembic revisions of the platform's database."""
