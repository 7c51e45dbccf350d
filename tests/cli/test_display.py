"""Whether a window can be opened, and what `carehub` and `carehub demo` say where none can."""

import socket
import sys
import types

import pytest

from carehub import paths, ui
from carehub.cli import desktop, display
from carehub.errors import NoDisplay


@pytest.fixture
def bare(monkeypatch, tmp_path):
    """A session that knows of no screen."""
    for name in ("QT_QPA_PLATFORM", "DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))


def test_a_chosen_platform_needs_no_screen(bare, monkeypatch):
    monkeypatch.setenv("QT_QPA_PLATFORM", "vnc:size=800x600")
    assert display.found() == "vnc"


def test_other_systems_always_have_one(bare, monkeypatch):
    monkeypatch.setattr(sys, "platform", "darwin")
    assert display.found() == "darwin"


def test_without_a_screen_there_is_none(bare):
    assert display.found() == ""
    with pytest.raises(NoDisplay):
        display.need()


def test_a_stale_address_is_no_screen(bare, monkeypatch):
    monkeypatch.setenv("DISPLAY", ":4711")
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-9")
    assert display.found() == ""


def test_a_wayland_that_answers_is_one(bare, monkeypatch, tmp_path):
    with socket.socket(socket.AF_UNIX) as compositor:
        compositor.bind(str(tmp_path / "wayland-0"))
        compositor.listen()
        monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-0")
        assert display.found() == "wayland"
        monkeypatch.setenv("QT_QPA_PLATFORM", "xcb")
        assert display.found() == ""


def test_without_the_x_library_there_is_no_screen(bare, monkeypatch):
    def missing(name):
        raise OSError(name)

    monkeypatch.setenv("DISPLAY", ":0")
    monkeypatch.setattr(display.ctypes, "CDLL", missing)
    assert display.found() == ""


@pytest.mark.parametrize("words", [[], ["demo"]])
def test_without_a_screen_one_sentence_offers_the_headless_walk(carehub, bare, words):
    answer = carehub(*words)
    assert answer.code == NoDisplay.exit_code == 5
    assert answer.err == NoDisplay().sentence() + "\n"
    assert "carehub demo --headless" in answer.err
    assert not paths.home().exists()


@pytest.fixture
def window(monkeypatch):
    """Stand in for the desktop, and remember what it was opened with."""
    opened = []

    def main(config, *, demo=False, pair=None):
        opened.append((config, demo, pair is not None))
        return 0

    module = types.ModuleType("carehub.ui.desktop")
    module.main = main
    monkeypatch.setitem(sys.modules, "carehub.ui.desktop", module)
    monkeypatch.setattr(ui, "desktop", module, raising=False)
    # Pytest's own watch over crashes goes on.
    monkeypatch.setattr(desktop.faulthandler, "enable", lambda file: None)
    monkeypatch.setattr(desktop.faulthandler, "disable", lambda: None)
    return opened


def test_the_window_opens_with_this_machines_settings(carehub, window, home):
    home.mkdir()
    (home / "settings.toml").write_text('mode = "standard"\nlanguage = "zh_CN"')
    assert carehub().code == 0
    assert carehub("demo").code == 0
    (config, *plain), (_, *again) = window
    assert (config.mode, config.language) == ("standard", "en")
    assert (plain, again) == ([False, False], [True, True])
    assert (paths.state() / "crash.log").exists()


def test_broken_settings_are_told_before_the_window(carehub, window, home):
    home.mkdir()
    (home / "settings.toml").write_text("nonsense = 1")
    answer = carehub()
    assert answer.code == 2
    assert "is not understood: nonsense" in answer.err
    assert window == []


@pytest.mark.parametrize(("name", "code"), [("PySide6", 5), ("carehub.ui.missing", 70)])
def test_a_missing_qt_is_told_and_a_missing_part_of_ours_is_a_bug(carehub, monkeypatch, name, code):
    class Missing:
        def find_spec(self, wanted, path=None, target=None):
            if wanted == "carehub.ui.desktop":
                raise ImportError("libEGL.so.1: cannot open shared object file", name=name)

    monkeypatch.delitem(sys.modules, "carehub.ui.desktop", raising=False)
    monkeypatch.delattr(ui, "desktop", raising=False)
    monkeypatch.setattr(sys, "meta_path", [Missing(), *sys.meta_path])
    answer = carehub()
    assert answer.code == code
    assert ("libEGL.so.1" in answer.err) == (code == 5)
