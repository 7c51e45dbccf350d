"""CareSens glucose meters of i-SENS (CareSens N Premier, Dual, S Fit; named CareSens).

Start pairing in the meter's Bluetooth menu, and type the six digits it shows when this computer asks.
After that, switch Bluetooth on at the meter whenever its records are to be read.

A meal code of 6, which the profile does not have, marks a ketone value: it is not blood glucose, and is
left aside with a sentence. Some firmware says month 13 where it means January; it is read as January of
the year it sends. The clock is set through a private service, which is not used.

Source: NightscoutFoundation/xDrip, ContextRx; tidepool-org/ble-glucose, index.js.
Verified: profile-conformant, simulated; unverified on hardware.
"""

from carehub.devices.drivers.glucose import GlucoseDriver

_MONTH, _NO_MONTH, _JANUARY = 5, 13, 1


def mended(data: bytes) -> bytes:
    """Return a 2A18 whose month 13 is January."""
    if len(data) <= _MONTH or data[_MONTH] != _NO_MONTH:
        return data
    return data[:_MONTH] + bytes((_JANUARY,)) + data[_MONTH + 1 :]


CARESENS = GlucoseDriver(name="caresens", names=("caresens",), mend=mended)
