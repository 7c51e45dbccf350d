"""Merging is pure: causal edits stand, concurrent ones keep the loser, nothing depends on luck."""

from dataclasses import replace
from itertools import permutations
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from carehub.platform.records.merge import AHEAD, EXISTENCE, Edit, Kept, merge, same
from carehub.wire.exchange import Act, Status
from tests.helpers.shown import shown

NOW = 1_790_000_000_000
DEVICES = ("aa", "bb", "cc")


def edit(body=None, **given):
    usual = {
        "kind": "person", "act": Act.SET, "body": body or {}, "base": {}, "at": NOW,
        "device": "aa", "author": "anna", "rev": 1,
    }  # fmt: skip
    return Edit(**usual | given)


def run(*edits, kept: Any = None, now=NOW) -> tuple[Any, list[Any]]:
    """Merge one edit after the other; return the entity and every step."""
    steps = []
    for rev, each in enumerate(edits, start=1):
        step = merge(kept, replace(each, rev=rev), now)
        kept = step.kept
        steps.append(step)
    return kept, steps


def test_an_edit_that_saw_the_newest_revision_stands_whatever_its_clock_says():
    kept, steps = run(
        edit({"name": "a"}, at=NOW + 10**9),
        edit({"name": "b"}, base={"name": 1}, at=NOW - 10**12, device="bb"),
    )
    assert kept.body == {"name": "b"}
    assert [step.status for step in steps] == [Status.OK, Status.OK]


def test_a_chain_that_one_device_made_unseen_stands():
    kept, steps = run(
        edit({"name": "a"}),
        edit({"name": "b"}, base={"name": 1}),
        edit({"name": "c"}, base={"name": 1}),
    )
    assert kept.body == {"name": "c"}
    assert not steps[2].clashes


def test_a_device_restored_from_an_old_backup_does_not_pass_for_its_own_chain():
    _kept, steps = run(
        edit({"name": "a"}),
        edit({"name": "b"}, base={"name": 1}, device="bb"),
        edit({"name": "c"}, base={"name": 2}),
        edit({"name": "old"}, base={"name": 1}, at=NOW - 5),
    )
    assert steps[3].status is Status.CONFLICT


@pytest.mark.parametrize(("at", "wins"), [(NOW + 1, "b"), (NOW - 1, "a")])
def test_of_two_concurrent_edits_the_later_wins_and_the_loser_is_kept(at, wins):
    kept, steps = run(edit({"name": "a"}), edit({"name": "b"}, at=at, device="bb", author="bert"))
    (clash,) = steps[1].clashes
    assert kept.body == {"name": wins}
    assert {clash.kept, clash.lost} == {"a", "b"}
    assert clash.kept == wins
    assert (clash.kept_by, clash.lost_by) == (("bert", "anna") if wins == "b" else ("anna", "bert"))
    assert steps[1].status is Status.CONFLICT


def test_a_clock_ten_years_ahead_wins_by_no_more_than_a_minute():
    far = edit({"name": "future"}, at=NOW + 10 * 365 * 86_400_000)
    kept, _ = run(far)
    assert kept.marks["name"].at == NOW + AHEAD
    later: Any = merge(
        kept, edit({"name": "now"}, at=NOW + AHEAD + 1, device="bb", rev=2), NOW + AHEAD + 1
    )
    assert later.kept.body == {"name": "now"}


@pytest.mark.parametrize("kind", ["allergy", "medicine", "emergency_contact"])
def test_what_could_harm_is_never_settled_by_a_machine(kind):
    kept, steps = run(
        edit({"dose": "a"}, kind=kind),
        edit({"dose": "b"}, kind=kind, at=NOW + 9, device="bb"),
    )
    (clash,) = steps[1].clashes
    assert kept.body == {"dose": "a"}
    assert (clash.kept, clash.lost, clash.needs_confirmation) == ("a", "b", True)


def test_different_fields_do_not_meet():
    kept, steps = run(edit({"a": 1}), edit({"b": 2}, device="bb"), edit({"c": 3}, device="cc"))
    assert kept.body == {"a": 1, "b": 2, "c": 3}
    assert not any(step.clashes for step in steps)


