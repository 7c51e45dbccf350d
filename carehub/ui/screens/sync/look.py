"""What needs a look: two entries that met, and what the platform did not take."""

from functools import partial

from PySide6.QtWidgets import QWidget

from carehub.care.changes import Changes
from carehub.i18n import _
from carehub.ui import background, theme
from carehub.ui.screens.page import Page
from carehub.ui.screens.sync.model import Difference, LookView, Refused, look_of
from carehub.ui.theme import Step
from carehub.ui.visit import Visit
from carehub.ui.widgets import Body, Button, Heading, Panel, Scroll, Words, row


class Look(Page[LookView]):
    """One card for each thing: what it is, and two or fewer things to do."""

    concerns = Changes.SHARING | Changes.FAMILY | Changes.PEOPLE

    def title(self) -> str:
        return _("Needs a look")

    def build(self) -> None:
        """Lay out an empty list."""
        self._view = LookView()
        self._cards: list[QWidget] = []
        self.nothing = Heading("look.nothing", _("Nothing needs a look"))
        self.reel = Scroll("look.scroll")
        self.reel.inside.addWidget(self.nothing)
        self.reel.inside.addStretch(1)
        self.body.addWidget(self.reel, 1)

    def load(self, visit: Visit, _now: int) -> LookView:
        """Read what was refused and what met, with the names of those it is about."""
        from carehub.archive import people
        from carehub.workflows import sync

        assert visit.archive is not None
        standing = sync.status(visit.archive)
        with visit.archive.read() as tx:
            names = {person.id: person.greeting_name for person in people.everyone(tx)}
        return look_of(standing.refused, standing.conflicts, names)

    def show_view(self, view: LookView) -> None:
        """Show the cards."""
        self._view = view
        for old in self._cards:
            old.hide()
            old.deleteLater()
        self.nothing.setVisible(not view.differences and not view.refused)
        self._cards = [
            *(self._difference(n, each) for n, each in enumerate(view.differences)),
            *(self._refused(each) for each in view.refused),
        ]
        for number, card in enumerate(self._cards):
            self.reel.inside.insertWidget(number, card)

    def _difference(self, number: int, one: Difference) -> QWidget:
        name = f"look.difference.{number}"
        card = Panel(name, edge="warn", edge_width=2)
        card.inside.addWidget(Words(f"{name}.title", one.title, step=Step.STRONG, bold=True))
        asked = Body(f"{name}.asked", _("Two entries were made at once. Which one is right?"))
        card.inside.addWidget(asked.flow())
        across = row(space=theme.look().sizes.gap)
        for key, caption, text, work in (
            ("kept", _("This one stands now"), one.kept, "keep"),
            ("other", _("The other one"), one.other, "take_other"),
        ):
            side = Panel(f"{name}.{key}")
            side.inside.addWidget(Body(f"{name}.{key}.caption", caption, tone="ink_2"))
            side.inside.addWidget(Words(f"{name}.{key}.value", text, step=Step.TITLE, bold=True))
            press = partial(self._settle, one, work)
            button = Button(f"{name}.{key}.take", _("Keep this"), icon="check", press=press)
            button.setAccessibleDescription(f"{one.title}: {text}")
            side.inside.addStretch(1)
            side.inside.addWidget(button)
            across.addWidget(side, 1)
        card.inside.addLayout(across)
        return card

    def _refused(self, one: Refused) -> QWidget:
        name = f"look.refused.{one.key}"
        card = Panel(name)
        card.inside.addWidget(Words(f"{name}.title", one.title, step=Step.STRONG, bold=True))
        card.inside.addWidget(Body(f"{name}.why", one.why).flow())
        card.inside.addWidget(Body(f"{name}.do", one.do, tone="ink_2").flow())
        if one.again:
            press = partial(self._again, one)
            button = Button(f"{name}.again", _("Try again"), icon="undo", press=press)
            button.setAccessibleDescription(one.title)
            beside = row()
            beside.addWidget(button)
            beside.addStretch(1)
            card.inside.addLayout(beside)
        return card

    def _settle(self, one: Difference, act: str) -> None:
        from carehub.workflows import differences

        archive = self.visit.archive
        if archive is not None:
            work = differences.keep if act == "keep" else differences.take_other
            self.shell.background.run(partial(work, archive, one.id, background.now()))

    def _again(self, one: Refused) -> None:
        from carehub.workflows import sync

        archive = self.visit.archive
        if archive is not None:
            self.shell.background.run(partial(sync.try_again, archive, one.ids))

    def spoken(self) -> list[str]:
        view = self._view
        said = [self.header.title.text()]
        for one in view.differences:
            said += [one.title, one.kept, one.other]
        for each in view.refused:
            said += [each.title, each.why, each.do]
        return said if len(said) > 1 else [*said, self.nothing.text()]
