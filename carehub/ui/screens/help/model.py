"""The telephone numbers of the help page, family first in the order they asked to be called."""

from dataclasses import dataclass, field

from carehub.care.people import Profile


@dataclass(frozen=True, slots=True)
class Number:
    """One number: whose it is, and its digits in groups that can be read while dialling."""

    who: str = field(repr=False)
    relation: str = field(repr=False)
    digits: str = field(repr=False)


def grouped(phone: str) -> str:
    """Group a mainland mobile number 138 0000 0000; leave any other as it was typed."""
    digits = phone.replace(" ", "").replace("-", "")
    if len(digits) == 11 and digits.isdigit() and digits.startswith("1"):
        return f"{digits[:3]} {digits[3:7]} {digits[7:]}"
    return phone.strip()


def numbers(profile: Profile | None) -> tuple[Number, ...]:
    """Return the family's numbers; contacts without a number are left out."""
    if profile is None:
        return ()
    ordered = sorted(profile.contacts, key=lambda contact: contact.order)
    return tuple(
        Number(contact.name, contact.relation, grouped(contact.phone))
        for contact in ordered
        if contact.phone.strip()
    )
