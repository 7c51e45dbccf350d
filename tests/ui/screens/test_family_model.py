"""The family's pages in words: worst first, one sentence each, and what may be done for whom."""

from dataclasses import replace
from decimal import Decimal
from uuid import UUID

import pytest

from carehub import i18n
from carehub.archive.mandates import Given, Parting
from carehub.archive.streams import Stream
from carehub.care.alerts.model import Level, State
from carehub.care.family import Role, Scope
from carehub.care.people import Sex
from carehub.care.readings import Kind, Reading, Unit
from carehub.ui.screens.family import samples
from carehub.ui.screens.family.giving import (
    CodeView,
    LooksView,
    Wish,
    code_groups,
    code_view,
    consent_text,
    looks_of,
    trusted_of,
)
from carehub.ui.screens.family.model import (
    Cared,
    Kin,
    Rank,
    call_of,
    cared_of,
    view_of,
    why_gone,
)
from carehub.ui.screens.family.order import order_of
from carehub.ui.screens.family.words import allowed, called, relation_of, who
from carehub.ui.screens.sample import NOW, PERSON
from carehub.wire.clinic import CarerRow, CarerRows
from carehub.wire.family import AuditRow
from carehub.workflows.escalations import Telling

DAY = 86_400_000


@pytest.fixture(autouse=True)
def _chinese() -> None:
    i18n.set_language("zh_CN")


def kin(*latest: Reading, **more: object) -> Kin:
    return samples.kin(PERSON, *latest, **more)


def pressure(high: int, low: int, ago: int = 3_600_000) -> Reading:
    return samples.pressure(PERSON, high, low, NOW - ago)


def alerted(level: Level = Level.L3, **more: object) -> Kin:
    reading = pressure(187, 112)
    alert = replace(samples.alert(PERSON, reading, level), **more)  # type: ignore[arg-type]
    return kin(reading, alerts=(alert,), about={reading.id: reading})


def test_the_worst_stands_first() -> None:
    view = samples.three()
    assert [(one.name, one.rank, one.status) for one in view.people] == [
        ("妈妈", Rank.ALERT, "danger"),
        ("爸爸", Rank.STALE, "warn"),
        ("赵奶奶", Rank.FINE, "ok"),
    ]
    assert view.waiting == "有 1 个请求在等家人同意。"
    mother, father, neighbour = view.people
    assert mother.sentence == "血压很高：187/112"
    assert mother.reading == "今天 9:17 血压 187/112 mmHg"
    assert father.sentence == "5 天没有量了。"
    assert (neighbour.sentence, neighbour.chip) == ("血压达标。", "达标")


def test_what_a_role_forbids_is_not_offered() -> None:
    mother, _father, neighbour = samples.three().people
    assert mother.alert is not None
    assert (mother.may_record, mother.may_consult) == (True, True)
    assert (neighbour.may_record, neighbour.may_consult) == (False, False)
    seen_only = alerted()
    viewer = replace(seen_only, stream=Stream(PERSON.id, "viewer", ("view",)))
    assert cared_of(viewer, NOW).alert is None
    assert cared_of(viewer, NOW).rank is Rank.ALERT


@pytest.mark.parametrize(("level", "chip"), [(Level.L4, "请马上看"), (Level.L2, "有提醒")])
def test_an_alert_says_how_grave_it_is(level: Level, chip: str) -> None:
    assert cared_of(alerted(level), NOW).chip == chip


def test_an_alert_that_somebody_sees_to_gives_way_and_says_who() -> None:
    one = cared_of(
        alerted(
            state=State.ACKNOWLEDGED, acknowledged_at=NOW - 600_000, acknowledged_by="女儿 王芳"
        ),
        NOW,
    )
    assert (one.rank, one.chip, one.alert) == (Rank.SEEN, "有人在管", None)
    assert one.sentence == "血压很高：187/112。女儿 王芳 今天 9:22 看到了。"
    undated = cared_of(alerted(state=State.ACKNOWLEDGED, acknowledged_by="女儿"), NOW)
    assert "女儿" in undated.sentence


def test_who_was_told_stands_under_an_alert_that_nobody_has_in_hand() -> None:
    mother = samples.three().people[0]
    assert mother.told == "王小样已经收到提醒"
    one = alerted()
    (alert,) = one.alerts
    silent = Telling(shares=True, sent=True, calls=False)
    assert cared_of(one, NOW).told == ""
    assert cared_of(replace(one, telling={alert.id: silent}), NOW).told == ""
    failing = replace(silent, calls=True, sent=False, failing=True)
    assert cared_of(replace(one, telling={alert.id: failing}), NOW).told.startswith("未能通知家人")
    seen = replace(alert, state=State.ACKNOWLEDGED)
    assert cared_of(replace(one, alerts=(seen,), telling={alert.id: failing}), NOW).told == ""


