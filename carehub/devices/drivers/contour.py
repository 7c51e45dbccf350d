"""Contour glucose meters of Ascensia (Contour Next One, Contour Plus One, Contour Care).

Pair once: switch the meter on with its button held until the Bluetooth light blinks, and type the six
digits of its serial number's label if this computer asks. After that, a short press is enough.

Asked for everything, these meters send everything each time, and it takes minutes. So only what comes
after the last record known is asked for; that record itself is only counted, to see that the memory was
not cleared. The whole memory is asked for at the first meeting, and after it was cleared.

Source: NightscoutFoundation/xDrip, BluetoothGlucoseMeter.java.
Verified: profile-conformant, simulated; unverified on hardware.
"""

from dataclasses import replace

from carehub.devices.drivers.glucose import POLICY, GlucoseDriver

CONTOUR = GlucoseDriver(name="contour", policy=replace(POLICY, only_later=True), names=("contour",))
