"""Pretend meters with the quirks of the families that have drivers of their own."""

import dataclasses
from collections.abc import Iterable
from typing import TypeAlias

from bumble.gatt import Service

from carehub.devices.simulator.cuff import PretendCuff
from carehub.devices.simulator.encoding import Glucose, Pressure, date_time, glucose, pressure
from carehub.devices.simulator.glucose import PretendGlucoseMeter
from carehub.devices.simulator.meter import settable, uuid
from carehub.devices.simulator.traits import PLAIN, Features

_SETTABLE = Features(tells_time=True, lets_set=True)
_USER = 0x08
_MONTH, _JANUARY, _NO_MONTH = 5, 1, 13
_ALL = b"\x01\x01"


class PretendAAndD(PretendCuff):
    """A cuff with its clock (2A08) in its own service, which must be set before it sends.

    `error` is what its display shows when it is asked for values first: it then switches off.
    """

    error = ""

    def services(self) -> Iterable[Service]:
        """Return the Blood Pressure Service with a Date Time in it."""
        for service in super().services():
            if service.uuid == uuid(self.service):
                shown = settable("2A08", lambda: date_time(self.now()), self.set_clock)
                service.characteristics.append(shown)
            yield service

    async def work(self) -> None:
        """Send as other cuffs do, once it was told the time before it was asked for values."""
        await self.until_subscribed("2A35")
        if not self.told:
            self.error = "E10"
            self.air.start(self.switch_off())
            return
        await super().work()


class PretendOmron(PretendCuff):
    """A cuff that sends nothing before it was told the time."""

    async def work(self) -> None:
        """Send as other cuffs do, once it was told the time."""
        await self.until_told()
        await super().work()


class PretendBeurer(PretendCuff):
    """A cuff that turns pulse and status round and does not announce the user."""

    def encoded(self, record: Pressure) -> bytes:
        """Return the record with both words big-endian, a mean of 0 and the user's flag missing."""
        sent = dataclasses.replace(record, mean=0, user=record.user or 1, status=record.status or 0)
        if sent.pulse is None:
            return pressure(sent)
        data = bytearray(pressure(sent))
        data[0] &= ~_USER
        data[-5:-3], data[-2:] = data[-5:-3][::-1], data[-2:][::-1]
        return bytes(data)


class PretendAccuChek(PretendGlucoseMeter):
    """A meter whose records have other seconds each time they are sent."""

    _sent = 0

    def encoded(self, record: Glucose) -> bytes:
        """Return the record with the seconds of the moment."""
        self._sent += 1
        if record.taken_at is None:
            return glucose(record)
        seconds = self._sent * 7 % 60
        return glucose(
            dataclasses.replace(record, taken_at=record.taken_at.replace(second=seconds))
        )


class PretendContour(PretendGlucoseMeter):
    """A meter that sends everything, and takes its time, whenever it is asked for all."""

    @property
    def floods(self) -> int:
        """Return how often everything was asked for."""
        return self.asked.count(_ALL)


class PretendTaiDoc(PretendGlucoseMeter):
    """A meter whose newest record is number 0 and comes first."""

    def listed(self) -> list[Glucose]:
        """Return the memory newest first, numbered from 0."""
        newest = reversed(self.memory)
        return [dataclasses.replace(one, sequence=number) for number, one in enumerate(newest)]


class PretendCareSens(PretendGlucoseMeter):
    """A meter that says month 13 where it means January."""

    def encoded(self, record: Glucose) -> bytes:
        """Return the record with its odd January."""
        data = bytearray(glucose(record))
        if data[_MONTH] == _JANUARY:
            data[_MONTH] = _NO_MONTH
        return bytes(data)


_Made: TypeAlias = type[PretendCuff] | type[PretendGlucoseMeter]
FAMILIES: dict[str, tuple[_Made, str, Features]] = {
    "a_and_d": (PretendAAndD, "A&D_UA-651BLE_0001", PLAIN),
    "omron": (PretendOmron, "BLESmart_00000001", _SETTABLE),
    "beurer": (PretendBeurer, "BM59", PLAIN),
    "blood_pressure": (PretendCuff, "Pretend Cuff", PLAIN),
    "accu_chek": (PretendAccuChek, "meter+00000001", _SETTABLE),
    "contour": (PretendContour, "Contour0000001", PLAIN),
    "taidoc": (PretendTaiDoc, "TAIDOC TD4277", PLAIN),
    "caresens": (PretendCareSens, "CareSens N", PLAIN),
    "glucose": (PretendGlucoseMeter, "Pretend Glucose", _SETTABLE),
}
