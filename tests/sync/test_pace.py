"""When to exchange: full jitter, never sooner than asked, and at once when woken."""

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carehub.errors import PlatformBusy, PlatformUnreachable
from carehub.sync import pace
from carehub.sync.pace import Pace


@given(st.integers(0, 10_000), st.floats(0, 1, exclude_max=True))
def test_a_wait_lies_between_nothing_and_the_most(failures, chance):
    waited = pace.backoff(failures, lambda: chance)
    assert 0 <= waited <= pace.LONGEST
    assert waited <= pace.FIRST << max(failures - 1, 0)


def test_waits_double_up_to_a_quarter_of_an_hour():
    longest = [pace.backoff(n, lambda: 1.0) for n in range(1, 12)]
    assert longest[:4] == [2000, 4000, 8000, 16000]
    assert longest[-1] == 15 * 60_000


def test_never_sooner_than_the_platform_asked():
    assert pace.later(1, lambda: 0.0, PlatformBusy(90)) == 90_000
    assert pace.later(1, lambda: 0.0, PlatformBusy(10**9)) == pace.LONGEST
    assert pace.later(1, lambda: 0.5, PlatformBusy()) == 1000
    assert pace.later(1, lambda: 0.5, PlatformUnreachable()) == 1000


async def kept_going(exchange, turns: int) -> Pace:
    """Run until so many exchanges began, waking it from each wait."""
    begun = asyncio.Event()
    count = 0

    async def counted():
        nonlocal count
        count += 1
        if count == turns:
            begun.set()
        await exchange()

    keeper = Pace(counted, lambda: 0.999)
    going = asyncio.create_task(keeper.keep_going())
    while not begun.is_set():
        await asyncio.sleep(0)
        keeper.wake()
    await asyncio.sleep(0)
    going.cancel()
    with pytest.raises(asyncio.CancelledError):
        await going
    return keeper


async def test_failures_are_counted_one_after_the_other():
    answers = iter([PlatformUnreachable(), RuntimeError("a bug")])

    async def exchange():
        raise next(answers, PlatformBusy(1))

    assert (await kept_going(exchange, 3)).failures >= 3


async def test_a_success_forgets_the_failures():
    answers = iter([PlatformUnreachable(), PlatformUnreachable()])

    async def exchange():
        error = next(answers, None)
        if error is not None:
            raise error

    assert (await kept_going(exchange, 4)).failures == 0


async def test_it_goes_on_by_itself_after_a_pause(monkeypatch):
    monkeypatch.setattr(pace, "IN_FRONT", 0.001)
    monkeypatch.setattr(pace, "BEHIND", 0.002)
    done = asyncio.Event()
    count = 0

    async def exchange():
        nonlocal count
        count += 1
        if count == 3:
            done.set()

    keeper = Pace(exchange, lambda: 0.0)
    keeper.in_front = False
    going = asyncio.create_task(keeper.keep_going())
    await done.wait()
    going.cancel()
    with pytest.raises(asyncio.CancelledError):
        await going
    assert keeper.failures == 0
