"""The demo's second half: a platform of its own and the daughter's window, each in its own process.

The mother's window starts both and ends them by closing their standard input, so that neither stays
behind when it goes, however it goes.
"""

import asyncio
import json
import os
import sys
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import IO, TYPE_CHECKING
from uuid import UUID

from PySide6.QtCore import QRect
from PySide6.QtGui import QGuiApplication

from carehub import i18n, log, paths
from carehub.errors import CareHubError, PlatformUnreachable
from carehub.i18n import _
from carehub.ui import background

if TYPE_CHECKING:
    from pathlib import Path

    from carehub.archive.store import Archive
    from carehub.ui.session import Opened, Session
    from carehub.ui.shell import Shell

MOTHER, DAUGHTER = 1240, 680
"""Pixels that each window needs to show its pages without scrolling sideways."""
HIGH = 700
LOOK_SECONDS = 0.1
"""How often it is asked whether the first exchange is done."""
PATIENCE = 120.0


@dataclass(frozen=True, slots=True)
class Pair:
    """How the demo is asked for: two windows where they fit, or `both` in any case, or only one.

    `say` tells whoever started it one sentence.
    """

    say: Callable[[str], None]
    both: bool = False
    alone: bool = False


@dataclass(frozen=True, slots=True)
class Daughter:
    """What the daughter's window is told by the mother's: the platform, a code, and its place."""

    url: str
    code: str = field(repr=False)
    place: tuple[int, int, int, int]

    @classmethod
    def heard(cls, line: str) -> "Daughter":
        """Read what `told` wrote."""
        said = json.loads(line)
        left, top, width, height = said["place"]
        return cls(said["url"], said["code"], (left, top, width, height))

    def told(self) -> str:
        """Return it as one line."""
        return json.dumps({"url": self.url, "code": self.code, "place": self.place})


