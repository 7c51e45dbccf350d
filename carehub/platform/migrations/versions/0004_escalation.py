"""Who is told of urgent alerts, the clinics' tasks, and what the review of a mandate leaves."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(JSONB, "postgresql")


def upgrade() -> None:
    """Make the tables, and add what was looked at and by whom to the mandates."""
    _telling()
    _tasks()
    _mandates()


def _telling() -> None:
    op.create_table(
        "escalation",
        sa.Column("person_id", sa.Uuid, nullable=False),
        sa.Column("alert_id", sa.Uuid, nullable=False),
        sa.Column("body", JSON, nullable=False),
        sa.Column("due_at", sa.BigInteger, nullable=True),
        sa.PrimaryKeyConstraint("person_id", "alert_id", name="pk_escalation"),
    )
    op.create_index("ix_escalation_due_at", "escalation", ["due_at"])
    op.create_table(
        "watch",
        sa.Column("person_id", sa.Uuid, nullable=False),
        sa.Column("since", sa.BigInteger, nullable=False),
        sa.Column("pressure_at", sa.BigInteger, nullable=True),
        sa.Column("glucose_at", sa.BigInteger, nullable=True),
        sa.Column("due_at", sa.BigInteger, nullable=False),
        sa.Column("stale", sa.Boolean(create_constraint=False), nullable=False),
        sa.PrimaryKeyConstraint("person_id", name="pk_watch"),
    )
    op.create_index("ix_watch_due_at", "watch", ["due_at"])
    op.create_table(
        "alert_consent",
        sa.Column("person_id", sa.Uuid, nullable=False),
        sa.Column("account_id", sa.Uuid, nullable=False),
        sa.Column("n", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("agreed", sa.Boolean(create_constraint=False), nullable=False),
        sa.Column("text_version", sa.Text, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("person_id", "account_id", "n", name="pk_alert_consent"),
    )
    op.create_table(
        "circle",
        sa.Column("person_id", sa.Uuid, nullable=False),
        sa.Column("carers", JSON, nullable=False),
        sa.Column("clinic_code", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("person_id", name="pk_circle"),
    )


def _tasks() -> None:
    op.create_table(
        "task",
        sa.Column("person_id", sa.Uuid, nullable=False),
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("clinic_code", sa.Text, nullable=False),
        sa.Column("alert_id", sa.Uuid, nullable=False),
        sa.Column("level", sa.Integer, nullable=False),
        sa.Column("rule", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("opened_at", sa.BigInteger, nullable=False),
        sa.Column("claimed_by", sa.Uuid, nullable=True),
        sa.Column("claimed_at", sa.BigInteger, nullable=True),
        sa.Column("closed_at", sa.BigInteger, nullable=True),
        sa.Column("outcome", sa.Text, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("person_id", "id", name="pk_task"),
    )
    op.create_index("ix_task_clinic_code_state", "task", ["clinic_code", "state"])
    op.create_table(
        "staff_account",
        sa.Column("account_id", sa.Uuid, nullable=False),
        sa.Column("staff_code", sa.Text, nullable=False),
        sa.Column("linked_at", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("account_id", name="pk_staff_account"),
    )


def _mandates() -> None:
    for column in (
        sa.Column("name", sa.Text, nullable=False, server_default=""),
        sa.Column("document_person_id", sa.Uuid, nullable=True),
        sa.Column("document_id", sa.Uuid, nullable=True),
        sa.Column("clinic_code", sa.Text, nullable=False, server_default=""),
        sa.Column("witness_id", sa.Uuid, nullable=True),
        sa.Column("reviewer_id", sa.Uuid, nullable=True),
        sa.Column("reviewed_at", sa.BigInteger, nullable=True),
        sa.Column("reason", sa.Text, nullable=False, server_default=""),
    ):
        op.add_column("mandate", column)
