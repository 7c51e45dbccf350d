"""What the pages of sharing say in every state, in whole sentences."""

from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carehub import i18n
from carehub.archive.conflicts import Conflict
from carehub.archive.outbox import OpState, Refusal
from carehub.archive.streams import Stream
from carehub.care.civil import DAY
from carehub.sync.turn import Progress
from carehub.ui.screens.sync.model import (
    HERE,
    Stage,
    clock_words,
    look_of,
    progress_words,
    to_know,
    view_of,
)
from carehub.wire.exchange import Act, Op
from carehub.workflows.sync import Standing
from tests.helpers.records import NOON

URL = "https://platform.example"
WHO = UUID(int=1)


def view(standing: Standing, *, agreed: bool = True):
    return view_of(standing, agreed=agreed, name="王奶奶", now=NOON, zone=HERE)


def refusal(kind: str = "reading", code: str = "grant_revoked") -> Refusal:
    op = Op(op_id=uuid4(), person_id=WHO, kind=kind, entity_id=uuid4(), act=Act.ADD, at=NOON)
    return Refusal(op, OpState.REJECTED, code, 1, NOON)


def conflict(field: str, kept: object, lost: object, kind: str = "medicine") -> Conflict:
    return Conflict(uuid4(), WHO, kind, uuid4(), field, kept, lost, WHO, WHO, NOON)


@pytest.mark.parametrize(
    ("standing", "agreed", "stage", "headline"),
    [
        (Standing(False), False, Stage.NEW, "only on this computer"),
        (Standing(False), True, Stage.AGREED, "Now sign in"),
        (Standing(False, URL, waiting=1), True, Stage.SIGNED_OUT, "sign in again"),
        (Standing(True, URL), False, Stage.OFF, "switched off"),
        (Standing(True, URL), True, Stage.ON, "Nothing was exchanged yet"),
        (Standing(True, URL, "m", NOON), True, Stage.ON, "up to date"),
        (Standing(True, URL, "m", NOON, waiting=3), True, Stage.ON, "3 changes wait"),
        (
            Standing(True, URL, "m", NOON, trouble="platform_unreachable"),
            True,
            Stage.ON,
            "Everything of yours was sent",
        ),
    ],
)
def test_each_stage_has_its_headline(standing, agreed, stage, headline) -> None:
    found = view(standing, agreed=agreed)
    assert found.stage is stage
    assert headline in found.headline
    assert all(line.strip() for line in found.lines)


def test_what_was_switched_off_says_what_waits_and_what_still_arrives() -> None:
    standing = Standing(True, URL, held=2, streams=(Stream(WHO, role="carer"),))
    lines = view(standing, agreed=False).lines
    assert lines[0] == "Nothing of 王奶奶 is sent."
    assert "2 changes wait" in lines[1]
    assert "goes on arriving" in lines[2]


@pytest.mark.parametrize(
    ("trouble", "words"),
    [
        ("", ""),
        ("platform_unreachable", "cannot be reached"),
        ("platform_untrusted", "cannot prove"),
        ("platform_busy", "busy"),
        ("platform_refused", "did not take the last exchange"),
        ("signed_out", "sign in again"),
        ("schema_too_old", "too old"),
        ("a_newer_one", ""),
    ],
)
def test_each_trouble_is_one_sentence_with_what_to_do(trouble, words) -> None:
    said = view(Standing(True, URL, "m", NOON, trouble=trouble)).trouble
    assert words in said
    assert bool(said) is bool(words)


@pytest.mark.parametrize(
    ("offset", "words"),
    [
        (0, ""),
        (599_999, ""),
        (-900_000, "15 minutes fast"),
        (2 * 3_600_000, "2 hours slow"),
        (2 * DAY, "2 days slow"),
        (-10 * 365 * DAY, "10 years fast"),
        (365 * DAY, "1 year slow"),
    ],
)
def test_a_wrong_clock_is_said_with_how_much(offset, words) -> None:
    assert words in clock_words(offset)
    assert bool(clock_words(offset)) is bool(words)
    assert words in view(Standing(True, URL, "m", NOON, clock_offset=offset)).trouble


@given(st.integers(-(10**13), 10**13))
def test_any_clock_has_words(offset) -> None:
    assert isinstance(clock_words(offset), str)


def test_only_what_does_not_mend_itself_is_told_on_other_pages() -> None:
    well = Standing(True, URL, "m", NOON)
    assert to_know(well, NOON) == ""
    assert to_know(Standing(True, URL, "m", NOON, "platform_unreachable"), NOON + DAY) == ""
    assert "sign in again" in to_know(Standing(False, URL, trouble="signed_out"), NOON)
    assert "too old" in to_know(Standing(True, URL, trouble="schema_too_old"), NOON)
    assert "cannot prove" in to_know(Standing(True, URL, trouble="platform_untrusted"), NOON)
    assert to_know(Standing(False, trouble="signed_out"), NOON) == ""
    look = Standing(True, URL, "m", NOON, refused=(refusal(),), conflicts=(conflict("dose", 1, 2),))
    assert to_know(look, NOON).startswith("2 entries need a look")
    late = Standing(True, URL, "m", NOON, waiting=1)
    assert to_know(late, NOON + 2 * DAY) == ""
    assert to_know(late, NOON + 9 * DAY).startswith("For 9 days")


def test_progress_says_what_was_done_and_what_is_left() -> None:
    assert progress_words(Progress(sent=200, waiting=1)) == "200 changes sent, 1 left"
    assert progress_words(Progress(5, 0, 40, 60)) == "40 changes fetched, 60 left"


def test_alike_refusals_stand_together_with_why_and_what_to_do() -> None:
    refused = [refusal(), refusal(), refusal("attachment", "too_large"), refusal("x", "strange")]
    found = look_of(refused, (), {WHO: "王奶奶"}).refused
    assert [each.title for each in found] == [
        "王奶奶 ・ Reading × 2",
        "王奶奶 ・ Picture or file",
        "王奶奶 ・ Something newer",
    ]
    assert [each.again for each in found] == [True, False, True]
    assert len(found[0].ids) == 2
    assert "took your leave back" in found[0].why
    assert "strange" in found[2].why
    assert look_of([refusal()], (), {}).refused[0].title.startswith("somebody")


@pytest.mark.parametrize(
    ("met", "title", "kept", "other"),
    [
        (conflict("dose", "5 mg", "10 mg"), "Medicine ・ Dose", "5 mg", "10 mg"),
        (conflict("", "changed", "removed"), "Medicine", "Keep the entry", "Take it out"),
        (conflict("stopped", True, False), "Medicine ・ Stopped", "yes", "no"),
        (conflict("sex", "female", None, "person"), "birthday ・ Sex", "Woman", "nothing"),
        (conflict("new_field", 3, "", "new_kind"), "Something newer ・ A detail", "3", "nothing"),
    ],
)
def test_two_values_that_met_are_both_shown(met, title, kept, other) -> None:
    (found,) = look_of((), (met,), {WHO: "王奶奶"}).differences
    assert found.title.endswith(title)
    assert (found.kept, found.other) == (kept, other)


def test_it_is_all_said_in_chinese() -> None:
    i18n.set_language("zh_CN")
    assert view(Standing(True, URL, "m", NOON)).headline == "都已同步好了"
    assert "3 年" in clock_words(3 * 365 * DAY)
