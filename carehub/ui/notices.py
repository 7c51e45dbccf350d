"""Notices: on the screen, aloud, with a sound, and through the desktop's own notification service.

The window is the one place that is guaranteed; the rest is added where this machine has it. What
goes to the desktop's service or over a lock screen names no value.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING
from uuid import UUID

from PySide6.QtCore import QObject, QTimer, QUrl
from PySide6.QtWidgets import QApplication

from carehub import log, paths
from carehub.care.alerts.model import Alert, Level, State
from carehub.care.changes import Changes
from carehub.care.people import Person
from carehub.errors import NoVoice
from carehub.i18n import _
from carehub.ui import background, navigation
from carehub.ui.widgets import Status

if TYPE_CHECKING:
    from desktop_notifier import DesktopNotifier

    from carehub.archive.store import Archive
    from carehub.care.alerts import Notice
    from carehub.ui.shell import Shell
    from carehub.workflows.rounds import Round

ROUND_SECONDS = 60
AGAIN_SECONDS = 20
"""How often an emergency sounds again until a person has dismissed it."""


@dataclass(frozen=True, slots=True)
class _Told:
    """A notice with the alerts behind it, as the archive has them now."""

    notice: "Notice"
    alerts: tuple[Alert, ...]
    person: Person | None = None

    @property
    def urgent(self) -> bool:
        """Tell whether it takes the screen: L3, L4, or a dangerous value that waits for a recheck."""
        waiting = any(alert.state is State.PENDING for alert in self.alerts)
        return self.notice.level >= Level.L3 or waiting


class Notices(QObject):
    """Makes the ward rounds and tells what they and every act have to tell."""

    def __init__(self, shell: "Shell") -> None:
        super().__init__(shell)
        self.shell = shell
        self.sounds = Sounds()
        self.desktop = DesktopService(shell.background)
        self._emergency: str = ""
        self.rounds = QTimer(self, interval=ROUND_SECONDS * 1000)
        self.rounds.timeout.connect(self.make_round)
        self.repeats = QTimer(self, interval=AGAIN_SECONDS * 1000)
        self.repeats.timeout.connect(self.sound_again)
        shell.background.told.connect(self.tell)
        shell.background.changed.connect(self._on_changed)

    def start(self, first: "Sequence[Notice]" = ()) -> None:
        """Begin the rounds, after an archive was opened; tell what opening found and what goes on."""
        self.rounds.start()
        self.tell(first)
        archive = self.shell.visit.archive
        if archive is not None:
            told = frozenset(alert for notice in first for alert in notice.alerts)
            self.shell.background.run(partial(_going_on, archive, told), self._tell_all)

    def stop(self) -> None:
        """End the rounds and the sounds."""
        self.rounds.stop()
        self.repeats.stop()

    def make_round(self) -> None:
        """Look at everyone; what it tells comes back by the background's `told`."""
        archive = self.shell.visit.archive
        if archive is not None:
            self.shell.background.run(partial(_make_round, archive))

    def tell(self, notices: "Sequence[Notice]") -> None:
        """Tell each notice as its level asks; the alerts behind them are read again first."""
        archive = self.shell.visit.archive
        if notices and archive is not None:
            work = partial(_with_alerts, archive, tuple(notices))
            self.shell.background.run(work, self._tell_all)

    def _tell_all(self, told: tuple[_Told, ...]) -> None:
        """Show each, the gravest last; that one alone sounds and goes to the desktop."""
        ordered = sorted(told, key=lambda one: (one.urgent, one.notice.level))
        if ordered:
            self._call(ordered[-1])
        for each in ordered:
            if each.urgent:
                self._tell_urgent(each)
            elif each.notice.level is Level.L2:
                self._tell_quietly(each)
            else:
                self._show_quietly(each)

    def _call(self, told: _Told) -> None:
        """Sound, and tell the desktop; a quiet reminder does neither."""
        notice = told.notice
        if not told.urgent and notice.level < Level.L2:
            return
        loud = "notice" if notice.soft or not told.urgent else "urgent"
        self._sound("emergency" if notice.level is Level.L4 else loud)
        self.desktop.send(notice)

    def _tell_urgent(self, told: _Told) -> None:
        notice = told.notice
        self._raise_window()
        here = self.shell.visit.person
        if here is not None and here.id == notice.person_id:
            self._show(told)
            self._speak(notice)
        elif here is not None or self._choosing():
            self._tell_of_another(told)
        else:
            # Locked: say that there is something, never what; the lock page shows it too.
            self._banner(notice, _("There is an urgent notice. Unlock to see it."), Status.DANGER)
        if notice.continuous:
            self._emergency = _(notice.text)
            self.repeats.start()

    def _show(self, told: _Told) -> None:
        here = self.shell.page
        if isinstance(here, navigation.page_class("alert")):
            here.refresh()
            return
        ids = [alert.id for alert in told.alerts if alert.open] or list(told.notice.alerts)
        self.shell.open("alert", alert_id=ids[0] if ids else None)

    def _tell_quietly(self, told: _Told) -> None:
        here = self.shell.visit.person
        if here is not None and here.id != told.notice.person_id:
            self._tell_of_another(told)
        else:
            self._show_quietly(told, Status.WARN)

    def _show_quietly(self, told: _Told, status: Status = Status.INFO) -> None:
        """Put a card above the page of the person it is about; it makes no sound of its own."""
        here = self.shell.visit.person
        if here is not None and here.id == told.notice.person_id:
            self._banner(told.notice, _(told.notice.text), status)

    def _tell_of_another(self, told: _Told) -> None:
        """Say that somebody else who lives here has a notice; pressing it goes to that person."""
        if told.person is None:
            return
        text = _("There is a notice for {name}.").format(name=told.person.greeting_name)
        status = Status.DANGER if told.urgent else Status.WARN
        self._banner(told.notice, text, status)

    def _banner(self, notice: "Notice", text: str, status: Status) -> None:
        key = f"alert.{notice.person_id}.{notice.rule}"
        act = ("notice.look", _("Have a look"), partial(self._look, key, notice))
        self.shell.show_notice(key, text, status, acts=(act,))

    def _look(self, key: str, notice: "Notice") -> None:
        self.shell.drop_notice(key)
        here = self.shell.visit.person
        if here is not None and here.id == notice.person_id:
            self.shell.open("alert", alert_id=notice.alerts[0] if notice.alerts else None)
        elif here is not None or self._choosing():
            self.shell.session.choose(notice.person_id, then="alert")

    def _choosing(self) -> bool:
        """Tell whether the archive is unlocked and people are asked who they are."""
        return isinstance(self.shell.page, navigation.page_class("people.choose"))

    def _speak(self, notice: "Notice") -> None:
        if self.shell.visit.config.voice:
            self._say([_(notice.text), *(_(step) for step in notice.advice)])

    def _say(self, sentences: list[str]) -> None:
        """Read aloud where there is a voice; the words stand on the screen in any case."""
        try:
            self.shell.voice.say(sentences)
        except NoVoice:
            log.ui.info("a notice was not read aloud: no voice")

    def _sound(self, name: str) -> None:
        self.sounds.play(name, wanted=self.shell.visit.config.sound)

    def _raise_window(self) -> None:
        if self.shell.isMinimized():
            self.shell.showNormal()
        self.shell.raise_()
        self.shell.activateWindow()
        QApplication.alert(self.shell)

    # An emergency goes on until a person dismisses it

    def sound_again(self) -> None:
        """Sound and say the emergency once more."""
        self._sound("emergency")
        if self.shell.visit.config.voice and self.shell.visit.person is not None:
            self._say([self._emergency])

    def _on_changed(self, changes: Changes) -> None:
        archive = self.shell.visit.archive
        if Changes.ALERTS in changes and self.repeats.isActive() and archive is not None:
            self.shell.background.run(partial(_emergency_goes_on, archive), self._quieten)

    def _quieten(self, goes_on: bool) -> None:
        if not goes_on:
            self.repeats.stop()
            self.shell.hush()


