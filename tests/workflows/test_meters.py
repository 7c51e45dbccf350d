"""A meter forgotten, and known again with its owners."""

from dataclasses import replace

from carehub.archive import meters as rows
from carehub.care.changes import Changes
from carehub.workflows import meters
from tests.helpers.records import meter


def test_a_meter_is_forgotten_and_remembered_with_its_slots(archive, person):
    known = replace(meter(), slots=((1, person.id),))
    assert meters.remember(archive, known) is Changes.METERS
    assert meters.forget(archive, known.id) is Changes.METERS
    with archive.read() as tx:
        assert rows.get(tx, known.id) is None
    meters.remember(archive, known)
    with archive.read() as tx:
        assert rows.get(tx, known.id) == known
