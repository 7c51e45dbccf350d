"""The ground each test stands on: no display, no network, a home of its own, nothing left behind."""

import logging
import os
import runpy
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

# Before anything imports Qt. Tests that need a real screen start their own process.
os.environ["QT_QPA_PLATFORM"] = "offscreen"
os.environ.setdefault("QT_LOGGING_RULES", "qt.qpa.fonts.warning=false")
# Never the keyring or the desktop's bus of whoever runs the tests.
os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.fail.Keyring"
os.environ["DBUS_SESSION_BUS_ADDRESS"] = "unix:path=/nonexistent/carehub-tests"
os.environ["MPLBACKEND"] = "agg"

import pytest
from hypothesis import HealthCheck, settings

from carehub import i18n
from tests.helpers import canaries, leaks

ROOT = Path(__file__).resolve().parent.parent

settings.register_profile("dev", max_examples=50, deadline=None)
settings.register_profile(
    "ci",
    max_examples=60,
    deadline=None,
    derandomize=True,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
# Under coverage a property is walked through, not tried: it is tried in a run of its own.
settings.register_profile("measured", settings.get_profile("ci"), max_examples=5)
settings.load_profile("ci" if os.environ.get("CI") else "dev")


def pytest_configure(config: pytest.Config) -> None:
    """Compile stale catalogues once, before any worker starts."""
    if getattr(config, "cache", None) is not None:
        os.environ.setdefault("MPLCONFIGDIR", str(config.cache.mkdir("matplotlib")))
    if not hasattr(config, "workerinput"):
        runpy.run_path(str(ROOT / "packaging" / "locale_build.py"))["build"]()


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give the test a CAREHUB_HOME of its own and English texts; return that folder."""
    folder = tmp_path / "home"
    monkeypatch.setenv("CAREHUB_HOME", str(folder))
    monkeypatch.setattr(i18n, "_language", "en")
    i18n.set_language("en")
    return folder


@pytest.fixture(autouse=True)
def _silent_about_people() -> Iterator[None]:
    """Fail when a canary (tests/helpers/canaries.py) reached a log line."""
    heard: list[str] = []
    watch = _Watch(heard.append)
    ours = logging.getLogger("carehub")
    level, propagate = ours.level, ours.propagate
    ours.setLevel(logging.DEBUG)
    logging.getLogger().addHandler(watch)
    ours.addHandler(watch)
    yield
    for logger in (logging.getLogger(), ours):
        logger.removeHandler(watch)
    for handler in [*ours.handlers]:
        ours.removeHandler(handler)
        handler.close()
    ours.setLevel(level)
    ours.propagate = propagate
    if heard:
        pytest.fail("a log line carries what it must not: " + " | ".join(heard), pytrace=False)


class _Watch(logging.Handler):
    """Passes on each line of ours, and each warning of a library, that holds a canary."""

    def __init__(self, tell: Callable[[str], None]) -> None:
        super().__init__(logging.DEBUG)
        self._tell = tell

    def emit(self, record: logging.LogRecord) -> None:
        ours = record.name.split(".")[0] == "carehub"
        if not ours and record.levelno < logging.WARNING:
            return
        text = logging.Formatter().format(record)
        if canaries.found(text):
            self._tell(f"{record.name}: {text}")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """Watch the tasks of the whole test, fixtures and the closing of its loop included."""
    with leaks.watching_tasks() as left:
        item.stash[_TASKS] = left
        return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup(item: pytest.Item) -> Iterator[None]:
    """Remember what runs before the test's fixtures are made."""
    item.stash[_THREADS] = set(threading.enumerate())
    return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item) -> Iterator[None]:
    """Fail a test that leaves a thread, a task or a running timer behind, with where it is."""
    result = yield
    left = leaks.threads(item.stash[_THREADS])
    left += [f"task was left running: {task}" for task in item.stash[_TASKS]]
    left += _new_timers() if _uses_qt(item) else []
    if left:
        pytest.fail("\n".join(left), pytrace=False)
    return result


def _uses_qt(item: pytest.Item) -> bool:
    """Tell whether the test's module, or the folder it is in, has to do with windows."""
    module = getattr(item, "module", None)
    origins = (str(getattr(thing, "__module__", "")) for thing in vars(module or item).values())
    return "ui" in item.path.parts or any(name.startswith("PySide6") for name in origins)


def _new_timers() -> list[str]:
    """Return a line for each timer that runs now and did not run after an earlier test."""
    running = leaks.timers()
    fresh = [timer for key, timer in running.items() if key not in _KNOWN_TIMERS]
    _KNOWN_TIMERS.clear()
    _KNOWN_TIMERS.update(running)
    return [f"timer still runs: {one.objectName() or one!r} of {one.parent()!r}" for one in fresh]


_KNOWN_TIMERS: dict[int, Any] = {}
_TASKS = pytest.StashKey[list[str]]()
_THREADS = pytest.StashKey[set[threading.Thread]]()
