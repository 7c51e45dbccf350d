"""The menu under Mine, the meters, the languages, and what this program is."""

from dataclasses import replace
from functools import partial

from PySide6.QtWidgets import QWidget

from carehub import __version__, i18n
from carehub.care.changes import Changes
from carehub.i18n import _
from carehub.ui import theme
from carehub.ui.screens.mine.data import Data, ReceiptPage
from carehub.ui.screens.mine.display import Display
from carehub.ui.screens.mine.lock import ChangePassphrase, ChangePin, Lock, NewCode
from carehub.ui.screens.mine.model import (
    LIMITS,
    PARTS,
    MeterLine,
    MetersView,
    MineView,
    meters_of,
    view_of,
)
from carehub.ui.screens.mine.privacy import Privacy
from carehub.ui.screens.page import AnyPage, Page
from carehub.ui.screens.people.model import face_of
from carehub.ui.theme import Step
from carehub.ui.visit import Visit
from carehub.ui.widgets import (
    Avatar,
    Body,
    Button,
    FunctionCard,
    Heading,
    ListRow,
    Mark,
    Note,
    Panel,
    Scroll,
    StepList,
    row,
)
from carehub.ui.widgets.panel import grid
from carehub.ui.widgets.tiles import Tile, picture

ACROSS = 3


