"""Person streams: the head, entities as they stand (conflicts too), every change, the ops seen."""

from sqlalchemy import Boolean, Column, Index, Integer, Text, Uuid

from carehub.platform.db import Json, table, time

person_stream = table(
    "person_stream",
    "person",
    Column("person_id", Uuid, primary_key=True),
    Column("account_id", Uuid, nullable=False),
    time("head"),
    time("floor"),
    Column("epoch", Integer, nullable=False),
    time("created_at"),
)
entity = table(
    "entity",
    "person",
    Column("person_id", Uuid, primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("entity_id", Uuid, primary_key=True),
    time("rev"),
    Column("body", Json, nullable=False),
    Column("fields", Json, nullable=False),
    Column("deleted", Boolean(create_constraint=False), nullable=False),
)
change = table(
    "change",
    "person",
    Column("person_id", Uuid, primary_key=True),
    Column("seq", entity.c.rev.type, primary_key=True, autoincrement=False),
    Column("kind", Text, nullable=False),
    Column("entity_id", Uuid, nullable=False),
    Column("op_id", Uuid, nullable=False),
    Column("act", Text, nullable=False),
    Column("body", Json, nullable=False),
    Column("fields", Json, nullable=False),
    Column("author", Uuid, nullable=False),
    Column("device", Uuid, nullable=False),
    time("at"),
)
op_seen = table(
    "op_seen",
    "person",
    Column("person_id", Uuid, primary_key=True),
    Column("device_id", Uuid, primary_key=True),
    Column("op_id", Uuid, primary_key=True),
    Column("answer", Json, nullable=False),
    time("at"),
    Index("ix_op_seen_person_id_at", "person_id", "at"),
)
