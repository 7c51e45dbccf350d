"""Who may see my records, who asks to, who looked, and what I agree to with a code; free of Qt."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from uuid import UUID

from carehub.care.civil import DAY
from carehub.care.family import SCOPES, Role, Scope
from carehub.i18n import N_, _
from carehub.ui import phrases
from carehub.ui.screens.family.words import (
    EXPLAINED,
    HELP,
    HOWS,
    allowed,
    relation_of,
    until,
    who,
    who_asks,
)

if TYPE_CHECKING:
    from carehub.archive.mandates import Given
    from carehub.wire.family import AuditRow

HERE = 480
TERMS: dict[str, tuple[int, str]] = {
    "30": (30, N_("1 month")),
    "90": (90, N_("3 months")),
    "365": (365, N_("1 year")),
}
"""How long leave may last: days, and the words of the button."""
OFFERED = (Scope.RECORD, Scope.ACKNOWLEDGE, Scope.CONSULT, Scope.REMIND)
"""What a carer may be given, each by a tick; booking goes with asking the doctor."""


@dataclass(frozen=True, slots=True)
class Asking:
    """Somebody who asks for leave: who, for what, until when."""

    id: UUID
    question: str = field(repr=False)
    what: str
    guardian: str = ""


@dataclass(frozen=True, slots=True)
class Holder:
    """Somebody who has leave; `ending` where it was taken back and the platform has yet to hear."""

    id: UUID
    name: str = field(repr=False)
    what: str
    how: str
    chip: str = ""
    status: str = "ok"
    ending: bool = False


@dataclass(frozen=True, slots=True)
class TrustedView:
    """Who asks, who has leave; `ready` tells whether anybody can be invited now."""

    asking: tuple[Asking, ...] = ()
    holding: tuple[Holder, ...] = ()
    ready: bool = True


def trusted_of(
    given: "Sequence[Given]", zone_offset: int, now: int, *, ready: bool = True
) -> TrustedView:
    """Return the page of one person; what is over is not on it."""
    current = [each for each in given if each.open(now)]
    return TrustedView(
        tuple(_asking(each, zone_offset) for each in current if each.state == "asked"),
        tuple(_holder(each, zone_offset) for each in current if each.state != "asked"),
        ready,
    )


def _asking(given: "Given", zone_offset: int) -> Asking:
    return Asking(
        given.id,
        who_asks(given),
        _terms(given, zone_offset),
        _(EXPLAINED[Role.GUARDIAN]) if given.role == Role.GUARDIAN else "",
    )


def _terms(given: "Given", zone_offset: int) -> str:
    return _("{what}, {until}").format(
        what=allowed(given.role, given.scopes), until=until(given.until_at, zone_offset)
    )


def _holder(given: "Given", zone_offset: int) -> Holder:
    chip, status = "", "ok"
    if given.state == "review":
        chip, status = _("Document being checked"), "info"
    if given.ending_at is not None:
        chip, status = _("Waits for network"), "warn"
    day = phrases.day(phrases.local(given.granted_at, zone_offset).date(), year=True)
    how = _(HOWS.get(given.how, HOWS["on_screen"]))
    return Holder(
        given.id,
        who(given),
        _terms(given, zone_offset),
        _("{how}, {day}").format(how=how, day=day),
        chip,
        status,
        given.ending_at is not None,
    )


# Who looked


@dataclass(frozen=True, slots=True)
class LooksView:
    """Who looked at my records, newest first, one sentence each."""

    lines: tuple[str, ...] = field(default=(), repr=False)
    trouble: str = ""


def looks_of(
    rows: "Sequence[AuditRow]", given: "Sequence[Given]", zone_offset: int, now: int
) -> LooksView:
    """Return the page; a relative is named as in the mandate, a stranger as the platform shows them."""
    names: Mapping[UUID, str] = {each.account_id: who(each) for each in reversed(given)}
    lines = []
    for row in rows:
        shown = names.get(row.actor) if row.actor is not None else None
        when = phrases.when(row.at, now, zone_offset)
        name = shown or row.who or _("Somebody")
        lines.append(_("{who} looked at your records {when}").format(who=name, when=when))
    return LooksView(tuple(lines))


# What I agree to with a code


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be given: to whom, as what, for how many days."""

    relation: str = ""
    role: str = Role.CARER
    days: int = 365
    scopes: frozenset[Scope] = frozenset(OFFERED)

    def given(self) -> tuple[Scope, ...]:
        """Return the scopes that a code carries; looking is always among them."""
        most = SCOPES[Role(self.role)]
        if self.role != Role.CARER:
            return tuple(sorted(most))
        wanted = self.scopes | {Scope.VIEW}
        if Scope.CONSULT in wanted:
            wanted |= {Scope.BOOK}
        return tuple(sorted(most & wanted))


def consent_text(wish: Wish, zone_offset: int, now: int) -> tuple[str, ...]:
    """Return the sentences to read before agreeing: who, what, until when, and how it ends."""
    relation = relation_of(wish.relation)
    helps = [_(words) for scope, words in HELP.items() if scope in wish.given()]
    said = [
        _(
            "{relation} may see your blood pressure, glucose, reminders and health archive,"
            " over the network."
        ).format(relation=relation)
    ]
    if helps:
        said.append(_("They may also: {helps}.").format(helps=_(", ").join(helps)))
    if wish.role == Role.GUARDIAN:
        said.append(
            _(
                "A guardian keeps your records for you. A document is needed, and nothing is in"
                " force before the platform has checked it."
            )
        )
    said += [
        _("It lasts {until} and then ends by itself.").format(
            until=until(now + wish.days * DAY, zone_offset)
        ),
        _(
            "You take it back with one press, at any time. It ends at once, and what their computer"
            " kept of you is removed."
        ),
        _("Each time they look, you can see it under Who looked."),
        _("They can never agree to anything in your place."),
    ]
    return tuple(said)


# The code


@dataclass(frozen=True, slots=True)
class CodeView:
    """A code to show, and who has typed it meanwhile."""

    asking: tuple[Asking, ...] = ()
    done: str = ""


def code_groups(code: str) -> tuple[str, ...]:
    """Return a code in groups of five, to be read aloud and typed."""
    plain = "".join(sign for sign in code if sign.isalnum()).upper()
    return tuple(plain[at : at + 5] for at in range(0, len(plain), 5))


def code_view(
    given: "Sequence[Given]", before: frozenset[UUID], zone_offset: int, now: int
) -> CodeView:
    """Return who typed the code; `before` are the mandates there were when it was made."""
    fresh = [each for each in given if each.id not in before and each.open(now)]
    agreed = [each for each in fresh if each.state != "asked"]
    asking = tuple(_asking(each, zone_offset) for each in fresh if each.state == "asked")
    done = _("{who} may see your records now.").format(who=who(agreed[0])) if agreed else ""
    if agreed and agreed[0].state == "review":
        done = _("Agreed. It begins once the document has been checked.")
    return CodeView(asking, done)
