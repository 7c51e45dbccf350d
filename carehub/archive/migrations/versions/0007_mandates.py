"""Mandates as last heard of, and who is no longer here and why."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables."""
    op.create_table(
        "mandate",
        *(_id(name) for name in ("id", "person_id", "account_id")),
        *(_text(name) for name in ("role", "scopes", "state")),
        *(_integer(name) for name in ("from_at", "until_at", "granted_at")),
        *(_text(name) for name in ("relation", "name", "account", "how")),
        sa.Column("revoked_at", sa.Integer),
        sa.Column("ending_at", sa.Integer),
        _text("phone"),
        sa.PrimaryKeyConstraint("id", name="pk_mandate"),
    )
    op.create_index("ix_mandate_person_id", "mandate", ["person_id"])
    op.create_table(
        "parting",
        _id("id"),
        *(_text(name) for name in ("name", "sex", "relation", "code")),
        _integer("at"),
        sa.PrimaryKeyConstraint("id", name="pk_parting"),
    )


def _id(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.LargeBinary(16), nullable=False)


def _text(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.Text, nullable=False)


def _integer(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.Integer, nullable=False)
