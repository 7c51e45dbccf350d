"""Ask the platform for a copy of everything it keeps of a person, or let it erase all of it."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Literal
from uuid import UUID

from carehub.archive import files
from carehub.errors import PlatformRefused
from carehub.i18n import _
from carehub.sync import rights
from carehub.sync.account import Session
from carehub.wire.rights import AskCopy, CopyRow, ErasureRow, Receipt

if TYPE_CHECKING:
    from carehub.archive.store import Archive
    from carehub.sync.client import Client

LOOK_SECONDS = 0.3
"""Between two looks at how far the platform is."""
_OPEN = ("waiting", "making")
READY, DONE = "ready", "done"


class Rights:
    """What a person may always ask for; raises NotSignedIn, SignedOut or the platform's refusal."""

    def __init__(self, archive: "Archive", client: "Client", clock: Callable[[], int]) -> None:
        self._ask = Session(archive, client, clock).run
        self._routes = rights.Rights(client)

    async def copy(self, person_id: UUID, file: Path, language: Literal["zh_CN", "en"]) -> int:
        """Put a copy of everything the platform keeps into a file; return its bytes.

        The platform's own copy is thrown away as soon as it is here.
        """
        asked = AskCopy(language=language)
        row = await self._ask(lambda access: self._routes.ask_copy(access, person_id, asked))
        while row.state in _OPEN:
            await asyncio.sleep(LOOK_SECONDS)
            row = await self._copy(person_id, row.id)
        if row.state != READY:
            raise PlatformRefused(row.state, _("The copy could not be made. Please try again."))
        content = await self._routes.fetch(row.link)
        _keep(content, file)
        made = row.id
        await self._ask(lambda access: self._routes.end_copy(access, person_id, made))
        return len(content)

    async def _copy(self, person_id: UUID, copy_id: UUID) -> CopyRow:
        told = await self._ask(lambda access: self._routes.copies(access, person_id))
        return next(row for row in told.copies if row.id == copy_id)

    async def erase(self, person_id: UUID) -> Receipt:
        """Erase everything the platform keeps of a person's health; return the receipt.

        The next exchange hears of it, counts the sharing as taken back, and keeps what is here.
        """
        row = await self._ask(lambda access: self._routes.erase(access, person_id))
        while row.state != DONE or row.receipt is None:
            await asyncio.sleep(LOOK_SECONDS)
            row = next(each for each in await self._erasures(person_id) if each.id == row.id)
        return row.receipt

    async def receipt(self, person_id: UUID) -> Receipt | None:
        """Return the receipt of the newest erasure, or None."""
        rows = await self._erasures(person_id)
        return next((row.receipt for row in rows if row.receipt is not None), None)

    async def _erasures(self, person_id: UUID) -> list[ErasureRow]:
        return (await self._ask(lambda access: self._routes.erasures(access, person_id))).erasures


def _keep(content: bytes, file: Path) -> None:
    with files.replacing(file.absolute()) as out:
        out.write(content)
