"""Attachments that travel: what each belongs to, whether its bytes are here, how far it is on its way.

A frame learns which reading was made of it, so that it can be erased with the person.
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns, and fill in what the rows already tell."""
    _attachments()
    _uploads()
    _frames()


def _attachments() -> None:
    for column in (
        sa.Column("belongs_kind", sa.Text, nullable=False, server_default=""),
        sa.Column("belongs_id", sa.LargeBinary(16)),
        sa.Column("here", sa.Boolean, nullable=False, server_default="1"),
    ):
        op.add_column("attachment", column)
    op.execute(
        "UPDATE attachment SET belongs_kind = 'person', belongs_id = person_id"
        " WHERE id IN (SELECT photo_id FROM person WHERE person.id = attachment.person_id)"
    )


def _uploads() -> None:
    op.drop_column("upload", "place")
    for column in (
        sa.Column("code", sa.Text, nullable=False, server_default=""),
        sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
        sa.Column("next_at", sa.Integer, nullable=False, server_default="0"),
    ):
        op.add_column("upload", column)
    # Nothing was ever sent before this revision.
    op.execute("UPDATE upload SET complete = 0, sent = 0")


def _frames() -> None:
    op.add_column("frame", sa.Column("reading_id", sa.LargeBinary(16)))
    op.create_index("ix_frame_reading_id", "frame", ["reading_id"])
    op.execute(
        "UPDATE frame SET reading_id = (SELECT id FROM reading WHERE reading.device_id ="
        " frame.meter_id AND reading.received_at = frame.received_at AND reading.source = 'meter')"
    )
