"""What a clinic's worker does: tasks, a parent's yes in presence, a guardian's document."""

from collections.abc import Callable
from typing import TYPE_CHECKING
from uuid import UUID

from carehub.sync import telling
from carehub.sync.account import Session
from carehub.wire.clinic import CloseTask, LookUp, Outcome, Staffed, TaskDetail, TaskRow, Verdict
from carehub.wire.family import MandateRow

if TYPE_CHECKING:
    from carehub.archive.store import Archive
    from carehub.sync.client import Client


class Clinic:
    """A worker's acts; who is no clinic's worker is refused with `not_allowed`."""

    def __init__(self, archive: "Archive", client: "Client", clock: Callable[[], int]) -> None:
        self._ask = Session(archive, client, clock).run
        self._routes = telling.Telling(client)

    async def me(self) -> Staffed:
        """Return which clinic's worker or doctor this account is."""
        return await self._ask(self._routes.me)

    async def tasks(self) -> list[TaskRow]:
        """Return what the clinic has to do, the gravest first."""
        return (await self._ask(self._routes.tasks)).tasks

    async def claim(self, person_id: UUID, task_id: UUID) -> TaskDetail:
        """Take a task in hand; the family sees who did."""
        return await self._ask(lambda access: self._routes.claim(access, person_id, task_id))

    async def close(
        self, person_id: UUID, task_id: UUID, outcome: Outcome, note: str = ""
    ) -> TaskRow:
        """Close a task with what came of it."""
        told = CloseTask(outcome=outcome, note=note)
        return await self._ask(lambda access: self._routes.close(access, person_id, task_id, told))

    async def look_up(self, login: str) -> list[MandateRow]:
        """Return what waits for the yes of somebody who stands here."""
        asked = LookUp(login=login)
        return (await self._ask(lambda access: self._routes.look_up(access, asked))).mandates

    async def confirm_here(self, person_id: UUID, mandate_id: UUID) -> MandateRow:
        """Say that the person said yes here, in presence."""
        return await self._ask(lambda access: self._routes.confirm(access, person_id, mandate_id))

    async def reviews(self) -> list[MandateRow]:
        """Return the guardians whose documents wait for a look."""
        return (await self._ask(self._routes.reviews)).mandates

    async def review(
        self, person_id: UUID, mandate_id: UUID, *, good: bool, reason: str = ""
    ) -> MandateRow:
        """Say whether a guardian's document does; a refusal says why."""
        told = Verdict(good=good, reason=reason)
        return await self._ask(
            lambda access: self._routes.review(access, person_id, mandate_id, told)
        )
