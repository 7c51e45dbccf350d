"""A year without a network in short; `python -m tests.faults.sync_year` is the long one."""

from pathlib import Path

import pytest

from tests.faults import sync_year

SITTINGS = 30


@pytest.mark.timeout(240)
async def test_a_year_without_a_network_comes_together_and_shows_how_far_it_is(
    tmp_path: Path,
) -> None:
    told: list[str] = []
    async with sync_year.place(tmp_path, f"sqlite+aiosqlite:///{tmp_path}/platform.db") as house:
        year = await sync_year.live(house, 300, told.append, SITTINGS)

    assert year.good
    assert year.waiting == 300
    assert [step.waiting for step in year.shown if 0 < step.sent < 300] == [100]
    assert year.shown[-1].left == 0
    assert any(step.left for step in year.shown)
    assert "200 sent, 100 wait" in told[1]
