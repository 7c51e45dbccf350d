"""The page that asks what a person feels beside a dangerous value: one big button for each answer."""

from functools import partial
from typing import TYPE_CHECKING, cast
from uuid import UUID

from carehub.care.readings import Symptom
from carehub.i18n import _
from carehub.ui import background, theme
from carehub.ui.screens.alert.model import SYMPTOMS
from carehub.ui.screens.page import AnyPage
from carehub.ui.widgets import Button, Panel, row
from carehub.ui.widgets.panel import grid

if TYPE_CHECKING:
    from carehub.workflows.readings import Taken


class Symptoms(AnyPage):
    """What do you feel? One press is enough; opened with the `reading` and the `symptoms` to offer."""

    def title(self) -> str:
        """Return the question."""
        return _("What do you feel?")

    def opened(self, **what: object) -> None:
        """Lay out a button for each symptom that would change what is to be done."""
        super().opened(**what)
        offered = cast("tuple[Symptom, ...]", what.get("symptoms", ()))
        sizes = theme.look().sizes
        panel = Panel("alert.feel")
        panel.inside.setContentsMargins(*(sizes.margin,) * 4)
        across = 2 if len(offered) <= 8 else 3
        lines = grid(space=sizes.between)
        self.buttons: dict[Symptom, Button] = {}
        for number, symptom in enumerate(offered):
            button = Button(
                f"alert.feel.{symptom.value}",
                _(SYMPTOMS[symptom]),
                kind="plain",
                press=partial(self._feel, symptom),
            )
            self.buttons[symptom] = button
            lines.addWidget(button, number // across, number % across)
        panel.inside.addLayout(lines)
        panel.inside.addStretch(1)
        none = row()
        none.addWidget(
            Button(
                "alert.feel.none",
                _("None of these"),
                icon="back",
                kind="primary",
                press=self.shell.back,
            )
        )
        none.addStretch(1)
        panel.inside.addLayout(none)
        self.body.addWidget(panel)
        self.foot.show_words(_("Press what you feel most; one is enough"), "info")

    def spoken(self) -> list[str]:
        """Say the question and the answers."""
        return [self.header.title.text(), *(button.text() for button in self.buttons.values())]

    def _feel(self, symptom: Symptom) -> None:
        from carehub.workflows import alerts

        archive, reading = self.visit.archive, self.asked.get("reading")
        if archive is None or not isinstance(reading, UUID):
            return
        work = partial(alerts.tell_symptoms, archive, reading, (symptom,), background.now())
        self.ask(work, self._told)

    def _told(self, _taken: "Taken") -> None:
        self.shell.back()