class Sounds:
    """Plays our own sounds; without Qt's multimedia part the system's beep has to do."""

    def __init__(self) -> None:
        self.played: list[str] = []
        self._effects: dict[str, object] = {}

    def play(self, name: str, *, wanted: bool = True) -> None:
        """Play resources/sounds/<name>.wav once; an emergency sounds also where sounds are off."""
        if not wanted and name != "emergency":
            return
        self.played.append(name)
        try:
            from PySide6.QtMultimedia import QSoundEffect
        except ImportError:
            QApplication.beep()
            return
        effect = self._effects.get(name)
        if not isinstance(effect, QSoundEffect):
            effect = QSoundEffect()
            effect.setSource(QUrl.fromLocalFile(str(paths.resources() / "sounds" / f"{name}.wav")))
            self._effects[name] = effect
        effect.play()


class DesktopService:
    """The desktop's notification service, where one answers; what it shows names no value."""

    def __init__(self, thread: background.Background) -> None:
        self._thread = thread
        self._notifier: DesktopNotifier | None = None

    def send(self, notice: "Notice") -> None:
        """Send a notice in the background; a desktop without the service is no error."""
        urgent = notice.level >= Level.L3
        text = (
            _("There is an urgent notice. Open CareHub.")
            if urgent
            else _("There is something to look at in CareHub.")
        )
        self._thread.run(partial(self._send, text, urgent), failed=self._unheard)

    async def _send(self, text: str, urgent: bool) -> None:
        from desktop_notifier import DesktopNotifier, Urgency

        if self._notifier is None:
            # It logs a missing service with a traceback, which Python would print on the terminal.
            library = logging.getLogger("desktop_notifier")
            library.addHandler(logging.NullHandler())
            library.propagate = False
            self._notifier = DesktopNotifier(app_name="CareHub", app_icon=None)
        urgency = Urgency.Critical if urgent else Urgency.Normal
        await self._notifier.send(title="CareHub", message=text, urgency=urgency)

    def _unheard(self, error: BaseException) -> None:
        log.ui.info("the desktop has no notification service (%s)", type(error).__name__)


