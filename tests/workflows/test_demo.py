"""The fictional household: plainly made up, the same each time, and marked as pretend throughout."""

from pathlib import Path

import pytest

from carehub.archive import consents
from carehub.archive import people as people_rows
from carehub.archive import readings as rows
from carehub.care.consent import Purpose
from carehub.care.readings import Kind
from carehub.workflows import demo
from tests.helpers import archives
from tests.helpers.records import DAY, NOON


@pytest.fixture
def furnished(tmp_path: Path):
    archive = archives.new(tmp_path / "demo", demo=True)
    household = demo.furnish(archive, NOON, days=40)
    yield archive, household
    archive.close(NOON)


def readings_of(archive, person_id):
    with archive.read() as tx:
        return [
            reading for kind in Kind for reading in rows.between(tx, person_id, kind, 0, NOON + DAY)
        ]


def test_two_people_with_readings_that_are_all_pretend(furnished):
    archive, household = furnished
    for person in (household.grandmother, household.grandfather):
        kept = readings_of(archive, person.id)
        assert len(kept) > 30
        assert all(reading.simulated for reading in kept)
        assert max(reading.taken_at for reading in kept) <= NOON
        assert min(reading.taken_at for reading in kept) >= NOON - 41 * DAY
        with archive.read() as tx:
            given = {row.purpose for row in consents.of(tx, person.id)}
        assert {Purpose.ARCHIVE, Purpose.DEVICE_DATA} <= given
    assert {reading.kind for reading in readings_of(archive, household.grandmother.id)} == set(Kind)
    with archive.read() as tx:
        agreed = people_rows.glucose_plan(tx, household.grandmother.id)
    assert agreed is not None
    assert agreed.hba1c_on is not None


def test_nobody_could_take_them_for_real_people(furnished):
    archive, household = furnished
    with archive.read() as tx:
        for person in (household.grandmother, household.grandfather):
            profile = people_rows.profile(tx, person.id)
            assert "示" in profile.person.name
            assert profile.conditions
            assert all(contact.phone.startswith("1380000") for contact in profile.contacts)


def test_the_same_moment_gives_the_same_values(furnished, tmp_path):
    archive, household = furnished
    other = archives.new(tmp_path / "again", demo=True)
    try:
        again = demo.furnish(other, NOON, days=40)
        pairs = zip(
            readings_of(archive, household.grandmother.id),
            readings_of(other, again.grandmother.id),
            strict=True,
        )
        assert all((a.v1, a.v2, a.taken_at) == (b.v1, b.v2, b.taken_at) for a, b in pairs)
    finally:
        other.close(NOON)
