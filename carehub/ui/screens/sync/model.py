"""What the pages of sharing say: how it stands, what was not taken, where two entries met; no Qt."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING
from uuid import UUID

from carehub import errors
from carehub.care.civil import DAY
from carehub.i18n import N_, _, ngettext
from carehub.ui import phrases, terms

if TYPE_CHECKING:
    from carehub.archive.conflicts import Conflict
    from carehub.archive.outbox import Refusal
    from carehub.sync.turn import Progress
    from carehub.workflows.sync import Standing

HERE = 480
LONG = 3 * DAY
"""Milliseconds without the platform after which a person is told although nothing is lost."""
CLOCK_OFF = 600_000
"""Milliseconds by which this computer's clock may differ before a person is asked to set it."""
HOUR = 3_600_000


class Stage(StrEnum):
    """How far a person has come: asked, agreed, signed in; or took the agreement back."""

    NEW = "new"
    AGREED = "agreed"
    SIGNED_OUT = "signed_out"
    ON = "on"
    OFF = "off"


@dataclass(frozen=True, slots=True)
class SyncView:
    """The page 和平台同步: one headline, a few sentences, and how many things need a look."""

    stage: Stage
    headline: str
    lines: tuple[str, ...] = ()
    trouble: str = ""
    look: int = 0
    url: str = field(default="", repr=False)
    login: str = field(default="", repr=False)


def view_of(standing: "Standing", *, agreed: bool, name: str, now: int, zone: int) -> SyncView:
    """Return the page for the person `name`, who agreed or did not; `now` is UTC milliseconds."""
    stage = _stage(standing, agreed=agreed)
    sentences = {
        Stage.NEW: _new,
        Stage.AGREED: _agreed,
        Stage.SIGNED_OUT: _signed_out,
        Stage.OFF: _off,
    }
    if stage is Stage.ON:
        headline, lines = _on(standing, now, zone)
    else:
        headline, lines = sentences[stage](standing, name)
    return SyncView(
        stage,
        headline,
        lines,
        _trouble(standing) if stage is not Stage.NEW else "",
        len(standing.refused) + len(standing.conflicts),
        standing.url,
        standing.login,
    )


def _stage(standing: "Standing", *, agreed: bool) -> Stage:
    if standing.signed_in:
        return Stage.ON if agreed else Stage.OFF
    if not agreed:
        return Stage.NEW
    return Stage.SIGNED_OUT if standing.url else Stage.AGREED


Words = tuple[str, tuple[str, ...]]


def _new(_standing: "Standing", _name: str) -> Words:
    return _("Your records are only on this computer"), (
        _("With a platform, your daughter or son can see them from far away, if you allow it."),
        _("If this computer breaks, your records are still there."),
        _("Nothing is sent before you have read what it means and said yes."),
    )


def _agreed(_standing: "Standing", name: str) -> Words:
    return _("Agreed. Now sign in"), (
        _("{name} has agreed. Nothing was sent yet.").format(name=name),
        _("You need an account on the platform. One can be made here."),
    )


def _signed_out(standing: "Standing", _name: str) -> Words:
    return _("Please sign in again"), (
        _waiting(standing.waiting),
        _("Everything stays saved on this computer meanwhile."),
    )


def _off(standing: "Standing", name: str) -> Words:
    lines = [_("Nothing of {name} is sent.").format(name=name)]
    if standing.held:
        lines.append(_waiting(standing.held))
    if any(not stream.own for stream in standing.streams):
        lines.append(_("What your family lets you see goes on arriving."))
    return _("Sharing is switched off"), tuple(lines)


def _on(standing: "Standing", now: int, zone: int) -> Words:
    last = standing.last_success_at
    if last is None:
        return _("Nothing was exchanged yet"), (_waiting(standing.waiting),)
    when = phrases.when(last, now, zone)
    said = _("Last exchange: {when}").format(when=when)
    if standing.waiting:
        return _waiting(standing.waiting), (said, _("They go out by themselves."))
    if standing.trouble:
        return _("Everything of yours was sent"), (said,)
    return _("Everything is up to date"), (said, _("New readings go out by themselves."))


def _waiting(count: int) -> str:
    if not count:
        return _("Nothing waits to be sent")
    pattern = ngettext("{n} change waits to be sent", "{n} changes wait to be sent", count)
    return pattern.format(n=count)


