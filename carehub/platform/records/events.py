"""Live events: tells a device that a stream of its people moved on, until its access runs out."""

import asyncio
from collections.abc import AsyncIterator
from uuid import UUID

from fastapi.sse import ServerSentEvent

from carehub.platform.access import Actor
from carehub.platform.accounts import sessions
from carehub.platform.records import pages
from carehub.platform.running import Running
from carehub.wire.exchange import HeadMoved, Heads

LOOK_EVERY = 15.0
"""Seconds after which the database is asked although nobody rang: another process may have written."""


async def events(here: Running, who: Actor) -> AsyncIterator[ServerSentEvent]:
    """Yield `head` for each stream that moved and `grants` when a mandate did; first, all heads."""
    until = here.clock() + sessions.ACCESS_LASTS
    told: dict[UUID, int] = {}
    grants: int | None = None
    people: frozenset[UUID] = frozenset()
    while here.clock() < until and not here.bell.closed:
        with here.bell.listening({who.account_id, *people}) as heard:
            found = await here.db.read(lambda tx: pages.heads(tx, who, here.clock()))
            if not await here.db.read(lambda tx: sessions.lasts(tx, who.session_id)):
                return
            for event in _news(found, told):
                yield event
            if grants not in (None, found.grants_rev):
                yield _event("grants", HeadMoved(person_id=None, head=None))
            grants = found.grants_rev
            known, people = people, frozenset(head.person_id for head in found.heads)
            if people == known or not people:
                await _heard(heard)


def _news(found: Heads, told: dict[UUID, int]) -> list[ServerSentEvent]:
    """Return an event for each head that was not told yet, and note it; what is paused stays dumb."""
    news = []
    for head in found.heads:
        if not head.paused and told.get(head.person_id) != head.head:
            told[head.person_id] = head.head
            news.append(_event("head", HeadMoved(person_id=head.person_id, head=head.head)))
    return news


def _event(name: str, told: HeadMoved) -> ServerSentEvent:
    return ServerSentEvent(event=name, raw_data=told.model_dump_json())


async def _heard(heard: asyncio.Event) -> None:
    try:
        await asyncio.wait_for(heard.wait(), LOOK_EVERY)
    except TimeoutError:
        return  # nobody rang; the next look at the database tells
