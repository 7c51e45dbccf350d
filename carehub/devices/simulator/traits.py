"""What a pretend meter can do, and what can go wrong with it, each by its name."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Faults:
    """Faults to pretend; the default is a meter that behaves.

    `drops_after_n`: the meter goes out of range after this many records, once.
    `duplicates`: each record is sent twice. `reorders`: records come newest first and a glucose
    record's context before the record. `wrong_clock`: the year the meter believes it is.
    `unset_clock`: times are all zeros. `nan_values`, `reserved_values`: the first pressure or the
    concentration is that special. `truncated_frame`: a record's last byte is missing.
    `oversized_frame`: a record has bytes too many. `silent`: linked, but never sends or answers.
    `slow`: seconds between records. `count_mismatch`: the count names this many records too many.
    `sequence_wrap`: numbering begins near 65535. `two_users`: records alternate between users 1, 2.
    `deletes_after_transfer`: a glucose meter forgets what it has sent, as cuffs always do.
    `needs_passkey`: values are sent only over a bond, made with the six digits the meter shows.
    `bonded_elsewhere`: the same, and the meter accepts nobody but the one it is bonded to.
    """

    drops_after_n: int | None = None
    duplicates: bool = False
    reorders: bool = False
    wrong_clock: int | None = None
    unset_clock: bool = False
    nan_values: bool = False
    reserved_values: bool = False
    truncated_frame: bool = False
    oversized_frame: bool = False
    silent: bool = False
    slow: float = 0.0
    count_mismatch: int = 0
    sequence_wrap: bool = False
    two_users: bool = False
    deletes_after_transfer: bool = False
    needs_passkey: bool = False
    bonded_elsewhere: bool = False

    @property
    def guarded(self) -> bool:
        """Tell whether nobody is sent values without a bond."""
        return self.needs_passkey or self.bonded_elsewhere

    def spoil(self, data: bytes) -> bytes:
        """Return a record's bytes as this meter would send them."""
        if self.truncated_frame:
            return data[:-1]
        return data + b"\x5a\x5a" if self.oversized_frame else data


@dataclass(frozen=True, slots=True)
class Features:
    """What a pretend meter can do; the default is the plainest meter of its kind.

    `stays`: a cuff keeps the link after sending. `live`: a cuff offers the pressure while pumping
    (2A36). `tells_time`: the meter offers Current Time (2A2B); `lets_set`: it can be written there,
    `ignores_setting`: to no avail. `encrypted`: a glucose meter's control point wants a paired link.
    """

    stays: bool = False
    live: bool = True
    tells_time: bool = False
    lets_set: bool = False
    ignores_setting: bool = False
    encrypted: bool = False


NO_FAULTS = Faults()
PLAIN = Features()
