"""Asking before anything leaves: the text, and a yes or no that weigh the same."""

from functools import partial
from typing import TYPE_CHECKING
from uuid import UUID

from carehub.care.changes import Changes
from carehub.care.consent import Purpose, standing
from carehub.i18n import _
from carehub.ui import background, theme
from carehub.ui.screens.page import AnyPage
from carehub.ui.screens.sync.consent import TEXT, VERSION
from carehub.ui.theme import Step
from carehub.ui.widgets import Body, Button, Panel, Scroll, Words, row

if TYPE_CHECKING:
    from carehub.archive.store import Archive


class Agree(AnyPage):
    """What sharing with a platform means."""

    def title(self) -> str:
        return _("Before anything is sent")

    def build(self) -> None:
        """Put the text over the two answers."""
        panel = Panel("agree.text")
        scroll = Scroll("agree.scroll")
        for number, part in enumerate(TEXT):
            asked = Words(f"agree.question.{number}", _(part.question), step=Step.STRONG, bold=True)
            asked.set_tone("jade")
            scroll.inside.addWidget(asked)
            scroll.inside.addWidget(Body(f"agree.answer.{number}", _(part.answer)).flow())
        scroll.inside.addStretch(1)
        panel.inside.addWidget(scroll)
        self.body.addWidget(panel, 1)
        answers = row(space=theme.look().sizes.gap)
        self.yes = Button("agree.yes", _("I agree"), kind="primary", press=self._agree)
        self.no = Button("agree.no", _("No, keep it here"), press=self.shell.back)
        answers.addWidget(self.yes, 1)
        answers.addWidget(self.no, 1)
        self.body.addLayout(answers)

    def _agree(self) -> None:
        archive, person = self.visit.archive, self.visit.person
        if archive is None or person is None:
            return
        self.yes.setEnabled(False)
        work = partial(agree, archive, person.id, background.now())
        self.ask(work, lambda _changes: self.shell.back())

    def spoken(self) -> list[str]:
        said = [self.header.title.text()]
        for part in TEXT:
            said += [_(part.question), _(part.answer)]
        return said


def agree(archive: "Archive", person_id: UUID, now: int) -> Changes:
    """Note that the person agreed to the text of this page."""
    from carehub.workflows import people

    consent = people.consent(archive, person_id, Purpose.PLATFORM_SYNC, VERSION, now)
    return consent | Changes.SHARING


def switch_off(archive: "Archive", person_id: UUID, now: int) -> Changes:
    """Take the agreement back; again is harmless."""
    from carehub.archive import consents
    from carehub.workflows import people

    with archive.read() as tx:
        given = standing(consents.of(tx, person_id)).get(Purpose.PLATFORM_SYNC)
    if given is None or given.withdrawn_at is not None:
        return Changes.NONE
    return people.withdraw(archive, given, now) | Changes.SHARING
