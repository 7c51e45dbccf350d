"""The tables could be spread over machines, and the migrations make exactly them."""

import pytest
from sqlalchemy import BigInteger, Integer, UniqueConstraint

from carehub.platform import migrate
from carehub.platform.db import Database
from carehub.platform.schema import metadata

TABLES = sorted(metadata.tables.values(), key=lambda table: table.name)


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_every_table_is_person_distributed_reference_or_directory(table):
    distribution = table.info["distribution"]
    assert distribution in {"person", "reference", "directory"}
    keys = [column.name for column in table.primary_key.columns]
    uniques = [
        {column.name for column in each.columns}
        for each in (*table.constraints, *table.indexes)
        if isinstance(each, UniqueConstraint) or getattr(each, "unique", False)
    ]
    if distribution == "person":
        assert keys[0] == "person_id"
        assert all("person_id" in unique for unique in uniques)
    else:
        # Keyed by the very value it makes unique: no other rule of uniqueness beside it.
        assert not uniques
    for key in table.primary_key.columns:
        if isinstance(key.type, (Integer, BigInteger)):
            assert key.autoincrement is False


async def test_the_migrations_make_the_tables_as_described(database):
    db = Database(database)
    try:
        await migrate.to_head(db)
        await migrate.to_head(db)

        async def compare(tx):
            return await tx.run_sync(migrate.differences)

        assert await db.read(compare) == []
    finally:
        await db.close()
