"""The family view: everyone cared for, worst first, with what may be done for each."""

from functools import partial
from uuid import UUID

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QWidget

from carehub.care.changes import Changes
from carehub.i18n import _
from carehub.ui import background, theme
from carehub.ui.screens.family import loading
from carehub.ui.screens.family.call import Call
from carehub.ui.screens.family.code import LOOK_SECONDS, Code, Consent
from carehub.ui.screens.family.empty import Empty
from carehub.ui.screens.family.invite import Invite
from carehub.ui.screens.family.join import Join
from carehub.ui.screens.family.model import Cared, FamilyView, Gone
from carehub.ui.screens.family.told import Order
from carehub.ui.screens.family.trusted import Looks, Trusted, hear
from carehub.ui.screens.page import AnyPage, Page
from carehub.ui.theme import Step
from carehub.ui.visit import Visit
from carehub.ui.widgets import (
    Avatar,
    Body,
    Button,
    Chip,
    Note,
    Panel,
    Scroll,
    Status,
    Words,
    column,
    row,
)
from carehub.ui.widgets.tiles import picture

EDGES = {"danger": ("danger", 4), "warn": ("warn", 2)}


class Family(Page[FamilyView]):
    """Everyone whose records this account may see; the gravest stands first."""

    concerns = Changes.FAMILY | Changes.READINGS | Changes.ALERTS | Changes.PEOPLE

    def title(self) -> str:
        return _("Family I care for")

    def build(self) -> None:
        """Lay out the list, and what to do where it is empty."""
        self._view = FamilyView()
        self._parts: list[QWidget] = []
        self.header.add(
            Button(
                "family.join",
                _("Add someone"),
                icon="plus",
                press=partial(self.shell.open, "family.join"),
            )
        )
        self.list = Scroll("family.list")
        self.nobody = Empty("family.nobody", "people", _("You care for nobody here yet"))
        self.nobody.hide()
        self.waiting = Note("family.waiting")
        self.waiting.hide()
        self.list.inside.addWidget(self.waiting)
        self.list.inside.addWidget(self.nobody, 1)
        self.list.inside.addStretch()
        self.body.addWidget(self.list, 1)
        self._looking: background.Task | None = None
        self._timer = QTimer(self, interval=LOOK_SECONDS * 1000)
        self._timer.timeout.connect(self._look)
        self.foot.show_words(_("Their records stay apart from your own"), "lock")

    def load(self, visit: Visit, now: int) -> FamilyView:
        """Read everyone cared for."""
        return loading.family(visit, now)

    def show_view(self, view: FamilyView) -> None:
        """Show one panel for each person, worst first."""
        self._view = view
        for old in self._parts:
            old.hide()
            old.deleteLater()
        self._parts = [self._gone(n, gone) for n, gone in enumerate(view.gone)]
        self._parts += [self._person(n, one) for n, one in enumerate(view.people)]
        for number, each in enumerate(self._parts):
            self.list.inside.insertWidget(number, each)
        how = _("Ask your parents for a code, then press Add someone and type it.")
        self.nobody.say(_("You care for nobody here yet"), view.waiting or how)
        self.nobody.setVisible(not view.people)
        self._timer.start() if view.waiting else self._timer.stop()
        self.waiting.setText(view.waiting)
        self.waiting.setVisible(bool(view.waiting) and bool(view.people))

    def _look(self) -> None:
        """Ask whether somebody said yes, while this page waits for it."""
        under_way = self._looking is not None and not self._looking.finished
        if self.visit.archive is not None and not under_way:
            self._looking = hear(self.shell, self.visit.archive)

    def left(self) -> None:
        """Stop asking; the page is read again when it is back."""
        self._timer.stop()
        self.stale = True

    def _gone(self, number: int, gone: Gone) -> QWidget:
        name = f"family.gone.{number}"
        panel = Panel(name, lying=True, edge="warn", edge_width=2)
        panel.inside.addWidget(Words(f"{name}.words", gone.sentence), 1)
        press = partial(self._read, gone.id)
        read = Button(f"{name}.read", _("Got it"), icon="check", press=press)
        read.setAccessibleDescription(gone.sentence)
        panel.inside.addWidget(read, 0, Qt.AlignmentFlag.AlignVCenter)
        return panel

    def _person(self, number: int, one: Cared) -> QWidget:
        name, sizes = f"family.{number}", theme.look().sizes
        tone, width = EDGES.get(one.status, ("hair", 1))
        panel = Panel(name, edge=tone, edge_width=width)
        panel.inside.setSpacing(sizes.between)
        above = row(space=sizes.gap)
        edge = round(sizes.target * 1.2)
        face = Avatar(f"{name}.face", one.name, picture(one.photo, edge), edge=edge)
        above.addWidget(face, 0, Qt.AlignmentFlag.AlignVCenter)
        words = column(space=2)
        words.addWidget(Words(f"{name}.name", one.name, step=Step.TITLE, bold=True))
        words.addWidget(Body(f"{name}.sentence", one.sentence))
        told = Body(f"{name}.told", one.told, tone="ink_2")
        told.setVisible(bool(one.told))
        words.addWidget(told)
        reading = Note(f"{name}.reading", one.reading)
        reading.setVisible(bool(one.reading))
        words.addWidget(reading)
        above.addLayout(words, 1)
        chip = Chip(f"{name}.state", one.chip, Status[one.status.upper()])
        above.addWidget(chip, 0, Qt.AlignmentFlag.AlignVCenter)
        panel.inside.addLayout(above)
        acts = row()
        for button in self._acts(name, one):
            button.setAccessibleDescription(one.name)
            acts.addWidget(button)
        acts.addStretch(1)
        panel.inside.addLayout(acts)
        return panel

    def _acts(self, name: str, one: Cared) -> list[Button]:
        """Return what may be done for this person; what the role forbids is not offered."""
        visit = partial(self._visit, one.id)
        acts = [
            Button(
                f"{name}.call",
                _("Call"),
                icon="phone",
                kind="primary" if one.alert is not None else "outline",
                press=partial(self.shell.open, "family.call", person=one.id),
            ),
            Button(f"{name}.report", _("Report"), icon="chart", press=partial(visit, "report")),
        ]
        if one.alert is not None:
            press = partial(self._acknowledge, one)
            acts.insert(1, Button(f"{name}.seen", _("I see to it"), icon="check", press=press))
        if one.may_record:
            press = partial(visit, "keypad")
            acts.append(Button(f"{name}.record", _("Enter"), icon="keypad", press=press))
        if one.may_consult:
            press = partial(visit, "consult")
            acts.append(Button(f"{name}.consult", _("Doctor"), icon="stethoscope", press=press))
        return acts

    def _visit(self, person_id: UUID, page: str) -> None:
        self.shell.session.look_after(person_id, page)

    def typed(self, _taken: object) -> None:
        """Be told by the pad that a reading was entered for somebody."""
        self.shell.show_notice("entered", _("Written down and on its way to them."), Status.OK)

    def _read(self, person_id: UUID) -> None:
        from carehub.workflows import family

        if self.visit.archive is not None:
            self.ask(partial(family.note_read, self.visit.archive, person_id))

    def _acknowledge(self, one: Cared) -> None:
        if self.visit.archive is not None and one.alert is not None:
            self.shell.background.run(partial(acknowledge, self.visit, one.id, one.alert))

    def spoken(self) -> list[str]:
        view = self._view
        said = [self.header.title.text(), *(gone.sentence for gone in view.gone)]
        for one in view.people:
            said += [one.name, one.sentence, one.told, one.reading]
        if not view.people:
            said += self.nobody.sentences()
        return [each for each in said if each]


def acknowledge(visit: Visit, person_id: UUID, alert_id: UUID) -> object:
    """Note that the relative who is here has seen somebody's alert; runs in the background."""
    from carehub.workflows import alerts

    assert visit.archive is not None
    own = visit.person.greeting_name if visit.person is not None else ""
    by = loading.signature(visit.archive, own, person_id)
    return alerts.acknowledge(visit.archive, alert_id, by, background.now())


PAGES: dict[str, type[AnyPage]] = {
    "family": Family,
    "family.call": Call,
    "family.trusted": Trusted,
    "family.looks": Looks,
    "family.invite": Invite,
    "family.consent": Consent,
    "family.code": Code,
    "family.join": Join,
    "family.order": Order,
}
