"""What a meter says about itself: Battery Level (2A19) and the texts of Device Information (180A)."""

from dataclasses import dataclass

from carehub.devices.gatt.bits import Shape, with_reserved
from carehub.devices.gatt.octets import Octets
from carehub.errors import MalformedFrame
from carehub.i18n import _

_FULL = 100


@dataclass(frozen=True, slots=True)
class BatteryLevel:
    """One 2A19: percent as sent; more than 100 is reserved."""

    percent: int

    def describe(self) -> Shape:
        """Return the JSON shape of a 2A19."""
        if self.percent > _FULL:
            return with_reserved({"percent": None}, percent=self.percent)
        return {"percent": self.percent}


@dataclass(frozen=True, slots=True)
class DeviceText:
    """A maker's name, model, serial number or revision (2A29, 2A24-2A28)."""

    text: str

    def describe(self) -> Shape:
        """Return the JSON shape of a text."""
        return {"text": self.text}


def battery_level(data: bytes) -> BatteryLevel:
    """Decode 2A19 Battery Level, exactly 1 byte."""
    octets = Octets(data)
    decoded = BatteryLevel(octets.u8())
    octets.end()
    return decoded


def device_text(data: bytes) -> DeviceText:
    """Decode a UTF-8 text; meters pad it with zero bytes or spaces, which are taken off."""
    try:
        return DeviceText(data.decode("utf-8").strip("\0 "))
    except UnicodeDecodeError as error:
        raise MalformedFrame(_("The text in the frame is not UTF-8.")) from error
