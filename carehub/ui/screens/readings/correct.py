"""Correcting a reading: the same pad as for typing one in; the old value stays in the list."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from carehub.care.readings import Kind, Reading
from carehub.i18n import _
from carehub.ui import phrases
from carehub.ui.screens.keypad.screen import Type
from carehub.ui.screens.result.model import value_of

if TYPE_CHECKING:
    from carehub.archive.store import Archive
    from carehub.workflows.readings import Taken


class Correct(Type):
    """Opened with the `reading` to correct; time, meal and meter stay as they were."""

    asks_when: ClassVar[bool] = False

    def opened(self, **what: object) -> None:
        """Lay out the boxes of the reading's kind, filled with what it says now."""
        given = what.get("reading")
        self.old = given if isinstance(given, Reading) else None
        if self.old is None:
            super().opened(**what)
            return
        kept = {"kind": self.old.kind, "context": self.old.context, "unit": self.old.unit}
        super().opened(**{**kept, **what})
        self._fill(self.old)
        self.next.hide()  # every box is full already; a press or Tab goes to the one that is wrong
        zone = self.old.zone_offset
        at = phrases.local(self.old.taken_at, zone)
        day = phrases.day(at.date(), year=True)
        moment = _("{day} {time}").format(day=day, time=phrases.clock(at))
        self.header.show_title(_("Correct a reading"), moment)
        self.foot.show_words(
            _("The old value {value} stays in the list, struck through.").format(
                value=value_of(self.old)
            ),
            "info",
        )

    def _fill(self, old: Reading) -> None:
        keys = ("systolic", "diastolic", "pulse")
        values = (old.v1, old.v2, old.v3)
        if old.kind is Kind.GLUCOSE:
            keys, values = ("glucose", "", ""), (old.v1, None, None)
        for key, value in zip(keys, values, strict=True):
            if value is not None and key in self.boxes:
                self.boxes[key].show_value(f"{value.normalize():f}")

    def _keeping(self, archive: "Archive", reading: Reading, now: int) -> "Callable[[], Taken]":
        """Return the work that supersedes the old reading."""
        from carehub.workflows import readings

        assert self.old is not None
        new = replace(
            self.old,
            v1=reading.v1,
            v2=reading.v2,
            v3=reading.v3,
            text=reading.text,
            unit=reading.unit,
        )
        return partial(readings.correct, archive, self.old.id, new, now)
