"""The health archive: the overview of its parts, and the lines of each."""

from functools import partial
from typing import ClassVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from carehub.care.changes import Changes
from carehub.care.people import Profile
from carehub.i18n import _
from carehub.ui import background, theme
from carehub.ui.screens.health.entry_page import EntryPage
from carehub.ui.screens.health.glucose_page import GlucosePlanPage, HbA1cPage
from carehub.ui.screens.health.model import (
    HEADINGS,
    ICONS,
    Card,
    HealthView,
    Line,
    ListView,
    list_of,
    view_of,
)
from carehub.ui.screens.health.pick_page import PickPage, Plan, carry_out, profile_of
from carehub.ui.screens.health.picks import Change, Topic, call_later, remove
from carehub.ui.screens.health.target_page import TargetPage
from carehub.ui.screens.page import Page
from carehub.ui.theme import Step
from carehub.ui.visit import Visit
from carehub.ui.widgets import (
    Body,
    Button,
    Heading,
    ListRow,
    Mark,
    Panel,
    Scroll,
    Words,
    column,
    row,
)
from carehub.ui.widgets.panel import grid


class Conditions(PickPage):
    """Long-term conditions."""

    topic: ClassVar[Topic] = Topic.CONDITIONS


class Allergies(PickPage):
    """What must not be given."""

    topic: ClassVar[Topic] = Topic.ALLERGIES


class Medicines(PickPage):
    """What is taken."""

    topic: ClassVar[Topic] = Topic.MEDICINES


