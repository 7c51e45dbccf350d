"""What all drivers do with records: name them, drop repeats, refuse broken ones, write numbers."""

import hashlib
from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal

from carehub.care.meters import Frame, Measurement
from carehub.devices.meters import Refused, Seen
from carehub.errors import MalformedFrame
from carehub.i18n import _


def record_key(*parts: object) -> str:
    """Return a stable name of a record on its meter.

    It is a digest, because the parts hold health values and a key is seen in more places than they.
    """
    text = "|".join("" if part is None else str(part) for part in parts)
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def once(measurements: Iterable[Measurement]) -> tuple[Measurement, ...]:
    """Merge records that came twice in one transfer; the first stays and names all its frames."""
    kept: dict[str, Measurement] = {}
    for found in measurements:
        first = kept.setdefault(found.record_key, found)
        if first is not found:
            frames = tuple(dict.fromkeys((*first.frames, *found.frames)))
            kept[found.record_key] = replace(first, frames=frames)
    return tuple(kept.values())


def unreadable(frame: Frame, error: MalformedFrame) -> Refused:
    """Refuse a frame whose bytes break the profile, with what to do about it."""
    next_step = _("Please measure again; what arrived is kept.")
    return Refused(frame.id, f"{error.sentence()} {next_step}")


def scaled(value: Decimal, power: int) -> Decimal:
    """Return `value` × 10^`power` exactly, in plain digits (no exponent above zero)."""
    moved = value.scaleb(power)
    return moved.quantize(Decimal(1)) if int(moved.as_tuple().exponent) > 0 else moved


def named_like(seen: Seen, names: tuple[str, ...]) -> bool:
    """Tell whether an advertised name begins like one of `names` (lower case); none means any."""
    return not names or seen.name.lower().startswith(names)


def as_sent(data: bytes) -> bytes:
    """Return a value as it came: nothing is to be mended."""
    return data
