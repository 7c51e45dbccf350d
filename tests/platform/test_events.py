"""Live events: each move of a stream is told once, a revocation too, and the stream ends in time."""

import asyncio
import json
from contextlib import asynccontextmanager
from uuid import UUID

from carehub.platform.access import Actor
from carehub.platform.records import events as live
from tests.helpers.platforms import op
from tests.platform.test_family import consent, mandated


def actor(device):
    return Actor(device.account_id, UUID(device.tokens["session_id"]), device.device_id)


@asynccontextmanager
async def listening(platform, device):
    stream = live.events(platform.app.state.running, actor(device))

    async def following(seconds=10.0):
        event = await asyncio.wait_for(anext(stream), seconds)
        return event.event, json.loads(event.raw_data)

    try:
        yield following
    finally:
        await stream.aclose()


async def test_every_move_is_told(platform):
    elder, child = await platform.register(), await platform.register()
    person = await elder.open()
    await mandated(elder, child, person)
    async with listening(platform, child) as following:
        first = await following()
        waiting = asyncio.create_task(following())
        await asyncio.sleep(0.05)
        await elder.push(op(person))
        second = await waiting
    head = first[1]["head"]
    assert first == ("head", {"person_id": str(person), "head": head})
    assert second == ("head", {"person_id": str(person), "head": head + 1})


async def test_a_mandate_given_and_taken_is_told(platform):
    elder, child = await platform.register(), await platform.register()
    person = await elder.open()
    async with listening(platform, child) as following:
        waiting = asyncio.create_task(following())
        await asyncio.sleep(0.05)
        mandate = await mandated(elder, child, person)
        told = [await waiting]
        while told[-1][0] != "head":
            told.append(await following())
        await elder.ask("DELETE", f"/v1/people/{person}/mandates/{mandate['id']}")
        after = await following()
        while after[0] == "head":
            after = await following()
    assert after == ("grants", {"person_id": None, "head": None})


async def test_what_is_paused_is_not_told(platform):
    elder = await platform.register()
    person = await elder.open()
    given = await consent(elder, person, "platform_sync")
    await elder.post(f"/v1/people/{person}/consents/{given['id']}/withdraw")
    stream = live.events(platform.app.state.running, actor(elder))
    waiting = asyncio.create_task(anext(stream))
    done, _ = await asyncio.wait({waiting}, timeout=0.3)
    assert not done
    platform.app.state.running.bell.close()
    assert await asyncio.wait({waiting}, timeout=5)
    assert isinstance(waiting.exception(), StopAsyncIteration)


async def test_the_stream_ends_with_the_session_or_the_tokens_time(platform, monkeypatch):
    monkeypatch.setattr(live, "LOOK_EVERY", 0.02)
    device = await platform.register()
    await device.open()
    told = []

    async def listen():
        stream = live.events(platform.app.state.running, actor(device))
        told.extend([event.event async for event in stream])

    for end in ("time", "session"):
        task = asyncio.create_task(listen())
        await asyncio.sleep(0.05)
        if end == "time":
            platform.clock.now += 600_000
        else:
            await device.ask("DELETE", "/v1/sessions/current")
        await asyncio.wait_for(task, 5)
        device = await platform.sign_in(device.login)
    assert told == ["head", "head"]


async def test_over_http_it_is_an_event_stream(platform):
    device = await platform.register()
    person = await device.open()
    asking = asyncio.create_task(device.ask("GET", "/v1/sync/events"))
    await asyncio.sleep(0.2)
    platform.app.state.running.bell.close()
    answer = await asyncio.wait_for(asking, 5)
    assert answer.headers["content-type"].startswith("text/event-stream")
    line = f'data: {{"person_id":"{person}","head":0}}'
    assert answer.text.splitlines()[:2] == ["event: head", line]
