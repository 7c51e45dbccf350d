"""Joins the parts on one machine: opens and closes archive, radio and clock, nothing else."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from carehub.care.alerts import Notice
from carehub.workflows import measuring, rounds

if TYPE_CHECKING:
    from carehub.archive.store import Archive
    from carehub.archive.vault import Keys
    from carehub.devices.link import Radio

Clock = Callable[[], int]
"""Returns UTC milliseconds."""


@dataclass(slots=True)
class App:
    """An open archive with the radio and the clock that serve it."""

    archive: "Archive"
    radio: "Radio"
    clock: Clock
    first_notices: tuple[Notice, ...] = field(default=(), repr=False)
    """What the round at opening had to tell: alerts that came due while nobody was here."""

    @classmethod
    def open(cls, folder: Path, keys: "Keys", radio: "Radio", clock: Clock) -> "App":
        """Open the archive, decode what a crash left undecoded, and make a round."""
        from carehub.archive.store import Archive

        archive = Archive.open(folder, keys, clock())
        return cls._ready(archive, radio, clock)

    @classmethod
    def create(
        cls,
        folder: Path,
        keys: "Keys",
        radio: "Radio",
        clock: Clock,
        *,
        demo: bool = False,
    ) -> "App":
        """Make a new archive where there is none and open it."""
        from carehub.archive.store import Archive

        return cls._ready(Archive.create(folder, keys, clock(), demo=demo), radio, clock)

    @classmethod
    def _ready(cls, archive: "Archive", radio: "Radio", clock: Clock) -> "App":
        try:
            recovered = measuring.recover(archive, clock())
            told = rounds.make(archive, clock()).notices
        except BaseException:
            archive.close(clock())
            raise
        return cls(archive, radio, clock, (*recovered.notices, *told))

    def close(self) -> None:
        """Close the archive; a verified backup is made on the way."""
        self.archive.close(self.clock())
