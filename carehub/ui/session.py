"""What happens between locked and open: unlock, make an archive, choose a person, lock, close.

Pages reach it as `shell.session`. Keys and the archive are handled on the background thread by the
`door`; this module imports none of them before somebody unlocks.
"""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Protocol
from uuid import UUID

from PySide6.QtCore import QObject

from carehub import config as settings
from carehub import i18n, paths
from carehub.care.changes import Changes
from carehub.care.people import Person
from carehub.config import Config
from carehub.errors import ArchiveDamaged, KeyFileDamaged
from carehub.i18n import _
from carehub.ui import background, navigation
from carehub.ui.door import Door, Opened, Ways
from carehub.ui.visit import Visit

if TYPE_CHECKING:
    from carehub.app import App
    from carehub.archive.keyrings import KeyStore
    from carehub.archive.vault import Keys
    from carehub.care.alerts import Notice
    from carehub.care.readings import Kind
    from carehub.devices.link import Radio
    from carehub.ui.shell import Shell
    from carehub.workflows.first_run import Next, Wish
    from carehub.workflows.live import Live

__all__ = ["Opened", "Pretend", "Session", "Ways"]

Failed = Callable[[BaseException], object] | None


class Pretend(Protocol):
    """The pretend meters of the demo and of training."""

    def measure(self, kind: "Kind", *, high: bool = False) -> None:
        """Let the pretend meter of this kind measure once; `high` makes a dangerous pressure."""
        ...

    async def end(self) -> None:
        """Switch the pretend meters off."""
        ...


