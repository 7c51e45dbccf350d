"""What the glucose page says: the moment of the day first, then the meter; free of Qt."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from uuid import UUID

from carehub.care.people import Person
from carehub.care.readings import Kind, MealContext, Reading
from carehub.i18n import N_, _
from carehub.ui.screens.measure.model import Line
from carehub.ui.screens.result.model import value_of
from carehub.ui.terms import MEALS

FRESH = 15 * 60_000
"""How old (ms) a reading may be when it arrives and still be the one that was just taken."""

ORDER = (
    MealContext.FASTING,
    MealContext.BEFORE_MEAL,
    MealContext.AFTER_MEAL,
    MealContext.BEDTIME,
    MealContext.NIGHT,
    MealContext.RANDOM,
)
STEPS = (
    N_("Wash your hands with warm water and dry them"),
    N_("Prick the side of a finger and touch the strip"),
    N_("Put the meter beside the computer"),
)


@dataclass(frozen=True, slots=True)
class GlucoseView:
    """Everything the page shows; without a `moment` it asks for one."""

    stage: str
    headline: str
    moment: str = ""
    lines: tuple[Line, ...] = ()
    note: str = ""
    trouble: str = ""
    foot: str = ""
    acts: tuple[str, ...] = ()
    simulated: bool = False
    value: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Course:
    """One glucose measurement so far; `context` None: the person has not said yet when it is.

    `warning` is what the rules say of an unclaimed value to whoever stands there (CLINICAL 4.9).
    """

    person: Person | None = field(default=None, repr=False)
    context: MealContext | None = None
    readings: tuple[Reading, ...] = ()
    whose: tuple[Reading, ...] = field(default=(), repr=False)
    older: int = 0
    said: str = ""
    trouble: str = ""
    linked: bool = False
    meter: str = ""
    recheck: UUID | None = None
    warning: str = field(default="", repr=False)

    def choose(self, context: MealContext) -> "Course":
        """Note when in the day it is."""
        return replace(self, context=context)

    def forget(self) -> "Course":
        """Ask again when in the day it is."""
        return replace(self, context=None, trouble="", said="")

    def linking(self, *, linked: bool) -> "Course":
        """Note that the meter is linked, or no longer."""
        return replace(self, linked=linked)

    def fail(self, sentence: str) -> "Course":
        """Note what went wrong with the radio or the meter."""
        return replace(self, trouble=sentence, linked=False)

    def again(self) -> "Course":
        """Forget the trouble and listen again."""
        return replace(self, trouble="", said="")

    def warned(self, sentence: str) -> "Course":
        """Note what is to be said of an unclaimed reading, whoever it belongs to."""
        return replace(self, warning=sentence)

    def claimed(self) -> "Course":
        """Note that the unclaimed readings have found their owner."""
        return replace(self, whose=(), warning="")

    def disown(self) -> "Course":
        """Leave unclaimed readings in the tray."""
        said = _("Kept aside. You can say later whose it is, under Mine.")
        return replace(self, whose=(), said=said, warning="")

    def take(
        self,
        added: Iterable[Reading],
        unassigned: Iterable[Reading] = (),
        refused: Iterable[str] = (),
        meter: str = "",
    ) -> "Course":
        """Note what a meter sent; only the newest fresh reading is the one that was just taken."""
        mine = [r for r in added if r.kind is Kind.GLUCOSE and self._mine(r)]
        fresh = [r for r in mine if r.received_at - r.taken_at <= FRESH]
        newest = sorted(fresh, key=lambda r: (r.taken_at, r.sequence or 0))[-1:]
        whose = tuple(r for r in unassigned if r.kind is Kind.GLUCOSE)
        said = next(iter(refused), "")
        if mine and not newest:
            pattern = _("{count} older readings were read and kept. Now test once.")
            said = said or pattern.format(count=len(mine))
        return replace(
            self,
            readings=(*self.readings, *newest),
            whose=(*self.whose, *whose),
            older=self.older + len(mine) - len(newest),
            said=said,
            trouble="",
            meter=meter or self.meter,
        )

    def _mine(self, reading: Reading) -> bool:
        return self.person is not None and reading.person_id == self.person.id

    def to_correct(self) -> Reading | None:
        """Return the reading that the meter knows no meal of while the person said which it is."""
        if self.context in (None, MealContext.RANDOM) or not self.readings:
            return None
        last = self.readings[-1]
        return last if last.context is MealContext.RANDOM else None


def view_of(course: Course) -> GlucoseView:
    """Return what the page shows now."""
    if course.whose and course.person is not None:
        name = course.person.greeting_name
        return GlucoseView(
            "whose",
            _("Did {name} take this reading?").format(name=name),
            value=value_of(course.whose[-1]),
            note=_("It came from a meter that is new here."),
            trouble=course.warning,
            foot=_foot(course),
            acts=("mine", "not_mine"),
            simulated=any(r.simulated for r in course.whose),
        )
    if course.context is None:
        return GlucoseView("when", _("When is this test?"), foot=_foot(course))
    moment = _(MEALS[course.context])
    if course.trouble:
        return GlucoseView(
            "trouble",
            _("The meter could not be read"),
            moment,
            trouble=course.trouble,
            foot=_("Typing the numbers in works just as well"),
            acts=("type", "again", "when"),
        )
    last = course.said or _("The number comes here by itself")
    lines = (*(Line(_(text), "number") for text in STEPS), Line(last, "now"))
    return GlucoseView(
        "measure",
        _("Test now"),
        moment,
        lines,
        foot=_foot(course),
        acts=("type", "high", "low", "when"),
        simulated=any(r.simulated for r in course.readings),
    )


def _foot(course: Course) -> str:
    if course.linked:
        return _("The glucose meter is linked by Bluetooth")
    if course.context is None:
        return _("It decides what is in target")
    return _("Looking for the glucose meter…")
