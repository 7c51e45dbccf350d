"""Take a meter's measurements, type one in, claim, correct and void: each in one transaction."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, TypeAlias
from uuid import UUID, uuid5

from uuid_utils.compat import uuid7

from carehub.archive import frames as frame_rows
from carehub.archive import meters as meter_rows
from carehub.archive import people as people_rows
from carehub.archive import readings as reading_rows
from carehub.care.alerts import Alert, Notice
from carehub.care.believable import Refused, check
from carehub.care.changes import Changes
from carehub.care.civil import HOUR
from carehub.care.meters import Measurement, Meter
from carehub.care.placing import SKEW_LIMIT, placed
from carehub.care.readings import Reading, Source
from carehub.errors import InputError, NotAllowed
from carehub.i18n import _
from carehub.wire.exchange import Act, EntityKind
from carehub.workflows import outgoing, rounds
from carehub.workflows.rulebook import rulebook

if TYPE_CHECKING:
    from carehub.archive.store import Archive, Tx

_METER_READINGS = UUID("6f2a1f0e-6d0c-5f7b-9a53-0c9f4c3b7f11")
"""The namespace of ids minted from a meter's own record keys; it never changes."""


Slots: TypeAlias = tuple[tuple[int | None, UUID], ...]


@dataclass(frozen=True, slots=True)
class Taken:
    """What an act on readings did: what was added, whose is not known, what was refused and told."""

    added: tuple[Reading, ...] = ()
    unassigned: tuple[Reading, ...] = ()
    known: tuple[UUID, ...] = ()
    refused: tuple[str, ...] = ()
    alerts: tuple[Alert, ...] = ()
    notices: tuple[Notice, ...] = field(default=(), repr=False)

    @property
    def changes(self) -> Changes:
        """Return the flags of what changed."""
        changes = Changes.READINGS if self.added or self.unassigned else Changes.NONE
        return changes | (Changes.ALERTS if self.alerts else Changes.NONE)


def take(
    archive: "Archive",
    meter: Meter,
    measurements: Sequence[Measurement],
    *,
    zone_offset: int,
    now: int,
) -> Taken:
    """Keep what a meter sent: each to the person its slot was confirmed for, else to the tray.

    A meter that tells no users apart is asked about each time where several people live.
    `zone_offset` is minutes east of UTC where the meter stands, for its clock knows no zone.

    Reading the meter again adds nothing: ids come from the meter and its record keys. Control
    solution, ketones and unbelievable values are refused with a sentence, their bytes stay kept.
    """
    added: list[Reading] = []
    known: list[UUID] = []
    refused: list[str] = []
    with archive.write() as tx:
        meter = _noted(tx, meter)
        newest, shared = _newest(measurements), len(people_rows.everyone(tx)) > 1
        for measurement in measurements:
            reading = _reading(meter, measurement, zone_offset, newest=measurement is newest)
            if shared and measurement.user_slot is None:
                reading = replace(reading, person_id=None)
            if _late(reading, now):
                reading = replace(reading, received_at=now)
            frame_rows.became(tx, measurement.frames, reading.id)
            try:
                _believe(reading, now)
                new = reading_rows.add(tx, reading)
            except InputError as error:
                refused.append(error.sentence())
            else:
                added.append(reading) if new else known.append(reading.id)
        frame_rows.done(tx, [frame for m in measurements for frame in m.frames], "taken")
        result = _settle(tx, added, now)
    return replace(result, known=tuple(known), refused=tuple(refused))


def type_in(archive: "Archive", reading: Reading, now: int) -> Taken:
    """Keep a reading typed on the keypad; `reading` carries the person, values and time.

    Raises InputError with the reason where the value or the time cannot be right.
    """
    _believe(reading, now)
    fresh = replace(reading, id=uuid7(), source=Source.KEYPAD, received_at=now)
    with archive.write() as tx:
        reading_rows.add(tx, fresh)
        return _settle(tx, [fresh], now)


def claim(archive: "Archive", ids: Iterable[UUID], person_id: UUID, now: int) -> Taken:
    """Give readings from the tray to a person, and remember whose slot of that meter it is."""
    with archive.write() as tx:
        found = [reading_rows.get(tx, reading_id) for reading_id in ids]
        chosen = [r for r in found if r is not None and r.person_id is None]
        reading_rows.assign(tx, [reading.id for reading in chosen], person_id)
        given = [replace(reading, person_id=person_id) for reading in chosen]
        for reading in chosen:
            _remember_slot(tx, reading, person_id)
        return _settle(tx, [_given_late(tx, r, now) if _late(r, now) else r for r in given], now)


def _late(reading: Reading, now: int) -> bool:
    """Tell whether a crash or the tray kept a reading from the rules for hours.

    For them it arrives now: what was dangerous then is no emergency of this moment (CLINICAL 4.8).
    """
    fresh = rulebook()["ENGINE"].whole("fresh_hours") * HOUR
    return now - reading.received_at > fresh


def _given_late(tx: "Tx", reading: Reading, now: int) -> Reading:
    """Put a copy that arrives now in the place of a reading, for a kept one is never edited."""
    copy = replace(reading, id=uuid7(), replaces=reading.id, received_at=now)
    reading_rows.add(tx, copy)
    return copy


