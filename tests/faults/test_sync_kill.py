"""The kills in short; `python -m tests.faults.sync_kill --runs 200` is the long one."""

import pytest

from tests.faults import sync_kill

# Where most can go wrong: the platform has it and we do not know, or half of it is written.
SHORT = (("client", "push.answered"), ("server", "push.written"))


@pytest.mark.serial
@pytest.mark.timeout(240)
def test_nothing_acknowledged_is_lost_or_doubled_by_kills() -> None:
    with sync_kill.world("sqlite") as here:
        tallies = [sync_kill.run(here, *each, number) for number, each in enumerate(SHORT)]

    total = sum(tallies, sync_kill.Tally())
    assert total.good, str(total)
    assert total.killed > 0
    assert total.acknowledged > 0
