"""Guards for upgrades of PySide: faults that versions of it have had and that would bite us."""

import sys

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QCheckBox

from tests.helpers import pages


class _Sender(QObject):
    sent = Signal(object)
    plain = Signal(bool)


def _drift(act: object) -> int:
    assert callable(act)
    before = [sys.getrefcount(thing) for thing in (True, False, None)]
    for _ in range(2000):
        act()
    after = [sys.getrefcount(thing) for thing in (True, False, None)]
    return min(b - a for a, b in zip(before, after, strict=True))


def test_signals_and_void_calls_lose_no_reference_to_true_and_none() -> None:
    # PySide6 6.12.0 lost one at each emit and aborted after some hundreds (3.11 has no immortals).
    pages.app()
    sender, box = _Sender(), QCheckBox()
    sender.sent.connect(lambda _thing: None)
    sender.plain.connect(lambda _thing: None)
    for act in (
        lambda: sender.sent.emit(None),
        lambda: sender.plain.emit(True),
        lambda: box.setChecked(True),
        box.update,
    ):
        assert _drift(act) > -1000
