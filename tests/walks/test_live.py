"""The exchange that goes on by itself: what is entered on one screen is painted on another."""

from contextlib import ExitStack
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from carehub.care.consent import Purpose
from carehub.sync.client import Client
from carehub.ui import background
from carehub.ui.screens.sync.agree import agree, switch_off
from carehub.ui.screens.sync.sign_in import wake
from carehub.workflows.live import client_of
from tests.helpers import loopback
from tests.helpers.windows import NOW, window


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

        # Where it ends, it ends with everything: no line, no task.
        here.sharing.stop()
        here.until(lambda: here.shell.session.live is None, "the end")
        here.until(lambda: not any("Live" in repr(task) for task in here.tasks()), "no task")


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
        assert here.standing().refused == ()

        here.act(partial(switch_off, here.archive, person_id, NOW))
        here.until(lambda: here.standing().held == 0, "the platform was told")
        here.until(lambda: here.line() is None, "the line is closed")
        here.type_in(person_id, 130, 82)
        here.act(lambda: None)
        assert (here.standing().held > 0, here.standing().waiting) == (True, 0)
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
