"""Search, attachments, and a person's photo: the words already in the archive are indexed."""

import sqlalchemy as sa
from alembic import op

from carehub.archive.search import written

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

WORDS = {
    "Person": "SELECT id AS person, id, name || ' ' || called FROM person",
    "Condition": "SELECT person_id, id, name FROM condition",
    "Allergy": "SELECT person_id, id, substance || ' ' || reaction FROM allergy",
    "Medicine": "SELECT person_id, id, name || ' ' || dose || ' ' || timing FROM medicine",
    "HistoryLine": "SELECT person_id, id, text FROM history_line",
    "EmergencyContact": "SELECT person_id, id, name || ' ' || relation || ' ' || phone"
    " FROM emergency_contact",
    "Reading": "SELECT person_id, id, note FROM reading WHERE note <> ''",
}


def upgrade() -> None:
    """Add the tables and index what is there."""
    op.create_table(
        "attachment",
        sa.Column("id", sa.LargeBinary(16), nullable=False),
        sa.Column("person_id", sa.LargeBinary(16)),
        sa.Column("media_type", sa.Text, nullable=False),
        sa.Column("size", sa.Integer, nullable=False),
        sa.Column("sha256", sa.LargeBinary(32), nullable=False),
        sa.Column("data", sa.LargeBinary),
        sa.PrimaryKeyConstraint("id", name="pk_attachment"),
    )
    # A rebuild of the parent of all: what the copy, the count and the key check are for.
    with op.batch_alter_table("person", recreate="always") as person:
        person.add_column(sa.Column("photo_id", sa.LargeBinary(16)))
    op.create_table(
        "search_entry",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("person_id", sa.LargeBinary(16)),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("entity_id", sa.LargeBinary(16), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_search_entry"),
        sa.UniqueConstraint("entity_id", name="uq_search_entry_entity_id"),
    )
    op.execute(
        "CREATE VIRTUAL TABLE search_word USING fts5("
        "words, content='', contentless_delete=1, tokenize='unicode61')"
    )
    for kind, statement in WORDS.items():
        _index(kind, statement)


def _index(kind: str, statement: str) -> None:
    connection = op.get_bind()
    for person, entity, words in connection.exec_driver_sql(statement).fetchall():
        text = written(words)
        if text:
            found = connection.exec_driver_sql(
                "INSERT INTO search_entry(person_id, kind, entity_id) VALUES (?, ?, ?) RETURNING id",
                (person, kind, entity),
            )
            connection.exec_driver_sql(
                "INSERT INTO search_word(rowid, words) VALUES (?, ?)", (found.scalar_one(), text)
            )