class Mine(Page[MineView]):
    """Everything that is not measuring: one tile each."""

    concerns = Changes.PEOPLE | Changes.READINGS | Changes.METERS

    def title(self) -> str:
        return _("Mine")

    def build(self) -> None:
        """Lay out an empty grid, and who is here in the header."""
        self._view: MineView | None = None
        self._tiles: list[Tile] = []
        self._face: QWidget | None = None
        self.switch = Button("mine.switch", _("Switch"), icon="swap", press=self._switch)
        self.header.add(self.switch)
        self.grid = grid()
        self.body.addLayout(self.grid, 1)
        self.foot.show_words(_("Kept encrypted on this computer"), "lock")

    def load(self, visit: Visit, now: int) -> MineView:
        """Count people, meters and what waits in the tray."""
        from carehub.archive import attachments, meters, people, readings, streams

        assert visit.archive is not None
        assert visit.person is not None
        with visit.archive.read() as tx:
            everyone = streams.own_people(tx)
            known, waiting = meters.everyone(tx), readings.unassigned(tx)
            person = people.get(tx, visit.person.id) or visit.person
        photo = attachments.picture(visit.archive, person.photo_id)
        return view_of(
            face_of(person, now, photo=photo, here=True),
            people=len(everyone),
            meters=len(known),
            waiting=len(waiting),
            demo=visit.demo,
        )

    def show_view(self, view: MineView) -> None:
        """Show who is here and the tiles."""
        self._view = view
        self.header.show_title(self.title(), view.face.name)
        self._show_face(view)
        for old in self._tiles:
            self.grid.removeWidget(old)
            old.hide()
            old.deleteLater()
        self._tiles = [
            Tile(
                f"mine.{entry.key}",
                entry.text,
                entry.under,
                icon=entry.icon,
                press=partial(self.shell.open, entry.page),
            )
            for entry in view.entries
        ]
        for number, tile in enumerate(self._tiles):
            self.grid.addWidget(tile, number // ACROSS, number % ACROSS)

    def _show_face(self, view: MineView) -> None:
        if self._face is not None:
            self._face.hide()
            self._face.deleteLater()
        edge = theme.look().sizes.target
        self._face = Avatar("mine.face", view.face.name, picture(view.face.photo, edge), edge=edge)
        self.header.add(self._face)
        self.switch.setVisible(view.several)

    def _switch(self) -> None:
        self.shell.open("people.choose")

    def spoken(self) -> list[str]:
        return [self.header.title.text(), *(tile.text() for tile in self._tiles)]


class Meters(Page[MetersView]):
    """The meters that were read here."""

    concerns = Changes.METERS | Changes.PEOPLE

    def title(self) -> str:
        return _("Meters")

    def build(self) -> None:
        """Lay out the list."""
        self._view = MetersView()
        self._rows: list[QWidget] = []
        self.nothing = Heading("meters.nothing", _("No meter was read here yet"))
        self.how = Body("meters.how", _("Switch the meter on while you measure; it is met then."))
        self.list = Scroll("meters")
        self.list.inside.addWidget(self.nothing)
        self.list.inside.addWidget(self.how)
        self.list.inside.addStretch(1)
        self.body.addWidget(self.list, 1)

    def load(self, visit: Visit, now: int) -> MetersView:
        """Read the meters."""
        from carehub.archive import meters, people

        assert visit.archive is not None
        with visit.archive.read() as tx:
            return meters_of(meters.everyone(tx), people.everyone(tx), now)

    def show_view(self, view: MetersView) -> None:
        """Show one row per meter."""
        self._view = view
        for old in self._rows:
            old.hide()
            old.deleteLater()
        self.nothing.setVisible(not view.lines)
        self.how.setVisible(not view.lines)
        self._rows = [self._row(n, line) for n, line in enumerate(view.lines)]
        for number, each in enumerate(self._rows):
            self.list.inside.insertWidget(number, each)

    def _row(self, number: int, line: MeterLine) -> QWidget:
        name = f"meters.{number}"
        drop = Button(
            f"{name}.forget", _("Forget"), icon="x", kind="plain", press=partial(self._forget, line)
        )
        drop.setAccessibleDescription(line.title)
        edge = theme.look().sizes.body * 2
        icon = "heart-pulse" if line.meter.kind == "blood_pressure" else "drop"
        lead = Mark(f"{name}.mark", icon, tone="jade", edge=edge)
        note = "\n".join(part for part in (line.note, line.owners) if part)
        return ListRow(name, line.title, note, leading=lead, actions=(drop,))

    def _forget(self, line: MeterLine) -> None:
        from carehub.workflows import meters

        archive = self.visit.archive
        if archive is None:
            return
        run = self.shell.background.run
        run(partial(meters.forget, archive, line.meter.id))
        self.offer_undo(
            _("Forgotten: {name}. Its readings stay.").format(name=line.title),
            lambda: run(partial(meters.remember, archive, line.meter)),
        )

    def spoken(self) -> list[str]:
        said = [self.header.title.text()]
        for line in self._view.lines:
            said += [line.title, line.note]
        return said if self._view.lines else [*said, self.nothing.text(), self.how.text()]


class Language(AnyPage):
    """中文 or English."""

    def title(self) -> str:
        return _("Language")

    def build(self) -> None:
        """Show one large card per language."""
        cards = row()
        options = (
            ("zh_CN", "中文", "用中文显示和朗读", "letter-zh", "jade"),
            ("en", "English", "Show and read in English", "letter-a", "indigo"),
        )
        self.cards = []
        for key, text, under, icon, tone in options:
            card = FunctionCard(
                f"mine.{key}", text, under, icon=icon, tone=tone, press=partial(self._take, key)
            )
            if key == self.visit.config.language:
                card.set_badge(_("Chosen"))
            self.cards.append(card)
            cards.addWidget(card, 1)
        self.body.addLayout(cards, 1)

    def _take(self, key: str) -> None:
        chosen = next(each for each in i18n.LANGUAGES if each == key)
        self.shell.session.keep_settings(replace(self.visit.config, language=chosen))

    def spoken(self) -> list[str]:
        return [self.header.title.text(), *(card.text() for card in self.cards)]


class About(AnyPage):
    """The version, what it cannot do, and the licences of its parts."""

    def title(self) -> str:
        return _("About")

    def build(self) -> None:
        """Put the limits beside the licences."""
        across = row(space=theme.look().sizes.gap)
        left, right = Panel("about.limits"), Panel("about.parts")
        left.inside.setContentsMargins(*(theme.look().sizes.margin,) * 4)
        self.name = Heading("about.name", f"CareHub {__version__}", step=Step.DISPLAY)
        left.inside.addWidget(self.name)
        self.limits = StepList("about.limit", [_(each) for each in LIMITS])
        left.inside.addWidget(self.limits)
        left.inside.addStretch(1)
        right.inside.addWidget(Heading("about.licences", _("Made with")))
        reel = Scroll("about.scroll")
        for number, (part, licence) in enumerate(PARTS):
            reel.inside.addWidget(Body(f"about.part.{number}", part))
            reel.inside.addWidget(Note(f"about.licence.{number}", licence))
        reel.inside.addStretch(1)
        right.inside.addWidget(reel, 1)
        across.addWidget(left, 7)
        across.addWidget(right, 5)
        self.body.addLayout(across, 1)

    def spoken(self) -> list[str]:
        return [self.name.text(), *(_(each) for each in LIMITS)]


PAGES: dict[str, type[AnyPage]] = {
    "mine": Mine,
    "mine.meters": Meters,
    "mine.privacy": Privacy,
    "mine.display": Display,
    "mine.language": Language,
    "mine.lock": Lock,
    "mine.pin": ChangePin,
    "mine.passphrase": ChangePassphrase,
    "mine.code": NewCode,
    "mine.about": About,
    "mine.data": Data,
    "mine.receipt": ReceiptPage,
}
