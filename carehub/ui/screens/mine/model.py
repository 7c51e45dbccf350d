"""What stands under Mine: the menu, meters, consents, backups and what this program is; no Qt."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from uuid import UUID

from carehub.care.consent import Consent, Purpose, permitted, refused, standing
from carehub.care.meters import Meter
from carehub.care.people import Person
from carehub.i18n import N_, _, ngettext
from carehub.ui import phrases
from carehub.ui.screens.family.words import who
from carehub.ui.screens.first_run.consent import CHOICES
from carehub.ui.screens.people.model import Face
from carehub.ui.terms import KINDS

if TYPE_CHECKING:
    from carehub.archive.backup import Backup
    from carehub.archive.mandates import Given

HERE = 480


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the menu."""

    key: str
    page: str
    text: str
    under: str
    icon: str


@dataclass(frozen=True, slots=True)
class MineView:
    """The menu of the person who is here."""

    face: Face
    entries: tuple[Entry, ...]
    several: bool = False


_MENU = (
    Entry("health", "health", N_("Health archive"), N_("Illnesses, medicines, family"), "book"),
    Entry("readings", "readings", N_("Readings"), N_("All you measured"), "list"),
    Entry("people", "people", N_("Family here"), "", "people"),
    Entry("trusted", "family.trusted", N_("Who may see them"), N_("Children, helpers"), "shield"),
    Entry("family", "family", N_("Care for family"), N_("Parents far away"), "heart-pulse"),
    Entry("tray", "tray", N_("Whose are they?"), "", "info"),
    Entry("sync", "sync", N_("Share with a platform"), N_("For family far away"), "swap"),
    Entry("imports", "imports", N_("Bring in history"), N_("From other programs"), "down"),
    Entry("meters", "mine.meters", N_("Meters"), "", "bluetooth"),
    Entry("privacy", "mine.privacy", N_("Privacy"), N_("What you agreed to"), "shield"),
    Entry("display", "mine.display", N_("Display, sound"), N_("Size, colours, voice"), "text-size"),
    Entry("language", "mine.language", N_("Language"), "中文 ・ English", "letter-zh"),
    Entry("lock", "mine.lock", N_("Lock and PIN"), N_("PIN, recovery code"), "lock"),
    Entry("about", "mine.about", N_("About"), N_("What it can and cannot do"), "info"),
)


def view_of(face: Face, *, people: int, meters: int, waiting: int, demo: bool) -> MineView:
    """Return the menu; the tray is on it only while something waits there, the lock never in a demo."""
    counted = {
        "people": ngettext("{count} person", "{count} people", people).format(count=people),
        "meters": ngettext("{count} meter known", "{count} meters known", meters).format(
            count=meters
        ),
        "tray": ngettext("{count} reading waits", "{count} readings wait", waiting).format(
            count=waiting
        ),
    }
    left_out = {"tray"} if not waiting else set()
    if demo:
        left_out.add("lock")
    entries = tuple(
        Entry(e.key, e.page, _(e.text), counted.get(e.key) or _(e.under), e.icon)
        for e in _MENU
        if e.key not in left_out
    )
    return MineView(face, entries, people > 1)


# Meters


@dataclass(frozen=True, slots=True)
class MeterLine:
    """One meter that was read here."""

    meter: Meter
    title: str
    note: str
    owners: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class MetersView:
    """All meters, the one read last first."""

    lines: tuple[MeterLine, ...] = ()


def meters_of(meters: Sequence[Meter], people: Sequence[Person], now: int) -> MetersView:
    """Return the meters with when each was read and whose its users are."""
    names = {person.id: person.greeting_name for person in people}
    zone = people[0].zone_offset if people else HERE
    return MetersView(tuple(_meter(each, names, now, zone) for each in meters))


def _meter(meter: Meter, names: dict[UUID, str], now: int, zone: int) -> MeterLine:
    parts = [_(KINDS[meter.kind])]
    if meter.last_read_at:
        when = phrases.when(meter.last_read_at, now, zone)
        parts.append(_("last read {when}").format(when=when))
    if meter.simulated:
        parts.append(_("pretend meter, for practice"))
    title = meter.name or meter.model or meter.id
    return MeterLine(meter, title, " ・ ".join(parts), _owners(meter, names))


def _owners(meter: Meter, names: dict[UUID, str]) -> str:
    said = []
    for slot, person_id in meter.slots:
        name = names.get(person_id, _("somebody"))
        pattern = _("user {number}: {name}") if slot is not None else "{name}"
        said.append(pattern.format(number=slot, name=name))
    return "  ".join(said)


