"""What a meter's clock says, what it is worth, and how far its records are off."""

from datetime import datetime, timedelta
from uuid import UUID, uuid5

import pytest

from carehub.care.meters import Frame
from carehub.care.readings import TimeQuality
from carehub.devices.drivers import A_AND_D, BLOOD_PRESSURE, GLUCOSE
from carehub.devices.drivers.clocks import Ahead, correction, quality, told

NOON = 1_767_240_000_000  # 2026-01-01 12:00 at UTC+8
TRANSFER = UUID(int=10)
HOUR = 3_600_000
ARRIVED = datetime(2026, 1, 1, 12)  # noqa: DTZ001 - civil time, as a meter's clock shows it


def frame(hexes: str, characteristic: str) -> Frame:
    return Frame(
        id=uuid5(TRANSFER, characteristic + hexes),
        meter_id="M1",
        driver="any",
        characteristic=characteristic,
        data=bytes.fromhex(hexes),
        received_at=NOON,
        transfer_id=TRANSFER,
    )


AT_NINE = frame("EA070101 090000 04 00 00", "2A2B")
AT_NOON = frame("EA070101 0C0001 04 00 00", "2A2B")


def test_a_clock_says_how_far_it_is_ahead() -> None:
    assert told([], 480) == Ahead()
    assert told([AT_NINE], 480) == Ahead(-3 * HOUR)
    assert told([AT_NINE, AT_NOON], 480) == Ahead(-3 * HOUR, 1000)
    assert told([frame("EA070101 0C0000", "2A08")], 480) == Ahead(0)


@pytest.mark.parametrize("nothing", ["00000000 000000 00 00 00", "EA070D01 0C0000 00 00 00", "00"])
def test_a_clock_that_shows_no_time_says_nothing(nothing: str) -> None:
    assert told([frame(nothing, "2A2B")], 480) == Ahead()


def test_an_old_record_of_a_slow_clock_is_corrected() -> None:
    record = frame("02 8E00 5800 6A00 EA070101 070000", "2A35")  # the clock showed 7, it was 10
    (found,) = BLOOD_PRESSURE.decode([AT_NINE, record]).measurements
    assert (found.time_quality, found.clock_ahead) == (TimeQuality.SKEWED, -3 * HOUR)
    assert found.device_time == "2026-01-01T07:00:00"


def test_a_record_made_after_the_clock_was_set_needs_no_correction() -> None:
    record = frame("02 8E00 5800 6A00 EA070101 0C0000", "2A35")
    (found,) = BLOOD_PRESSURE.decode([AT_NINE, AT_NOON, record]).measurements
    assert (found.time_quality, found.clock_ahead) == (TimeQuality.OK, None)


def test_the_clock_of_an_a_and_d_is_a_date_time() -> None:
    record = frame("02 8E00 5800 6A00 EA070101 070000", "2A35")
    decoded = A_AND_D.decode([frame("EA070101 090000", "2A08"), record])
    assert decoded.clock_offset == -3 * HOUR
    assert decoded.measurements[0].clock_ahead == -3 * HOUR


def test_a_glucose_record_is_corrected_too() -> None:
    record = frame("06 0500 EA070101 070000 38C0 11", "2A18")
    (found,) = GLUCOSE.decode([AT_NINE, record]).measurements
    assert (found.time_quality, found.clock_ahead) == (TimeQuality.SKEWED, -3 * HOUR)


def test_a_clock_that_began_anew_in_2000_is_corrected_where_that_is_possible() -> None:
    ahead = Ahead(int((datetime(2000, 1, 2) - ARRIVED) / timedelta(milliseconds=1)))  # noqa: DTZ001
    yesterday = datetime(2000, 1, 1)  # noqa: DTZ001 - civil time
    assert quality(yesterday, ARRIVED, ahead=ahead, live=False) is TimeQuality.SKEWED
    assert correction(yesterday, ARRIVED, ahead) == ahead.found
    before = ARRIVED - timedelta(days=3)  # made before the battery was changed
    assert correction(before, ARRIVED, ahead) is None
    assert quality(before, ARRIVED, ahead=ahead, live=False) is TimeQuality.SKEWED
    later = datetime(2000, 1, 3)  # noqa: DTZ001 - civil time
    assert quality(later, ARRIVED, ahead=ahead, live=False) is TimeQuality.UNSET


def test_nothing_is_corrected_by_a_clock_that_is_right_or_says_nothing() -> None:
    for ahead in (Ahead(), Ahead(60_000)):
        assert correction(ARRIVED, ARRIVED, ahead) is None
    assert correction(None, ARRIVED, Ahead(-3 * HOUR)) is None
    assert not Ahead(0, None).was_set
    assert not Ahead(-3 * HOUR, -3 * HOUR).was_set
