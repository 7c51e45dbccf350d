"""A person with a screen reader: finds, reads and presses what the accessibility bus offers."""

import json
import select
import subprocess
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import NamedTuple

from tests.neighbours.desk import SYSTEM_PYTHON, Desk

OUTSIDE = Path(__file__).with_name("outside.py")
PATIENCE = 90
"""Seconds for one answer; the program outside gives up by itself before that."""

ROLES = {"push button", "radio button", "check box", "toggle button", "text", "password text"}


class Control(NamedTuple):
    """One control as it is seen from outside."""

    role: str
    name: str
    id: str
    actions: list[str]
    focusable: bool
    enabled: bool

    @property
    def fault(self) -> str:
        """Return what a screen reader would miss in it, or an empty text."""
        if not self.name.strip():
            return f"{self.id} has no name"
        if self.role not in ROLES:
            return f"{self.id} is a {self.role}"
        if self.enabled and not self.actions:
            return f"{self.id} has no action"
        return "" if self.focusable or not self.enabled else f"{self.id} cannot have the focus"


class Reader:
    """Speaks with `outside.py`, which runs on the system's Python."""

    def __init__(self, desk: Desk) -> None:
        self._child = desk.start(
            SYSTEM_PYTHON, str(OUTSIDE), stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )

    def _ask(self, verb: str, what: object) -> object:
        assert self._child.stdin is not None
        assert self._child.stdout is not None
        self._child.stdin.write(json.dumps({verb: what}) + "\n")
        self._child.stdin.flush()
        ready, _, _ = select.select([self._child.stdout], [], [], PATIENCE)
        assert ready, f"no answer from outside to {verb} {what}"
        return json.loads(self._child.stdout.readline())

    def _need(self, verb: str, what: object) -> object:
        found = self._ask(verb, what)
        assert found is not None, f"cannot {verb} {what}; on the screen: {self.words()}"
        return found

    def find(self, name: str) -> str:
        """Wait until something is on the screen, by name or id; return its name."""
        found = self._need("find", name)
        assert isinstance(found, list)
        return str(found[1])

    def gone(self, name: str) -> None:
        """Wait until something is no longer on the screen."""
        self._need("gone", name)

    def press(self, *names: str) -> None:
        """Press controls one after the other, each as soon as it can be pressed."""
        for name in names:
            self._need("press", name)

    def type(self, name: str, text: str) -> None:
        """Fill a field."""
        self._need("type", [name, text])

    def text(self, name: str) -> str:
        """Return what a field holds."""
        return str(self._need("text", name))

    def type_on_pad(self, **numbers: str) -> None:
        """Type on the page's pad as a finger does, digit by digit and box by box."""
        for place, (box, value) in enumerate(numbers.items()):
            if place:
                self.press("keypad.next")
            for length, digit in enumerate(value, 1):
                self.press(f"keypad.pad.{'point' if digit == '.' else digit}")
                # Qt takes a second press within a tenth of a second for the same one.
                wanted = value[:length]
                assert until(partial(self._holds, f"keypad.{box}", wanted)), (
                    f"{box} is not {wanted}"
                )

    def _holds(self, field: str, text: str) -> bool:
        return self.text(field) == text

    def focus(self, name: str) -> None:
        """Move the focus to a control and see that it is there."""
        assert self._ask("focus", name), f"{name} does not take the focus"

    def controls(self) -> list[Control]:
        """Return every control on the screen."""
        found = self._need("controls", True)
        assert isinstance(found, list)
        return [Control(*each) for each in found]

    def words(self) -> list[str]:
        """Return everything that can be read on the screen."""
        found = self._ask("words", True)
        return found if isinstance(found, list) else []

    def in_front(self) -> bool:
        """Tell whether the window is the active one."""
        found = self._need("window", True)
        assert isinstance(found, list)
        return bool(found[1])


def until(true: Callable[[], bool], seconds: float = 30) -> bool:
    """Wait until something holds; tell whether it did."""
    deadline = time.monotonic() + seconds
    while not (held := true()) and time.monotonic() < deadline:
        time.sleep(0.2)
    return held
