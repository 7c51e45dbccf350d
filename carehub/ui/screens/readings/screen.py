"""The list of readings: one month at a time, each row to be corrected or struck out."""

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING
from uuid import UUID

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from carehub.care.changes import Changes
from carehub.care.readings import Kind, Reading
from carehub.i18n import _
from carehub.ui import background, theme
from carehub.ui.screens.home.screen import STATUS
from carehub.ui.screens.page import Page
from carehub.ui.screens.readings.correct import Correct
from carehub.ui.screens.readings.model import (
    SHOWN,
    Day,
    Judge,
    Month,
    ReadingsView,
    Row,
    kinds_of,
    view_of,
    whole_span,
)
from carehub.ui.screens.result.model import Judged
from carehub.ui.theme import Step
from carehub.ui.visit import Visit
from carehub.ui.widgets import (
    Button,
    Chip,
    Choices,
    Heading,
    Note,
    Panel,
    Scroll,
    TextField,
    UndoBar,
    Words,
    column,
    row,
)

if TYPE_CHECKING:
    from carehub.archive.store import Archive
    from carehub.workflows.readings import Taken

SEARCH_PAUSE_MS = 300
MOST_FOUND = 50


class Readings(Page[ReadingsView]):
    """Everything that was measured; what is struck out goes for good when the page is left."""

    concerns = Changes.READINGS | Changes.PEOPLE

    def title(self) -> str:
        return _("Readings")

    def build(self) -> None:
        """Lay out the filter, the month and the list."""
        self._month: Month | None = None
        self._kind, self._shown, self._sought = "all", SHOWN, ""
        self._pending: Row | None = None
        self._view: ReadingsView | None = None
        self._made: list[QWidget] = []
        kinds = [("all", _("All")), ("blood_pressure", _("Pressure")), ("glucose", _("Glucose"))]
        self.filter = Choices("readings.kind", kinds, "all")
        self.filter.chosen.connect(self._take_kind)
        self.header.add(self.filter)
        self.body.addLayout(self._months())
        self.list = Scroll("readings")
        self.nothing = Heading("readings.nothing", _("Nothing here"))
        self.more = Button("readings.more", _("Show more"), icon="down", press=self._show_more)
        self.list.inside.addWidget(self.nothing)
        self.list.inside.addWidget(self.more)
        self.list.inside.addStretch(1)
        self.body.addWidget(self.list, 1)

    def _months(self) -> QHBoxLayout:
        line = row()
        self.earlier = Button(
            "readings.earlier", icon="back", spoken=_("A month earlier"), press=self._go_earlier
        )
        self.later = Button(
            "readings.later", icon="forward", spoken=_("A month later"), press=self._go_later
        )
        self.which = Words("readings.month", step=Step.TITLE, bold=True, wrap=False)
        self.count = Words("readings.count", tone="ink_2", wrap=False)
        for each in (self.earlier, self.which, self.later):
            line.addWidget(each, 0, Qt.AlignmentFlag.AlignVCenter)
        line.addSpacing(theme.look().sizes.gap)
        line.addWidget(self.count)
        line.addStretch(1)
        self.search: TextField | None = None
        if not theme.look().roomy:
            line.addWidget(self._search_box())
        return line

    def _search_box(self) -> TextField:
        self.search = TextField("readings.search", _("Find in notes"))
        self._pause = QTimer(self, singleShot=True, interval=SEARCH_PAUSE_MS)
        self._pause.timeout.connect(self._seek)
        self.search.edited.connect(lambda *_: self._pause.start())
        return self.search

    # Reading

    def load(self, visit: Visit, now: int) -> ReadingsView:
        """Read one month, or what was sought."""
        from carehub.care.standing import judge

        profile, plan = visit.profile, visit.plan
        assert visit.archive is not None
        assert profile is not None
        assert plan is not None

        def judged(reading: Reading) -> Judged:
            return Judged.of(judge(reading, profile, plan))

        zone = profile.person.zone_offset
        if self._sought:
            found = _found(visit.archive, profile.person.id, self._sought, kinds_of(self._kind))
            return view_of(found, judged, None, now=now, zone_offset=zone, shown=MOST_FOUND)
        return self._load_month(visit.archive, profile.person.id, judged, now, zone)

    def _load_month(
        self, archive: "Archive", who: UUID, judged: Judge, now: int, zone: int
    ) -> ReadingsView:
        from carehub.archive import readings

        kinds = kinds_of(self._kind)
        with archive.read() as tx:
            span = whole_span(readings.span(tx, who, kind) for kind in kinds)
            month = self._month or Month.of(span[1] if span else now, zone)
            since, until = month.bounds(zone)
            taken = [
                each
                for kind in kinds
                for each in readings.between(tx, who, kind, since, until, in_force=False)
            ]
        return view_of(
            taken, judged, month, now=now, zone_offset=zone, span=span, shown=self._shown
        )

    # Showing

    def show_view(self, view: ReadingsView) -> None:
        """Show the month's days and rows."""
        self._view = view
        self._month = view.month or self._month
        self.which.setText(view.month.words() if view.month else _("Found"))
        self.count.setText(view.count)
        self.earlier.setEnabled(view.earlier is not None)
        self.later.setEnabled(view.later is not None)
        self.nothing.setVisible(not view.days)
        self.more.setVisible(view.more > 0)
        for old in self._made:
            old.hide()
            old.deleteLater()
        self._made = []
        for number, day in enumerate(view.days):
            self._add_day(number, day)

    def _add_day(self, number: int, day: Day) -> None:
        heading = Words(f"readings.day.{number}", day.heading, bold=True, tone="jade")
        self._put(heading)
        for count, each in enumerate(day.rows):
            self._put(self._row(f"readings.{number}.{count}", each))

    def _put(self, made: QWidget) -> None:
        self.list.inside.insertWidget(len(self._made), made)
        self._made.append(made)

    def _row(self, name: str, each: Row) -> QWidget:
        gone = each.struck or (self._pending is not None and self._pending.id == each.id)
        panel = Panel(name, lying=True)
        panel.inside.setSpacing(theme.look().sizes.gap)
        time = Words(f"{name}.time", each.time, step=Step.STRONG, tone="ink_2", wrap=False)
        time.setMinimumWidth(theme.look().sizes.body * 3)
        panel.inside.addWidget(time)
        panel.inside.addWidget(_struck(f"{name}.value", each.value, Step.DISPLAY, gone))
        if each.words and not gone:
            chip = Chip(f"{name}.state", each.words, STATUS[each.state])
            panel.inside.addWidget(chip, 0, Qt.AlignmentFlag.AlignVCenter)
        panel.inside.addLayout(_notes(name, each, gone), 1)
        if not gone and not self.visit.caring:
            self._add_acts(name, each, panel)
        return panel

    def _add_acts(self, name: str, each: Row, panel: Panel) -> None:
        acts = (
            Button(
                f"{name}.correct", _("Correct"), icon="pencil", press=partial(self._correct, each)
            ),
            Button(
                f"{name}.strike", _("Strike out"), kind="plain", press=partial(self._strike, each)
            ),
        )
        for act in acts:
            act.setAccessibleDescription(f"{each.time} {each.value}")
            panel.inside.addWidget(act, 0, Qt.AlignmentFlag.AlignVCenter)

    # Turning and seeking

    def _take_kind(self, key: str) -> None:
        self._kind, self._shown = key, SHOWN
        self.refresh()

    def _go_earlier(self) -> None:
        self._turn(self._view.earlier if self._view else None)

    def _go_later(self) -> None:
        self._turn(self._view.later if self._view else None)

    def _turn(self, month: Month | None) -> None:
        if month is not None:
            self._month, self._shown = month, SHOWN
            self.list.to_top()
            self.refresh()

    def _show_more(self) -> None:
        self._shown += SHOWN
        self.refresh()

    def _seek(self) -> None:
        self._sought = self.search.value() if self.search is not None else ""
        self.refresh()

    # Correcting

    def _correct(self, each: Row) -> None:
        self.shell.open("readings.correct", reading=each.reading)

    def typed(self, taken: "Taken") -> None:
        """Be told by the pad what was corrected, and offer to take that back."""
        new = taken.added[0]
        old = self._old_of(new)
        if old is not None:
            self.offer_undo(_("Corrected."), partial(self._put_back, new, old))

    def _old_of(self, new: Reading) -> Reading | None:
        rows = [row for day in (self._view.days if self._view else ()) for row in day.rows]
        return next((row.reading for row in rows if row.id == new.replaces), None)

    def _put_back(self, new: Reading, old: Reading) -> None:
        from carehub.workflows import readings

        archive = self.visit.archive
        if archive is not None:
            again = replace(old, replaces=None)
            work = partial(readings.correct, archive, new.id, again, background.now())
            self.shell.background.run(work)

    # Striking out

    def _strike(self, each: Row) -> None:
        """Strike a row out; it is kept back until the page is left, because a void is for good."""
        self._carry_out()
        self.withdraw_undo()
        self._pending = each
        text = _("Struck out: {value}. It can come back until you leave this page.")
        self._undo = UndoBar(text.format(value=each.value), self._keep_it, self._close_undo)
        self.column.insertWidget(1, self._undo)
        self._show_again()

    def _keep_it(self) -> None:
        self._pending = None
        self.withdraw_undo()
        self._show_again()

    def _close_undo(self) -> None:
        self.withdraw_undo()
        self._carry_out()

    def _carry_out(self) -> None:
        pending, self._pending = self._pending, None
        archive = self.visit.archive
        if pending is not None and archive is not None:
            from carehub.workflows import readings

            now = background.now()
            self.shell.background.run(partial(readings.void, archive, pending.id, now))

    def _show_again(self) -> None:
        if self._view is not None:
            self.show_view(self._view)

    def left(self) -> None:
        """Strike out for good what was not taken back."""
        if self._pending is not None:
            self.withdraw_undo()
            self._carry_out()

    def spoken(self) -> list[str]:
        said = [self.header.title.text(), self.which.text(), self.count.text()]
        for day in (self._view.days if self._view else ())[:3]:
            said.append(day.heading)
            for each in day.rows:
                said += [each.time, each.value, each.words]
        return [each for each in said if each]


