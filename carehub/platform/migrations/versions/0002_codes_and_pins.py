"""Authorization codes of the desktop's sign-in, and the keys of devices bound to a PIN."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the two tables."""
    op.create_table(
        "auth_code",
        sa.Column("code_hash", sa.LargeBinary(32), nullable=False),
        sa.Column("account_id", sa.Uuid, nullable=False),
        sa.Column("device_id", sa.Uuid, nullable=False),
        sa.Column("device_name", sa.Text, nullable=False),
        sa.Column("redirect_uri", sa.Text, nullable=False),
        sa.Column("challenge", sa.Text, nullable=False),
        sa.Column("expires_at", sa.BigInteger, nullable=False),
        sa.Column("used_at", sa.BigInteger, nullable=True),
        sa.Column("session_id", sa.Uuid, nullable=True),
        sa.PrimaryKeyConstraint("code_hash", name="pk_auth_code"),
    )
    op.create_table(
        "device_key",
        sa.Column("key_hash", sa.LargeBinary(32), nullable=False),
        sa.Column("account_id", sa.Uuid, nullable=False),
        sa.Column("device_id", sa.Uuid, nullable=False),
        sa.Column("pin", sa.Text, nullable=False),
        sa.Column("bound_at", sa.BigInteger, nullable=False),
        sa.Column("replaced_at", sa.BigInteger, nullable=True),
        sa.Column("passed_at", sa.BigInteger, nullable=True),
        sa.Column("ended_at", sa.BigInteger, nullable=True),
        sa.PrimaryKeyConstraint("key_hash", name="pk_device_key"),
    )
    op.create_index("ix_device_key_account_id_device_id", "device_key", ["account_id", "device_id"])
