"""Inviting a relative: what they are to me, what they may do, and for how long."""

from PySide6.QtWidgets import QWidget

from carehub.care.family import Role
from carehub.i18n import _
from carehub.ui import theme
from carehub.ui.screens.family.giving import TERMS, Wish
from carehub.ui.screens.family.words import EXPLAINED, RELATIONS, ROLES
from carehub.ui.screens.page import AnyPage
from carehub.ui.widgets import Body, Button, Choices, Note, Panel, row

ACROSS = 4


class Invite(AnyPage):
    """The choices; the next page says in full what they mean and asks for consent."""

    def title(self) -> str:
        return _("Invite family")

    def build(self) -> None:
        """Lay out who on the left, what on the right."""
        across = row(space=theme.look().sizes.gap)
        across.addWidget(self._who(), 6)
        across.addWidget(self._what(), 5)
        self.body.addLayout(across, 1)
        self.next = Button(
            "invite.next", _("Continue"), icon="forward", kind="primary", press=self._go_on
        )
        self.next.setEnabled(False)
        line = row()
        line.addStretch(1)
        line.addWidget(self.next)
        self.body.addLayout(line)
        self._explain(Role.CARER)

    def _who(self) -> QWidget:
        panel = Panel("invite.who")
        panel.inside.addWidget(Body("invite.relation.caption", _("Who are they to you?")))
        relations = [(key, _(text)) for key, text in RELATIONS.items()]
        self.relation = Choices("invite.relation", relations, columns=self._columns())
        self.relation.chosen.connect(lambda *_: self.next.setEnabled(True))
        panel.inside.addWidget(self.relation)
        panel.inside.addStretch(1)
        panel.inside.addWidget(Body("invite.days.caption", _("How long may they?")))
        terms = [(key, _(text)) for key, (_days, text) in TERMS.items()]
        self.days = Choices("invite.days", terms, "365")
        beside = row()
        beside.addWidget(self.days)
        beside.addStretch(1)
        panel.inside.addLayout(beside)
        return panel

    @staticmethod
    def _columns() -> int:
        return 2 if theme.look().roomy else ACROSS

    def _what(self) -> QWidget:
        panel = Panel("invite.what")
        panel.inside.addWidget(Body("invite.role.caption", _("What may they do?")))
        roles = [(key, _(text)) for key, text in ROLES.items()]
        self.role = Choices("invite.role", roles, Role.CARER, columns=1)
        self.role.chosen.connect(self._explain)
        panel.inside.addWidget(self.role)
        self.explained = Note("invite.role.explained")
        panel.inside.addWidget(self.explained)
        panel.inside.addStretch(1)
        return panel

    def _explain(self, role: str) -> None:
        self.explained.setText(_(EXPLAINED[role]))

    def _go_on(self) -> None:
        wish = Wish(self.relation.value(), self.role.value(), TERMS[self.days.value()][0])
        self.shell.open("family.consent", wish=wish)

    def spoken(self) -> list[str]:
        return [self.header.title.text(), self.explained.text()]
