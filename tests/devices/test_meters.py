"""The list of drivers: its order, no two for one meter, and frames of any driver decoded."""

import subprocess
import sys
from dataclasses import replace
from itertools import combinations
from uuid import UUID

import pytest

from carehub.care.meters import Frame
from carehub.devices import drivers, meters
from carehub.devices.drivers import (
    A_AND_D,
    ACCU_CHEK,
    BEURER,
    BLOOD_PRESSURE,
    BUILT_IN,
    CARESENS,
    CONTOUR,
    GLUCOSE,
    OMRON,
    TAIDOC,
)
from carehub.devices.meters import Driver, Seen, decode_frames, driver_named, driver_of, registry


def seen(*services: str, name: str = "Meter") -> Seen:
    return Seen(address="F0:00:00:00:00:02", name=name, services=frozenset(services))


def frame(driver: str, hexes: str, transfer: int, characteristic: str = "2A35") -> Frame:
    return Frame(
        id=UUID(int=transfer),
        meter_id="M1",
        driver=driver,
        characteristic=characteristic,
        data=bytes.fromhex(hexes),
        received_at=1_767_240_000_000,
        transfer_id=UUID(int=transfer),
    )


def test_the_drivers_stand_in_their_order_and_have_names_of_their_own() -> None:
    families = (A_AND_D, OMRON, BEURER, BLOOD_PRESSURE, ACCU_CHEK, CONTOUR, TAIDOC, CARESENS)
    assert registry()[:9] == (*families, GLUCOSE)
    names = [driver.name for driver in registry()]
    assert len(set(names)) == len(names)
    assert all(isinstance(driver, Driver) for driver in registry())


@pytest.mark.parametrize(
    ("name", "service", "driver"),
    [
        ("A&D_UA-651BLE_1A2B3C", "1810", A_AND_D),
        ("BLEsmart_0000011F000000", "1810", OMRON),
        ("BLESmart_0000011F000000", "1810", OMRON),
        ("BM59", "1810", BEURER),
        ("SBM69", "1810", BEURER),
        ("Meter", "1810", BLOOD_PRESSURE),
        ("", "1810", BLOOD_PRESSURE),
        ("meter+12345678", "1808", ACCU_CHEK),
        ("Contour7830H1234567", "1808", CONTOUR),
        ("TAIDOC TD4277", "1808", TAIDOC),
        ("FORA GD40", "1808", TAIDOC),
        ("CareSens N", "1808", CARESENS),
        ("Meter", "1808", GLUCOSE),
    ],
)
def test_a_family_is_known_by_its_name_and_only_with_its_service(
    name: str, service: str, driver: Driver
) -> None:
    assert driver_of(seen(service, name=name)) is driver
    assert driver_of(seen("180D", name=name)) is None
    claimed = [one for one in registry() if one.match(seen(service, name=name))]
    assert claimed in ([driver], [driver, BLOOD_PRESSURE], [driver, GLUCOSE])


def test_a_name_of_one_family_is_no_name_of_another() -> None:
    families = [driver for driver in BUILT_IN if driver.names]  # type: ignore[attr-defined]  # ours
    for one, other in combinations(families, 2):
        if one.policy.service == other.policy.service:
            for name in one.names:  # type: ignore[attr-defined]  # a family of ours
                assert not other.match(seen(other.policy.service, name=name))


def test_a_meter_of_two_services_belongs_to_the_first_driver() -> None:
    assert driver_of(seen("1808", "1810")) is BLOOD_PRESSURE
    assert driver_of(seen("1808", "180A")) is GLUCOSE
    assert driver_of(seen("180D")) is None


def test_each_driver_has_its_help_and_says_how_it_was_verified() -> None:
    for driver in BUILT_IN:
        said = drivers.help_of(driver.name)
        assert "Verified: profile-conformant, simulated; unverified on hardware." in said


def test_drivers_are_found_by_name() -> None:
    assert driver_named("glucose") is GLUCOSE
    assert driver_named("gone") is None


def test_frames_of_several_transfers_are_decoded_in_order() -> None:
    decoded = decode_frames(
        [
            frame("blood_pressure", "EA070101 0C0000 04 00 00", 1, "2A2B"),
            frame("blood_pressure", "00 8E00 5800 6A00", 1),
            frame("glucose", "06 0500 EA070101 0C0000 38C0 11", 2, "2A18"),
            frame("gone", "00", 3),
        ]
    )
    assert [one.v1 for one in decoded.measurements] == [142, decoded.measurements[1].v1]
    assert decoded.clock_offset == 0
    (refused,) = decoded.refused
    assert refused.frame == UUID(int=3)
    assert "no driver" in refused.sentence


class Entry:
    """An entry point that gives what it was made with, or raises it."""

    def __init__(self, name: str, offer: object) -> None:
        self.name, self.offer = name, offer

    def load(self) -> object:
        if isinstance(self.offer, Exception):
            raise self.offer
        return self.offer


def test_a_driver_of_another_package_comes_after_ours_and_a_broken_one_is_told_and_skipped(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    theirs = replace(GLUCOSE, name="theirs", names=("theirs",))
    entries = [
        Entry("5 theirs", theirs),
        Entry("4 nothing", object()),
        Entry("3 gone", ImportError("no module named gone")),
        Entry("2 odd", ZeroDivisionError("division by zero")),
        Entry("1 twice", GLUCOSE),
    ]
    monkeypatch.setattr(meters, "entry_points", lambda group: entries)
    monkeypatch.setattr(meters, "offered", meters.offered.__wrapped__)
    assert meters.registry() == (*BUILT_IN, theirs)
    assert {one.name: one.why for one in meters.broken()} == {
        "1 twice": "its name is taken",
        "2 odd": "ZeroDivisionError: division by zero",
        "3 gone": "ImportError: no module named gone",
        "4 nothing": "it is no meter driver",
    }
    assert "3 gone" in caplog.text


def test_importing_devices_loads_no_radio() -> None:
    code = (
        "import sys, carehub.devices, carehub.devices.meters, carehub.devices.link; "
        "carehub.devices.meters.registry(); "
        "print([name for name in ('bleak', 'bumble', 'dbus_fast') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
