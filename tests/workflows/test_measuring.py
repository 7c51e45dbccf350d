"""What a crash left is taken at the next opening; what failed is told while listening goes on."""

import asyncio
from contextlib import suppress

import pytest

from carehub.app import App
from carehub.archive import frames as rows
from carehub.archive import meters as meter_rows
from carehub.archive import readings as reading_rows
from carehub.archive.store import Archive
from carehub.care.consent import Purpose
from carehub.care.readings import Kind
from carehub.devices import link
from carehub.devices.meters import Seen
from carehub.devices.simulator import Air, Faults
from carehub.errors import ArchiveInUse, MeterError, NotAllowed
from carehub.workflows import measuring, rounds
from carehub.workflows import people as people_acts
from tests.helpers import archives
from tests.helpers.meters import QUICK
from tests.helpers.records import NOON, frame

GOOD = bytes.fromhex("1E880053006400EA070301071E004800020500")


def keep(archive, *frames):
    with archive.write() as tx:
        for one in frames:
            rows.keep(tx, one)


def test_frames_that_a_crash_left_are_decoded_and_taken_once(archive, person):
    keep(archive, frame(data=GOOD), frame(data=GOOD[:-1], meter_id="CUFF-2"))
    taken = measuring.recover(archive, NOON)
    assert [str(one.v1) for one in taken.unassigned] == ["136"]
    assert len(taken.refused) == 1
    with archive.read() as tx:
        assert rows.pending(tx) == []
        assert len(reading_rows.unassigned(tx)) == 1
        assert {meter.id for meter in meter_rows.everyone(tx)} == {"CUFF-1", "CUFF-2"}
    assert measuring.recover(archive, NOON).unassigned == ()


def test_frames_of_a_driver_that_is_gone_wait_until_it_is_back(archive, person):
    keep(archive, frame(driver="gone"))
    assert measuring.recover(archive, NOON).unassigned == ()
    with archive.read() as tx:
        assert len(rows.pending(tx)) == 1


async def test_a_session_that_fails_is_told_and_listening_goes_on(archive, person):
    told: list[measuring.Told] = []
    failed = asyncio.Event()

    def hear(one: measuring.Told) -> None:
        told.append(one)
        if isinstance(one, measuring.Failed):
            failed.set()

    async with Air(lambda: NOON) as air:
        cuff = air.cuff(faults=Faults(silent=True))
        await cuff.switch_on()
        sitting = measuring.Sitting(archive, air.radio, hear, lambda: NOON, timeouts=QUICK)
        listening = asyncio.create_task(sitting.listen((Kind.BLOOD_PRESSURE,), 5.0))
        async with asyncio.timeout(20):
            await failed.wait()
        assert not listening.done()
        listening.cancel()
        with suppress(asyncio.CancelledError):
            await listening
    assert all(
        isinstance(one.error, MeterError) for one in told if isinstance(one, measuring.Failed)
    )


async def test_what_no_driver_claims_is_not_read(archive, person):
    sitting = measuring.Sitting(archive, link.Radio(), lambda told: None, lambda: NOON)
    with pytest.raises(LookupError):
        await sitting.read(Seen("00:00", "toothbrush", frozenset()))


def test_an_opening_that_fails_lets_the_archive_go(tmp_path, monkeypatch):
    folder = tmp_path / "archive"
    made = archives.new(folder)
    keys = made.keys
    made.close(NOON)

    def fails(*words):
        raise ArchiveInUse

    with monkeypatch.context() as patched:
        patched.setattr(rounds, "make", fails)
        with pytest.raises(ArchiveInUse):
            App.open(folder, keys, link.Radio(), lambda: NOON)
    again = Archive.open(folder, keys, NOON)
    again.close(NOON)


def test_an_app_opens_what_it_made(tmp_path):
    folder = tmp_path / "archive"
    keys = archives.new_keys(folder)
    app = App.create(folder, keys, link.Radio(), lambda: NOON, demo=True)
    assert app.archive.demo
    app.close()
    App.open(folder, keys, link.Radio(), lambda: NOON).close()


async def test_whoever_refused_the_reading_of_meters_is_not_listened_for(archive):
    person = people_acts.add(archive, name="王示例", now=NOON)
    people_acts.consent(archive, person.id, Purpose.ARCHIVE, "1", NOON)
    sitting = measuring.Sitting(
        archive, link.Radio(), lambda _told: None, lambda: NOON, sitter=person.id
    )

    with pytest.raises(NotAllowed):
        await sitting.listen([Kind.BLOOD_PRESSURE], 0.1)
