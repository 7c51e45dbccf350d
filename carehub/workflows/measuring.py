"""Read meters while somebody waits for it: listen, link, keep every frame, take what it means."""

import asyncio
from collections.abc import Callable, Collection
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import TYPE_CHECKING, TypeAlias
from uuid import UUID

from carehub.archive import consents as consent_rows
from carehub.archive import frames as frame_rows
from carehub.archive import meters as meter_rows
from carehub.care.consent import Purpose, refused
from carehub.care.meters import Frame, Meter
from carehub.care.readings import Kind
from carehub.devices import link, meters
from carehub.devices.meters import Decoded, Seen
from carehub.errors import MeterError, NotAllowed
from carehub.i18n import _
from carehub.workflows import readings
from carehub.workflows.readings import Taken

if TYPE_CHECKING:
    from carehub.archive.store import Archive

BETWEEN_METERS = 1.0
"""Seconds between two rounds of listening, so that a meter that hung up is not called back at once."""


@dataclass(frozen=True, slots=True)
class Arrived:
    """Readings were kept; the screen may show them."""

    taken: Taken = field(repr=False)
    meter: Meter


@dataclass(frozen=True, slots=True)
class Failed:
    """One session went wrong; what arrived before is kept, and listening goes on."""

    error: MeterError


Told: TypeAlias = link.Event | Arrived | Failed


@dataclass(slots=True)
class Sitting:
    """Somebody sits here with a meter; `tell` hears each event, on the loop that reads."""

    archive: "Archive"
    radio: link.Radio
    tell: Callable[[Told], None]
    clock: link.Clock
    zone_offset: int = meters.CHINA
    sitter: UUID | None = None
    """Who sits here, if somebody said so; whoever refused the reading of meters is not listened for."""
    timeouts: link.Timeouts = link.USUAL

    async def listen(self, kinds: Collection[Kind], seconds: float = 60.0) -> None:
        """Read each meter of these kinds whenever it is heard, until cancelled.

        A session that fails is told as Failed. Raises MeterNotFound where none is heard within
        `seconds`, NotAllowed where the sitter did not agree to it, and the Bluetooth errors.
        """
        self._ask_leave()
        while True:
            async with aclosing(link.find(self.radio, kinds, seconds)) as heard:
                seen = await anext(heard, None)
            if seen is not None:
                try:
                    await self.read(seen)
                except MeterError as error:
                    self.tell(Failed(error))
            await asyncio.sleep(BETWEEN_METERS)

    async def read(self, seen: Seen) -> Taken:
        """Link to one meter and take what it sends; a MeterError is raised after keeping what came."""
        driver = meters.driver_of(seen)
        if driver is None:
            raise LookupError(seen.name)
        reading = _OneMeter(self, driver)
        try:
            await link.read(
                self.radio,
                seen,
                driver,
                keep=reading.keep,
                tell=reading.hear,
                clock=self.clock,
                known=self._known(seen),
                timeouts=self.timeouts,
                zone_offset=self.zone_offset,
            )
        finally:
            reading.take_all()
        return reading.taken

    def _ask_leave(self) -> None:
        if self.sitter is None:
            return
        with self.archive.read() as tx:
            given = consent_rows.of(tx, self.sitter)
        if refused(given, Purpose.DEVICE_DATA):
            raise NotAllowed(
                _(
                    "You have not agreed to the reading of meters. Type the numbers in, or agree "
                    "under Mine, Privacy."
                )
            )

    def _known(self, seen: Seen) -> Meter | None:
        with self.archive.read() as tx:
            stored = meter_rows.everyone(tx)
        return next((meter for meter in stored if meter.address == seen.address), None)


