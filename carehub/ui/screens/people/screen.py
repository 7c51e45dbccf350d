"""Who lives here: choose by face, the list at home, and the form of one person."""

from functools import partial
from pathlib import Path
from typing import ClassVar
from uuid import UUID

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, Qt
from PySide6.QtGui import QImage, QImageReader, QPainter
from PySide6.QtWidgets import QFileDialog, QWidget

from carehub.care.changes import Changes
from carehub.care.people import Person
from carehub.i18n import _
from carehub.ui import background, theme
from carehub.ui.screens.first_run.agreement import Agreement
from carehub.ui.screens.first_run.consent import VERSION
from carehub.ui.screens.first_run.model import may_go_on
from carehub.ui.screens.page import Page
from carehub.ui.screens.people.form import PersonForm
from carehub.ui.screens.people.model import Face, PeopleView, Typed, typed_of, view_of
from carehub.ui.visit import Visit
from carehub.ui.widgets import Avatar, Button, Chip, ListRow, Scroll, Status, row
from carehub.ui.widgets.panel import grid
from carehub.ui.widgets.tiles import FaceCard, picture

HERE = 480
ACROSS = 3
LARGEST = 640
"""Pixels of a photo's longer edge: more is not seen in a circle."""


class AnyPeople(Page[PeopleView]):
    """A page with everybody on it."""

    concerns = Changes.PEOPLE

    def load(self, visit: Visit, now: int) -> PeopleView:
        """Read everybody with their photos."""
        from carehub.archive import attachments, streams

        assert visit.archive is not None
        with visit.archive.read() as tx:
            everyone = streams.own_people(tx)
        photos = {
            each.id: attachments.picture(visit.archive, each.photo_id)
            for each in everyone
            if each.photo_id is not None
        }
        return view_of(everyone, photos, visit.person.id if visit.person else None, now)


