"""Ringing somebody cared for: their number in large digits, and saying that one has rung."""

from functools import partial
from typing import TYPE_CHECKING
from uuid import UUID

from PySide6.QtWidgets import QWidget

from carehub.care.changes import Changes
from carehub.care.family import Scope
from carehub.i18n import _
from carehub.ui import reach, theme
from carehub.ui.screens.family import loading
from carehub.ui.screens.family.model import CallView
from carehub.ui.screens.page import Page
from carehub.ui.theme import Step
from carehub.ui.visit import Visit
from carehub.ui.widgets import (
    Body,
    Button,
    Heading,
    Note,
    Panel,
    Scroll,
    Status,
    TextField,
    Tick,
    Words,
    row,
)

if TYPE_CHECKING:
    from carehub.archive.store import Archive

UNKNOWN = UUID(int=0)


class Call(Page[CallView]):
    """The numbers for one person; opened with `person`, the id of whom to ring."""

    concerns = Changes.FAMILY | Changes.ALERTS | Changes.PEOPLE
    typed_into = True

    def title(self) -> str:
        return _("Call")

    def build(self) -> None:
        """Lay out the person's own number beside the others."""
        self._view = CallView("")
        self._lines: list[QWidget] = []
        self._agreed: bool | None = None
        across = row(space=theme.look().sizes.gap)
        across.addWidget(self._own(), 6)
        across.addWidget(self._around(), 5)
        self.body.addLayout(across, 1)

    def refresh(self) -> None:
        """Read the numbers, and ask whether one agreed to be told; where it cannot be asked, wait."""
        super().refresh()
        person, archive = self.asked.get("person"), self.visit.archive
        if isinstance(person, UUID) and archive is not None:
            work = partial(agreed, archive, person)
            self.ask(work, self._show_agreed, lambda _error: None)

    def _show_agreed(self, yes: bool | None) -> None:
        """Show whether one is told of urgent alerts; who may only look never is."""
        self._agreed = yes
        self.alerts.setChecked(bool(yes))
        self.alerts.setVisible(yes is not None)

    def _agree(self, yes: bool) -> None:
        """Give or take back one's own word on being told."""
        person, archive = self.asked.get("person"), self.visit.archive
        if isinstance(person, UUID) and archive is not None and yes is not self._agreed:
            self._agreed = yes
            done = partial(self._noted, yes)
            self.ask(partial(agree, archive, person, yes), done, self._not_agreed)

    def _noted(self, yes: bool, _changes: Changes) -> None:
        said = _("You will be told at once.") if yes else _("You will no longer be told.")
        self.shell.show_notice("alerts", said, Status.OK)

    def _not_agreed(self, error: BaseException) -> None:
        self.shell.show_error(error)
        self._show_agreed(not self._agreed)

    def _own(self) -> QWidget:
        panel = Panel("call.own")
        self.who = Heading("call.who")
        self.why = Body("call.why", tone="danger")
        self.digits = Words("call.digits", step=Step.METRIC, bold=True, wrap=False)
        self.dial = Body("call.dial", _("Please dial this on a telephone"), tone="ink_2")
        self.field = TextField("call.phone", _("Their telephone number"))
        self.keep = Button("call.keep", _("Keep"), icon="check", press=self._keep)
        self.kept = Note("call.kept", _("Kept on this computer only"))
        self.rung = Button(
            "call.rung", _("I have called"), icon="phone", kind="primary", press=self._rung
        )
        for each in (self.who, self.why, self.digits, self.dial, self.field):
            panel.inside.addWidget(each)
        beside = row()
        beside.addWidget(self.keep)
        beside.addWidget(self.kept, 1)
        panel.inside.addLayout(beside)
        self.alerts = Tick("call.alerts", _("Tell me at once of urgent alerts"))
        self.alerts.toggled.connect(self._agree)
        self.alerts.hide()
        panel.inside.addWidget(self.alerts)
        panel.inside.addStretch(1)
        last = row()
        last.addWidget(self.rung)
        last.addStretch(1)
        panel.inside.addLayout(last)
        return panel

    def _around(self) -> QWidget:
        panel = Panel("call.around")
        panel.inside.addWidget(Heading("call.around.title", _("People near them")))
        self.nobody = Body("call.nobody", _("No numbers are written down in their records."))
        panel.inside.addWidget(self.nobody)
        self.list = Scroll("call.list")
        self.list.inside.addStretch(1)
        panel.inside.addWidget(self.list, 1)
        return panel

    def load(self, visit: Visit, now: int) -> CallView:
        """Read the numbers."""
        asked = self.asked.get("person")
        return loading.call(visit, asked if isinstance(asked, UUID) else UNKNOWN, now)

    def show_view(self, view: CallView) -> None:
        """Show the numbers; a number that nobody knows yet is asked for."""
        self._view = view
        known = bool(view.phone)
        self.header.show_title(_("Call {name}").format(name=view.name))
        self.who.setText(_("{name}'s telephone").format(name=view.name))
        self.why.setText(view.why)
        self.why.setVisible(bool(view.why))
        self.digits.setText(view.phone)
        asked = not known and view.mandate is not None
        self.digits.setVisible(known)
        self.dial.setVisible(known)
        self.field.setVisible(asked)
        self.keep.setVisible(asked)
        self.kept.setVisible(asked)
        self.rung.setVisible(view.alert is not None)
        self.nobody.setVisible(not view.others)
        for old in self._lines:
            old.hide()
            old.deleteLater()
        self._lines = []
        for number, (who, digits) in enumerate(view.others):
            self._lines += [
                Words(f"call.other.{number}", who, tone="ink_2"),
                Words(f"call.other.{number}.digits", digits, step=Step.TITLE, bold=True),
            ]
        for place, line in enumerate(self._lines):
            self.list.inside.insertWidget(place, line)

    def _keep(self) -> None:
        from carehub.workflows import family

        phone, archive, mandate = self.field.value(), self.visit.archive, self._view.mandate
        if not phone:
            self.field.complain(_("Please type a number."))
        elif archive is not None and mandate is not None:
            work = partial(family.keep_phone, archive, mandate, phone)
            self.ask(work, lambda _changes: self._again())

    def _again(self) -> None:
        self.shell.instead("family.call", **self.asked)

    def _rung(self) -> None:
        from carehub.ui.screens.family.screen import acknowledge

        person, alert = self.asked.get("person"), self._view.alert
        if isinstance(person, UUID) and alert is not None and self.visit.archive is not None:
            work = partial(acknowledge, self.visit, person, alert)
            self.ask(work, lambda _taken: self.shell.back())

    def spoken(self) -> list[str]:
        said = [self.header.title.text(), *filter(None, (self._view.why,))]
        if self._view.phone:
            said += [self._view.phone, self.dial.text()]
        for who, digits in self._view.others:
            said += [who, digits]
        return said


# Asking the platform, in the background


async def agreed(archive: "Archive", person_id: UUID) -> bool | None:
    """Ask whether one agreed to be told of somebody's alerts; None where one may not be."""
    async with reach.family(archive) as family:
        rows = await family.requests_made()
    held = [row for row in rows if row.person_id == person_id and row.state == "active"]
    told = [row.alerts for row in held if Scope.ACKNOWLEDGE in row.scopes]
    return any(told) if told else None


async def agree(archive: "Archive", person_id: UUID, yes: bool) -> Changes:
    """Say whether one wants to be told of somebody's alerts."""
    async with reach.telling(archive) as telling:
        await telling.agree_to_alerts(person_id, agreed=yes)
    return Changes.NONE
