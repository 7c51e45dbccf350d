"""The demo's family apart: a mother's archive and a daughter's, each with its own account."""

import secrets
from typing import TYPE_CHECKING
from uuid import UUID

from carehub.archive import readings
from carehub.care.civil import DAY
from carehub.care.consent import Purpose
from carehub.care.family import Role
from carehub.care.people import Person, Sex
from carehub.care.readings import Kind
from carehub.sync.account import Asked
from carehub.wire.exchange import Act, EntityKind
from carehub.workflows import outgoing, people, sync
from carehub.workflows.family import Family
from carehub.workflows.sync import Clock

if TYPE_CHECKING:
    from carehub.archive.store import Archive
    from carehub.sync.client import Client

TEXT = "demo"
"""The version of the text that made-up people agreed to."""
MONTH = 31 * DAY
CHUNK = 200
RELATION = "daughter"


def add_daughter(archive: "Archive", now: int) -> Person:
    """Put the plainly fictional daughter into an empty demo archive."""
    return people.add(
        archive,
        name="王小样",
        called="小样",
        sex=Sex.FEMALE,
        purposes=(Purpose.ARCHIVE, Purpose.PLATFORM_SYNC),
        text_version=TEXT,
        now=now,
    )


async def sign_in(archive: "Archive", client: "Client", url: str, clock: Clock) -> None:
    """Make an account with a name and a password that nobody is told, and sign in."""
    asked = Asked(url, f"demo{secrets.token_hex(4)}", secrets.token_urlsafe(), new=True)
    await sync.sign_in(archive, client, asked, clock)


async def invite(archive: "Archive", client: "Client", mother: UUID, clock: Clock) -> str:
    """Return the code with which the daughter asks for her mandate; the mother shared before."""
    family = Family(archive, client, clock)
    return (await family.invite(mother, Role.CARER, RELATION)).code


async def say_yes(archive: "Archive", client: "Client", mother: UUID, clock: Clock) -> int:
    """Let the mother say yes to everybody who asked; return how many there were."""
    family = Family(archive, client, clock)
    asked = await family.waiting_for_me(mother)
    for row in asked:
        await family.approve(mother, row.id)
    return len(asked)


def share(archive: "Archive", mother: UUID, now: int) -> None:
    """Let the mother agree that her records go to the platform; her last month goes first.

    The household was put there all at once, so nothing of it waits to be sent yet.
    """
    people.consent(archive, mother, Purpose.PLATFORM_SYNC, TEXT, now)
    with archive.read() as tx:
        month = [r for kind in Kind for r in readings.between(tx, mother, kind, now - MONTH, now)]
    for start in range(0, len(month), CHUNK):
        with archive.write() as tx:
            for one in month[start : start + CHUNK]:
                add = EntityKind.READING, Act.ADD
                outgoing.queue(tx, *add, one, person_id=mother, now=now)
