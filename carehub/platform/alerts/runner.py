"""Steps what is due: escalations and silence; its state is in tables, so a restart loses nothing.

Several processes may run it on one database: a row that another has in hand is passed over.
"""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from carehub import log
from carehub.platform.alerts import listening, service
from carehub.platform.running import Running

MOST = 100
"""Rows looked up at once."""

Step = Callable[[AsyncConnection], Awaitable[bool]]
Later = Callable[[AsyncConnection], Awaitable[None]]


async def keep_going(here: Running) -> None:
    """Do what is due, wait, and look again, until cancelled."""
    while True:
        try:
            await turn(here)
        except Exception as error:
            # The database may be away for a while: what is due stays due.
            log.platform.error("nothing could be stepped: %s", type(error).__qualname__)
        await asyncio.sleep(here.settings.look_every)


async def turn(here: Running) -> int:
    """Do all that is due at the clock's time; return how many steps were taken."""
    steps = 0
    while taken := await _some(here, here.clock()):
        steps += taken
    return steps


async def _some(here: Running, now: int) -> int:
    taken = await here.db.write(lambda tx: listening.begin(tx, now, MOST), again_on_double=True)
    for person_id in await here.db.read(lambda tx: listening.due(tx, now, MOST)):
        listen = partial(listening.step, person_id=person_id, now=now)
        later = partial(listening.postpone, person_id=person_id, now=now)
        taken += await _take(here, person_id, listen, later)
    for person_id, alert_id in await here.db.read(lambda tx: service.due(tx, now, MOST)):
        step = partial(service.step, person_id=person_id, alert_id=alert_id, now=now)
        wait = partial(service.postpone, person_id=person_id, alert_id=alert_id, now=now)
        taken += await _take(here, person_id, step, wait)
    return taken


async def _take(here: Running, person_id: UUID, step: Step, later: Later) -> bool:
    """Take one step in its own transaction; one that fails waits, and holds up nobody."""
    try:
        taken = await here.db.write(step, again_on_double=True)
    except Exception as error:
        log.platform.error("a step failed: %s", type(error).__qualname__)
        await here.db.write(later)
        return False
    if taken:
        here.bell.ring(person_id)
    return taken
