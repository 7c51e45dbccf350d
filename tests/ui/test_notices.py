"""Notices take the screen, speak and sound as their level asks; they name nothing when locked."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QAbstractButton, QLabel

from carehub.archive import alerts, people
from carehub.care.alerts import Alert, Level, Notice, State
from carehub.care.readings import Symptom
from carehub.config import Config
from carehub.errors import NoVoice
from carehub.ui.notices import Notices
from carehub.ui.screens.sample import PERSON
from carehub.workflows import alerts as alert_acts
from carehub.workflows import people as people_acts
from carehub.workflows import readings as reading_acts
from tests.helpers.builders import bp, glucose
from tests.helpers.desk import Desk, desk

NOW = 1_790_000_000_000
_MINUTE = 60_000


@pytest.fixture
def at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    config = Config(language="en", lock_minutes=0, voice=True, sound=True)
    with desk(tmp_path / "archive", monkeypatch, NOW, config) as made:
        yield made
        made.archive.close(NOW)


@pytest.fixture
def notices(at: Desk) -> Iterator[Notices]:
    made = Notices(at.shell)
    sent: list[str] = []
    monkey = pytest.MonkeyPatch()
    monkey.setattr(made.desktop, "send", lambda notice: sent.append(notice.rule))
    yield made
    monkey.undo()
    made.stop()


def typed(at: Desk, systolic: int, diastolic: int, **more: object) -> tuple[Notice, ...]:
    reading = bp(systolic, diastolic, at.now, person_id=PERSON.id, **more)
    return reading_acts.type_in(at.archive, reading, at.now).notices


def crisis(at: Desk) -> tuple[Notice, ...]:
    """Type three dangerous values, as after a recheck; return what the last one tells."""
    told: tuple[Notice, ...] = ()
    for _time in range(3):
        told = typed(at, 186, 112)
        at.now += 5 * _MINUTE
    return told


def said(at: Desk) -> list[str]:
    return list(getattr(at.shell.voice, "said", []))


def test_an_urgent_notice_opens_the_alert_sounds_and_speaks(at: Desk, notices: Notices) -> None:
    told = crisis(at)
    assert [notice.level for notice in told] == [Level.L3]

    notices.tell(told)
    at.until_page("AlertPage")

    assert notices.sounds.played == ["urgent"]
    assert said(at)


def test_a_value_that_waits_for_its_recheck_takes_the_screen(at: Desk, notices: Notices) -> None:
    told = typed(at, 186, 112)

    notices.tell(told)

    at.until_page("AlertPage")


def test_a_quiet_notice_is_a_banner_and_leads_to_the_alert(at: Desk, notices: Notices) -> None:
    quiet = replace(crisis(at)[-1], level=Level.L2)
    alert = _open(at)[0]
    with at.archive.write() as tx:
        alerts.put(tx, replace(alert, state=State.ACTIVE, level=Level.L2))

    notices.tell((quiet,))
    at.until(lambda: notices.sounds.played == ["notice"], "the sound")

    assert at.page() == "Home"
    button = at.shell.findChild(QAbstractButton, "notice.look")
    assert button is not None
    button.click()
    at.until_page("AlertPage")


def test_over_the_lock_nothing_is_named(at: Desk, notices: Notices) -> None:
    told = crisis(at)
    at.shell.set_visit(replace(at.shell.visit, person=None, profile=None))

    notices.tell(told)
    at.until(lambda: notices.sounds.played == ["urgent"], "the sound")

    words = " ".join(each.text() for each in _labels(at))
    assert "Unlock to see it" in words
    assert "186" not in words
    assert said(at) == []


def test_one_low_value_calls_once_although_two_rules_speak(
    at: Desk, notices: Notices, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[str] = []
    monkeypatch.setattr(notices.desktop, "send", lambda notice: sent.append(notice.rule))
    at.now += 12 * 60 * _MINUTE  # no quiet hours
    told = reading_acts.type_in(
        at.archive, glucose("2.7", at.now, person_id=PERSON.id), at.now
    ).notices
    assert {notice.rule for notice in told} == {"G-LO2", "G-LOREC"}

    notices.tell(told)
    at.until_page("AlertPage")

    assert sent == ["G-LO2"]
    assert notices.sounds.played == ["urgent"]


def test_somebody_elses_notice_is_told_by_name_alone(at: Desk, notices: Notices) -> None:
    other = people_acts.add(at.archive, name="李示范", called="李爷爷", now=NOW)
    reading = bp(205, 121, at.now, person_id=other.id)
    told = reading_acts.type_in(at.archive, reading, at.now).notices

    notices.tell(told)
    at.until(lambda: notices.sounds.played == ["urgent"], "the sound")

    assert at.page() == "Home"
    assert any("李爷爷" in each.text() for each in _labels(at))
    assert not any("205" in each.text() for each in _labels(at))


def test_an_emergency_goes_on_until_it_is_dismissed(at: Desk, notices: Notices) -> None:
    told = typed(at, 186, 112, symptoms=frozenset({Symptom.SPEECH_TROUBLE}))
    assert [notice.level for notice in told] == [Level.L4]
    notices.tell(told)
    at.until_page("AlertPage")

    notices.sound_again()
    assert notices.sounds.played == ["emergency", "emergency"]
    assert notices.repeats.isActive()
    (alert,) = [each for each in _open(at) if each.level is Level.L4]
    at.shell.background.run(lambda: alert_acts.acknowledge(at.archive, alert.id, "王示例", at.now))

    at.until(lambda: not notices.repeats.isActive(), "the end of the sound")


def test_sounds_that_are_switched_off_leave_the_emergency(at: Desk, notices: Notices) -> None:
    at.shell.set_visit(replace(at.shell.visit, config=replace(at.shell.visit.config, sound=False)))

    notices.tell(crisis(at))
    at.until_page("AlertPage")
    assert notices.sounds.played == []

    notices.sound_again()
    assert notices.sounds.played == ["emergency"]


def test_a_round_tells_what_came_due(at: Desk, notices: Notices) -> None:
    typed(at, 186, 112)
    at.now += 6 * _MINUTE

    notices.make_round()

    at.until_page("AlertPage")


def test_the_first_notices_are_told_and_rounds_begin(at: Desk, notices: Notices) -> None:
    notices.start(crisis(at))

    at.until_page("AlertPage")
    assert notices.rounds.isActive()


def test_an_emergency_goes_on_after_a_restart(at: Desk, notices: Notices) -> None:
    typed(at, 186, 112, symptoms=frozenset({Symptom.SPEECH_TROUBLE}))

    notices.start()

    at.until_page("AlertPage")
    assert notices.sounds.played == ["emergency"]
    assert notices.repeats.isActive()


def test_what_opening_tells_is_not_told_twice(at: Desk, notices: Notices) -> None:
    notices.start(crisis(at))
    at.until_page("AlertPage")
    at.shell.background.run(lambda: None, lambda _done: notices.sounds.played.append("end"))

    at.until(lambda: "end" in notices.sounds.played)
    assert notices.sounds.played == ["urgent", "end"]


@pytest.mark.parametrize("act", ["seen", "snoozed"])
def test_what_was_seen_or_put_off_stays_quiet_at_the_next_start(
    at: Desk, notices: Notices, act: str
) -> None:
    crisis(at)
    for alert in _open(at):
        if act == "seen":
            alert_acts.acknowledge(at.archive, alert.id, "王示例", at.now)
        else:
            alert_acts.snooze(at.archive, alert.id, 15, at.now)

    notices.start()
    at.shell.background.run(lambda: None, lambda _done: notices.sounds.played.append("end"))

    at.until(lambda: "end" in notices.sounds.played)
    assert notices.sounds.played == ["end"]


def test_without_an_archive_nothing_is_looked_at(at: Desk, notices: Notices) -> None:
    told = crisis(at)
    at.shell.set_visit(replace(at.shell.visit, archive=None))

    notices.make_round()
    notices.tell(told)

    assert notices.sounds.played == []


def _open(at: Desk) -> list[Alert]:
    with at.archive.read() as tx:
        return [a for person in people.everyone(tx) for a in alerts.open(tx, person.id)]


def _labels(at: Desk) -> list[QLabel]:
    return [each for each in at.shell.findChildren(QLabel) if each.isVisible()]


def test_without_a_voice_the_alert_stands_alone(
    at: Desk, notices: Notices, monkeypatch: pytest.MonkeyPatch
) -> None:
    def mute(_sentences: object) -> None:
        raise NoVoice

    monkeypatch.setattr(at.shell.voice, "say", mute)

    notices.tell(crisis(at))
    at.until_page("AlertPage")

    assert not any(each.objectName().startswith("notice.error") for each in _labels(at))


def test_while_people_choose_who_they_are_a_notice_is_told_by_name(
    at: Desk, notices: Notices
) -> None:
    told = crisis(at)
    at.shell.set_visit(replace(at.shell.visit, person=None, profile=None))
    at.shell.start("people.choose")

    notices.tell(told)
    at.until(lambda: notices.sounds.played == ["urgent"], "the sound")

    words = " ".join(each.text() for each in _labels(at))
    assert f"There is a notice for {PERSON.greeting_name}" in words
    assert "186" not in words
