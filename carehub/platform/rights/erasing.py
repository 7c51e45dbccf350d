"""Erasing everything of a person: shut at once, taken away in small steps, ended with a receipt.

Each step is one transaction and says by itself how far it is; after a crash the rest is simply done.
"""

import hashlib
import hmac
import json
from collections.abc import Iterable
from uuid import UUID, uuid4

from sqlalchemy import RowMapping, Table, delete, insert, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncConnection

from carehub.care.consent import Purpose
from carehub.care.family import Role
from carehub.i18n import N_, said_in
from carehub.platform.access import ERASED, Actor, require_right, standing
from carehub.platform.audit import service as audit
from carehub.platform.consents import service as consents
from carehub.platform.db import metadata
from carehub.platform.family import service as family
from carehub.platform.records import opening
from carehub.platform.refusals import Refused
from carehub.platform.rights import tables
from carehub.platform.running import Running
from carehub.platform.settings import Settings
from carehub.wire.family import ConsentRow
from carehub.wire.rights import ChainEnd, ErasureRow, Kept, Receipt, Sentences

ERASING, DONE = "erasing", "done"
STEP = 500
"""Rows taken away in one transaction: others wait for no longer."""
KEPT: dict[str, tuple[str, str]] = {
    "person_stream": (
        N_("whose records these were, and that they were erased"),
        N_("so that an old device cannot bring them back unasked"),
    ),
    "consent": (
        N_("what was agreed to and taken back, without any health value"),
        N_("proof that what was done was agreed to (PIPL 14, 54-57; three years)"),
    ),
    "mandate": (
        N_("who held leave to see the records, and when it ended"),
        N_(
            "the mandate is a written document (Civil Code 165), and its holders must learn of its end"
        ),
    ),
    "audit": (
        N_("who did what and when, without any health value"),
        N_("the chain proves what was done with the records (PIPL 54-57; three years)"),
    ),
    "audit_end": (
        N_("the end of that chain"),
        N_("without it nobody could prove that it is whole"),
    ),
    "erasure": (N_("this receipt"), N_("so that it can be asked for again")),
}
"""The person-distributed tables that stay, with what they hold and why; every other is emptied."""
_SENTENCE = N_(
    "Everything the platform kept about the person's health was erased. What stays holds no health "
    "value: what was agreed to, who had leave, and who did what; the law wants it kept. Nobody has "
    "leave to see anything any more. What is on the person's own device stays there. Backups of the "
    "platform lose it as they are renewed. Records of a clinic are the clinic's and are not in here."
)
_row = tables.erasure


async def ask(tx: AsyncConnection, person_id: UUID, actor: Actor, now: int) -> ErasureRow:
    """Begin an erasure: from this transaction on nobody reads or writes anything of the person.

    Again, while one is under way or nothing came since the last, gives that one.
    """
    found = await standing(tx, person_id, actor)
    last = await _last(tx, person_id)
    if last is not None and found.paused() == ERASED and _mine(last, actor, own=found.own):
        return _shown(last)
    found = await require_right(tx, person_id, actor, now)
    erasure_id = uuid4()
    asked_by = str(Role.SELF if found.own else Role.GUARDIAN)
    await tx.execute(
        insert(_row).values(
            person_id=person_id, id=erasure_id, account_id=actor.account_id, asked_by=asked_by,
            state=ERASING, asked_at=now, done_at=None, erased={}, receipt=None,
        )
    )  # fmt: skip
    detail = {"erasure": str(erasure_id), "by": asked_by}
    await audit.note(tx, person_id, actor.account_id, "erasure_asked", detail, now=now)
    await _withdraw(tx, person_id, actor, now)
    await family.end_all(tx, person_id, actor, now)
    return _shown(await _named(tx, person_id, erasure_id))


async def of_person(tx: AsyncConnection, person_id: UUID, actor: Actor) -> list[ErasureRow]:
    """Return the erasures of a person: all to the person, to a guardian those they asked for."""
    found = await standing(tx, person_id, actor)
    rows = [row for row in await _all(tx, person_id) if _mine(row, actor, own=found.own)]
    if not rows and not found.own:
        raise Refused("not_allowed")
    return [_shown(row) for row in rows]


async def finish(here: Running, person_id: UUID, erasure_id: UUID) -> None:
    """Take away what is left, step by step, and write the receipt; harmless where it is done."""
    while await here.db.write(lambda tx: step(tx, here, person_id, erasure_id)):
        pass


async def step(tx: AsyncConnection, here: Running, person_id: UUID, erasure_id: UUID) -> bool:
    """Take one step; False where there is none left to take."""
    row = await _named(tx, person_id, erasure_id)
    if row["state"] == DONE:
        return False
    for table in emptied():
        gone = await _take(tx, table, person_id)
        if gone:
            erased = {**row["erased"], table.name: row["erased"].get(table.name, 0) + gone}
            await _note(tx, row, erased=erased)
            return True
    files = here.shelf.drop_person(person_id)
    await _end(tx, here.settings, row, files, here.clock())
    return False


