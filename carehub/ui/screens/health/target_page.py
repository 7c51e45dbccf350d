"""The limits a doctor set for one person, typed on the pad."""

from functools import partial

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QWidget

from carehub.care.changes import Changes
from carehub.care.people import Target
from carehub.i18n import _
from carehub.ui import background, theme
from carehub.ui.screens.health.forms import TARGETS, TargetBox, target_of, target_texts
from carehub.ui.screens.health.model import TARGET_HEADING
from carehub.ui.screens.page import Page
from carehub.ui.visit import Visit
from carehub.ui.widgets import BigField, Body, Button, Keypad, Note, Panel, Words, row
from carehub.ui.widgets.panel import grid


class TargetPage(Page[Target]):
    """Numbers that come from a doctor; empty ones leave the published limits in force."""

    typed_into = True

    def title(self) -> str:
        return _(TARGET_HEADING)

    def build(self) -> None:
        """Lay out the boxes beside the pad."""
        self.boxes: dict[str, BigField] = {}
        self._before: Target | None = None
        across = row(space=theme.look().sizes.gap)
        across.addWidget(self._left(), 62)
        panel = Panel("target.pad.panel")
        panel.inside.setContentsMargins(*(theme.look().sizes.gap,) * 4)
        self.pad = Keypad("target.pad", decimal=True)
        panel.inside.addWidget(self.pad)
        across.addWidget(panel, 38)
        self.body.addLayout(across, 1)
        self.pad.feed(next(iter(self.boxes.values())))
        self.foot.show_words(
            _("Copy these numbers from what your doctor said; do not choose them yourself."), "info"
        )

    def _left(self) -> QWidget:
        panel = Panel("target.fields")
        lines = grid()
        for number, (caption, boxes) in enumerate(TARGETS):
            lines.addWidget(Body(f"target.caption.{number}", _(caption)), number * 2, 0, 1, 4)
            for place, box in enumerate(boxes):
                words = Words(f"target.{box.key}.caption", _(box.caption), bold=True, wrap=False)
                lines.addWidget(words, number * 2 + 1, place * 2)
                lines.addWidget(self._box(caption, box), number * 2 + 1, place * 2 + 1)
        panel.inside.addLayout(lines)
        self.complaint = Note("target.complaint", tone="danger")
        panel.inside.addWidget(self.complaint)
        panel.inside.addStretch(1)
        buttons = row()
        self.clear = Button("target.clear", _("No own target"), icon="x", press=self._clear)
        self.clear.setEnabled(False)
        self.save = Button("target.save", _("Save"), icon="check", kind="primary", press=self._save)
        buttons.addWidget(self.clear)
        buttons.addStretch(1)
        buttons.addWidget(self.save)
        panel.inside.addLayout(buttons)
        return panel

    def _box(self, caption: str, box: TargetBox) -> BigField:
        longest = 4 if box.decimal else 3
        spoken = f"{_(caption)} {_(box.caption)}"
        made = BigField(f"target.{box.key}", spoken=spoken, longest=longest, decimal=box.decimal)
        made.installEventFilter(self)
        self.boxes[box.key] = made
        return made

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let the pad follow the focus from box to box."""
        if event.type() is QEvent.Type.FocusIn and isinstance(watched, BigField):
            self.pad.feed(watched)
        return False

    def load(self, visit: Visit, _now: int) -> Target:
        """Read the target that is in force."""
        from carehub.archive import people

        assert visit.archive is not None
        assert visit.person is not None
        with visit.archive.read() as tx:
            return people.target(tx, visit.person.id) or Target()

    def show_view(self, view: Target) -> None:
        """Fill the boxes in."""
        self._before = view
        for key, text in target_texts(view).items():
            self.boxes[key].show_value(text)
        self.clear.setEnabled(view != Target())
        next(iter(self.boxes.values())).setFocus(Qt.FocusReason.OtherFocusReason)

    def _save(self) -> None:
        typed = target_of({key: box.value() for key, box in self.boxes.items()})
        self.complaint.setText(typed.trouble)
        if typed.target is not None:
            self._keep(typed.target, leave=True)

    def _clear(self) -> None:
        before = self._before
        self._keep(Target(), leave=False)
        for box in self.boxes.values():
            box.clear()
        self.clear.setEnabled(False)
        if before is not None:
            self.offer_undo(_("The doctor's target was taken out."), partial(self._back_to, before))

    def _back_to(self, before: Target) -> None:
        self._keep(before, leave=False)
        self.show_view(before)

    def _keep(self, target: Target, *, leave: bool) -> None:
        from carehub.workflows import people

        visit = self.visit
        if visit.archive is None or visit.person is None:
            return
        work = partial(
            people.agree_target, visit.archive, visit.person.id, target, background.now()
        )
        self.ask(work, self._kept if leave else None)

    def _kept(self, _changes: Changes) -> None:
        self.shell.back()

    def spoken(self) -> list[str]:
        said = [self.header.title.text(), self.foot.words.text()]
        return [*said, *(_(each[0]) for each in TARGETS)]
