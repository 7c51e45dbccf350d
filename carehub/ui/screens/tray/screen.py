"""The page that asks whose a reading is: the value large, then everybody by face and name."""

from functools import partial
from uuid import UUID

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy

from carehub.care.changes import Changes
from carehub.care.readings import Kind
from carehub.i18n import _
from carehub.ui import background, paint, theme
from carehub.ui.screens.page import Page
from carehub.ui.screens.tray.model import Owner, TrayView, view_of
from carehub.ui.theme import Step
from carehub.ui.visit import Visit
from carehub.ui.widgets import (
    Avatar,
    Button,
    Chip,
    Heading,
    Note,
    Panel,
    Scroll,
    Status,
    Words,
    row,
)


class Face(QAbstractButton):
    """A person to choose: the face or initial, then the name; one press chooses."""

    def __init__(self, name: str, owner: Owner) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setText(owner.name)
        self.setFont(theme.font(Step.TITLE, bold=True))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        sizes = theme.look().sizes
        inside = row(self, space=sizes.gap)
        inside.setContentsMargins(sizes.gap, 0, sizes.gap, 0)
        face = Avatar(f"{name}.face", owner.name, edge=round(sizes.target * 1.1))
        face.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        inside.addWidget(face, 0, Qt.AlignmentFlag.AlignVCenter)
        inside.addStretch(1)
        self._left = 2 * sizes.gap + face.width()

    def sizeHint(self) -> QSize:
        words = paint.Lines(self.text(), self.font())
        width = self._left + words.width + theme.look().sizes.gap
        return QSize(int(width) + 2, round(theme.look().sizes.target * 1.5))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        with paint.on(self) as painter:
            box, corner = QRectF(self.rect()), theme.look().sizes.corner
            ground = theme.colour("trough" if self.isDown() else "surface")
            paint.rounded(painter, box, corner, ground, theme.colour("jade"), 2)
            place = box.adjusted(self._left, 0, 0, 0)
            paint.words(painter, self.text(), self.font(), place, theme.colour("ink"))
            if self.hasFocus():
                paint.focus_ring(painter, box, corner)


class Tray(Page[TrayView]):
    """Whose is it? One parcel of readings at a time."""

    concerns = Changes.READINGS | Changes.PEOPLE

    def title(self) -> str:
        """Return the page's title."""
        return _("Whose reading is it?")

    def build(self) -> None:
        """Lay out the reading on the left, the people on the right; or that the tray is empty."""
        self.skipped: set[UUID] = set()
        self._view: TrayView | None = None
        self.mark = Chip("tray.simulated", _("Pretend readings"), Status.INFO)
        self.header.add(self.mark)
        self.reading, self.choice = self._reading(), self._choice()
        across = row(space=theme.look().sizes.gap)
        across.addWidget(self.reading, 45)
        across.addWidget(self.choice, 55)
        self.empty = self._empty()
        self.body.addLayout(across)
        self.body.addWidget(self.empty)
        for panel in (self.reading, self.choice, self.empty):
            panel.hide()

    def _reading(self) -> Panel:
        panel = Panel("tray.reading")
        panel.inside.setContentsMargins(*(theme.look().sizes.margin,) * 4)
        self.caption = Words("tray.caption", tone="ink_2")
        self.value = Words("tray.value", step=Step.METRIC, bold=True, wrap=False)
        self.when = Words("tray.when", step=Step.TITLE)
        self.more = Note("tray.more")
        self.slot = Note("tray.slot")
        panel.inside.addStretch(2)
        for each in (self.caption, self.value, self.when, self.more, self.slot):
            panel.inside.addWidget(each)
        panel.inside.addStretch(3)
        return panel

    def _choice(self) -> Panel:
        panel = Panel("tray.choice")
        panel.inside.setContentsMargins(*(theme.look().sizes.gap,) * 4)
        self.faces = Scroll("tray.people")
        self.none = Button("tray.none", _("None of us"), icon="x", kind="plain", press=self._skip)
        panel.inside.addWidget(self.faces, 1)
        panel.inside.addWidget(self.none)
        return panel

    def _empty(self) -> Panel:
        panel = Panel("tray.empty")
        panel.inside.setContentsMargins(*(theme.look().sizes.margin,) * 4)
        panel.inside.setSpacing(theme.look().sizes.gap)
        self.nothing = Heading(
            "tray.nothing", _("All readings have found their owner"), step=Step.DISPLAY
        )
        done = row()
        done.addWidget(
            Button("tray.done", _("Done"), icon="check", kind="primary", press=self.shell.back)
        )
        done.addStretch(1)
        panel.inside.addStretch(2)
        panel.inside.addWidget(self.nothing)
        panel.inside.addLayout(done)
        panel.inside.addStretch(3)
        return panel

    def load(self, visit: Visit, now: int) -> TrayView:
        """Read the tray and everybody."""
        from carehub.archive import people, readings

        assert visit.archive is not None
        with visit.archive.read() as tx:
            waiting = readings.unassigned(tx)
            everyone = people.everyone(tx)
        zone = visit.person.zone_offset if visit.person is not None else 480
        return view_of(waiting, everyone, frozenset(self.skipped), now, zone)

    def show_view(self, view: TrayView) -> None:
        """Show the next parcel, or that there is none."""
        self._view = view
        parcel = view.parcel
        for panel in (self.reading, self.choice):
            panel.setVisible(parcel is not None)
        self.empty.setVisible(parcel is None)
        self.mark.setVisible(parcel is not None and parcel.simulated)
        count = _("{count} to go").format(count=view.left) if view.left > 1 else ""
        self.header.show_title(self.title(), count)
        self.foot.show_words(_("A reading without an owner raises no alert"), "info")
        if parcel is None:
            return
        glucose = parcel.kind is Kind.GLUCOSE
        self.caption.setText(_("Glucose") if glucose else _("Blood pressure"))
        self.value.setText(parcel.value)
        self.when.setText(parcel.when)
        for words, text in ((self.more, parcel.more), (self.slot, parcel.meter)):
            words.setText(text)
            words.setVisible(bool(text))
        self._show_faces(view.owners)

    def _show_faces(self, owners: tuple[Owner, ...]) -> None:
        inside = self.faces.inside
        while inside.count():
            item = inside.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for number, owner in enumerate(owners):
            face = Face(f"tray.person.{number}", owner)
            face.clicked.connect(partial(self._claim, owner.id))
            inside.addWidget(face)
        inside.addStretch(1)

    def spoken(self) -> list[str]:
        """Say the value and the names."""
        view = self._view
        if view is None or view.parcel is None:
            return [self.nothing.text()]
        parcel = view.parcel
        names = [owner.name for owner in view.owners]
        said = [self.header.title.text(), self.caption.text(), parcel.value, parcel.when]
        return [*said, *names]

    def _claim(self, person_id: UUID, _checked: bool = False) -> None:
        from carehub.workflows import readings

        archive, view = self.visit.archive, self._view
        if archive is None or view is None or view.parcel is None:
            return
        work = partial(readings.claim, archive, view.parcel.ids, person_id, background.now())
        self.ask(work)

    def _skip(self) -> None:
        view = self._view
        if view is not None and view.parcel is not None:
            self.skipped.update(view.parcel.ids)
            self.refresh()


PAGES = {"tray": Tray}
