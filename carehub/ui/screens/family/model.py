"""Everyone cared for on one page, worst first: one sentence, a state and what may be done; no Qt."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from typing import TYPE_CHECKING
from uuid import UUID

from carehub.care.alerts.model import Alert, Level, State
from carehub.care.civil import DAY
from carehub.care.family import Scope
from carehub.care.people import Profile
from carehub.care.readings import Kind, Reading
from carehub.i18n import N_, _, ngettext
from carehub.ui import phrases
from carehub.ui.screens.alert.model import newest_of, ranked, title_of
from carehub.ui.screens.alert.telling import line_of
from carehub.ui.screens.family.words import called
from carehub.ui.screens.home.model import PLACES
from carehub.ui.screens.result.model import value_of
from carehub.ui.terms import KINDS

if TYPE_CHECKING:
    from carehub.archive.mandates import Given, Parting
    from carehub.archive.streams import Stream
    from carehub.care.plans import Plan
    from carehub.workflows.escalations import Telling

STALE_DAYS = 3
"""Days without a reading after which a relative should know; the rules remind the person earlier."""


class Rank(IntEnum):
    """In which order people stand on the page; within one rank the graver level, then the older."""

    ALERT = 0
    SEEN = 1
    STALE = 2
    OUT = 3
    FINE = 4
    WAITING = 5


@dataclass(frozen=True, slots=True)
class Kin:
    """What the archive has of one person cared for."""

    stream: "Stream"
    profile: Profile = field(repr=False)
    plan: "Plan" = field(repr=False)
    latest: tuple[Reading, ...] = field(default=(), repr=False)
    """The newest sitting's last reading of each kind."""
    alerts: tuple[Alert, ...] = field(default=(), repr=False)
    about: Mapping[UUID, Reading] = field(default_factory=dict, repr=False)
    """The readings that the alerts name."""
    telling: Mapping[UUID, "Telling"] = field(default_factory=dict, repr=False)
    """How the telling of each alert stands."""
    mandate: "Given | None" = None
    photo: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True)
class Cared:
    """One person on the page. `status` is a state of a chip; `alert` what may be acknowledged."""

    id: UUID
    name: str = field(repr=False)
    rank: Rank
    reading: str = field(repr=False)
    sentence: str = field(repr=False)
    chip: str
    status: str
    level: Level = Level.L0
    since: int = 0
    photo: bytes = field(default=b"", repr=False)
    alert: UUID | None = None
    told: str = field(default="", repr=False)
    """Who was told of the alert, or that nobody could be."""
    may_record: bool = False
    may_consult: bool = False


@dataclass(frozen=True, slots=True)
class Gone:
    """Somebody who is no longer here, and the sentence that says why."""

    id: UUID
    sentence: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class FamilyView:
    """The whole page; `waiting` says that somebody's yes is still to come."""

    people: tuple[Cared, ...] = ()
    gone: tuple[Gone, ...] = ()
    waiting: str = ""


_WHY = {
    "grant_revoked": N_("{name} took the leave to look back. Their records are gone from here."),
    "mandate_over": N_(
        "The time {name} gave you to look is over. Their records are gone from here."
    ),
}


def view_of(
    kin: Iterable[Kin], partings: "Sequence[Parting]", waiting: int, now: int, reviewed: int = 0
) -> FamilyView:
    """Return everyone cared for, worst first, and who left.

    `waiting` mandates are not agreed to yet, `reviewed` ones wait for a guardian's document.
    """
    people = sorted((cared_of(each, now) for each in kin), key=_order)
    gone = tuple(Gone(each.id, why_gone(each)) for each in partings)
    said = ngettext(
        "{count} request waits for their yes.", "{count} requests wait for their yes.", waiting
    ).format(count=waiting)
    papers = ngettext(
        "{count} guardian's document is still to be handed in or checked.",
        "{count} guardians' documents are still to be handed in or checked.",
        reviewed,
    ).format(count=reviewed)
    told = " ".join([said] * bool(waiting) + [papers] * bool(reviewed))
    return FamilyView(tuple(people), gone, told)


def _order(one: Cared) -> tuple[int, int, int, str]:
    return one.rank, -one.level, one.since, one.name


def why_gone(parting: "Parting") -> str:
    """Return the one sentence about somebody whose records left this machine."""
    name = called(parting.name, parting.sex, parting.relation)
    return _(_WHY.get(parting.code, _WHY["grant_revoked"])).format(name=name)


def name_of(kin: Kin) -> str:
    """Return what the relative calls this person."""
    person, mandate = kin.profile.person, kin.mandate
    return called(person.greeting_name, person.sex, mandate.relation if mandate else "")