# Privacy


@dataclass(frozen=True, slots=True)
class ConsentLine:
    """One purpose: whether it is agreed to now, since when, and the row to take back."""

    purpose: Purpose
    words: str
    note: str
    given: Consent | None = None


@dataclass(frozen=True, slots=True)
class Sharing:
    """With whom this person's records are shared now, as one sentence."""

    sentence: str = field(default="", repr=False)
    on: bool = False
    signed_in: bool = False


@dataclass(frozen=True, slots=True)
class PrivacyView:
    """What was agreed to, with whom it is shared, and where everything lies."""

    lines: tuple[ConsentLine, ...]
    kept: tuple[str, ...]
    sharing: Sharing


NOT_KEPT = N_("Nothing is sent to anybody.")
EXPORT = N_("All of it can be copied into one file with the command carehub export.")


def privacy_of(
    rows: Iterable[Consent],
    backups: "Sequence[Backup]",
    folder: str,
    now: int,
    zone: int,
    sharing: Sharing,
) -> PrivacyView:
    """Return the page: each purpose with its date, then what is kept where."""
    newest = standing(rows)
    lines = tuple(
        _consent(choice.purpose, _(choice.words), newest.get(choice.purpose), zone)
        for choice in CHOICES
    )
    made = _("No backup yet; the first is made when CareHub closes.")
    if backups:
        pattern = _("{count} verified backups, the newest {when}")
        made = pattern.format(count=len(backups), when=phrases.when(backups[0].made_at, now, zone))
    where = _("All of it lies encrypted on this computer: {folder}").format(folder=folder)
    return PrivacyView(lines, (where, made, sharing.sentence, _(EXPORT)), sharing)


def sharing_of(
    rows: Iterable[Consent], holders: "Iterable[Given]", *, signed_in: bool, now: int
) -> Sharing:
    """Return who can see the records now; `holders` are all mandates ever given for them."""
    rows = list(rows)
    if not permitted(Purpose.PLATFORM_SYNC, rows):
        return Sharing(_(NOT_KEPT), signed_in=signed_in)
    if not signed_in:
        return Sharing(_("You agreed to share, but are not signed in: nothing is sent now."))
    named = [who(each) for each in holders if each.state == "active" and each.open(now)]
    if not named or refused(rows, Purpose.FAMILY_SHARING):
        return Sharing(
            _("Your records are on the platform; nobody but you can see them."), True, True
        )
    said = _("Your records are on the platform; {names} can see them.")
    return Sharing(said.format(names=_(", ").join(named)), True, True)


def _consent(purpose: Purpose, words: str, row: Consent | None, zone: int) -> ConsentLine:
    if row is None:
        return ConsentLine(purpose, words, _("Not agreed to"))
    at = row.withdrawn_at or row.granted_at
    on = phrases.day(phrases.local(at, zone).date(), year=True)
    if row.withdrawn_at is not None:
        return ConsentLine(purpose, words, _("Taken back on {day}").format(day=on))
    return ConsentLine(purpose, words, _("Agreed on {day}").format(day=on), row)


# The lock

MINUTES = (1, 5, 10, 30, 0)


def minute_words(minutes: int) -> str:
    """Return how long it takes until the screen locks."""
    if not minutes:
        return _("Never")
    return ngettext("{count} minute", "{count} minutes", minutes).format(count=minutes)


# About

LIMITS = (
    N_("No clinician has reviewed its rules yet; they follow published guidelines."),
    N_("It has met no real meter yet, only pretend ones that keep to the Bluetooth profiles."),
    N_("It does not replace a doctor. In an emergency call 120."),
    N_("It sends nothing unless you switch sharing on and say who may see it."),
)
PARTS = (
    ("CareHub", "Apache-2.0"),
    ("Qt, PySide6", "LGPL-3.0"),
    ("SQLCipher, SQLite", "BSD-3-Clause, public domain"),
    ("SQLAlchemy, Alembic, pydantic", "MIT"),
    ("cryptography, argon2-cffi", "Apache-2.0, MIT"),
    ("bleak, Bumble, dbus-fast", "MIT, Apache-2.0"),
    ("matplotlib, NumPy", "matplotlib licence, BSD-3-Clause"),
    ("Noto Sans CJK", "OFL-1.1"),
)
