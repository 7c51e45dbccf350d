"""Who somebody is: name, what to call them, sex, and the birthday typed on a pad."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from carehub.care.people import Sex
from carehub.i18n import _
from carehub.ui import theme
from carehub.ui.screens.people.model import Typed
from carehub.ui.terms import SEXES
from carehub.ui.widgets import (
    Body,
    Choices,
    DateField,
    Keypad,
    Panel,
    TextField,
    column,
    row,
)


class BirthPad(QWidget):
    """A birthday in three boxes that a pad fills from left to right."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self.date = DateField(f"{name}.date", _("Birthday (may stay empty)"))
        self.pad = Keypad(f"{name}.pad")
        self.pad.typed.connect(self.date.type_key)
        lines = column(self)
        lines.addWidget(self.date)
        lines.addWidget(self.pad, 1)


class PersonForm(QWidget):
    """Name and form of address on the left, the birthday on the right."""

    def __init__(self, name: str, extra: QWidget | None = None) -> None:
        super().__init__()
        self.setObjectName(name)
        self.called_by = TextField(f"{name}.name", _("Name"), hint=_("As on the ID card"))
        self.called = TextField(
            f"{name}.called", _("What shall we call you?"), hint=_("Granny Wang, for example")
        )
        self.sex = Choices(f"{name}.sex", [(sex.value, _(text)) for sex, text in SEXES.items()])
        self.birth = BirthPad(f"{name}.born")
        left, right = Panel(f"{name}.who"), Panel(f"{name}.when")
        left.inside.addWidget(self.called_by)
        left.inside.addWidget(self.called)
        left.inside.addWidget(Body(f"{name}.sex.caption", _("Sex (may stay empty)")))
        sexes = row()
        sexes.addWidget(self.sex)
        sexes.addStretch(1)
        left.inside.addLayout(sexes)
        if extra is not None:
            left.inside.addWidget(extra)
        left.inside.addStretch(1)
        right.inside.addWidget(self.birth)
        across = row(self, space=theme.look().sizes.gap)
        across.addWidget(left, 6)
        across.addWidget(right, 5)

    def show_typed(self, typed: Typed) -> None:
        """Fill in what is known."""
        self.called_by.line.setText(typed.name)
        self.called.line.setText(typed.called)
        self.sex.choose(typed.sex.value)
        self.birth.date.show_day(typed.born)

    def typed(self) -> Typed:
        """Return what stands in the form."""
        return Typed(
            name=self.called_by.value(),
            called=self.called.value(),
            born=self.birth.date.value(),
            sex=Sex(self.sex.value() or Sex.UNKNOWN),
            birthday_empty=self.birth.date.empty(),
        )

    def complain(self, now: int, zone_offset: int) -> bool:
        """Say what is wrong with the fields; True where something is."""
        typed = self.typed()
        name, born = typed.name_trouble(), typed.birthday_trouble(now, zone_offset)
        self.called_by.complain(name)
        self.birth.date.complain(born)
        if name:
            self.called_by.line.setFocus(Qt.FocusReason.OtherFocusReason)
        return bool(name or born)
