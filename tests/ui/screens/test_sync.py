"""Sharing in the window: asked first, signed in by password or code, seen, settled, switched off."""

from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest

from carehub.archive import accounts, conflicts, outbox, people, streams
from carehub.archive.conflicts import Conflict
from carehub.archive.outbox import OpState
from carehub.care.consent import Purpose
from carehub.care.people import Medicine
from carehub.platform.accounts import device_flow
from carehub.ui import background
from carehub.workflows import people as people_acts
from tests.helpers import loopback
from tests.helpers.platforms import PASSWORD
from tests.helpers.windows import NOW, Window, window

pytestmark = pytest.mark.usefixtures("still")


@pytest.fixture
def still(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(background, "now", lambda: NOW)
    monkeypatch.setattr(device_flow, "INTERVAL", 0)


def fill_in(here: Window, url: str, login: str, password: str = PASSWORD) -> None:
    here.write("sign_in.url.line", url)
    here.write("sign_in.login.line", login)
    here.write("sign_in.password.line", password)


def test_a_person_is_asked_first_then_signs_in_and_can_end_it(tmp_path: Path) -> None:
    with loopback.platform(tmp_path / "platform") as url, window(tmp_path / "here") as here:
        person_id = here.add_person(Purpose.ARCHIVE)
        here.shell.open("sync")
        here.until(lambda: "only on this computer" in here.text("sync.headline"))
        assert not here.there("sync.enter")
        here.press("sync.read")
        here.press("agree.yes")
        here.press("sync.enter")

        fill_in(here, "ftp://nowhere", "mother")
        here.press("sign_in.enter")
        assert "https://" in here.text("sign_in.url.trouble")
        fill_in(here, url, "mother", "a wrong password")
        here.press("sign_in.enter")
        here.until(lambda: "not right" in here.text("sign_in.password.trouble"))
        here.press("sign_in.new")
        fill_in(here, url, "mother")
        here.press("sign_in.enter")

        here.until(lambda: here.text("sync.headline") == "Everything is up to date")
        assert url in here.text("sync.who")
        here.press("sync.now")
        here.until(lambda: here.there("sync.now"), "the exchange is over")

        here.press("sync.off")
        here.until(lambda: here.text("sync.headline") == "Sharing is switched off")
        here.until(lambda: here.line() is None, "the line is closed")
        here.press("undo.press")
        here.until(lambda: here.text("sync.headline") == "Everything is up to date")
        here.press("sync.out")
        here.press("sync.out.yes")
        here.until(lambda: here.text("sync.headline") == "Please sign in again")
        assert not here.standing().signed_in
        assert here.knows(person_id)


def test_another_computer_is_let_in_by_its_code(tmp_path: Path) -> None:
    with ExitStack() as stack:
        url = stack.enter_context(loopback.platform(tmp_path / "platform"))
        here = stack.enter_context(window(tmp_path / "here"))
        there = stack.enter_context(window(tmp_path / "there"))
        here.add_person(Purpose.ARCHIVE, Purpose.PLATFORM_SYNC)
        here.sign_in(url, "mother", new=True)
        there.add_person(Purpose.ARCHIVE, Purpose.PLATFORM_SYNC)
        there.shell.open("sync")
        there.press("sync.enter")
        there.write("sign_in.url.line", url)
        there.press("sign_in.code")

        answer_code(here, there, "no")
        there.until(lambda: "not let in" in there.text("code.waiting"))
        assert not there.standing().signed_in
        there.press("code.again")
        answer_code(here, there, "yes")
        there.until(lambda: there.standing().signed_in, "the sign-in")
        there.until(lambda: there.page() == "Sync", "the page of sharing")


def answer_code(here: Window, there: Window, answer: str) -> None:
    """Type the code that the other window shows, after a wrong one, and answer."""
    there.until(lambda: "-" in there.text("code.text"), "a code")
    here.shell.open("sync.let_in")
    here.write("let_in.code.line", "XXXX-XXXX")
    here.press("let_in.find")
    here.until(lambda: "No computer shows" in here.text("let_in.code.trouble"))
    here.write("let_in.code.line", there.text("code.text"))
    here.press("let_in.find")
    here.press(f"let_in.{answer}")
    here.until(lambda: here.page() == "Home", "the answer went out")


def conflict_of(here: Window, person_id: UUID) -> tuple[Medicine, Conflict]:
    medicine = Medicine(UUID(int=7), person_id, "示例药", "5 mg")
    people_acts.note(here.archive, medicine, NOW)
    met = Conflict(
        UUID(int=8), person_id, "medicine", medicine.id, "dose", "5 mg", "10 mg",
        UUID(int=9), UUID(int=10), NOW, needs_confirmation=True,
    )  # fmt: skip
    with here.archive.write() as tx:
        conflicts.put(tx, met)
    return medicine, met


@pytest.mark.parametrize(("button", "dose"), [("kept", "5 mg"), ("other", "10 mg")])
def test_of_two_entries_that_met_one_is_chosen(tmp_path: Path, button: str, dose: str) -> None:
    with window(tmp_path / "here") as here:
        person_id = here.add_person(Purpose.ARCHIVE, Purpose.PLATFORM_SYNC)
        medicine, met = conflict_of(here, person_id)
        with here.archive.write() as tx:
            accounts.put(tx, accounts.Account(UUID(int=1), "https://x", "m", UUID(int=2)))
            streams.put(tx, streams.Stream(person_id))
        here.shell.open("sync.look")
        here.until(lambda: here.text("look.difference.0.other.value") == "10 mg")
        here.press(f"look.difference.0.{button}.take")
        here.until(lambda: here.there("look.nothing"))
        with here.archive.read() as tx:
            found = people.line(tx, Medicine, medicine.id)
            settled = conflicts.get(tx, met.id)
        assert found == replace(medicine, dose=dose)
        assert settled is not None
        assert settled.resolved_at == NOW


def test_what_was_refused_says_why_and_can_be_tried_again(tmp_path: Path) -> None:
    with window(tmp_path / "here") as here:
        person_id = here.add_person(Purpose.ARCHIVE, Purpose.PLATFORM_SYNC)
        here.type_in(person_id, 128, 82)
        with here.archive.write() as tx:
            ids = [op.op_id for op in outbox.waiting(tx) if op.kind == "reading"]
            outbox.settle(tx, ids, OpState.REJECTED, code="grant_revoked", now=NOW)
        here.shell.open("sync.look")
        here.until(lambda: "took your leave back" in here.text("look.refused.0.why"))
        here.press("look.refused.0.again")
        here.until(lambda: here.there("look.nothing"))
        assert here.standing().refused == ()
