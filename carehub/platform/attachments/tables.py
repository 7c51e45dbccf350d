"""Uploads: what each is said to be, how much of it came, and when all of it was here."""

from sqlalchemy import Column, Index, LargeBinary, Text, Uuid

from carehub.platform.db import table, time

upload = table(
    "upload",
    "person",
    Column("person_id", Uuid, primary_key=True),
    Column("id", Uuid, primary_key=True),
    Column("account_id", Uuid, nullable=False),
    Column("media_type", Text, nullable=False),
    Column("sha256", LargeBinary(32), nullable=False),
    time("size"),
    time("received"),
    time("created_at"),
    time("expires_at"),
    time("completed_at", nullable=True),
    Index("ix_upload_person_id_sha256", "person_id", "sha256"),
)
