"""From a cuff's indication to the alert on the screen: over a Bluetooth stack, archive and window.

The clock starts where the bytes reach the client, and stops when the alert's headline was painted.
Each round is another person with one dangerous value, so that each alert is a new one.
"""

import json
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from PySide6.QtWidgets import QLabel

from carehub.ui import background
from carehub.ui.session import Opened
from tests.benchmarks.row import Row
from tests.benchmarks.window import Eye, apart, enter, rest, share, shell_at, wait

if TYPE_CHECKING:
    from carehub.archive.store import Tx
    from carehub.care.meters import Frame
    from carehub.devices.simulator import Air, PretendCuff
    from carehub.ui.shell import Shell

ROUNDS = 15
SYSTOLIC = 186
"""The diastolic differs from round to round, so that each headline is another one."""
HEADLINE = "alert.headline"
VALUE = "2A35"
PASSPHRASE = "four plain example words"


def measure() -> Iterator[Row]:
    """Raise fifteen alerts in one window, after a first one that also loads what it needs."""
    figures = apart("alerting")
    first, *others = figures["painted"]
    confirmed = share(figures["confirmed"], 0.5)
    yield Row("indication to the alert painted, first after the start", first, "ms")
    yield Row("indication to the alert painted, p50", share(others, 0.5), "ms")
    yield Row("indication to the alert painted, p95", share(others, 0.95), "ms")
    yield Row("indication to its bytes committed and confirmed, p50", confirmed, "ms")


def alerts() -> dict[str, list[float]]:
    """Measure in this process; milliseconds, one of each for each round."""
    with tempfile.TemporaryDirectory() as place, shell_at(Path(place) / "archive") as shell:
        from carehub.ui.notices import Notices

        notices = Notices(shell)
        shell.session.opened.append(notices.start)
        scene = _Scene(shell, Path(place) / "archive")
        scene.begin()
        painted = [scene.alert(number) for number in range(ROUNDS + 1)]
        notices.stop()
        scene.end()
        return {"painted": painted, "confirmed": scene.confirmed}


class _Scene:
    """One archive with a person per round, and one cuff with a user slot for each of them."""

    def __init__(self, shell: "Shell", folder: Path) -> None:
        from carehub.archive import frames

        self.shell, self.folder = shell, folder
        self.people: list[UUID] = []
        self.confirmed: list[float] = []
        self._arrived = self._done = 0.0
        self._keep = frames.keep
        # The first line of ours that has the bytes; what is added is a look at the clock.
        frames.keep = self._watched_keep
        self.air: Air
        self.cuff: PretendCuff

    def _watched_keep(self, tx: "Tx", frame: "Frame") -> bool:
        if frame.characteristic == VALUE and not self._arrived:
            self._arrived = time.perf_counter()
        return self._keep(tx, frame)

    def begin(self) -> None:
        """Make the archive in the background, as the demo does, and let the cuff become known."""
        opened = self._in_background(self._furnish)
        assert isinstance(opened, Opened)
        enter(self.shell, opened)
        self._sit_down(self.people[0])
        self.shell.background.run(partial(self._press, ROUNDS + 2, 120, 80))
        wait(lambda: bool(self._done), "the first confirmation")
        rest(1.0)
        self._in_background(self._give_slots)

    def _in_background(self, work: Callable[[], object]) -> object:
        done: list[object] = []
        self.shell.background.run(work, done.append, done.append)
        wait(lambda: bool(done), "the background")
        if isinstance(done[0], BaseException):
            raise done[0]
        return done[0]

    async def _furnish(self) -> Opened:
        from carehub.app import App
        from carehub.archive import vault
        from carehub.care.people import Condition, ConditionCode
        from carehub.devices.simulator import Air
        from carehub.workflows import people

        now = background.now()
        keys, _code = vault.create(self.folder, passphrase=PASSPHRASE, keyring=False, now=now)
        self.air = Air(background.now)
        await self.air.__aenter__()
        self.cuff = self.air.cuff()
        app = App.create(self.folder, keys, self.air.radio, background.now, demo=True)
        found = []
        for number in range(ROUNDS + 1):
            person = people.add(app.archive, name=f"王示例{number}", now=now)
            illness = Condition(person.id, person.id, ConditionCode.HYPERTENSION)
            people.note(app.archive, illness, now)
            found.append(person)
        self.people = [person.id for person in found]
        return Opened(app, (found[0],))

    def _give_slots(self) -> None:
        """Say once and for all whose each user slot of the cuff is."""
        from carehub.archive import meters

        archive = self.shell.visit.archive
        assert archive is not None
        with archive.write() as tx:
            (meter,) = meters.everyone(tx)
            slots = tuple((number + 1, person) for number, person in enumerate(self.people))
            meters.put(tx, replace(meter, slots=slots))

    def _sit_down(self, person: UUID) -> None:
        """Come to the measuring page as somebody who has rested."""
        here = self.shell.page
        self.shell.session.choose(person, "measure", settled_at=0)
        wait(lambda: self.shell.page is not here and self.shell.page is not None, "the page")
        rest(0.8)

    async def _press(self, slot: int, systolic: int, diastolic: int) -> None:
        self._arrived = self._done = 0.0
        await self.cuff.measure(systolic, diastolic, 80, step_seconds=0.01, user=slot)
        self._done = time.perf_counter()
        await self.cuff.switch_off()

    def alert(self, number: int) -> float:
        """Measure a dangerous value; return the milliseconds until its alert was painted."""
        self._sit_down(self.people[number])
        value = f"{SYSTOLIC}/{100 + number}"
        eye = Eye(
            lambda w: isinstance(w, QLabel) and w.objectName() == HEADLINE and value in w.text()
        )
        self.shell.background.run(partial(self._press, number + 1, SYSTOLIC, 100 + number))
        wait(lambda: bool(self._done), f"confirmation {number}")
        wait(lambda: eye.seen is not None, f"alert {number}")
        assert eye.seen is not None
        self.confirmed.append((self._done - self._arrived) * 1000)
        return (eye.seen - self._arrived) * 1000

    def end(self) -> None:
        """Leave the room."""

        async def leave() -> None:
            await self.air.__aexit__(None, None, None)

        self.shell.home()
        self._in_background(leave)


if __name__ == "__main__":
    print(json.dumps(alerts()))
