"""Reads what the family's pages show from the archive; runs in the background, touches no widget."""

from dataclasses import replace
from typing import TYPE_CHECKING
from uuid import UUID

from carehub.ui.screens.family.giving import HERE, CodeView, TrustedView, code_view, trusted_of
from carehub.ui.screens.family.model import (
    CallView,
    FamilyView,
    Kin,
    call_of,
    cared_of,
    view_of,
)
from carehub.ui.visit import Visit

if TYPE_CHECKING:
    from carehub.archive.mandates import Given
    from carehub.archive.store import Archive, Tx
    from carehub.archive.streams import Stream


def family(visit: Visit, now: int) -> FamilyView:
    """Read everyone cared for, who left, and how many have yet to say yes."""
    from carehub.archive import attachments, mandates, people, streams

    archive = visit.archive
    assert archive is not None
    with archive.read() as tx:
        cared = [each for each in streams.everyone(tx) if not each.own]
        kin = [_kin(tx, each) for each in cared if people.get(tx, each.person_id) is not None]
        partings = mandates.partings(tx)
        waiting = [each for each in _held(tx) if each.open(now) and each.state != mandates.ACTIVE]
    faces = [
        replace(each, photo=attachments.picture(archive, each.profile.person.photo_id))
        for each in kin
    ]
    asked = sum(each.state == mandates.ASKED for each in waiting)
    return view_of(faces, partings, asked, now, len(waiting) - asked)


def _kin(tx: "Tx", stream: "Stream") -> Kin:
    from carehub.archive import alerts, people, readings
    from carehub.care.readings import Kind
    from carehub.workflows import escalations, rounds

    who = stream.person_id
    profile = people.profile(tx, who)
    waiting = alerts.open(tx, who)
    named = {each for alert in waiting for each in alert.readings}
    found = [readings.get(tx, each) for each in named]
    return Kin(
        stream=stream,
        profile=profile,
        plan=rounds.plan_of(tx, profile),
        latest=tuple(one for kind in Kind for one in readings.latest(tx, who, kind)),
        alerts=tuple(waiting),
        about={each.id: each for each in found if each is not None},
        telling=escalations.standings(tx, waiting),
        mandate=next((each for each in _held(tx) if each.person_id == who), None),
    )


def _held(tx: "Tx") -> "list[Given]":
    from carehub.archive import accounts, mandates

    account = accounts.get(tx)
    return mandates.held(tx, account.id) if account is not None else []


def call(visit: Visit, person_id: UUID, now: int) -> CallView:
    """Read the numbers at which one person cared for can be rung."""
    from carehub.archive import people, streams

    assert visit.archive is not None
    with visit.archive.read() as tx:
        stream = streams.get(tx, person_id)
        if stream is None or people.get(tx, person_id) is None:
            return CallView("")
        kin = _kin(tx, stream)
    return call_of(kin, cared_of(kin, now))


def trusted(visit: Visit, now: int) -> TrustedView:
    """Read who may see the records of the person who is here, and who asks to."""
    from carehub.archive import accounts, streams

    person = visit.person
    assert visit.archive is not None
    assert person is not None
    with visit.archive.read() as tx:
        account = accounts.get(tx)
        known = streams.get(tx, person.id) is not None and account is not None
        ready = known and account is not None and account.signed_in
        return trusted_of(_given(tx, person.id), person.zone_offset, now, ready=ready)


def code(visit: Visit, before: frozenset[UUID], now: int) -> CodeView:
    """Read who has typed the code that stands on the page."""
    person = visit.person
    assert visit.archive is not None
    zone = person.zone_offset if person is not None else HERE
    with visit.archive.read() as tx:
        given = _given(tx, person.id) if person is not None else []
        return code_view(given, before, zone, now)


def given_by(visit: Visit) -> "list[Given]":
    """Read every mandate of the person who is here."""
    if visit.archive is None or visit.person is None:
        return []
    with visit.archive.read() as tx:
        return _given(tx, visit.person.id)


def _given(tx: "Tx", person_id: UUID) -> "list[Given]":
    from carehub.archive import mandates

    return mandates.of(tx, person_id)


def signature(archive: "Archive", own_name: str, person_id: UUID) -> str:
    """Return how a relative signs what they do for somebody: relation and name."""
    from carehub.ui.screens.family.words import relation_of

    with archive.read() as tx:
        held = next((each for each in _held(tx) if each.person_id == person_id), None)
    relation = relation_of(held.relation) if held is not None else ""
    name = (held.name if held is not None else "") or own_name
    return " ".join(part for part in (relation, name) if part)
