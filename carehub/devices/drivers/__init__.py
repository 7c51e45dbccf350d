"""Meter drivers, one family per file, in the order in which they may claim a meter."""

from inspect import cleandoc
from types import ModuleType

from carehub.devices.drivers import (
    a_and_d,
    accu_chek,
    beurer,
    blood_pressure,
    caresens,
    contour,
    glucose,
    omron,
    taidoc,
)
from carehub.devices.drivers.a_and_d import A_AND_D
from carehub.devices.drivers.accu_chek import ACCU_CHEK
from carehub.devices.drivers.beurer import BEURER
from carehub.devices.drivers.blood_pressure import BLOOD_PRESSURE
from carehub.devices.drivers.caresens import CARESENS
from carehub.devices.drivers.contour import CONTOUR
from carehub.devices.drivers.glucose import GLUCOSE
from carehub.devices.drivers.omron import OMRON
from carehub.devices.drivers.taidoc import TAIDOC
from carehub.devices.meters import Driver

# A family stands before the standard service it speaks; each module's docstring is its help.
_FAMILIES: tuple[tuple[Driver, ModuleType], ...] = (
    (A_AND_D, a_and_d),
    (OMRON, omron),
    (BEURER, beurer),
    (BLOOD_PRESSURE, blood_pressure),
    (ACCU_CHEK, accu_chek),
    (CONTOUR, contour),
    (TAIDOC, taidoc),
    (CARESENS, caresens),
    (GLUCOSE, glucose),
)
BUILT_IN: tuple[Driver, ...] = tuple(driver for driver, _module in _FAMILIES)


def help_of(name: str) -> str:
    """Return what a built-in driver says of its meters; raises KeyError for another name."""
    homes = {driver.name: module for driver, module in _FAMILIES}
    return cleandoc(homes[name].__doc__ or "")


__all__ = [
    "ACCU_CHEK",
    "A_AND_D",
    "BEURER",
    "BLOOD_PRESSURE",
    "BUILT_IN",
    "CARESENS",
    "CONTOUR",
    "GLUCOSE",
    "OMRON",
    "TAIDOC",
    "help_of",
]
