"""The one gate: each purpose by itself, the newest row counts, and sharing may be taken back."""

from dataclasses import replace
from uuid import uuid4

import pytest

from carehub.care.consent import Actor, Consent, Purpose, permitted, require
from carehub.errors import NotAllowed

GIVEN = Consent(uuid4(), uuid4(), Purpose.PLATFORM_SYNC, "1", 1000)
SHARED = replace(GIVEN, id=uuid4(), purpose=Purpose.FAMILY_SHARING)


def withdrawn(row: Consent) -> Consent:
    return replace(row, id=uuid4(), withdrawn_at=2000)


def test_nobody_asked_means_no():
    assert not permitted(Purpose.PLATFORM_SYNC, [])
    with pytest.raises(NotAllowed, match="has not agreed"):
        require(Purpose.PLATFORM_SYNC, [])


def test_one_purpose_says_nothing_of_another():
    assert permitted(Purpose.PLATFORM_SYNC, [GIVEN])
    assert not permitted(Purpose.DOCTOR_SHARING, [GIVEN])
    require(Purpose.PLATFORM_SYNC, [GIVEN])


def test_the_newest_row_counts():
    rows = [withdrawn(GIVEN), GIVEN]
    assert not permitted(Purpose.PLATFORM_SYNC, rows)
    assert permitted(Purpose.PLATFORM_SYNC, [*rows, replace(GIVEN, id=uuid4(), granted_at=3000)])


def test_a_relative_needs_no_second_consent_but_loses_with_the_sharing():
    assert permitted(Purpose.PLATFORM_SYNC, [GIVEN], Actor.FAMILY)
    assert permitted(Purpose.PLATFORM_SYNC, [GIVEN, SHARED], Actor.FAMILY)
    assert not permitted(Purpose.PLATFORM_SYNC, [GIVEN, withdrawn(SHARED)], Actor.FAMILY)
    assert permitted(Purpose.PLATFORM_SYNC, [GIVEN, withdrawn(SHARED)], Actor.SELF)
    assert permitted(Purpose.PLATFORM_SYNC, [GIVEN, withdrawn(SHARED)], Actor.STAFF)
    assert not permitted(Purpose.PLATFORM_SYNC, [], Actor.FAMILY)
