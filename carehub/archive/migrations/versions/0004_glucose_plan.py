"""What was agreed about one person's glucose: the last HbA1c, how often to measure, the group."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table."""
    op.create_table(
        "glucose_plan",
        sa.Column("person_id", sa.LargeBinary(16), nullable=False),
        sa.Column("hba1c", sa.Integer),
        sa.Column("hba1c_on", sa.Text),
        sa.Column("every", sa.Integer),
        sa.Column("every_since", sa.Integer, nullable=False),
        sa.Column("health_group", sa.Text),
        sa.Column("ketone_strips", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("person_id", name="pk_glucose_plan"),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name="fk_glucose_plan_person_id_person"
        ),
    )
