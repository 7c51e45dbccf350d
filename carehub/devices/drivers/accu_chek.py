"""Accu-Chek glucose meters (Guide, Guide Me, Instant, Aviva Connect; named meter+ and a number).

Pair once: choose "Wireless, pairing" in the meter's menu and type the six digits from the back of the
meter, or from its display, when this computer asks. After that, switch the meter on near the computer.

The meter talks only over a bond. The seconds of a record may differ each time it is sent, so they do
not name it. The base time stays as it was set in the factory, and the offset is large (ten hours were
seen). A sample location of 4 marks control solution, which is never a person's value.

Source: tidepool-org/uploader, bluetoothLEDriver.js; NightscoutFoundation/xDrip,
BluetoothGlucoseMeter.java.
Verified: profile-conformant, simulated; unverified on hardware.
"""

from dataclasses import replace

from carehub.devices.drivers.glucose import POLICY, GlucoseDriver
from carehub.devices.meters import Bond

ACCU_CHEK = GlucoseDriver(
    name="accu_chek",
    policy=replace(POLICY, bond=Bond.AT_ONCE),
    names=("meter+", "accu-chek"),
    seconds=False,
)
