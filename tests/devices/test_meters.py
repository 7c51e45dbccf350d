"""The list of drivers: its order, no two for one meter, and frames of any driver decoded."""

import subprocess
import sys
from itertools import combinations
from uuid import UUID

import pytest

from carehub.care.meters import Frame
from carehub.devices import meters
from carehub.devices.drivers import BLOOD_PRESSURE, GLUCOSE
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
    assert registry()[:2] == (BLOOD_PRESSURE, GLUCOSE)
    names = [driver.name for driver in registry()]
    assert len(set(names)) == len(names)
    assert all(isinstance(driver, Driver) for driver in registry())


def test_no_two_drivers_claim_the_same_plain_meter() -> None:
    for driver in registry():
        claimed = [one for one in registry() if one.match(seen(driver.policy.service))]
        assert claimed == [driver]
    for one, other in combinations(registry(), 2):
        assert one.policy.service != other.policy.service


def test_a_meter_of_two_services_belongs_to_the_first_driver() -> None:
    assert driver_of(seen("1808", "1810")) is BLOOD_PRESSURE
    assert driver_of(seen("1808", "180A")) is GLUCOSE
    assert driver_of(seen("180D")) is None


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


def test_a_driver_of_another_package_is_offered_after_ours(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Offered:
        def load(self) -> object:
            return GLUCOSE

        def __lt__(self, other: object) -> bool:
            return True

    class NotADriver(Offered):
        def load(self) -> object:
            return object()

    monkeypatch.setattr(meters, "entry_points", lambda group: [NotADriver(), Offered()])
    monkeypatch.setattr(meters, "registry", registry.__wrapped__)
    assert meters.registry() == (BLOOD_PRESSURE, GLUCOSE, GLUCOSE)


def test_importing_devices_loads_no_radio() -> None:
    code = (
        "import sys, carehub.devices, carehub.devices.meters, carehub.devices.link; "
        "carehub.devices.meters.registry(); "
        "print([name for name in ('bleak', 'bumble', 'dbus_fast') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
