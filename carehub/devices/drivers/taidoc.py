"""TaiDoc and FORA glucose meters with the standard service (named TAIDOC, FORA, TD- or DIAMOND).

Switch the meter off after measuring; it then sends for a few minutes. No pairing is needed.

The numbers of the records run backwards: 0 is the newest, and "first" gives the newest too. A record's
number is therefore no name for it, and never says where to go on: the whole memory is asked for each
time, and what is known already is not taken twice. Two equal values of the same minute are one. The
clock cannot be set from here.

Source: NightscoutFoundation/xDrip, BluetoothGlucoseMeter.java; tidepool-org/uploader.
Verified: profile-conformant, simulated; unverified on hardware.
"""

from dataclasses import replace

from carehub.devices.drivers.glucose import POLICY, GlucoseDriver

TAIDOC = GlucoseDriver(
    name="taidoc",
    policy=replace(POLICY, renumbers=True),
    names=("taidoc", "fora", "td-", "diamond"),
)
