"""帮家人看: type the code a parent shows, or ask from afar to be bound to their account."""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from carehub.care.changes import Changes
from carehub.care.family import Role
from carehub.errors import PlatformRefused
from carehub.i18n import _
from carehub.ui import reach, theme
from carehub.ui.screens.family.words import RELATIONS, ROLES
from carehub.ui.screens.page import AnyPage
from carehub.ui.widgets import (
    Body,
    Button,
    Choices,
    Heading,
    Panel,
    Status,
    TextField,
    Tick,
    row,
)

if TYPE_CHECKING:
    from carehub.archive.store import Archive

LEAST = 6
"""Signs of the shortest code."""
LEAST_LOGIN = 3


class Join(AnyPage):
    """Two ways to begin: a code, or asking by the parent's account."""

    def title(self) -> str:
        return _("Care for family")

    def build(self) -> None:
        """Lay out both ways side by side."""
        across = row(space=theme.look().sizes.gap)
        across.addWidget(self._by_code(), 5)
        across.addWidget(self._from_afar(), 6)
        self.body.addLayout(across, 1)
        self.foot.show_words(_("Nothing is seen before they say yes on their own screen"), "lock")

    def _by_code(self) -> QWidget:
        panel = Panel("join.code")
        self.first = Heading("join.code.title", _("I have a code"))
        panel.inside.addWidget(self.first)
        person = self.visit.person
        self.name = TextField(
            "join.name", _("Your name, as they know you"), text=person.name if person else ""
        )
        self.code = TextField("join.typed", _("The code on their screen"))
        self.send = Button("join.send", _("Send"), icon="forward", kind="primary", press=self._send)
        self.alerts = Tick("join.alerts", _("Tell me at once of urgent alerts"))
        for each in (self.name, self.code, self.alerts):
            panel.inside.addWidget(each)
        beside = row()
        beside.addWidget(self.send)
        beside.addStretch(1)
        panel.inside.addLayout(beside)
        panel.inside.addStretch(1)
        return panel

    def _from_afar(self) -> QWidget:
        panel = Panel("join.afar")
        self.second = Heading("join.afar.title", _("They are far away"))
        panel.inside.addWidget(self.second)
        self.login = TextField("join.login", _("Their account or telephone number"))
        relations = [
            (key, _(RELATIONS[key])) for key in ("daughter", "son", "spouse", "grandchild")
        ]
        self.relation = Choices("join.relation", relations, "daughter", columns=4)
        roles = [(key, _(ROLES[key])) for key in (Role.VIEWER, Role.CARER)]
        self.role = Choices("join.role", roles, Role.CARER)
        panel.inside.addWidget(self.login)
        panel.inside.addWidget(Body("join.relation.caption", _("You are their")))
        for each, caption in ((self.relation, ""), (self.role, _("You would like to"))):
            if caption:
                panel.inside.addWidget(Body("join.role.caption", caption))
            beside = row()
            beside.addWidget(each)
            beside.addStretch(1)
            panel.inside.addLayout(beside)
        panel.inside.addStretch(1)
        self.ask_them = Button("join.ask", _("Ask them"), icon="people", press=self._ask)
        last = row()
        last.addWidget(self.ask_them)
        last.addStretch(1)
        panel.inside.addLayout(last)
        return panel

    def _send(self) -> None:
        code = self.code.value()
        named = bool(self.name.value())
        short = sum(sign.isalnum() for sign in code) < LEAST
        self.name.complain("" if named else _("Please type your name."))
        self.code.complain(_("Please type the whole code.") if short else "")
        archive = self.visit.archive
        if named and not short and archive is not None:
            self.send.setEnabled(False)
            work = partial(accept, archive, code, self.name.value(), alerts=self.alerts.isChecked())
            self.ask(work, self._sent, self._failed)

    def _ask(self) -> None:
        login, archive = self.login.value(), self.visit.archive
        named, known = bool(self.name.value()), len(login) >= LEAST_LOGIN
        self.name.complain("" if named else _("Please type your name."))
        self.login.complain("" if known else _("Please type their account."))
        if archive is not None and named and known:
            self.ask_them.setEnabled(False)
            role = Role(self.role.value())
            named_as = {"relation": self.relation.value(), "name": self.name.value()}
            alerts = self.alerts.isChecked()
            work = partial(ask, archive, login, role, alerts=alerts, **named_as)
            self.ask(work, self._sent, self._failed)

    def _sent(self, _changes: Changes) -> None:
        said = _("Sent. Their records appear here as soon as they have said yes.")
        self.shell.show_notice("asked", said, Status.OK)
        self.shell.instead("family")

    def _failed(self, error: BaseException) -> None:
        self.send.setEnabled(True)
        self.ask_them.setEnabled(True)
        if isinstance(error, PlatformRefused) and error.parameters["reason"] == "code_wrong":
            self.code.complain(_("This code is not right, or too old. Ask for a new one."))
        elif isinstance(error, PlatformRefused) and error.parameters["reason"] == "not_now":
            self.code.complain(_("You have asked already; they still have to say yes."))
        else:
            self.shell.show_error(error)

    def spoken(self) -> list[str]:
        return [
            self.header.title.text(),
            self.first.text(),
            self.code.caption.text(),
            self.second.text(),
            self.login.caption.text(),
        ]


async def accept(archive: "Archive", code: str, name: str, *, alerts: bool) -> Changes:
    """Answer an invitation; `alerts` is one's own agreement to be told of urgent alerts."""
    async with reach.family(archive) as family:
        await family.accept(code, name, alerts=alerts)
    return Changes.FAMILY


async def ask(
    archive: "Archive", login: str, role: Role, *, relation: str, name: str, alerts: bool
) -> Changes:
    """Ask from afar, then hear what the platform says of it."""
    async with reach.family(archive) as family:
        await family.ask(login, role, relation, name=name, alerts=alerts)
        return await family.learn() | Changes.FAMILY
