"""What the platform keeps of a person: a copy of all of it, erasing it, and the receipt."""

from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from PySide6.QtWidgets import QWidget

from carehub.i18n import _, language
from carehub.ui import background, phrases, reach, theme
from carehub.ui import sheet as paper
from carehub.ui.screens.mine.model import HERE
from carehub.ui.screens.mine.receipt import ReceiptView, receipt_of
from carehub.ui.screens.page import AnyPage, Page
from carehub.ui.visit import Visit
from carehub.ui.widgets import Body, Button, Heading, Note, Panel, Scroll, Status, Words, row

if TYPE_CHECKING:
    from carehub.archive.store import Archive
    from carehub.wire.rights import Receipt


class Data(Page[bool]):
    """The copy on the left, the erasure on the right; both need somebody who is signed in."""

    def title(self) -> str:
        return _("My data on the platform")

    def build(self) -> None:
        """Lay out both panels."""
        self._receipt: Receipt | None = None
        across = row(space=theme.look().sizes.gap)
        across.addWidget(self._copy(), 5)
        across.addWidget(self._erase(), 6)
        self.body.addLayout(across, 1)
        self.show_view(False)

    def _copy(self) -> QWidget:
        panel = Panel("data.copy")
        panel.inside.addWidget(Heading("data.copy.title", _("A copy of everything")))
        what = _(
            "All that the platform keeps about you, in one file: pages to print, tables, and your"
            " pictures. It is not encrypted: keep it safe."
        )
        panel.inside.addWidget(Body("data.copy.what", what).flow())
        self.making = Body("data.copy.making", _("It is being made. This takes a little while."))
        self.making.hide()
        panel.inside.addWidget(self.making)
        panel.inside.addStretch(1)
        self.first = Body("data.signed_out", _("Please sign in to the platform first."))
        panel.inside.addWidget(self.first)
        self.sync = Button("data.sync", _("Platform"), press=partial(self.shell.open, "sync"))
        self.get = Button(
            "data.copy.get", _("Get the copy"), icon="down", kind="primary", press=self._get
        )
        panel.inside.addWidget(self.sync)
        panel.inside.addWidget(self.get)
        return panel

    def _erase(self) -> QWidget:
        panel = Panel("data.erase")
        panel.inside.addWidget(Heading("data.erase.title", _("Erase from the platform")))
        self.words = [
            _("Your health records there are erased, and your family no longer sees them."),
            _("What is on this computer stays."),
            _(
                "There stays, without any health value: what you agreed to, who had leave, and who"
                " did what. The law wants it kept."
            ),
        ]
        for number, text in enumerate(self.words):
            panel.inside.addWidget(Body(f"data.erase.{number}", text).flow())
        panel.inside.addStretch(1)
        self.sure = Words(
            "data.erase.sure", _("It cannot be brought back from there. Erase it?"), bold=True
        )
        panel.inside.addWidget(self.sure)
        acts = row()
        self.ask_first = Button(
            "data.erase.ask", _("Erase there"), icon="trash", kind="danger_outline",
            press=partial(self._show_sure, sure=True),
        )  # fmt: skip
        self.yes = Button(
            "data.erase.yes", _("Yes, erase"), icon="trash", kind="danger", press=self._do
        )
        self.no = Button(
            "data.erase.no", _("No, keep it"), press=partial(self._show_sure, sure=False)
        )
        self.last = Button("data.receipt", _("Receipt"), icon="sheet", press=self._show_receipt)
        self.last.hide()
        for button in (self.ask_first, self.yes, self.no, self.last):
            acts.addWidget(button)
        acts.addStretch(1)
        panel.inside.addLayout(acts)
        return panel

    def load(self, visit: Visit, _now: int) -> bool:
        """Read whether somebody is signed in."""
        from carehub.archive import accounts

        assert visit.archive is not None
        with visit.archive.read() as tx:
            account = accounts.get(tx)
        return account is not None and account.signed_in

    def show_view(self, view: bool) -> None:
        """Show what can be done, and ask for a receipt that was given before."""
        self._signed_in = view
        self.first.setVisible(not view)
        self.sync.setVisible(not view)
        self.get.setVisible(view)
        self._show_sure(sure=False)
        archive, person = self.visit.archive, self.visit.person
        if view and archive is not None and person is not None:
            self.ask(partial(receipt, archive, person.id), self._got_receipt, lambda _error: None)

    def left(self) -> None:
        """Read again when somebody comes back, from signing in perhaps."""
        self.stale = True

    def _show_sure(self, *, sure: bool) -> None:
        """Ask once more before anything is erased; until then nothing has happened."""
        for part in (self.sure, self.yes, self.no):
            part.setVisible(sure)
        self.ask_first.setVisible(self._signed_in and not sure)

    def _get(self) -> None:
        archive, person = self.visit.archive, self.visit.person
        if archive is not None and person is not None:
            self._show_making(making=True)
            file = paper.documents() / _file_name("zip")
            work = partial(copy, archive, person.id, file)
            self.ask(work, lambda _size: self._copied(file), self._not_copied)

    def _show_making(self, *, making: bool) -> None:
        self.making.setVisible(making)
        self.get.setEnabled(not making)

    def _copied(self, file: Path) -> None:
        self._show_making(making=False)
        text = _("Saved as {name} among your documents").format(name=file.name)
        self.shell.show_notice("data.saved", text, Status.OK)

    def _not_copied(self, error: BaseException) -> None:
        self._show_making(making=False)
        self.shell.show_error(error)

    def _do(self) -> None:
        archive, person = self.visit.archive, self.visit.person
        if archive is None or person is None:
            return
        self.yes.setEnabled(False)
        # Confirmed, it goes on even where the person leaves the page at once.
        work = partial(erase, archive, person.id)
        self.shell.background.run(work, self._erased, self._not_erased)

    def _erased(self, receipt: "Receipt") -> None:
        if self.shell.session.live is not None:
            self.shell.session.live.wake()
        self._receipt = receipt
        if self.shell.page is self:
            self.shell.instead("mine.receipt", receipt=receipt)

    def _not_erased(self, error: BaseException) -> None:
        self.yes.setEnabled(True)
        self.shell.show_error(error)

    def _got_receipt(self, receipt: "Receipt | None") -> None:
        self._receipt = receipt
        self.last.setVisible(receipt is not None)

    def _show_receipt(self) -> None:
        self.shell.open("mine.receipt", receipt=self._receipt)

    def spoken(self) -> list[str]:
        said = [self.header.title.text(), *self.words]
        return said if self.sure.isHidden() else [*said, self.sure.text()]


