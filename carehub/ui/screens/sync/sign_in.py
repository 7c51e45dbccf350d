"""Signing in with a name and a password, or making an account with them."""

from functools import partial
from typing import TYPE_CHECKING

from carehub.errors import CareHubError, InputError
from carehub.i18n import _
from carehub.ui import background, theme
from carehub.ui.screens.page import AnyPage
from carehub.ui.screens.sync import line
from carehub.ui.widgets import Body, Button, Panel, TextField, Tick, row

if TYPE_CHECKING:
    from carehub.archive.accounts import Account
    from carehub.archive.store import Archive
    from carehub.ui.shell import Shell


class SignIn(AnyPage):
    """Where to, who, and the password; or a code that another computer says yes to."""

    locks = False

    def title(self) -> str:
        return _("Sign in to the platform")

    def build(self) -> None:
        """Put the fields on the left, what can be done on the right."""
        across = row(space=theme.look().sizes.gap)
        form, acts = Panel("sign_in.form"), Panel("sign_in.acts")
        for panel in (form, acts):
            panel.inside.setContentsMargins(*(theme.look().sizes.margin,) * 4)
        self.url = TextField("sign_in.url", _("The platform's address"), hint="https://")
        self.login = TextField("sign_in.login", _("Name or telephone number"))
        self.password = TextField("sign_in.password", _("Password"), secret=True)
        for each in (self.url, self.login, self.password):
            form.inside.addWidget(each)
        self.new = Tick("sign_in.new", _("I have no account yet"))
        form.inside.addWidget(self.new)
        form.inside.addStretch(1)
        self.enter = Button("sign_in.enter", _("Sign in"), kind="primary", press=self._enter)
        self.new.toggled.connect(self._name_act)
        self.hint = Body(
            "sign_in.hint",
            _("On another computer you are signed in already? Then you need no password here."),
        ).flow()
        self.code = Button("sign_in.code", _("Show a code"), icon="keypad", press=self._code)
        acts.inside.addWidget(self.enter)
        acts.inside.addSpacing(theme.look().sizes.gap)
        acts.inside.addWidget(self.hint)
        acts.inside.addWidget(self.code)
        acts.inside.addStretch(1)
        across.addWidget(form, 7)
        across.addWidget(acts, 5)
        self.body.addLayout(across, 1)

    def opened(self, **what: object) -> None:
        """Take the address and the name of the last time."""
        super().opened(**what)
        self.url.line.setText(str(what.get("url", "")))
        self.login.line.setText(str(what.get("login", "")))
        (self.password if self.login.value() else self.url).setFocus()

    def _name_act(self, new: bool) -> None:
        self.enter.setText(_("Make the account") if new else _("Sign in"))

    def _address(self) -> str:
        """Return the address, or say what is wrong with it and return nothing."""
        from carehub.sync.address import address

        self.url.complain("")
        try:
            return address(self.url.value())
        except InputError as error:
            self.url.complain(error.sentence())
            return ""

    def _code(self) -> None:
        url = self._address()
        if url:
            self.shell.instead("sync.code", url=url)

    def _enter(self) -> None:
        archive, url = self.visit.archive, self._address()
        if archive is None or not url:
            return
        self.password.complain("")
        self.enter.setEnabled(False)
        # A password may begin or end with a space.
        given = (url, self.login.value(), self.password.line.text(), self.new.isChecked())
        self.ask(partial(_sign_in, archive, *given), self._entered, self._failed)

    def _entered(self, _account: object) -> None:
        self.password.line.clear()
        wake(self.shell)
        self.shell.back()

    def _failed(self, error: BaseException) -> None:
        self.enter.setEnabled(True)
        if isinstance(error, CareHubError):
            self.password.complain(error.sentence())
        else:
            self.shell.show_error(error)

    def spoken(self) -> list[str]:
        fields = (self.url, self.login, self.password)
        said = [each.caption.text() for each in fields]
        troubles = [each.trouble.text() for each in fields if each.trouble.isVisibleTo(self)]
        return [self.header.title.text(), *said, self.new.text(), *troubles, self.hint.text()]


def wake(shell: "Shell") -> None:
    """Let the exchange that goes on by itself begin now."""
    from carehub.care.changes import Changes

    session = shell.session

    def begin() -> Changes:
        if session.live is not None:
            session.live.wake()
        return Changes.SHARING

    shell.background.run(begin)


async def _sign_in(archive: "Archive", url: str, login: str, password: str, new: bool) -> "Account":
    from carehub.sync.account import Asked
    from carehub.workflows import sync

    async with line.to_url(url) as client:
        asked = Asked(url, login, password, new)
        return await sync.sign_in(archive, client, asked, background.now)
