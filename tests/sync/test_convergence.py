"""Whatever happens, all archives come to hold the same; and each seeded fault is noticed.

CONVERGENCE_EXAMPLES and CONVERGENCE_STEPS make it longer; CONVERGENCE_HUNT=1 also looks for the faults
by chance; CONVERGENCE_DATABASE=postgresql lets the platform keep its rows there.
"""

import os

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.sync.convergence import Convergence

EXAMPLES = int(os.environ.get("CONVERGENCE_EXAMPLES", "3"))
STEPS = int(os.environ.get("CONVERGENCE_STEPS", "25"))
HUNT = bool(os.environ.get("CONVERGENCE_HUNT"))
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
# The shortest life of three machines in which each fault does harm.
SCRIPTS = {
    "no_op_dedup": lambda world: (world.rename(0, "called", 2), world.lose_the_answer(0)),
    "ack_all_pending": lambda world: (
        world.rename(0, "called", 1),
        world.rename_while_it_sends(0, "name"),
        world.exchange(0),
    ),
    "cursor_before_apply": lambda world: (
        world.measure(0, 128),
        world.exchange(0),
        world.crash_at(1, "pull.applying"),
    ),
    "silent_lww": lambda world: (
        world.rename(0, "called", 1),
        world.rename(1, "called", 1),
        world.exchange(0),
        world.exchange(1),
    ),
    "global_sequence": lambda world: (
        world.measure(0, 128),
        world.measure(1, 118),
        world.overtake(0, 1),
    ),
}


def broken(fault):
    return type("Broken", (Convergence,), {"faults": frozenset({fault})})


def live(world_of, script):
    world = world_of()
    try:
        world.begin()
        script(world)
    finally:
        world.teardown()


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_all_archives_come_to_hold_the_same():
    run_state_machine_as_test(Convergence, settings=SHORT)


def test_the_same_lives_without_a_fault_end_well():
    live(Convergence, lambda world: [script(world) for script in SCRIPTS.values()])


@pytest.mark.parametrize("fault", list(SEEDED))
def test_a_seeded_fault_is_noticed(fault):
    with pytest.raises(AssertionError, match=SEEDED[fault]):
        live(broken(fault), SCRIPTS[fault])


@pytest.mark.slow
@pytest.mark.timeout(1800)
@pytest.mark.skipif(not HUNT, reason="long: CONVERGENCE_HUNT=1 looks for each fault by chance")
@pytest.mark.parametrize("fault", list(SEEDED))
def test_a_seeded_fault_is_found_by_chance(fault):
    with pytest.raises(AssertionError, match=SEEDED[fault]):
        run_state_machine_as_test(broken(fault), settings=settings(SHORT, max_examples=200))
