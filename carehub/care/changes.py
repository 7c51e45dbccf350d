"""What an act changed, as coarse flags; each screen asks whether a flag concerns it."""

from enum import Flag, auto


class Changes(Flag):
    """The kinds of things an act, a round or an exchange changed."""

    NONE = 0
    READINGS = auto()
    ALERTS = auto()
    REMINDERS = auto()
    FAMILY = auto()
    CONSULTATIONS = auto()
    PEOPLE = auto()
    METERS = auto()
    SHARING = auto()
