"""The ground the tests stand on: what a test must not do makes it fail, and nothing else does."""

import os
import re
import subprocess
import sys

import pytest

from tests.helpers import canaries
from tests.helpers.scripts import ROOT

pytestmark = pytest.mark.unmeasured

BAD = f"""
import asyncio, logging, socket, threading, time, warnings
from PySide6.QtCore import QCoreApplication, QTimer

kept = []

def test_bad_thread():
    threading.Thread(target=time.sleep, args=(4,), daemon=True).start()

async def test_bad_task():
    kept.append(asyncio.ensure_future(asyncio.sleep(60)))
    await asyncio.sleep(0)

def test_bad_timer():
    kept.append(QCoreApplication.instance() or QCoreApplication([]))
    kept.append(QTimer())
    kept[-1].start(1000)

def test_bad_name_in_a_log():
    logging.getLogger("carehub.x").debug("saw %s", {canaries.NAME!r})

def test_bad_value_in_a_log():
    logging.getLogger("carehub.x").info("%d", {canaries.SYSTOLIC})

def test_bad_network():
    socket.create_connection(("192.0.2.1", 80), timeout=1)

def test_bad_warning():
    warnings.warn("old")
"""
GOOD = """
import os

def test_good_home(home):
    assert os.environ["CAREHUB_HOME"] == str(home) and not home.exists()

def test_good_display():
    assert os.environ["QT_QPA_PLATFORM"] == "offscreen"

def test_good_thread_that_ends():
    threading.Thread(target=lambda: None).start()

def test_good_log():
    logging.getLogger("carehub.x").debug("a reading was kept")

async def test_good_task_that_ends():
    await asyncio.ensure_future(asyncio.sleep(0))

def test_good_loopback():
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(server.getsockname()).close()
"""
COMPLAINTS = {
    "thread": "still runs",
    "task": "task was left running",
    "timer": "timer still runs",
    "name_in_a_log": "a log line carries what it must not",
    "value_in_a_log": "a log line carries what it must not",
    "network": "A test tried to use socket",
    "warning": "UserWarning: old",
}


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    """Run both kinds on the same ground as here; return what pytest says."""
    folder = tmp_path_factory.mktemp("ground")
    (folder / "test_it.py").write_text(BAD + GOOD, encoding="utf-8")
    line = [sys.executable, "-m", "pytest", "-q", "-c", str(ROOT / "pyproject.toml")]
    line += ["-p", "tests.conftest", "-p", "no:cacheprovider", "--rootdir", str(folder)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [*line, str(folder)], env=environment, capture_output=True, text=True, check=False
    )
    return done.stdout


@pytest.mark.parametrize("name", COMPLAINTS)
def test_what_a_test_must_not_do_fails_it(told, name):
    (summary,) = re.findall(rf"^(?:FAILED|ERROR) \S+::test_bad_{name}\b.*$", told, re.MULTILINE)
    assert summary
    assert COMPLAINTS[name] in told


def test_what_it_may_do_passes(told):
    assert "test_good" not in told, told
    assert re.search(r"2 failed, 11 passed, 5 errors", told), told
