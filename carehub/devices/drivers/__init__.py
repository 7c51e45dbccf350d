"""Meter drivers, one family per file, in the order in which they may claim a meter."""

from carehub.devices.drivers.blood_pressure import BLOOD_PRESSURE
from carehub.devices.drivers.glucose import GLUCOSE
from carehub.devices.meters import Driver

BUILT_IN: tuple[Driver, ...] = (BLOOD_PRESSURE, GLUCOSE)

__all__ = ["BLOOD_PRESSURE", "BUILT_IN", "GLUCOSE"]
