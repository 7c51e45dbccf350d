"""`carehub demo --headless`: the demo's walk without a window, each step told as it happens."""

import argparse
import asyncio
from contextlib import aclosing
from typing import TYPE_CHECKING
from uuid import UUID

from carehub.archive import people as people_rows
from carehub.care.alerts.model import Alert, Level, State
from carehub.care.civil import local_day
from carehub.care.people import Person
from carehub.care.readings import Kind, Reading
from carehub.care.standing import judge
from carehub.cli import opening, saying, shapes, times, trends, walking_family
from carehub.cli.output import emit
from carehub.devices import link
from carehub.devices.simulator import Air, PretendCuff
from carehub.i18n import _, ngettext, together
from carehub.workflows import demo, readings, rounds
from carehub.workflows.measuring import Sitting, Told
from carehub.workflows.readings import Taken

if TYPE_CHECKING:
    from carehub.archive.store import Archive

ZONE = 480
MINUTE = 60_000
AHEAD = 60 * MINUTE
"""The walk begins this long ago, so that it ends about now."""
FIND_SECONDS = 10.0
MEMORY = ("5.9", "6.2", "5.7", "6.4", "6.1")
"""What the pretend glucose meter remembers of five mornings, in mmol/L."""
FASTING = 3
"""The glucose profile's code of that meal context."""


def walk(args: argparse.Namespace) -> int:
    """Make the household, measure, and print what came of each step."""
    clock = PretendClock(times.now() - AHEAD)
    with opening.scratch(demo=True) as archive:
        walker = Walker(archive, clock, quiet=args.json)
        asyncio.run(walker.walk())
    emit({"steps": walker.steps}, args.json, ())
    return 0


class PretendClock:
    """A clock that begins when it is told, runs on, and can be moved while nobody waits."""

    def __init__(self, start: int) -> None:
        self._ahead = start - times.now()

    def __call__(self) -> int:
        """Return UTC milliseconds."""
        return times.now() + self._ahead

    def skip(self, minutes: int) -> None:
        """Let this many minutes pass."""
        self._ahead += minutes * MINUTE


class Walker:
    """Goes through the demo step by step."""

    def __init__(self, archive: "Archive", clock: PretendClock, *, quiet: bool) -> None:
        self.archive, self.clock, self.quiet = archive, clock, quiet
        self.steps: list[shapes.Shape] = []
        self._frames = 0
        self._told: set[tuple[UUID, Level, State]] = set()

    async def walk(self) -> None:
        """Take every step."""
        household = demo.furnish(self.archive, self.clock())
        who = household.grandmother
        self._furnished()
        async with Air(self.clock, zone_offset=ZONE) as air:
            cuff = air.cuff()
            self.clock.skip(30)
            await self._press(cuff, who, (126, 78, 70))
            self.clock.skip(20)
            await self._press(cuff, who, (182, 112, 88))
            self._say("rest", _("She sits and rests for five minutes, as she was told."), minutes=5)
            self.clock.skip(5)
            await self._press(cuff, who, (184, 114, 90))
            self.clock.skip(1)
            await self._press(cuff, who, (181, 111, 86))
            await self._prick(air, who)
        self._week(who)
        await walking_family.cross(self.archive, who, self.clock, self._say)

    def _furnished(self) -> None:
        found = self.archive.info()
        text = _(
            "An encrypted archive holds a made-up household: {people} people, {readings} readings."
        )
        self._say(
            "household",
            text.format(people=found.people, readings=found.readings),
            people=found.people,
            readings=found.readings,
        )

    async def _press(self, cuff: PretendCuff, who: Person, values: tuple[int, int, int]) -> None:
        """Measure with the pretend cuff as its user 1, as the person does at the machine."""
        measuring = cuff.measure(*values, user=1)
        await self._read(cuff.air, Kind.BLOOD_PRESSURE, who)
        await measuring

    async def _prick(self, air: Air, who: Person) -> None:
        """Read a glucose meter's memory twice: the second time adds nothing."""
        meter = air.glucose_meter()
        morning = self.clock() // times.DAY * times.DAY
        for days, value in enumerate(MEMORY, start=-len(MEMORY)):
            meter.remember(value, at=morning + days * times.DAY, meal=FASTING)
        for _again in range(2):
            await meter.switch_on()
            await self._read(air, Kind.GLUCOSE, who)

    async def _read(self, air: Air, kind: Kind, who: Person) -> None:
        sitting = Sitting(self.archive, air.radio, self._hear, self.clock, ZONE)
        async with aclosing(link.find(air.radio, (kind,), FIND_SECONDS)) as meters:
            seen = await anext(meters)
        self._say("meter", _("{name} was heard.").format(name=seen.name), name=seen.name)
        self._frames = 0
        taken = await sitting.read(seen)
        self._kept()
        self._stored(taken, who)

    def _hear(self, told: Told) -> None:
        if isinstance(told, link.FrameKept):
            self._frames += 1

    def _kept(self) -> None:
        text = ngettext(
            "{count} message was in the archive before the meter was told that it arrived.",
            "{count} messages were in the archive before the meter was told that they arrived.",
            self._frames,
        )
        self._say("frames_kept", text.format(count=self._frames), count=self._frames)

    def _stored(self, taken: Taken, who: Person) -> None:
        alerts = list(taken.alerts)
        if taken.unassigned:
            ids = [reading.id for reading in taken.unassigned]
            given = readings.claim(self.archive, ids, who.id, self.clock())
            text = _("CareHub asks whose that is, and {name} says: mine.")
            self._say("whose", text.format(name=who.greeting_name), person=shapes.person(who))
            taken, alerts = given, [*alerts, *given.alerts]
        if not taken.added:
            self._say("nothing_new", _("Everything in the meter's memory is here already."))
        for reading in taken.added:
            self._judged(reading, who)
        for alert in alerts:
            self._alerted(alert)

    def _judged(self, reading: Reading, who: Person) -> None:
        """Say the sentence that the screen shows first."""
        with self.archive.read() as tx:
            profile = people_rows.profile(tx, who.id)
            judgement = judge(reading, profile, rounds.plan_of(tx, profile))
        words = _("Stored: {values}.").format(values=saying.values(reading))
        self._say(
            "reading_stored",
            together((words, _(judgement.words))),
            reading=shapes.reading(reading),
            standing=judgement.place.value,
        )

    def _alerted(self, alert: Alert) -> None:
        """Say what is new of an alert; what is only for the report, or said already, is left out."""
        mark = (alert.id, alert.level, alert.state)
        if alert.level is Level.L0 or mark in self._told:
            return
        self._told.add(mark)
        pattern = _("Alert {level}, once confirmed: {text}") if alert.state is State.PENDING else ""
        words = (pattern or _("Alert {level}: {text}")).format(
            level=alert.level.name, text=_(alert.text)
        )
        self._say("alert", words, alert=shapes.alert(alert, ZONE))

    def _week(self, who: Person) -> None:
        """Say how the week went, as the report does before any chart."""
        now = self.clock()
        stretch = trends.stretch_to(local_day(now, ZONE), 7, ZONE, now)
        for kind in Kind:
            summary = trends.summarised(self.archive, who, kind, stretch)
            words = list(trends.sentences(summary))
            self._say("week", together(words), kind=kind.value, count=summary.count)

    def _say(self, step: str, sentence: str, **facts: object) -> None:
        at = times.written(self.clock(), ZONE)
        self.steps.append({"step": step, "at": at, "sentence": sentence, **facts})
        if not self.quiet:
            print(f"{times.day_and_time(self.clock(), ZONE)}  {sentence}", flush=True)
