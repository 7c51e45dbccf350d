"""People on one machine: add with a consent of their own, switch by face, change, photo."""

from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
from PySide6.QtGui import QColor, QImage

from carehub.archive import attachments, consents, people
from carehub.archive.keyrings import MemoryKeys
from carehub.care.consent import Purpose
from carehub.care.people import Person, Sex
from carehub.config import Config
from carehub.ui.screens.people.model import Typed, face_of, typed_of, view_of
from carehub.ui.screens.people.screen import LARGEST, Edit, small_picture
from carehub.ui.screens.sample import NOW, PERSON
from tests.helpers.front_door import PIN, FrontDoor, front_door, made_archive


@pytest.fixture
def door(tmp_path: Path) -> Iterator[FrontDoor]:
    folder, store = tmp_path / "home" / "archive", MemoryKeys()
    made_archive(folder, store)
    with front_door(folder, store) as made:
        made.session.begin()
        made.until(lambda: made.there("unlock.pin"))
        made.keys("unlock.pin.keys", PIN)
        made.until_page("Home")
        yield made


def everyone(door: FrontDoor) -> list[Person]:
    with door.opened.read() as tx:
        return people.everyone(tx)


def add(door: FrontDoor, name: str = "李示范") -> Person:
    door.shell.open("mine")
    door.press("mine.people")
    door.press("people.add")
    door.write("person.name.line", name)
    door.press("person.sex.male")
    door.press("person.save")
    door.until_page("NewConsent")
    assert not door.part("consent.next").isEnabled()
    door.tick("consent.archive")
    door.tick("consent.device_data")
    door.press("consent.next")
    door.until(lambda: door.page() == "Health")
    return everyone(door)[-1]


def test_somebody_new_agrees_first_and_is_then_shown(door: FrontDoor) -> None:
    person = add(door)
    assert (person.name, person.sex) == ("李示范", Sex.MALE)
    assert door.shell.visit.person == person
    with door.opened.read() as tx:
        agreed = {each.purpose for each in consents.of(tx, person.id)}
    assert agreed == {Purpose.ARCHIVE, Purpose.DEVICE_DATA}


def test_without_a_consent_nobody_is_kept(door: FrontDoor) -> None:
    door.shell.open("people.edit")
    door.write("person.name.line", "李示范")
    door.press("person.save")
    door.until_page("NewConsent")
    door.press("header.back")
    assert door.part("person.name.line").text() == "李示范"
    assert len(everyone(door)) == 1


def test_one_press_on_a_face_switches(door: FrontDoor) -> None:
    add(door)
    door.shell.open("mine")
    door.press("mine.switch")
    door.press("people.0")
    door.until_page("Home")
    door.until(lambda: door.shell.visit.person == everyone(door)[0])
    door.shell.open("people")
    door.press("people.1.switch")
    door.until(lambda: door.shell.visit.person == everyone(door)[1])


def test_with_several_people_the_lock_opens_on_who_was_here(door: FrontDoor) -> None:
    second = add(door)
    door.session.lock()
    door.until(lambda: door.there("unlock.pin"))
    door.keys("unlock.pin.keys", PIN)
    door.until_page("Home")
    assert door.shell.visit.person == second


def test_a_person_is_changed_and_the_title_follows(door: FrontDoor) -> None:
    door.shell.open("people")
    door.press("people.0.change")
    door.until(lambda: door.part("person.called.line").text() == "王奶奶")
    door.write("person.name.line", " ")
    door.press("person.save")
    assert door.text("person.name.trouble") == "Please type a name."
    door.write("person.name.line", "王示例")
    door.write("person.called.line", "外婆")
    door.keys("person.born.pad", "1946231")
    door.press("person.save")
    assert "no such day" in door.text("person.born.date.trouble")
    door.press("person.born.pad.back")
    door.press("person.born.pad.back")
    door.keys("person.born.pad", "8")
    door.press("person.save")
    door.until_page("People")
    door.until(lambda: door.text("people.0.title") == "外婆")
    door.until(lambda: (door.shell.visit.person or PERSON).called == "外婆")


def test_the_birthday_pad_goes_from_box_to_box(door: FrontDoor) -> None:
    door.shell.open("people.edit")
    door.keys("person.born.pad", "1946111255")
    boxes = [door.part(f"person.born.date.{part}").text() for part in ("year", "month", "day")]
    assert boxes == ["1946", "11", "12"]
    door.press("person.born.pad.clear")
    assert door.part("person.born.date.year").text() == ""


def test_a_photo_is_kept_small_and_without_where_it_was_taken(
    door: FrontDoor, tmp_path: Path
) -> None:
    file = tmp_path / "photo.png"
    image = QImage(2000, 1000, QImage.Format.Format_RGB32)
    image.fill(QColor("#123456"))
    image.setText("Location", "home")
    image.save(str(file))
    door.shell.open("people")
    door.press("people.0.change")
    page = door.shell.page
    assert isinstance(page, Edit)
    door.until(lambda: door.part("person.name.line").text() == "王示例")
    page.take_photo(file)
    door.until_page("People")
    (person,) = everyone(door)
    assert person.photo_id is not None
    kept = QImage()
    kept.loadFromData(attachments.read(door.opened, person.photo_id))
    assert (kept.width(), kept.textKeys()) == (LARGEST, [])
    door.until(lambda: door.there("people.0.face"))


def test_a_file_that_is_no_picture_is_said(door: FrontDoor, tmp_path: Path) -> None:
    file = tmp_path / "letter.txt"
    file.write_text("no picture")
    assert small_picture(file) == b""
    page = door.shell.open("people.edit", person=everyone(door)[0].id)
    assert isinstance(page, Edit)
    page.take_photo(file)
    door.until(lambda: "cannot be read" in "".join(door.words()))


def test_no_file_dialog_in_a_kiosk(tmp_path: Path) -> None:
    with front_door(tmp_path / "none", config=Config(language="en", mode="kiosk")) as kiosk:
        page = kiosk.shell.open("people.edit", person=UUID(int=1))
        assert isinstance(page, Edit)
        assert not page.photo.isVisibleTo(page)
        page._choose_photo()  # noqa: SLF001 - would open a dialog and hang, if it did


def test_cards_say_the_full_name_and_the_age() -> None:
    face = face_of(PERSON, NOW)
    assert (face.name, face.note) == ("王奶奶", "王示例  Woman  80 years old")
    stranger = Person(UUID(int=3), "无名")
    assert face_of(stranger, NOW).note == ""
    here = view_of((PERSON, stranger), {PERSON.id: b"x"}, stranger.id, NOW)
    assert [(f.photo, f.here) for f in here.faces] == [(b"x", False), (b"", True)]


def test_a_birthday_is_believed_only_where_it_can_be() -> None:
    known = typed_of(PERSON)
    assert known.birthday_trouble(NOW, 480) == ""
    assert Typed().birthday_trouble(NOW, 480) == ""
    assert Typed(born=None, birthday_empty=False).birthday_trouble(NOW, 480)
    for year in (1890, 2027):
        born = PERSON.born
        assert born is not None
        wrong = Typed(born=born.replace(year=year), birthday_empty=False)
        assert "cannot be right" in wrong.birthday_trouble(NOW, 480)
    assert Typed(name=" ").name_trouble()
    assert known.name_trouble() == ""
