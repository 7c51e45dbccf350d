"""What sharing needs: where each person's stream stands, what the platform said, and the account."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables, and what an op needs to know of its way out."""
    _ops()
    _streams()
    _conflicts()
    _account()
    op.create_table(
        "upload",
        _id("attachment_id"),
        _id("person_id"),
        _text("place"),
        _integer("sent"),
        sa.Column("complete", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("attachment_id", name="pk_upload"),
    )


def _ops() -> None:
    for column in (
        sa.Column("base", sa.Text, nullable=False, server_default="{}"),
        sa.Column("code", sa.Text, nullable=False, server_default=""),
        sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
        sa.Column("next_at", sa.Integer, nullable=False, server_default="0"),
        sa.Column("seq", sa.Integer),
        sa.Column("settled_at", sa.Integer),
    ):
        op.add_column("op", column)
    op.create_index("ix_op_entity_id", "op", ["entity_id"])
    op.drop_index("ix_op_waiting", "op")
    op.create_index(
        "ix_op_waiting", "op", ["n"], sqlite_where=sa.text("state IN ('pending', 'inflight')")
    )


def _streams() -> None:
    op.create_table(
        "stream",
        _id("person_id"),
        _text("role"),
        _text("scopes"),
        _integer("cursor"),
        _integer("head"),
        _integer("epoch"),
        sa.Column("until_at", sa.Integer),
        _text("paused"),
        _integer("digest_at"),
        sa.PrimaryKeyConstraint("person_id", name="pk_stream"),
    )
    op.create_table(
        "stream_entity",
        _id("person_id"),
        _text("kind"),
        _id("entity_id"),
        _integer("rev"),
        _text("body"),
        _text("fields"),
        sa.Column("deleted", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("person_id", "kind", "entity_id", name="pk_stream_entity"),
    )


def _conflicts() -> None:
    op.create_table(
        "conflict",
        _id("id"),
        _id("person_id"),
        _text("kind"),
        _id("entity_id"),
        _text("field"),
        sa.Column("kept", sa.Text),
        sa.Column("lost", sa.Text),
        _id("kept_by"),
        _id("lost_by"),
        _integer("at"),
        sa.Column("needs_confirmation", sa.Boolean, nullable=False),
        sa.Column("resolved_at", sa.Integer),
        sa.PrimaryKeyConstraint("id", name="pk_conflict"),
    )
    op.create_index("ix_conflict_person_id", "conflict", ["person_id"])


def _account() -> None:
    op.create_table(
        "account",
        _id("id"),
        *(_text(name) for name in ("url", "login")),
        _id("device_id"),
        _text("access"),
        _integer("access_until"),
        _text("refresh"),
        _integer("clock_offset"),
        _integer("heard_at"),
        _integer("grants_rev"),
        sa.Column("last_success_at", sa.Integer),
        _text("trouble"),
        *(_integer(name) for name in ("failures", "next_at", "batch")),
        sa.PrimaryKeyConstraint("id", name="pk_account"),
    )


def _id(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.LargeBinary(16), nullable=False)


def _text(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.Text, nullable=False)


def _integer(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.Integer, nullable=False)