class _OneMeter:
    """One session's frames on their way into the archive."""

    def __init__(self, sitting: Sitting, driver: meters.Driver) -> None:
        self.sitting, self.driver = sitting, driver
        self.taken = Taken()
        self._frames: list[Frame] = []
        self._transfer: link.Transfer | None = None
        self._ready = False
        self._live = False

    def keep(self, frame: Frame) -> None:
        """Commit the bytes; called before the meter is told that they arrived."""
        with self.sitting.archive.write() as tx:
            frame_rows.keep(tx, frame)
        self._frames.append(frame)

    def hear(self, event: link.Event) -> None:
        """Pass an event on, and take a reading that was made just now without waiting for the end."""
        self._ready = self._ready or event == link.StepChanged(link.Step.TRANSFER)
        self._live = self._live or isinstance(event, link.CuffPressure)
        if isinstance(event, link.Ended):
            self._transfer = event.transfer
        self.sitting.tell(event)
        if isinstance(event, (link.FrameKept, link.StepChanged)) and self._ready and self._live:
            asyncio.get_running_loop().call_soon(self._take_live)

    def _take_live(self) -> None:
        decoded = self._decoded()
        if decoded.measurements and not self._transfer:
            self._take(decoded, self._meter())

    def take_all(self) -> None:
        """Take all that came, in the order of the session; taking twice adds nothing."""
        if self._frames:
            self._take(self._decoded(), self._meter())
            with self.sitting.archive.write() as tx:
                frame_rows.done(tx, [frame.id for frame in self._frames], "read")

    def _take(self, decoded: Decoded, meter: Meter) -> None:
        sitting = self.sitting
        taken = take(sitting.archive, meter, decoded, sitting.zone_offset, sitting.clock())
        self.taken = _joined(self.taken, taken)
        if taken.added or taken.unassigned or taken.refused:
            sitting.tell(Arrived(taken, meter))

    def _decoded(self) -> Decoded:
        return self.driver.decode(self._frames, self.sitting.zone_offset)

    def _meter(self) -> Meter:
        if self._transfer is not None:
            return self._transfer.meter
        return _meter_of(self._frames[0], self.driver)


def take(archive: "Archive", meter: Meter, decoded: Decoded, zone_offset: int, now: int) -> Taken:
    """Take decoded measurements and note what could not be decoded, with its sentence."""
    with archive.write() as tx:
        frame_rows.done(tx, [refused.frame for refused in decoded.refused], "refused")
    newer = replace(meter, clock_offset=decoded.clock_offset or meter.clock_offset)
    taken = readings.take(archive, newer, decoded.measurements, zone_offset=zone_offset, now=now)
    sentences = tuple(dict.fromkeys(refused.sentence for refused in decoded.refused))
    return replace(taken, refused=(*taken.refused, *sentences))


def recover(archive: "Archive", now: int, zone_offset: int = meters.CHINA) -> Taken:
    """Decode and take the frames that a crash left, meter by meter; runs at each opening."""
    with archive.read() as tx:
        pending = frame_rows.pending(tx)
        stored = {meter.id: meter for meter in meter_rows.everyone(tx)}
    result = Taken()
    for (meter_id, _transfer), group in groupby(pending, lambda f: (f.meter_id, f.transfer_id)):
        frames = tuple(group)
        driver = meters.driver_named(frames[0].driver)
        meter = stored.get(meter_id) or (_meter_of(frames[0], driver) if driver else None)
        if meter is None:
            continue  # its driver is gone; the bytes stay until it is back
        taken = take(archive, meter, meters.decode_frames(frames, zone_offset), zone_offset, now)
        with archive.write() as tx:
            frame_rows.done(tx, [frame.id for frame in frames], "read")
        result = _joined(result, taken)
    return result


def _meter_of(frame: Frame, driver: meters.Driver) -> Meter:
    """Return what is known of a meter whose session never ended well."""
    return Meter(
        id=frame.meter_id,
        name="",
        driver=driver.name,
        address="",
        kind=driver.kind,
        simulated=frame.simulated,
        last_read_at=frame.received_at,
    )


def _joined(first: Taken, second: Taken) -> Taken:
    return Taken(
        added=first.added + second.added,
        unassigned=first.unassigned + second.unassigned,
        known=first.known + second.known,
        refused=tuple(dict.fromkeys(first.refused + second.refused)),
        alerts=first.alerts + second.alerts,
        notices=first.notices + second.notices,
    )
