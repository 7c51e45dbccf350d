"""Mandates by person, their holders' consent to be told, and invitations by the hash of their code."""

from sqlalchemy import Boolean, Column, Index, Integer, LargeBinary, Text, Uuid

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
    Column("name", Text, nullable=False, server_default=""),
    Column("document_person_id", Uuid),
    Column("document_id", Uuid),
    Column("clinic_code", Text, nullable=False, server_default=""),
    Column("witness_id", Uuid),
    Column("reviewer_id", Uuid),
    time("reviewed_at", nullable=True),
    Column("reason", Text, nullable=False, server_default=""),
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
alert_consent = table(
    "alert_consent",
    "person",
    Column("person_id", Uuid, primary_key=True),
    Column("account_id", Uuid, primary_key=True),
    Column("n", Integer, primary_key=True, autoincrement=False),
    Column("agreed", Boolean(create_constraint=False), nullable=False),
    Column("text_version", Text, nullable=False),
    time("at"),
)
