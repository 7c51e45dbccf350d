"""Builds pages from their samples and says what is wrong with how they look and can be used."""

import re
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import combinations

from PySide6.QtCore import QCoreApplication, QEvent, QPoint, QRect, Qt
from PySide6.QtGui import QAccessible, QRawFont
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QLabel,
    QLineEdit,
    QRadioButton,
    QScrollArea,
    QScrollBar,
    QWidget,
)

from carehub.config import Config
from carehub.ui import shots, theme
from carehub.ui.screens.page import AnyPage
from carehub.ui.screens.sample import Sample
from carehub.ui.shell import Shell
from carehub.ui.stage import least_size
from carehub.ui.widgets import Words

SIZE = (1366, 768)
LEAST_TEXT = 18
LEAST_SPACE = 8


def app() -> QApplication:
    """Return the one application of the test process."""
    existing = QApplication.instance()
    return existing if isinstance(existing, QApplication) else QApplication([])


def bury() -> None:
    """Delete what was left to be deleted later.

    Only a running event loop does that by itself; here every dead window would stay, and each new
    style sheet would be laid out for all of them.
    """
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


@contextmanager
def shell_for(config: Config, size: tuple[int, int] = SIZE) -> Iterator[Shell]:
    """Yield a shell of the sample person and take it apart completely."""
    shell = shots.make_shell(app(), config, size)
    try:
        yield shell
    finally:
        shell.close()
        shell.background.close()
        shell.deleteLater()
        app().processEvents()
        bury()


def show(shell: Shell, sample: Sample) -> AnyPage:
    """Show a sample's page and let it lay itself out."""
    page = shots.shown(app(), shell, sample)
    app().processEvents()
    return page


def controls(page: QWidget) -> list[QWidget]:
    """Return what a person can press or type into and sees now."""
    kinds = (QAbstractButton, QLineEdit)
    found = [w for kind in kinds for w in page.findChildren(kind) if w.isVisible()]
    return [w for w in found if not isinstance(w.parent(), QLineEdit)]


def texts(page: QWidget) -> list[QWidget]:
    """Return everything visible that carries words."""
    labels = [w for w in page.findChildren(QLabel) if w.isVisible() and w.text()]
    return [*labels, *controls(page)]


def faults(page: AnyPage) -> list[str]:
    """Return every fault of the page on the screen, each as one line."""
    checks = (unnamed, small, crowded, tiny_text, clipped, too_large, boxes, unheard, help_missing)
    return [fault for check in checks for fault in check(page)] + unreached(page)


def unnamed(page: AnyPage) -> Iterator[str]:
    """Say which controls assistive technology cannot name."""
    for control in controls(page):
        who = control.objectName()
        if not who or who.startswith("qt_"):
            yield f"a {type(control).__name__} has no objectName"
        face = QAccessible.queryAccessibleInterface(control)
        if not face.text(QAccessible.Text.Name).strip():
            yield f"{who} has no accessible name"
        if face.role() in (QAccessible.Role.NoRole, QAccessible.Role.Client):
            yield f"{who} has no role"


def small(page: AnyPage) -> Iterator[str]:
    """Say which controls are too small to hit."""
    least = theme.look().sizes.target
    for control in controls(page):
        if min(control.width(), control.height()) < least:
            yield f"{control.objectName()} is {control.width()}x{control.height()}, below {least}"


def _place(widget: QWidget, page: QWidget) -> QRect:
    return QRect(widget.mapTo(page, QPoint(0, 0)), widget.size())


def crowded(page: AnyPage) -> Iterator[str]:
    """Say which controls are closer than 8 px or lie on each other."""
    placed = [(control, _place(control, page)) for control in controls(page)]
    for (one, a), (other, b) in combinations(placed, 2):
        if _hidden(one) or _hidden(other):
            continue
        grown = a.adjusted(-LEAST_SPACE, -LEAST_SPACE, LEAST_SPACE, LEAST_SPACE)
        if grown.intersects(b):
            yield f"{one.objectName()} and {other.objectName()} are closer than {LEAST_SPACE} px"


def _hidden(widget: QWidget) -> bool:
    return widget.visibleRegion().isEmpty()


def tiny_text(page: AnyPage) -> Iterator[str]:
    """Say which words are below 18 px in the looks for elders."""
    if not theme.look().roomy:
        return
    for widget in texts(page):
        if widget.font().pixelSize() < LEAST_TEXT:
            yield f"{widget.objectName()} has text of {widget.font().pixelSize()} px"


