"""The pretend meters: bytes as the profiles lay them down, and an air that leaves nothing behind."""

import asyncio
import struct
from datetime import datetime
from decimal import Decimal

import pytest
from bleak import BleakClient
from bleak.backends.device import BLEDevice
from bleak.exc import BleakError, BleakGATTProtocolError

from carehub.care.readings import Kind, Unit
from carehub.devices.simulator import Air, Faults, Features, PretendGlucoseMeter
from carehub.devices.simulator import encoding as e
from tests.helpers.meters import MINUTE, NOON, Sitting, room, until

NEW_YEAR = datetime.fromisoformat("2026-01-01T12:00:00")


@pytest.mark.parametrize(
    ("value", "hexes"),
    [
        (142, "8e00"),
        (0, "0000"),
        (-1, "ff0f"),
        (Decimal("36.6"), "6ef1"),
        (Decimal("0.0056"), "38c0"),
        (Decimal("20.50"), "cdf0"),
        (4000, "9011"),
    ],
)
def test_short_floats(value: Decimal | int, hexes: str) -> None:
    assert e.short_float(value).hex() == hexes


@pytest.mark.parametrize("value", [2046, Decimal("1.0001"), Decimal("1E-9"), Decimal("1E+8")])
def test_what_does_not_fit_is_refused(value: Decimal | int) -> None:
    with pytest.raises(ValueError, match="SFLOAT"):
        e.short_float(value)


def test_a_pressure_as_the_profile_lays_it_down() -> None:
    record = e.Pressure(142, 88, 106, pulse=72, taken_at=NEW_YEAR, user=1, status=4)
    assert e.pressure(record).hex(" ") == (
        "1e 8e 00 58 00 6a 00 ea 07 01 01 0c 00 00 48 00 01 04 00"
    )
    assert e.cuff_pressure(100).hex(" ") == "00 64 00 ff 07 ff 07"


def test_a_glucose_record_as_the_profile_lays_it_down() -> None:
    record = e.Glucose(5, NEW_YEAR, e.millimolar("5.6"), offset=-602, status=32, meal=3)
    assert e.glucose(record).hex(" ") == ("1f 05 00 ea 07 01 01 0c 00 00 a6 fd 38 c0 11 20 00")
    assert e.glucose_context(record).hex(" ") == "02 05 00 03"
    assert e.glucose(e.Glucose(5, None, None, molar=False)).hex(" ") == (
        "00 05 00 00 00 00 00 00 00 00"
    )


def test_a_clock_as_the_profile_lays_it_down() -> None:
    assert e.current_time(NEW_YEAR).hex(" ") == "ea 07 01 01 0c 00 00 04 00 00"
    assert e.current_time(None) == bytes(10)


async def test_milligrams_are_read_as_milligrams() -> None:
    async with room() as air:
        meter, sitting = air.glucose_meter(), Sitting(air)
        meter.remember(mgdl=101)
        await sitting.read(meter)
    (found,) = sitting.measurements()
    assert (found.v1, found.unit) == (101, Unit.MG_DL)


async def test_a_meter_has_the_same_address_in_each_run_and_shares_it_with_nobody() -> None:
    async with room() as air:
        addresses = [air.cuff().address, air.cuff().address, air.glucose_meter().address]
    async with room() as air:
        again = air.cuff().address
    assert len(set(addresses)) == 3
    assert again == addresses[0]


async def test_the_radio_exists_only_inside_the_air() -> None:
    with pytest.raises(RuntimeError, match="entered"):
        Air(lambda: NOON).radio  # noqa: B018 - the property itself is what is tried


async def test_leaving_the_air_ends_a_meter_in_the_middle_of_everything() -> None:
    async with room() as air:
        cuff = air.cuff(faults=Faults(slow=30.0))
        cuff.remember(130, 80)
        session = asyncio.create_task(Sitting(air).read(cuff))
        await until(lambda: cuff.connection is not None)
        session.cancel()
        with pytest.raises(asyncio.CancelledError):
            await session
    async with room() as air:
        cuff = air.cuff(features=Features(live=False))
        cuff.measure(130, 80)
        await asyncio.sleep(0.05)


async def test_a_cuff_can_measure_again_and_again() -> None:
    async with room() as air:
        cuff, sitting = air.cuff(features=Features(live=False)), Sitting(air)
        for minute in range(3):
            cuff.remember(130 + minute, 80, at=NOON + minute * MINUTE)
            await sitting.read(cuff)
        assert (cuff.links, cuff.confirmed) == (3, 3)
    assert [one.v1 for one in sitting.measurements()] == [130, 131, 132]


