"""How far a meter's clock can be trusted, judged from what the meter said about its time.

A meter's clock is civil time without a zone. Three things can speak about it: the meter's own
clock read in the same session, a value sent while the cuff was filling (so it is of now), and
plain impossibility: a time that is not yet, or from before such meters talked to this program.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from carehub.care.meters import Frame
from carehub.care.readings import TimeQuality
from carehub.devices import gatt
from carehub.errors import MalformedFrame

CLOCKS = frozenset({"2A2B", "2A08"})
"""Characteristics that show a meter's clock."""
TOLERANCE = timedelta(minutes=10)
_SET = timedelta(minutes=2)
"""A clock that was set shows this little difference at the most."""
_MILLISECOND = timedelta(milliseconds=1)
_FACTORY_YEAR = 2020
"""Clocks that were never set start in 1970, 2000 or 2010; an earlier year is one of those."""


def received(frame: Frame, zone_offset: int) -> datetime:
    """Return the civil time at which a frame came, `zone_offset` minutes east of UTC."""
    moment = datetime.fromtimestamp(frame.received_at / 1000, UTC) + timedelta(minutes=zone_offset)
    return moment.replace(tzinfo=None)


@dataclass(frozen=True, slots=True)
class Ahead:
    """How far a meter's clock was ahead of ours in milliseconds: as found, and after it was set.

    None where the clock showed nothing, or was not set.
    """

    found: int | None = None
    after: int | None = None

    @property
    def wrong(self) -> bool:
        """Tell whether the clock was found so far off that its records need correcting."""
        return self.found is not None and abs(self.found) > TOLERANCE // _MILLISECOND

    @property
    def was_set(self) -> bool:
        """Tell whether the clock was set, and shown to be right by reading it back."""
        return self.after is not None and abs(self.after) <= _SET // _MILLISECOND


def told(frames: Sequence[Frame], zone_offset: int) -> Ahead:
    """Return what a transfer's frames say about the meter's clock: its first word, and its last."""
    shown = [_ahead(frame, zone_offset) for frame in frames if frame.characteristic in CLOCKS]
    if not shown:
        return Ahead()
    return Ahead(shown[0], shown[-1] if len(shown) > 1 else None)


def _ahead(frame: Frame, zone_offset: int) -> int | None:
    try:
        shown = gatt.decode(frame.characteristic, frame.data)
    except MalformedFrame:
        return None
    moment = shown.time if isinstance(shown, gatt.CurrentTime) else shown
    civil = moment.civil() if isinstance(moment, gatt.DateTime) else None
    if civil is None:
        return None
    return (civil - received(frame, zone_offset)) // _MILLISECOND


def quality(shown: datetime | None, arrived: datetime, *, ahead: Ahead, live: bool) -> TimeQuality:
    """Judge the time a record carries; `shown` None means it was sent unset or is no time at all.

    `ahead` is from `told`; `live` means the value was measured during this session.
    """
    if shown is None:
        return TimeQuality.UNSET
    if ahead.found is not None and not ahead.wrong:
        return TimeQuality.OK if shown <= arrived + TOLERANCE else TimeQuality.SKEWED
    if _since_setting(shown, arrived, ahead):
        return TimeQuality.OK
    if shown.year < _FACTORY_YEAR and correction(shown, arrived, ahead) is None:
        return TimeQuality.UNSET
    off = ahead.wrong or shown > arrived + TOLERANCE
    late = live and shown < arrived - TOLERANCE
    return TimeQuality.SKEWED if off or late else TimeQuality.OK


def correction(shown: datetime | None, arrived: datetime, ahead: Ahead) -> int | None:
    """Return how many milliseconds a record's time is ahead, or None where nothing is to correct.

    A record that would lie in the future after correction was made before the clock was last
    changed: how far it is off, nobody knows.
    """
    if shown is None or ahead.found is None or not ahead.wrong:
        return None
    if _since_setting(shown, arrived, ahead):
        return None
    return ahead.found if shown - ahead.found * _MILLISECOND <= arrived + _SET else None


def _since_setting(shown: datetime, arrived: datetime, ahead: Ahead) -> bool:
    """Tell whether a record was made after the clock was set in this session: it is of just now."""
    return ahead.was_set and abs(shown - arrived) <= _SET
