"""What an operator does without the service: on the database itself, from the command line."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict
from typing import TypeVar
from uuid import UUID

from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.ext.asyncio import AsyncConnection

from carehub.errors import InputError
from carehub.i18n import _
from carehub.platform import migrate, tidying
from carehub.platform.accounts import secrets
from carehub.platform.accounts import service as accounts
from carehub.platform.audit import service as audit
from carehub.platform.db import Database
from carehub.platform.directory import service
from carehub.platform.family import reviewing
from carehub.platform.family import service as family
from carehub.platform.refusals import Refused
from carehub.platform.settings import Settings
from carehub.wire.family import MandateRow

T = TypeVar("T")


def check_audit(settings: Settings) -> tuple[int, list[audit.Broken]]:
    """Check every audit chain; return how many there are, and where any is broken."""
    return _on(settings, lambda db: db.read(audit.check_all))


def waiting_guardians(settings: Settings) -> list[tuple[UUID, UUID]]:
    """Return the person and the mandate of each guardian who waits for a review."""
    return _on(settings, lambda db: db.read(family.waiting_guardians))


def review(settings: Settings, named: tuple[UUID, UUID], *, good: bool, now: int) -> str | None:
    """Note the verdict on the mandate named by person and id; None where none waits."""
    person_id, mandate_id = named

    async def work_on(tx: AsyncConnection) -> MandateRow:
        found = await family.mandate(tx, person_id, mandate_id)
        return await reviewing.review(tx, found, reviewing.Finding(good), now)

    async def work(db: Database) -> str | None:
        try:
            row = await db.write(work_on)
        except Refused:
            return None
        return row.state

    return _on(settings, work)


def add_to_directory(settings: Settings, part: str, given: Mapping[str, str], now: int) -> str:
    """Add a clinic, worker or doctor; return the code of the refusal, or an empty text."""

    async def work(tx: AsyncConnection) -> None:
        if part == "clinic":
            clinic = service.Clinic(given["code"], given["name"], given["phone"])
            return await service.add_clinic(tx, clinic, now)
        member = service.Staff(
            given["code"], service.Part(part), given["name"], given["clinic"], given["licence"]
        )
        return await service.add_staff(tx, member, now)

    try:
        _on(settings, lambda db: db.write(work))
    except Refused as refused:
        return refused.code
    return ""


def link_staff(settings: Settings, code: str, login: str, now: int) -> str:
    """Let the account of a login act for a member of staff; return the refusal's code, or ''."""

    async def work(tx: AsyncConnection) -> None:
        known = await accounts.find(tx, secrets.login_hash(settings, secrets.normal_login(login)))
        if known is None:
            raise Refused("not_found")
        await service.link(tx, code, known.account_id, now)

    try:
        _on(settings, lambda db: db.write(work))
    except Refused as refused:
        return refused.code
    return ""


def directory(settings: Settings, part: str) -> list[dict[str, str]]:
    """Return the clinics, workers or doctors as plain rows."""

    async def work(tx: AsyncConnection) -> list[dict[str, str]]:
        if part == "clinic":
            return [asdict(each) for each in await service.clinics(tx)]
        return [asdict(each) for each in await service.staff(tx, service.Part(part))]

    return _on(settings, lambda db: db.read(work))


def tidy(settings: Settings, now: int) -> tidying.Tidied:
    """Forget what is older than it has to be known, as the service does once a day."""
    return _on(settings, lambda db: tidying.tidy(db, now))


def begin_anew(settings: Settings) -> int:
    """Give every stream a new epoch, after a restore; return how many there are."""
    return _on(settings, tidying.begin_anew)


def _on(settings: Settings, work: Callable[[Database], Awaitable[T]]) -> T:
    async def run() -> T:
        db = Database(settings.database, 1)
        try:
            await migrate.to_head(db)
            return await work(db)
        except (OSError, OperationalError, InterfaceError) as error:
            raise InputError(
                _("The database does not answer. Check its address and that it runs.")
            ) from error
        finally:
            await db.close()

    return asyncio.run(run())
