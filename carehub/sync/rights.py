"""A person's rights at the platform: the routes of a copy of everything and of an erasure."""

from typing import TYPE_CHECKING
from uuid import UUID

from carehub.wire.rights import AskCopy, Copies, CopyRow, ErasureRow, Erasures

if TYPE_CHECKING:
    from carehub.sync.client import Client


class Rights:
    """The routes; each but the last takes the access token first."""

    def __init__(self, client: "Client") -> None:
        self._client = client
        self._ask = client.ask

    async def ask_copy(self, access: str, person_id: UUID, asked: AskCopy) -> CopyRow:
        """Begin a copy, or find the one that is under way."""
        return await self._ask(CopyRow, "POST", f"/v1/people/{person_id}/copies", access, asked)

    async def copies(self, access: str, person_id: UUID) -> Copies:
        """Ask how far the copies are."""
        return await self._ask(Copies, "GET", f"/v1/people/{person_id}/copies", access)

    async def end_copy(self, access: str, person_id: UUID, copy_id: UUID) -> CopyRow:
        """Give a copy up; its link is over."""
        path = f"/v1/people/{person_id}/copies/{copy_id}"
        return await self._ask(CopyRow, "DELETE", path, access)

    async def erase(self, access: str, person_id: UUID) -> ErasureRow:
        """Erase everything of a person there; again gives the same erasure."""
        return await self._ask(ErasureRow, "POST", f"/v1/people/{person_id}/erasures", access)

    async def erasures(self, access: str, person_id: UUID) -> Erasures:
        """Ask for the erasures with their receipts."""
        return await self._ask(Erasures, "GET", f"/v1/people/{person_id}/erasures", access)

    async def fetch(self, link: str) -> bytes:
        """Return the ZIP behind a copy's link."""
        return await self._client.fetch_copy(link)
