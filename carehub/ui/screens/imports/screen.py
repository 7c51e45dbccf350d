"""The page that brings in what another program kept; a file is looked at before anything is stored."""

import asyncio
from dataclasses import replace
from functools import partial
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING
from uuid import UUID

from PySide6.QtWidgets import QFileDialog, QWidget

from carehub.care.changes import Changes
from carehub.errors import CareHubError
from carehub.i18n import _
from carehub.imports.rows import Answers
from carehub.ui import background
from carehub.ui.screens.imports.model import (
    BatchLine,
    ImportsView,
    Question,
    answered,
    batches_of,
    preview_of,
    question_of,
    stored,
)
from carehub.ui.screens.page import Page
from carehub.ui.visit import Visit
from carehub.ui.widgets import Body, Button, Choices, Heading, ListRow, Note, Scroll, row

if TYPE_CHECKING:
    from carehub.imports.sources import Source
    from carehub.workflows.importing import Imported, Seen


class Imports(Page[ImportsView]):
    """Choose a file, look, store; below stand the imports there were, each with its undo."""

    concerns = Changes.READINGS | Changes.PEOPLE

    def title(self) -> str:
        return _("Bring in history")

    def build(self) -> None:
        """Lay out the buttons, the empty place for what is seen, and the list."""
        self._view = ImportsView()
        self._file: Source | None = None
        self._answers = Answers()
        self._enough = Event()
        self._shown: list[QWidget] = []
        self.choose = Button(
            "imports.choose", _("Choose a file"), icon="book", kind="primary", press=self._choose
        )
        self.store = Button(
            "imports.store", _("Store"), icon="check", kind="primary", press=self._store
        )
        self.stop = Button("imports.stop", _("Stop"), icon="x", press=self._stop)
        buttons = row()
        for button in (self.choose, self.store, self.stop):
            buttons.addWidget(button)
        buttons.addStretch(1)
        self.said = Heading("imports.said", _("Files of other programs, or a copy made by CareHub"))
        self.progress = Note("imports.progress", "")
        self.list = Scroll("imports")
        self.list.inside.addStretch(1)
        self.body.addWidget(self.said)
        self.body.addLayout(buttons)
        self.body.addWidget(self.progress)
        self.body.addWidget(self.list, 1)
        self.foot.show_words(_("Nothing is stored before you have seen it"), "lock")
        self._show_state(busy=False)

    def load(self, visit: Visit, now: int) -> ImportsView:
        """Read the imports there were."""
        from carehub.archive import batches, people

        assert visit.archive is not None
        with visit.archive.read() as tx:
            names = {person.id: person.greeting_name for person in people.everyone(tx)}
            found = batches.everyone(tx)
        zone = visit.person.zone_offset if visit.person is not None else 480
        return batches_of(found, names, now, zone)

    def show_view(self, view: ImportsView) -> None:
        """Show the list; what was seen of a file stays where it is."""
        kept = self._view
        self._view = replace(
            view,
            preview=view.preview or kept.preview,
            question=view.question or kept.question,
        )
        self._fill()

    def spoken(self) -> list[str]:
        said = [self.header.title.text(), self.said.text()]
        if self._view.question is not None:
            return [*said, self._view.question.words]
        preview = self._view.preview
        return [*said, *preview.lines] if preview is not None else said

    def left(self) -> None:
        """Stop reading a file that nobody waits for any more."""
        self._enough.set()

    # The file

    def _choose(self) -> None:
        """Ask for a file; never in kiosk mode, where no file dialog may open."""
        if self.visit.config.mode == "kiosk":
            return
        chosen, _kind = QFileDialog.getOpenFileName(self, _("Choose a file"))
        if chosen:
            self.take_file(Path(chosen))

    def take_file(self, path: Path) -> None:
        """Look at a file that was chosen."""
        from carehub.imports.sources import Source

        person = self.visit.person
        self._answers = Answers(zone_offset=person.zone_offset if person is not None else 480)
        self._file = Source.of_file(path)
        self._look()

    def _look(self) -> None:
        archive, person, file = self.visit.archive, self.visit.person, self._file
        if archive is None or person is None or file is None:
            return
        from carehub.workflows import importing

        work = partial(
            importing.preview,
            file,
            self._answers,
            background.now(),
            archive=archive,
            person_id=person.id,
            tell=self._teller(),
        )
        self._begin(_("Looking at the file"))
        # In a thread of its own: a long file must not keep meters and reminders waiting.
        self.ask(lambda: asyncio.to_thread(work), self._seen, self._failed)

    def _store(self) -> None:
        archive, person, file = self.visit.archive, self.visit.person, self._file
        if archive is None or person is None or file is None:
            return
        from carehub.workflows import restoring

        work = partial(
            restoring.bring_in,
            archive,
            file,
            self._answers,
            person_id=person.id,
            now=background.now(),
            tell=self._teller(),
        )
        self._begin(_("Storing"))
        self.ask(lambda: asyncio.to_thread(work), self._stored, self._failed)

    def _teller(self) -> "_Teller":
        self._enough = Event()
        return _Teller(self)

    def show_progress(self, rows: int) -> None:
        """Say how far the file has been read."""
        self.progress.setText(_("{count} rows …").format(count=rows))

    def _begin(self, words: str) -> None:
        self._view = replace(self._view, preview=None, question=None)
        self.said.setText(words)
        self._fill()
        self._show_state(busy=True)

    def _stop(self) -> None:
        self._enough.set()

    def _seen(self, seen: "Seen") -> None:
        person = self.visit.person
        name = person.greeting_name if person is not None else ""
        preview = preview_of(seen, name)
        self._view = replace(self._view, preview=preview, question=None)
        self.said.setText(preview.title)
        self._fill()
        self._show_state(busy=False)

    def _failed(self, error: BaseException) -> None:
        question = question_of(error)
        if question is None and not isinstance(error, CareHubError):
            raise error
        self._view = replace(self._view, preview=None, question=question)
        self.said.setText(question.words if question is not None else str(error))
        self._fill()
        self._show_state(busy=False)

    def _answer(self, question: Question, key: str) -> None:
        self._answers = answered(self._answers, question, key)
        self._look()

    def _stored(self, done: "Imported") -> None:
        self._view = replace(self._view, preview=None, question=None)
        self._file = None
        self.said.setText(stored(done))
        self._show_state(busy=False)
        self.refresh()
        if done.batch_id is not None:
            self.offer_undo(stored(done), partial(self._undo_batch, done.batch_id))

    def _undo_batch(self, batch_id: UUID) -> None:
        from carehub.workflows import importing

        archive = self.visit.archive
        if archive is not None:
            self.ask(partial(importing.undo, archive, batch_id, background.now()), self._undone)

    def _undone(self, _done: object) -> None:
        self.said.setText(_("The import was taken back."))
        self.refresh()

    # What stands on the page

    def _show_state(self, *, busy: bool) -> None:
        preview = self._view.preview
        self.choose.setVisible(not busy)
        self.choose.set_kind("outline" if preview is not None else "primary")
        self.stop.setVisible(busy)
        self.store.setVisible(not busy and preview is not None and preview.new > 0)
        self.progress.setVisible(busy)
        self.progress.setText("")

    def _fill(self) -> None:
        for old in self._shown:
            old.hide()
            old.deleteLater()
        self._shown = [*self._question(), *self._preview(), *map(self._batch, self._view.batches)]
        for number, part in enumerate(self._shown):
            self.list.inside.insertWidget(number, part)
        self._show_state(busy=self.busy and self.stop.isVisible())

    def _question(self) -> list[QWidget]:
        question = self._view.question
        if question is None:
            return []
        self.said.setText(question.words)
        choices = Choices("imports.answer", question.choices)
        choices.chosen.connect(partial(self._answer, question))
        return [choices]

    def _preview(self) -> list[QWidget]:
        preview = self._view.preview
        if preview is None:
            return []
        self.said.setText(preview.title)
        lines = [Body(f"imports.line.{n}", text) for n, text in enumerate(preview.lines)]
        rows = [Note(f"imports.row.{n}", text) for n, text in enumerate(preview.rows)]
        refused = [Note(f"imports.refused.{n}", text) for n, text in enumerate(preview.refused)]
        return [*lines, *rows, *refused]

    def _batch(self, line: BatchLine) -> QWidget:
        name = f"imports.batch.{line.id}"
        press = partial(self._undo_batch, line.id)
        undo = Button(f"{name}.undo", _("Undo"), icon="undo", kind="plain", press=press)
        undo.setAccessibleDescription(line.title)
        return ListRow(name, line.title, line.note, actions=(undo,))


class _Teller:
    """Carries the number of rows to the page, and back whether the person has had enough."""

    def __init__(self, page: Imports) -> None:
        self._page = page
        self._enough = page._enough  # noqa: SLF001 - its own helper
        self._post = page.shell.background.post

    def __call__(self, rows: int) -> bool:
        """Tell, from the thread that reads."""
        self._post(partial(self._page.show_progress, rows))
        return not self._enough.is_set()


PAGES = {"imports": Imports}
