"""How sharing with the platform stands: one headline, a few sentences, and what can be done."""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from carehub.care.changes import Changes
from carehub.care.consent import Purpose, standing
from carehub.i18n import _
from carehub.ui import background, theme
from carehub.ui.screens.page import AnyPage, Page
from carehub.ui.screens.sync import line
from carehub.ui.screens.sync.agree import Agree
from carehub.ui.screens.sync.codes import LetIn, ShowCode
from carehub.ui.screens.sync.look import Look
from carehub.ui.screens.sync.model import HERE, Stage, SyncView, progress_words, view_of
from carehub.ui.screens.sync.sign_in import SignIn
from carehub.ui.theme import Step
from carehub.ui.visit import Visit
from carehub.ui.widgets import Body, Button, Heading, Panel, Words, row

if TYPE_CHECKING:
    from carehub.archive.store import Archive
    from carehub.sync.turn import Progress
    from carehub.workflows.sync import Synced


class Sync(Page[SyncView]):
    """和平台同步: how it stands on the left, what can be done on the right."""

    concerns = Changes.SHARING | Changes.PEOPLE | Changes.FAMILY | Changes.READINGS

    def title(self) -> str:
        return _("Share with a platform")

    def build(self) -> None:
        """Lay out both panels; which buttons show follows from the view."""
        self._view: SyncView | None = None
        self._running: background.Task | None = None
        across = row(space=theme.look().sizes.gap)
        across.addWidget(self._words(), 7)
        across.addWidget(self._acts(), 5)
        self.body.addLayout(across, 1)

    def _words(self) -> QWidget:
        panel = Panel("sync.state")
        panel.inside.setContentsMargins(*(theme.look().sizes.margin,) * 4)
        panel.inside.setSpacing(theme.look().sizes.gap)
        self.headline = Heading("sync.headline", step=Step.DISPLAY)
        panel.inside.addWidget(self.headline)
        self.lines = [Words(f"sync.line.{n}", step=Step.TITLE) for n in range(3)]
        for each in self.lines:
            panel.inside.addWidget(each)
        self.trouble = Body("sync.trouble", tone="danger", bold=True).flow()
        panel.inside.addWidget(self.trouble)
        panel.inside.addStretch(1)
        self.progress = Body("sync.progress", bold=True, tone="jade").flow()
        panel.inside.addWidget(self.progress)
        self.who = Body("sync.who", tone="ink_2").flow()
        panel.inside.addWidget(self.who)
        return panel

    def _acts(self) -> QWidget:
        panel = Panel("sync.acts")
        panel.inside.setContentsMargins(*(theme.look().sizes.margin,) * 4)
        self.now = Button(
            "sync.now", _("Exchange now"), kind="primary", icon="swap", press=self._now
        )
        self.stop = Button("sync.stop", _("Stop"), icon="x", press=self._stop)
        self.read = Button(
            "sync.read", _("Read and decide"), kind="primary", press=self._opener("sync.agree")
        )
        self.enter = Button(
            "sync.enter", _("Sign in"), kind="primary", icon="person", press=self._sign_in
        )
        self.look = Button("sync.look", "", icon="warning", press=self._opener("sync.look"))
        self.let_in = Button(
            "sync.let_in", _("Let a computer in"), icon="plus", press=self._opener("sync.let_in")
        )
        self.off = Button("sync.off", _("Switch sharing off"), icon="x", press=self._switch_off)
        self.out = Button("sync.out", _("Sign out"), icon="lock", press=self._opener("sync.out"))
        for each in self._buttons():
            panel.inside.addWidget(each)
            each.hide()
        panel.inside.addStretch(1)
        return panel

    def _buttons(self) -> tuple[Button, ...]:
        return (
            self.now, self.stop, self.read, self.enter, self.look, self.let_in, self.off, self.out,
        )  # fmt: skip

    def _opener(self, page: str) -> Callable[[], object]:
        return partial(self.shell.open, page)

    def load(self, visit: Visit, now: int) -> SyncView:
        """Read how it stands, and whether the person who is here agreed."""
        from carehub.archive import consents
        from carehub.workflows import sync

        assert visit.archive is not None
        assert visit.person is not None
        with visit.archive.read() as tx:
            newest = standing(consents.of(tx, visit.person.id)).get(Purpose.PLATFORM_SYNC)
        return view_of(
            sync.status(visit.archive),
            agreed=newest is not None and newest.withdrawn_at is None,
            name=visit.person.greeting_name,
            now=now,
            zone=visit.person.zone_offset or HERE,
        )

    def show_view(self, view: SyncView) -> None:
        """Say how it stands and offer what fits."""
        self._view = view
        self.headline.setText(view.headline)
        texts = [*view.lines, *[""] * (len(self.lines) - len(view.lines))]
        for each, text in zip(self.lines, texts, strict=True):
            each.setText(text)
            each.setVisible(bool(text))
        self.trouble.setText(view.trouble)
        self.trouble.setVisible(bool(view.trouble))
        place = _("Platform: {url}").format(url=view.url)
        self.who.setText(f"{view.login} ・ {place}" if view.login else place)
        self.who.setVisible(view.stage in (Stage.ON, Stage.OFF))
        self._offer(view)

    def _offer(self, view: SyncView) -> None:
        running = self._running is not None
        on = view.stage is Stage.ON
        self.read.setText(_("Switch on") if view.stage is Stage.OFF else _("Read and decide"))
        self.look.setText(_("Needs a look: {n}").format(n=view.look))
        shown = {
            self.now: on and not running,
            self.stop: running,
            self.read: view.stage in (Stage.NEW, Stage.OFF),
            self.enter: view.stage in (Stage.AGREED, Stage.SIGNED_OUT),
            self.look: view.look > 0,
            self.let_in: on,
            self.off: view.stage in (Stage.ON, Stage.AGREED, Stage.SIGNED_OUT),
            self.out: view.stage in (Stage.ON, Stage.OFF),
        }
        for button, there in shown.items():
            button.setVisible(there)
        self.progress.setVisible(running)

    def _sign_in(self) -> None:
        view = self._view
        self.shell.open(
            "sync.sign_in", url=view.url if view else "", login=view.login if view else ""
        )

    # Exchanging now

    def _now(self) -> None:
        live = self.shell.session.live
        if live is None or self._view is None:
            return
        self.progress.setText(_("Exchanging…"))
        work: Callable[[], Awaitable[Synced]] = partial(live.now, self._progressed)
        self._running = self.ask(work, lambda _done: self._ended(), self._failed)
        self._offer(self._view)

    def _progressed(self, progress: "Progress") -> None:
        """Be told on the background thread how far it is."""
        self.shell.background.post(partial(self._tell, self._running, progress_words(progress)))

    def _tell(self, running: background.Task | None, words: str) -> None:
        if running is not None and running is self._running:
            self.progress.setText(words)

    def _stop(self) -> None:
        if self._running is not None:
            self._running.cancel()
        self._ended()

    def _failed(self, error: BaseException) -> None:
        self._ended()
        self.shell.show_error(error)

    def _ended(self) -> None:
        self._running = None
        if self._view is not None:
            self._offer(self._view)
        self.refresh()

    # Ending it

    def _switch_off(self) -> None:
        archive, person = self.visit.archive, self.visit.person
        if archive is None or person is None:
            return
        from carehub.ui.screens.sync.agree import agree, switch_off

        run = self.shell.background.run
        run(partial(switch_off, archive, person.id, background.now()))
        self.offer_undo(
            _("Sharing is switched off. What is here stays here."),
            lambda: run(partial(agree, archive, person.id, background.now())),
        )

    def spoken(self) -> list[str]:
        parts = (self.headline, *self.lines, self.trouble)
        said = [part.text() for part in parts if part.isVisibleTo(self)]
        return [self.header.title.text(), *said]


