"""Hearing meters: who is claimed, how a scan ends, and what is said where there is no Bluetooth."""

import asyncio
from contextlib import aclosing

import pytest

from carehub.care.readings import Kind
from carehub.devices import link
from carehub.errors import BluetoothForbidden, BluetoothMissing, BluetoothOff, MeterNotFound
from tests.helpers.meters import Sitting, room, until


async def heard(radio: link.Radio, kinds: set[Kind], seconds: float) -> list[str]:
    async with aclosing(link.find(radio, kinds, seconds)) as found:
        return [seen.name async for seen in found]


async def test_each_meter_is_heard_once_and_marked_as_simulated() -> None:
    async with room() as air:
        await air.cuff("Cuff one").switch_on()
        await air.cuff("Cuff two").switch_on()
        await air.glucose_meter("Glucose").switch_on()
        assert sorted(await heard(air.radio, {Kind.BLOOD_PRESSURE}, 0.3)) == [
            "Cuff one",
            "Cuff two",
        ]
        assert len(await heard(air.radio, set(Kind), 0.3)) == 3
        assert (await Sitting(air).hear(Kind.GLUCOSE)).simulated


async def test_silence_is_told_as_no_meter_found() -> None:
    async with room() as air:
        with pytest.raises(MeterNotFound) as caught:
            await heard(air.radio, set(Kind), 0.1)
    assert caught.value.sentence().startswith("No meter was found.")


async def test_a_scan_that_still_runs_is_stopped_before_linking() -> None:
    async with room() as air:
        cuff = air.cuff()
        cuff.remember(130, 80)
        listening = asyncio.create_task(heard(air.radio, {Kind.BLOOD_PRESSURE}, 30.0))
        await until(lambda: air.radio.scans)
        await Sitting(air).read(cuff)
        assert air.radio.scans == []
        assert await listening == ["Pretend Cuff"]


async def test_a_scan_is_stopped_when_its_listener_is_cancelled() -> None:
    async with room() as air:
        listening = asyncio.create_task(heard(air.radio, set(Kind), 30.0))
        await asyncio.sleep(0.05)
        listening.cancel()
        with pytest.raises(asyncio.CancelledError):
            await listening
        assert air.radio.scans == []


@pytest.mark.parametrize("begun", range(12))
@pytest.mark.parametrize("later", range(3))
async def test_a_scan_begun_while_another_one_ends_still_hears(begun: int, later: int) -> None:
    async with room() as air:
        left = asyncio.create_task(heard(air.radio, set(Kind), 30.0))
        for _ in range(begun):
            await asyncio.sleep(0)
        left.cancel()
        for _ in range(later):
            await asyncio.sleep(0)
        again = asyncio.create_task(heard(air.radio, set(Kind), 0.3))
        await asyncio.wait({left})
        await asyncio.sleep(0.05)
        await air.cuff().switch_on()
        assert await again == ["Pretend Cuff"]
        assert air.radio.scans == []


@pytest.mark.parametrize("address", ["unix:path=/nonexistent/bus", "no address"])
async def test_a_machine_without_bluetooth_says_so(
    monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", address)
    with pytest.raises(BluetoothMissing) as caught:
        await heard(link.Radio(), set(Kind), 1.0)
    assert caught.value.sentence().startswith("No Bluetooth was found on this computer.")


@pytest.mark.parametrize(
    ("reason", "meaning"),
    [
        ("POWERED_OFF", BluetoothOff),
        ("DENIED_BY_USER", BluetoothForbidden),
        ("NO_BLUETOOTH", BluetoothMissing),
        ("UNKNOWN", BluetoothMissing),
    ],
)
async def test_an_adapter_that_cannot_scan_says_why(
    monkeypatch: pytest.MonkeyPatch, reason: str, meaning: type[Exception]
) -> None:
    from bleak.exc import BleakBluetoothNotAvailableError, BleakBluetoothNotAvailableReason

    async def refuse(_scanner: object) -> None:
        why = BleakBluetoothNotAvailableReason[reason]
        raise BleakBluetoothNotAvailableError("cannot", why)

    async with room() as air:
        monkeypatch.setattr(air.radio.scanner, "start", refuse)
        with pytest.raises(meaning):
            await heard(air.radio, set(Kind), 0.1)
        assert air.radio.scans == []
