"""The demo's two windows: where they go, how the second is told, and that the family really agrees."""

from pathlib import Path

import pytest
from PySide6.QtCore import QRect

from carehub.archive import alerts, readings, streams
from carehub.care.civil import MINUTE
from carehub.care.readings import Kind
from carehub.platform.alerts import runner
from carehub.ui import demo_pair
from carehub.ui.demo_pair import Daughter, Pair
from carehub.ui.screens.alert.model import gravest
from carehub.ui.screens.alert.telling import SEEN, told_of
from carehub.workflows import demo, demo_family, escalations
from carehub.workflows import readings as reading_acts
from carehub.workflows.family import Family
from tests.helpers import clients, pages, records
from tests.helpers.clients import URL


class Screen:
    """A screen of a size."""

    def __init__(self, width: int, height: int) -> None:
        self._all = QRect(0, 0, width, height)

    def availableGeometry(self) -> QRect:  # noqa: N802 - Qt names it
        return self._all


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture(autouse=True)
def _app() -> None:
    pages.app()


def on(monkeypatch: pytest.MonkeyPatch, width: int, height: int) -> None:
    screen = Screen(width, height)
    monkeypatch.setattr(demo_pair.QGuiApplication, "primaryScreen", lambda: screen)


def test_two_windows_stand_side_by_side_where_there_is_room(monkeypatch, said) -> None:
    on(monkeypatch, 1920, 1080)
    found = demo_pair.places(Pair(said.append))
    assert found is not None
    mother, daughter = found
    assert mother.width() >= demo_pair.MOTHER
    assert daughter.width() >= demo_pair.DAUGHTER
    assert not mother.intersects(daughter)
    assert said == []


def test_a_small_screen_keeps_one_window_and_says_how_to_see_both(monkeypatch, said) -> None:
    on(monkeypatch, 1366, 768)
    assert demo_pair.places(Pair(said.append)) is None
    assert "carehub demo --both" in said[0]
    found = demo_pair.places(Pair(said.append, both=True))
    assert found is not None
    assert found[1].right() <= 1366
    assert demo_pair.places(Pair(said.append, alone=True)) is None
    assert len(said) == 1


def test_what_the_second_window_is_told_comes_through_and_hides_its_code() -> None:
    given = Daughter("http://127.0.0.1:1", "ABCDE-12345", (1, 2, 3, 4))
    assert Daughter.heard(given.told() + "\n") == given
    assert "ABCDE" not in repr(given)


async def test_the_family_agrees_and_the_mothers_month_crosses(tmp_path: Path) -> None:
    async with (
        clients.running(tmp_path / "platform") as service,
        clients.machine(service, tmp_path / "mother", demo=True) as mother,
        clients.machine(service, tmp_path / "daughter", demo=True) as daughter,
    ):
        here, there, clock = mother.archive, daughter.archive, mother.clock
        who = demo.furnish(here, clock(), days=3).grandmother.id
        own = demo_family.add_daughter(there, clock())
        await demo_family.sign_in(here, mother.client, URL, clock)
        demo_family.share(here, who, clock())
        await mother.now()
        await demo_family.sign_in(there, daughter.client, URL, clock)
        code = await demo_family.invite(here, mother.client, who, clock)
        await Family(there, daughter.client, clock).accept(code, own.name, alerts=True)
        assert await demo_family.say_yes(here, mother.client, who, clock) == 1
        reading = records.pressure(who, 187, 112, taken_at=clock())
        reading_acts.type_in(here, reading, clock())
        await mother.now()
        await daughter.now()
        with here.read() as ours, there.read() as theirs:
            for kind in Kind:
                sent = readings.between(ours, who, kind, 0, clock() + 1)
                assert sent
                assert sent == readings.between(theirs, who, kind, 0, clock() + 1)
            assert not streams.own(theirs, who)
            assert line(ours, who, clock()) == SEEN
        mother.clock.now = daughter.clock.now = service.clock.now = clock() + 6 * MINUTE
        again = records.pressure(who, 204, 122, taken_at=clock())
        reading_acts.type_in(here, again, clock())
        for each in (mother, daughter, daughter, mother):
            await runner.turn(service.app.state.running)
            await each.now()
        with here.read() as ours, there.read() as theirs:
            assert line(ours, who, clock()) == line(theirs, who, clock())
            assert line(ours, who, clock()) == f"{own.name} got this notice."


def line(tx, person_id, now: int) -> str:
    """Return the foot of the gravest alert's page."""
    alert = gravest(alerts.open(tx, person_id))
    assert alert is not None
    return told_of(escalations.standing(tx, alert), now, 480)
