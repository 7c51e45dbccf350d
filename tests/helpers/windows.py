"""Real windows on real archives that share through a real platform on a loopback port."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import cast
from uuid import UUID

from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit

from carehub.archive import people, readings
from carehub.care.consent import Purpose
from carehub.care.readings import Kind
from carehub.config import Config
from carehub.devices.link import Radio
from carehub.sync.account import Asked
from carehub.sync.client import Client
from carehub.ui.notices import Notices
from carehub.ui.screens.sync.sign_in import wake
from carehub.ui.session import Session
from carehub.ui.sharing import Sharing
from carehub.ui.visit import Visit
from carehub.workflows import people as people_acts
from carehub.workflows import readings as reading_acts
from carehub.workflows import sync
from carehub.workflows.live import client_of
from carehub.workflows.sync import Standing
from tests.helpers import archives, pages, records
from tests.helpers.desk import Desk
from tests.helpers.platforms import NOON, PASSWORD

NOW = NOON
CONFIG = Config(language="en", lock_minutes=0, voice=False, sound=False)


class Window(Desk):
    """A desk whose archive is in exchange with the platform."""

    sharing: Sharing
    notices: Notices

    def add_person(self, *purposes: Purpose) -> UUID:
        person = people_acts.add(
            self.archive, name="王示例", purposes=purposes, text_version="1", now=self.now
        )
        self.shell.set_visit(replace(self.shell.visit, archive=self.archive))
        self.choose(person.id)
        return person.id

    def act(self, work: Callable[[], object]) -> object:
        """Do something in the background and wait for it."""
        done: list[object] = []
        failed: list[BaseException] = []
        self.shell.background.run(work, done.append, failed.append)
        self.until(lambda: bool(done or failed), "an act")
        assert not failed, failed
        return done[0]

    def choose(self, person_id: UUID) -> None:
        self.shell.session.choose(person_id)
        self.until_page("Home")

    def knows(self, person_id: UUID) -> bool:
        with self.archive.read() as tx:
            return people.get(tx, person_id) is not None

    def standing(self) -> Standing:
        return sync.status(self.archive)

    def line(self) -> object:
        live = self.shell.session.live
        return None if live is None else live._pace  # noqa: SLF001 - nothing else shows the line

    def tasks(self) -> set[object]:
        loop = self.shell.background._loop  # noqa: SLF001 - no task may stay
        assert loop is not None
        return set(asyncio.all_tasks(loop))

    def sign_in(self, url: str, login: str, *, new: bool = False) -> None:
        async def work() -> object:
            client = client_of(url)
            try:
                asked = Asked(url, login, PASSWORD, new)
                return await sync.sign_in(self.archive, client, asked, self.clock)
            finally:
                await client.close()

        self.act(work)
        wake(self.shell)

    def type_in(self, person_id: UUID, systolic: int, diastolic: int) -> None:
        reading = records.pressure(person_id, systolic, diastolic, taken_at=self.now)
        self.act(lambda: reading_acts.type_in(self.archive, reading, self.now))

    def write(self, name: str, text: str) -> None:
        """Type a text into a field, in place of what stands there."""
        self.until(lambda: self.there(name) and self.part(name).isEnabled(), name)
        field = self.part(name)
        assert isinstance(field, QLineEdit)
        field.selectAll()
        QTest.keyClicks(field, text)
        pages.app().processEvents()

    def kept(self, person_id: UUID) -> int:
        with self.archive.read() as tx:
            return len(readings.between(tx, person_id, Kind.BLOOD_PRESSURE, 0, self.now + 1))


@contextmanager
def window(
    folder: Path, connect: Callable[[str], Client] = client_of, now: int = NOW
) -> Iterator[Window]:
    with archives.cheap_keys():
        archive = archives.new(folder)
    with pages.shell_for(CONFIG) as shell:
        shell.session = Session(shell, folder, cast("Callable[[], Radio]", Radio))
        shell.set_visit(Visit(config=CONFIG, archive=archive))
        made = Window(shell, archive, now)
        made.sharing = Sharing(shell, connect)
        made.notices = Notices(shell)
        made.sharing.start()
        yield made
        made.notices.stop()
        for page in list(shell._way.pages):  # noqa: SLF001 - the shell has no other way to say it
            page.left()
            page.let_go()
        shell.background.close(30, last=[lambda: archive.close(NOW)])
