"""A mother's window and her daughter's: invite, accept, see, see to an alert, take back, gone."""

from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path
from uuid import UUID

import pytest
from PySide6.QtWidgets import QLabel, QLineEdit

from carehub.care.consent import Purpose
from carehub.errors import CareHubError
from carehub.ui import background
from carehub.ui.screens.sync.sign_in import wake
from carehub.workflows import rounds
from tests.helpers import loopback, pages
from tests.helpers.windows import NOW, Window, window

SHARED = (Purpose.ARCHIVE, Purpose.PLATFORM_SYNC, Purpose.FAMILY_SHARING)


class Clock:
    """One clock for both windows and the platform."""

    now = NOW

    def __call__(self) -> int:
        return self.now

    def later(self, minutes: int) -> None:
        self.now += minutes * 60_000


class Two:
    """Mother's window and the daughter's, both signed in; the daughter has records of her own."""

    def __init__(self, mother: Window, daughter: Window, clock: Clock) -> None:
        self.mother, self.daughter, self.clock = mother, daughter, clock
        self.person_id = UUID(int=0)
        self.own_id = UUID(int=0)

    def later(self, minutes: int) -> None:
        self.clock.later(minutes)
        self.mother.now = self.daughter.now = self.clock.now

    def agree(self) -> None:
        """Invite, type the code, say yes: all of it in the windows."""
        mother, daughter = self.mother, self.daughter
        mother.shell.open("family.trusted")
        mother.press("trusted.invite")
        mother.press("invite.relation.daughter")
        mother.press("invite.next")
        mother.press("agree.yes")
        mother.until_page("Code")
        code = mother.text("code.groups").replace(" ", "")

        daughter.shell.open("family.join")
        write(daughter, "join.name.line", "王芳")
        write(daughter, "join.typed.line", code)
        daughter.press("join.send")
        daughter.until_page("Family")

        mother.until(lambda: mother.there("code.asks.0.question"), "the request")
        assert mother.text("code.asks.0.question") == "Daughter 王芳 asks to see your records."
        mother.press("code.asks.0.yes")
        mother.until(lambda: mother.there("code.done"), "the agreement")
        mother.press("code.trusted")
        mother.until(lambda: mother.text("trusted.0.title") == "Daughter 王芳", "the holder")
        wake(
            daughter.shell
        )  # an event that came before the line stood is made up for by the next look
        daughter.until(lambda: daughter.text("family.0.name") == "王示例", "her records")


def write(window: Window, name: str, text: str) -> None:
    field = window.part(name)
    assert isinstance(field, QLineEdit)
    field.setText(text)
    pages.app().processEvents()


def notices(window: Window) -> list[QLabel]:
    found = window.shell.findChildren(QLabel)
    return [label for label in found if label.objectName().startswith("notice.")]


@pytest.fixture
def two(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Two]:
    clock = Clock()
    monkeypatch.setattr(background, "now", clock)
    with ExitStack() as stack:
        url = stack.enter_context(loopback.platform(tmp_path / "platform", clock))
        mother = stack.enter_context(window(tmp_path / "mother"))
        daughter = stack.enter_context(window(tmp_path / "daughter"))
        made = Two(mother, daughter, clock)
        made.person_id = mother.add_person(*SHARED)
        made.own_id = daughter.add_person(Purpose.ARCHIVE)
        mother.sign_in(url, "mother", new=True)
        daughter.sign_in(url, "daughter", new=True)
        mother.until(lambda: mother.standing().last_success_at is not None, "an exchange")
        yield made
        for each in (mother, daughter):
            hang_up(each)


def hang_up(window: Window) -> None:
    """End the exchange between two requests: one cut short in its beginning leaves a socket behind."""
    live = window.shell.session.live

    async def last() -> None:
        if live is not None:
            with suppress(CareHubError):
                await live.now()

    if live is not None:
        window.act(last)
        window.sharing.stop()
        window.until(lambda: window.shell.session.live is None, "the end of the exchange")


