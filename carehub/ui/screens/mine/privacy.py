"""What was agreed to, taking it back with one press, and where everything lies."""

from functools import partial

from PySide6.QtWidgets import QHBoxLayout, QWidget

from carehub.care.changes import Changes
from carehub.i18n import _
from carehub.ui import background, theme
from carehub.ui.screens.first_run.consent import VERSION
from carehub.ui.screens.mine.model import (
    HERE,
    ConsentLine,
    PrivacyView,
    privacy_of,
    sharing_of,
)
from carehub.ui.screens.page import Page
from carehub.ui.visit import Visit
from carehub.ui.widgets import (
    Body,
    Button,
    Chip,
    Heading,
    Panel,
    Scroll,
    Status,
    Words,
    column,
    row,
)


class Privacy(Page[PrivacyView]):
    """Consents on the left, what is kept on the right."""

    concerns = Changes.PEOPLE | Changes.FAMILY | Changes.SHARING

    def title(self) -> str:
        return _("Privacy")

    def build(self) -> None:
        """Lay out two empty panels."""
        self._view: PrivacyView | None = None
        self._lines: list[QWidget] = []
        across = row(space=theme.look().sizes.gap)
        self.agreed = Panel("privacy.agreed")
        self.agreed.inside.addWidget(Heading("privacy.agreed.title", _("What you agreed to")))
        self.reel = Scroll("privacy.scroll")
        self.reel.inside.addStretch(1)
        self.agreed.inside.addWidget(self.reel, 1)
        self.kept = Panel("privacy.kept")
        self.kept.inside.addWidget(Heading("privacy.kept.title", _("What is kept where")))
        self._sentences = [Body(f"privacy.kept.{n}").flow() for n in range(4)]
        for sentence in self._sentences:
            self.kept.inside.addWidget(sentence)
        self.kept.inside.addStretch(1)
        self.kept.inside.addLayout(self._sharing())
        self.backup = Button("privacy.backup", _("Back up now"), icon="shield", press=self._back_up)
        self.data = Button(
            "privacy.data",
            _("My data there"),
            icon="sheet",
            press=partial(self.shell.open, "mine.data"),
        )
        self.data.setAccessibleDescription(_("My data on the platform"))
        last = row()
        last.addWidget(self.backup, 1)
        last.addWidget(self.data, 1)
        self.kept.inside.addLayout(last)
        across.addWidget(self.agreed, 6)
        across.addWidget(self.kept, 6)
        self.body.addLayout(across, 1)

    def load(self, visit: Visit, now: int) -> PrivacyView:
        """Read the consents of the person who is here, and the backups."""
        from carehub.archive import accounts, backup, consents, mandates

        assert visit.archive is not None
        assert visit.person is not None
        with visit.archive.read() as tx:
            rows = consents.of(tx, visit.person.id)
            account, given = accounts.get(tx), mandates.of(tx, visit.person.id)
        folder = visit.archive.folder
        signed_in = account is not None and account.signed_in
        sharing = sharing_of(rows, given, signed_in=signed_in, now=now)
        return privacy_of(rows, backup.list_backups(folder), str(folder), now, HERE, sharing)

    def show_view(self, view: PrivacyView) -> None:
        """Show each purpose with what can be done, and what is kept where."""
        self._view = view
        for old in self._lines:
            old.hide()
            old.deleteLater()
        self._lines = [self._line(line) for line in view.lines]
        for number, each in enumerate(self._lines):
            self.reel.inside.insertWidget(number, each)
        for sentence, text in zip(self._sentences, view.kept, strict=True):
            sentence.setText(text)
        self.looks.setVisible(view.sharing.signed_in)

    def _line(self, line: ConsentLine) -> QWidget:
        name = f"privacy.{line.purpose}"
        made = QWidget()
        lines = column(made, space=theme.look().px(6))
        lines.addWidget(Words(f"{name}.words", line.words, bold=True))
        below = row()
        status = Status.OK if line.given is not None else Status.INFO
        below.addWidget(Chip(f"{name}.state", line.note, status))
        below.addStretch(1)
        lines.addLayout(below)
        if line.given is not None:
            act = Button(
                f"{name}.withdraw",
                _("Take back"),
                kind="plain",
                press=partial(self._withdraw, line),
            )
        else:
            act = Button(f"{name}.agree", _("Agree"), press=partial(self._agree, line))
        act.setAccessibleDescription(line.words)
        beside = row()
        beside.addWidget(act)
        beside.addStretch(1)
        lines.addLayout(beside)
        lines.addSpacing(theme.look().sizes.between)
        return made

    def _sharing(self) -> QHBoxLayout:
        """Return the ways to the pages of sharing."""
        across = row()
        open_ = self.shell.open
        sync = Button("privacy.sync", _("Platform"), icon="swap", press=partial(open_, "sync"))
        who = Button("privacy.trusted", _("Who may look"), press=partial(open_, "family.trusted"))
        self.looks = Button("privacy.looks", _("Who looked"), press=partial(open_, "family.looks"))
        for button in (sync, who, self.looks):
            across.addWidget(button, 1)
        return across

    def _withdraw(self, line: ConsentLine) -> None:
        from carehub.workflows import people

        archive = self.visit.archive
        if archive is None or line.given is None:
            return
        run = self.shell.background.run
        run(partial(people.withdraw, archive, line.given, background.now()))
        self.offer_undo(
            _("Taken back: {words}. What was kept before stays.").format(words=line.words),
            partial(self._agree, line),
        )

    def _agree(self, line: ConsentLine) -> None:
        from carehub.workflows import people

        archive, person = self.visit.archive, self.visit.person
        if archive is None or person is None:
            return
        now = background.now()
        self.shell.background.run(
            partial(people.consent, archive, person.id, line.purpose, VERSION, now)
        )

    def _back_up(self) -> None:
        from carehub.archive import backup

        archive = self.visit.archive
        if archive is None:
            return
        self.backup.setEnabled(False)
        work = partial(backup.make, archive, background.now())
        self.ask(work, lambda _made: self._backed_up(), self._not_backed_up)

    def _backed_up(self) -> None:
        self.backup.setEnabled(True)
        self.refresh()

    def _not_backed_up(self, error: BaseException) -> None:
        self.backup.setEnabled(True)
        self.shell.show_error(error)

    def spoken(self) -> list[str]:
        if self._view is None:
            return [self.header.title.text()]
        said = [self.header.title.text()]
        for line in self._view.lines:
            said += [line.words, line.note]
        return [*said, *self._view.kept]
