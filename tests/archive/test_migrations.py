"""Older archives become today's with every row, or stay as they were."""

import shutil
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from carehub.archive import backup, cipher, migrate, people, readings, search, soundness, tables
from carehub.archive.store import Archive
from carehub.care.readings import Kind
from carehub.errors import ArchiveTooNew
from tests.helpers import archives
from tests.helpers.records import NOON

SCRIPTS = ScriptDirectory(str(migrate.SCRIPTS))
REVISIONS = [script.revision for script in SCRIPTS.walk_revisions()][::-1]


def test_the_newest_revision_is_the_one_we_name():
    assert SCRIPTS.get_heads() == [tables.REVISION]
    assert len(REVISIONS) >= 2


def test_the_tables_are_those_of_the_newest_revision(archive):
    with archive.read() as tx:
        context = MigrationContext.configure(
            tx, opts={"include_object": _ours, "compare_type": True, "render_as_batch": True}
        )
        assert compare_metadata(context, tables.metadata) == []


def _ours(thing, name, kind, reflected, compared):
    return not (kind == "table" and name.startswith("search_word"))


def test_indexes_and_triggers_have_the_conditions_that_the_tables_name(archive):
    """Alembic does not compare the condition of a partial index."""
    with archive.read() as tx:
        made = dict(tx.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE sql > ''").all())
    for table in tables.metadata.tables.values():
        for index in table.indexes:
            condition = index.dialect_options["sqlite"]["where"]
            if condition is not None:
                assert "WHERE" in made[index.name], index.name
    assert {"reading_is_never_edited", "void_is_sticky", "consent_is_never_edited"} <= set(made)


def test_a_reading_is_guarded_in_every_column(archive):
    with archive.read() as tx:
        trigger = tx.exec_driver_sql(
            "SELECT sql FROM sqlite_master WHERE name = 'reading_is_never_edited'"
        ).scalar_one()
    free = {"person_id", "voided", "voided_at", "in_force"}
    guarded = set(trigger.split("OF")[1].split("ON reading")[0].replace(",", " ").split())
    assert guarded == {column.name for column in tables.reading.columns} - free


@pytest.mark.parametrize("revision", REVISIONS)
def test_each_revision_becomes_today_s_with_every_row(folder, revision):
    keys = archives.at_revision(folder, revision)
    before = soundness.counts(folder / "archive.db", keys.database_key())
    assert before["reading"] == before["medicine"] == 9
    archive = Archive.open(folder, keys, NOON)
    found = archive.check()
    assert found.sound
    grown = {"search_entry", "alembic_version"}
    assert {n: c for n, c in found.counts.items() if n in before and n not in grown} == {
        name: count for name, count in before.items() if name not in grown
    }
    with archive.read() as tx:
        everyone = people.everyone(tx)
        assert len(everyone) == 3
        for person in everyone:
            profile = people.profile(tx, person.id)
            assert len(profile.medicines) == len(profile.conditions) == 3
            assert len(readings.between(tx, person.id, Kind.BLOOD_PRESSURE, 0, NOON)) == 3
    kept = backup.list_backups(folder)
    if revision == tables.REVISION:
        assert kept == []
    else:
        assert [b.before for b in kept] == [revision]
        # What was written under 0002 or later went into the index as it was written.
        assert search_finds(archive) is (revision < "0002")
    archive.close(NOON)


def search_finds(archive):
    with archive.read() as tx:
        kinds = {hit.kind for hit in search.find(tx, "示例", limit=1000)}
    return kinds == {
        "Person",
        "Condition",
        "Allergy",
        "Medicine",
        "HistoryLine",
        "EmergencyContact",
        "Reading",
    }


def test_the_backup_before_a_migration_goes_back(folder):
    keys = archives.at_revision(folder, "0001")
    Archive.open(folder, keys, NOON).close(NOON)
    kept = backup.list_backups(folder)[-1]
    backup.restore(folder, kept.file, keys, NOON + 1)
    assert migrate.revision_of(folder / "archive.db", keys.database_key()) == "0001"
    again = Archive.open(folder, keys, NOON + 2)
    assert again.info().people == 3
    again.close(NOON + 2)


BROKEN = {
    "raises": 'op.execute("DELETE FROM medicine")\n    raise RuntimeError("half way")',
    "loses rows": 'op.execute("DELETE FROM medicine WHERE rowid = 1")',
    "loses a parent": 'op.execute("DELETE FROM person WHERE rowid = 1")',
    "loses children": 'op.execute("DELETE FROM reading WHERE 1")',
    "breaks a reference": (
        'op.execute("DROP TRIGGER void_is_sticky")\n'
        "    op.execute(\"UPDATE reading SET person_id = x'00'\")"
    ),
}


@pytest.mark.parametrize("body", BROKEN.values(), ids=BROKEN)
def test_a_migration_that_fails_leaves_the_archive_as_it_was(folder, tmp_path, body):
    keys = archives.at_revision(folder, "0001")
    file, key = folder / "archive.db", keys.database_key()
    before = content(file, key)
    with pytest.raises(RuntimeError):
        migrate.to_head(file, key, broken(tmp_path, body))
    assert content(file, key) == before
    assert migrate.revision_of(file, key) == "0001"
    archive = Archive.open(folder, keys, NOON)
    assert archive.info().people == 3
    assert archive.check().sound
    archive.close(NOON)


def broken(tmp_path: Path, body: str) -> Path:
    scripts = tmp_path / "scripts"
    shutil.copytree(migrate.SCRIPTS, scripts)
    (scripts / "versions" / "9999_broken.py").write_text(
        'from alembic import op\n\nrevision = "9999"\n'
        f'down_revision = "{tables.REVISION}"\n\n\n'
        f"def upgrade():\n    {body}\n"
    )
    return scripts


def content(file, key):
    with closing(cipher.connect(file, key)) as connection:
        names = [name for (name,) in connection.execute("SELECT name FROM sqlite_master")]
        return names, {
            name: connection.execute(f'SELECT * FROM "{name}"').fetchall()
            for name in soundness.counts(file, key)
        }


def test_a_rebuild_of_the_parent_keeps_the_children(folder, tmp_path):
    """What happened with foreign keys on: the children were deleted without a word."""
    keys = archives.at_revision(folder, "0002")
    body = (
        'with op.batch_alter_table("person", recreate="always") as person:\n'
        '        person.drop_column("called")'
    )
    migrate.to_head(folder / "archive.db", keys.database_key(), broken(tmp_path, body))
    counts = soundness.counts(folder / "archive.db", keys.database_key())
    assert (counts["person"], counts["reading"], counts["medicine"]) == (3, 9, 9)


def test_an_unknown_revision_is_of_the_future(folder):
    keys = archives.at_revision(folder, "0002")
    with closing(cipher.connect(folder / "archive.db", keys.database_key())) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '0042'")
    with pytest.raises(ArchiveTooNew):
        migrate.to_head(folder / "archive.db", keys.database_key())
