"""Pretend meters on a Bluetooth stack in memory, for tests, the demo and training.

`Air` joins them with a pretend radio; everything read through that radio is marked as simulated.
Importing this package loads Bumble, so only what pretends may import it.
"""

from carehub.devices.simulator.air import Air
from carehub.devices.simulator.cuff import PretendCuff
from carehub.devices.simulator.encoding import Glucose, Pressure
from carehub.devices.simulator.faults import NO_FAULTS, Faults
from carehub.devices.simulator.glucose import PretendGlucoseMeter

__all__ = [
    "NO_FAULTS",
    "Air",
    "Faults",
    "Glucose",
    "Pressure",
    "PretendCuff",
    "PretendGlucoseMeter",
]
