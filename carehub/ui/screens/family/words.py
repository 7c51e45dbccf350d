"""How relations, roles and leave are said to people; free of Qt."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from carehub.care.family import Role, Scope
from carehub.care.people import Sex
from carehub.i18n import N_, _
from carehub.ui import phrases

if TYPE_CHECKING:
    from carehub.archive.mandates import Given

RELATIONS: dict[str, str] = {
    "daughter": N_("Daughter"),
    "son": N_("Son"),
    "spouse": N_("Spouse"),
    "grandchild": N_("Grandchild"),
    "sibling": N_("Sibling"),
    "relative": N_("Relative"),
    "neighbour": N_("Neighbour"),
    "worker": N_("Community worker"),
}
"""What somebody is to the person whose records these are; the code travels, the words are said."""

ROLES: dict[str, str] = {
    Role.VIEWER: N_("Look only"),
    Role.CARER: N_("Look and help"),
    Role.GUARDIAN: N_("Guardian"),
}
EXPLAINED: dict[str, str] = {
    Role.VIEWER: N_("Sees your readings and reminders, and changes nothing."),
    Role.CARER: N_("Sees them, and helps you in the ways you choose on the next page."),
    Role.GUARDIAN: N_("Also keeps your records; needs a document that the platform has to check."),
}

HELP: dict[Scope, str] = {
    Scope.RECORD: N_("enter readings"),
    Scope.ACKNOWLEDGE: N_("answer reminders of danger"),
    Scope.CONSULT: N_("ask the doctor"),
    Scope.BOOK: N_("book visits"),
    Scope.REMIND: N_("set reminders"),
    Scope.ARCHIVE: N_("keep the health archive"),
    Scope.CONTACTS: N_("keep the emergency contacts"),
    Scope.SHARE: N_("show them to a doctor"),
}
"""What leave may be given for beside looking, in the order in which it is said."""

HOWS: dict[str, str] = {
    "on_screen": N_("You agreed on your own screen"),
    "witnessed": N_("You agreed before a witness"),
    "guardian": N_("The document was checked"),
}

_PARENTS = {Sex.FEMALE: N_("Mum"), Sex.MALE: N_("Dad")}


def called(name: str, sex: Sex, relation: str) -> str:
    """Return what a relative calls the person: a child says Mum or Dad, everybody else the name."""
    if relation in ("daughter", "son") and sex in _PARENTS:
        return _(_PARENTS[sex])
    return name


def relation_of(code: str) -> str:
    """Return a relation in words; one nobody here knows is shown as it came."""
    return _(RELATIONS[code]) if code in RELATIONS else code


def who(given: "Given") -> str:
    """Return the relative who holds a mandate: relation and name, or how the account is shown."""
    named = given.name or given.account
    return " ".join(part for part in (relation_of(given.relation), named) if part)


def who_asks(given: "Given") -> str:
    """Return the sentence about somebody who waits for an answer."""
    return _("{who} asks to see your records.").format(who=who(given))


def allowed(role: str, scopes: Iterable[str]) -> str:
    """Return what a mandate gives leave for, as one line."""
    if role == Role.VIEWER:
        return _("May look")
    given = frozenset(scopes)
    helps = [_(words) for scope, words in HELP.items() if scope in given]
    return _("May look, {helps}").format(helps=_(", ").join(helps)) if helps else _("May look")


def until(at: int, zone_offset: int) -> str:
    """Return how long a mandate lasts."""
    day = phrases.day(phrases.local(at, zone_offset).date(), year=True)
    return _("until {day}").format(day=day)
