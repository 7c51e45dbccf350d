"""Mandates by person, and the invitations that lead to them by the hash of their code."""

from sqlalchemy import Column, Index, LargeBinary, Text, Uuid

from carehub.platform.db import Json, table, time

mandate = table(
    "mandate",
    "person",
    Column("person_id", Uuid, primary_key=True),
    Column("id", Uuid, primary_key=True),
    Column("account_id", Uuid, nullable=False),
    Column("role", Text, nullable=False),
    Column("scopes", Json, nullable=False),
    Column("relation", Text, nullable=False),
    Column("how", Text, nullable=False),
    Column("state", Text, nullable=False),
    time("granted_at"),
    time("from_at"),
    time("until_at"),
    time("revoked_at", nullable=True),
    Index("ix_mandate_person_id_account_id", "person_id", "account_id"),
)
invitation = table(
    "invitation",
    "directory",
    Column("code_hash", LargeBinary(32), primary_key=True),
    Column("id", Uuid, nullable=False),
    Column("person_id", Uuid, nullable=False),
    Column("role", Text, nullable=False),
    Column("scopes", Json, nullable=False),
    Column("relation", Text, nullable=False),
    time("lasts"),
    time("expires_at"),
    time("used_at", nullable=True),
)
