"""Where a measurement belongs in time when the meter's clock was wrong."""

from dataclasses import replace
from decimal import Decimal

import pytest

from carehub.care.meters import Measurement
from carehub.care.placing import placed
from carehub.care.readings import Kind, TimeQuality, Unit

NOON = 1_767_240_000_000  # 2026-01-01 12:00 at UTC+8
HOUR = 3_600_000
FOUND = Measurement(
    meter_id="M1",
    record_key="k",
    kind=Kind.BLOOD_PRESSURE,
    unit=Unit.MMHG,
    received_at=NOON,
    v1=Decimal(142),
    device_time="2026-01-01T07:00:00",
    time_quality=TimeQuality.SKEWED,
    clock_ahead=-3 * HOUR,
)


@pytest.mark.parametrize("newest", [True, False])
def test_a_reading_of_a_wrong_clock_is_corrected_by_the_offset_and_marked(newest: bool) -> None:
    assert placed(FOUND, 480, newest=newest) == (NOON - 2 * HOUR, TimeQuality.SKEWED)


def test_a_correction_never_leads_past_the_receipt() -> None:
    ahead = replace(FOUND, device_time="2026-01-01T09:01:00")
    assert placed(ahead, 480, newest=False) == (NOON, TimeQuality.SKEWED)


def test_without_a_known_offset_nothing_is_corrected() -> None:
    unknown = replace(FOUND, clock_ahead=None)
    assert placed(unknown, 480, newest=True) == (NOON, TimeQuality.SKEWED)
    assert placed(unknown, 480, newest=False) == (NOON - 5 * HOUR, TimeQuality.SKEWED)