class Health(Page[HealthView]):
    """Its parts at a glance, each with the way to change it."""

    concerns = Changes.PEOPLE

    def title(self) -> str:
        return _("Health archive")

    def build(self) -> None:
        """Lay out an empty grid for the cards."""
        self._cards: list[QWidget] = []
        self._view: HealthView | None = None
        self.grid = grid(space=theme.look().sizes.between)
        self.body.addLayout(self.grid, 1)
        self.foot.show_words(_("Kept encrypted on this computer"), "lock")

    def load(self, visit: Visit, _now: int) -> HealthView:
        """Read the health archive of the person who is here."""
        from carehub.archive import people
        from carehub.care.people import Target

        assert visit.archive is not None
        assert visit.person is not None
        with visit.archive.read() as tx:
            profile = people.profile(tx, visit.person.id)
            target = people.target(tx, visit.person.id) or Target()
            glucose = people.glucose_plan(tx, visit.person.id)
        return view_of(profile, target, glucose)

    def show_view(self, view: HealthView) -> None:
        """Show the cards, two beside each other; an odd last one has its row for itself."""
        self._view = view
        self.header.show_title(self.title(), view.who)
        for old in self._cards:
            self.grid.removeWidget(old)
            old.hide()
            old.deleteLater()
        self._cards = [self._card(card) for card in view.cards]
        for number, each in enumerate(self._cards):
            wide = number == len(self._cards) - 1 and number % 2 == 0
            self.grid.addWidget(each, number // 2, number % 2, 1, 2 if wide else 1)
            self.grid.setRowStretch(number // 2, 1)
            self.grid.setColumnStretch(number % 2, 1)

    def _card(self, card: Card) -> QWidget:
        name = f"health.{card.key}"
        panel = Panel(f"{name}.card", lying=True)
        sizes = theme.look().sizes
        panel.inside.setContentsMargins(sizes.gap, sizes.gap // 2, sizes.gap, sizes.gap // 2)
        words = column(space=theme.look().px(2))
        head = row(space=theme.look().sizes.between // 2)
        head.addWidget(Mark(f"{name}.mark", card.icon, tone="jade"), 0)
        head.addWidget(Words(f"{name}.heading", card.heading, bold=True, tone="jade"), 1)
        words.addStretch(1)
        words.addLayout(head)
        for number, text in enumerate(card.lines):
            tone = "ink_2" if card.empty else "ink"
            words.addWidget(Body(f"{name}.line.{number}", text, tone=tone))
        words.addStretch(1)
        panel.inside.addLayout(words, 1)
        change = Button(
            name,
            _("Add") if card.empty else _("Change"),
            icon="plus" if card.empty else "pencil",
            press=partial(self._open, card),
        )
        change.setAccessibleDescription(card.heading)
        panel.inside.addWidget(change, 0, Qt.AlignmentFlag.AlignVCenter)
        return panel

    def _open(self, card: Card) -> None:
        if card.key in ("target", "glucose"):
            self.shell.open(f"health.{card.key}")
        elif not card.empty:
            self.shell.open("health.list", topic=card.key)
        else:
            open_adding(self, Topic(card.key))

    def spoken(self) -> list[str]:
        if self._view is None:
            return [self.header.title.text()]
        said = [self.header.title.text()]
        for card in self._view.cards:
            said += [card.heading, *card.lines]
        return said


def open_adding(page: Page[HealthView] | Page[ListView], topic: Topic) -> None:
    """Open what adds to a part: things to tick, or a form."""
    if topic in (Topic.CONDITIONS, Topic.ALLERGIES, Topic.MEDICINES):
        page.shell.open(f"health.{topic}")
    else:
        page.shell.open("health.entry", topic=topic.value)


class Lines(Page[ListView]):
    """The lines of one part; opened with its `topic`."""

    concerns = Changes.PEOPLE

    def build(self) -> None:
        """Lay out the list and the way to add to it."""
        self.topic = Topic.CONDITIONS
        self._view: ListView | None = None
        self._rows: list[QWidget] = []
        add = Button("lines.add", _("Add"), icon="plus", kind="primary", press=self._add)
        self.header.add(add)
        self.list = Scroll("lines")
        self.body.addWidget(self.list, 1)
        self.nothing = Heading("lines.nothing")
        self.list.inside.addWidget(self.nothing)
        self.list.inside.addStretch(1)

    def opened(self, **what: object) -> None:
        """Take the topic."""
        super().opened(**what)
        self.topic = Topic(str(what.get("topic", Topic.CONDITIONS)))
        self.header.show_title(_(HEADINGS[self.topic]))

    def _add(self) -> None:
        open_adding(self, self.topic)

    def load(self, visit: Visit, _now: int) -> ListView:
        """Read the lines."""
        return list_of(profile_of(visit), self.topic)

    def show_view(self, view: ListView) -> None:
        """Show one row per line."""
        self._view = view
        for old in self._rows:
            old.hide()
            old.deleteLater()
        self.nothing.setText(view.said)
        self.nothing.setVisible(bool(view.said))
        last = len(view.lines) - 1
        self._rows = [self._row(n, line, last=n == last) for n, line in enumerate(view.lines)]
        for number, each in enumerate(self._rows):
            self.list.inside.insertWidget(number, each)

    def _row(self, number: int, line: Line, *, last: bool) -> QWidget:
        name = f"lines.{number}"
        change = Button(
            f"{name}.change", _("Change"), icon="pencil", press=partial(self._change, line)
        )
        drop = Button(
            f"{name}.remove", _("Remove"), icon="x", kind="plain", press=partial(self._remove, line)
        )
        actions: list[QWidget] = [change, drop]
        if self.topic is Topic.CONTACTS:
            down = Button(
                f"{name}.later",
                icon="down",
                kind="plain",
                spoken=_("Call {name} later").format(name=line.title),
                press=partial(self._later, line),
            )
            down.setEnabled(not last)
            actions.insert(0, down)
        for each in actions:
            each.setAccessibleDescription(line.title)
        edge = theme.look().sizes.body * 2
        lead = Mark(f"{name}.mark", ICONS[self.topic], tone="jade", edge=edge)
        return ListRow(
            name, line.title, line.note, leading=lead, actions=tuple(actions), step=Step.TITLE
        )

    def _change(self, line: Line) -> None:
        self.shell.open("health.entry", topic=self.topic.value, id=line.id)

    def _remove(self, line: Line) -> None:
        taken: list[Change] = []

        def plan(profile: Profile) -> Change:
            taken.append(remove(profile, line.id))
            return taken[-1]

        self._act(plan)
        self.offer_undo(
            _("Removed: {name}").format(name=line.title), lambda: self._act(lambda _p: _back(taken))
        )

    def _later(self, line: Line) -> None:
        self._act(partial(call_later, entry_id=line.id))

    def _act(self, plan: Plan) -> None:
        if self.visit.archive is not None:
            work = partial(carry_out, self.visit, plan, background.now())
            self.shell.background.run(work)

    def spoken(self) -> list[str]:
        said = [self.header.title.text()]
        for line in self._view.lines if self._view is not None else ():
            said += [line.title, line.note]
        return [each for each in [*said, self.nothing.text()] if each]


def _back(taken: list[Change]) -> Change:
    return taken[-1].back() if taken else Change()


PAGES = {
    "health": Health,
    "health.list": Lines,
    "health.entry": EntryPage,
    "health.target": TargetPage,
    "health.glucose": GlucosePlanPage,
    "health.hba1c": HbA1cPage,
    "health.conditions": Conditions,
    "health.allergies": Allergies,
    "health.medicines": Medicines,
}
