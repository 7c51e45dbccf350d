"""The tray with two users' readings, and empty."""

from dataclasses import replace
from uuid import UUID

from carehub.care.people import Person, Sex
from carehub.ui.screens.measure.samples import pressure
from carehub.ui.screens.sample import NOW, PERSON, Sample
from carehub.ui.screens.tray.model import TrayView, view_of

_OTHER = Person(UUID(int=2), "李示范", "李爷爷", sex=Sex.MALE)


def waiting() -> TrayView:
    """Return a tray with readings of two users of one cuff."""
    readings = [
        replace(
            pressure(120 + n, 78, NOW - n * 90_000_000, n),
            person_id=None,
            user_slot=1 + n % 2,
            simulated=True,
        )
        for n in range(4)
    ]
    return view_of(readings, (PERSON, _OTHER), (), NOW, PERSON.zone_offset)


def empty() -> TrayView:
    """Return the empty tray."""
    return view_of([], (PERSON, _OTHER), (), NOW, PERSON.zone_offset)


SAMPLES = (Sample("tray", "waiting", waiting), Sample("tray", "empty", empty))
