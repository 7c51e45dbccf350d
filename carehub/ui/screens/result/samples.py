"""Results of a good sitting, a high one typed in, and a low glucose."""

from dataclasses import replace
from decimal import Decimal
from uuid import UUID

from carehub.care.readings import Kind, MealContext, Reading, Source, Unit
from carehub.i18n import _
from carehub.ui.screens.measure.samples import pressure
from carehub.ui.screens.result.model import Judged, ResultView, view_of
from carehub.ui.screens.sample import NOW, PERSON, Sample


def good() -> ResultView:
    """Return two readings in target."""
    two = [pressure(130, 83, NOW - 80_000), pressure(126, 81, NOW, 2)]
    return view_of(two, Judged("in_target", _("In target")), (), PERSON.zone_offset, NOW)


def typed() -> ResultView:
    """Return a high reading from the keypad, which can be taken back."""
    high = replace(pressure(151, 93), source=Source.KEYPAD)
    view = view_of([high], Judged("high", _("Above target")), (), PERSON.zone_offset, NOW)
    return replace(view, advice=_("Measure again tomorrow morning, after a good rest."))


def glucose() -> ResultView:
    """Return a fasting glucose of a pretend meter."""
    value = Reading(
        UUID(int=600),
        PERSON.id,
        Kind.GLUCOSE,
        NOW,
        Unit.MMOL_L,
        Decimal("6.3"),
        context=MealContext.FASTING,
        source=Source.METER,
        simulated=True,
    )
    return view_of([value], Judged("in_target", _("In target")), (), PERSON.zone_offset, NOW)


def nothing() -> ResultView:
    """Return what is left after everything was taken back."""
    return view_of([], Judged(), (), PERSON.zone_offset, NOW)


SAMPLES = (
    Sample("result", "good", good),
    Sample("result", "typed", typed),
    Sample("result", "glucose", glucose),
    Sample("result", "nothing", nothing),
)
