"""Whether a window can be opened here, asked before Qt loads: it ends the process where not."""

import ctypes
import os
import socket
import sys
from pathlib import Path

from carehub.errors import NoDisplay

_WITHOUT_SCREEN = frozenset({"offscreen", "minimal", "vnc", "linuxfb", "eglfs"})


def need() -> None:
    """Raise NoDisplay where no window can be opened."""
    if not found():
        raise NoDisplay


def found() -> str:
    """Return what a window would open on, or an empty text."""
    chosen = os.environ.get("QT_QPA_PLATFORM", "").partition(":")[0]
    if chosen in _WITHOUT_SCREEN:
        return chosen
    if sys.platform in ("win32", "darwin"):
        return sys.platform
    if chosen != "xcb" and _wayland_answers():
        return "wayland"
    return "x11" if _x_answers() else ""


def _wayland_answers() -> bool:
    name = os.environ.get("WAYLAND_DISPLAY", "")
    if not name:
        return False
    path = Path(os.environ.get("XDG_RUNTIME_DIR", ""), name)
    with socket.socket(socket.AF_UNIX) as asking:
        asking.settimeout(2)
        try:
            asking.connect(str(path))
        except OSError:
            return False
    return True


def _x_answers() -> bool:
    """Connect as Qt will, with the same library, so that a stale DISPLAY or a refusal is noticed."""
    if not os.environ.get("DISPLAY"):
        return False
    try:
        xcb = ctypes.CDLL("libxcb.so.1")
    except OSError:
        return False
    xcb.xcb_connect.restype = ctypes.c_void_p
    connection = ctypes.c_void_p(xcb.xcb_connect(None, None))
    refused = bool(xcb.xcb_connection_has_error(connection))
    xcb.xcb_disconnect(connection)
    return not refused