def test_the_same_value_set_later_unseen_counts_from_then_and_is_no_conflict():
    kept, steps = run(
        edit({"a": 1}),
        edit({"a": 1}, device="bb", at=NOW + 9),
        edit({"a": 2}, device="cc", at=NOW + 5),
    )
    assert steps[1].clashes == ()
    assert kept.body == {"a": 1}
    (clash,) = steps[2].clashes
    assert (clash.kept, clash.lost) == (1, 2)


def test_the_same_value_twice_is_no_conflict_and_no_change():
    kept, steps = run(edit({"a": 1}), edit({"a": 1}, device="bb", at=NOW - 1))
    assert steps[1].wrote is None
    assert (steps[1].status, kept.rev) == (Status.OK, 1)
    again = merge(kept, edit({"a": 1}, act=Act.ADD, device="cc"), NOW)
    assert again.status is Status.DUPLICATE


@given(
    st.lists(
        st.tuples(st.integers(-5, 5), st.sampled_from(DEVICES), st.integers(0, 99)),
        min_size=2, max_size=4, unique_by=lambda each: each[1],
    )
)  # fmt: skip
@example([(0, "aa", 0), (0, "bb", 1), (0, "cc", 0)])
def test_in_whatever_order_concurrent_edits_arrive_the_same_one_stands(rows):
    base, _ = run(edit({"name": "start"}, device="zz", at=NOW - 100))
    edits = [
        edit({"name": value}, at=NOW + at, device=device, base={"name": 0})
        for at, device, value in rows
    ]
    ends = set()
    for order in permutations(edits):
        kept: Any = base
        for rev, each in enumerate(order, start=2):
            kept = merge(kept, replace(each, rev=rev), NOW).kept
        ends.add(repr(kept.body["name"]))
    assert len(ends) == 1


@given(
    st.lists(
        st.builds(
            edit,
            body=st.dictionaries(st.sampled_from("ab"), st.integers(0, 3), min_size=1),
            act=st.sampled_from([Act.SET, Act.ADD, Act.REMOVE]),
            kind=st.sampled_from(["person", "allergy"]),
            device=st.sampled_from(DEVICES),
            at=st.integers(NOW - 9, NOW + 9),
        ),
        min_size=1, max_size=6,
    )
)  # fmt: skip
def test_no_value_ever_written_vanishes_without_a_trace(edits):
    """Each value stands, is in a conflict, or was replaced by somebody who had a right to."""
    kept: Any = None
    for rev, each in enumerate(edits, start=1):
        before = kept
        step = merge(kept, replace(each, rev=rev), NOW)
        kept = step.kept
        if each.act is Act.REMOVE:
            continue
        for name, value in each.body.items():
            stands = same(kept.body[name], value)
            lost = [clash for clash in step.clashes if clash.name == name]
            assert stands or any(same(clash.lost, value) for clash in lost)
            if (
                before is None
                or name not in before.body
                or same(before.body[name], kept.body[name])
            ):
                continue
            chained = before.marks[name].device == each.device and before.marks[name].base == 0
            assert chained or any(same(clash.lost, before.body[name]) for clash in lost)


@given(st.permutations(["add", "void", "void"]))
def test_a_void_is_sticky_even_when_it_comes_first(order):
    whole = {"id": "x", "v1": "120"}
    acts = {
        "add": edit(whole, kind="reading", act=Act.ADD),
        "void": edit({"id": "x", "voided": True, "voided_at": 5}, kind="reading", act=Act.VOID),
    }
    kept, steps = run(*(acts[name] for name in order))
    assert kept.body == whole | {"voided": True, "voided_at": 5}
    assert [step.status for step in steps].count(Status.DUPLICATE) == 1


def test_a_void_of_something_never_seen_keeps_the_whole_reading():
    kept, _ = run(edit({"id": "x", "v1": "120"}, kind="reading", act=Act.VOID))
    assert kept.body == {"id": "x", "v1": "120", "voided": True}