# What went wrong


def _trouble(standing: "Standing") -> str:
    """Return what a person should know and do, or nothing."""
    off = clock_words(standing.clock_offset)
    if off:
        return off
    found = next((each for each in _kinds(errors.SyncError) if each.code == standing.trouble), None)
    if found is None:
        return ""
    return found().sentence() if found is not errors.PlatformRefused else _refused_words()


def _refused_words() -> str:
    return _("The platform did not take the last exchange. It is tried again by itself.")


def _kinds(kind: type[errors.SyncError]) -> Iterable[type[errors.SyncError]]:
    for each in kind.__subclasses__():
        yield each
        yield from _kinds(each)


def clock_words(offset: int) -> str:
    """Return that this computer's clock is wrong, by how much and what to do; empty where it is not.

    `offset` is what to add to it to have the platform's time, in milliseconds.
    """
    if abs(offset) < CLOCK_OFF:
        return ""
    late = _("This computer's clock is {time} slow. Set its date and time, please.")
    early = _("This computer's clock is {time} fast. Set its date and time, please.")
    return (late if offset > 0 else early).format(time=_span(abs(offset)))


def _span(time: int) -> str:
    if time >= 365 * DAY:
        years = round(time / (365 * DAY))
        return ngettext("{n} year", "{n} years", years).format(n=years)
    if time >= DAY:
        days = round(time / DAY)
        return ngettext("{n} day", "{n} days", days).format(n=days)
    if time >= HOUR:
        hours = round(time / HOUR)
        return ngettext("{n} hour", "{n} hours", hours).format(n=hours)
    minutes = time // 60_000
    return ngettext("{n} minute", "{n} minutes", minutes).format(n=minutes)


_LOUD = (errors.SignedOut, errors.SchemaTooOld, errors.PlatformUntrusted)
"""What does not mend itself: a person is told wherever they are."""


def to_know(standing: "Standing", now: int) -> str:
    """Return the one sentence a person must be told on whatever page they are, or nothing."""
    loud = next((each for each in _LOUD if each.code == standing.trouble), None)
    if loud is not None and standing.url:
        return loud().sentence()
    look = len(standing.refused) + len(standing.conflicts)
    if look:
        pattern = ngettext(
            "{n} entry needs a look, because it could not be shared as it is.",
            "{n} entries need a look, because they could not be shared as they are.",
            look,
        )
        return pattern.format(n=look)
    last = standing.last_success_at
    if standing.signed_in and standing.waiting and last is not None and now - last > LONG:
        days = (now - last) // DAY
        pattern = ngettext(
            "For {n} day nothing could be sent. Look at the connection to the Internet.",
            "For {n} days nothing could be sent. Look at the connection to the Internet.",
            days,
        )
        return pattern.format(n=days)
    return ""


def progress_words(progress: "Progress") -> str:
    """Return how far an exchange is, in one sentence."""
    if progress.fetched or progress.left:
        got = ngettext("{n} change fetched", "{n} changes fetched", progress.fetched)
        said = got.format(n=progress.fetched)
        left = ngettext("{n} left", "{n} left", progress.left).format(n=progress.left)
    else:
        sent = ngettext("{n} change sent", "{n} changes sent", progress.sent)
        said = sent.format(n=progress.sent)
        left = ngettext("{n} left", "{n} left", progress.waiting).format(n=progress.waiting)
    return f"{said}, {left}"


# What needs a look


@dataclass(frozen=True, slots=True)
class Refused:
    """Ops of one kind that were not taken for one reason: what, why, what to do, and their ids."""

    key: str
    title: str
    why: str
    do: str
    ids: tuple[UUID, ...]
    again: bool = True


@dataclass(frozen=True, slots=True)
class Difference:
    """Two values that met: whose and what, the one that stands, and the other."""

    id: UUID
    title: str
    kept: str = field(repr=False)
    other: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class LookView:
    """Everything that needs a look."""

    differences: tuple[Difference, ...] = ()
    refused: tuple[Refused, ...] = ()