class SignOut(AnyPage):
    """What signing out means, said before it is done."""

    def title(self) -> str:
        return _("Sign out")

    def build(self) -> None:
        """Say what stays, and offer both."""
        panel = Panel("sync.out.panel")
        panel.inside.setSpacing(theme.look().sizes.gap)
        panel.inside.setContentsMargins(*(theme.look().sizes.margin,) * 4)
        texts = (
            _("Your records stay on this computer and on the platform."),
            _("What was not sent yet waits here for the next sign-in."),
            _(
                "Records that others let you see stay readable here until their leave ends; "
                "nothing new arrives."
            ),
        )
        self.lines = [
            Words(f"sync.out.line.{n}", text, step=Step.TITLE) for n, text in enumerate(texts)
        ]
        for each in self.lines:
            panel.inside.addWidget(each)
        panel.inside.addStretch(1)
        beside = row()
        self.yes = Button("sync.out.yes", _("Sign out"), kind="danger_outline", press=self._out)
        beside.addWidget(self.yes)
        beside.addWidget(Button("sync.out.no", _("Stay signed in"), press=self.shell.back))
        beside.addStretch(1)
        panel.inside.addLayout(beside)
        self.body.addWidget(panel, 1)

    def _out(self) -> None:
        archive = self.visit.archive
        if archive is None:
            return
        self.yes.setEnabled(False)
        self.ask(partial(_sign_out, archive), self._done, self._failed)

    def _done(self, _nothing: object) -> None:
        self.shell.back()

    def _failed(self, error: BaseException) -> None:
        """Go back: here it is done in any case, and the platform ends the session in time."""
        self.shell.back()
        self.shell.show_error(error)

    def spoken(self) -> list[str]:
        return [self.header.title.text(), *(each.text() for each in self.lines)]


async def _sign_out(archive: "Archive") -> Changes:
    from carehub.workflows import sync

    async with line.of(archive) as client:
        await sync.sign_out(archive, client, background.now)
    return Changes.SHARING


PAGES: dict[str, type[AnyPage]] = {
    "sync": Sync,
    "sync.agree": Agree,
    "sync.sign_in": SignIn,
    "sync.code": ShowCode,
    "sync.let_in": LetIn,
    "sync.look": Look,
    "sync.out": SignOut,
}
