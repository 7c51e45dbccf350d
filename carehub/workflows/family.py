"""Give a relative leave to see one's records, take it back, ask for it, and see who looked."""

from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from dataclasses import fields, replace
from typing import TYPE_CHECKING, TypeVar
from uuid import UUID

from carehub.archive import consents, mandates, streams
from carehub.archive.mandates import Given
from carehub.care.changes import Changes
from carehub.care.consent import Purpose, refused
from carehub.care.family import How, Role, Scope
from carehub.errors import PlatformRefused, PlatformUnreachable
from carehub.sync.account import Session, kept
from carehub.wire.family import Accept, AskFor, AuditRow, Confirm, Invitation, Invite, MandateRow
from carehub.workflows import people as people_acts

if TYPE_CHECKING:
    from carehub.archive.store import Archive
    from carehub.sync.client import Client

Clock = Callable[[], int]
Result = TypeVar("Result")

CONSENT_VERSION = "family-2026-11"
"""The version of the text that a person reads before a code is made."""
ALERTS_VERSION = "alerts-2026-11"
"""The version of the text under which a relative agrees to be told of urgent alerts."""
_OVER_ALREADY = frozenset({"not_now", "not_found"})
_FIELDS = [field.name for field in fields(Given) if field.name in MandateRow.model_fields]


