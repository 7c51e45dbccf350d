"""Runs the program as its door does, and tells on request which controls its window really has.

    python -m tests.neighbours.inside demo

Each line on standard input asks once; the answer is one line of JSON: [id, name] of every button
and field that a person sees now. The program itself is not changed.
"""

import json
import sys
import threading

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QApplication, QMainWindow, QWidget

from carehub.__main__ import main
from tests.helpers.pages import controls


class Witness(QObject):
    """Answers on the main thread what is asked on standard input."""

    asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.asked.connect(self._answer, Qt.ConnectionType.QueuedConnection)
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        for _line in sys.stdin:
            self.asked.emit()

    def _answer(self) -> None:
        windows = [w for w in QApplication.topLevelWidgets() if isinstance(w, QMainWindow)]
        seen = [[each.objectName(), _name(each)] for each in controls(windows[0])]
        print(json.dumps(seen, ensure_ascii=False), flush=True)


def _name(widget: QWidget) -> str:
    return QAccessible.queryAccessibleInterface(widget).text(QAccessible.Text.Name)


if __name__ == "__main__":
    witness = Witness()
    sys.exit(main())
