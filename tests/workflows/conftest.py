"""An archive for each test: real SQLCipher, cheap keys, one person with high blood pressure."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from carehub.archive import outbox
from carehub.archive.store import Archive
from carehub.care.people import Person
from carehub.wire.exchange import Op
from carehub.workflows import people
from tests.helpers import archives
from tests.helpers.records import NOON, condition

LATER = NOON + 30 * 60_000


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    opened = archives.new(tmp_path / "archive")
    yield opened
    opened.close(NOON)


@pytest.fixture
def person(archive: Archive) -> Person:
    added = people.add(archive, name="王示例", now=NOON)
    people.note(archive, condition(added.id), NOON)
    return added


@pytest.fixture
def ops(archive: Archive) -> Callable[[], list[Op]]:
    """Return what waits to leave, and only what came since the last call."""
    seen: set[object] = set()

    def fresh() -> list[Op]:
        with archive.read() as tx:
            new = [op for op in outbox.waiting(tx) if op.op_id not in seen]
        seen.update(op.op_id for op in new)
        return new

    return fresh