def test_a_daughter_sees_acts_and_is_shut_out_with_one_press(two: Two) -> None:
    mother, daughter = two.mother, two.daughter
    two.agree()

    mother.type_in(two.person_id, 196, 124)
    daughter.until(lambda: "196/124" in daughter.text("family.0.sentence"), "the alert")
    assert daughter.there("family.0.seen")
    two.later(1)
    daughter.press("family.0.seen")
    daughter.until(
        lambda: "Daughter 王芳 saw it" in daughter.text("family.0.sentence"), "it stands"
    )
    mother.until(lambda: mother.page() == "AlertPage", "the alert at home")
    mother.until(lambda: "Daughter 王芳 saw this" in mother.text("alert.seen"), "who saw it")

    mother.shell.open("family.order")
    mother.until(lambda: mother.there("order.0.title"), "the order")
    assert mother.text("order.0.note") == "Has not agreed to be told"
    daughter.shell.open("family.call", person=two.person_id)
    daughter.press("call.alerts")
    daughter.until(lambda: any("be told at once" in n.text() for n in notices(daughter)), "noted")
    mother.shell.open("family.order")
    mother.until(lambda: mother.text("order.0.note") == "Is told first", "her own word")
    daughter.shell.open("family")

    mother.shell.open("family.looks")
    mother.until(lambda: "Daughter 王芳 looked" in mother.text("looks.0.words"), "who looked")
    mother.shell.open("family.trusted")
    mother.press("trusted.0.revoke")
    mother.until(lambda: not mother.there("trusted.0.revoke"), "taken back")

    daughter.until(lambda: not daughter.knows(two.person_id), "wiped")
    daughter.until(lambda: daughter.there("family.gone.0.words"), "the reason")
    assert "王示例 took the leave to look back" in daughter.text("family.gone.0.words")
    assert daughter.knows(two.own_id)
    daughter.press("family.gone.0.read")
    daughter.until(lambda: daughter.there("family.nobody"), "nobody is left")


def test_her_own_records_stay_apart_and_a_wipe_leads_back_to_them(two: Two) -> None:
    mother, daughter = two.mother, two.daughter
    two.agree()
    mother.type_in(two.person_id, 128, 82)
    daughter.until(lambda: "128/82" in daughter.text("family.0.reading"), "the reading")

    daughter.press("family.0.report")
    daughter.until_page("Report")
    shown = daughter.shell.visit.person
    assert shown is not None
    assert shown.id == two.person_id
    assert daughter.text("header.whose") == "王示例's records"
    daughter.shell.back()
    daughter.until_page("Family")
    back = daughter.shell.visit.person
    assert back is not None
    assert (back.id, daughter.shell.visit.caring) == (two.own_id, "")

    daughter.press("family.0.record")
    daughter.until_page("Type")
    for digits, following in (("141", True), ("88", True), ("70", False)):
        daughter.keys("keypad.pad", digits)
        if following and daughter.there("keypad.next"):
            daughter.press("keypad.next")
    daughter.press("keypad.save")
    daughter.until_page("Family")
    mother.until(lambda: mother.kept(two.person_id) == 2, "what the daughter wrote down")
    assert daughter.kept(two.own_id) == 0

    daughter.shell.session.look_after(two.person_id, "report")
    daughter.until_page("Report")
    mother.shell.open("family.trusted")
    mother.press("trusted.0.revoke")
    daughter.until(lambda: not daughter.knows(two.person_id), "wiped")
    daughter.until_page("Family")
    here = daughter.shell.visit.person
    assert here is not None
    assert here.id == two.own_id


def test_asked_from_afar_the_parent_answers_and_leave_ends_by_itself(two: Two) -> None:
    mother, daughter = two.mother, two.daughter
    daughter.shell.open("family.join")
    write(daughter, "join.name.line", "王芳")
    write(daughter, "join.login.line", "mother")
    daughter.press("join.role.viewer")
    daughter.press("join.ask")
    daughter.until_page("Family")
    daughter.until(lambda: daughter.there("family.nobody"), "nobody yet")

    # Whoever sits at home hears of it.
    asks = "Daughter 王芳 asks to see your records."
    mother.until(lambda: any(asks in label.text() for label in notices(mother)), "the notice")
    mother.shell.open("family.trusted")
    mother.until(lambda: mother.there("trusted.asks.0.question"), "the request")
    mother.press("trusted.asks.0.no")
    mother.until(lambda: not mother.there("trusted.asks.0.question"), "refused")
    wake(daughter.shell)
    daughter.act(lambda: None)
    assert not daughter.knows(two.person_id)

    # Agreed after all, it ends by itself, without any contact.
    two.later(1)
    two.agree()
    hang_up(daughter)
    two.later(366 * 24 * 60)
    daughter.act(lambda: rounds.make(daughter.archive, two.clock.now))
    daughter.until(lambda: not daughter.knows(two.person_id), "wiped")
    daughter.shell.open("family")
    daughter.until(lambda: daughter.there("family.gone.0.words"), "the reason")
    assert "is over" in daughter.text("family.gone.0.words")