def places(pair: Pair) -> tuple[QRect, QRect] | None:
    """Return where both windows go, or None where only one is to be shown; then it is said why."""
    if pair.alone:
        return None
    screen = QGuiApplication.primaryScreen().availableGeometry()
    if screen.width() >= MOTHER + DAUGHTER and screen.height() >= HIGH:
        width = max(MOTHER, round(screen.width() * 0.62))
        left = QRect(screen.left(), screen.top(), width, screen.height())
        rest = QRect(left.right() + 1, screen.top(), screen.width() - width, screen.height())
        return left, rest
    if pair.both:
        width = min(screen.width(), MOTHER + DAUGHTER // 3)
        right = screen.right() - DAUGHTER
        return QRect(screen.left(), screen.top(), width, screen.height()), QRect(
            right, screen.top(), DAUGHTER, screen.height()
        )
    pair.say(
        _(
            "This screen is too small for two windows. "
            "To see the daughter's as well, run: carehub demo --both"
        )
    )
    return None


class Apart:
    """Starts the platform and the daughter's window, and lets the family agree; ends both."""

    def __init__(self, session: "Session", place: QRect, say: Callable[[str], None]) -> None:
        self._session = session
        self._say = say
        self._place = place
        self._children: list[asyncio.subprocess.Process] = []

    def begin(self, mother: UUID) -> None:
        """Do all of it in the background; where something fails, the mother's demo goes on alone."""
        self._session.shell.background.run(partial(self._begin, mother), failed=self._failed)

    async def _begin(self, mother: UUID) -> None:
        from carehub.workflows import demo_family, live

        archive = self._session.shell.visit.archive
        assert archive is not None
        platform = await self._child("--serve")
        assert platform.stdout is not None
        url = (await platform.stdout.readline()).decode().strip()
        if not url:
            raise PlatformUnreachable
        client = await asyncio.to_thread(live.client_of, url)
        clock = background.now
        try:
            await demo_family.sign_in(archive, client, url, clock)
            demo_family.share(archive, mother, clock())
            await self._exchanged(archive)
            code = await demo_family.invite(archive, client, mother, clock)
            where = self._place
            told = Daughter(url, code, (where.x(), where.y(), where.width(), where.height()))
            window = await self._child("--daughter")
            assert window.stdin is not None
            assert window.stdout is not None
            window.stdin.write(told.told().encode() + b"\n")
            await window.stdin.drain()
            await window.stdout.readline()
            await demo_family.say_yes(archive, client, mother, clock)
        finally:
            await client.close()

    async def _exchanged(self, archive: "Archive") -> None:
        """Wait until the exchange that goes on by itself has sent the mother's year."""
        from carehub.workflows import sync

        async with asyncio.timeout(PATIENCE):
            while sync.status(archive).last_success_at is None:
                live = self._session.live
                if live is not None and not live.going:
                    live.wake()
                await asyncio.sleep(LOOK_SECONDS)

    async def _child(self, word: str) -> asyncio.subprocess.Process:
        home = paths.home() / f"demo-{word.lstrip('-')}"
        env = os.environ | {"CAREHUB_HOME": str(home), "CAREHUB_LANGUAGE": i18n.language()}
        pipe = asyncio.subprocess.PIPE
        made = await asyncio.create_subprocess_exec(
            *command(), "demo", word, stdin=pipe, stdout=pipe, env=env
        )
        self._children.append(made)
        return made

    def _failed(self, error: BaseException) -> None:
        kind = error.code if isinstance(error, CareHubError) else type(error).__name__
        log.ui.warning("the demo goes on with one window: %s", kind)
        self._say(_("The daughter's window could not be opened; the demo goes on with one."))
        self._session.shell.showMaximized()

    async def end(self) -> None:
        """Close both children's standard input, which ends them, and wait until they are gone."""
        for child in reversed(self._children):
            if child.stdin is not None:
                child.stdin.close()
        for child in reversed(self._children):
            try:
                async with asyncio.timeout(10):
                    await child.wait()
            except TimeoutError:
                child.kill()
                await child.wait()
        self._children.clear()


def command() -> Sequence[str]:
    """Return the words that start this program once more."""
    if getattr(sys, "frozen", False):
        return (sys.executable,)
    return (sys.executable, "-m", "carehub")


# The daughter's own process


def place_window(shell: "Shell", given: Daughter) -> None:
    """Put the daughter's window where there is room for it."""
    shell.setGeometry(QRect(*given.place))
    shell.setWindowTitle(_("CareHub – the daughter"))
    shell.show()


def end_with_mother(shell: "Shell", heard: IO[str]) -> None:
    """Close this window when the mother's is gone."""

    def wait() -> None:
        heard.read()
        shell.background.post(shell.close)

    threading.Thread(target=wait, name="carehub-starter", daemon=True).start()


def open_daughter(session: "Session", given: Daughter, told: IO[str]) -> None:
    """Make the daughter's archive in the background, sign in, answer the invitation, and enter."""
    session.shell.start("opening", demo=True)
    work = partial(_ready, paths.home() / "demo", given)
    session.shell.background.run(work, partial(_enter, session, told))


async def _ready(folder: "Path", given: Daughter) -> "Opened":
    from carehub.workflows import demo_family, live
    from carehub.workflows.family import Family

    opened = await asyncio.to_thread(_furnish, folder)
    archive = opened.app.archive
    client = await asyncio.to_thread(live.client_of, given.url)
    try:
        await demo_family.sign_in(archive, client, given.url, background.now)
        await Family(archive, client, background.now).accept(
            given.code, opened.people[0].name, alerts=True
        )
    finally:
        await client.close()
    return opened


def _furnish(folder: "Path") -> "Opened":
    from carehub.devices.link import Radio
    from carehub.ui.demo import fresh
    from carehub.ui.session import Opened
    from carehub.workflows import demo_family

    app = fresh(folder, Radio())
    return Opened(app, (demo_family.add_daughter(app.archive, background.now()),))


def _enter(session: "Session", told: IO[str], opened: "Opened") -> None:
    session.use(opened, "family")
    told.write("asked\n")
    told.flush()
