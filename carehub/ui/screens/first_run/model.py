"""What is typed during the first run, and what is wrong with it; free of Qt."""

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from carehub.care.consent import Purpose
from carehub.errors import InputError
from carehub.i18n import _
from carehub.ui.screens.first_run.consent import CHOICES, VERSION
from carehub.ui.screens.people.model import Typed

if TYPE_CHECKING:
    from carehub.workflows.first_run import Wish

STEPS = (
    "language",
    "size",
    "consent",
    "person",
    "pin",
    "code",
    "conditions",
    "allergies",
    "medicines",
    "contact",
)
_GROUP_SIGNS = 4
_READ_AS = str.maketrans("OILU", "011V")


@dataclass(slots=True)
class Draft:
    """What was typed so far; all steps share one, so that going back keeps it. No secret is in it."""

    agreed: set[Purpose] = field(default_factory=set)
    person: Typed = field(default_factory=Typed)

    def wish(self, zone_offset: int) -> "Wish":
        """Return whom the archive is to be made for."""
        from carehub.workflows.first_run import Wish

        return Wish(
            name=self.person.name,
            called=self.person.called,
            born=self.person.born,
            sex=self.person.sex,
            zone_offset=zone_offset,
            purposes=tuple(each.purpose for each in CHOICES if each.purpose in self.agreed),
            text_version=VERSION,
        )


def progress(step: str) -> tuple[int, int]:
    """Return the number of a step and how many there are."""
    return STEPS.index(step) + 1, len(STEPS)


def may_go_on(agreed: Collection[Purpose]) -> bool:
    """Tell whether everything that is needed was agreed to."""
    return all(each.purpose in agreed for each in CHOICES if each.needed)


def pin_trouble(pin: str) -> str:
    """Return why a PIN is refused, or nothing."""
    from carehub.archive.vault import codes

    try:
        codes.check_pin(pin)
    except InputError as error:
        return error.sentence()
    return ""


def passphrase_trouble(text: str, again: str) -> str:
    """Return why a passphrase is refused, or nothing."""
    from carehub.archive.vault import codes

    try:
        codes.check_passphrase(text)
    except InputError as error:
        return error.sentence()
    return "" if text == again else _("The two are not the same. Please type them again.")


def groups(code: str) -> list[str]:
    """Return the groups of a written recovery code."""
    return code.split("-")


def asked_group(code: str) -> int:
    """Return which group (from 0) has to be typed back; each code asks for its own."""
    return sum(map(ord, code)) % len(groups(code))


def group_fits(code: str, number: int, typed: str) -> bool:
    """Tell whether a group was typed back; case, spaces, O for 0 and I or L for 1 do not matter."""
    plain = "".join(typed.upper().translate(_READ_AS).split()).replace("-", "")
    return len(plain) == _GROUP_SIGNS and plain == groups(code)[number]
