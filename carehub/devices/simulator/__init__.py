"""Pretend meters on a Bluetooth stack in memory, for tests, the demo and training.

`Air` joins them with a pretend radio; everything read through that radio is marked as simulated.
Importing this package loads Bumble, so only what pretends may import it.
"""

from carehub.devices.simulator.air import Air
from carehub.devices.simulator.cuff import PretendCuff
from carehub.devices.simulator.encoding import Glucose, Pressure
from carehub.devices.simulator.glucose import PretendGlucoseMeter
from carehub.devices.simulator.traits import NO_FAULTS, PLAIN, Faults, Features

__all__ = [
    "NO_FAULTS",
    "PLAIN",
    "Air",
    "Faults",
    "Features",
    "Glucose",
    "Pressure",
    "PretendCuff",
    "PretendGlucoseMeter",
]
