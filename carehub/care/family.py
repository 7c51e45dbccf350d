"""Family mandates: who may do what for whom, until when; a few named roles, not a matrix."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

YEAR = 365 * 86_400_000
"""Milliseconds; a mandate lasts a year unless it says otherwise (民法典 165: a term is part of it)."""
EARLY = 600_000
"""Milliseconds by which an author's clock may run ahead of the mandate's beginning."""


class Role(StrEnum):
    """What a relative is to the person whose records these are."""

    SELF = "self"
    VIEWER = "viewer"
    CARER = "carer"
    GUARDIAN = "guardian"


class Scope(StrEnum):
    """One thing a mandate allows."""

    VIEW = "view"
    RECORD = "record"
    REMIND = "remind"
    ACKNOWLEDGE = "acknowledge"
    CONSULT = "consult"
    BOOK = "book"
    SHARE = "share"
    ARCHIVE = "archive"
    CONTACTS = "contacts"


class How(StrEnum):
    """How the person agreed to a mandate."""

    ON_SCREEN = "on_screen"
    WITNESSED = "witnessed"
    GUARDIAN = "guardian"


_CARER = frozenset(
    {Scope.VIEW, Scope.RECORD, Scope.REMIND, Scope.ACKNOWLEDGE, Scope.CONSULT, Scope.BOOK}
)
SCOPES: dict[Role, frozenset[Scope]] = {
    Role.SELF: frozenset(Scope),
    Role.VIEWER: frozenset({Scope.VIEW}),
    Role.CARER: _CARER,
    Role.GUARDIAN: frozenset(Scope),
}
"""The most that each role may be given; a mandate may hold less, never more."""

_NEEDED: dict[str, Scope] = {
    "reading": Scope.RECORD,
    "alert": Scope.ACKNOWLEDGE,
    "attachment": Scope.RECORD,
    "reminder": Scope.REMIND,
    "person": Scope.ARCHIVE,
    "condition": Scope.ARCHIVE,
    "allergy": Scope.ARCHIVE,
    "medicine": Scope.ARCHIVE,
    "history_line": Scope.ARCHIVE,
    "target": Scope.ARCHIVE,
    "glucose_plan": Scope.ARCHIVE,
    "conflict": Scope.ARCHIVE,
    "emergency_contact": Scope.CONTACTS,
}


@dataclass(frozen=True, slots=True)
class Mandate:
    """A written mandate: whose records, which account, role, scopes, term, how consent was given.

    Times are UTC milliseconds; it holds from `from_at` up to, but not at, `until_at`.
    """

    id: UUID
    person_id: UUID
    account_id: UUID
    role: Role
    scopes: frozenset[Scope]
    from_at: int
    until_at: int
    relation: str = ""
    how: How = How.ON_SCREEN
    granted_at: int = 0
    revoked_at: int | None = None

    def covers(self, at: int) -> bool:
        """Tell whether it was in force at `at`."""
        ended = self.until_at if self.revoked_at is None else min(self.until_at, self.revoked_at)
        return self.from_at <= at < ended


def scope_for(kind: str) -> Scope | None:
    """Return what writing this kind of entity needs; None means: nobody but the person."""
    return _NEEDED.get(kind)


def allowed(mandates: Iterable[Mandate], scope: Scope, now: int) -> bool:
    """Tell whether any of one account's mandates for one person allows `scope` at `now`."""
    return any(_gives(each, scope) and each.covers(now) for each in mandates)


def authored(mandates: Iterable[Mandate], scope: Scope, at: int, now: int) -> bool:
    """Tell whether something written at `at` by the author's clock was allowed when written.

    A time still to come counts as `now`, and a clock a few minutes early is forgiven.
    """
    then = min(at, now)
    return any(
        _gives(each, scope) and (each.covers(then) or each.covers(then + EARLY))
        for each in mandates
    )


def within(role: Role, scopes: Iterable[Scope]) -> frozenset[Scope]:
    """Return the scopes that `role` may really be given; without any, all of the role's."""
    asked = frozenset(scopes)
    return SCOPES[role] & asked if asked else SCOPES[role]


def _gives(mandate: Mandate, scope: Scope) -> bool:
    return scope in mandate.scopes and scope in SCOPES[mandate.role]