async def unfinished(tx: AsyncConnection) -> list[tuple[UUID, UUID]]:
    """Return the erasures that a crash may have left."""
    found = await tx.execute(select(_row.c.person_id, _row.c.id).where(_row.c.state == ERASING))
    return [(row.person_id, row.id) for row in found]


def emptied() -> list[Table]:
    """Return the tables that are emptied of a person: whatever is a person's and is not kept."""
    return [
        table
        for table in metadata.sorted_tables
        if table.info["distribution"] == "person" and table.name not in KEPT
    ]


def genuine(settings: Settings, receipt: Receipt) -> bool:
    """Tell whether a receipt is this service's, and unchanged."""
    hashed, signed = _proofs(settings, receipt)
    return hmac.compare_digest(receipt.hash + receipt.signature, hashed + signed)


async def _withdraw(tx: AsyncConnection, person_id: UUID, actor: Actor, now: int) -> None:
    """Take back the two consents under which anything travels, and begin the stream anew."""
    purposes = (Purpose.PLATFORM_SYNC, Purpose.FAMILY_SHARING)
    first = await opening.begin_anew(tx, person_id, len(purposes))
    rows = [
        (
            first + n,
            ConsentRow(
                id=uuid4(), purpose=purpose, text_version=ERASED, method=ERASED,
                granted_at=now, withdrawn_at=now, by=actor.account_id,
            ),
        )
        for n, purpose in enumerate(purposes)
    ]  # fmt: skip
    await consents.keep(tx, person_id, rows, now)


async def _take(tx: AsyncConnection, table: Table, person_id: UUID) -> int:
    """Take away up to `STEP` rows of a person from one table; return how many there were."""
    keys = [column for column in table.primary_key.columns if column.name != "person_id"]
    mine = table.c.person_id == person_id
    if not keys:
        return (await tx.execute(delete(table).where(mine))).rowcount
    some = (await tx.execute(select(*keys).where(mine).limit(STEP))).all()
    if not some:
        return 0
    gone = delete(table).where(mine, tuple_(*keys).in_([tuple(row) for row in some]))
    return (await tx.execute(gone)).rowcount


async def _end(
    tx: AsyncConnection, settings: Settings, row: RowMapping, files: int, now: int
) -> None:
    person_id = row["person_id"]
    erased = {name: n for name, n in sorted(row["erased"].items()) if n}
    n, head = await audit.end_of(tx, person_id)
    plain = Receipt(
        id=row["id"],
        person_id=person_id,
        asked_by=row["asked_by"],
        asked_at=row["asked_at"],
        done_at=now,
        erased=erased | ({"files": files} if files else {}),
        kept=[Kept(what=_both(what), why=_both(why)) for what, why in KEPT.values()],
        audit=ChainEnd(n=n, hash=head),
        sentences=_both(_SENTENCE),
    )
    hashed, signed = _proofs(settings, plain)
    receipt = plain.model_copy(update={"hash": hashed, "signature": signed})
    await _note(tx, row, state=DONE, done_at=now, receipt=receipt.model_dump(mode="json"))
    detail = {"erasure": str(row["id"]), "receipt": hashed}
    await audit.note(tx, person_id, row["account_id"], "erased", detail, now=now)


def _both(text: str) -> Sentences:
    return Sentences(zh=said_in("zh_CN", text), en=text)


def _proofs(settings: Settings, receipt: Receipt) -> tuple[str, str]:
    told = receipt.model_dump(mode="json", exclude={"hash", "signature"})
    text = json.dumps(told, ensure_ascii=True, separators=(",", ":"), sort_keys=True)
    hashed = hashlib.sha256(text.encode("ascii")).hexdigest()
    signed = hmac.new(settings.secret, f"receipt|{hashed}".encode("ascii"), "sha256")
    return hashed, signed.hexdigest()


async def _note(tx: AsyncConnection, row: RowMapping, **columns: object) -> None:
    found = update(_row).where(_row.c.person_id == row["person_id"], _row.c.id == row["id"])
    await tx.execute(found.values(**columns))


async def _all(tx: AsyncConnection, person_id: UUID) -> Iterable[RowMapping]:
    wanted = select(_row).where(_row.c.person_id == person_id)
    return list((await tx.execute(wanted.order_by(_row.c.asked_at.desc(), _row.c.id))).mappings())


async def _last(tx: AsyncConnection, person_id: UUID) -> RowMapping | None:
    return next(iter(await _all(tx, person_id)), None)


async def _named(tx: AsyncConnection, person_id: UUID, erasure_id: UUID) -> RowMapping:
    wanted = select(_row).where(_row.c.person_id == person_id, _row.c.id == erasure_id)
    return (await tx.execute(wanted.with_for_update())).mappings().one()


def _mine(row: RowMapping, actor: Actor, *, own: bool) -> bool:
    return own or row["account_id"] == actor.account_id


def _shown(row: RowMapping) -> ErasureRow:
    return ErasureRow.model_validate({name: row[name] for name in ErasureRow.model_fields})
