"""The exchange that goes on by itself: what is entered on one screen is painted on another."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import cast
from urllib.parse import urlsplit
from uuid import UUID

import pytest

from carehub.archive import people, readings
from carehub.care.consent import Purpose
from carehub.care.readings import Kind
from carehub.config import Config
from carehub.devices.link import Radio
from carehub.sync.account import Asked
from carehub.sync.client import Client
from carehub.ui import background
from carehub.ui.notices import Notices
from carehub.ui.screens.sync.agree import agree, switch_off
from carehub.ui.screens.sync.sign_in import wake
from carehub.ui.session import Session
from carehub.ui.sharing import Sharing
from carehub.ui.visit import Visit
from carehub.workflows import people as people_acts
from carehub.workflows import readings as reading_acts
from carehub.workflows import sync
from carehub.workflows.live import client_of
from carehub.workflows.sync import Standing
from tests.helpers import archives, loopback, pages, records
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

    def kept(self, person_id: UUID) -> int:
        with self.archive.read() as tx:
            return len(readings.between(tx, person_id, Kind.BLOOD_PRESSURE, 0, self.now + 1))


@contextmanager
def window(folder: Path, connect: Callable[[str], Client] = client_of) -> Iterator[Window]:
    with archives.cheap_keys():
        archive = archives.new(folder)
    with pages.shell_for(CONFIG) as shell:
        shell.session = Session(shell, folder, cast("Callable[[], Radio]", Radio))
        shell.set_visit(Visit(config=CONFIG, archive=archive))
        made = Window(shell, archive, NOW)
        made.sharing = Sharing(shell, connect)
        made.notices = Notices(shell)
        made.sharing.start()
        yield made
        made.notices.stop()
        for page in list(shell._way.pages):  # noqa: SLF001 - the shell has no other way to say it
            page.left()
            page.let_go()
        shell.background.close(30, last=[lambda: archive.close(NOW)])


@pytest.fixture
def still(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(background, "now", lambda: NOW)


def test_a_reading_typed_on_one_screen_is_painted_on_the_other(tmp_path: Path, still: None) -> None:
    with ExitStack() as stack:
        url = stack.enter_context(loopback.platform(tmp_path / "platform"))
        here = stack.enter_context(window(tmp_path / "here"))
        there = stack.enter_context(window(tmp_path / "there"))
        person_id = here.add_person(Purpose.ARCHIVE, Purpose.PLATFORM_SYNC)
        here.sign_in(url, "mother", new=True)
        there.sign_in(url, "mother")
        there.until(lambda: there.knows(person_id), "the person")
        there.choose(person_id)

        here.type_in(person_id, 128, 82)
        there.until(lambda: "128/82" in there.text("home.pressure.value"), "the reading")

        # And what is dangerous takes the other screen, although nothing was measured there.
        there.type_in(person_id, 196, 124)
        here.until(lambda: "196/124" in here.text("alert.headline"), "the alert")
        assert here.kept(person_id) == there.kept(person_id) == 2


def test_nothing_is_opened_without_an_account_and_consent(tmp_path: Path, still: None) -> None:
    opened: list[str] = []

    def connect(url: str) -> Client:
        opened.append(url)
        return client_of(url)

    with (
        loopback.platform(tmp_path / "platform") as url,
        window(tmp_path / "here", connect) as here,
    ):
        person_id = here.add_person(Purpose.ARCHIVE)
        here.type_in(person_id, 128, 82)
        here.sign_in(url, "mother", new=True)
        here.type_in(person_id, 129, 82)
        assert opened == []

        here.act(partial(agree, here.archive, person_id, NOW))
        here.until(lambda: here.standing().last_success_at is not None, "an exchange")
        here.until(lambda: here.standing().waiting == 0, "everything sent")
        assert opened == [url]

        here.act(partial(switch_off, here.archive, person_id, NOW))
        here.until(lambda: here.standing().waiting == 0, "the platform was told")
        here.until(lambda: here.line() is None, "the line is closed")
        here.type_in(person_id, 130, 82)
        here.act(lambda: None)
        assert here.standing().waiting > 0
        assert here.line() is None


def test_a_platform_that_is_away_is_tried_again_and_nothing_is_lost(
    tmp_path: Path, still: None
) -> None:
    with window(tmp_path / "here") as here:
        person_id = here.add_person(Purpose.ARCHIVE, Purpose.PLATFORM_SYNC)
        with loopback.platform(tmp_path / "platform") as url:
            here.sign_in(url, "mother", new=True)
            here.until(lambda: here.standing().last_success_at is not None, "an exchange")
        here.type_in(person_id, 128, 82)
        here.until(lambda: here.standing().trouble == "platform_unreachable", "the trouble")
        assert here.standing().waiting > 0
        with loopback.platform(tmp_path / "platform", port=urlsplit(url).port):
            wake(here.shell)
            here.until(lambda: here.standing().waiting == 0, "everything sent")
        assert here.standing().trouble in ("", "platform_unreachable")


def test_a_line_is_closed_with_the_window_while_it_waits(tmp_path: Path, still: None) -> None:
    with (
        loopback.platform(tmp_path / "platform") as url,
        window(tmp_path / "here") as here,
    ):
        here.add_person(Purpose.ARCHIVE, Purpose.PLATFORM_SYNC)
        here.sign_in(url, "mother", new=True)
        here.until(lambda: here.standing().last_success_at is not None, "an exchange")
        here.sharing.stop()
        here.until(lambda: here.shell.session.live is None, "the end")
        here.act(lambda: None)
        assert not [t for t in here.tasks() if "Live" in repr(t)]
