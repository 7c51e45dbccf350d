"""Agreeing to what a relative may see, then the code for them, and their request as it comes in."""

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING
from uuid import UUID

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QVBoxLayout, QWidget

from carehub.care.changes import Changes
from carehub.care.family import Role, Scope
from carehub.i18n import _
from carehub.ui import background, reach, theme
from carehub.ui.screens.family import loading
from carehub.ui.screens.family.giving import (
    HERE,
    OFFERED,
    CodeView,
    Wish,
    code_groups,
    consent_text,
)
from carehub.ui.screens.family.trusted import Question, hear
from carehub.ui.screens.family.words import EXPLAINED, HELP
from carehub.ui.screens.page import AnyPage, Page
from carehub.ui.screens.sync.codes import QrCode
from carehub.ui.theme import Step
from carehub.ui.visit import Visit
from carehub.ui.widgets import (
    Body,
    Button,
    Heading,
    Note,
    Panel,
    Scroll,
    StepList,
    Tick,
    Words,
    column,
    row,
)

if TYPE_CHECKING:
    from carehub.wire.family import Invitation

LOOK_SECONDS = 3
"""How often the code's page asks whether somebody typed it: they sit beside each other."""


class Consent(AnyPage):
    """The text in full, with the ways to help; opened with `wish`, what was chosen before."""

    def title(self) -> str:
        return _("Please read this first")

    def build(self) -> None:
        """Lay out the text beside the ticks and the two answers."""
        self._wish = Wish()
        across = row(space=theme.look().sizes.gap)
        panel = Panel("agree.text")
        self.reel = Scroll("agree.scroll")
        self.lines = StepList("agree.line", ems=26)
        self.reel.inside.addWidget(self.lines)
        self.reel.inside.addStretch(1)
        panel.inside.addWidget(self.reel, 1)
        across.addWidget(panel, 7)
        across.addWidget(self._choices(), 4)
        self.body.addLayout(across, 1)

    def _choices(self) -> QWidget:
        panel = Panel("agree.choices")
        self.caption = Body("agree.helps", _("They may help me to:"))
        self.role = Body("agree.role")
        panel.inside.addWidget(self.caption)
        panel.inside.addWidget(self.role)
        self._ticks = {scope: Tick(f"agree.{scope}", _(HELP[scope]), on=True) for scope in OFFERED}
        for tick in self._ticks.values():
            panel.inside.addWidget(tick)
            tick.toggled.connect(lambda *_: self._write())
        panel.inside.addStretch(1)
        self.yes = Button(
            "agree.yes", _("I agree"), icon="check", kind="primary", press=self._agree
        )
        no = Button("agree.no", _("No, go back"), kind="plain", press=self.shell.back)
        panel.inside.addWidget(self.yes)
        panel.inside.addWidget(no)
        return panel

    def opened(self, **what: object) -> None:
        """Take what was chosen."""
        super().opened(**what)
        wish = what.get("wish")
        if isinstance(wish, Wish):
            self._wish = wish
        helping = self._wish.role == Role.CARER
        for each in (self.caption, *self._ticks.values()):
            each.setVisible(helping)
        self.role.setText(_(EXPLAINED[self._wish.role]))
        self.role.setVisible(not helping)
        self._write()

    def _chosen(self) -> Wish:
        ticked: frozenset[Scope] = frozenset(s for s, t in self._ticks.items() if t.isChecked())
        return replace(self._wish, scopes=ticked)

    def _text(self) -> tuple[str, ...]:
        person = self.visit.person
        zone = person.zone_offset if person is not None else HERE
        return consent_text(self._chosen(), zone, background.now())

    def _write(self) -> None:
        self.lines.show_steps(list(self._text()))

    def _agree(self) -> None:
        visit = self.visit
        if visit.archive is None or visit.person is None:
            return
        self.yes.setEnabled(False)
        work = partial(make_code, visit, self._chosen())
        self.ask(work, self._made, self._failed)

    def _made(self, made: "tuple[Invitation, frozenset[UUID]]") -> None:
        invitation, before = made
        self.shell.back()
        self.shell.instead("family.code", code=invitation.code, before=before)

    def _failed(self, error: BaseException) -> None:
        self.yes.setEnabled(True)
        self.shell.show_error(error)

    def spoken(self) -> list[str]:
        return [self.header.title.text(), *self._text()]


