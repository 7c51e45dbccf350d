"""What an alert says on the screen: the gravest first, in words and steps; free of Qt."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from carehub.care.alerts.engine import snooze_limit
from carehub.care.alerts.model import Alert, Level, State
from carehub.care.alerts.rulebook import Rulebook
from carehub.care.people import Profile
from carehub.care.readings import Kind, Reading, Symptom
from carehub.i18n import N_, _
from carehub.ui import phrases
from carehub.ui.screens.help.model import grouped
from carehub.ui.screens.result.model import value_of

FOOTNOTE = N_(
    "This notice follows published guidelines automatically. It is for reference only and does not"
    " replace a doctor; in an emergency call 120."
)
ALONE = N_("Nobody in the family has been told: this computer is offline. Please call them.")

_TITLES: tuple[tuple[str, str], ...] = (
    ("BP-CRIT", N_("Blood pressure is very high: {value}")),
    ("BP-EXT", N_("Blood pressure is very high: {value}")),
    ("BP-LOW", N_("Blood pressure is low: {value}")),
    ("BP-HR", N_("About your pulse: {pulse}")),
    ("BP-Q", N_("About this measurement")),
    ("BP-", N_("About your blood pressure")),
    ("G-LO", N_("Glucose is low: {value}")),
    ("G-HIGH", N_("About your glucose")),
    ("G-HI", N_("Glucose is very high: {value}")),
    ("G-", N_("About your glucose")),
    ("STALE-", N_("No news for some days")),
)
_EMERGENCY = N_("Call 120 now")

SYMPTOMS: dict[Symptom, str] = {
    Symptom.CHEST_PAIN: N_("Chest pain"),
    Symptom.BREATHLESS: N_("Short of breath"),
    Symptom.WEAK_SIDE: N_("One side weak or numb"),
    Symptom.SPEECH_TROUBLE: N_("Speech unclear"),
    Symptom.SEVERE_HEADACHE: N_("Very bad headache"),
    Symptom.VISION_LOSS: N_("Cannot see well"),
    Symptom.CONFUSED: N_("Confused"),
    Symptom.SEIZURE: N_("Cramps all over"),
    Symptom.FAINT: N_("Dizzy"),
    Symptom.FELL: N_("Fell down"),
    Symptom.BLACK_OUT: N_("Everything went black"),
    Symptom.SYNCOPE: N_("Fainted"),
    Symptom.CANNOT_SWALLOW: N_("Cannot swallow"),
    Symptom.VOMITING: N_("Vomiting"),
    Symptom.BELLY_PAIN: N_("Belly pain"),
    Symptom.DEEP_BREATHING: N_("Breathing deep and fast"),
    Symptom.DROWSY: N_("Very sleepy"),
    Symptom.FEVER: N_("Fever"),
}
"""What a person says of each symptom; one big button each."""


@dataclass(frozen=True, slots=True)
class Call:
    """Whom to call: the words of the button, the name, the digits in groups."""

    words: str = field(repr=False)
    who: str = field(repr=False)
    digits: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Todo:
    """One numbered step; a `grave` one stands in red."""

    text: str
    grave: bool = False


@dataclass(frozen=True, slots=True)
class Other:
    """Another open alert: which, and its title."""

    id: UUID
    title: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class AlertView:
    """Everything the page shows; without `id` there is nothing to look at."""

    id: UUID | None = None
    title: str = field(default="", repr=False)
    when: str = ""
    steps: tuple[Todo, ...] = ()
    level: Level = Level.L1
    kind: Kind = Kind.BLOOD_PRESSURE
    reading: UUID | None = None
    taken_at: int = 0
    recheck_at: int | None = None
    rechecks: bool = False
    family: Call | None = None
    symptoms: tuple[Symptom, ...] = ()
    others: tuple[Other, ...] = ()
    next: UUID | None = None
    acknowledged: str = ""
    simulated: bool = False
    urgent: bool = False
    snooze: int = 0
    """The minutes it may be put off; 0 where it may not, or where there is nothing to put off."""
    put_off: str = ""
    told: str = field(default="", repr=False)
    """Whether the family knows; empty where nobody is told of this kind."""

    @property
    def emergency(self) -> bool:
        """Tell whether nothing but 120 matters now."""
        return self.level is Level.L4


def pressing(alert: Alert) -> bool:
    """Tell whether an alert takes the screen: L3, L4, or a dangerous value that waits for a recheck."""
    return alert.open and (alert.level >= Level.L3 or alert.state is State.PENDING)


def unseen(alert: Alert, now: int) -> bool:
    """Tell whether an alert takes the screen by itself: nobody has seen it or put it off."""
    put_off = alert.snoozed_until is not None and alert.snoozed_until > now
    return pressing(alert) and alert.state is not State.ACKNOWLEDGED and not put_off


def gravest(alerts: Iterable[Alert]) -> Alert | None:
    """Return the pressing alert to show first, if there is one."""
    grave = [alert for alert in alerts if pressing(alert)]
    return max(grave, key=lambda alert: (alert.level, alert.raised_at), default=None)


def ranked(alerts: Sequence[Alert]) -> list[Alert]:
    """Return the open alerts, gravest first, then newest first."""
    waiting = (alert for alert in alerts if alert.open)
    return sorted(waiting, key=lambda a: (-a.level, not pressing(a), -a.raised_at))


@dataclass(frozen=True, slots=True)
class Wish:
    """Which alert is asked for; `among` are those a person picked it from, empty where nobody did."""

    id: UUID | None = None
    among: frozenset[UUID] = frozenset()


def chosen(alerts: Sequence[Alert], wish: Wish) -> Alert | None:
    """Return the alert to show: the gravest one, or that which was wished for.

    A wish of a notice does not hide a graver alert; a person's own pick does, until a new one comes
    or where there is an emergency.
    """
    waiting = ranked(alerts)
    if not waiting:
        return None
    first = waiting[0]
    wanted = next((alert for alert in waiting if alert.id == wish.id), first)
    picked = wish.among >= {alert.id for alert in waiting} and first.level < Level.L4
    return wanted if picked or wanted.level >= first.level else first


def view_of(
    alerts: Sequence[Alert],
    wish: Wish,
    readings: Mapping[UUID, Reading],
    profile: Profile | None,
    rulebook: Rulebook,
    now: int,
) -> AlertView:
    """Return the page for the alerts of one person; `readings` are those the alerts name."""
    alert = chosen(alerts, wish)
    if alert is None:
        return AlertView()
    newest = newest_of(alert, readings)
    zone = profile.person.zone_offset if profile is not None else 480
    kind = newest.kind if newest is not None else _kind_of(alert)
    others = tuple(
        Other(a.id, title_of(a, newest_of(a, readings))) for a in ranked(alerts) if a.id != alert.id
    )
    return AlertView(
        id=alert.id,
        title=_(_EMERGENCY) if alert.level is Level.L4 else title_of(alert, newest),
        when=_when(alert, newest, now, zone),
        steps=steps_of(alert),
        level=alert.level,
        kind=kind,
        reading=newest.id if newest is not None else None,
        taken_at=newest.received_at or newest.taken_at if newest is not None else alert.raised_at,
        recheck_at=alert.recheck_at,
        rechecks=pressing(alert) or alert.recheck_at is not None,
        family=family_of(profile),
        symptoms=symptoms_of(alert, rulebook, newest),
        others=others,
        next=_after(alert, ranked(alerts)),
        acknowledged=_acknowledged(alert, now, zone),
        simulated=newest is not None and newest.simulated,
        urgent=pressing(alert),
        snooze=snooze_of(alert, now),
        put_off=_put_off(alert, now, zone),
    )


def snooze_of(alert: Alert, now: int) -> int:
    """Return the minutes an alert that goes on reminding may be put off, by CLINICAL 4.7.

    A quiet reminder comes once a day, what somebody has seen reminds nobody: nothing to put off.
    """
    put_off = alert.snoozed_until is not None and alert.snoozed_until > now
    loud = pressing(alert) or alert.level is Level.L2
    going_on = loud and alert.state is not State.ACKNOWLEDGED and not put_off
    return snooze_limit(alert) if going_on else 0


def _after(alert: Alert, waiting: Sequence[Alert]) -> UUID | None:
    place = [each.id for each in waiting].index(alert.id)
    return waiting[(place + 1) % len(waiting)].id if len(waiting) > 1 else None


def newest_of(alert: Alert, readings: Mapping[UUID, Reading]) -> Reading | None:
    """Return the newest reading that made an alert, if it is at hand."""
    found = [readings[each] for each in alert.readings if each in readings]
    return max(found, key=lambda reading: (reading.taken_at, reading.received_at), default=None)


def title_of(alert: Alert, reading: Reading | None) -> str:
    """Return the title with the value; without a value only what it is about."""
    pattern = next((text for prefix, text in _TITLES if alert.rule.startswith(prefix)), "")
    if not pattern:
        return _("Please look at this")
    if reading is None:
        plain = _(pattern).partition("{")[0]
        return plain.rstrip("：: ")
    pulse = "–" if reading.v3 is None else str(reading.v3.quantize(reading.v3.to_integral()))
    return _(pattern).format(value=value_of(reading), pulse=pulse)


def steps_of(alert: Alert) -> tuple[Todo, ...]:
    """Return the steps of the advice, those that send to 120 in red."""
    said = [_(text) for text in alert.advice] or [_(alert.text)]
    return tuple(Todo(text, "120" in text) for text in said)


def family_of(profile: Profile | None) -> Call | None:
    """Return the first contact with a number, or None where there is none."""
    contacts = () if profile is None else profile.contacts
    known = sorted((c for c in contacts if c.phone.strip()), key=lambda contact: contact.order)
    if not known:
        return None
    first = known[0]
    words = _("Call {relation}").format(relation=first.relation or first.name)
    return Call(words, f"{first.relation} {first.name}".strip(), grouped(first.phone))


def symptoms_of(alert: Alert, rulebook: Rulebook, reading: Reading | None) -> tuple[Symptom, ...]:
    """Return the symptoms that would change what the rules of this family say."""
    if reading is None or alert.level is Level.L4:
        return ()
    known: set[Symptom] = set()
    for rule in rulebook:
        if rule.family == alert.family:
            known.update(*rule.symptoms.values())
    return tuple(symptom for symptom in SYMPTOMS if symptom in known)


def left_of(view: AlertView, now: int) -> str:
    """Return what the clock says of the recheck: time left, or that it is time."""
    if view.recheck_at is None:
        return ""
    left = -((now - view.recheck_at) // 1000)
    if left > 0:
        return _("Measure again in {time}").format(time=f"{left // 60}:{left % 60:02d}")
    return _("It is time to measure again")


def _kind_of(alert: Alert) -> Kind:
    return Kind.GLUCOSE if alert.rule.startswith("G-") else Kind.BLOOD_PRESSURE


def _when(alert: Alert, reading: Reading | None, now: int, zone_offset: int) -> str:
    said = _(alert.text)
    if reading is None:
        return said
    taken = phrases.when(reading.taken_at, now, zone_offset)
    if alert.level is Level.L4:
        return _("{value}, measured {when}").format(value=value_of(reading), when=taken)
    return _("Measured {when}. {said}").format(when=taken, said=said)


def _put_off(alert: Alert, now: int, zone_offset: int) -> str:
    if alert.snoozed_until is None or alert.snoozed_until <= now:
        return ""
    at = phrases.clock(phrases.local(alert.snoozed_until, zone_offset))
    return _("Put off until {time}").format(time=at)


def _acknowledged(alert: Alert, now: int, zone_offset: int) -> str:
    if alert.state is not State.ACKNOWLEDGED or alert.acknowledged_at is None:
        return ""
    at = phrases.when(alert.acknowledged_at, now, zone_offset)
    return _("{name} saw this {when}").format(name=alert.acknowledged_by, when=at)
