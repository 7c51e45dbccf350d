"""How far the telling of each alert is, whom each person has to be told, and the clinics' tasks."""

from sqlalchemy import Boolean, Column, Index, Integer, Text, Uuid

from carehub.platform.db import Json, table, time

escalation = table(
    "escalation",
    "person",
    Column("person_id", Uuid, primary_key=True),
    Column("alert_id", Uuid, primary_key=True),
    Column("body", Json, nullable=False),
    time("due_at", nullable=True),
    Index("ix_escalation_due_at", "due_at"),
)
watch = table(
    "watch",
    "person",
    Column("person_id", Uuid, primary_key=True),
    time("since"),
    time("pressure_at", nullable=True),
    time("glucose_at", nullable=True),
    time("due_at"),
    Column("stale", Boolean(create_constraint=False), nullable=False),
    Index("ix_watch_due_at", "due_at"),
)
circle = table(
    "circle",
    "person",
    Column("person_id", Uuid, primary_key=True),
    Column("carers", Json, nullable=False),
    Column("clinic_code", Text, nullable=False),
)
task = table(
    "task",
    "person",
    Column("person_id", Uuid, primary_key=True),
    Column("id", Uuid, primary_key=True),
    Column("clinic_code", Text, nullable=False),
    Column("alert_id", Uuid, nullable=False),
    Column("level", Integer, nullable=False),
    Column("rule", Text, nullable=False),
    Column("state", Text, nullable=False),
    time("opened_at"),
    Column("claimed_by", Uuid),
    time("claimed_at", nullable=True),
    time("closed_at", nullable=True),
    Column("outcome", Text, nullable=False),
    Column("note", Text, nullable=False),
    Index("ix_task_clinic_code_state", "clinic_code", "state"),
)
