"""Uploads: files that come in pieces."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table."""
    op.create_table(
        "upload",
        sa.Column("person_id", sa.Uuid, nullable=False),
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("account_id", sa.Uuid, nullable=False),
        sa.Column("media_type", sa.Text, nullable=False),
        sa.Column("sha256", sa.LargeBinary(32), nullable=False),
        *(
            sa.Column(name, sa.BigInteger, nullable=False)
            for name in ("size", "received", "created_at", "expires_at")
        ),
        sa.Column("completed_at", sa.BigInteger, nullable=True),
        sa.PrimaryKeyConstraint("person_id", "id", name="pk_upload"),
    )
    op.create_index("ix_upload_person_id_sha256", "upload", ["person_id", "sha256"])
