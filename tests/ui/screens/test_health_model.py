"""What ticks, forms and lists of the health archive say and change, without any window."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest

from carehub import i18n
from carehub.care.people import (
    Allergy,
    Condition,
    ConditionCode,
    EmergencyContact,
    HistoryKind,
    HistoryLine,
    Medicine,
    MedicineClass,
    Profile,
    Target,
)
from carehub.care.plans import GlucosePlan, HealthGroup
from carehub.ui.screens.health import forms, glucose_plan, model, picks
from carehub.ui.screens.health.picks import NONE, UNKNOWN, Change, Entry, Topic
from carehub.ui.screens.sample import PERSON, PROFILE
from carehub.workflows.rulebook import rulebook

NEW = UUID(int=99)
BARE = Profile(PERSON)
STEPS = (Topic.CONDITIONS, Topic.ALLERGIES, Topic.MEDICINES)


def carried_out(profile: Profile, change: Change) -> Profile:
    """Return the profile as the archive would hold it after a change."""
    gone = {entry.id for entry in change.gone} | {entry.id for entry in change.kept}

    def kept(old: tuple[Entry, ...], kind: type) -> tuple[Entry, ...]:
        rest = tuple(each for each in old if each.id not in gone)
        return rest + tuple(each for each in change.kept if isinstance(each, kind))

    return replace(
        profile,
        conditions=kept(profile.conditions, Condition),
        allergies=kept(profile.allergies, Allergy),
        medicines=kept(profile.medicines, Medicine),
        history=kept(profile.history, HistoryLine),
        contacts=kept(profile.contacts, EmergencyContact),
    )


@pytest.mark.parametrize("topic", STEPS)
def test_each_tick_goes_on_and_off_again(topic: Topic) -> None:
    for key in picks.offered(topic):
        on = carried_out(BARE, picks.tick(BARE, topic, key, on=True))
        assert [o.key for o in picks.view_of(on, topic).options if o.on] == [key]
        assert picks.tick(on, topic, key, on=True) == Change()
        off = carried_out(on, picks.tick(on, topic, key, on=False))
        assert not picks.view_of(off, topic).any
    assert picks.tick(BARE, topic, next(iter(picks.offered(topic))), on=False) == Change()


@pytest.mark.parametrize("topic", STEPS)
@pytest.mark.parametrize("word", [NONE, UNKNOWN])
def test_saying_none_is_an_answer_until_something_is_added(topic: Topic, word: str) -> None:
    assert not picks.view_of(BARE, topic).answered
    said = carried_out(BARE, picks.state(BARE, topic, word))
    view = picks.view_of(said, topic)
    assert (view.said, view.answered, view.any) == (word, True, False)
    assert picks.lines(said, Topic.HISTORY) == ()
    added = carried_out(said, picks.add(said, topic, " 别的 ", NEW))
    view = picks.view_of(added, topic)
    assert view.said == ""
    assert [other.words for other in view.others] == ["别的"]
    assert picks.add(said, topic, "  ", NEW) == Change()


def test_a_named_medicine_is_never_lost_by_unticking_its_class() -> None:
    key = MedicineClass.ANTIHYPERTENSIVE.value
    view = picks.view_of(PROFILE, Topic.MEDICINES)
    assert not any(option.on for option in view.options)
    assert {other.words for other in view.others} == {"氨氯地平", "二甲双胍"}
    assert picks.tick(PROFILE, Topic.MEDICINES, key, on=False) == Change()


def test_removing_and_bringing_back() -> None:
    line = PROFILE.allergies[0]
    change = picks.remove(PROFILE, line.id)
    assert change == Change(gone=(line,))
    assert change.back() == Change(kept=(line,))


def test_calling_later_swaps_with_the_next_and_the_last_stays_last() -> None:
    first, second = PROFILE.contacts
    swapped = picks.call_later(PROFILE, first.id)
    assert [(c.name, c.order) for c in swapped.kept if isinstance(c, EmergencyContact)] == [
        (second.name, 1),
        (first.name, 2),
    ]
    stayed = picks.call_later(PROFILE, second.id)
    assert [c.id for c in stayed.kept] == [first.id, second.id]


def test_names_of_all_kinds_of_line() -> None:
    surgery = HistoryLine(NEW, PERSON.id, HistoryKind.SURGERY, "胆囊切除")
    own = Condition(NEW, PERSON.id, ConditionCode.OTHER, "骨质疏松")
    lines: list[Entry] = [PROFILE.conditions[0], own, PROFILE.allergies[0], surgery]
    names = [picks.name_of(line) for line in (*lines, PROFILE.contacts[0])]
    assert names == ["High blood pressure", "骨质疏松", "青霉素", "胆囊切除", "王芳"]


ENTRIES: list[tuple[Topic, Entry]] = [
    (Topic.CONDITIONS, PROFILE.conditions[0]),
    (Topic.CONDITIONS, Condition(UUID(int=5), PERSON.id, ConditionCode.OTHER, "骨质疏松")),
    (Topic.ALLERGIES, PROFILE.allergies[0]),
    (Topic.MEDICINES, replace(PROFILE.medicines[0], stopped=True)),
    (Topic.HISTORY, HistoryLine(UUID(int=6), PERSON.id, HistoryKind.FAMILY, "父亲中风", 1990)),
    (Topic.CONTACTS, PROFILE.contacts[0]),
]


@pytest.mark.parametrize(("topic", "entry"), ENTRIES)
def test_a_form_gives_back_the_line_it_was_filled_with(topic: Topic, entry: Entry) -> None:
    values = forms.values_of(entry)
    made = forms.entry_of(topic, values, old=entry, entry_id=entry.id, person_id=PERSON.id, order=7)
    assert made == entry
    assert forms.troubles(topic, values, 2026) == {}


def test_a_new_contact_comes_last_and_a_renamed_condition_loses_its_code() -> None:
    values = {"name": "李示例", "relation": "", "phone": "010-12345678"}
    made = forms.entry_of(
        Topic.CONTACTS, values, old=None, entry_id=NEW, person_id=PERSON.id, order=3
    )
    assert isinstance(made, EmergencyContact)
    assert (made.order, made.alerts) == (3, False)
    renamed = forms.entry_of(
        Topic.CONDITIONS,
        {"name": "痛风", "since": ""},
        old=PROFILE.conditions[0],
        entry_id=NEW,
        person_id=PERSON.id,
    )
    assert isinstance(renamed, Condition)
    assert (renamed.code, renamed.name) == (ConditionCode.OTHER, "痛风")


@pytest.mark.parametrize(
    ("topic", "values", "wrong"),
    [
        (Topic.ALLERGIES, {"substance": "  "}, {"substance"}),
        (Topic.CONDITIONS, {"name": "x", "since": "1850"}, {"since"}),
        (Topic.HISTORY, {"text": "x", "year": "20ab"}, {"year"}),
        (Topic.HISTORY, {"text": "x", "year": "2026"}, set()),
        (Topic.CONTACTS, {"name": "x", "phone": "call me"}, {"phone"}),
        (Topic.CONTACTS, {"name": "x", "phone": "+86 138 0000 0000"}, set()),
    ],
)
def test_what_is_wrong_is_said_at_its_field(
    topic: Topic, values: dict[str, str], wrong: set[str]
) -> None:
    assert set(forms.troubles(topic, values, 2026)) == wrong


def test_a_target_is_read_shown_and_said() -> None:
    texts = {"systolic": "140", "diastolic": "90", "fasting_low": "4.4", "fasting_high": "7.8"}
    typed = forms.target_of(texts)
    assert typed.target == Target(Decimal(140), Decimal(90), Decimal("4.4"), Decimal("7.8"))
    assert typed.target is not None
    shown = forms.target_texts(typed.target)
    assert {key: text for key, text in shown.items() if text} == texts
    assert forms.target_lines(typed.target) == [
        "Blood pressure below 140/90",
        "Fasting glucose 4.4 to 7.8",
    ]
    assert forms.target_lines(Target(other_high=Decimal(10))) == ["Other glucose … to 10"]


@pytest.mark.parametrize(
    ("texts", "words"),
    [
        ({"systolic": "400"}, "Upper: between 100 and 180"),
        ({"fasting_low": "."}, "From: between"),
        ({"systolic": "105", "diastolic": "110"}, "below the second"),
        ({"other_low": "9", "other_high": "7"}, "below the second"),
    ],
)
def test_a_target_that_cannot_be_is_refused(texts: dict[str, str], words: str) -> None:
    typed = forms.target_of(texts)
    assert typed.target is None
    assert words in typed.trouble


def test_half_a_pressure_target_is_not_said() -> None:
    assert forms.target_lines(Target(systolic=Decimal(140))) == []


def test_the_overview_shortens_and_leaves_out_what_is_stopped() -> None:
    many = tuple(
        Condition(UUID(int=n), PERSON.id, code)
        for n, code in enumerate(list(ConditionCode)[:5], 60)
    )
    stopped = replace(PROFILE.medicines[1], stopped=True)
    profile = replace(PROFILE, conditions=many, medicines=(PROFILE.medicines[0], stopped))
    cards = {card.key: card for card in model.view_of(profile, Target()).cards}
    assert cards["conditions"].lines == ("High blood pressure", "and 4 more")
    assert cards["medicines"].lines == ("氨氯地平 5 mg",)
    assert cards["contacts"].lines == ("女儿 王芳", "儿子 王强")
    assert (cards["target"].lines, cards["target"].empty) == (("Not set",), True)
    assert cards["history"].empty


def test_lists_say_what_stands_under_each_line() -> None:
    profile = replace(
        PROFILE,
        history=(HistoryLine(NEW, PERSON.id, HistoryKind.SURGERY, "胆囊切除", 2003),),
        medicines=(
            *PROFILE.medicines,
            Medicine(UUID(int=70), PERSON.id, "Insulin", medicine_class=MedicineClass.INSULIN),
            Medicine(UUID(int=71), PERSON.id, "旧药", stopped=True),
        ),
    )
    notes = {topic: [line.note for line in model.list_of(profile, topic).lines] for topic in Topic}
    assert notes[Topic.CONDITIONS] == ["since 2008", "since 2015"]
    assert notes[Topic.ALLERGIES] == ["起疹子"]
    assert notes[Topic.MEDICINES][0] == "For blood pressure ・ 5 mg ・ 每天早上 1 片"
    assert notes[Topic.MEDICINES][2:] == ["", "No longer used ・ Other"]
    assert notes[Topic.HISTORY] == ["Operation ・ in 2003"]
    assert notes[Topic.CONTACTS] == [
        "13800000000 ・ has agreed to be told",
        "13900000000 ・ is not told",
    ]


def test_an_empty_list_tells_never_asked_from_none_and_from_not_sure() -> None:
    words = [model.list_of(BARE, Topic.ALLERGIES).said]
    for word in (NONE, UNKNOWN):
        said = carried_out(BARE, picks.state(BARE, Topic.ALLERGIES, word))
        words.append(model.list_of(said, Topic.ALLERGIES).said)
    assert words == ["Nothing recorded yet", "None, as you said", "Not sure, as you said"]


def test_what_was_ticked_in_chinese_stays_on_record_in_english() -> None:
    i18n.set_language("zh_CN")
    ticked = carried_out(BARE, picks.tick(BARE, Topic.ALLERGIES, "penicillin", on=True))
    i18n.set_language("en")
    assert [other.words for other in picks.view_of(ticked, Topic.ALLERGIES).others] == ["青霉素"]


RULES = rulebook()
TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("plan", "lines"),
    [
        (GlucosePlan(), []),
        (GlucosePlan(Decimal("6.80"), date(2026, 9, 21)), ["HbA1c 6.8 %, 21 September 2026"]),
        (GlucosePlan(None, date(2026, 9, 21)), ["HbA1c, 21 September 2026"]),
        (GlucosePlan(every=1), ["Measure glucose every day"]),
        (GlucosePlan(every=3, ketone_strips=True), ["Measure glucose every 3 days"]),
        (GlucosePlan(health_group=HealthGroup.POOR), ["Set"]),
        (GlucosePlan(ketone_strips=True), ["Set"]),
    ],
)
def test_a_glucose_plan_in_words(plan: GlucosePlan, lines: list[str]) -> None:
    assert glucose_plan.plan_lines(plan) == lines


def test_the_next_hba1c_is_named() -> None:
    def next_of(on: date) -> str:
        return glucose_plan.view_of(GlucosePlan(hba1c_on=on), RULES, TODAY).next

    assert next_of(date(2026, 8, 24)) == "The next test is due on 22 November"
    assert next_of(date(2026, 8, 23)) == "It was due on 21 November"
    assert next_of(date(2026, 10, 21)) == "The next test is due on 19 January 2027"
    view = glucose_plan.view_of(GlucosePlan(hba1c_on=date(2026, 8, 24)), RULES, TODAY)
    assert (view.result, view.tested) == ("No value", "Tested on 24 August 2026")
    assert glucose_plan.view_of(GlucosePlan(), RULES, TODAY).next == ""


@pytest.mark.parametrize(
    ("text", "on", "said"),
    [
        ("2.9", TODAY, "between 3.0 and 20.0"),
        ("20.1", TODAY, "between"),
        (".", TODAY, "between"),
        ("6.8", None, "day of the test"),
        ("", None, "day of the test"),
        ("6.8", date(2026, 11, 23), "still to come"),
        ("6.8", TODAY, ""),
        ("", TODAY, ""),
    ],
)
def test_an_hba1c_that_cannot_be_is_not_taken(text: str, on: date | None, said: str) -> None:
    typed = glucose_plan.typed_of(text, on, RULES, TODAY)
    assert said in typed.trouble
    assert bool(typed.trouble) is bool(said)
    if not said:
        assert typed == glucose_plan.Typed(Decimal(text) if text else None, on)


def test_every_choice_of_the_plan_means_something() -> None:
    assert [glucose_plan.every_of(key) for key in glucose_plan.EVERY] == [None, 1, 2, 3, 7]
    groups = [glucose_plan.group_of(key) for key in glucose_plan.GROUPS]
    assert groups == [None, *HealthGroup]


def test_the_plan_stands_on_the_overview_of_whom_it_concerns() -> None:
    well = Profile(PERSON)
    assert "glucose" not in {card.key for card in model.view_of(well, Target()).cards}
    planned = model.view_of(well, Target(), GlucosePlan(every=1)).cards
    assert {card.key: card.lines for card in planned}["glucose"] == ("Measure glucose every day",)
    bare = {card.key: card for card in model.view_of(PROFILE, Target()).cards}["glucose"]
    assert (bare.lines, bare.empty) == (("Not set",), True)
