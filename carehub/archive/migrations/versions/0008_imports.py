"""Which readings came with which import, so that it can be undone."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables."""
    op.create_table(
        "import_batch",
        sa.Column("id", sa.LargeBinary(16), nullable=False),
        sa.Column("person_id", sa.LargeBinary(16), nullable=False),
        sa.Column("format", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("at", sa.Integer, nullable=False),
        sa.Column("readings", sa.Integer, nullable=False),
        sa.Column("undone_at", sa.Integer),
        sa.PrimaryKeyConstraint("id", name="pk_import_batch"),
    )
    op.create_index("ix_import_batch_person_id", "import_batch", ["person_id"])
    op.create_table(
        "import_reading",
        sa.Column("reading_id", sa.LargeBinary(16), nullable=False),
        sa.Column("person_id", sa.LargeBinary(16), nullable=False),
        sa.Column("batch_id", sa.LargeBinary(16), nullable=False),
        sa.Column("undone", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("reading_id", name="pk_import_reading"),
    )
    op.create_index("ix_import_reading_batch_id", "import_reading", ["batch_id"])