def correct(archive: "Archive", old_id: UUID, new: Reading, now: int) -> Taken:
    """Supersede a reading by one with other values; the old one stays kept and out of force.

    Raises InputError as `type_in`, NotAllowed where the old one is void or was corrected already.
    """
    _believe(new, now)
    with archive.write() as tx:
        old = in_force(tx, old_id)
        if old is None:
            raise NotAllowed(_("This reading can no longer be corrected. Open the list again."))
        fresh = replace(
            new,
            id=uuid7(),
            person_id=old.person_id,
            kind=old.kind,
            replaces=old.id,
            received_at=now,
            simulated=old.simulated,
            setting=old.setting,
        )
        reading_rows.add(tx, fresh)
        return _settle(tx, [fresh], now)


def in_force(tx: "Tx", reading_id: UUID) -> Reading | None:
    """Return a reading that was neither voided nor corrected, or None."""
    reading = reading_rows.get(tx, reading_id)
    if reading is None:
        return None
    person_id, at = reading.person_id, reading.taken_at
    beside = (
        reading_rows.unassigned(tx)
        if person_id is None
        else reading_rows.between(tx, person_id, reading.kind, at, at + 1)
    )
    return next((one for one in beside if one.id == reading_id), None)


def void(archive: "Archive", reading_id: UUID, now: int) -> Taken:
    """Take a reading out of force for good; its alerts end with it."""
    with archive.write() as tx:
        reading = reading_rows.get(tx, reading_id)
        if reading is None:
            raise InputError(_("There is no such reading. Open the list again."))
        reading_rows.void(tx, reading_id, now)
        if reading.person_id is None:
            return Taken()
        voided = replace(reading, voided=True)
        _send(tx, Act.VOID, voided, reading.person_id, now)
        step = rounds.visit(tx, reading.person_id, now)
    return Taken(added=(voided,), alerts=step.changed, notices=step.notices)


def _settle(tx: "Tx", readings: Sequence[Reading], now: int) -> Taken:
    """Send what belongs to somebody, look at those people, and report."""
    mine = [reading for reading in readings if reading.person_id is not None]
    steps = []
    for reading in mine:
        assert reading.person_id is not None
        _send(tx, Act.ADD, reading, reading.person_id, now)
    for person_id in dict.fromkeys(reading.person_id for reading in mine):
        assert person_id is not None
        steps.append(rounds.visit(tx, person_id, now))
    return Taken(
        added=tuple(mine),
        unassigned=tuple(reading for reading in readings if reading.person_id is None),
        alerts=tuple(alert for step in steps for alert in step.changed),
        notices=tuple(notice for step in steps for notice in step.notices),
    )


def _send(tx: "Tx", act: Act, reading: Reading, person_id: UUID, now: int) -> None:
    outgoing.queue(tx, EntityKind.READING, act, reading, person_id=person_id, now=now)


def _believe(reading: Reading, now: int) -> None:
    if reading.taken_at > now + SKEW_LIMIT:
        raise InputError(_("That time is still to come. Give the time of the measurement."))
    verdict = check(reading, rulebook())
    if isinstance(verdict, Refused):
        raise InputError(_(verdict.reason))


def _newest(measurements: Sequence[Measurement]) -> Measurement | None:
    """Return the last one measured: by sequence where there is one, else the last to arrive."""
    if not measurements:
        return None
    if all(m.sequence is not None and m.device_time for m in measurements):
        return max(measurements, key=lambda m: (m.device_time, m.sequence))
    return measurements[-1]


def _noted(tx: "Tx", meter: Meter) -> Meter:
    """Keep the meter as it was just met, with the owners that people confirmed meanwhile."""
    stored = meter_rows.get(tx, meter.id)
    if stored is not None:
        meter = replace(
            meter,
            slots=stored.slots,
            name=meter.name or stored.name,
            model=meter.model or stored.model,
            address=meter.address or stored.address,
        )
    meter = replace(meter, slots=_of_people_here(tx, meter.slots))
    meter_rows.put(tx, meter)
    return meter


def _of_people_here(tx: "Tx", slots: Slots) -> Slots:
    """Leave out the owners who were removed: what their slot sends goes to the tray, not nowhere."""
    here = {person.id for person in people_rows.everyone(tx)}
    return tuple((slot, owner) for slot, owner in slots if owner in here)


def _remember_slot(tx: "Tx", reading: Reading, person_id: UUID) -> None:
    meter = meter_rows.get(tx, reading.device_id)
    shared = reading.user_slot is None and len(people_rows.everyone(tx)) > 1
    if meter is not None and not shared and meter.owner(reading.user_slot) is None:
        slots = (*meter.slots, (reading.user_slot, person_id))
        meter_rows.put(tx, replace(meter, slots=slots))


def _reading(meter: Meter, measurement: Measurement, zone_offset: int, *, newest: bool) -> Reading:
    taken_at, quality = placed(measurement, zone_offset, newest=newest)
    return Reading(
        id=uuid5(_METER_READINGS, f"{meter.id}|{measurement.record_key}"),
        person_id=meter.owner(measurement.user_slot),
        kind=measurement.kind,
        taken_at=taken_at,
        unit=measurement.unit,
        v1=measurement.v1,
        v2=measurement.v2,
        v3=measurement.v3,
        mean=measurement.mean,
        text=measurement.text,
        context=measurement.context,
        source=Source.METER,
        zone_offset=zone_offset,
        received_at=measurement.received_at,
        time_quality=quality,
        device_taken_at=measurement.device_time,
        flags=measurement.flags,
        device_id=meter.id,
        user_slot=measurement.user_slot,
        sequence=measurement.sequence,
        simulated=measurement.simulated,
    )
