"""The help page: 120, the family's numbers and the helpline, to be dialled from a telephone."""

from typing import ClassVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from carehub.i18n import _
from carehub.ui import theme
from carehub.ui.screens.help.model import Number, grouped, numbers
from carehub.ui.screens.page import AnyPage
from carehub.ui.theme import Step
from carehub.ui.widgets import Avatar, Body, Heading, Mark, Panel, Scroll, Words, column, row

EMERGENCY = "120"


class Help(AnyPage):
    """Whom to ring now; it needs no archive, so it works while locked too."""

    offers_help: ClassVar[bool] = False

    def title(self) -> str:
        return _("Help")

    def build(self) -> None:
        """Lay out the emergency number beside the family's."""
        across = row()
        across.addWidget(self._emergency(), 5)
        across.addWidget(self._family(), 6)
        self.body.addLayout(across, 1)
        self.foot.show_words(_("Dial on a telephone; this computer cannot ring"), "info")

    def _emergency(self) -> QWidget:
        panel = Panel("help.emergency", edge="danger", edge_width=4)
        body = theme.look().sizes.body
        panel.inside.addStretch(1)
        head = row(space=body // 2)
        head.addWidget(
            Mark("help.emergency.mark", "warning", edge=round(body * 2.2), tone="danger")
        )
        self.call = Heading("help.emergency.title", _("Emergency number"), tone="danger")
        head.addWidget(self.call, 1)
        panel.inside.addLayout(head)
        self.emergency = Words(
            "help.emergency.number",
            EMERGENCY,
            step=Step.METRIC,
            bold=True,
            tone="danger",
            wrap=False,
        )
        big = theme.font(Step.METRIC, bold=True)
        big.setPixelSize(round(body * 5.4))
        self.emergency.setFont(big)
        panel.inside.addWidget(self.emergency)
        self.signs = Body(
            "help.emergency.signs",
            _(
                "Chest pain, weak on one side, speech unclear, cannot breathe, fainted: "
                "ring 120 at once."
            ),
        )
        panel.inside.addWidget(self.signs)
        self.then = Body(
            "help.emergency.then", _("Say your address first, then what is wrong."), tone="ink_2"
        )
        panel.inside.addWidget(self.then)
        panel.inside.addStretch(1)
        return panel

    def _family(self) -> QWidget:
        self.known = numbers(self.visit.profile)
        scroll = Scroll("help.family")
        for index, number in enumerate(self.known):
            scroll.inside.addWidget(self._row(f"help.family.{index}", number))
        if not self.known:
            scroll.inside.addWidget(self._nobody())
        line = self.visit.config.helpline
        if line:
            helper = Number(_("CareHub helpline"), "", grouped(line))
            scroll.inside.addWidget(self._row("help.helpline", helper))
        scroll.inside.addStretch(1)
        return scroll

    def _nobody(self) -> QWidget:
        panel = Panel("help.nobody")
        self.nobody = Heading("help.nobody.title", _("No family number is kept yet"))
        panel.inside.addWidget(self.nobody)
        panel.inside.addWidget(
            Body("help.nobody.what", _("Add one under Mine, Health archive."), tone="ink_2")
        )
        return panel

    def _row(self, name: str, number: Number) -> QWidget:
        panel = Panel(name, lying=True)
        sizes = theme.look().sizes
        panel.inside.setSpacing(sizes.gap)
        edge = round(sizes.body * 2.9)
        family = bool(number.relation)
        avatar = (
            Avatar(f"{name}.avatar", number.who, edge=edge)
            if family
            else Mark(f"{name}.mark", "phone", edge=edge, tone="jade")
        )
        panel.inside.addWidget(avatar, 0, Qt.AlignmentFlag.AlignVCenter)
        words = column(space=0)
        who = f"{number.relation} {number.who}".strip()
        words.addWidget(Words(f"{name}.who", who, tone="ink_2"))
        words.addWidget(
            Words(f"{name}.number", number.digits, step=Step.CARD, bold=True, wrap=False)
        )
        panel.inside.addLayout(words, 1)
        return panel

    def spoken(self) -> list[str]:
        """Say when to ring 120 and whose numbers stand here."""
        family = [f"{n.relation} {n.who} {n.digits}".strip() for n in self.known]
        return [self.signs.text(), self.then.text(), *family]


PAGES = {"help": Help}
