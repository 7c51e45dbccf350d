"""What was agreed about glucose: how often, which group, ketone strips, and the last HbA1c."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import partial

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QWidget

from carehub.care.alerts.rulebook import Rulebook
from carehub.care.changes import Changes
from carehub.care.plans import GlucosePlan
from carehub.i18n import _
from carehub.ui import background, phrases, theme
from carehub.ui.screens.health.glucose_plan import (
    EVERY,
    GROUPS,
    HEADING,
    NEVER,
    UNTOLD,
    PlanView,
    every_of,
    group_of,
    typed_of,
    view_of,
)
from carehub.ui.screens.page import Page
from carehub.ui.theme import Step
from carehub.ui.visit import Visit
from carehub.ui.widgets import (
    BigField,
    Body,
    Button,
    Choices,
    DateField,
    Heading,
    Keypad,
    Note,
    Panel,
    Tick,
    Words,
    row,
)


class GlucosePlanPage(Page[PlanView]):
    """Choices on the left, each kept at once; the HbA1c on the right."""

    concerns = Changes.PEOPLE

    def title(self) -> str:
        return _(HEADING)

    def build(self) -> None:
        """Lay out the choices beside the HbA1c."""
        across = row(space=theme.look().sizes.gap)
        across.addWidget(self._choices(), 62)
        across.addWidget(self._hba1c(), 38)
        self.body.addLayout(across, 1)
        self.foot.show_words(_("As you and your doctor agreed"), "info")

    def _choices(self) -> QWidget:
        panel = Panel("plan.choices")
        self.every = Choices("plan.every", _said(EVERY), columns=3)
        self.every.chosen.connect(lambda key: self._change("every", every_of(key)))
        self.group = Choices("plan.group", _said(GROUPS), columns=4)
        self.group.chosen.connect(lambda key: self._change("health_group", group_of(key)))
        self.strips = Tick("plan.strips", _("Ketone strips at home"))
        self.strips.clicked.connect(lambda on: self._change("ketone_strips", on))
        for caption, widget in (
            (_("How often to measure glucose"), self.every),
            (_("Your health, in the doctor's words"), self.group),
        ):
            panel.inside.addWidget(Body(f"{widget.objectName()}.caption", caption))
            panel.inside.addWidget(widget)
            panel.inside.addSpacing(theme.look().sizes.gap)
        panel.inside.addWidget(self.strips)
        panel.inside.addStretch(1)
        return panel

    def _hba1c(self) -> QWidget:
        panel = Panel("plan.hba1c")
        self.result = Words("plan.result", step=Step.CARD, bold=True, wrap=False)
        self.tested = Body("plan.tested")
        self.next = Body("plan.next", tone="ink_2")
        self.change = Button(
            "plan.change", icon="pencil", press=lambda: self.shell.open("health.hba1c")
        )
        panel.inside.addWidget(Heading("plan.hba1c.caption", _("HbA1c test")))
        panel.inside.addWidget(
            Note("plan.hba1c.why", _("It shows the last three months; the hospital takes blood."))
        )
        panel.inside.addStretch(1)
        for words in (self.result, self.tested, self.next):
            panel.inside.addWidget(words)
        panel.inside.addStretch(1)
        panel.inside.addWidget(self.change)
        return panel

    def load(self, visit: Visit, now: int) -> PlanView:
        """Read what was agreed."""
        return _loaded(visit, now)

    def show_view(self, view: PlanView) -> None:
        """Show what is chosen, and the HbA1c."""
        plan = view.plan
        every = NEVER if plan.every is None else str(plan.every)
        if every in EVERY:
            self.every.choose(every)
        self.group.choose(UNTOLD if plan.health_group is None else plan.health_group.value)
        self.strips.setChecked(plan.ketone_strips)
        self.result.setText(view.result)
        self.tested.setText(view.tested or _("Not known yet"))
        self.next.setText(view.next)
        for words in (self.result, self.next):
            words.setVisible(bool(words.text()))
        self.change.setText(_("Change") if view.result else _("Add"))
        self.change.set_icon("pencil" if view.result else "plus")

    def _change(self, part: str, value: object) -> None:
        visit = self.visit
        if visit.archive is not None and visit.person is not None:
            self.ask(partial(_keep, visit, {part: value}, background.now()), None)

    def spoken(self) -> list[str]:
        captions = [
            part.text()
            for part in self.findChildren(Body)
            if part.objectName() in ("plan.every.caption", "plan.group.caption")
        ]
        shown = [self.result.text(), self.tested.text(), self.next.text()]
        return [each for each in (self.header.title.text(), *captions, *shown) if each]


class HbA1cPage(Page[PlanView]):
    """The last HbA1c: its value and its day, typed on the pad."""

    typed_into = True

    def title(self) -> str:
        return _("HbA1c test")

    def build(self) -> None:
        """Lay out the two questions beside the pad."""
        across = row(space=theme.look().sizes.gap)
        across.addWidget(self._left(), 62)
        panel = Panel("hba1c.pad.panel")
        panel.inside.setContentsMargins(*(theme.look().sizes.gap,) * 4)
        self.pad = Keypad("hba1c.pad", decimal=True)
        self.pad.typed.connect(self._type)
        panel.inside.addWidget(self.pad)
        across.addWidget(panel, 38)
        self.body.addLayout(across, 1)
        self._dating = False
        self._before = GlucosePlan()
        self.foot.show_words(_("Copy it from the hospital's paper"), "info")

    def _left(self) -> QWidget:
        panel = Panel("hba1c.fields")
        self.value = BigField("hba1c.value", spoken=_("HbA1c, %"), longest=4, decimal=True)
        self.day = DateField("hba1c.day", _("When was the test?"))
        self.before = Note("hba1c.before")
        self.complaint = Note("hba1c.complaint", tone="danger")
        for box in (self.value, *self.day.boxes()):
            box.installEventFilter(self)
        line = row()
        line.addWidget(self.value)
        line.addWidget(Words("hba1c.unit", "%", step=Step.TITLE, bold=True, wrap=False))
        line.addStretch(1)
        self.save = Button("hba1c.save", _("Save"), icon="check", kind="primary", press=self._save)
        self.forget = Button(
            "hba1c.forget", _("Take it out"), icon="trash", kind="plain", press=self._forget
        )
        self.forget.hide()
        last = row()
        last.addWidget(self.forget)
        last.addStretch(1)
        last.addWidget(self.save)
        panel.inside.addWidget(Body("hba1c.caption", _("What was the result? (may stay empty)")))
        panel.inside.addLayout(line)
        panel.inside.addSpacing(theme.look().sizes.gap)
        panel.inside.addWidget(self.day)
        panel.inside.addWidget(self.complaint)
        panel.inside.addSpacing(theme.look().sizes.gap)
        panel.inside.addWidget(self.before)
        panel.inside.addStretch(1)
        panel.inside.addLayout(last)
        return panel

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let the pad follow the focus: to the value, or to the day."""
        if event.type() is QEvent.Type.FocusIn:
            self._dating = watched is not self.value
        return False

    def _type(self, key: str) -> None:
        if self._dating:
            self.day.type_key(key)
        else:
            self.value.type_key(key)

    def load(self, visit: Visit, now: int) -> PlanView:
        """Read the last one."""
        return _loaded(visit, now)

    def show_view(self, view: PlanView) -> None:
        """Show the last one beside empty boxes; a test is of this year more often than not."""
        self._before = view.plan
        said = " ".join(filter(None, (view.result, view.tested)))
        self.before.setText(_("Until now: {said}").format(said=said) if said else "")
        self.before.setVisible(bool(said))
        self.forget.setVisible(bool(said))
        self.day.boxes()[0].setText(str(self._today().year))
        self.value.setFocus(Qt.FocusReason.OtherFocusReason)

    def _today(self) -> date:
        zone = self.visit.person.zone_offset if self.visit.person is not None else 0
        return phrases.local(background.now(), zone).date()

    def _save(self) -> None:
        typed = typed_of(self.value.value(), self.day.value(), _rulebook(), self._today())
        self.complaint.setText(typed.trouble)
        if not typed.trouble:
            self._keep(typed.hba1c, typed.on, self._saved)

    def _saved(self, _changes: Changes) -> None:
        self.shell.back()

    def _forget(self) -> None:
        before = self._before
        self._keep(None, None)
        self.forget.hide()
        self.before.hide()
        self.offer_undo(
            _("The HbA1c was taken out."), lambda: self._bring_back(before.hba1c, before.hba1c_on)
        )

    def _bring_back(self, hba1c: Decimal | None, on: date | None) -> None:
        self._keep(hba1c, on)
        self.before.show()
        self.forget.show()

    def _keep(
        self,
        hba1c: Decimal | None,
        on: date | None,
        done: Callable[[Changes], object] | None = None,
    ) -> None:
        if self.visit.archive is not None and self.visit.person is not None:
            parts: dict[str, object] = {"hba1c": hba1c, "hba1c_on": on}
            self.ask(partial(_keep, self.visit, parts, background.now()), done)

    def spoken(self) -> list[str]:
        parts = [self.header.title, self.day.caption, self.before, self.foot.words]
        return [part.text() for part in parts if part.text()]


def _said(words: dict[str, str]) -> list[tuple[str, str]]:
    return [(key, _(text)) for key, text in words.items()]


def _rulebook() -> Rulebook:
    from carehub.workflows.rulebook import rulebook

    return rulebook()


def _loaded(visit: Visit, now: int) -> PlanView:
    from carehub.archive import people

    assert visit.archive is not None
    assert visit.person is not None
    with visit.archive.read() as tx:
        plan = people.glucose_plan(tx, visit.person.id) or GlucosePlan()
    return view_of(plan, _rulebook(), phrases.local(now, visit.person.zone_offset).date())


def _keep(visit: Visit, parts: dict[str, object], now: int) -> Changes:
    """Change these parts of the plan as it stands, so that two quick choices both count."""
    from carehub.archive import people as rows
    from carehub.workflows import people

    assert visit.archive is not None
    assert visit.person is not None
    with visit.archive.read() as tx:
        plan = rows.glucose_plan(tx, visit.person.id) or GlucosePlan()
    changed = replace(plan, **parts)  # type: ignore[arg-type]  # fields of GlucosePlan by name
    return people.agree_glucose_plan(visit.archive, visit.person.id, changed, now)
