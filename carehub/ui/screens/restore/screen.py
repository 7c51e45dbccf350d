"""The page after damage: what happened, the backups by date, what will happen; it never deletes."""

from functools import partial
from pathlib import Path
from typing import ClassVar

from PySide6.QtWidgets import QVBoxLayout, QWidget

from carehub.i18n import _
from carehub.ui import background, theme
from carehub.ui.door import Ways
from carehub.ui.screens.page import Page
from carehub.ui.screens.restore.model import (
    Choice,
    RestoreView,
    view_of_backups,
    view_of_keys,
)
from carehub.ui.theme import Step
from carehub.ui.visit import Visit
from carehub.ui.widgets import (
    Button,
    Choices,
    Heading,
    Mark,
    Note,
    Panel,
    Scroll,
    StepList,
    Words,
    column,
    row,
)

HERE = 480


class Restore(Page[RestoreView]):
    """Opened with `keys` true where the key file is damaged, else the database is."""

    can_go_back: ClassVar[bool] = False
    locks: ClassVar[bool] = False

    def title(self) -> str:
        return _("Something needs mending")

    def build(self) -> None:
        """Lay out what happened on the left, what to restore on the right."""
        self._view: RestoreView | None = None
        self._chosen: Path | None = None
        across = row(space=theme.look().sizes.gap)
        across.addWidget(self._left(), 6)
        across.addLayout(self._right(), 5)
        self.body.addLayout(across, 1)
        self.foot.show_words(_("Nothing is deleted"), "lock")

    def _left(self) -> QWidget:
        panel = Panel("restore.words", edge="warn", edge_width=4)
        panel.inside.setContentsMargins(*(theme.look().sizes.margin,) * 4)
        head = row(space=theme.look().sizes.gap)
        head.addWidget(Mark("restore.mark", "warning", tone="warn", edge=theme.look().px(64)))
        self.what = Heading("restore.what")
        head.addWidget(self.what, 1)
        panel.inside.addLayout(head)
        self.steps = StepList("restore.steps")
        panel.inside.addWidget(self.steps)
        panel.inside.addStretch(1)
        return panel

    def _right(self) -> QVBoxLayout:
        self.choice = Panel("restore.choice")
        self.choice.inside.setContentsMargins(*(theme.look().sizes.gap,) * 4)
        self.which = Words("restore.which", bold=True, step=Step.STRONG)
        self.list = Scroll("restore.list")
        self._choices: Choices | None = None
        self.working = Note("restore.working")
        self.begin = Button(
            "restore.begin", _("Restore"), icon="check", kind="primary", press=self._begin
        )
        self.again = Button("restore.again", _("Try to unlock"), icon="lock", press=self._unlock)
        self.choice.inside.addWidget(self.which)
        self.choice.inside.addWidget(self.list, 1)
        lines = column()
        lines.addWidget(self.choice, 1)
        lines.addStretch(0)
        for each in (self.working, self.begin, self.again):
            lines.addWidget(each)
        return lines

    def refresh(self) -> None:
        """Look for backups, although no archive is open."""
        self.stale = False
        self.ask(partial(self.load, self.visit, background.now()), self.show_view)

    def load(self, _visit: Visit, now: int) -> RestoreView:
        """Ask the door what there is to restore from."""
        door = self.shell.session.door
        if self.asked.get("keys"):
            return view_of_keys(copy=door.has_key_copy())
        return view_of_backups(door.backups(), now, HERE)

    def show_view(self, view: RestoreView) -> None:
        """Show what happened and the backups."""
        self._view = view
        self.what.setText(view.what)
        self.steps.show_steps(view.steps)
        self.which.setText(_("Verified backups") if view.choices else "")
        self.choice.setVisible(bool(view.choices))
        self.begin.setVisible(view.possible)
        self.begin.setText(_("Use the spare key file") if view.keys else _("Restore"))
        self._show_choices(view.choices)

    def _show_choices(self, choices: tuple[Choice, ...]) -> None:
        if self._choices is not None:
            self._choices.hide()
            self._choices.deleteLater()
            self._choices = None
        if not choices:
            return
        words = [
            (str(n), f"{each.when} ・ {each.note}" if each.note else each.when)
            for n, each in enumerate(choices)
        ]
        self._choices = Choices("restore.backup", words, "0", columns=1)
        self.list.inside.insertWidget(0, self._choices)
        if self.list.inside.count() == 1:
            self.list.inside.addStretch(1)

    def _unlock(self) -> None:
        self.shell.session.begin()

    def _begin(self) -> None:
        if self._view is None:
            return
        self.begin.setEnabled(False)
        self.working.setText(_("One moment…"))
        door = self.shell.session.door
        if self._view.keys:
            self.ask(door.restore_key_file, self._keys_back, self._failed)
            return
        number = int(self._choices.value() or 0) if self._choices is not None else 0
        self.shell.session.restore(self._view.choices[number].file, self._failed)

    def _keys_back(self, _ways: Ways) -> None:
        self.shell.start("unlock")

    def _failed(self, error: BaseException) -> None:
        self.begin.setEnabled(True)
        self.working.setText("")
        self.shell.show_error(error)

    def spoken(self) -> list[str]:
        if self._view is None:
            return [self.header.title.text()]
        return [self.what.text(), *self._view.steps]


PAGES = {"restore": Restore}