def _make_round(archive: "Archive") -> "Round":
    from carehub.workflows import rounds

    return rounds.make(archive, background.now())


def _with_alerts(archive: "Archive", notices: "tuple[Notice, ...]") -> tuple[_Told, ...]:
    from carehub.archive import alerts, people

    with archive.read() as tx:
        return tuple(
            _Told(
                notice,
                tuple(filter(None, (alerts.get(tx, each) for each in notice.alerts))),
                people.get(tx, notice.person_id),
            )
            for notice in notices
        )


def _going_on(archive: "Archive", told: frozenset[UUID]) -> tuple[_Told, ...]:
    """Return the urgent alerts that nobody has seen: a restart or the lock ends none of them."""
    from carehub.archive import alerts, people
    from carehub.ui.screens.alert.model import unseen

    now = background.now()
    with archive.read() as tx:
        found = [
            (person, alert)
            for person in people.everyone(tx)
            for alert in alerts.open(tx, person.id)
            if alert.id not in told and unseen(alert, now)
        ]
    return tuple(_Told(_again(alert, now), (alert,), person) for person, alert in found)


def _again(alert: Alert, now: int) -> "Notice":
    from carehub.care.alerts.notice import Notice, Reason

    return Notice(
        alert.person_id,
        now,
        alert.level,
        Reason.AGAIN,
        (alert.id,),
        alert.rule,
        alert.text,
        alert.advice,
        continuous=alert.level is Level.L4,
    )


def _emergency_goes_on(archive: "Archive") -> bool:
    from carehub.archive import alerts, people

    with archive.read() as tx:
        return any(
            alert.level is Level.L4 and alert.state is State.ACTIVE
            for person in people.everyone(tx)
            for alert in alerts.open(tx, person.id)
        )
