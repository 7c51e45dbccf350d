"""Small directory tables the operator keeps: clinics, and the people who work for them, by code."""

from sqlalchemy import Column, Text, Uuid

from carehub.platform.db import table, time

clinic = table(
    "clinic",
    "directory",
    Column("code", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("phone", Text, nullable=False),
    time("added_at"),
)
staff = table(
    "staff",
    "directory",
    Column("code", Text, primary_key=True),
    Column("part", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("clinic_code", Text, nullable=False),
    Column("licence", Text, nullable=False),
    time("added_at"),
)
staff_account = table(
    "staff_account",
    "directory",
    Column("account_id", Uuid, primary_key=True),
    Column("staff_code", Text, nullable=False),
    time("linked_at"),
)
