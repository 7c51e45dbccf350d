"""Who is told of urgent alerts, in which order, and which clinic is asked at last; free of Qt."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from uuid import UUID

from carehub.i18n import _
from carehub.ui.screens.family.words import who

if TYPE_CHECKING:
    from carehub.archive.mandates import Given
    from carehub.wire.clinic import CarerRows, ClinicRow


@dataclass(frozen=True, slots=True)
class Place:
    """One relative's place in the order."""

    id: UUID
    name: str = field(repr=False)
    words: str


@dataclass(frozen=True, slots=True)
class OrderView:
    """The whole page; `clinic` is the code of the chosen one, empty where none is."""

    places: tuple[Place, ...] = ()
    clinics: tuple[tuple[str, str], ...] = ()
    clinic: str = ""

    def moved_up(self, account_id: UUID) -> list[UUID]:
        """Return the order in which this relative is told first."""
        others = [place.id for place in self.places if place.id != account_id]
        return [account_id, *others]


def order_of(
    rows: "CarerRows", clinics: "Sequence[ClinicRow]", given: "Sequence[Given]"
) -> OrderView:
    """Return the page; a relative is named as in the mandate, else as the platform names them."""
    names: Mapping[UUID, str] = {each.account_id: who(each) for each in reversed(given)}
    agreed = [row.account_id for row in rows.carers if row.agreed]
    places = tuple(
        Place(row.account_id, names.get(row.account_id, row.name), _words(row.account_id, agreed))
        for row in rows.carers
    )
    known = tuple((each.code, each.name) for each in clinics)
    return OrderView(places, known, rows.clinic)


def _words(account_id: UUID, agreed: list[UUID]) -> str:
    """Return when somebody is told; who has not agreed to it themselves is not."""
    if account_id not in agreed:
        return _("Has not agreed to be told")
    return _("Is told first") if account_id == agreed[0] else _("Is told next")
