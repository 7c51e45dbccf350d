"""The kill loop in short; `python -m tests.faults.measure_kill --runs 200` is the long one."""

from pathlib import Path

import pytest

from tests.faults import measure_kill


@pytest.mark.serial
@pytest.mark.timeout(100)
def test_nothing_acknowledged_is_lost_or_doubled_by_kills(tmp_path: Path) -> None:
    tally = measure_kill.run(tmp_path / "archive", runs=5, seed=3)

    assert tally.good, str(tally)
    assert tally.acknowledged > 0
