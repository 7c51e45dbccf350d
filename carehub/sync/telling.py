"""Who is told of alerts, and a clinic's part: the platform's routes, and what this machine confirms."""

from typing import TYPE_CHECKING
from uuid import UUID

from carehub.archive import streams
from carehub.archive.store import Tx
from carehub.care.escalation import Escalation
from carehub.sync import exchange
from carehub.wire.clinic import (
    AgreeToAlerts,
    CarerRows,
    ChooseClinic,
    ClinicRows,
    CloseTask,
    HandIn,
    LookUp,
    OrderCarers,
    Received,
    Staffed,
    TaskDetail,
    TaskRow,
    TaskRows,
    Verdict,
)
from carehub.wire.exchange import EntityKind
from carehub.wire.family import MandateRow, Mandates
from carehub.wire.values import understood

if TYPE_CHECKING:
    from carehub.sync.client import Client


def escalations(tx: Tx, person_id: UUID) -> list[Escalation]:
    """Return who was told of a person's alerts, as the platform last said; the newest first."""
    found = [
        understood(Escalation, entity.body)
        for entity in streams.of_kind(tx, person_id, EntityKind.ESCALATION)
    ]
    return sorted((e for e in found if e is not None), key=lambda e: -e.began_at)


def to_confirm(tx: Tx, account_id: UUID) -> list[tuple[UUID, UUID]]:
    """Return person and alert of what this account was told of and has not said to have here."""
    return [
        (stream.person_id, each.id)
        for stream in exchange.readable(tx)
        for each in escalations(tx, stream.person_id)
        if any(s.account_id == account_id and s.delivered_at is None for s in each.told)
    ]


class Telling:
    """The routes of alerts and of clinics; each takes the access token first."""

    def __init__(self, client: "Client") -> None:
        self._ask = client.ask

    async def received(self, access: str, person_id: UUID, alert_id: UUID) -> Received:
        """Say that this machine has what its account was told."""
        path = f"/v1/people/{person_id}/alerts/{alert_id}/received"
        return await self._ask(Received, "POST", path, access)

    async def agree(self, access: str, person_id: UUID, told: AgreeToAlerts) -> Received:
        """Say yes or no to being told of somebody's alerts."""
        path = f"/v1/people/{person_id}/alerts/consent"
        return await self._ask(Received, "POST", path, access, told)

    async def carers(self, access: str, person_id: UUID) -> CarerRows:
        """Ask who is told, the first first."""
        return await self._ask(CarerRows, "GET", f"/v1/people/{person_id}/carers", access)

    async def order(self, access: str, person_id: UUID, asked: OrderCarers) -> CarerRows:
        """Say who is told first."""
        return await self._ask(CarerRows, "PUT", f"/v1/people/{person_id}/carers", access, asked)

    async def clinics(self, access: str) -> ClinicRows:
        """Ask which clinics there are."""
        return await self._ask(ClinicRows, "GET", "/v1/clinics", access)

    async def choose(self, access: str, person_id: UUID, asked: ChooseClinic) -> ChooseClinic:
        """Choose a person's clinic."""
        return await self._ask(ChooseClinic, "PUT", f"/v1/people/{person_id}/clinic", access, asked)

    async def hand_in(
        self, access: str, person_id: UUID, mandate_id: UUID, paper: HandIn
    ) -> MandateRow:
        """Hand in a guardian's document."""
        path = f"/v1/people/{person_id}/mandates/{mandate_id}/document"
        return await self._ask(MandateRow, "POST", path, access, paper)

    # A clinic's workers

    async def me(self, access: str) -> Staffed:
        """Ask which clinic's worker this account is."""
        return await self._ask(Staffed, "GET", "/v1/clinic/me", access)

    async def tasks(self, access: str) -> TaskRows:
        """Ask what the clinic has to do."""
        return await self._ask(TaskRows, "GET", "/v1/clinic/tasks", access)

    async def claim(self, access: str, person_id: UUID, task_id: UUID) -> TaskDetail:
        """Take a task in hand."""
        path = f"/v1/clinic/tasks/{person_id}/{task_id}/claim"
        return await self._ask(TaskDetail, "POST", path, access)

    async def close(self, access: str, person_id: UUID, task_id: UUID, told: CloseTask) -> TaskRow:
        """Close a task with what came of it."""
        path = f"/v1/clinic/tasks/{person_id}/{task_id}/close"
        return await self._ask(TaskRow, "POST", path, access, told)

    async def look_up(self, access: str, asked: LookUp) -> Mandates:
        """Ask what waits for the yes of somebody who stands at the clinic."""
        return await self._ask(Mandates, "POST", "/v1/clinic/look-up", access, asked)

    async def confirm(self, access: str, person_id: UUID, mandate_id: UUID) -> MandateRow:
        """Say that the person said yes here."""
        path = f"/v1/clinic/mandates/{person_id}/{mandate_id}/confirm"
        return await self._ask(MandateRow, "POST", path, access)

    async def reviews(self, access: str) -> Mandates:
        """Ask which guardians' documents wait."""
        return await self._ask(Mandates, "GET", "/v1/clinic/reviews", access)

    async def review(
        self, access: str, person_id: UUID, mandate_id: UUID, told: Verdict
    ) -> MandateRow:
        """Say whether a guardian's document does."""
        path = f"/v1/clinic/mandates/{person_id}/{mandate_id}/review"
        return await self._ask(MandateRow, "POST", path, access, told)
