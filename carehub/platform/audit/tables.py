"""The audit chain of each person, and where its end is."""

from sqlalchemy import BigInteger, Column, Index, Text, Uuid

from carehub.platform.db import Json, table, time

audit = table(
    "audit",
    "person",
    Column("person_id", Uuid, primary_key=True),
    Column("n", BigInteger, primary_key=True, autoincrement=False),
    time("at"),
    Column("actor", Uuid),
    Column("act", Text, nullable=False),
    Column("detail", Json, nullable=False),
    Column("previous", Text, nullable=False),
    Column("hash", Text, nullable=False),
    Index("ix_audit_person_id_act_at", "person_id", "act", "at"),
)
audit_end = table(
    "audit_end",
    "person",
    Column("person_id", Uuid, primary_key=True),
    time("n"),
    Column("hash", Text, nullable=False),
)
