"""What a meter says about itself: battery (2A19), texts (2A24-2A29), PnP ID (2A50), system ID (2A23).

Layout: Battery Service 1.0, Device Information Service 1.1 and the GATT Specification Supplement.
"""

from dataclasses import dataclass
from enum import IntEnum

from carehub.devices.gatt.bits import Shape, code_name, unnamed, with_reserved
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


class VendorSource(IntEnum):
    """Who gave the vendor its number."""

    BLUETOOTH_SIG = 1
    USB_FORUM = 2


@dataclass(frozen=True, slots=True)
class PnpId:
    """One 2A50: the vendor's number and who gave it, the product's number and version, as sent."""

    source: int
    vendor: int
    product: int
    version: int

    def describe(self) -> Shape:
        """Return the JSON shape of a 2A50."""
        return with_reserved(
            {
                "vendor_source": code_name(VendorSource, self.source),
                "vendor_id": self.vendor,
                "product_id": self.product,
                "product_version": self.version,
            },
            vendor_source=unnamed(VendorSource, self.source),
        )


@dataclass(frozen=True, slots=True)
class SystemId:
    """One 2A23: the maker's own number for this device (40 bits), and the maker's (24 bits)."""

    manufacturer: int
    organization: int

    def describe(self) -> Shape:
        """Return the JSON shape of a 2A23, both numbers in hex."""
        return {
            "manufacturer_id": f"{self.manufacturer:010X}",
            "organization_id": f"{self.organization:06X}",
        }


def pnp_id(data: bytes) -> PnpId:
    """Decode 2A50 PnP ID, exactly 7 bytes."""
    octets = Octets(data)
    decoded = PnpId(octets.u8(), octets.u16(), octets.u16(), octets.u16())
    octets.end()
    return decoded


def system_id(data: bytes) -> SystemId:
    """Decode 2A23 System ID, exactly 8 bytes."""
    octets = Octets(data)
    decoded = SystemId(octets.unsigned(5), octets.unsigned(3))
    octets.end()
    return decoded


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