def clipped(page: AnyPage) -> Iterator[str]:
    """Say which words do not fit into their place."""
    for widget in texts(page):
        who = f"{widget.objectName()} ({widget.width()}x{widget.height()})"
        if isinstance(widget, Words) and widget.wordWrap():
            if widget.heightForWidth(widget.width()) > widget.height() + 1:
                yield f"{who} needs {widget.heightForWidth(widget.width())} px of height"
            if widget.width() < min(widget.sizeHint().width(), 2 * widget.font().pixelSize()):
                yield f"{who} is too narrow to read"
        elif not isinstance(widget, QLineEdit):
            hint = widget.minimumSizeHint()
            if widget.width() < hint.width() or widget.height() < hint.height():
                yield f"{who} needs {hint.width()}x{hint.height()}"
        yield from _outside(page, widget)


def _outside(page: AnyPage, widget: QWidget) -> Iterator[str]:
    parent = widget.parentWidget()
    while parent is not None and parent is not page:
        if isinstance(parent, QScrollArea):
            return
        parent = parent.parentWidget()
    if not page.rect().contains(_place(widget, page)):
        yield f"{widget.objectName()} reaches out of the page"


def too_large(page: AnyPage) -> Iterator[str]:
    """Say whether the page is larger than the screen it is for."""
    least = least_size(page, SIZE[0])
    if least.width() > SIZE[0] or least.height() > SIZE[1]:
        yield f"the page needs {least.width()}x{least.height()}"


def boxes(page: AnyPage) -> Iterator[str]:
    """Say which characters no font of ours has."""
    for widget in texts(page):
        face = QRawFont.fromFont(widget.font())
        for char in sorted(set(_words(widget))):
            drawn = not char.isspace() and unicodedata.category(char) not in ("Cc", "Cf")
            if drawn and not face.supportsCharacter(ord(char)):
                yield f"{widget.objectName()}: no glyph for {char!r}"


def _words(widget: QWidget) -> str:
    if isinstance(widget, QLabel | QAbstractButton):
        return widget.text()
    return widget.placeholderText() + widget.text() if isinstance(widget, QLineEdit) else ""


def unheard(page: AnyPage) -> Iterator[str]:
    """Say what read-aloud says without it standing on the page."""
    seen = "\n".join(
        part
        for widget in (page, *page.findChildren(QWidget))
        if widget is page or widget.isVisibleTo(page)
        for part in (_words(widget), widget.accessibleName(), widget.accessibleDescription())
    )
    spoken = page.spoken()
    if not any(sentence.strip() for sentence in spoken):
        yield "nothing is read aloud"
    for sentence in spoken:
        for piece in re.split(r"[\s，。、：；！？,.:;!?（）()]+", sentence):
            if piece and piece not in seen:
                yield f"read aloud but not on the page: {piece}"


def help_missing(page: AnyPage) -> Iterator[str]:
    """Say whether an elder's page lacks read-aloud or help."""
    if not theme.look().roomy:
        return
    names = {control.objectName() for control in controls(page)}
    if "header.speak" not in names:
        yield "no read-aloud"
    if page.offers_help and "header.help" not in names:
        yield "no help"


def unreached(page: AnyPage) -> list[str]:
    """Say which controls the Tab key does not come to; of radio buttons one is enough."""
    window = page.window()
    window.activateWindow()
    app().processEvents()
    in_order = [w for w in controls(page) if w.isEnabled()]
    wanted, seen, grey = set(in_order), set[QWidget](), set[QWidget]()
    first = next(iter(in_order), None)
    if first is None:
        return []  # a page that only asks to wait
    first.setFocus(Qt.FocusReason.TabFocusReason)
    for _ in range(len(wanted) * 2 + 8):
        here = app().focusWidget()
        if here is not None:
            seen.add(here)
        grey |= {w for w in wanted if not w.isEnabled()}
        QTest.keyClick(here or window, Qt.Key.Key_Tab)
    groups = {b.group() for b in seen if isinstance(b, QRadioButton) and b.group() is not None}
    # Page-down is grey while the list is at its end, when Tab passes it; it may be back by now.
    left = {
        w for w in wanted - seen - grey if not (isinstance(w, QRadioButton) and w.group() in groups)
    }
    return [f"Tab does not reach {w.objectName()}" for w in left if not isinstance(w, QScrollBar)]
