"""Whom an urgent alert is told first, and which clinic is asked where nobody answers."""

from functools import partial
from uuid import UUID

from PySide6.QtWidgets import QWidget

from carehub.i18n import _
from carehub.ui import reach, theme
from carehub.ui.screens.family import loading
from carehub.ui.screens.family.order import OrderView, Place, order_of
from carehub.ui.screens.page import Page
from carehub.ui.visit import Visit
from carehub.ui.widgets import Avatar, Body, Button, Choices, Heading, ListRow, Panel, Scroll, row


class Order(Page[OrderView]):
    """The relatives in their order on the left, the clinic on the right."""

    def title(self) -> str:
        return _("Who is told of urgent alerts")

    def build(self) -> None:
        """Lay out two panels; both are filled by what the platform says."""
        self._view = OrderView()
        self._lines: list[QWidget] = []
        self._choices: Choices | None = None
        across = row(space=theme.look().sizes.gap)
        family = Panel("order.family")
        family.inside.addWidget(Heading("order.family.title", _("Family, one after another")))
        self.nobody = Body("order.nobody", _("Nobody in the family may see your records yet."))
        self.list = Scroll("order.list")
        self.list.inside.addWidget(self.nobody)
        self.list.inside.addStretch(1)
        family.inside.addWidget(self.list, 1)
        clinic = Panel("order.clinic")
        clinic.inside.addWidget(Heading("order.clinic.title", _("At last a clinic")))
        what = _(
            "Where nobody in the family answers, it is asked to help. It then sees your name, the"
            " alert, and whom to call."
        )
        clinic.inside.addWidget(Body("order.clinic.what", what).flow())
        self.clinics = Scroll("order.clinics")
        self.clinics.inside.addStretch(1)
        clinic.inside.addWidget(self.clinics, 1)
        across.addWidget(family, 6)
        across.addWidget(clinic, 5)
        self.body.addLayout(across, 1)

    def refresh(self) -> None:
        """Ask the platform; where it cannot be reached, say so."""
        self.stale = False
        if self.visit.archive is not None and self.visit.person is not None:
            self.ask(partial(order, self.visit), self.show_view)

    def show_view(self, view: OrderView) -> None:
        """Show each relative's place, and the clinics."""
        self._view = view
        for old in (*self._lines, *filter(None, (self._choices,))):
            old.hide()
            old.deleteLater()
        self._lines = [self._line(n, place) for n, place in enumerate(view.places)]
        for number, each in enumerate(self._lines):
            self.list.inside.insertWidget(number, each)
        self.nobody.setVisible(not view.places)
        options = [("", _("No clinic")), *view.clinics]
        self._choices = Choices("order.choice", options, view.clinic, columns=1)
        self._choices.chosen.connect(self._choose)
        self.clinics.inside.insertWidget(0, self._choices)

    def _line(self, number: int, place: Place) -> QWidget:
        name = f"order.{number}"
        actions: list[QWidget] = []
        if number:
            press = partial(self._move_up, place.id)
            first = Button(f"{name}.first", _("Tell first"), icon="up", press=press)
            first.setAccessibleDescription(place.name)
            actions.append(first)
        face = Avatar(f"{name}.face", place.name, edge=theme.look().sizes.target)
        return ListRow(name, place.name, place.words, leading=face, actions=tuple(actions))

    def _move_up(self, account_id: UUID) -> None:
        self.ask(partial(move, self.visit, self._view.moved_up(account_id)), self.show_view)

    def _choose(self, code: str) -> None:
        if code != self._view.clinic:
            self.ask(partial(choose, self.visit, code), self.show_view)

    def spoken(self) -> list[str]:
        said = [self.header.title.text()]
        for place in self._view.places:
            said += [place.name, place.words]
        chosen = dict(self._view.clinics).get(self._view.clinic, _("No clinic"))
        return [*said, *([] if self._view.places else [self.nobody.text()]), chosen]


# Asking the platform, in the background


async def order(visit: Visit) -> OrderView:
    """Ask in which order the family is told, and which clinics there are."""
    assert visit.archive is not None
    assert visit.person is not None
    async with reach.telling(visit.archive) as telling:
        rows = await telling.circle(visit.person.id)
        clinics = await telling.clinics()
    return order_of(rows, clinics, loading.given_by(visit))


async def move(visit: Visit, accounts: list[UUID]) -> OrderView:
    """Say who is told first."""
    assert visit.archive is not None
    assert visit.person is not None
    async with reach.telling(visit.archive) as telling:
        await telling.order_carers(visit.person.id, accounts)
    return await order(visit)


async def choose(visit: Visit, code: str) -> OrderView:
    """Choose the clinic, or none."""
    assert visit.archive is not None
    assert visit.person is not None
    async with reach.telling(visit.archive) as telling:
        await telling.choose_clinic(visit.person.id, code)
    return await order(visit)
