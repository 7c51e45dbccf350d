"""Small directory tables the operator keeps: clinics, and the people who work for them, by code."""

from sqlalchemy import Column, Text

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