class ReceiptPage(AnyPage):
    """The receipt of an erasure, to read, keep or print; opened with it as `receipt`."""

    def title(self) -> str:
        return _("Receipt of the erasure")

    def build(self) -> None:
        """Lay out the sheet; it is filled when the page is opened."""
        self._view = ReceiptView()
        panel = Panel("receipt.panel")
        self.list = Scroll("receipt.list")
        self.list.inside.addStretch(1)
        panel.inside.addWidget(self.list, 1)
        self.body.addWidget(panel, 1)
        acts = row()
        acts.addWidget(
            Button("receipt.print", _("Print"), icon="printer", kind="primary", press=self._print)
        )
        acts.addWidget(Button("receipt.pdf", _("Save PDF"), icon="sheet", press=self._save))
        acts.addStretch(1)
        self.body.addLayout(acts)

    def opened(self, **what: object) -> None:
        """Take the receipt."""
        from carehub.wire.rights import Receipt

        super().opened(**what)
        given = what.get("receipt")
        person = self.visit.person
        zone = person.zone_offset if person is not None else HERE
        if isinstance(given, Receipt):
            self._show(receipt_of(given, zone))

    def _show(self, view: ReceiptView) -> None:
        self._view = view
        parts: list[QWidget] = [Body("receipt.said", view.said).flow()]
        for number, (heading, lines) in enumerate(view.sections):
            parts.append(Words(f"receipt.{number}", heading, bold=True))
            parts += [Note(f"receipt.{number}.{n}", line) for n, line in enumerate(lines)]
        for place, part in enumerate(parts):
            self.list.inside.insertWidget(place, part)

    def _sheet(self) -> paper.Sheet:
        view = self._view
        sections = tuple(paper.Section(heading, lines) for heading, lines in view.sections)
        return paper.Sheet(self.title(), view.said, sections)

    def _print(self) -> None:
        paper.print_out(self._sheet())

    def _save(self) -> None:
        file = paper.documents() / _file_name("pdf")
        paper.save_pdf(self._sheet(), file)
        text = _("Saved as {name} among your documents").format(name=file.name)
        self.shell.show_notice("receipt.saved", text, Status.OK)

    def spoken(self) -> list[str]:
        said = [self.header.title.text(), self._view.said]
        for heading, lines in self._view.sections:
            said += [heading, *lines]
        return said


def _file_name(ending: str) -> str:
    now: datetime = phrases.local(background.now(), HERE)
    return f"CareHub-{now:%Y-%m-%d-%H%M}.{ending}"


# Asking the platform, in the background


async def copy(archive: "Archive", person_id: UUID, file: Path) -> int:
    """Fetch a copy of everything into a file."""
    from carehub.workflows.rights import Rights

    async with reach.platform(archive) as client:
        return await Rights(archive, client, background.now).copy(person_id, file, language())


async def erase(archive: "Archive", person_id: UUID) -> "Receipt":
    """Let the platform erase everything of a person."""
    from carehub.workflows.rights import Rights

    async with reach.platform(archive) as client:
        return await Rights(archive, client, background.now).erase(person_id)


async def receipt(archive: "Archive", person_id: UUID) -> "Receipt | None":
    """Ask for the receipt of the newest erasure."""
    from carehub.workflows.rights import Rights

    async with reach.platform(archive) as client:
        return await Rights(archive, client, background.now).receipt(person_id)