class Choose(AnyPeople):
    """‘Which one are you?’: one large face per person."""

    landscape: ClassVar[bool] = True

    def title(self) -> str:
        return _("Who are you?")

    def build(self) -> None:
        """Lay out an empty grid and the way to add somebody."""
        self._cards: list[QWidget] = []
        self._view = PeopleView()
        self.header.setMinimumHeight(theme.look().px(98))
        add = Button("people.add", _("Add"), icon="plus", press=self._add)
        self.header.add(add)
        self.reel = Scroll("people.scroll")
        holder = QWidget()
        self.grid = grid(holder)
        self.reel.inside.addWidget(holder, 1)
        self.body.addWidget(self.reel, 1)
        self.foot.show_words(_("Kept encrypted on this computer"), "lock")

    def show_view(self, view: PeopleView) -> None:
        """Show everybody's face."""
        self._view = view
        for old in self._cards:
            self.grid.removeWidget(old)
            old.hide()
            old.deleteLater()
        self._cards = [self._card(n, face) for n, face in enumerate(view.faces)]
        for number, card in enumerate(self._cards):
            self.grid.addWidget(card, number // ACROSS, number % ACROSS)

    def _card(self, number: int, face: Face) -> FaceCard:
        card = FaceCard(
            f"people.{number}",
            face.name,
            face.note,
            photo=face.photo,
            here=face.here,
            small=len(self._view.faces) > ACROSS,
        )
        card.clicked.connect(lambda *_: self.shell.session.choose(face.id))
        return card

    def _add(self) -> None:
        self.shell.open("people.edit")

    def spoken(self) -> list[str]:
        return [self.header.title.text(), *(face.name for face in self._view.faces)]


class People(AnyPeople):
    """Everybody with what can be done: switch to them, change them, add somebody."""

    def title(self) -> str:
        return _("Family here")

    def build(self) -> None:
        """Lay out the list and the way to add to it."""
        self._rows: list[QWidget] = []
        self._view = PeopleView()
        self.header.add(
            Button("people.add", _("Add"), icon="plus", kind="primary", press=self._add)
        )
        self.list = Scroll("people.list")
        self.list.inside.addStretch(1)
        self.body.addWidget(self.list, 1)

    def show_view(self, view: PeopleView) -> None:
        """Show one row per person."""
        self._view = view
        for old in self._rows:
            old.hide()
            old.deleteLater()
        self._rows = [self._row(n, face) for n, face in enumerate(view.faces)]
        for number, each in enumerate(self._rows):
            self.list.inside.insertWidget(number, each)

    def _row(self, number: int, face: Face) -> QWidget:
        name = f"people.{number}"
        edge = round(theme.look().sizes.target * 1.2)
        lead = Avatar(f"{name}.face", face.name, picture(face.photo, edge), edge=edge)
        change = Button(
            f"{name}.change", _("Change"), icon="pencil", press=partial(self._change, face.id)
        )
        change.setAccessibleDescription(face.name)
        here: QWidget = Chip(f"{name}.here", _("Shown now"), Status.OK)
        if not face.here:
            here = Button(
                f"{name}.switch", _("Switch"), icon="swap", press=partial(self._switch, face.id)
            )
            here.setAccessibleDescription(face.name)
        return ListRow(name, face.name, face.note, leading=lead, actions=(here, change))

    def _add(self) -> None:
        self.shell.open("people.edit")

    def _change(self, person_id: UUID) -> None:
        self.shell.open("people.edit", person=person_id)

    def _switch(self, person_id: UUID) -> None:
        self.shell.session.choose(person_id)

    def spoken(self) -> list[str]:
        said = [self.header.title.text()]
        for face in self._view.faces:
            said += [face.name, face.note]
        return said


class Edit(Page[Typed]):
    """The form of one person; opened with `person`, or without for somebody new."""

    typed_into = True

    def build(self) -> None:
        """Lay out the form, the photo and the way on."""
        self._person: Person | None = None
        self.photo = Button(
            "person.photo", _("Choose a photo"), icon="person", press=self._choose_photo
        )
        self.form = PersonForm("person", self.photo)
        self.body.addWidget(self.form, 1)
        self.save = Button("person.save", _("Save"), icon="check", kind="primary", press=self._save)
        line = row()
        line.addStretch(1)
        line.addWidget(self.save)
        self.body.addLayout(line)

    def opened(self, **what: object) -> None:
        """Take the person; somebody new has no photo yet."""
        super().opened(**what)
        known = isinstance(what.get("person"), UUID)
        self.header.show_title(_("Change") if known else _("Who is it?"))
        self.photo.setVisible(known and self.visit.config.mode != "kiosk")
        self.save.setText(_("Save") if known else _("Continue"))
        self.form.show_typed(Typed())

    def refresh(self) -> None:
        """Read the person who is changed; of somebody new there is nothing to read."""
        self.stale = False
        if isinstance(self.asked.get("person"), UUID):
            super().refresh()

    def load(self, visit: Visit, _now: int) -> Typed:
        """Read the person who is changed."""
        from carehub.archive import people

        wanted = self.asked.get("person")
        assert visit.archive is not None
        if isinstance(wanted, UUID):
            with visit.archive.read() as tx:
                self._person = people.get(tx, wanted)
        return typed_of(self._person) if self._person is not None else Typed()

    def show_view(self, view: Typed) -> None:
        """Fill the form in."""
        self.form.show_typed(view)

    def _save(self) -> None:
        from dataclasses import replace

        from carehub.workflows import people

        now, archive = background.now(), self.visit.archive
        if self.form.complain(now, HERE) or archive is None:
            return
        typed = self.form.typed()
        if self._person is None:
            self.shell.open("people.consent", typed=typed)
            return
        changed = replace(
            self._person, name=typed.name, called=typed.called, born=typed.born, sex=typed.sex
        )
        self.ask(partial(people.change, archive, changed, now), self._saved)

    def _saved(self, _changes: Changes) -> None:
        self.shell.back()

    # The photo

    def _choose_photo(self) -> None:
        """Ask for a picture file; never in kiosk mode, where no file dialog may open."""
        if self.visit.config.mode == "kiosk":
            return
        chosen, _kind = QFileDialog.getOpenFileName(
            self, _("Choose a photo"), "", "*.jpg *.jpeg *.png *.webp *.bmp"
        )
        if chosen:
            self.take_photo(Path(chosen))

    def take_photo(self, file: Path) -> None:
        """Keep a picture, made small, as the person's face."""
        from carehub.workflows import people

        content = small_picture(file)
        if not content:
            self.shell.show_notice("photo", _("That picture cannot be read."), Status.WARN)
            return
        if self._person is not None and self.visit.archive is not None:
            work = partial(
                people.keep_photo,
                self.visit.archive,
                self._person,
                content,
                "image/jpeg",
                background.now(),
            )
            self.ask(work, self._saved)

    def spoken(self) -> list[str]:
        form = self.form
        return [self.header.title.text(), form.called_by.caption.text()]


def small_picture(file: Path) -> bytes:
    """Return a picture as a small JPEG without anything but the picture, or nothing."""
    reader = QImageReader(str(file))
    reader.setAutoTransform(True)
    image = reader.read()
    if image.isNull():
        return b""
    if max(image.width(), image.height()) > LARGEST:
        image = image.scaled(
            LARGEST,
            LARGEST,
            Qt.AspectRatioMode.KeepAspectRatio,
            Qt.TransformationMode.SmoothTransformation,
        )
    # Painted anew, so that where and when a photo was taken does not travel with it.
    plain = QImage(image.size(), QImage.Format.Format_RGB32)
    plain.fill(Qt.GlobalColor.white)
    painter = QPainter(plain)
    painter.drawImage(0, 0, image)
    painter.end()
    held = QByteArray()
    buffer = QBuffer(held)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    plain.save(buffer, "JPEG", 85)  # type: ignore[call-overload]  # the stub wants bytes for the format
    return bytes(held.data())


class NewConsent(Page[None]):
    """What somebody new agrees to, in their own name, before anything about them is kept."""

    def title(self) -> str:
        return _("Before we begin")

    def build(self) -> None:
        """Show the text and the ticks."""
        self.agreement = Agreement("consent")
        self.agreement.changed.connect(self._changed)
        self.body.addWidget(self.agreement, 1)
        self.next = Button(
            "consent.next", _("Continue"), icon="forward", kind="primary", press=self._go_on
        )
        self.next.setEnabled(False)
        line = row()
        line.addStretch(1)
        line.addWidget(self.next)
        self.body.addLayout(line)

    def refresh(self) -> None:
        """Nothing is read: nothing is kept yet."""
        self.stale = False

    def _changed(self) -> None:
        self.next.setEnabled(may_go_on(self.agreement.agreed()))

    def _go_on(self) -> None:
        typed, archive = self.asked.get("typed"), self.visit.archive
        if not isinstance(typed, Typed) or archive is None:
            return
        from carehub.workflows import people

        self.next.setEnabled(False)
        work = partial(
            people.add,
            archive,
            name=typed.name,
            called=typed.called,
            born=typed.born,
            sex=typed.sex,
            zone_offset=HERE,
            purposes=tuple(sorted(self.agreement.agreed())),
            text_version=VERSION,
            now=background.now(),
        )
        self.ask(work, self._welcomed)

    def _welcomed(self, person: Person) -> None:
        self.shell.session.choose(person.id, "home", "health")

    def spoken(self) -> list[str]:
        return self.agreement.sentences()


PAGES = {
    "people": People,
    "people.choose": Choose,
    "people.edit": Edit,
    "people.consent": NewConsent,
}
