"""Flag fields: the bits a profile names, and the bits it does not, kept apart and never guessed."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import Generic, TypeAlias, TypeVar

Name = TypeVar("Name", bound=StrEnum)
Pattern: TypeAlias = tuple[int, int, Name]  # mask, the pattern under it, what that means
Shape: TypeAlias = dict[str, object]  # one JSON object


@dataclass(frozen=True, slots=True, repr=False)
class Bits(Generic[Name]):
    """The names that are set, in the profile's order, and the set bits without a name.

    `Name.X in bits` asks for one of them.
    """

    names: tuple[Name, ...] = ()
    reserved: int = 0

    def __contains__(self, name: object) -> bool:
        return name in self.names

    def listed(self) -> list[str]:
        """Return the names as a JSON list."""
        return [name.value for name in self.names]

    @property
    def unknown(self) -> int | None:
        """Return the bits without a name, or None where there are none."""
        return self.reserved or None


def single(*names: Name) -> tuple[Pattern[Name], ...]:
    """Build the patterns of a field in which bit n alone means the n-th name."""
    return tuple((1 << bit, 1 << bit, name) for bit, name in enumerate(names))


def named(value: int, patterns: Sequence[Pattern[Name]]) -> Bits[Name]:
    """Split a flag field into its named patterns and the bits that none of them explains."""
    found: list[Name] = []
    for mask, pattern, name in patterns:
        if value & mask == pattern:
            found.append(name)
            value &= ~mask
    return Bits(tuple(found), value)


def listed(bits: Bits[Name] | None) -> list[str] | None:
    """Return the names of a field as a JSON list, and None where it was not sent."""
    return None if bits is None else bits.listed()


def unlisted(bits: Bits[Name] | None) -> int | None:
    """Return the bits of a field that the profile does not name, or None where there are none."""
    return None if bits is None else bits.unknown


def code_name(codes: type[IntEnum], code: int | None) -> str | None:
    """Return the profile's name for a code in lower case, or None where it has none."""
    member = _member(codes, code)
    return None if member is None else member.name.lower()


def unnamed(codes: type[IntEnum], code: int | None) -> int | None:
    """Return a code that the profile does not name, so that it is kept, else None."""
    return code if _member(codes, code) is None else None


def _member(codes: type[IntEnum], code: int | None) -> IntEnum | None:
    try:
        return codes(code) if code is not None else None
    except ValueError:
        return None


def with_reserved(shape: Shape, **reserved: object) -> Shape:
    """Add what has no meaning in the profile under `reserved`; the key is absent when all had one.

    None stands for nothing to keep.
    """
    kept = {name: value for name, value in reserved.items() if value is not None}
    return {**shape, "reserved": kept} if kept else shape
