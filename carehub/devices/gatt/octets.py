"""The bytes of one characteristic value, read field by field from the left, little-endian."""

from carehub.devices.gatt.medical_float import MedFloat, float32, sfloat
from carehub.errors import MalformedFrame
from carehub.i18n import _


class Octets:
    """A place in a value; each read moves it on, and a read past the end is a MalformedFrame."""

    __slots__ = ("_at", "_data")

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    @property
    def left(self) -> int:
        """Return how many bytes are not yet read."""
        return len(self._data) - self._at

    def take(self, count: int) -> bytes:
        """Read `count` bytes as they are."""
        end = self._at + count
        if end > len(self._data):
            raise MalformedFrame(
                _("The frame ends too early: {needed} bytes are needed, {arrived} arrived.").format(
                    needed=end, arrived=len(self._data)
                )
            )
        taken = self._data[self._at : end]
        self._at = end
        return taken

    def rest(self) -> bytes:
        """Read all that is left."""
        return self.take(self.left)

    def u8(self) -> int:
        """Read an unsigned byte."""
        return self.take(1)[0]

    def u16(self) -> int:
        """Read an unsigned 16-bit integer."""
        return int.from_bytes(self.take(2), "little")

    def s8(self) -> int:
        """Read a signed byte."""
        return int.from_bytes(self.take(1), "little", signed=True)

    def s16(self) -> int:
        """Read a signed 16-bit integer."""
        return int.from_bytes(self.take(2), "little", signed=True)

    def unsigned(self, width: int) -> int:
        """Read an unsigned integer of `width` bytes."""
        return int.from_bytes(self.take(width), "little")

    def sfloat(self) -> MedFloat:
        """Read a 16-bit SFLOAT."""
        return sfloat(self.u16())

    def float32(self) -> MedFloat:
        """Read a 32-bit FLOAT."""
        return float32(self.unsigned(4))

    def end(self) -> None:
        """Refuse what is left: a profile that allows no more bytes has none of them explained."""
        if self.left:
            raise MalformedFrame(
                _(
                    "The frame is longer than its profile allows, by this many bytes: {extra}."
                ).format(extra=self.left)
            )
