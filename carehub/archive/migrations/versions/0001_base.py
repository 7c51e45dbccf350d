"""The health archive, readings, alerts, meters and the outbox."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

READING_IS_NEVER_EDITED = """
CREATE TRIGGER reading_is_never_edited
BEFORE UPDATE OF id, kind, taken_at, unit, v1, v2, v3, mean, text, context, setting, posture, source,
  zone_offset, received_at, time_quality, device_taken_at, flags, symptoms, device_id, user_slot,
  sequence, simulated, replaces, note ON reading
BEGIN SELECT RAISE(ABORT, 'a reading is never edited'); END
"""
VOID_IS_STICKY = """
CREATE TRIGGER void_is_sticky BEFORE UPDATE ON reading
WHEN (OLD.person_id IS NOT NULL AND NEW.person_id IS NOT OLD.person_id)
  OR (OLD.voided AND NOT NEW.voided) OR (NEW.in_force AND NOT OLD.in_force)
BEGIN SELECT RAISE(ABORT, 'an owner, a void and a correction stay'); END
"""
CONSENT_IS_NEVER_EDITED = """
CREATE TRIGGER consent_is_never_edited BEFORE UPDATE ON consent
BEGIN SELECT RAISE(ABORT, 'a consent is never edited'); END
"""


def upgrade() -> None:
    """Make the first tables."""
    _people()
    _readings()
    _alerts()
    _meters()
    op.create_table(
        "op",
        sa.Column("n", sa.Integer, primary_key=True),
        sa.Column("op_id", sa.LargeBinary(16), nullable=False),
        sa.Column("person_id", sa.LargeBinary(16), nullable=False),
        _text("kind"),
        sa.Column("entity_id", sa.LargeBinary(16), nullable=False),
        _text("act"),
        _integer("at"),
        _text("body"),
        _text("state"),
        sa.PrimaryKeyConstraint("n", name="pk_op"),
        sa.UniqueConstraint("op_id", name="uq_op_op_id"),
    )
    op.create_index("ix_op_waiting", "op", ["n"], sqlite_where=sa.text("state = 'pending'"))
    op.execute(READING_IS_NEVER_EDITED)
    op.execute(VOID_IS_STICKY)
    op.execute(CONSENT_IS_NEVER_EDITED)


def _people() -> None:
    op.create_table(
        "meta",
        sa.Column("key", sa.Text, nullable=False),
        _text("value"),
        sa.PrimaryKeyConstraint("key", name="pk_meta"),
    )
    op.create_table(
        "person",
        _id(),
        _text("name"),
        _text("called"),
        sa.Column("born", sa.Text),
        _text("sex"),
        _integer("zone_offset"),
        _integer("created_at"),
        sa.PrimaryKeyConstraint("id", name="pk_person"),
    )
    _line("condition", _text("code"), _text("name"), sa.Column("since", sa.Integer))
    _line("allergy", _text("substance"), _text("reaction"))
    _line(
        "medicine",
        _text("name"),
        _text("dose"),
        _text("timing"),
        _text("medicine_class"),
        _bool("stopped"),
    )
    _line("history_line", _text("kind"), _text("text"), sa.Column("year", sa.Integer))
    _line(
        "emergency_contact",
        _text("name"),
        _text("relation"),
        _text("phone"),
        _integer("order"),
        _bool("alerts"),
    )
    _line(
        "consent",
        _text("purpose"),
        _text("text_version"),
        _integer("granted_at"),
        _text("method"),
        sa.Column("withdrawn_at", sa.Integer),
    )
    limits = ("systolic", "diastolic", "fasting_low", "fasting_high", "other_low", "other_high")
    op.create_table(
        "target",
        sa.Column("person_id", sa.LargeBinary(16), nullable=False),
        *(sa.Column(name, sa.Integer) for name in limits),
        sa.PrimaryKeyConstraint("person_id", name="pk_target"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_target_person_id_person"),
    )


def _readings() -> None:
    op.create_table(
        "reading",
        _id(),
        sa.Column("person_id", sa.LargeBinary(16)),
        _text("kind"),
        _integer("taken_at"),
        _text("unit"),
        *(sa.Column(name, sa.Integer) for name in ("v1", "v2", "v3", "mean")),
        *(_text(name) for name in ("text", "context", "setting", "posture", "source")),
        _integer("zone_offset"),
        _integer("received_at"),
        *(_text(name) for name in ("time_quality", "device_taken_at", "flags", "symptoms")),
        _text("device_id"),
        sa.Column("user_slot", sa.Integer),
        sa.Column("sequence", sa.Integer),
        _bool("simulated"),
        sa.Column("replaces", sa.LargeBinary(16)),
        _bool("voided"),
        _text("note"),
        sa.Column("voided_at", sa.Integer),
        _bool("in_force"),
        sa.PrimaryKeyConstraint("id", name="pk_reading"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_reading_person_id_person"),
        sa.CheckConstraint("NOT (voided AND in_force)", name="ck_reading_void_is_out_of_force"),
    )
    covered = ["person_id", "kind", "taken_at", "v1", "v2", "v3", "unit", "context", "text"]
    op.create_index("ix_reading_chart", "reading", [*covered, "simulated", "in_force"])
    op.create_index(
        "ix_reading_replaces",
        "reading",
        ["replaces"],
        sqlite_where=sa.text("replaces IS NOT NULL"),
    )
    op.create_index(
        "ix_reading_tray", "reading", ["received_at"], sqlite_where=sa.text("person_id IS NULL")
    )


def _alerts() -> None:
    times = ("due_at", "recheck_at", "acknowledged_at")
    op.create_table(
        "alert",
        _id(),
        sa.Column("person_id", sa.LargeBinary(16), nullable=False),
        *(_text(name) for name in ("rule", "version", "family")),
        _integer("level"),
        *(_text(name) for name in ("state", "episode", "text")),
        _integer("raised_at"),
        _text("advice"),
        sa.Column("readings", sa.LargeBinary, nullable=False),
        _text("renotified_at"),
        *(sa.Column(name, sa.Integer) for name in times),
        _text("acknowledged_by"),
        sa.Column("snoozed_until", sa.Integer),
        sa.Column("cleared_at", sa.Integer),
        _bool("clock_suspect"),
        _bool("historic"),
        _text("inputs"),
        sa.PrimaryKeyConstraint("id", name="pk_alert"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_alert_person_id_person"),
    )
    op.create_index("ix_alert_person_id_raised_at", "alert", ["person_id", "raised_at"])


def _meters() -> None:
    op.create_table(
        "meter",
        sa.Column("id", sa.Text, nullable=False),
        *(_text(name) for name in ("name", "driver", "address", "kind", "model")),
        _bool("simulated"),
        _text("slots"),
        sa.Column("last_sequence", sa.Integer),
        sa.Column("clock_offset", sa.Integer),
        _integer("last_read_at"),
        sa.PrimaryKeyConstraint("id", name="pk_meter"),
    )
    op.create_table(
        "frame",
        _id(),
        *(_text(name) for name in ("meter_id", "driver", "characteristic")),
        sa.Column("data", sa.LargeBinary, nullable=False),
        _integer("received_at"),
        sa.Column("transfer_id", sa.LargeBinary(16), nullable=False),
        _bool("simulated"),
        sa.Column("outcome", sa.Text),
        sa.PrimaryKeyConstraint("id", name="pk_frame"),
    )
    op.create_index(
        "ix_frame_pending", "frame", ["received_at"], sqlite_where=sa.text("outcome IS NULL")
    )


def _line(name: str, *columns: sa.Column[object]) -> None:
    op.create_table(
        name,
        _id(),
        sa.Column("person_id", sa.LargeBinary(16), nullable=False),
        *columns,
        sa.PrimaryKeyConstraint("id", name=f"pk_{name}"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=f"fk_{name}_person_id_person"),
    )
    op.create_index(f"ix_{name}_person_id", name, ["person_id"])


def _id() -> sa.Column[object]:
    return sa.Column("id", sa.LargeBinary(16), nullable=False)


def _text(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.Text, nullable=False)


def _integer(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.Integer, nullable=False)


def _bool(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.Boolean, nullable=False)