def _struck(name: str, text: str, step: Step, gone: bool) -> Words:
    made = Words(name, text, step=step, bold=not gone, tone="ink_2" if gone else "ink", wrap=False)
    if gone:
        font = made.font()
        font.setStrikeOut(True)
        made.setFont(font)
        made.setAccessibleName(_("{value}, struck out").format(value=text))
    return made


def _notes(name: str, each: Row, gone: bool) -> QVBoxLayout:
    lines = column(space=0)
    lines.addStretch(1)
    lines.addWidget(Note(f"{name}.note", _("struck out") if gone else each.note))
    for number, old in enumerate(each.before[:2]):
        beside = row(space=theme.look().px(6))
        beside.addWidget(Note(f"{name}.was.{number}", _("before"), wrap=False))
        beside.addWidget(_struck(f"{name}.before.{number}", old, Step.NOTE, gone=True))
        beside.addStretch(1)
        lines.addLayout(beside)
    lines.addStretch(1)
    return lines


def _found(archive: "Archive", who: UUID, text: str, kinds: tuple[Kind, ...]) -> list[Reading]:
    from carehub.archive import readings, search

    with archive.read() as tx:
        hits = search.find(tx, text, who)
        found = [readings.get(tx, hit.entity_id) for hit in hits if hit.kind == "Reading"]
    return [each for each in found if each is not None and each.kind in kinds]


PAGES = {"readings": Readings, "readings.correct": Correct}
