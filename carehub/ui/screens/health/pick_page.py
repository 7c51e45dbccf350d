"""A page to tick all that applies, with a field for what is not listed, and ‘none’ or ‘not sure’."""

from collections.abc import Callable
from functools import partial
from typing import ClassVar
from uuid import UUID

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtWidgets import QWidget

from carehub.care.changes import Changes
from carehub.care.people import Profile
from carehub.i18n import _
from carehub.ui import background, theme
from carehub.ui.screens.health.picks import (
    NONE,
    NOTHING,
    OTHERS,
    QUESTIONS,
    UNKNOWN,
    Change,
    Other,
    PickView,
    Topic,
    add,
    offered,
    remove,
    state,
    tick,
    view_of,
)
from carehub.ui.screens.page import Page
from carehub.ui.visit import Visit
from carehub.ui.widgets import Body, Button, Note, Panel, Scroll, TextField, Tick, row
from carehub.ui.widgets.panel import grid

Plan = Callable[[Profile], Change]


class PickPage(Page[PickView]):
    """Each tick is kept at once; unticking takes it back, so there is nothing to save."""

    concerns = Changes.PEOPLE
    topic: ClassVar[Topic]

    def title(self) -> str:
        return _(QUESTIONS[self.topic])

    def build(self) -> None:
        """Lay out ticks, what was added besides, and the way on."""
        self._view: PickView | None = None
        self._gone: dict[UUID, Change] = {}
        across = row(space=theme.look().sizes.gap)
        across.addWidget(self._options(), 7)
        across.addWidget(self._others(), 4)
        self.body.addLayout(across, 1)
        self._ways()

    def _options(self) -> QWidget:
        panel = Panel(f"{self.topic}.options")
        lines = grid()
        self.ticks: dict[str, Tick] = {}
        for number, (key, words) in enumerate(offered(self.topic).items()):
            made = Tick(f"{self.topic}.{key}", words)
            made.toggled.connect(lambda on, key=key: self._ticked(key, on))
            lines.addWidget(made, number // 2, number % 2)
            self.ticks[key] = made
        panel.inside.addLayout(lines)
        panel.inside.addStretch(1)
        return panel

    def _others(self) -> QWidget:
        panel = Panel(f"{self.topic}.others")
        self.field = TextField(f"{self.topic}.other", _(OTHERS[self.topic]))
        self.field.line.returnPressed.connect(self._add)
        self.adding = Button(f"{self.topic}.add", _("Add"), icon="plus", press=self._add)
        self.adding.setEnabled(False)
        self.field.edited.connect(lambda text: self.adding.setEnabled(bool(text.strip())))
        self.list = Scroll(f"{self.topic}.list")
        self._rows: list[QWidget] = []
        panel.inside.addWidget(self.field)
        panel.inside.addWidget(self.adding)
        panel.inside.addWidget(self.list, 1)
        return panel

    def _ways(self) -> None:
        self.none = Button(
            f"{self.topic}.none", _(NOTHING[self.topic]), press=partial(self._say, NONE)
        )
        self.unknown = Button(
            f"{self.topic}.unknown", _("Not sure"), press=partial(self._say, UNKNOWN)
        )
        self.said = Note(f"{self.topic}.said", wrap=False)
        self.next = Button(
            f"{self.topic}.next", self.words_on(), icon="forward", kind="primary", press=self.go_on
        )
        line = row()
        for each in (self.none, self.unknown, self.said):
            line.addWidget(each)
        line.addStretch(1)
        line.addWidget(self.next)
        self.body.addLayout(line)

    def words_on(self) -> str:
        """Return the words of the button that leaves the page."""
        return _("Done")

    def go_on(self) -> None:
        """Leave the page."""
        self.shell.back()

    # Reading and showing

    def load(self, visit: Visit, _now: int) -> PickView:
        """Read the person's health archive."""
        return view_of(profile_of(visit), self.topic)

    def show_view(self, view: PickView) -> None:
        """Tick what is on record and list the rest."""
        self._view = view
        for option in view.options:
            with QSignalBlocker(self.ticks[option.key]):
                self.ticks[option.key].setChecked(option.on)
            self.ticks[option.key].update()
        self._show_others(view.others)
        for button in (self.none, self.unknown):
            button.setEnabled(not view.any)
        words = {NONE: _("You said: none"), UNKNOWN: _("You said: not sure")}
        self.said.setText("" if view.any else words.get(view.said, ""))
        self.next.setEnabled(self.may_go_on(view))

    def may_go_on(self, view: PickView) -> bool:
        """Tell whether the page may be left by its button."""
        return view is not None

    def _show_others(self, others: tuple[Other, ...]) -> None:
        for old in self._rows:
            old.hide()
            old.deleteLater()
        self._rows = [self._row(other) for other in others]
        for number, each in enumerate(self._rows):
            self.list.inside.insertWidget(number, each)
        if self.list.inside.count() == len(self._rows):
            self.list.inside.addStretch(1)

    def _row(self, other: Other) -> QWidget:
        line = QWidget()
        name = f"{self.topic}.line.{other.id.hex}"
        inside = row(line)
        inside.addWidget(Body(name, other.words), 1)
        drop = Button(
            f"{name}.remove",
            icon="x",
            kind="plain",
            spoken=_("Remove {name}").format(name=other.words),
            press=partial(self._remove, other),
        )
        inside.addWidget(drop, 0, Qt.AlignmentFlag.AlignVCenter)
        return line

    # Acts

    def _ticked(self, key: str, on: bool) -> None:
        self._act(lambda profile: tick(profile, self.topic, key, on=on))

    def _add(self) -> None:
        from carehub.workflows.people import new_id

        words = self.field.value()
        self.field.line.clear()
        self._act(lambda profile: add(profile, self.topic, words, new_id()))

    def _remove(self, other: Other) -> None:
        self.offer_undo(
            _("Removed: {name}").format(name=other.words), partial(self._bring_back, other.id)
        )

        def plan(profile: Profile) -> Change:
            self._gone[other.id] = remove(profile, other.id)
            return self._gone[other.id]

        self._act(plan)

    def _bring_back(self, entry_id: UUID) -> None:
        gone = self._gone.pop(entry_id, Change())
        self._act(lambda _profile: gone.back())

    def _say(self, word: str) -> None:
        for button in (self.none, self.unknown):
            button.setEnabled(False)
        self._act(lambda profile: state(profile, self.topic, word), self._stated)

    def _stated(self, _changes: Changes) -> None:
        self.go_on()

    def _act(self, plan: Plan, done: Callable[[Changes], object] | None = None) -> None:
        """Carry out what `plan` makes of the profile as it is by then."""
        visit = self.visit
        if visit.archive is not None:
            self.shell.background.run(partial(carry_out, visit, plan, background.now()), done)

    def spoken(self) -> list[str]:
        said = [self.header.title.text(), *(t.text() for t in self.ticks.values() if t.isChecked())]
        return [*said, *(other.words for other in (self._view.others if self._view else ()))]


def carry_out(visit: Visit, plan: Plan, now: int) -> Changes:
    """Settle in the archive what a plan makes of the person's profile; runs in the background."""
    from carehub.workflows import people

    assert visit.archive is not None
    change = plan(profile_of(visit))
    return people.settle(visit.archive, change.kept, change.gone, now)


def profile_of(visit: Visit) -> Profile:
    """Read the health archive of the person who is here; runs in the background."""
    from carehub.archive import people

    assert visit.archive is not None
    assert visit.person is not None
    with visit.archive.read() as tx:
        return people.profile(tx, visit.person.id)