KINDS: dict[str, str] = {
    "person": N_("Name and birthday"),
    "condition": N_("Illness"),
    "allergy": N_("Allergy"),
    "medicine": N_("Medicine"),
    "history_line": N_("History"),
    "emergency_contact": N_("Emergency contact"),
    "target": N_("Target"),
    "reading": N_("Reading"),
    "alert": N_("Alert"),
    "consent": N_("Agreement"),
    "attachment": N_("Picture or file"),
}
FIELDS: dict[str, str] = {
    "name": N_("Name"),
    "called": N_("Called"),
    "born": N_("Birthday"),
    "sex": N_("Sex"),
    "substance": N_("Substance"),
    "reaction": N_("Reaction"),
    "dose": N_("Dose"),
    "timing": N_("When"),
    "year": N_("Year"),
    "code": N_("Illness"),
    "kind": N_("Kind"),
    "medicine_class": N_("Kind"),
    "alerts": N_("Told of alerts"),
    "stopped": N_("Stopped"),
    "relation": N_("Relation"),
    "phone": N_("Telephone"),
    "order": N_("Order"),
    "since": N_("Since"),
    "text": N_("Words"),
    "systolic": N_("Upper"),
    "diastolic": N_("Lower"),
}
_ASK = N_("Ask them for it, then press Try again.")
REASONS: dict[str, tuple[str, str]] = {
    "mandate_over": (N_("Your leave to write for them had run out."), _ASK),
    "grant_revoked": (N_("They took your leave back."), _ASK),
    "not_allowed": (N_("You were not given leave for this."), _ASK),
    "consent_withdrawn": (
        N_("Sharing is switched off for this person."),
        N_("It goes out by itself once sharing is on again."),
    ),
    "too_large": (N_("It is too large to send."), N_("It stays here; you need not do anything.")),
}
_OTHER = (
    N_("The platform did not take it ({code})."),
    N_("It stays here. Try again, or ask whoever runs the platform."),
)
NOT_AGAIN = frozenset({"too_large", "consent_withdrawn"})


def look_of(
    refused: "Iterable[Refusal]", conflicts: "Iterable[Conflict]", names: Mapping[UUID, str]
) -> LookView:
    """Return what needs a look: differences first, then what was not taken, alike ones together."""
    groups: dict[tuple[UUID, str, str], list[UUID]] = {}
    for each in refused:
        key = (each.op.person_id, str(each.op.kind), each.code)
        groups.setdefault(key, []).append(each.op.op_id)
    return LookView(
        tuple(_difference(each, names) for each in conflicts),
        tuple(_group(n, *key, ids, names) for n, (key, ids) in enumerate(groups.items())),
    )


def _group(
    number: int, person_id: UUID, kind: str, code: str, ids: list[UUID], names: Mapping[UUID, str]
) -> Refused:
    why, do = REASONS.get(code, _OTHER)
    what = _(KINDS.get(kind, N_("Something newer")))
    count = f" × {len(ids)}" if len(ids) > 1 else ""
    return Refused(
        str(number),
        f"{_name(person_id, names)} ・ {what}{count}",
        _(why).format(code=code),
        _(do),
        tuple(ids),
        code not in NOT_AGAIN,
    )


def _difference(conflict: "Conflict", names: Mapping[UUID, str]) -> Difference:
    what = _(KINDS.get(conflict.kind, N_("Something newer")))
    parts = [_name(conflict.person_id, names), what]
    if conflict.field:
        parts.append(_(FIELDS.get(conflict.field, N_("A detail"))))
        kept, other = (_shown(conflict.field, each) for each in (conflict.kept, conflict.lost))
    else:
        kept, other = _("Keep the entry"), _("Take it out")
    return Difference(conflict.id, " ・ ".join(parts), kept, other)


def _name(person_id: UUID, names: Mapping[UUID, str]) -> str:
    return names.get(person_id, _("somebody"))


_TERMS: dict[str, dict[str, str]] = {
    "sex": {str(key): words for key, words in terms.SEXES.items()},
    "code": {str(key): words for key, words in terms.CONDITIONS.items()},
    "kind": {str(key): words for key, words in terms.HISTORY_KINDS.items()},
    "medicine_class": {str(key): words for key, words in terms.MEDICINE_CLASSES.items()},
}


def _shown(field_name: str, value: object) -> str:
    """Return a JSON value as people say it."""
    if value is None or value == "":
        return _("nothing")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return _(_TERMS.get(field_name, {}).get(str(value), str(value)))
