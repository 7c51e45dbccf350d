"""A&D cuffs with Bluetooth (UA-651BLE, UA-656BLE, UA-1200BLE and others named A&D_…).

Pair once: hold the cuff's START button until "Pr" shows, then let CareHub find it. After that, measure
as usual: the cuff sends by itself when it is done. If it shows E10, the last transfer was cut short;
measure again.

The cuff wants to be told the time (Date Time, 2A08, inside its Blood Pressure Service) before it is
asked for values, and needs a moment before and after; handled otherwise it switches off.

Source: andengineering/AndroidSampleCode, BleReceivedService.java and issue 1; weliem/blessed-bluez
issue 26.
Verified: profile-conformant, simulated; unverified on hardware.
"""

from dataclasses import replace

from carehub.devices.drivers.blood_pressure import POLICY, SERVICE, BloodPressureDriver
from carehub.devices.meters import ClockPlace

A_AND_D = BloodPressureDriver(
    name="a_and_d",
    policy=replace(POLICY, clock=ClockPlace(SERVICE, "2A08", first=True), pause=0.1),
    names=("a&d_", "a&d ua-", "ua-651ble", "ua-656ble"),
)
