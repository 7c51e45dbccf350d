"""The plain values of care: people, consents, meters, placing in time, the guided protocol."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from carehub import paths
from carehub.care.alerts.sums import Tallies
from carehub.care.believable import hba1c_limits
from carehub.care.changes import Changes
from carehub.care.consent import Consent, Purpose, refused, standing
from carehub.care.meters import Meter
from carehub.care.people import ConditionCode, MedicineClass
from carehub.care.placing import placed
from carehub.care.protocol import Protocol, Stage, needs_another, next_step
from carehub.care.readings import Flag, Kind, TimeQuality, Unit, in_force
from carehub.care.series import Series
from tests.helpers.builders import (
    MINUTE,
    PERSON,
    at,
    bp,
    glucose,
    make_measurement,
    make_person,
    make_plan,
    make_profile,
    uid,
)
from tests.helpers.shown import shown

NOW = at("2026-01-05 07:30")


def test_people() -> None:
    person = make_person()
    assert person.greeting_name == "王奶奶"
    assert replace(person, called="").greeting_name == "王示例"
    assert (person.age_on(date(2026, 3, 7)), person.age_on(date(2026, 3, 8))) == (71, 72)
    assert make_person(born=None).age_on(date(2026, 1, 1)) is None
    assert "王" not in repr(person)
    profile = make_profile(ConditionCode.DIABETES_TYPE_1, medicines=[MedicineClass.GLINIDE])
    assert profile.diabetic
    assert profile.lowers_glucose
    stopped = tuple(replace(m, stopped=True) for m in profile.medicines)
    assert not replace(profile, medicines=stopped).lowers_glucose


def test_readings_name_their_values_by_kind_and_hide_them() -> None:
    reading = bp(128, 82)
    assert (reading.systolic, reading.diastolic, reading.pulse) == (128, 82, 70)
    sugar = glucose("6.1")
    assert (sugar.systolic, sugar.diastolic, sugar.pulse) == (None, None, None)
    assert "128" not in shown(reading)
    assert Series.of([reading]).person_id == PERSON


def test_a_void_and_a_corrected_reading_are_out_of_force() -> None:
    first = bp(128, 82)
    second = replace(first, id=uid("second"), replaces=first.id)
    assert in_force([first, second]) == [second]
    assert in_force([first, replace(second, voided=True)]) == []


def test_changes_join() -> None:
    assert Changes.READINGS in Changes.READINGS | Changes.ALERTS


def test_a_meters_slots_have_owners() -> None:
    meter = Meter("1", "Cuff", "blood_pressure", "", Kind.BLOOD_PRESSURE, slots=((1, PERSON),))
    assert (meter.owner(1), meter.owner(2)) == (PERSON, None)


def test_the_newest_consent_stands() -> None:
    given = Consent(uid(1), PERSON, Purpose.ARCHIVE, "1", 100)
    gone = replace(given, id=uid(2), withdrawn_at=200)
    assert standing([gone, given]) == {Purpose.ARCHIVE: gone}
    assert refused([gone, given], Purpose.ARCHIVE)
    assert not refused([given], Purpose.ARCHIVE)
    assert refused([given], Purpose.PLATFORM_SYNC)
    assert not refused([], Purpose.ARCHIVE)


@pytest.mark.parametrize(
    ("device_time", "quality", "newest", "expected"),
    [
        ("2026-01-05T07:00:00", TimeQuality.OK, False, (-30 * MINUTE, TimeQuality.OK)),
        ("2026-01-05T07:41:00", TimeQuality.OK, True, (0, TimeQuality.SKEWED)),
        ("2026-01-05T07:41:00", TimeQuality.OK, False, (0, TimeQuality.UNSET)),
        ("2026-01-05T07:00:00", TimeQuality.SKEWED, False, (-30 * MINUTE, TimeQuality.SKEWED)),
        ("", TimeQuality.NONE, True, (0, TimeQuality.NONE)),
        ("", TimeQuality.UNSET, True, (0, TimeQuality.SKEWED)),
        ("", TimeQuality.UNSET, False, (0, TimeQuality.UNSET)),
    ],
)
def test_where_a_measurement_belongs_in_time(
    device_time: str, quality: TimeQuality, newest: bool, expected: tuple[int, TimeQuality]
) -> None:
    measured = make_measurement(when=NOW, device_time=device_time, time_quality=quality)
    offset, told = expected
    assert placed(measured, 480, newest=newest) == (NOW + offset, told)


def protocol() -> Protocol:
    file = paths.resources() / "rules" / "protocol.toml"
    return Protocol.from_toml(file.read_text(encoding="utf-8"))


def test_the_guided_protocol() -> None:
    steps = protocol()
    assert next_step(steps, None, [], NOW).stage is Stage.SETTLE
    rest = next_step(steps, NOW, [], NOW)
    assert (rest.stage, rest.until, rest.number) == (Stage.REST, NOW + 5 * MINUTE, 1)
    assert next_step(steps, NOW, [], NOW + 5 * MINUTE).stage is Stage.MEASURE
    first = bp(128, 82, NOW + 6 * MINUTE)
    wait = next_step(steps, NOW, [first], NOW + 6 * MINUTE)
    assert (wait.stage, wait.until, wait.number) == (Stage.WAIT, NOW + 7 * MINUTE, 2)
    near, far = bp(130, 84, NOW + 8 * MINUTE), bp(139, 84, NOW + 8 * MINUTE)
    assert next_step(steps, NOW, [first, near], NOW + 9 * MINUTE).stage is Stage.DONE
    assert next_step(steps, NOW, [first, far], NOW + 9 * MINUTE).number == 3
    assert next_step(steps, NOW, [first, far, near], NOW + 9 * MINUTE).stage is Stage.DONE


def test_a_third_reading_is_due_by_difference_or_irregular_pulse() -> None:
    steps = protocol()
    assert not needs_another(steps, [bp(128, 82), bp(138, 92)])
    assert needs_another(steps, [bp(128, 82), bp(128, 93)])
    assert needs_another(steps, [bp(128, 82), bp("18.6", "10.9", unit=Unit.KPA)])
    assert needs_another(steps, [bp(128, 82, flags=[Flag.IRREGULAR_PULSE]), bp(128, 82)])
    blank = replace(bp(128, 82), v1=None, v2=None)
    assert not needs_another(steps, [blank, bp(128, 82)])


def test_an_empty_window_has_no_mean() -> None:
    empty = Tallies().between(0, 10)
    assert (empty.sittings, empty.days) == (0, 0)
    with pytest.raises(ZeroDivisionError):
        empty.mean("systolic")
    assert Decimal(0) == empty.sums.systolic


def test_an_hba1c_can_only_lie_between_the_rules_limits():
    low, high = hba1c_limits(make_plan().rulebook)
    assert 0 < low < high < 30
