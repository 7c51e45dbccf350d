"""Copies on their way with their bytes, and erasures with their receipts."""

from sqlalchemy import BigInteger, Column, Integer, LargeBinary, Text, Uuid

from carehub.platform.db import Json, table, time

copy = table(
    "copy",
    "person",
    Column("person_id", Uuid, primary_key=True),
    Column("id", Uuid, primary_key=True),
    Column("account_id", Uuid, nullable=False),
    Column("language", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("done", Integer, nullable=False),
    Column("total", Integer, nullable=False),
    time("size"),
    time("asked_at"),
    time("until_at"),
    time("leased_until"),
)
copy_part = table(
    "copy_part",
    "person",
    Column("person_id", Uuid, primary_key=True),
    Column("copy_id", Uuid, primary_key=True),
    Column("n", BigInteger, primary_key=True, autoincrement=False),
    Column("content", LargeBinary, nullable=False),
)
erasure = table(
    "erasure",
    "person",
    Column("person_id", Uuid, primary_key=True),
    Column("id", Uuid, primary_key=True),
    Column("account_id", Uuid, nullable=False),
    Column("asked_by", Text, nullable=False),
    Column("state", Text, nullable=False),
    time("asked_at"),
    time("done_at", nullable=True),
    Column("erased", Json, nullable=False),
    Column("receipt", Json),
)
