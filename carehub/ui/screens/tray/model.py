"""The readings nobody has claimed, one meter's user or one sitting after the other; free of Qt."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from carehub.care.civil import MINUTE
from carehub.care.people import Person
from carehub.care.readings import Kind, Reading
from carehub.i18n import _
from carehub.ui import phrases
from carehub.ui.screens.result.model import value_of

SITTING = 10 * MINUTE


@dataclass(frozen=True, slots=True)
class Owner:
    """Somebody whose reading it may be."""

    id: UUID
    name: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Parcel:
    """Readings that belong to one person: of one user of a meter, or of one sitting."""

    ids: tuple[UUID, ...]
    value: str = field(repr=False)
    kind: Kind
    when: str
    more: str = ""
    meter: str = ""
    simulated: bool = False


@dataclass(frozen=True, slots=True)
class TrayView:
    """Everything the page shows; without a `parcel` the tray is empty."""

    parcel: Parcel | None = None
    left: int = 0
    owners: tuple[Owner, ...] = ()


def parcels(readings: Sequence[Reading], now: int, zone_offset: int) -> list[Parcel]:
    """Sort the tray into parcels, the newest first.

    A meter that numbers its users is asked for once per user; one that does not, once per sitting,
    for two people may share it.
    """
    groups: dict[tuple[object, ...], list[Reading]] = {}
    last: dict[tuple[object, ...], tuple[int, int]] = {}
    for reading in sorted(readings, key=lambda r: r.taken_at):
        key: tuple[object, ...] = (reading.device_id, reading.user_slot, reading.kind)
        if reading.user_slot is None:
            number, at = last.get(key, (0, reading.taken_at))
            number += reading.taken_at - at > SITTING
            last[key] = (number, reading.taken_at)
            key = (*key, number)
        groups.setdefault(key, []).append(reading)
    newest_first = sorted(groups.values(), key=lambda group: -group[-1].taken_at)
    return [_parcel(group, now, zone_offset) for group in newest_first]


def _parcel(group: Sequence[Reading], now: int, zone_offset: int) -> Parcel:
    newest = group[-1]
    older = len(group) - 1
    more = _("and {count} earlier readings of the same user").format(count=older)
    again = _("and {count} more of the same sitting").format(count=older)
    return Parcel(
        tuple(reading.id for reading in group),
        value_of(newest),
        newest.kind,
        phrases.when(newest.taken_at, now, zone_offset),
        ("" if not older else again if newest.user_slot is None else more),
        _("User {number} of the meter").format(number=newest.user_slot)
        if newest.user_slot is not None
        else "",
        any(reading.simulated for reading in group),
    )


def view_of(
    readings: Sequence[Reading],
    people: Sequence[Person],
    skipped: Collection[UUID],
    now: int,
    zone_offset: int,
) -> TrayView:
    """Return the page; parcels with a `skipped` reading were left for later."""
    waiting = [p for p in parcels(readings, now, zone_offset) if not set(p.ids) & set(skipped)]
    owners = tuple(Owner(person.id, person.greeting_name) for person in people)
    return TrayView(waiting[0] if waiting else None, len(waiting), owners)