class Code(Page[CodeView]):
    """The code, large and as a QR code; when somebody typed it, the question who may see what."""

    concerns = Changes.FAMILY

    def title(self) -> str:
        return _("The code for your family")

    def build(self) -> None:
        """Lay out the code beside what to do with it."""
        self._view = CodeView()
        self._code = ""
        self._parts: list[QWidget] = []
        across = row(space=theme.look().sizes.gap)
        across.addWidget(self._shown(), 5)
        across.addLayout(self._beside(), 6)
        self.body.addLayout(across, 1)
        self._looking: background.Task | None = None
        self._timer = QTimer(self, interval=LOOK_SECONDS * 1000)
        self._timer.timeout.connect(self._look)

    def _shown(self) -> QWidget:
        panel = Panel("code.shown")
        self.qr = QrCode("code.qr", _("The same code for a camera"))
        self.groups = Words("code.groups", step=Step.CARD, bold=True, wrap=False)
        self.lasts = Note("code.lasts", _("Works once, for half an hour"))
        panel.inside.addStretch(1)
        panel.inside.addWidget(self.qr, 0, Qt.AlignmentFlag.AlignHCenter)
        panel.inside.addWidget(self.groups, 0, Qt.AlignmentFlag.AlignHCenter)
        panel.inside.addWidget(self.lasts)
        panel.inside.addStretch(1)
        return panel

    def _beside(self) -> QVBoxLayout:
        lines = column()
        panel = Panel("code.how")
        panel.inside.addWidget(Heading("code.how.title", _("Now they do this")))
        self.steps = StepList("code.step")
        self._steps = [
            _("Open CareHub on their own computer"),
            _("Press Mine, then Care for family"),
            _("Type this code"),
            _("Their name appears here, and you say yes"),
        ]
        self.steps.show_steps(list(self._steps))
        panel.inside.addWidget(self.steps)
        self.how = panel
        self.done = Heading("code.done", tone="ok")
        self.home = Button("code.trusted", _("Who may see"), icon="people", press=self._trusted)
        lines.addWidget(panel)
        self.answers = column()
        lines.addLayout(self.answers)
        lines.addWidget(self.done)
        last = row()
        last.addWidget(self.home)
        last.addStretch(1)
        lines.addLayout(last)
        lines.addStretch(1)
        self.done.hide()
        self.home.hide()
        return lines

    def opened(self, **what: object) -> None:
        """Take the code, and which mandates there were before it."""
        super().opened(**what)
        code = what.get("code")
        self._code = code if isinstance(code, str) else ""
        self.qr.show_text(f"carehub:join?code={self._code}")
        self.groups.setText("  ".join(code_groups(self._code)))
        self._timer.start()

    def _before(self) -> frozenset[UUID]:
        before = self.asked.get("before")
        return before if isinstance(before, frozenset) else frozenset()

    def load(self, visit: Visit, now: int) -> CodeView:
        """Read who typed the code, as last heard."""
        return loading.code(visit, self._before(), now)

    def show_view(self, view: CodeView) -> None:
        """Show the question in the place of the instructions."""
        if view == self._view:
            return
        self._view = view
        for old in self._parts:
            old.hide()
            old.deleteLater()
        self._parts = [Question(f"code.asks.{n}", each, self) for n, each in enumerate(view.asking)]
        for each in self._parts:
            self.answers.addWidget(each)
        self.how.setVisible(not view.asking and not view.done)
        self.done.setText(view.done)
        self.done.setVisible(bool(view.done))
        self.home.setVisible(bool(view.done))

    def _look(self) -> None:
        waiting = self._looking is not None and not self._looking.finished
        if self.visit.archive is not None and not self._view.done and not waiting:
            self._looking = hear(self.shell, self.visit.archive)

    def left(self) -> None:
        """Stop asking."""
        self._timer.stop()

    def _trusted(self) -> None:
        self.shell.back()

    def spoken(self) -> list[str]:
        said = [self.header.title.text(), self.groups.text(), self.lasts.text()]
        if self._view.done:
            return [*said, self._view.done]
        if self._view.asking:
            return [*said, *(each.question for each in self._view.asking)]
        return [*said, *self._steps]


async def make_code(visit: Visit, wish: Wish) -> "tuple[Invitation, frozenset[UUID]]":
    """Note the consent, ask the platform for a code, and return it with the mandates there are."""
    assert visit.archive is not None
    assert visit.person is not None
    before = frozenset(each.id for each in loading.given_by(visit))
    async with reach.family(visit.archive) as family:
        made = await family.invite(
            visit.person.id, Role(wish.role), wish.relation, wish.days, wish.given()
        )
    return made, before
