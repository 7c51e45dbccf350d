"""Where a measurement belongs in time: the meter's clock is data, not truth."""

from datetime import UTC, datetime, timedelta

from carehub.care.meters import Measurement
from carehub.care.readings import TimeQuality

SKEW_LIMIT = 10 * 60_000
"""Milliseconds a meter's clock may run ahead of ours before it is not believed (engine rule 8)."""


def placed(measurement: Measurement, zone_offset: int, *, newest: bool) -> tuple[int, TimeQuality]:
    """Return when the measurement was taken (UTC ms) and how far that can be trusted.

    `zone_offset` is minutes east of UTC where the meter stands; `newest` tells that nothing the meter
    sent with it is later. The newest one with a wrong or missing clock is taken as just measured and
    marked as skewed; an older one keeps what its clock says, and raises nothing where that is unset.
    Where it is known how far the clock was off, the time is corrected by that and marked as skewed.
    """
    arrived = measurement.received_at
    told = utc_of(measurement.device_time, zone_offset)
    if (
        measurement.time_quality is TimeQuality.OK
        and told is not None
        and told <= arrived + SKEW_LIMIT
    ):
        return told, TimeQuality.OK
    if told is not None and measurement.clock_ahead is not None:
        return min(told - measurement.clock_ahead, arrived), TimeQuality.SKEWED
    if newest:
        clockless = measurement.time_quality is TimeQuality.NONE
        return arrived, TimeQuality.NONE if clockless else TimeQuality.SKEWED
    if measurement.time_quality is TimeQuality.SKEWED and told is not None and told <= arrived:
        return told, TimeQuality.SKEWED
    return arrived, TimeQuality.UNSET


def utc_of(civil: str, zone_offset: int) -> int | None:
    """Return UTC milliseconds of a civil time without zone, or None where there is none."""
    if not civil:
        return None
    local = datetime.fromisoformat(civil).replace(tzinfo=UTC)
    return int((local - timedelta(minutes=zone_offset)).timestamp() * 1000)
