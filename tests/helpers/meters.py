"""Sitting down with a pretend meter: quick limits, a clock that stands, and what was kept and told."""

import asyncio
from collections.abc import Callable
from contextlib import aclosing
from dataclasses import dataclass, field, replace

from carehub.care.meters import Frame, Measurement, Meter
from carehub.care.readings import Kind
from carehub.devices import link, meters
from carehub.devices.simulator import Air
from carehub.devices.simulator.meter import PretendMeter

NOON = 1_767_240_000_000
"""2026-01-01 12:00 at UTC+8, in UTC milliseconds."""
MINUTE = 60_000

QUICK = link.Timeouts(
    connect=1.0,
    operation=1.0,
    pairing=2.0,
    settle=0.0,
    first_value=0.8,
    idle=0.25,
    gap=0.2,
    procedure=0.4,
    linger=0.05,
    close=1.0,
)


def room() -> Air:
    """Return the air of a room at noon."""
    return Air(lambda: NOON)


@dataclass
class Sitting:
    """One reader of meters: what it kept and what it was told, over any number of sessions."""

    air: Air
    frames: list[Frame] = field(default_factory=list)
    events: list[link.Event] = field(default_factory=list)
    limits: link.Timeouts = QUICK
    keep: Callable[[Frame], None] | None = None

    async def hear(self, kind: Kind) -> meters.Seen:
        """Return the first meter of this kind that is heard."""
        async with aclosing(link.find(self.air.radio, {kind}, 2.0)) as heard:
            async for seen in heard:
                return seen
        raise AssertionError("find ended without a meter and without an error")

    async def read(self, meter: PretendMeter, known: Meter | None = None) -> link.Transfer:
        """Switch the meter on, hear it and read it."""
        await meter.switch_on()
        kind = Kind.BLOOD_PRESSURE if meter.service == "1810" else Kind.GLUCOSE
        seen = await self.hear(kind)
        driver = meters.driver_of(seen)
        assert driver is not None
        return await link.read(
            self.air.radio,
            seen,
            driver,
            keep=self.keep or self.frames.append,
            tell=self.events.append,
            clock=self.air.clock,
            known=known,
            timeouts=self.limits,
        )

    def with_limits(self, **changes: float) -> "Sitting":
        """Return a reader like this one with other limits."""
        limits = replace(self.limits, **changes)  # type: ignore[arg-type]  # `resumes` is whole
        return replace(self, limits=limits)

    def decoded(self) -> meters.Decoded:
        """Decode everything kept so far."""
        return meters.decode_frames(self.frames)

    def measurements(self) -> tuple[Measurement, ...]:
        """Return the different records kept so far, each once."""
        found = {one.record_key: one for one in self.decoded().measurements}
        return tuple(found.values())

    def told(self, kind: type[link.Event]) -> list[link.Event]:
        """Return the events of one type."""
        return [event for event in self.events if isinstance(event, kind)]

    def steps(self) -> list[link.Step]:
        """Return the steps in order."""
        return [event.step for event in self.events if isinstance(event, link.StepChanged)]


def meter_named(meter_id: str, **details: object) -> Meter:
    """Return a meter that was met before."""
    meter = Meter(
        id=meter_id, name="Pretend", driver="glucose", address="", kind=Kind.GLUCOSE, simulated=True
    )
    return replace(meter, **details)  # type: ignore[arg-type]  # named by the caller


async def until(true: Callable[[], object]) -> None:
    """Let the air live until something is so."""
    for _turn in range(6_000):
        if true():
            return
        await asyncio.sleep(0.01)
    raise AssertionError("waited in vain")
