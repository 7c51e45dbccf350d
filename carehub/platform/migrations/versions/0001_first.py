"""Accounts, person streams, mandates, consents, audit."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    """Make the first tables."""
    _accounts()
    _audit()
    _consents()
    _directory()
    _family()
    _records()


def _accounts() -> None:
    op.create_table(
        "account",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("login", sa.Text, nullable=False),
        sa.Column("password", sa.Text, nullable=False),
        sa.Column("grants_rev", sa.BigInteger, nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("closed_at", sa.BigInteger, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_account"),
    )
    op.create_table(
        "login",
        sa.Column("login_hash", sa.LargeBinary(32), nullable=False),
        sa.Column("account_id", sa.Uuid, nullable=False),
        sa.PrimaryKeyConstraint("login_hash", name="pk_login"),
    )
    op.create_table(
        "wrong_try",
        sa.Column("login_hash", sa.LargeBinary(32), nullable=False),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("locked_until", sa.BigInteger, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("login_hash", name="pk_wrong_try"),
    )
    op.create_table(
        "session",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("account_id", sa.Uuid, nullable=False),
        sa.Column("device_id", sa.Uuid, nullable=False),
        sa.Column("device_name", sa.Text, nullable=False),
        sa.Column("kiosk", sa.Boolean(create_constraint=False), nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("seen_at", sa.BigInteger, nullable=False),
        sa.Column("until_at", sa.BigInteger, nullable=False),
        sa.Column("ended_at", sa.BigInteger, nullable=True),
        sa.Column("ended_because", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_session"),
    )
    op.create_index("ix_session_account_id", "session", ["account_id"])
    op.create_table(
        "token",
        sa.Column("token_hash", sa.LargeBinary(32), nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("session_id", sa.Uuid, nullable=False),
        sa.Column("expires_at", sa.BigInteger, nullable=False),
        sa.Column("replaced_at", sa.BigInteger, nullable=True),
        sa.PrimaryKeyConstraint("token_hash", name="pk_token"),
    )
    op.create_index("ix_token_expires_at", "token", ["expires_at"])
    op.create_index("ix_token_session_id", "token", ["session_id"])
    op.create_table(
        "account_person",
        sa.Column("account_id", sa.Uuid, nullable=False),
        sa.Column("person_id", sa.Uuid, nullable=False),
        sa.Column("own", sa.Boolean(create_constraint=False), nullable=False),
        sa.PrimaryKeyConstraint("account_id", "person_id", name="pk_account_person"),
    )
    op.create_table(
        "device_code",
        sa.Column("user_hash", sa.LargeBinary(32), nullable=False),
        sa.Column("device_hash", sa.LargeBinary(32), nullable=False),
        sa.Column("device_id", sa.Uuid, nullable=False),
        sa.Column("device_name", sa.Text, nullable=False),
        sa.Column("kiosk", sa.Boolean(create_constraint=False), nullable=False),
        sa.Column("asked_at", sa.BigInteger, nullable=False),
        sa.Column("expires_at", sa.BigInteger, nullable=False),
        sa.Column("polled_at", sa.BigInteger, nullable=False),
        sa.Column("account_id", sa.Uuid, nullable=True),
        sa.Column("refused", sa.Boolean(create_constraint=False), nullable=False),
        sa.Column("used_at", sa.BigInteger, nullable=True),
        sa.PrimaryKeyConstraint("user_hash", name="pk_device_code"),
    )


def _audit() -> None:
    op.create_table(
        "audit",
        sa.Column("person_id", sa.Uuid, nullable=False),
        sa.Column("n", sa.BigInteger, nullable=False, autoincrement=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("actor", sa.Uuid, nullable=True),
        sa.Column("act", sa.Text, nullable=False),
        sa.Column("detail", JSON, nullable=False),
        sa.Column("previous", sa.Text, nullable=False),
        sa.Column("hash", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("person_id", "n", name="pk_audit"),
    )
    op.create_index("ix_audit_person_id_act_at", "audit", ["person_id", "act", "at"])
    op.create_table(
        "audit_end",
        sa.Column("person_id", sa.Uuid, nullable=False),
        sa.Column("n", sa.BigInteger, nullable=False),
        sa.Column("hash", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("person_id", name="pk_audit_end"),
    )


def _consents() -> None:
    op.create_table(
        "consent",
        sa.Column("person_id", sa.Uuid, nullable=False),
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("purpose", sa.Text, nullable=False),
        sa.Column("text_version", sa.Text, nullable=False),
        sa.Column("method", sa.Text, nullable=False),
        sa.Column("granted_at", sa.BigInteger, nullable=False),
        sa.Column("withdrawn_at", sa.BigInteger, nullable=True),
        sa.Column("by", sa.Uuid, nullable=False),
        sa.Column("seq", sa.BigInteger, nullable=False),
        sa.Column("received_at", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("person_id", "id", name="pk_consent"),
    )


def _directory() -> None:
    op.create_table(
        "clinic",
        sa.Column("code", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("phone", sa.Text, nullable=False),
        sa.Column("added_at", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("code", name="pk_clinic"),
    )
    op.create_table(
        "staff",
        sa.Column("code", sa.Text, nullable=False),
        sa.Column("part", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("clinic_code", sa.Text, nullable=False),
        sa.Column("licence", sa.Text, nullable=False),
        sa.Column("added_at", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("code", name="pk_staff"),
    )


def _family() -> None:
    op.create_table(
        "mandate",
        sa.Column("person_id", sa.Uuid, nullable=False),
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("account_id", sa.Uuid, nullable=False),
        sa.Column("role", sa.Text, nullable=False),
        sa.Column("scopes", JSON, nullable=False),
        sa.Column("relation", sa.Text, nullable=False),
        sa.Column("how", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("granted_at", sa.BigInteger, nullable=False),
        sa.Column("from_at", sa.BigInteger, nullable=False),
        sa.Column("until_at", sa.BigInteger, nullable=False),
        sa.Column("revoked_at", sa.BigInteger, nullable=True),
        sa.PrimaryKeyConstraint("person_id", "id", name="pk_mandate"),
    )
    op.create_index("ix_mandate_person_id_account_id", "mandate", ["person_id", "account_id"])
    op.create_table(
        "invitation",
        sa.Column("code_hash", sa.LargeBinary(32), nullable=False),
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("person_id", sa.Uuid, nullable=False),
        sa.Column("role", sa.Text, nullable=False),
        sa.Column("scopes", JSON, nullable=False),
        sa.Column("relation", sa.Text, nullable=False),
        sa.Column("lasts", sa.BigInteger, nullable=False),
        sa.Column("expires_at", sa.BigInteger, nullable=False),
        sa.Column("used_at", sa.BigInteger, nullable=True),
        sa.PrimaryKeyConstraint("code_hash", name="pk_invitation"),
    )


def _records() -> None:
    op.create_table(
        "person_stream",
        sa.Column("person_id", sa.Uuid, nullable=False),
        sa.Column("account_id", sa.Uuid, nullable=False),
        sa.Column("head", sa.BigInteger, nullable=False),
        sa.Column("floor", sa.BigInteger, nullable=False),
        sa.Column("epoch", sa.Integer, nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("person_id", name="pk_person_stream"),
    )
    op.create_table(
        "entity",
        sa.Column("person_id", sa.Uuid, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("entity_id", sa.Uuid, nullable=False),
        sa.Column("rev", sa.BigInteger, nullable=False),
        sa.Column("body", JSON, nullable=False),
        sa.Column("fields", JSON, nullable=False),
        sa.Column("deleted", sa.Boolean(create_constraint=False), nullable=False),
        sa.PrimaryKeyConstraint("person_id", "kind", "entity_id", name="pk_entity"),
    )
    op.create_table(
        "change",
        sa.Column("person_id", sa.Uuid, nullable=False),
        sa.Column("seq", sa.BigInteger, nullable=False, autoincrement=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("entity_id", sa.Uuid, nullable=False),
        sa.Column("op_id", sa.Uuid, nullable=False),
        sa.Column("act", sa.Text, nullable=False),
        sa.Column("body", JSON, nullable=False),
        sa.Column("fields", JSON, nullable=False),
        sa.Column("author", sa.Uuid, nullable=False),
        sa.Column("device", sa.Uuid, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("person_id", "seq", name="pk_change"),
    )
    op.create_table(
        "op_seen",
        sa.Column("person_id", sa.Uuid, nullable=False),
        sa.Column("device_id", sa.Uuid, nullable=False),
        sa.Column("op_id", sa.Uuid, nullable=False),
        sa.Column("answer", JSON, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("person_id", "device_id", "op_id", name="pk_op_seen"),
    )
    op.create_index("ix_op_seen_person_id_at", "op_seen", ["person_id", "at"])
