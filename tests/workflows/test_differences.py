"""Of two values that met, the chosen one stands, whatever kind of entry it is."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from uuid import UUID, uuid4

import pytest

from carehub.archive import conflicts, people
from carehub.archive.conflicts import Conflict
from carehub.care.people import Allergy, Target
from carehub.errors import InputError
from carehub.workflows import differences
from carehub.workflows import people as acts
from tests.helpers import archives
from tests.helpers.records import NOON


@pytest.fixture
def archive(tmp_path):
    made = archives.new(tmp_path / "here")
    yield made
    made.close(NOON)


@pytest.fixture
def person(archive):
    return acts.add(archive, name="王示例", born=date(1948, 3, 12), now=NOON)


def met(archive, person, kind, entity_id, field, lost):
    one = Conflict(
        uuid4(), person.id, kind, entity_id, field, None, lost, UUID(int=1), UUID(int=2), NOON
    )
    with archive.write() as tx:
        conflicts.put(tx, one)
    return one.id


def test_a_persons_own_field(archive, person):
    key = met(archive, person, "person", person.id, "called", "王奶奶")
    differences.take_other(archive, key, NOON)
    with archive.read() as tx:
        assert people.get(tx, person.id) == replace(person, called="王奶奶")
        assert conflicts.unsettled(tx, person.id) == []


def test_a_target(archive, person):
    acts.agree_target(archive, person.id, Target(systolic=Decimal(130)), NOON)
    key = met(archive, person, "target", person.id, "systolic", "140")
    differences.take_other(archive, key, NOON)
    with archive.read() as tx:
        assert people.target(tx, person.id) == Target(systolic=Decimal(140))


def test_an_entry_that_the_other_side_took_out(archive, person):
    line = Allergy(uuid4(), person.id, "青霉素")
    acts.note(archive, line, NOON)
    differences.take_other(archive, met(archive, person, "allergy", line.id, "", "removed"), NOON)
    with archive.read() as tx:
        assert people.line(tx, Allergy, line.id) is None
    gone = met(archive, person, "allergy", line.id, "reaction", "x")
    differences.take_other(archive, gone, NOON)
    with archive.read() as tx:
        assert conflicts.unsettled(tx, person.id) == []


@pytest.mark.parametrize(
    ("kind", "field", "lost"),
    [("new_kind", "x", 1), ("person", "name", None), ("target", "systolic", "no number")],
)
def test_what_cannot_be_read_here_changes_nothing(archive, person, kind, field, lost):
    key = met(archive, person, kind, person.id, field, lost)
    with pytest.raises(InputError, match="cannot be changed here"):
        differences.take_other(archive, key, NOON)
    with archive.read() as tx:
        assert len(conflicts.unsettled(tx, person.id)) == 1
        assert people.get(tx, person.id) == person


def test_one_that_is_gone_is_said_so(archive):
    with pytest.raises(InputError, match="no such difference"):
        differences.take_other(archive, uuid4(), NOON)