def test_a_reading_is_added_once_and_never_edited():
    _, steps = run(
        edit({"v1": "1"}, kind="reading", act=Act.ADD),
        edit({"v1": "2"}, kind="reading", act=Act.ADD),
        edit({"v1": "3"}, kind="reading", act=Act.SET),
        edit({}, kind="reading", act=Act.REMOVE),
        edit({"x": 1}, kind="consent", act=Act.VOID),
        edit({}, act=Act.VOID),
    )
    assert [(step.status, step.code) for step in steps] == [
        (Status.OK, ""),
        (Status.DUPLICATE, ""),
        (Status.REJECTED, "append_only"),
        (Status.REJECTED, "append_only"),
        (Status.REJECTED, "append_only"),
        (Status.REJECTED, "act_unknown"),
    ]
    assert steps[-1].kept.body == {"v1": "1"}


def test_removing_what_one_saw_removes_it():
    kept, steps = run(
        edit({"a": 1}), edit(act=Act.REMOVE, base={"a": 1}, device="bb"),
        edit(act=Act.REMOVE, device="cc"),
    )  # fmt: skip
    assert kept.deleted
    assert kept.body == {"a": 1}
    assert [step.status for step in steps[1:]] == [Status.OK, Status.DUPLICATE]


@pytest.mark.parametrize("base", [{"a": 1}, {}])
def test_removing_while_another_edits_keeps_the_entity_and_says_so(base):
    kept, steps = run(
        edit({"a": 1}, at=NOW - 20),
        edit({"a": 2}, base={"a": 1}, device="bb", author="bert", at=NOW),
        edit(act=Act.REMOVE, base=base, device="cc", author="carl", at=NOW - 1),
    )
    (clash,) = steps[2].clashes
    assert not kept.deleted
    assert (clash.name, clash.kept, clash.lost) == (EXISTENCE, "changed", "removed")
    assert (clash.kept_by, clash.lost_by) == ("bert", "carl")


def test_without_a_base_a_later_removal_stands():
    kept, _ = run(edit({"a": 1}), edit(act=Act.REMOVE, device="bb", at=NOW + 5))
    assert kept.deleted


def test_editing_what_another_removed_brings_it_back_and_says_so():
    kept, steps = run(
        edit({"a": 1}),
        edit(act=Act.REMOVE, base={"a": 1}, device="bb"),
        edit({"a": 2}, base={"a": 1}, device="cc"),
    )
    assert not kept.deleted
    assert kept.body == {"a": 2}
    assert [clash.name for clash in steps[2].clashes] == [EXISTENCE]


def test_one_brings_back_what_one_removed_oneself_without_a_conflict():
    kept, steps = run(
        edit({"a": 1}), edit(act=Act.REMOVE, base={"a": 1}), edit({"a": 1}, base={"a": 1})
    )
    assert not kept.deleted
    assert steps[2].status is Status.OK


def test_removing_what_never_came_leaves_a_mark():
    kept, _ = run(edit(act=Act.REMOVE))
    assert kept == Kept(1, {}, kept.marks, deleted=True)


def test_an_alert_only_advances():
    def alert(body, **given):
        return edit(body, kind="alert", **given)

    kept, steps = run(
        alert({"state": "active", "acknowledged_by": "", "text": "a"}),
        alert(
            {"state": "acked", "acknowledged_by": "anna"}, base={"state": 1, "acknowledged_by": 1}
        ),
        alert({"state": "active", "acknowledged_by": "bert", "text": "b"}, device="bb", at=NOW + 9),
        alert({"state": "resolved"}, device="cc", at=NOW - 9),
    )
    assert kept.body == {"state": "resolved", "acknowledged_by": "anna", "text": "b"}
    assert not any(step.clashes for step in steps)


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [(1, 1, True), (1, True, False), (0, False, False), (True, True, True), ([1], [1], True)],
)
def test_a_number_is_no_truth_value(one, other, alike):
    assert same(one, other) is alike


def test_a_value_hides_itself():
    assert "120" not in shown(run(edit({"v1": "120"}, kind="reading", act=Act.ADD)))
