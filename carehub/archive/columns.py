"""Column types: how each kind of value of `care` is kept in SQLite and comes back as it was."""

import json
from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cache, lru_cache
from typing import Generic, TypeVar
from uuid import UUID

from sqlalchemy import Dialect, Integer, LargeBinary, Text
from sqlalchemy.types import TypeDecorator

from carehub.care.alerts.model import Level
from carehub.errors import InputError
from carehub.i18n import _

V = TypeVar("V")
R = TypeVar("R")
E = TypeVar("E", bound=StrEnum)
Slots = tuple[tuple[int | None, UUID], ...]

PLACES = 6
LARGEST = 10**12
ID_BYTES = 16


class _Kept(TypeDecorator[V], Generic[V, R]):
    """A column that writes a value by one function and reads it by another; None stays None."""

    cache_ok = True

    def __init__(self, write: Callable[[V], R], read: Callable[[R], V]) -> None:
        super().__init__()
        self.write = write
        self.read = read

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[R | None], V | None]:  # noqa: ARG002
        """Return the reading function itself: a year of readings is 180,000 values."""
        read = self.read
        return lambda value: None if value is None else read(value)

    def bind_processor(self, dialect: Dialect) -> Callable[[V | None], R | None]:  # noqa: ARG002
        """Return the writing function itself: an import writes half a million values."""
        write = self.write
        return lambda value: None if value is None else write(value)

    def process_bind_param(self, value: V | None, dialect: Dialect) -> R | None:  # noqa: ARG002
        """Return what SQLite is given."""
        return None if value is None else self.write(value)

    def process_result_value(self, value: R | None, dialect: Dialect) -> V | None:  # noqa: ARG002
        """Return the value again."""
        return None if value is None else self.read(value)


class InText(_Kept[V, str]):
    """A value kept as text."""

    impl = Text
    cache_ok = True


class InInteger(_Kept[V, int]):
    """A value kept as an integer."""

    impl = Integer
    cache_ok = True


class InBytes(_Kept[V, bytes]):
    """A value kept as bytes."""

    impl = LargeBinary
    cache_ok = True


def micro(value: Decimal) -> int:
    """Return millionths of a value as measured; raises InputError where it is not exactly that."""
    if not value.is_finite() or abs(value) >= LARGEST:
        raise InputError(_("This value is not a number that can be kept."))
    scaled = value.scaleb(PLACES)
    if scaled != scaled.to_integral_value():
        raise InputError(_("This value has more decimals than can be kept."))
    return int(scaled)


@lru_cache(maxsize=4096)
def from_micro(millionths: int) -> Decimal:
    """Return the value of so many millionths, without idle zeros."""
    whole, rest = divmod(millionths, 10**PLACES)
    if rest == 0:
        return Decimal(whole)
    return Decimal(millionths).scaleb(-PLACES).normalize()


def word(words: type[E]) -> InText[E]:
    """Keep one word of a closed list as its text."""
    return InText(str, cache(words))


def words(words: type[E]) -> InText[frozenset[E]]:
    """Keep a set of words of a closed list, sorted and joined by spaces."""
    read = cache(lambda text: frozenset(words(part) for part in text.split()))
    return InText(lambda kept: " ".join(sorted(kept)), read)


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _ids(raw: bytes) -> tuple[UUID, ...]:
    return tuple(UUID(bytes=raw[i : i + ID_BYTES]) for i in range(0, len(raw), ID_BYTES))


def _joined(ids: Iterable[UUID]) -> bytes:
    return b"".join(item.bytes for item in ids)


def _slots(text: str) -> Slots:
    return tuple((slot, UUID(hex=person)) for slot, person in json.loads(text))


def _slots_text(slots: Slots) -> str:
    return _json([[slot, person.hex] for slot, person in slots])


def _texts(text: str) -> tuple[str, ...]:
    return tuple(json.loads(text))


def _times(text: str) -> tuple[int, ...]:
    return tuple(json.loads(text))


Id: InBytes[UUID] = InBytes(lambda value: value.bytes, lambda raw: UUID(bytes=raw))
"""A UUID as 16 bytes: a third smaller in a million rows than its text."""
Micro: InInteger[Decimal] = InInteger(micro, from_micro)
"""A decimal as an integer of millionths, exact; what does not fit is refused, never rounded."""
Grade: InInteger[Level] = InInteger(int, Level)
"""How grave an alert is, as its number."""
Day: InText[date] = InText(date.isoformat, date.fromisoformat)
"""A calendar day as ISO text."""
Json: InText[object] = InText(_json, json.loads)
"""A JSON value as text."""
Texts: InText[tuple[str, ...]] = InText(_json, _texts)
"""A row of texts as a JSON list."""
Times: InText[tuple[int, ...]] = InText(_json, _times)
"""A row of times (UTC milliseconds) as a JSON list."""
Ids: InBytes[tuple[UUID, ...]] = InBytes(_joined, _ids)
"""A row of UUIDs, their bytes one after the other."""
Digest: InBytes[str] = InBytes(bytes.fromhex, bytes.hex)
"""A hash as its bytes; elsewhere it is the hexadecimal text."""
UserSlots: InText[Slots] = InText(_slots_text, _slots)
"""A meter's user numbers with the people they belong to, as a JSON list of pairs."""
