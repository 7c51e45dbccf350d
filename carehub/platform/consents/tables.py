"""Consent rows: append-only, a withdrawal is a row of its own."""

from sqlalchemy import Column, Text, Uuid

from carehub.platform.db import table, time

consent = table(
    "consent",
    "person",
    Column("person_id", Uuid, primary_key=True),
    Column("id", Uuid, primary_key=True),
    Column("purpose", Text, nullable=False),
    Column("text_version", Text, nullable=False),
    Column("method", Text, nullable=False),
    time("granted_at"),
    time("withdrawn_at", nullable=True),
    Column("by", Uuid, nullable=False),
    time("seq"),
    time("received_at"),
)