def cared_of(kin: Kin, now: int) -> Cared:
    """Return one person's line: the gravest alert, else what is missing, else how the last one was."""
    alert = next(iter(ranked(_by_seen(kin.alerts))), None)
    newest = max(kin.latest, key=lambda each: each.taken_at, default=None)
    rank, sentence, chip, status = _standing(kin, alert, newest, now)
    scopes = frozenset(kin.stream.scopes)
    open_alert = alert is not None and alert.state is not State.ACKNOWLEDGED
    return Cared(
        id=kin.stream.person_id,
        name=name_of(kin),
        rank=rank,
        reading=_reading(newest, kin, now),
        sentence=sentence,
        chip=chip,
        status=status,
        level=alert.level if alert is not None else Level.L0,
        since=newest.taken_at if newest is not None else 0,
        photo=kin.photo,
        alert=alert.id if alert and open_alert and Scope.ACKNOWLEDGE in scopes else None,
        told=_told(kin, alert, now),
        may_record=Scope.RECORD in scopes and not kin.stream.paused,
        may_consult=Scope.CONSULT in scopes and not kin.stream.paused,
    )


def _told(kin: Kin, alert: Alert | None, now: int) -> str:
    """Return the line of who was told; of one in hand the sentence itself says who has it."""
    if alert is None or alert.state is State.ACKNOWLEDGED or kin.stream.paused:
        return ""
    return line_of(alert, kin.telling, now, kin.profile.person.zone_offset)


def _by_seen(alerts: Sequence[Alert]) -> list[Alert]:
    """Return the alerts that nobody has taken in hand, or all of them where there is none such."""
    unseen = [each for each in alerts if each.open and each.state is not State.ACKNOWLEDGED]
    return unseen or list(alerts)


_Said = tuple[Rank, str, str, str]


def _standing(kin: Kin, alert: Alert | None, newest: Reading | None, now: int) -> _Said:
    if kin.stream.paused:
        return Rank.WAITING, _("Sharing is switched off at the moment."), _("Paused"), "info"
    if alert is not None:
        return _alerted(kin, alert, now)
    if newest is None:
        return Rank.WAITING, _("Nothing was measured yet."), _("No number"), "info"
    if now - newest.taken_at > STALE_DAYS * DAY:
        days = (now - newest.taken_at) // DAY
        said = ngettext(
            "Nothing was measured for {count} day.", "Nothing was measured for {count} days.", days
        )
        return Rank.STALE, said.format(count=days), _("Not for days"), "warn"
    return _judged(kin, newest)


def _alerted(kin: Kin, alert: Alert, now: int) -> _Said:
    title = title_of(alert, newest_of(alert, kin.about))
    status = "danger" if alert.level >= Level.L3 else "warn"
    if alert.state is not State.ACKNOWLEDGED:
        chip = _("Act now") if status == "danger" else _("Reminder")
        return Rank.ALERT, title, chip, status
    zone = kin.profile.person.zone_offset
    when = phrases.when(alert.acknowledged_at or alert.raised_at, now, zone)
    seen = _("{title}. {name} saw it {when}.").format(
        title=title, name=alert.acknowledged_by, when=when
    )
    return Rank.SEEN, seen, _("In hand"), "warn"


def _judged(kin: Kin, newest: Reading) -> _Said:
    from carehub.care.standing import OUT_OF_TARGET, judge

    judged = [judge(each, kin.profile, kin.plan) for each in kin.latest]
    bad = [each for each in judged if each.place in OUT_OF_TARGET]
    shown = bad[0] if bad else judge(newest, kin.profile, kin.plan)
    state, words = PLACES[shown.place]
    status = {"in_target": "ok", "high": "high", "low": "low", "crisis": "danger"}.get(
        state, "info"
    )
    return (Rank.OUT if bad else Rank.FINE), _(shown.words), _(words), status


def _reading(newest: Reading | None, kin: Kin, now: int) -> str:
    """Return the last reading with its time, as one line."""
    if newest is None:
        return ""
    when = phrases.when(newest.taken_at, now, kin.profile.person.zone_offset)
    unit = "mmHg" if newest.kind is Kind.BLOOD_PRESSURE else "mmol/L"
    return _("{when} {kind} {value} {unit}").format(
        when=when, kind=_(KINDS[newest.kind]), value=value_of(newest), unit=unit
    )


# Ringing somebody


@dataclass(frozen=True, slots=True)
class CallView:
    """Whom to ring: the person's own number as known here, and who else is near them."""

    name: str = field(repr=False)
    phone: str = field(default="", repr=False)
    why: str = field(default="", repr=False)
    others: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    mandate: UUID | None = None
    alert: UUID | None = None


def call_of(kin: Kin, line: Cared) -> CallView:
    """Return the numbers for one person; neighbours and family stand in their shared archive."""
    from carehub.ui.screens.help.model import grouped

    mandate = kin.mandate
    contacts = sorted(kin.profile.contacts, key=lambda each: each.order)
    others = tuple(
        (f"{each.relation} {each.name}".strip(), grouped(each.phone))
        for each in contacts
        if each.phone.strip() and not (mandate and each.name == mandate.name)
    )
    return CallView(
        name=line.name,
        phone=grouped(mandate.phone) if mandate and mandate.phone else "",
        why=line.sentence if line.alert is not None else "",
        others=others,
        mandate=mandate.id if mandate else None,
        alert=line.alert,
    )
