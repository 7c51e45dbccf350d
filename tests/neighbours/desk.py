"""A desk of its own: a screen, a window manager and two buses that end with the test.

Nothing here touches the display, the bus or the home of whoever runs the tests.
"""

import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO

SYSTEM_PYTHON = "/usr/bin/python3"
LAUNCHERS = (
    "/usr/libexec/at-spi-bus-launcher",
    "/usr/lib/at-spi2-core/at-spi-bus-launcher",
)
SCREEN = "1366x768x24"
GRACE = 10
ROOT = Path(__file__).resolve().parents[2]


def missing(*, reader: bool = True) -> str:
    """Return why a desk cannot be set up here, or an empty text; `reader` asks for pyatspi too."""
    for program in ("Xvfb", "openbox", "dbus-daemon"):
        if shutil.which(program) is None:
            return f"{program} is not installed"
    if not reader:
        return ""
    if _launcher() is None:
        return "at-spi-bus-launcher is not installed"
    asked = subprocess.run(
        [SYSTEM_PYTHON, "-c", "import pyatspi"], capture_output=True, timeout=60, check=False
    )
    return "" if asked.returncode == 0 else "the system's Python has no pyatspi"


def _launcher() -> str | None:
    return next((each for each in LAUNCHERS if Path(each).exists()), None)


class Desk:
    """An open desk: its environment, and the processes at it."""

    def __init__(self, home: Path, env: dict[str, str], stack: ExitStack) -> None:
        self.home = home
        self.env = env
        self._stack = stack

    @property
    def data(self) -> Path:
        """Return CAREHUB_HOME of this desk."""
        return Path(self.env["CAREHUB_HOME"])

    def start(self, *words: str, **more: IO[bytes] | int) -> "subprocess.Popen[str]":
        """Start a program at this desk; it is ended with the desk."""
        return self._stack.enter_context(running([*words], self.env, **more))

    def carehub(self, *words: str, given: str = "") -> "subprocess.CompletedProcess[str]":
        """Run one command to its end, `given` on its standard input."""
        return subprocess.run(
            [sys.executable, "-m", "carehub", *words],
            cwd=ROOT,
            env=self.env,
            input=given,
            capture_output=True,
            text=True,
            timeout=90,
            check=False,
        )


@contextmanager
def running(
    words: list[str], env: dict[str, str], **more: IO[bytes] | int
) -> "Iterator[subprocess.Popen[str]]":
    """Run a program until the block ends, then ask it to end, and only then end it."""
    streams = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, **more}
    streams.setdefault("stderr", subprocess.DEVNULL)
    child = subprocess.Popen(words, cwd=ROOT, env=env, text=True, **streams)  # type: ignore[call-overload]  # streams by name
    try:
        yield child
    finally:
        end(child)


def end(child: "subprocess.Popen[str]") -> None:
    """End a process of ours and close its pipes."""
    if child.poll() is None:
        child.terminate()
        try:
            child.wait(GRACE)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait(GRACE)
    for stream in (child.stdin, child.stdout, child.stderr):
        if stream is not None:
            with contextlib.suppress(BrokenPipeError):
                stream.close()


@contextmanager
def desk(*, accessible: bool = True) -> Iterator[Desk]:
    """Set up a desk; `accessible` with the bus that screen readers use."""
    with ExitStack() as stack:
        home = Path(stack.enter_context(_place()))
        env = _environment(home)
        env["DISPLAY"] = _screen(stack, env)
        env["DBUS_SESSION_BUS_ADDRESS"] = _bus(stack, env, home)
        stack.enter_context(running(["openbox"], env))
        launcher = _launcher()
        if accessible and launcher is not None:
            stack.enter_context(running([launcher, "--launch-immediately"], env))
        yield Desk(home, env, stack)


def _place() -> "tempfile.TemporaryDirectory[str]":
    """Return a folder whose path is short: a socket's name has room for a hundred characters."""
    return tempfile.TemporaryDirectory(prefix="desk-", ignore_cleanup_errors=True)


def _environment(home: Path) -> dict[str, str]:
    kept = {key: os.environ[key] for key in ("PATH", "VIRTUAL_ENV") if key in os.environ}
    for folder in ("run", "tmp", "data"):
        (home / folder).mkdir(mode=0o700)
    return kept | {
        "HOME": str(home),
        "XDG_RUNTIME_DIR": str(home / "run"),
        "XDG_SESSION_TYPE": "x11",
        "TMPDIR": str(home / "tmp"),
        "CAREHUB_HOME": str(home / "data"),
        "LANG": "C.UTF-8",
        "PYTHONPATH": str(ROOT),
        "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring",
        "QT_QPA_PLATFORM": "xcb",
        "QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1",
        "NO_AT_BRIDGE": "0",
    }


def _screen(stack: ExitStack, env: dict[str, str]) -> str:
    """Start a screen on a number that is free, which the server finds itself."""
    server = stack.enter_context(
        running(
            ["Xvfb", "-displayfd", "1", "-screen", "0", SCREEN, "-nolisten", "tcp", "-noreset"],
            env,
            stdout=subprocess.PIPE,
        )
    )
    assert server.stdout is not None
    return f":{server.stdout.readline().strip()}"


# A bus of its own that starts nothing by itself: every service on it is one that a test started.
_BUS = """
<busconfig>
  <type>session</type>
  <listen>unix:path={home}/run/bus</listen>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"""


def _bus(stack: ExitStack, env: dict[str, str], home: Path) -> str:
    config = home / "bus.conf"
    config.write_text(_BUS.format(home=home), encoding="utf-8")
    words = ["dbus-daemon", f"--config-file={config}", "--nofork", "--nopidfile"]
    daemon = stack.enter_context(
        running([*words, "--print-address=1"], env, stdout=subprocess.PIPE)
    )
    assert daemon.stdout is not None
    return daemon.stdout.readline().strip()
