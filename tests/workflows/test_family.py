"""Giving leave, taking it back, asking for it: what the archive knows, with and without a network."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import pytest

from carehub.archive import consents, mandates
from carehub.archive.mandates import Given
from carehub.care.changes import Changes
from carehub.care.consent import Purpose, permitted
from carehub.care.family import How, Role, Scope
from carehub.errors import NotSignedIn, PlatformRefused, PlatformUnreachable
from carehub.workflows import family as acts
from carehub.workflows.family import Family
from tests.helpers import clients
from tests.helpers.clients import URL, Machine
from tests.helpers.platforms import Service

DAY = 86_400_000


@dataclass
class Pair:
    """Mother's machine and her daughter's, neither holding a mandate yet."""

    service: Service
    mother: Machine
    daughter: Machine
    person_id: UUID
    given: Family
    held: Family

    def later(self, minutes: int) -> None:
        for clock in (self.service.clock, self.mother.clock, self.daughter.clock):
            clock.now += minutes * 60_000

    def known(self) -> list[Given]:
        with self.mother.archive.read() as tx:
            return mandates.of(tx, self.person_id)

    async def agreed(self) -> UUID:
        """Let the daughter type a code and the mother say yes; return the mandate."""
        invitation = await self.given.invite(self.person_id, Role.CARER, "daughter")
        row = await self.held.accept(invitation.code, "王芳")
        await self.given.learn()
        await self.given.approve(self.person_id, row.id)
        return row.id


@pytest.fixture
async def pair(tmp_path: Path) -> AsyncIterator[Pair]:
    async with (
        clients.running(tmp_path / "platform") as service,
        clients.machine(service, tmp_path / "mother") as mother,
        clients.machine(service, tmp_path / "daughter") as daughter,
    ):
        person_id = mother.add_person()
        await mother.sign_in("mother", new=True)
        await daughter.sign_in("daughter", new=True)
        await mother.now()
        yield Pair(
            service,
            mother,
            daughter,
            person_id,
            Family(mother.archive, mother.client, mother.clock),
            Family(daughter.archive, daughter.client, daughter.clock),
        )


async def test_a_code_leads_to_a_mandate_and_the_records_come(pair: Pair) -> None:
    own = pair.daughter.add_person("王芳")  # who has not agreed to anything is no hindrance
    pair.daughter.withdraw(own)
    invitation = await pair.given.invite(
        pair.person_id, Role.CARER, "daughter", 30, (Scope.VIEW, Scope.RECORD)
    )
    row = await pair.held.accept(invitation.code, "王芳")
    assert row.state == "asked"
    assert pair.known() == []

    assert await pair.given.learn() == Changes.FAMILY
    (asking,) = pair.known()
    assert (asking.name, asking.relation, asking.state) == ("王芳", "daughter", "asked")
    assert [each.id for each in await pair.given.waiting_for_me(pair.person_id)] == [row.id]
    await pair.given.approve(pair.person_id, row.id, How.WITNESSED)
    assert await pair.given.waiting_for_me(pair.person_id) == []
    (given,) = pair.known()
    assert (given.state, given.how) == ("active", "witnessed")
    assert given.open(pair.mother.clock())
    assert given.until_at - given.from_at == 30 * DAY

    told = await pair.daughter.now()
    assert Changes.FAMILY in told.changes
    stream = pair.daughter.stream(pair.person_id)
    assert (stream.role, set(stream.scopes)) == ("carer", {"view", "record"})
    assert pair.daughter.person(pair.person_id) == pair.mother.person(pair.person_id)
    assert await pair.held.learn() == Changes.NONE
    looks = await pair.given.looks(pair.person_id)
    assert [look.actor for look in looks] == [given.account_id]


async def test_a_refusal_leaves_nothing(pair: Pair) -> None:
    await pair.held.ask("mother", Role.VIEWER, "daughter", name="王芳")
    await pair.given.learn()
    (asking,) = pair.known()
    assert (asking.name, asking.role) == ("王芳", "viewer")
    await pair.given.refuse(pair.person_id, asking.id)
    assert not pair.known()[0].open(pair.mother.clock())
    await pair.daughter.now()
    assert pair.daughter.person(pair.person_id) is None


async def test_sharing_that_was_taken_back_is_agreed_to_again_by_inviting(pair: Pair) -> None:
    pair.mother.withdraw(pair.person_id, Purpose.FAMILY_SHARING)
    pair.later(1)
    await pair.given.invite(pair.person_id, Role.VIEWER, "daughter")
    with pair.mother.archive.read() as tx:
        rows = consents.of(tx, pair.person_id)
    assert permitted(Purpose.FAMILY_SHARING, rows)
    assert rows[-1].text_version == acts.CONSENT_VERSION


async def test_leave_taken_back_wipes_and_says_why(pair: Pair) -> None:
    mandate_id = await pair.agreed()
    await pair.daughter.now()
    assert pair.daughter.person(pair.person_id) is not None
    with pair.mother.archive.read() as tx:
        assert mandates.ending(tx) == []

    assert await pair.given.revoke(pair.person_id, mandate_id) == Changes.FAMILY
    assert pair.known()[0].revoked_at is not None
    await pair.daughter.now()

    assert pair.daughter.person(pair.person_id) is None
    with pair.daughter.archive.read() as tx:
        (gone,) = mandates.partings(tx)
    assert (gone.id, gone.name, gone.relation, gone.code) == (
        pair.person_id,
        "王示例",
        "daughter",
        "grant_revoked",
    )
    assert acts.note_read(pair.daughter.archive, pair.person_id) == Changes.FAMILY
    with pair.daughter.archive.read() as tx:
        assert mandates.partings(tx) == []


async def test_taken_back_without_a_network_it_is_told_at_the_next_contact(pair: Pair) -> None:
    mandate_id = await pair.agreed()
    await pair.daughter.now()
    pair.mother.wire.cut = True
    assert await pair.given.revoke(pair.person_id, mandate_id) == Changes.FAMILY
    waiting = pair.known()[0]
    assert waiting.ending_at is not None
    assert waiting.revoked_at is None
    await pair.daughter.now()
    assert pair.daughter.person(pair.person_id) is not None

    pair.mother.wire.cut = False
    await pair.mother.now()
    assert pair.known()[0].ending_at is None
    assert pair.known()[0].revoked_at is not None
    await pair.daughter.now()
    assert pair.daughter.person(pair.person_id) is None


async def test_what_is_over_already_is_no_trouble_but_another_refusal_is(pair: Pair) -> None:
    mandate_id = await pair.agreed()
    pair.mother.wire.cut = True
    await pair.given.revoke(pair.person_id, mandate_id)
    pair.mother.wire.cut = False
    await clients.revoke(pair.service, pair.person_id, pair.known()[0].account_id)
    await pair.given.tell_endings()
    assert pair.known()[0].revoked_at is not None

    strange = Given(UUID(int=9), UUID(int=8), UUID(int=7), "carer", (), "active", 0, 1 << 50)
    with pair.mother.archive.write() as tx:
        mandates.put(tx, strange)
        mandates.end(tx, strange.id, pair.mother.clock())
    with pytest.raises(PlatformRefused):
        await pair.given.tell_endings()


async def test_who_gives_up_their_own_keeps_nobody_and_needs_no_reason(pair: Pair) -> None:
    mandate_id = await pair.agreed()
    await pair.daughter.now()
    changes = await pair.held.revoke(pair.person_id, mandate_id)
    assert Changes.PEOPLE in changes
    assert pair.daughter.person(pair.person_id) is None
    with pair.daughter.archive.read() as tx:
        assert mandates.partings(tx) == []
    await pair.given.learn()
    assert not pair.known()[0].open(pair.mother.clock())
    unknown = await pair.held.revoke(pair.person_id, UUID(int=5))
    assert unknown == Changes.FAMILY


async def test_somebody_who_is_back_is_no_longer_said_to_be_gone(pair: Pair) -> None:
    await pair.agreed()
    await pair.daughter.now()
    await pair.given.revoke(pair.person_id, pair.known()[0].id)
    await pair.daughter.now()
    pair.later(5)
    await pair.agreed()
    await pair.daughter.now()
    assert pair.daughter.person(pair.person_id) is not None
    with pair.daughter.archive.read() as tx:
        assert mandates.partings(tx) == []


async def test_a_number_to_ring_stays_on_this_machine(pair: Pair) -> None:
    mandate_id = await pair.agreed()
    acts.keep_phone(pair.daughter.archive, mandate_id, "13800000000")
    await pair.daughter.now()
    await pair.held.learn()
    with pair.daughter.archive.read() as tx:
        kept = mandates.get(tx, mandate_id)
    assert kept is not None
    assert (kept.phone, kept.state) == ("13800000000", "active")
    assert all(b"13800000000" not in sent for sent in pair.daughter.wire.sent)
    assert acts.keep_phone(pair.daughter.archive, UUID(int=5), "1") == Changes.NONE


async def test_without_an_account_or_a_network_it_says_so(pair: Pair, tmp_path: Path) -> None:
    async with clients.machine(pair.service, tmp_path / "new") as new:
        with pytest.raises(NotSignedIn):
            acts.platform_of(new.archive)
    assert acts.platform_of(pair.mother.archive) == URL
    pair.mother.wire.cut = True
    with pytest.raises(PlatformUnreachable):
        await pair.given.learn()


async def test_a_mandate_nobody_knows_any_more_is_forgotten(pair: Pair) -> None:
    gone = Given(UUID(int=9), pair.person_id, UUID(int=7), "carer", (), "active", 0, 1 << 50)
    with pair.mother.archive.write() as tx:
        mandates.put(tx, gone)
    assert await pair.given.learn() == Changes.FAMILY
    assert pair.known() == []
