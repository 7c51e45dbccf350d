"""How far one guided measurement has come, and what the page says at each point; free of Qt."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from decimal import Decimal
from uuid import UUID

from carehub.care.alerts.model import Alert, Level
from carehub.care.people import Person
from carehub.care.protocol import Protocol, Stage, Step, next_step
from carehub.care.readings import Kind, Reading, Unit
from carehub.care.units import in_mmhg
from carehub.i18n import N_, _
from carehub.ui.screens.alert.model import gravest

FRESH = 10 * 60_000
"""How old (ms) a reading may be when it arrives and still belong to this sitting."""

_FULL_RING = Decimal(220)
_SECOND = 1000

CHECKLIST = (
    N_("Back against the chair, feet flat"),
    N_("Arm on the table, as high as the heart"),
    N_("Cuff on the bare upper arm"),
    N_("No talking and no phone"),
)


@dataclass(frozen=True, slots=True)
class Line:
    """One step of the list: its words, and whether it is `done`, `now` or still `next`."""

    text: str
    state: str


@dataclass(frozen=True, slots=True)
class MeasureView:
    """Everything the page shows at one moment; `acts` are the keys of its buttons in order."""

    stage: str
    headline: str = field(repr=False)
    lines: tuple[Line, ...] = ()
    note: str = field(default="", repr=False)
    ring: str = field(default="", repr=False)
    share: float = 0.0
    caption: str = ""
    acts: tuple[str, ...] = ()
    count: str = ""
    foot: str = ""
    foot_icon: str = "bluetooth"
    simulated: bool = False
    value: str = field(default="", repr=False)
    warning: str = ""
    sentence: str = ""


@dataclass(frozen=True, slots=True)
class Course:
    """One guided measurement: what was said, heard and read so far.

    `settled_at` is when the person said they sit well; `whose` are readings nobody has claimed yet;
    `others` counts readings that came but do not belong to this sitting; `recheck` is the alert that
    asked for this measurement. `trouble` is the sentence of what went wrong with the meter. `trusted`
    are the meters that the person said yes to in this sitting.
    """

    person: Person | None = field(default=None, repr=False)
    settled_at: int | None = None
    readings: tuple[Reading, ...] = ()
    whose: tuple[Reading, ...] = ()
    trusted: frozenset[str] = frozenset()
    others: int = 0
    said: str = field(default="", repr=False)
    trouble: str = ""
    meter: str = ""
    linked: bool = False
    pressure: Decimal | None = field(default=None, repr=False)
    recheck: UUID | None = None
    enough: bool = False
    simulated: bool = False
    danger: bool = False

    def settle(self, now: int) -> "Course":
        """Note that the person sits well; the rest begins."""
        return replace(self, settled_at=now)

    def hurry(self, protocol: Protocol, now: int) -> "Course":
        """Note that the person has rested already."""
        return replace(self, settled_at=now - protocol.rest_seconds * _SECOND)

    def finish(self) -> "Course":
        """Note that the person wants no further reading."""
        return replace(self, enough=True)

    def linking(self, *, linked: bool) -> "Course":
        """Note that the meter is linked, or no longer."""
        return replace(self, linked=linked, pressure=self.pressure if linked else None)

    def pumping(self, value: Decimal, unit: Unit) -> "Course":
        """Note the pressure in the cuff."""
        return replace(self, pressure=in_mmhg(value, unit), linked=True, said="")

    def still(self) -> "Course":
        """Note that the cuff is empty again."""
        return replace(self, pressure=None)

    def fail(self, sentence: str) -> "Course":
        """Note what went wrong with the radio or the meter."""
        return replace(self, trouble=sentence, linked=False, pressure=None)

    def again(self) -> "Course":
        """Forget the trouble and listen again."""
        return replace(self, trouble="", said="")

    def claimed(self) -> "Course":
        """Note that the unclaimed readings have found their owner."""
        meters = {reading.device_id for reading in self.whose}
        return replace(self, whose=(), trusted=self.trusted | meters)

    @property
    def surely_mine(self) -> bool:
        """Tell whether what is unclaimed comes fresh from a meter that was said yes to just now.

        A cuff that does not tell its users apart is not asked about twice in one sitting.
        """
        return bool(self.whose) and all(
            reading.device_id in self.trusted
            and reading.user_slot is None
            and reading.received_at - reading.taken_at <= FRESH
            for reading in self.whose
        )

    def warned(self, *, danger: bool) -> "Course":
        """Note whether an unclaimed reading is dangerous, whoever it belongs to."""
        return replace(self, danger=danger)

    def disown(self) -> "Course":
        """Leave unclaimed readings in the tray."""
        said = _("Kept aside. You can say later whose it is, under Mine.")
        return replace(self, whose=(), said=said)

    def take(
        self,
        added: Iterable[Reading],
        unassigned: Iterable[Reading],
        *,
        refused: Iterable[str] = (),
        meter: str = "",
    ) -> "Course":
        """Note what a meter sent: what belongs to this sitting, to the tray, or elsewhere."""
        pressures = [r for r in added if r.kind is Kind.BLOOD_PRESSURE]
        mine = [r for r in pressures if self._belongs(r)]
        whose = tuple(r for r in unassigned if r.kind is Kind.BLOOD_PRESSURE)
        return replace(
            self,
            readings=tuple(sorted((*self.readings, *mine), key=lambda r: r.taken_at)),
            whose=(*self.whose, *whose),
            others=self.others + len(pressures) - len(mine),
            said=next(iter(refused), ""),
            pressure=None,
            meter=meter or self.meter,
            simulated=self.simulated or any(r.simulated for r in pressures),
        )

    def _belongs(self, reading: Reading) -> bool:
        mine = self.person is not None and reading.person_id == self.person.id
        return mine and reading.received_at - reading.taken_at <= FRESH

    def step(self, protocol: Protocol, now: int) -> Step:
        """Return where the person stands in the protocol."""
        if self.enough and self.readings:
            return Step(Stage.DONE, number=len(self.readings))
        return next_step(protocol, self.settled_at, self.readings, now)

    def alarm(self, alerts: Iterable[Alert], *, done: bool) -> Alert | None:
        """Return the alert that must be shown at once, if there is one.

        A recheck that is under way is not broken off by the alert that asked for it.
        """
        others = [a for a in alerts if done or a.id != self.recheck or a.level is Level.L4]
        return gravest(others)


def view_of(course: Course, protocol: Protocol, now: int) -> MeasureView:
    """Return what the page shows now."""
    if course.whose and course.person is not None:
        return _whose(course, course.person)
    step = course.step(protocol, now)
    if course.trouble and step.stage is Stage.MEASURE:
        return _trouble(course)
    if step.stage is Stage.SETTLE:
        return _settle(protocol, course)
    if step.stage is Stage.REST:
        return _rest(course, protocol, step, now)
    if step.stage is Stage.WAIT and course.pressure is None:
        return _wait(course, protocol, step, now)
    if step.stage is Stage.DONE:
        return MeasureView("done", "", simulated=course.simulated)
    return _measure(course, protocol, step)


def _settle(protocol: Protocol, course: Course) -> MeasureView:
    lines = tuple(Line(_(text), "next") for text in CHECKLIST)
    return MeasureView(
        "settle",
        _("First sit down and get ready"),
        lines,
        ring=clock(protocol.rest_seconds),
        share=0.0,
        caption=_("Rest before measuring"),
        acts=("settled", "type"),
        foot=_foot(course),
        simulated=course.simulated,
    )


def _rest(course: Course, protocol: Protocol, step: Step, now: int) -> MeasureView:
    left = _seconds_left(step, now)
    lines = (
        *(Line(_(text), "done") for text in CHECKLIST[:2]),
        Line(_("Sit quietly, {time} to go").format(time=spoken_time(left)), "now"),
    )
    return MeasureView(
        "rest",
        _("Rest for a while, then measure"),
        lines,
        ring=clock(left),
        share=1 - left / protocol.rest_seconds,
        caption=_("Rest left"),
        acts=("rested", "type"),
        foot=_foot(course),
        simulated=course.simulated,
    )


def _measure(course: Course, protocol: Protocol, step: Step) -> MeasureView:
    pumping = course.pressure is not None
    waiting = _("Press the start button on the meter")
    headline = _("Measuring, please do not talk") if pumping else waiting
    last = (
        _("Keep still, it is nearly done") if pumping else _("The numbers come here by themselves")
    )
    lines = (
        *(Line(_(text), "done") for text in CHECKLIST[:2]),
        Line(course.said or last, "now"),
    )
    value = course.pressure if course.pressure is not None else Decimal(0)
    return MeasureView(
        "measure",
        headline,
        lines,
        note=_others(course),
        ring=str(value.quantize(Decimal(1))) if pumping else "– –",
        share=float(min(Decimal(1), value / _FULL_RING)),
        caption=_("Cuff pressure mmHg"),
        acts=("stop",) if pumping else ("type", "stop"),
        count=_count(protocol, step),
        foot=_foot(course),
        simulated=course.simulated,
    )


def _wait(course: Course, protocol: Protocol, step: Step, now: int) -> MeasureView:
    left = _seconds_left(step, now)
    last = course.readings[-1]
    lines = (
        Line(
            _("Reading {number}: {value}").format(number=step.number - 1, value=short(last)), "done"
        ),
        Line(course.said or _("Loosen nothing, keep sitting quietly"), "done"),
        Line(_("Measure again in {time}").format(time=spoken_time(left)), "now"),
    )
    return MeasureView(
        "wait",
        _("One reading is done, now wait a minute"),
        lines,
        note=_others(course),
        ring=clock(left),
        share=1 - left / protocol.pause_seconds,
        caption=_("Wait left"),
        acts=("enough", "type"),
        count=_count(protocol, step),
        foot=_foot(course),
        simulated=course.simulated,
    )


def _trouble(course: Course) -> MeasureView:
    return MeasureView(
        "trouble",
        _("The meter could not be read"),
        sentence=course.trouble,
        note=_others(course),
        ring="– –",
        caption=_("Cuff pressure mmHg"),
        acts=("type", "again", "enough") if course.readings else ("type", "again"),
        foot=_("Typing the numbers in works just as well"),
        foot_icon="keypad",
        simulated=course.simulated,
    )


def _whose(course: Course, person: Person) -> MeasureView:
    many = len(course.whose)
    asked = _("Did {name} take this reading?").format(name=person.greeting_name)
    more = _("{count} readings came from a meter that is new here.").format(count=many)
    one = _("It came from a meter that is new here.")
    return MeasureView(
        "whose",
        asked,
        note=more if many > 1 else one,
        acts=("mine", "not_mine"),
        foot=_foot(course),
        simulated=any(reading.simulated for reading in course.whose),
        value=short(course.whose[-1]),
        warning=_("This is a dangerous value: sit down and rest now.") if course.danger else "",
    )


def _others(course: Course) -> str:
    if not course.others:
        return ""
    return _("The meter also sent {count} older readings; they are kept.").format(
        count=course.others
    )


def _count(protocol: Protocol, step: Step) -> str:
    total = max(protocol.readings, step.number)
    return _("Reading {number} of {total}").format(number=step.number, total=total)


def _foot(course: Course) -> str:
    if course.trouble:
        return course.trouble
    name = course.meter
    if course.linked:
        named = _("Meter: {name} ・ linked by Bluetooth").format(name=name)
        return named if name else _("The meter is linked by Bluetooth")
    if course.settled_at is None:
        return _("Switch the meter on and put it beside the computer")
    return _("Looking for the meter…")


def _seconds_left(step: Step, now: int) -> int:
    until = step.until if step.until is not None else now
    return max(0, -((now - until) // _SECOND))


def clock(seconds: int) -> str:
    """Return a time that is left as 4:05."""
    return f"{seconds // 60}:{seconds % 60:02d}"


def spoken_time(seconds: int) -> str:
    """Return a time that is left in words: 4 分 5 秒, or 20 秒."""
    if seconds < 60:
        return _("{seconds} seconds").format(seconds=seconds)
    return _("{minutes} min {seconds} s").format(minutes=seconds // 60, seconds=seconds % 60)


def short(reading: Reading) -> str:
    """Return a pressure reading as 128/82 in mmHg."""
    values = (reading.v1, reading.v2)
    return "/".join(str(in_mmhg(v, reading.unit)) for v in values if v is not None)
