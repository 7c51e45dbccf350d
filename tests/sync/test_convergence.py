"""Whatever happens, all archives come to hold the same; and each seeded fault is noticed.

CONVERGENCE_EXAMPLES and CONVERGENCE_STEPS make it longer.
"""

import os

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.sync.convergence import Convergence

EXAMPLES = int(os.environ.get("CONVERGENCE_EXAMPLES", "6"))
STEPS = int(os.environ.get("CONVERGENCE_STEPS", "25"))
# A failing world takes long to make smaller; finding it is what counts here.
PHASES = (Phase.explicit, Phase.reuse, Phase.generate)
SHORT = settings(
    max_examples=EXAMPLES,
    stateful_step_count=STEPS,
    deadline=None,
    phases=PHASES,
    suppress_health_check=list(HealthCheck),
    report_multiple_bugs=False,
)
SEEDED = {
    "no_op_dedup": "applied twice",
    "ack_all_pending": "differ|lost|dropped",
    "cursor_before_apply": "differ",
    "silent_lww": "dropped without a word",
    "global_sequence": "differ",
}


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_all_archives_come_to_hold_the_same():
    run_state_machine_as_test(Convergence, settings=SHORT)


@pytest.mark.slow
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("fault", list(SEEDED))
def test_a_seeded_fault_is_noticed(fault):
    broken = type("Broken", (Convergence,), {"faults": frozenset({fault})})
    with pytest.raises(AssertionError, match=SEEDED[fault]):
        run_state_machine_as_test(broken, settings=settings(SHORT, max_examples=60))
