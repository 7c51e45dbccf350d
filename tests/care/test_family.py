"""Mandates: what a role may be given, when a mandate holds, and what was allowed when written."""

from dataclasses import replace
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carehub.care.family import (
    EARLY,
    SCOPES,
    Mandate,
    Role,
    Scope,
    allowed,
    authored,
    scope_for,
    within,
)

DAY = 86_400_000
CARER = Mandate(
    id=UUID(int=1), person_id=UUID(int=2), account_id=UUID(int=3), role=Role.CARER,
    scopes=SCOPES[Role.CARER], from_at=DAY, until_at=3 * DAY,
)  # fmt: skip


@pytest.mark.parametrize(
    ("at", "holds"), [(DAY - 1, False), (DAY, True), (3 * DAY - 1, True), (3 * DAY, False)]
)
def test_a_mandate_holds_from_its_beginning_up_to_its_end(at, holds):
    assert CARER.covers(at) is holds
    assert allowed([CARER], Scope.VIEW, at) is holds


def test_revoked_is_over_at_once():
    revoked = replace(CARER, revoked_at=2 * DAY)
    assert revoked.covers(2 * DAY - 1)
    assert not revoked.covers(2 * DAY)


@given(st.sampled_from(list(Role)), st.frozensets(st.sampled_from(list(Scope))))
def test_nobody_is_given_more_than_the_role(role, scopes):
    assert within(role, scopes) <= SCOPES[role]
    assert within(role, ()) == SCOPES[role]


def test_a_scope_beyond_the_role_counts_for_nothing():
    swollen = replace(CARER, role=Role.VIEWER)
    assert allowed([swollen], Scope.VIEW, DAY)
    assert not allowed([swollen], Scope.RECORD, DAY)


@pytest.mark.parametrize(
    ("at", "holds"),
    [(DAY - EARLY, True), (DAY - EARLY - 1, False), (DAY, True), (9 * DAY, True)],
)
def test_what_was_written_must_have_been_allowed_then(at, holds):
    assert authored([CARER], Scope.RECORD, at, 2 * DAY) is holds


def test_what_was_written_between_two_mandates_was_not_allowed():
    first = replace(CARER, revoked_at=2 * DAY)
    second = replace(CARER, from_at=4 * DAY, until_at=9 * DAY)
    assert not authored([first, second], Scope.RECORD, 3 * DAY, 5 * DAY)
    assert not authored([first, second], Scope.CONTACTS, 5 * DAY, 5 * DAY)


@pytest.mark.parametrize(
    ("kind", "scope"),
    [
        ("reading", Scope.RECORD),
        ("emergency_contact", Scope.CONTACTS),
        ("glucose_plan", Scope.ARCHIVE),
        ("consent", None),
    ],
)
def test_what_writing_needs(kind, scope):
    assert scope_for(kind) is scope
