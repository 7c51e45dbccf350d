"""Signing in without a password: one computer shows a code, one that is signed in says yes to it."""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from carehub.errors import CareHubError
from carehub.i18n import _
from carehub.ui import background, paint, theme
from carehub.ui.screens.page import AnyPage
from carehub.ui.screens.sync import line
from carehub.ui.screens.sync.sign_in import wake
from carehub.ui.theme import Step
from carehub.ui.widgets import Body, Button, Heading, Panel, StepList, TextField, Words, row

if TYPE_CHECKING:
    from collections.abc import Callable

    from carehub.archive.accounts import Account
    from carehub.archive.store import Archive
    from carehub.wire.accounts import AskedDevice, DeviceCodes


class QrCode(QWidget):
    """A QR code; its text stands beside it in letters, so nobody needs a camera."""

    def __init__(self, name: str, spoken: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setAccessibleName(spoken)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._rows: tuple[bytes, ...] = ()

    def show_text(self, text: str) -> None:
        """Show this text, or nothing where it is empty."""
        import segno

        found = segno.make(text, error="m", micro=False).matrix if text else ()
        self._rows = tuple(bytes(each) for each in found)
        self.update()

    def sizeHint(self) -> QSize:
        edge = theme.look().px(280)
        return QSize(edge, edge)

    def paintEvent(self, _event: QPaintEvent) -> None:
        if not self._rows:
            return
        # Four modules of quiet white around it, or no camera finds it; white in every palette.
        count = len(self._rows) + 8
        module = max(1, min(self.width(), self.height()) // count)
        edge = module * count
        left, top = (self.width() - edge) // 2, (self.height() - edge) // 2
        with paint.on(self) as painter:
            painter.fillRect(QRectF(left, top, edge, edge), Qt.GlobalColor.white)
            for y, line in enumerate(self._rows, start=4):
                for x, dark in enumerate(line, start=4):
                    if dark:
                        spot = (left + x * module, top + y * module, module, module)
                        painter.fillRect(*spot, Qt.GlobalColor.black)


class ShowCode(AnyPage):
    """Shows a code, large and as a QR code, and waits until somebody said yes to it."""

    locks = False

    def title(self) -> str:
        return _("Sign in with a code")

    def build(self) -> None:
        """Put what to do on the left, the code on the right."""
        across = row(space=theme.look().sizes.gap)
        left, right = Panel("code.steps"), Panel("code.shown")
        for panel in (left, right):
            panel.inside.setContentsMargins(*(theme.look().sizes.margin,) * 4)
        self.steps = [
            _("Go to the computer that is signed in already."),
            _("There open Mine, Share with a platform, Let a computer in."),
            _("Type this code in there and press Yes."),
        ]
        self.waiting = Body("code.waiting", _("A code is being fetched…"), bold=True).flow()
        left.inside.addWidget(StepList("code.step", self.steps))
        left.inside.addStretch(1)
        left.inside.addWidget(self.waiting)
        self.again = Button("code.again", _("A new code"), icon="undo", press=self._begin)
        left.inside.addWidget(self.again)
        self.qr = QrCode("code.qr", _("The same code for a camera"))
        self.code = Words("code.text", step=Step.METRIC, bold=True, wrap=False)
        self.code.setAlignment(Qt.AlignmentFlag.AlignCenter)
        right.inside.addStretch(1)
        right.inside.addWidget(self.code)
        right.inside.addWidget(self.qr, 0, Qt.AlignmentFlag.AlignHCenter)
        right.inside.addStretch(1)
        across.addWidget(left, 6)
        across.addWidget(right, 6)
        self.body.addLayout(across, 1)

    def opened(self, **what: object) -> None:
        """Take the platform's address and begin; a picture brings its own `code` and `link`."""
        super().opened(**what)
        if self.visit.archive is not None:
            self._begin()
        elif "code" in what:
            self.again.hide()
            self.show_code(str(what["code"]), str(what["link"]))

    def _begin(self) -> None:
        archive = self.visit.archive
        if archive is None:
            return
        self.again.hide()
        self.waiting.setText(_("A code is being fetched…"))
        self.ask(
            partial(_wait, archive, str(self.asked["url"]), self._arrived),
            self._entered,
            self._failed,
        )

    def _arrived(self, codes: "DeviceCodes") -> None:
        """Be told of the codes on the background thread."""
        shown, link = codes.user_code, codes.verification_uri_complete
        self.shell.background.post(partial(self.show_code, shown, link))

    def show_code(self, text: str, link: str) -> None:
        """Show a code, and its address as a QR code."""
        self.code.setText(text)
        self.qr.show_text(link)
        self.waiting.setText(_("Waiting for the other computer. The code holds for ten minutes."))

    def _entered(self, _account: object) -> None:
        wake(self.shell)
        self.shell.back()

    def _failed(self, error: BaseException) -> None:
        self.code.setText("")
        self.qr.show_text("")
        self.again.show()
        if isinstance(error, CareHubError):
            self.waiting.setText(error.sentence())
        else:
            self.shell.show_error(error)

    def spoken(self) -> list[str]:
        return [self.header.title.text(), *self.steps, self.waiting.text(), self.code.text()]


class LetIn(AnyPage):
    """Says yes or no to another computer that shows a code."""

    locks = False

    def title(self) -> str:
        return _("Let a computer in")

    def build(self) -> None:
        """Ask for the code; the answer follows when it is known whose it is."""
        self._typed = ""
        panel = Panel("let_in.panel")
        panel.inside.setContentsMargins(*(theme.look().sizes.margin,) * 4)
        panel.inside.setSpacing(theme.look().sizes.gap)
        self.what = Body(
            "let_in.what",
            _(
                "Whoever shows this code will see everything you see here. Only for your own computer."
            ),
        ).flow()
        self.code = TextField("let_in.code", _("The code that the other computer shows"))
        self.go_on = Button("let_in.find", _("Go on"), kind="primary", press=self._find)
        self.question = Heading("let_in.question")
        self.yes = Button(
            "let_in.yes", _("Yes, let it in"), kind="primary", press=partial(self._say, True)
        )
        self.no = Button(
            "let_in.no", _("No"), kind="danger_outline", press=partial(self._say, False)
        )
        panel.inside.addWidget(self.what)
        panel.inside.addWidget(self.code)
        panel.inside.addWidget(self.question)
        answers = row(space=theme.look().sizes.gap)
        for button in (self.go_on, self.yes, self.no):
            answers.addWidget(button)
        answers.addStretch(1)
        panel.inside.addStretch(1)
        panel.inside.addLayout(answers)
        self.body.addWidget(panel, 1)
        self.ask_for_code()

    def opened(self, **what: object) -> None:
        """Begin with the code; a picture of the second step brings the computer's `name`."""
        super().opened(**what)
        if "name" in what:
            self.show_machine(str(what["name"]), kiosk=False)

    def ask_for_code(self) -> None:
        """Show the first step: which code is it?"""
        for part in (self.question, self.yes, self.no):
            part.hide()
        self.go_on.show()
        self.code.setEnabled(True)
        self.code.setFocus()

    def show_machine(self, name: str, kiosk: bool) -> None:
        """Show the second step: is it really yours?"""
        named = name or _("A computer without a name")
        pattern = _("{name} at a counter wants in for a quarter of an hour. Is that you?")
        own = _("{name} wants in. Is it your own computer?")
        self.question.setText((pattern if kiosk else own).format(name=named))
        self.go_on.hide()
        self.code.setEnabled(False)
        for part in (self.question, self.yes, self.no):
            part.show()

    def _find(self) -> None:
        archive = self.visit.archive
        self._typed = self.code.value()
        if archive is None or not self._typed:
            return
        self.code.complain("")
        work = partial(_look, archive, self._typed)
        self.ask(
            work, lambda found: self.show_machine(found.device.name, found.kiosk), self._failed
        )

    def _say(self, yes: bool) -> None:
        archive = self.visit.archive
        if archive is not None:
            self.yes.setEnabled(False)
            self.ask(
                partial(_answer, archive, self._typed, yes),
                lambda _found: self.shell.back(),
                self._failed,
            )

    def _failed(self, error: BaseException) -> None:
        self.yes.setEnabled(True)
        self.ask_for_code()
        if isinstance(error, CareHubError):
            self.code.complain(error.sentence())
        else:
            self.shell.show_error(error)

    def spoken(self) -> list[str]:
        said = [self.header.title.text(), self.what.text(), self.code.caption.text()]
        return [*said, self.question.text()] if self.question.isVisibleTo(self) else said


async def _wait(archive: "Archive", url: str, show: "Callable[[DeviceCodes], object]") -> "Account":
    from carehub.workflows import sync

    async with line.to_url(url) as client:
        return await sync.sign_in_by_code(archive, client, url, show, background.now)


async def _look(archive: "Archive", code: str) -> "AskedDevice":
    from carehub.workflows import sync

    async with line.of(archive) as client:
        return await sync.look_code(archive, client, code, background.now)


async def _answer(archive: "Archive", code: str, yes: bool) -> "AskedDevice":
    from carehub.workflows import sync

    async with line.of(archive) as client:
        return await sync.answer_code(archive, client, code, background.now, yes=yes)
