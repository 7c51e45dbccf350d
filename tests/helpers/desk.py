"""A desk with a real archive, one fictional person and a clock that a test turns by hand."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from PySide6.QtCore import QDeadlineTimer, QThread
from PySide6.QtWidgets import QAbstractButton, QLabel, QWidget

from carehub.archive import people
from carehub.archive.store import Archive
from carehub.care.people import Profile
from carehub.care.plans import Plan
from carehub.care.readings import Kind
from carehub.config import Config
from carehub.ui import background
from carehub.ui.screens.sample import PROFILE
from carehub.ui.shell import Shell
from carehub.ui.visit import Visit
from carehub.workflows import people as people_acts
from carehub.workflows.rulebook import rulebook
from tests.helpers import archives, pages

PATIENCE_MS = 60_000


@dataclass
class Desk:
    """The shell with what a test needs to drive it: press, type, read, wait, let time pass."""

    shell: Shell
    archive: Archive
    now: int
    asked: list[Kind] = field(default_factory=list)

    def clock(self) -> int:
        """Return the time on this desk (UTC ms)."""
        return self.now

    def part(self, name: str) -> QWidget:
        """Return the visible part of the page with this object name."""
        page = self.shell.page
        assert page is not None
        found = [w for w in page.findChildren(QWidget, name) if w.isVisible()]
        assert found, f"{name} is not on {type(page).__name__}"
        return found[-1]

    def there(self, name: str) -> bool:
        """Tell whether a part of this name is on the screen."""
        page = self.shell.page
        return page is not None and any(w.isVisible() for w in page.findChildren(QWidget, name))

    def press(self, name: str) -> None:
        """Press a button as soon as it is there and enabled."""
        self.until(lambda: self.there(name) and self.part(name).isEnabled(), name)
        button = self.part(name)
        assert isinstance(button, QAbstractButton)
        button.click()
        pages.app().processEvents()

    def text(self, name: str) -> str:
        """Return the words of a part, or nothing where it is not shown."""
        if not self.there(name):
            return ""
        part = self.part(name)
        return part.text() if isinstance(part, QLabel | QAbstractButton) else ""

    def keys(self, name: str, digits: str) -> None:
        """Type digits on the pad called `name`."""
        for digit in digits:
            self.press(f"{name}.{'point' if digit == '.' else digit}")

    def page(self) -> str:
        """Return the class name of the page on the screen."""
        return type(self.shell.page).__name__

    def until(self, ready: Callable[[], bool], what: str = "") -> None:
        """Let the desk live until `ready`."""
        deadline = QDeadlineTimer(PATIENCE_MS)
        while not ready() and not deadline.hasExpired():
            pages.app().processEvents()
            QThread.msleep(2)  # the background thread needs the interpreter too
        assert ready(), f"waited in vain for {what or ready} on {self.page()}"

    def until_page(self, name: str) -> None:
        """Let the desk live until the page of this class is on the screen."""
        self.until(lambda: self.page() == name, name)

    # What the demo's pretend meters are asked

    def measure(self, kind: Kind, *, high: bool = False) -> None:
        """Remember that a page asked the pretend meter to measure."""
        self.asked += [kind, kind] if high else [kind]


@contextmanager
def desk(
    folder: Path, monkeypatch: pytest.MonkeyPatch, now: int, config: Config | None = None
) -> Iterator[Desk]:
    """Yield a desk with the sample person at it; the screens' clock stands at `now`."""
    archive = archives.new(folder)
    given = config or Config(language="en", lock_minutes=0, voice=False, sound=False)
    with pages.shell_for(given) as shell:
        made = Desk(shell, archive, now)
        monkeypatch.setattr(background, "now", made.clock)
        with archive.write() as tx:
            people.add(tx, PROFILE.person)
        for entry in (*PROFILE.conditions, *PROFILE.contacts):
            people_acts.note(archive, entry, now)
        profile = Profile(PROFILE.person, PROFILE.conditions, contacts=PROFILE.contacts)
        plan = Plan(rulebook())
        shell.set_visit(Visit(shell.visit.config, archive, PROFILE.person, profile, plan))
        shell.start("home")
        yield made
        # Whatever still runs ends before the archive goes.
        for page in list(shell._way.pages):  # noqa: SLF001 - the shell has no other way to say it
            page.left()
            page.let_go()
        shell.background.close()
    archive.close(now)
