"""The demo's desktop: a fictional household, and pretend meters that measure when asked to."""

import asyncio
import itertools
import secrets
import shutil
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from carehub import paths
from carehub.care.readings import Kind
from carehub.ui import background
from carehub.ui.session import Opened, Session

if TYPE_CHECKING:
    from carehub.app import App
    from carehub.devices.link import Radio
    from carehub.devices.simulator import Air
    from carehub.ui.demo_pair import Apart

_USUAL = ((131, 82, 71), (127, 79, 70), (126, 80, 72))
_HIGH = ((186, 112, 88), (184, 110, 86), (183, 111, 87))
_GLUCOSE = ("6.3", "6.8", "5.9")
_PUMP_SECONDS = 0.35
"""How long one of the cuff's sixteen pressure steps takes, so that the ring can be watched."""


class PretendMeters:
    """A pretend cuff and a pretend glucose meter, on the background thread's loop."""

    def __init__(self, session: Session, air: "Air") -> None:
        self._background = session.shell.background
        self._air = air
        self._usual, self._high = itertools.cycle(_USUAL), itertools.cycle(_HIGH)
        self._glucose = itertools.cycle(_GLUCOSE)
        self._cuff = air.cuff()
        self._glucose_meter = air.glucose_meter()

    def measure(self, kind: Kind, *, high: bool = False) -> None:
        """Let the pretend meter of this kind measure once; `high` makes a dangerous pressure."""
        work = partial(self._press, high) if kind is Kind.BLOOD_PRESSURE else self._prick
        self._background.run(work)

    async def _press(self, high: bool) -> None:
        systolic, diastolic, pulse = next(self._high if high else self._usual)
        await self._cuff.measure(systolic, diastolic, pulse, step_seconds=_PUMP_SECONDS)
        await self._cuff.switch_off()

    async def _prick(self) -> None:
        self._glucose_meter.remember(next(self._glucose), meal=3)
        await self._glucose_meter.switch_on()

    async def end(self) -> None:
        """Switch the pretend meters off."""
        await self._air.__aexit__(None, None, None)


def open_household(session: Session, apart: "Apart | None" = None) -> None:
    """Make the household in the background and enter it; then the family `apart` begins."""
    session.shell.start("opening", demo=True)

    def enter(opened: Opened) -> None:
        session.use(opened)
        if apart is not None:
            apart.begin(opened.people[0].id)

    session.shell.background.run(partial(_open, session), enter)


async def _open(session: Session) -> Opened:
    from carehub.devices.simulator import Air

    air = Air(background.now)
    await air.__aenter__()
    session.pretend = PretendMeters(session, air)
    return await asyncio.to_thread(_furnish, paths.home() / "demo", air.radio)


def _furnish(folder: Path, radio: "Radio") -> Opened:
    """Make a fresh demo archive of the household."""
    from carehub.workflows import demo

    app = fresh(folder, radio)
    household = demo.furnish(app.archive, background.now())
    people = (household.grandmother, household.grandfather)
    return Opened(app, people)


def fresh(folder: Path, radio: "Radio") -> "App":
    """Make an empty demo archive; the one of the last demo is thrown away."""
    from carehub.app import App
    from carehub.archive import vault

    shutil.rmtree(folder, ignore_errors=True)
    phrase = secrets.token_hex(16)
    keys, _code = vault.create(folder, passphrase=phrase, keyring=False, now=background.now())
    return App.create(folder, keys, radio, background.now, demo=True)