async def test_switching_a_linked_meter_off_ends_the_link() -> None:
    async with room() as air:
        meter = air.glucose_meter()
        await meter.switch_on()
        client = await linked(air, Kind.GLUCOSE)
        await meter.switch_off()
        await until(lambda: not client.is_connected)
        with pytest.raises(BleakError):
            await client.read_gatt_char("2A51")
        await client.disconnect()


async def test_a_request_in_flight_when_the_link_drops_is_an_error_not_a_cancellation() -> None:
    async with room() as air:
        meter = air.glucose_meter()
        await meter.switch_on()
        client = await linked(air, Kind.GLUCOSE)
        asking = asyncio.create_task(client.read_gatt_char("2A51"))
        await asyncio.sleep(0)
        await meter.switch_off()
        with pytest.raises(BleakError):
            await asking


async def linked(air: Air, kind: Kind) -> BleakClient:
    seen = await Sitting(air).hear(kind)
    assert isinstance(seen.handle, BLEDevice)
    client = BleakClient(seen.handle, backend=air.radio.client)
    await client.connect()
    return client


async def ask(client: BleakClient, request: bytes) -> bytes:
    answers: asyncio.Queue[bytes] = asyncio.Queue()
    await client.start_notify("2A52", lambda _sender, data: answers.put_nowait(bytes(data)))
    await client.write_gatt_char("2A52", request, response=True)
    async with asyncio.timeout(1.0):
        return await answers.get()


@pytest.mark.parametrize(
    ("request_bytes", "answer"),
    [
        (b"\x04\x01", b"\x05\x00\x04\x00"),
        (b"\x04\x05", b"\x05\x00\x01\x00"),
        (b"\x04\x06", b"\x05\x00\x01\x00"),
        (b"\x04\x02\x01\x02\x00", b"\x05\x00\x02\x00"),
        (b"\x04\x03\x01\x02\x00", b"\x05\x00\x03\x00"),
        (b"\x04\x04\x01\x02\x00\x03\x00", b"\x05\x00\x02\x00"),
        (b"\x04\x04\x01\x03\x00\x02\x00", b"\x06\x00\x04\x05"),
        (b"\x04\x03\x02\x02\x00", b"\x06\x00\x04\x09"),
        (b"\x04\x09", b"\x06\x00\x04\x03"),
        (b"\x01\x03\x01\x63\x00", b"\x06\x00\x01\x06"),
        (b"\x02\x01", b"\x06\x00\x02\x02"),
        (b"\x03\x00", b"\x06\x00\x03\x01"),
    ],
)
async def test_the_control_point_answers_as_the_profile_says(
    request_bytes: bytes, answer: bytes
) -> None:
    async with room() as air:
        meter = air.glucose_meter()
        for _record in range(4):
            meter.remember("5.6")
        await meter.switch_on()
        client = await linked(air, Kind.GLUCOSE)
        assert await ask(client, request_bytes) == answer
        await client.disconnect()


async def test_the_control_point_wants_to_be_subscribed_to() -> None:
    async with room() as air:
        meter = air.glucose_meter()
        await meter.switch_on()
        client = await linked(air, Kind.GLUCOSE)
        with pytest.raises(BleakGATTProtocolError) as caught:
            await client.write_gatt_char("2A52", b"\x04\x01", response=True)
        await client.disconnect()
    assert caught.value.code == 0xFD


async def test_bleaks_other_calls_work_as_well() -> None:
    async with room() as air:
        meter: PretendGlucoseMeter = air.glucose_meter()
        await meter.switch_on()
        client = await linked(air, Kind.GLUCOSE)
        assert client.mtu_size == 23
        assert client.name == meter.address
        characteristic = client.services.get_characteristic("2A18")
        assert characteristic is not None
        await client.start_notify(characteristic, lambda _sender, _data: None)
        (switch,) = characteristic.descriptors
        assert struct.unpack("<H", await client.read_gatt_descriptor(switch)) == (1,)
        await client.stop_notify(characteristic)
        await client.unpair()
        await client.disconnect()
        for work in (client.pair(), client.read_gatt_char(characteristic)):
            with pytest.raises(BleakError):
                await work
