"""Adding and listing clinics, health workers and doctors; each by a code that is given once."""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Row, delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from carehub.platform.directory import tables
from carehub.platform.refusals import Refused

_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")
LONGEST = 120


class Part(StrEnum):
    """What somebody does at a clinic; a doctor signs under a licence."""

    WORKER = "worker"
    DOCTOR = "doctor"


@dataclass(frozen=True, slots=True)
class Clinic:
    """A community clinic."""

    code: str
    name: str
    phone: str = ""


@dataclass(frozen=True, slots=True)
class Staff:
    """Somebody who works for a clinic."""

    code: str
    part: Part
    name: str
    clinic_code: str
    licence: str = ""


async def add_clinic(tx: AsyncConnection, clinic: Clinic, now: int) -> None:
    """Add a clinic; refuses a code that is taken (`not_now`) or cannot be one (`malformed`)."""
    _check(clinic.code, clinic.name, clinic.phone)
    if clinic.code in [each.code for each in await clinics(tx)]:
        raise Refused("not_now")
    await tx.execute(
        insert(tables.clinic).values(
            code=clinic.code, name=clinic.name, phone=clinic.phone, added_at=now
        )
    )


async def add_staff(tx: AsyncConnection, member: Staff, now: int) -> None:
    """Add a health worker or a doctor to a clinic there is; a doctor has a licence."""
    _check(member.code, member.name, member.licence)
    if member.part is Part.DOCTOR and not member.licence:
        raise Refused("malformed")
    if member.clinic_code not in [each.code for each in await clinics(tx)]:
        raise Refused("not_found")
    row = tables.staff
    if (await tx.execute(select(row.c.code).where(row.c.code == member.code))).first():
        raise Refused("not_now")
    await tx.execute(
        insert(row).values(
            code=member.code,
            part=member.part,
            name=member.name,
            clinic_code=member.clinic_code,
            licence=member.licence,
            added_at=now,
        )
    )


async def clinic(tx: AsyncConnection, code: str) -> Clinic | None:
    """Return a clinic by its code."""
    row = tables.clinic
    found = await tx.execute(select(row.c.code, row.c.name, row.c.phone).where(row.c.code == code))
    line = found.first()
    return None if line is None else Clinic(*line)


async def link(tx: AsyncConnection, code: str, account_id: UUID, now: int) -> None:
    """Let an account act as a member of a clinic's staff; the operator's act."""
    row, linked = tables.staff, tables.staff_account
    if (await tx.execute(select(row.c.code).where(row.c.code == code))).first() is None:
        raise Refused("not_found")
    await tx.execute(delete(linked).where(linked.c.account_id == account_id))
    await tx.execute(insert(linked).values(account_id=account_id, staff_code=code, linked_at=now))


async def member(tx: AsyncConnection, account_id: UUID) -> Staff | None:
    """Return which health worker or doctor an account belongs to, or None."""
    row, linked = tables.staff, tables.staff_account
    found = await tx.execute(
        select(row)
        .join_from(linked, row, linked.c.staff_code == row.c.code)
        .where(linked.c.account_id == account_id)
    )
    line = found.first()
    return None if line is None else _staff(line)


async def clinics(tx: AsyncConnection) -> list[Clinic]:
    """Return all clinics by code."""
    row = tables.clinic
    found = await tx.execute(select(row.c.code, row.c.name, row.c.phone).order_by(row.c.code))
    return [Clinic(*line) for line in found]


async def staff(tx: AsyncConnection, part: Part) -> list[Staff]:
    """Return everybody of one part by code."""
    row = tables.staff
    found = await tx.execute(select(row).where(row.c.part == part).order_by(row.c.code))
    return [_staff(line) for line in found]


def _staff(line: Row[Any]) -> Staff:
    return Staff(line.code, Part(line.part), line.name, line.clinic_code, line.licence)


def _check(code: str, name: str, other: str) -> None:
    plain = name.strip() and max(len(name), len(other)) <= LONGEST
    if not _CODE.fullmatch(code) or not plain or "\0" in name + other:
        raise Refused("malformed")
