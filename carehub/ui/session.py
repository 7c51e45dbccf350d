"""What happens between locked and open: unlock, make an archive, choose a person, lock, close.

Pages reach it as `shell.session`. Keys and the archive are handled on the background thread; this
module imports none of them before somebody unlocks.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Protocol
from uuid import UUID

from PySide6.QtCore import QObject

from carehub import config as settings
from carehub import i18n, paths
from carehub.care.people import Person
from carehub.config import Config
from carehub.ui import background
from carehub.ui.visit import Visit

if TYPE_CHECKING:
    from carehub.app import App
    from carehub.archive.vault import Keys
    from carehub.care.alerts import Notice
    from carehub.care.readings import Kind
    from carehub.devices.link import Radio
    from carehub.ui.shell import Shell

Failed = Callable[[BaseException], object] | None


class Pretend(Protocol):
    """The pretend meters of the demo and of training."""

    def measure(self, kind: "Kind", *, high: bool = False) -> None:
        """Let the pretend meter of this kind measure once; `high` makes a dangerous pressure."""
        ...

    async def end(self) -> None:
        """Switch the pretend meters off."""
        ...


@dataclass(frozen=True, slots=True)
class Ways:
    """How the archive on this machine can be opened, if there is one."""

    exists: bool
    pin: bool = False
    passphrase: bool = False
    keyring: bool = False


class Session(QObject):
    """The state of one desktop: closed, locked, or open with one person chosen."""

    def __init__(self, shell: "Shell", folder: Path, radio: "Callable[[], Radio]") -> None:
        super().__init__(shell)
        self.shell = shell
        self.folder = folder
        self.app: App | None = None
        self.pretend: Pretend | None = None
        self.opened: list[Callable[[tuple[Notice, ...]], object]] = []
        """Called with the first notices when an archive was opened."""
        self._radio = radio
        self._last_person: UUID | None = None

    # Opening

    def begin(self) -> None:
        """Show what fits: first run, the lock, or home where the lock is switched off."""
        self.shell.background.run(self.ways, self._begin_with)

    def ways(self) -> Ways:
        """Return how the archive can be opened; runs in the background."""
        from carehub.archive import vault
        from carehub.archive.vault import Way

        if not vault.exists(self.folder):
            return Ways(exists=False)
        known = vault.ways(self.folder)
        return Ways(
            exists=True,
            pin=Way.PIN in known,
            passphrase=Way.PASSPHRASE in known,
            keyring=Way.KEYRING in known,
        )

    def _begin_with(self, ways: Ways) -> None:
        if not ways.exists:
            self.shell.start("first_run")
        elif ways.keyring and self.shell.visit.config.lock_minutes == 0:
            self.unlock(self._by_keyring, lambda _error: self.shell.start("unlock"))
        else:
            self.shell.start("unlock")

    def _by_keyring(self) -> "Keys":
        from carehub.archive import vault

        return vault.unlock_with_keyring(self.folder)

    def unlock_with_pin(self, pin: str, failed: Failed = None) -> None:
        """Open the archive, or the screen lock, with the PIN."""
        self.unlock(partial(_with_pin, self.folder, pin), failed)

    def unlock_with_passphrase(self, text: str, failed: Failed = None) -> None:
        """Open the archive with the passphrase."""
        self.unlock(partial(_with_passphrase, self.folder, text), failed)

    def unlock_with_recovery(self, code: str, failed: Failed = None) -> None:
        """Open the archive with the recovery code."""
        self.unlock(partial(_with_recovery, self.folder, code), failed)

    def unlock(self, keys: "Callable[[], Keys]", failed: Failed = None) -> None:
        """Open the archive with the keys that `keys` finds in the background."""
        self.shell.background.run(partial(self._open, keys), self._entered, failed)

    def _open(self, keys: "Callable[[], Keys]") -> "Opened":
        found = keys()
        if self.app is not None:
            return Opened(self.app, _people(self.app), ())
        from carehub.app import App

        app = App.open(self.folder, found, self._radio(), background.now)
        return Opened(app, _people(app), app.first_notices)

    def use(self, opened: "Opened") -> None:
        """Enter with an archive that was just made: after first run, a restore, or for the demo."""
        self._entered(opened)

    def _entered(self, opened: "Opened") -> None:
        self.app = opened.app
        config = self.shell.visit.config
        demo = opened.app.archive.demo
        self.shell.set_visit(Visit(config=config, archive=opened.app.archive, demo=demo))
        chosen = self._first_choice(opened.people)
        if chosen is None:
            self.shell.start("people.choose" if opened.people else "first_run.person")
        else:
            self.choose(chosen.id)
        for call in self.opened:
            call(opened.notices)

    def _first_choice(self, people: tuple[Person, ...]) -> Person | None:
        last = [person for person in people if person.id == self._last_person]
        return last[0] if last else people[0] if len(people) == 1 else None

    # Who is here

    def choose(self, person_id: UUID, then: str = "home") -> None:
        """Show the records of this person from now on."""
        self.shell.background.run(
            partial(self._chosen, person_id), partial(self._show_chosen, then=then)
        )

    def _chosen(self, person_id: UUID) -> Visit:
        from carehub.archive import people
        from carehub.workflows import rounds

        visit = self.shell.visit
        assert visit.archive is not None
        with visit.archive.read() as tx:
            profile = people.profile(tx, person_id)
            plan = rounds.plan_of(tx, profile)
        return replace(visit, person=profile.person, profile=profile, plan=plan)

    def _show_chosen(self, visit: Visit, then: str) -> None:
        assert visit.person is not None
        self._last_person = visit.person.id
        self.shell.set_visit(visit)
        self.shell.start(then)

    def again(self) -> None:
        """Read the person, the profile and the plan again, after the health archive changed."""
        person = self.shell.visit.person
        if person is not None:
            self.shell.background.run(partial(self._chosen, person.id), self.shell.set_visit)

    # Locking, settings, closing

    def lock(self) -> None:
        """Hide everything behind the lock; the archive stays open, so that alerts go on."""
        if self.app is None or self.app.archive.demo:
            return
        visit = self.shell.visit
        self.shell.set_visit(replace(visit, person=None, profile=None, plan=None))
        self.shell.start("unlock")

    def keep_settings(self, config: Config) -> None:
        """Write the settings and put them in force."""
        if config.language != i18n.language():
            i18n.set_language(config.language)
        self.shell.background.run(partial(settings.save, config, paths.settings_file()))
        self.shell.set_config(config)

    def close(self) -> None:
        """Close the archive, with its backup; waits for it."""
        app, self.app = self.app, None
        if app is not None:
            app.close()


@dataclass(frozen=True, slots=True)
class Opened:
    """An open archive, who is in it, and what the round at opening has to tell."""

    app: "App"
    people: tuple[Person, ...]
    notices: "tuple[Notice, ...]" = field(default=(), repr=False)


def _people(app: "App") -> tuple[Person, ...]:
    from carehub.archive import people

    with app.archive.read() as tx:
        return tuple(people.everyone(tx))


def _with_pin(folder: Path, pin: str) -> "Keys":
    from carehub.archive import vault

    return vault.unlock_with_pin(folder, pin, background.now())


def _with_passphrase(folder: Path, text: str) -> "Keys":
    from carehub.archive import vault

    return vault.unlock_with_passphrase(folder, text)


def _with_recovery(folder: Path, code: str) -> "Keys":
    from carehub.archive import vault

    return vault.unlock_with_recovery(folder, code)