class Session(QObject):
    """The state of one desktop: closed, locked, or open with one person chosen.

    `store` keeps the device secret; None is the system's keyring.
    """

    def __init__(
        self,
        shell: "Shell",
        folder: Path,
        radio: "Callable[[], Radio]",
        store: "KeyStore | None" = None,
    ) -> None:
        super().__init__(shell)
        self.shell = shell
        self.door = Door(folder, radio, store)
        self.pretend: Pretend | None = None
        self.live: Live | None = None
        """The exchange with the platform, while one goes on; it lives on the background thread."""
        self.opened: list[Callable[[tuple[Notice, ...]], object]] = []
        """Called with the first notices when an archive was opened."""
        self.came_by_code = False
        """Whether the recovery code was the key this time: then a new PIN needs no old one."""
        self._last_person: UUID | None = None
        shell.background.changed.connect(self._on_changed)

    @property
    def app(self) -> "App | None":
        """Return what is open, or None while nothing is."""
        return self.door.app

    @property
    def folder(self) -> Path:
        """Return the archive's folder."""
        return self.door.folder

    # Opening

    def begin(self) -> None:
        """Show what fits: first run, the lock, or home where the lock is switched off."""
        self.shell.start("opening")
        self.shell.background.run(self.door.ways, self._begin_with, self.show_damage)

    def _begin_with(self, ways: Ways) -> None:
        if not ways.exists:
            self.shell.start("first_run")
        elif ways.keyring and self.shell.visit.config.lock_minutes == 0:
            self.unlock(self.door.with_keyring, self._keyring_failed)
        else:
            self.shell.start("unlock")

    def _keyring_failed(self, error: BaseException) -> None:
        if not self.show_damage(error):
            self.shell.start("unlock")

    def show_damage(self, error: BaseException) -> bool:
        """Show the restore page where an error means damage; False where it means something else."""
        if isinstance(error, KeyFileDamaged | ArchiveDamaged):
            self.shell.start("restore", keys=isinstance(error, KeyFileDamaged))
            return True
        self.shell.show_error(error)
        return False

    def unlock_with_pin(self, pin: str, failed: Failed = None) -> None:
        """Open the archive, or the screen lock, with the PIN."""
        self.unlock(partial(self.door.with_pin, pin), failed)

    def unlock_with_passphrase(self, text: str, failed: Failed = None) -> None:
        """Open the archive with the passphrase."""
        self.unlock(partial(self.door.with_passphrase, text), failed)

    def unlock_with_recovery(self, code: str, failed: Failed = None) -> None:
        """Open the archive with the recovery code."""
        work = partial(self.door.enter, partial(self.door.with_recovery, code))
        self.shell.background.run(work, self._entered_by_code, failed)

    def unlock(self, keys: "Callable[[], Keys]", failed: Failed = None) -> None:
        """Open the archive with the keys that `keys` finds in the background."""
        self.shell.background.run(partial(self.door.enter, keys), self._entered, failed)

    def _entered_by_code(self, opened: Opened) -> None:
        """Enter, and offer a new PIN: the old one is forgotten, ended or its keyring is gone."""
        self._entered(opened)
        self.came_by_code = True
        act = ("notice.pin.set", _("Set a PIN"), partial(self._set_pin, "pin"))
        self.shell.show_notice("pin", _("Set a new PIN, so that you need no code."), acts=(act,))

    def _set_pin(self, key: str) -> None:
        self.shell.drop_notice(key)
        if self.shell.visit.person is not None:
            self.shell.open("mine.pin")

    def restore(self, file: Path, failed: Failed = None) -> None:
        """Put a backup in place of the damaged database and enter it."""
        self.shell.background.run(partial(self.door.restore, file), self._entered, failed)

    def use(self, opened: Opened, then: str = "home") -> None:
        """Enter with an archive that was just made, as its first person, at `then`: for the demo."""
        self._last_person = opened.people[0].id if opened.people else None
        self.door.app = opened.app
        self._entered(opened, then)

    def _entered(self, opened: Opened, then: str = "home") -> None:
        self.came_by_code = False
        config = self.shell.visit.config
        demo = opened.app.archive.demo
        self.shell.set_visit(Visit(config=config, archive=opened.app.archive, demo=demo))
        chosen = self._first_choice(opened.people)
        if opened.unfinished is not None and opened.people:
            self._finish(opened.people[0].id, opened.unfinished, opened.code)
        elif chosen is not None:
            self.choose(chosen.id, then)
        else:
            self.shell.start("people.choose" if opened.people else "people.edit")
        for call in self.opened:
            call(opened.notices)

    def _finish(self, person_id: UUID, step: "Next", code: str) -> None:
        """Go on with a first run that is not done yet, with the steps before it to go back to."""
        from carehub.workflows.first_run import Next

        if step is Next.CODE:
            self.choose(person_id, "first_run.code", code=code)
            return
        steps = list(Next)
        way = [f"first_run.{each}" for each in steps[1 : steps.index(step) + 1]]
        self.choose(person_id, *way)

    def _first_choice(self, people: tuple[Person, ...]) -> Person | None:
        last = [person for person in people if person.id == self._last_person]
        return last[0] if last else people[0] if len(people) == 1 else None

    # First run

    def make_archive(
        self,
        wish: "Wish",
        *,
        pin: str | None = None,
        passphrase: str | None = None,
        failed: Failed = None,
    ) -> None:
        """Make the archive of the first person and go on with the recovery code."""
        self.shell.background.run(
            partial(self.door.make, wish, pin, passphrase), self._entered, failed
        )

    def reach(self, following: "Next | None") -> None:
        """Go on to the next step of the first run; after the last one comes home."""
        from carehub.workflows.first_run import Next

        self.shell.background.run(partial(self._mark, following))
        if following in (None, Next.CONDITIONS):
            self.shell.start("home" if following is None else f"first_run.{following}")
        else:
            self.shell.open(f"first_run.{following}")

    def _mark(self, following: "Next | None") -> None:
        from carehub.workflows import first_run

        first_run.reach(self.folder, following)

    # Who is here

    def choose(self, person_id: UUID, then: str = "home", *more: str, **what: object) -> None:
        """Show the records of this person from now on, beginning with `then` and pages over it.

        An urgent alert that nobody has seen comes before home. Somebody cared for is shown over what
        is here: whoever sits here stays who they are.
        """
        self.shell.background.run(
            partial(self._chosen_with_urgent, person_id),
            partial(self._show_chosen, pages=(then, *more), what=what),
        )

    def _chosen_with_urgent(self, person_id: UUID) -> tuple[Visit, UUID | None]:
        from carehub.archive import alerts
        from carehub.ui.screens.alert.model import gravest, unseen

        chosen, now = self._chosen(person_id), background.now()
        assert chosen.archive is not None
        with chosen.archive.read() as tx:
            urgent = gravest(a for a in alerts.open(tx, person_id) if unseen(a, now))
        return chosen, urgent.id if urgent is not None else None

    def _chosen(self, person_id: UUID) -> Visit:
        from carehub.archive import people, streams
        from carehub.workflows import rounds

        here = self.shell.visit
        assert here.archive is not None
        with here.archive.read() as tx:
            profile = people.profile(tx, person_id)
            plan = rounds.plan_of(tx, profile)
            stream = streams.get(tx, person_id)
        visit = replace(here, person=profile.person, profile=profile, plan=plan)
        if stream is None or stream.own:
            return replace(visit, caring="", scopes=frozenset())
        caring = visit.caring or self._signed(here, person_id)
        return replace(visit, caring=caring, scopes=frozenset(stream.scopes))

    def _signed(self, visit: Visit, person_id: UUID) -> str:
        from carehub.ui.screens.family import loading

        assert visit.archive is not None
        name = visit.person.greeting_name if visit.person is not None else ""
        return loading.signature(visit.archive, name, person_id) or _("Family")

    # Looking after somebody

    def look_after(self, person_id: UUID, page: str, **what: object) -> None:
        """Show a page about somebody cared for over the one that is here; `back` is back to oneself."""
        self.shell.background.run(
            partial(self._chosen, person_id),
            lambda visit: self._show_cared(visit, page, what),
        )

    def _show_cared(self, visit: Visit, page: str, what: dict[str, object]) -> None:
        if page == "family":
            self.shell.start(page)
            return
        self.shell.set_visit(visit)
        self.shell.open(page, **what)

    def _show_chosen(
        self, chosen: tuple[Visit, UUID | None], pages: tuple[str, ...], what: dict[str, object]
    ) -> None:
        visit, urgent = chosen
        assert visit.person is not None
        if visit.caring:
            self._show_cared(visit, "family" if pages == ("home",) else pages[-1], what)
            return
        self._last_person = visit.person.id
        self.shell.set_visit(visit)
        self.shell.start(pages[0], **what)
        for page in pages[1:]:
            self.shell.open(page)
        if urgent is not None and pages == ("home",):
            self.shell.open("alert", alert_id=urgent)

    def again(self) -> None:
        """Read the person, the profile and the plan again, after the health archive changed."""
        person = self.shell.visit.person
        if person is not None:
            self.shell.background.run(partial(self._read_again, person.id), self._show_again)

    def _read_again(self, person_id: UUID) -> Visit | None:
        """Return the person's visit, or None where their records left this machine."""
        from carehub.archive import people

        archive = self.shell.visit.archive
        assert archive is not None
        with archive.read() as tx:
            there = people.get(tx, person_id) is not None
        return self._chosen(person_id) if there else None

    def _show_again(self, visit: Visit | None) -> None:
        here = self.shell.visit.person
        if here is None:
            return  # the screen was locked meanwhile
        if visit is None:
            self._leave_gone()
            return
        if visit.person is None or visit.person.id != here.id:
            return  # somebody else is here by now
        self.shell.set_visit(replace(visit, config=self.shell.visit.config))
        page = self.shell.page
        if page is not None and Changes.PEOPLE in page.concerns:
            page.refresh()

    def _leave_gone(self) -> None:
        """Leave the pages of somebody whose records are gone; the family's page says why."""
        if not self.shell.looking_after:
            return
        if not self.shell.leave_cared():
            self.shell.start("family")
        elif not isinstance(self.shell.page, navigation.page_class("family")):
            self.shell.open("family")

    def _on_changed(self, changes: Changes) -> None:
        if Changes.PEOPLE in changes:
            self.again()

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
        self.door.close()