def test_the_order_of_being_told_names_who_agreed_and_who_did_not() -> None:
    view = samples.order()
    assert [(place.name, place.words) for place in view.places] == [
        ("王小样", "最先通知"),
        ("王示例", "本人还没有同意接收提醒"),
    ]
    assert view.moved_up(samples.OTHERS) == [samples.OTHERS, samples.ME]
    assert (len(view.clinics), view.clinic) == (2, "a")
    rows = [CarerRow(account_id=samples.ME, agreed=True)] * 2
    both = [rows[0], rows[1].model_copy(update={"account_id": samples.OTHERS})]
    named = order_of(CarerRows(carers=both), (), (samples.given(1, PERSON, "son", "王强"),))
    assert [(p.name, p.words) for p in named.places] == [
        ("儿子 王强", "最先通知"),
        ("", "接着通知"),
    ]


def test_what_still_waits_is_told_apart() -> None:
    assert view_of((), (), 0, NOW).waiting == ""
    assert view_of((), (), 0, NOW, 1).waiting == "有 1 份监护证明还没有交，或者还在审核。"
    assert view_of((), (), 1, NOW, 1).waiting.startswith("有 1 个请求在等家人同意。 有 1 份")


def test_the_alert_nobody_has_seen_counts_before_the_graver_one_in_hand() -> None:
    reading = pressure(187, 112)
    grave = replace(
        samples.alert(PERSON, reading, Level.L4), state=State.ACKNOWLEDGED, acknowledged_by="女儿"
    )
    fresh = replace(samples.alert(PERSON, reading, Level.L2), id=UUID(int=99))
    both = kin(reading, alerts=(grave, fresh), about={reading.id: reading})
    assert cared_of(both, NOW).alert == fresh.id


def test_without_a_reading_or_with_sharing_off_it_says_so() -> None:
    new = cared_of(kin(), NOW)
    assert (new.rank, new.sentence, new.reading) == (Rank.WAITING, "还没有量过。", "")
    stopped = kin(pressure(128, 82))
    paused = cared_of(
        replace(stopped, stream=replace(stopped.stream, paused="consent_withdrawn")), NOW
    )
    assert (paused.chip, paused.may_record) == ("已暂停", False)


def test_any_kind_out_of_target_counts_before_a_newer_one_that_is_fine() -> None:
    sugar = Reading(UUID(int=5), PERSON.id, Kind.GLUCOSE, NOW - 60_000, Unit.MMOL_L, Decimal("6.1"))
    one = cared_of(kin(pressure(151, 93), sugar), NOW)
    assert (one.rank, one.status, one.chip) == (Rank.OUT, "high", "偏高")
    assert "mmol/L" in one.reading


@pytest.mark.parametrize(
    ("sex", "relation", "expected"),
    [
        (Sex.FEMALE, "daughter", "妈妈"),
        (Sex.MALE, "son", "爸爸"),
        (Sex.UNKNOWN, "son", "王奶奶"),
        (Sex.FEMALE, "neighbour", "王奶奶"),
    ],
)
def test_a_child_says_mum_and_dad(sex: Sex, relation: str, expected: str) -> None:
    assert called("王奶奶", sex, relation) == expected
    gone = Parting(PERSON.id, "王奶奶", sex, relation, "grant_revoked", NOW)
    assert why_gone(gone) == f"{expected}收回了查看权限，{expected}的记录已经从这台电脑上清除。"


def test_leave_that_ran_out_is_told_apart() -> None:
    over = Parting(PERSON.id, "王奶奶", Sex.FEMALE, "daughter", "mandate_over", NOW)
    assert "期限到了" in why_gone(over)
    assert "收回" in why_gone(replace(over, code="anything"))
    assert view_of((), (over,), 0, NOW).gone[0].id == PERSON.id


def test_somebody_without_a_mandate_that_is_known_is_called_by_name() -> None:
    assert cared_of(kin(pressure(128, 82), mandate=None), NOW).name == "王奶奶"


