"""Decide who is told of alerts: a relative's own yes, the person's order, a clinic; hand in papers."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING
from uuid import UUID

from carehub.sync import telling
from carehub.sync.account import Session
from carehub.wire.clinic import (
    AgreeToAlerts,
    CarerRow,
    CarerRows,
    ChooseClinic,
    ClinicRow,
    HandIn,
    OrderCarers,
)
from carehub.wire.family import MandateRow
from carehub.workflows.escalations import escalation_of, escalations
from carehub.workflows.family import ALERTS_VERSION

if TYPE_CHECKING:
    from carehub.archive.store import Archive
    from carehub.sync.client import Client

__all__ = ["Telling", "escalation_of", "escalations"]


class Telling:
    """What an account decides about who is told; raises NotSignedIn, SignedOut or the refusal."""

    def __init__(self, archive: "Archive", client: "Client", clock: Callable[[], int]) -> None:
        self._ask = Session(archive, client, clock).run
        self._routes = telling.Telling(client)

    async def agree_to_alerts(self, person_id: UUID, *, agreed: bool) -> None:
        """Say yes or no to being told of somebody's alerts: one's own word, on one's own screen."""
        told = AgreeToAlerts(agreed=agreed, text_version=ALERTS_VERSION)
        await self._ask(lambda access: self._routes.agree(access, person_id, told))

    async def circle(self, person_id: UUID) -> CarerRows:
        """Return the relatives of one's own person in their order, and the chosen clinic."""
        return await self._ask(lambda access: self._routes.carers(access, person_id))

    async def carers(self, person_id: UUID) -> list[CarerRow]:
        """Return the relatives of one's own person in the order in which they are told."""
        return (await self.circle(person_id)).carers

    async def order_carers(self, person_id: UUID, carers: Sequence[UUID]) -> list[CarerRow]:
        """Say who is told first."""
        asked = OrderCarers(carers=list(carers))
        return (await self._ask(lambda access: self._routes.order(access, person_id, asked))).carers

    async def clinics(self) -> list[ClinicRow]:
        """Return the clinics one can choose."""
        return (await self._ask(self._routes.clinics)).clinics

    async def choose_clinic(self, person_id: UUID, code: str) -> None:
        """Choose the clinic that is asked when nobody in the family answers; empty is none."""
        asked = ChooseClinic(code=code)
        await self._ask(lambda access: self._routes.choose(access, person_id, asked))

    async def hand_in(self, person_id: UUID, mandate_id: UUID, paper: HandIn) -> MandateRow:
        """Hand in the document of a guardian: an attachment that was sent already."""
        return await self._ask(
            lambda access: self._routes.hand_in(access, person_id, mandate_id, paper)
        )
