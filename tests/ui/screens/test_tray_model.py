"""How readings without an owner are sorted into parcels that each belong to one person."""

from dataclasses import replace

from carehub.care.readings import Reading
from carehub.ui.screens.glucose.samples import glucose
from carehub.ui.screens.measure.samples import pressure
from carehub.ui.screens.sample import NOW, PERSON
from carehub.ui.screens.tray import samples
from carehub.ui.screens.tray.model import parcels, view_of

ZONE = PERSON.zone_offset


def unknown(number: int, minutes: int, slot: int | None = None) -> Reading:
    reading = pressure(120 + number, 80, NOW - minutes * 60_000, number)
    return replace(reading, person_id=None, device_id="cuff", user_slot=slot)


def test_a_meter_with_users_gives_one_parcel_for_each_user() -> None:
    found = parcels([unknown(1, 9000, 1), unknown(2, 5000, 2), unknown(3, 10, 1)], NOW, ZONE)
    assert [parcel.value for parcel in found] == ["123/80", "122/80"]
    assert found[0].more == "and 1 earlier readings of the same user"
    assert found[0].meter == "User 1 of the meter"
    assert found[1].more == ""


def test_a_shared_cuff_without_users_gives_one_parcel_for_each_sitting() -> None:
    found = parcels([unknown(1, 60), unknown(2, 59), unknown(3, 5)], NOW, ZONE)
    assert [len(parcel.ids) for parcel in found] == [1, 2]
    assert found[1].more == "and 1 more of the same sitting"
    assert found[1].meter == ""


def test_kinds_never_share_a_parcel() -> None:
    sweet = replace(glucose("6.3"), person_id=None, device_id="cuff")
    assert len(parcels([sweet, unknown(1, 0)], NOW, ZONE)) == 2


def test_what_was_skipped_is_not_asked_again_now() -> None:
    readings = [unknown(1, 60), unknown(2, 5)]
    view = view_of(readings, [PERSON], {readings[1].id}, NOW, ZONE)
    assert view.parcel is not None
    assert view.parcel.ids == (readings[0].id,)
    assert view.left == 1
    assert view.owners[0].name == PERSON.greeting_name


def test_the_empty_tray_says_so() -> None:
    assert samples.empty().parcel is None
    assert samples.waiting().left == 2
