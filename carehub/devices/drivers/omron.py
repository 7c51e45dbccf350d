"""Omron cuffs in their standard mode (EVOLV, BP5250, BP7000, BP5150, X4 Smart and others).

Pair once: hold the cuff's Bluetooth button until "P" flashes, then let CareHub find it. An Omron cuff
keeps one bond only: a cuff paired with a telephone must be paired anew here, and then again there.
After that, measure, and press the Bluetooth button if the cuff does not send by itself.

The name begins with BLEsmart_ while pairing and BLESmart_ while sending. The cuff expects to be told
the time as soon as it is linked, before it sends. Some (X4 Smart) forget what they have sent. The
private record access of these cuffs is not used. Most cuffs named HEM-…T speak only Omron's own
protocol over its memory, whose writing endangers the calibration; those are not read at all.

Source: StanfordSpezi/SpeziDevices, OmronReverseEngineering.md, OmronLocalName.swift and
OmronBloodPressureCuff.swift; derdilla/blood-pressure-monitor-fl, docs/bluetooth.md.
Verified: profile-conformant, simulated; unverified on hardware.
"""

from dataclasses import replace

from carehub.devices.drivers.blood_pressure import POLICY, BloodPressureDriver
from carehub.devices.meters import CURRENT_TIME, Bond

OMRON = BloodPressureDriver(
    name="omron",
    policy=replace(POLICY, clock=replace(CURRENT_TIME, first=True), bond=Bond.AT_ONCE),
    names=("blesmart_",),
)
