"""A desktop in front of its archive's door: a shell with a session, and a key store in memory."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLabel, QLineEdit

from carehub.archive.keyrings import KeyStore, MemoryKeys
from carehub.archive.store import Archive
from carehub.care.consent import Purpose
from carehub.config import Config
from carehub.devices.link import Radio
from carehub.errors import KeyringUnavailable
from carehub.ui import clock
from carehub.ui.session import Session
from carehub.ui.visit import Visit
from carehub.workflows import first_run
from carehub.workflows.first_run import Wish
from tests.helpers import archives, pages
from tests.helpers.desk import Desk

PIN = "402857"


class NoKeys:
    """A computer without any keyring that may be used."""

    @property
    def name(self) -> str:
        raise KeyringUnavailable

    def get(self, service: str) -> str | None:
        raise KeyringUnavailable

    def put(self, service: str, secret: str) -> None:
        raise KeyringUnavailable

    def remove(self, service: str) -> None:
        raise KeyringUnavailable


@dataclass
class FrontDoor(Desk):
    """Drives first run, the lock and what comes after, as a person does."""

    store: KeyStore | None = None

    @property
    def session(self) -> Session:
        """Return what opens and locks."""
        return self.shell.session

    @property
    def opened(self) -> Archive:
        """Return the archive that is open."""
        archive = self.shell.visit.archive
        assert archive is not None
        return archive

    def write(self, name: str, text: str) -> None:
        """Type a text into a field, in place of what stands there."""
        self.until(lambda: self.there(name) and self.part(name).isEnabled(), name)
        field = self.part(name)
        assert isinstance(field, QLineEdit)
        field.selectAll()
        QTest.keyClicks(field, text) if text.isascii() else field.setText(text)
        pages.app().processEvents()

    def tick(self, name: str, *, on: bool = True) -> None:
        """Tick a box, or untick it."""
        self.until(lambda: self.there(name) and self.part(name).isEnabled(), name)
        box = self.part(name)
        assert isinstance(box, QAbstractButton)
        if box.isChecked() is not on:
            box.click()
        self.until(lambda: box.isChecked() is on, name)

    def keyboard(self, digits: str) -> None:
        """Type on the keyboard, wherever the focus is."""
        page = self.shell.page
        assert page is not None
        QTest.keyClicks(page, digits)
        pages.app().processEvents()

    def notice(self, name: str) -> None:
        """Press a button of a notice above the page."""
        self.until(lambda: self.shell.findChild(QAbstractButton, name) is not None, name)
        button = self.shell.findChild(QAbstractButton, name)
        assert button is not None
        button.click()
        pages.app().processEvents()

    def spoken(self) -> str:
        """Return what reading the page aloud says."""
        page = self.shell.page
        assert page is not None
        return " ".join(page.spoken())

    def words(self) -> list[str]:
        """Return what the notices above the page say."""
        found = self.shell.findChildren(QLabel)
        return [w.text() for w in found if w.objectName().startswith("notice.") and w.isVisible()]

    def rest(self) -> None:
        """Wait until the background has done all that was asked so far."""
        done: list[bool] = []
        self.shell.background.run(lambda: None, lambda _nothing: done.append(True))
        self.until(lambda: bool(done), "the background")
        pages.app().processEvents()


@contextmanager
def front_door(
    folder: Path, store: KeyStore | None = None, config: Config | None = None
) -> Iterator[FrontDoor]:
    """Yield a desktop whose archive is, or will be, in `folder`; it is closed at the end."""
    given = config or Config(language="en", voice=False, sound=False)
    with archives.cheap_keys(), pages.shell_for(given) as shell:
        shell.set_visit(Visit(config=given))
        shell.session = Session(shell, folder, Radio, store or MemoryKeys())
        made = FrontDoor(shell, cast("Archive", None), 0, store=store)
        yield made
        for page in list(shell._way.pages):  # noqa: SLF001 - the shell has no other way to say it
            page.left()
        made.rest()
        shell.background.run(shell.session.close)
        made.rest()


def through_the_first_steps(door: FrontDoor) -> None:
    """Go from the first page to the PIN, as Granny Wang."""
    door.session.begin()
    door.press("first_run.en")
    door.press("first_run.elder")
    door.tick("consent.archive")
    door.press("first_run.next")
    door.write("person.name.line", "王示例")
    door.write("person.called.line", "王奶奶")
    door.keys("person.born.pad", "194638")
    door.press("first_run.next")


def code_on_screen(door: FrontDoor) -> str:
    """Read the recovery code from the page."""
    door.until(lambda: door.there("code.group.7"), "the code")
    return "-".join(door.text(f"code.group.{n}") for n in range(8))


def prove_code(door: FrontDoor, code: str) -> None:
    """Type back the group that is asked for."""
    door.press("code.written")
    number = int("".join(c for c in door.text("code.question") if c.isdigit()))
    door.write("code.answer.line", code.split("-")[number - 1].lower())
    door.press("code.check")


def finish(door: FrontDoor) -> None:
    """Go through what is left with the shortest answers."""
    for topic in ("conditions", "allergies", "medicines"):
        door.press(f"{topic}.none")
    door.press("entry.later")
    door.until_page("Home")


def made_archive(folder: Path, store: KeyStore) -> str:
    """Make the archive of Granny Wang without any page, and return its recovery code."""
    wish = Wish("王示例", "王奶奶", purposes=(Purpose.ARCHIVE,), text_version="test")
    with archives.cheap_keys():
        _keys, code = first_run.begin(folder, wish, pin=PIN, store=store, now=clock.now())
    first_run.reach(folder, None)
    return code
