"""What a session leaves around: no name, value or secret in logs, temp files, argv or environment."""

import os
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from tests.helpers import canaries
from tests.helpers.canaries import DIASTOLIC, GLUCOSE, NAME, SYSTOLIC
from tests.neighbours.conftest import PASSPHRASE
from tests.neighbours.desk import Desk, end
from tests.neighbours.reader import Reader, until

pytestmark = [pytest.mark.serial, pytest.mark.slow, pytest.mark.timeout(300)]

PRESSURE = f"{SYSTOLIC}/{DIASTOLIC}"
PROC = Path("/proc")

needs_proc = pytest.mark.skipif(not PROC.joinpath("self", "environ").exists(), reason="no /proc")


def family(pid: int) -> list[int]:
    """Return a process and all that it started."""
    found = [pid]
    for task in PROC.joinpath(str(pid), "task").iterdir():
        # A thread may end between being listed and being asked.
        with suppress(FileNotFoundError, ProcessLookupError):
            for child in task.joinpath("children").read_text(encoding="ascii").split():
                found += family(int(child))
    return found


def seen_by_others(pid: int) -> Iterator[tuple[str, bytes]]:
    """Yield what the system shows of a process and its children: words, environment, open files."""
    for each in family(pid):
        place = PROC / str(each)
        for name in ("cmdline", "environ", "comm"):
            yield f"{name} of {each}", place.joinpath(name).read_bytes()
        yield f"open files of {each}", b"\n".join(opened(place))


def opened(place: Path) -> Iterator[bytes]:
    """Yield where a process's open files are; some close while one looks."""
    for fd in place.joinpath("fd").iterdir():
        with suppress(FileNotFoundError):
            yield os.fsencode(fd.readlink())


def left_behind(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Yield every file's name and content."""
    for file in folder.rglob("*"):
        yield f"name of {file}", os.fsencode(file.name)
        if file.is_file():
            yield str(file), file.read_bytes()


def spilt(places: Iterable[tuple[str, bytes]], secrets: Iterable[str]) -> list[str]:
    """Return where a secret is found in the clear, in the encodings that text is kept in."""
    forms = {secret: [secret.encode(code) for code in CODES] for secret in secrets}
    return [
        f"{secret} in {name}"
        for name, content in places
        for secret, written in forms.items()
        if any(form in content for form in written)
    ]


CODES = ("utf-8", "utf-16-le", "utf-16-be")


def lines(folder: Path) -> str:
    """Return all that logs and traces say."""
    files = [file for file in folder.rglob("*") if file.is_file()]
    return "\n".join(file.read_text(encoding="utf-8", errors="replace") for file in files)


@needs_proc
def test_a_session_spills_nothing(archive: Desk, reader: Reader) -> None:
    errors = archive.home / "stderr.txt"
    with errors.open("wb") as stderr:
        window = archive.start(sys.executable, "-m", "carehub", "--debug", stderr=stderr)
        walk(reader)
        shown = list(seen_by_others(window.pid))
        during = list(left_behind(archive.home))
        end(window)
    after = list(left_behind(archive.home))

    words = [NAME, PASSPHRASE, PRESSURE]
    assert spilt(shown, ["carehub"])  # the search does find what is there
    assert spilt(during, ["carehub.archive"])
    assert spilt(shown, words) == []
    assert spilt(during, words) == []
    assert spilt(after, words) == []
    assert canaries.found(errors.read_text(encoding="utf-8")) is None
    assert canaries.found(lines(archive.data / "state")) is None
    assert (archive.data / "state" / "carehub.log").read_text(encoding="utf-8")


def walk(reader: Reader) -> None:
    """Unlock, type a dangerous pressure and a glucose, look at the report."""
    reader.type("unlock.passphrase.line", PASSPHRASE)
    reader.press("unlock.open", "量血压", "用手输入")
    reader.type_on_pad(systolic=str(SYSTOLIC), diastolic=str(DIASTOLIC), pulse="66")
    reader.press("keypad.save")
    assert PRESSURE in reader.find("alert.headline")
    reader.press("求助")
    reader.find("help.emergency.number")
    reader.press("返回")
    reader.gone("help.emergency.number")
    reader.press("返回", "测血糖", "glucose.when.random", "glucose.type")
    reader.type_on_pad(glucose=GLUCOSE[:4])
    reader.press("keypad.save")
    reader.find("alert.headline")
    reader.press("返回", "报告")
    reader.find("report.sentence")


@needs_proc
def test_the_demo_spills_nothing(desk: Desk, reader: Reader) -> None:
    errors = desk.home / "stderr.txt"
    with errors.open("wb") as stderr:
        window = desk.start(sys.executable, "-m", "carehub", "demo", stderr=stderr)
        reader.press("量血压", "坐好了", "measure.rested", "measure.pretend", "measure.mine")
        reader.press("measure.enough")
        assert "131/82" in reader.find("result.sentence")
        shown = list(seen_by_others(window.pid))
        during = list(left_behind(desk.home))
        end(window)

    words = ["示例", "131/82"]
    assert spilt(shown, words) == []
    assert spilt(during, words) == []
    assert spilt(left_behind(desk.home), words) == []
    assert canaries.found(errors.read_text(encoding="utf-8")) is None


@needs_proc
def test_a_command_takes_its_secret_from_standard_input_alone(archive: Desk) -> None:
    asking = archive.start(
        sys.executable,
        *("-m", "carehub", "people", "list", "--passphrase-stdin"),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert asking.stdin is not None
    assert asking.stdout is not None
    asking.stdin.write(PASSPHRASE + "\n")
    asking.stdin.flush()
    assert until(lambda: b"carehub" in PROC.joinpath(str(asking.pid), "cmdline").read_bytes())
    shown = list(seen_by_others(asking.pid))
    assert NAME in asking.stdout.read()
    assert spilt(shown, [PASSPHRASE, NAME]) == []