class Family:
    """What one archive's account gives and holds; each answer is kept, so that pages need not ask.

    Every act raises NotSignedIn, SignedOut, or the platform's refusal.
    """

    def __init__(self, archive: "Archive", client: "Client", clock: Clock) -> None:
        self._archive = archive
        self._client = client
        self._clock = clock
        self._session = Session(archive, client, clock)

    # What there is

    async def learn(self) -> Changes:
        """Hear of every mandate given by people here or held by this account, and keep it.

        What was taken back here without a network is told first. The records of whoever said yes come
        with the next exchange.
        """
        await self.tell_endings()
        account = kept(self._archive)
        changes = await self._keep(await self.requests_made(), held_by=account.id)
        with self._archive.read() as tx:
            mine = [stream.person_id for stream in streams.everyone(tx) if stream.own]
        for person_id in mine:
            changes |= await self._keep(await self.given(person_id), of=person_id)
        return changes

    async def requests_made(self) -> list[MandateRow]:
        """Return what this account asked for or holds."""
        return (await self._run(self._client.mandates)).mandates

    async def given(self, person_id: UUID) -> list[MandateRow]:
        """Return every mandate of a person whose records are this account's own, newest first."""
        told = await self._run(lambda access: self._client.mandates_of(access, person_id))
        return told.mandates

    async def waiting_for_me(self, person_id: UUID) -> list[MandateRow]:
        """Return who asked and waits for this person's answer."""
        return [row for row in await self.given(person_id) if row.state == mandates.ASKED]

    async def looks(self, person_id: UUID) -> list[AuditRow]:
        """Return who looked at a person's records, the newest first."""
        return (await self._run(lambda access: self._client.looks(access, person_id))).rows

    # What the person does

    async def invite(
        self,
        person_id: UUID,
        role: Role,
        relation: str = "",
        days: int = 365,
        scopes: Iterable[Scope] = (),
    ) -> Invitation:
        """Make a code with which a relative asks; the person has agreed to share with them."""
        self._agree(person_id)
        asked = Invite(role=role, scopes=sorted(scopes), relation=relation, days=days)
        return await self._run(lambda access: self._client.invite(access, person_id, asked))

    async def approve(
        self, person_id: UUID, mandate_id: UUID, how: How = How.ON_SCREEN
    ) -> MandateRow:
        """Say yes; a guardian's mandate then waits for its document to be looked at."""
        self._agree(person_id)
        return await self._one(
            lambda access: self._client.confirm(access, person_id, mandate_id, Confirm(how=how))
        )

    async def refuse(self, person_id: UUID, mandate_id: UUID) -> MandateRow:
        """Say no."""
        return await self._one(lambda access: self._client.decline(access, person_id, mandate_id))

    async def revoke(self, person_id: UUID, mandate_id: UUID) -> Changes:
        """Take a mandate back, or give one's own up; without a network it is told at the next contact.

        Who gives up their own no longer keeps the person here.
        """
        with self._archive.write() as tx:
            given, own = mandates.get(tx, mandate_id), streams.own(tx, person_id)
            mandates.end(tx, mandate_id, self._clock())
            if not own:
                streams.end(tx, person_id, "given_up", self._clock())
                mandates.forget(tx, person_id)
                if given is not None:
                    mandates.put(tx, given)
                    mandates.end(tx, mandate_id, self._clock())
        with suppress(PlatformUnreachable):
            await self.tell_endings()
        return Changes.FAMILY if own else streams.EVERYTHING

    # What a relative does

    async def accept(self, code: str, name: str = "", *, alerts: bool = False) -> MandateRow:
        """Answer an invitation with its code; the person then says yes on their own screen.

        `alerts` is one's own agreement to be told of their urgent alerts.
        """
        asked = Accept(code=code, name=name, alerts=ALERTS_VERSION if alerts else "")
        return await self._one(lambda access: self._client.accept(access, asked))

    async def ask(
        self,
        login: str,
        role: Role,
        relation: str = "",
        *,
        days: int = 365,
        name: str = "",
        alerts: bool = False,
    ) -> None:
        """Ask from afar for a parent's mandate, by their login; nobody learns whether it exists.

        `alerts` is one's own agreement to be told of their urgent alerts.
        """
        asked = AskFor(
            login=login,
            role=role,
            relation=relation,
            days=days,
            name=name,
            alerts=ALERTS_VERSION if alerts else "",
        )
        await self._run(lambda access: self._client.ask_for(access, asked))

    # Keeping what was said

    async def _run(self, work: Callable[[str], Awaitable[Result]]) -> Result:
        return await self._session.run(work)

    async def _one(self, work: Callable[[str], Awaitable[MandateRow]]) -> MandateRow:
        row = await self._run(work)
        with self._archive.write() as tx:
            mandates.put(tx, _given(row))
        return row

    async def _keep(
        self, rows: list[MandateRow], *, of: UUID | None = None, held_by: UUID | None = None
    ) -> Changes:
        told = [_given(row) for row in rows]
        with self._archive.write() as tx:
            before = mandates.held(tx, held_by) if held_by is not None else []
            before = mandates.of(tx, of) if of is not None else before
            new = mandates.heard(tx, told, before)
        return Changes.FAMILY if new else Changes.NONE

    async def tell_endings(self) -> None:
        """Tell the platform what was taken back here while it could not be reached."""
        with self._archive.read() as tx:
            waiting = mandates.ending(tx)
        for each in waiting:
            await self._tell_ending(each)

    async def _tell_ending(self, given: Given) -> None:
        try:
            await self._one(lambda access: self._client.revoke(access, given.person_id, given.id))
        except PlatformRefused as error:
            if error.parameters["reason"] not in _OVER_ALREADY:
                raise
            with self._archive.write() as tx:
                mandates.over(tx, given.id, self._clock())

    def _agree(self, person_id: UUID) -> None:
        """Note the person's consent to family sharing, where it is not standing."""
        with self._archive.read() as tx:
            rows = consents.of(tx, person_id)
        if refused(rows, Purpose.FAMILY_SHARING):
            people_acts.consent(
                self._archive, person_id, Purpose.FAMILY_SHARING, CONSENT_VERSION, self._clock()
            )


def platform_of(archive: "Archive") -> str:
    """Return the address of the platform this archive is signed in to; raises NotSignedIn."""
    return kept(archive).url


def note_read(archive: "Archive", person_id: UUID) -> Changes:
    """Note that somebody has read why a person is no longer here."""
    with archive.write() as tx:
        mandates.forget(tx, person_id)
    return Changes.FAMILY


def keep_phone(archive: "Archive", mandate_id: UUID, phone: str) -> Changes:
    """Keep the number at which a person cared for is rung; it never leaves this machine."""
    with archive.write() as tx:
        given = mandates.get(tx, mandate_id)
        if given is None:
            return Changes.NONE
        mandates.put(tx, replace(given, phone=phone))
    return Changes.FAMILY


def _given(row: MandateRow) -> Given:
    words = {name: getattr(row, name) for name in _FIELDS}
    words |= {name: str(words[name]) for name in ("role", "how")}
    words["scopes"] = tuple(str(scope) for scope in row.scopes)
    return Given(**words)