def test_whom_to_ring_leaves_out_oneself() -> None:
    view = samples.ring()
    assert (view.name, view.phone) == ("妈妈", "138 0000 0000")
    assert view.others == (("儿子 王强", "139 0000 0000"),)
    assert view.alert is not None
    assert view.why == "血压很高：187/112"
    unknown = samples.ring_unknown()
    assert (unknown.phone, unknown.others, unknown.alert, unknown.why) == ("", (), None, "")
    bare = kin(pressure(128, 82), mandate=None)
    line: Cared = cared_of(bare, NOW)
    assert call_of(bare, line).mandate is None
    assert len(call_of(bare, line).others) == 2


# The elder's side


def test_who_asks_stands_before_who_has_leave() -> None:
    view = samples.trusted()
    (asking,) = view.asking
    assert asking.question == "儿子 王强想看您的记录"
    assert asking.what.endswith("；到2027年10月23日为止")
    daughter, worker = view.holding
    assert (daughter.name, daughter.chip, daughter.ending) == ("女儿 王芳", "", False)
    assert daughter.how == "您在自己的屏幕上同意的，2026年10月23日"
    assert (worker.chip, worker.ending) == ("已收回，联网后生效", True)
    assert worker.what == "可以看；到2027年10月23日为止"


def given(**more: object) -> Given:
    return samples.given(101, PERSON, "daughter", "王芳", **more)


def test_what_is_over_is_not_on_the_page() -> None:
    over = (
        given(revoked_at=NOW),
        given(until_at=NOW),
        given(state="declined"),
    )
    assert trusted_of(over, 480, NOW).holding == ()


def test_a_guardian_is_explained_and_waits_for_the_document() -> None:
    view = trusted_of((given(state="asked", role="guardian"),), 480, NOW)
    assert "平台核对" in view.asking[0].guardian
    held = trusted_of((given(state="review", role="guardian", how="new_way"),), 480, NOW)
    assert (held.holding[0].chip, held.holding[0].status) == ("材料核对中", "info")


def test_each_look_is_one_sentence_with_a_name() -> None:
    assert samples.looked().lines[0] == "女儿 王芳 今天 9:12 看了您的档案"
    strangers = [
        AuditRow(
            n=1, at=NOW, actor=UUID(int=9), who="139****0000", act="looked", previous="", hash=""
        ),
        AuditRow(n=2, at=NOW, actor=None, act="looked", previous="", hash=""),
    ]
    first, second = looks_of(strangers, (), 480, NOW).lines
    assert first.startswith("139****0000 今天")
    assert second.startswith("有人 今天")
    assert LooksView().lines == ()


def test_a_wish_never_gives_more_than_was_ticked() -> None:
    assert Wish("daughter", Role.VIEWER).given() == (Scope.VIEW,)
    assert set(Wish("daughter", scopes=frozenset()).given()) == {Scope.VIEW}
    consult = Wish("daughter", scopes=frozenset({Scope.CONSULT})).given()
    assert set(consult) == {Scope.VIEW, Scope.CONSULT, Scope.BOOK}
    assert set(Wish("son", Role.GUARDIAN).given()) == set(Scope)


def test_the_consent_says_who_what_how_long_and_how_it_ends() -> None:
    text = "".join(consent_text(Wish("daughter", Role.VIEWER, 30), 480, NOW))
    assert "您的女儿能通过网络看到" in text
    assert "还可以" not in text
    assert "到2026年12月22日为止" in text
    assert "一按就能收回" in text
    assert "还可以：帮我记读数" in "".join(consent_text(Wish("daughter"), 480, NOW))
    assert "监护人" in "".join(consent_text(Wish("son", Role.GUARDIAN), 480, NOW))


def test_a_code_is_shown_in_groups() -> None:
    assert code_groups("k7m2p-9qrtw") == ("K7M2P", "9QRTW")


def test_the_codes_page_shows_only_what_came_after_it() -> None:
    asked, active = given(state="asked"), given()
    assert code_view((asked,), frozenset({asked.id}), 480, NOW) == CodeView()
    assert code_view((asked,), frozenset(), 480, NOW).asking[0].id == asked.id
    assert code_view((active,), frozenset(), 480, NOW).done == "女儿 王芳现在能看您的记录了"
    checked = code_view((given(state="review"),), frozenset(), 480, NOW).done
    assert "材料核对过就开始" in checked


def test_words_nobody_here_knows_are_shown_as_they_came() -> None:
    assert relation_of("godmother") == "godmother"
    assert who(replace(given(), name="", relation="")) == "138****0000"
    assert allowed("carer", ("view",)) == "可以看"
