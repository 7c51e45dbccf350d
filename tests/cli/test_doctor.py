"""`carehub doctor`: each thing it looks at, well, missing and broken."""

import json
import subprocess

import pytest

from carehub import paths
from carehub.archive import vault
from carehub.cli import display, doctor
from carehub.cli.doctor import State
from carehub.devices import meters

NAMES = [
    "python", "settings", "home", "disk", "database", "archive", "keyring", "bluetooth", "drivers",
    "display",
]  # fmt: skip
QT = {"qt": "6.11.0", "platform": "offscreen", "chinese_font": "Noto Sans CJK SC", "voice": True}


@pytest.fixture
def qt(monkeypatch):
    """Answer for the process that would ask Qt."""
    told = dict(QT)
    monkeypatch.setattr(doctor, "ask_qt", lambda: json.dumps(told))
    return told


def check(carehub, name: str) -> dict[str, str]:
    answer = carehub("doctor", "--json")
    found = {one["name"]: one for one in json.loads(answer.out)["checks"]}
    assert answer.code == (5 if any(one["state"] == "fail" for one in found.values()) else 0)
    return found[name]


def test_each_thing_is_looked_at_and_each_lack_can_be_mended(carehub, qt):
    answer = carehub("doctor", "--json")
    told = answer.json
    assert told["ok"] is True
    assert [one["name"] for one in told["checks"]] == [*NAMES, "qt", "font", "voice"]
    for one in told["checks"]:
        assert set(one) == {"name", "state", "what", "how_to_mend"}
        assert one["what"]
        assert bool(one["how_to_mend"]) == (one["state"] != "ok"), one


def test_people_read_lines(carehub, qt):
    qt["voice"] = False
    lines = carehub("doctor").out.splitlines()
    assert f"[fine] home: {paths.home()}" in lines
    place = lines.index("[note] voice: This computer has no voice to read aloud with.")
    assert lines[place + 1].startswith("    ")


def test_it_speaks_chinese(carehub, qt, monkeypatch):
    monkeypatch.setenv("CAREHUB_LANGUAGE", "zh_CN")
    assert f"[正常] home: {paths.home()}" in carehub("doctor").out


def test_broken_settings_are_a_fault(carehub, qt, home):
    home.mkdir()
    (home / "settings.toml").write_text('mode = "huge"')
    found = check(carehub, "settings")
    assert found["state"] == "fail"
    assert "is not understood: mode" in found["what"] + found["how_to_mend"]


def test_a_folder_that_cannot_be_written_is_a_fault(carehub, qt, monkeypatch):
    monkeypatch.setenv("CAREHUB_HOME", "/proc/nowhere")
    found = check(carehub, "home")
    assert (found["state"], "/proc" in found["what"]) == ("fail", True)
    assert "CAREHUB_HOME" in found["how_to_mend"]


@pytest.mark.parametrize(("free", "state"), [(2048, "ok"), (512, "warn"), (8, "fail")])
def test_room_on_the_disk(carehub, qt, monkeypatch, free, state):
    class Usage:
        pass

    usage = Usage()
    usage.free = free << 20
    monkeypatch.setattr(doctor.shutil, "disk_usage", lambda folder: usage)
    assert check(carehub, "disk")["state"] == state


def test_an_archive_tells_how_it_can_be_opened(carehub, qt):
    assert check(carehub, "archive")["what"].startswith("There is none yet")
    vault.create(paths.archive(), passphrase="correct horse battery", keyring=False, now=1)
    assert check(carehub, "archive")["what"] == f"{paths.archive()} (passphrase, recovery)"


def test_a_damaged_key_file_is_a_fault(carehub, qt):
    paths.archive().mkdir(parents=True)
    (paths.archive() / "archive.keys").write_text("{")
    found = check(carehub, "archive")
    assert (found["state"], found["what"]) == ("fail", "The key file of the archive is damaged.")


def test_no_keyring_and_no_bluetooth_are_notes(carehub, qt):
    assert check(carehub, "keyring")["state"] == "warn"
    found = check(carehub, "bluetooth")
    assert (found["state"], found["what"]) == ("warn", "No Bluetooth was found on this computer.")


def test_a_broken_meter_driver_is_a_note_that_names_it(carehub, qt, monkeypatch):
    assert check(carehub, "drivers")["state"] == "ok"
    monkeypatch.setattr(
        meters, "broken", lambda: (meters.Broken("theirs", "it is no meter driver"),)
    )
    found = check(carehub, "drivers")
    assert (found["state"], found["what"]) == ("warn", "Not used: theirs: it is no meter driver")


def test_an_old_python_is_a_note(carehub, qt, monkeypatch):
    monkeypatch.setattr(doctor.sys, "version_info", (3, 99, 0))
    assert check(carehub, "python")["state"] == "warn"


def test_no_chinese_font_is_a_fault(carehub, qt):
    qt["chinese_font"] = ""
    found = check(carehub, "font")
    assert (found["state"], "fonts-noto-cjk" in found["how_to_mend"]) == ("fail", True)


@pytest.mark.parametrize(
    "error",
    [
        OSError(1, "ImportError: libEGL.so.1: cannot open shared object file"),
        subprocess.TimeoutExpired("qt", 30),
        ValueError("no JSON"),
    ],
)
def test_a_desktop_that_cannot_start_is_a_note(carehub, monkeypatch, error):
    def fails():
        raise error

    monkeypatch.setattr(doctor, "ask_qt", fails)
    found = check(carehub, "qt")
    assert found["state"] == "warn"
    assert "missing or incomplete" in found["what"]
    assert "carehub[client]" in found["how_to_mend"]


def test_qt_is_really_asked(carehub):
    told = json.loads(doctor.ask_qt())
    assert set(told) == set(QT)
    assert told["platform"] == "offscreen"


def test_a_qt_that_dies_is_told_in_its_own_last_words(monkeypatch):
    died = subprocess.CompletedProcess([], -6, "", "first\n  no Qt platform plugin\n\n")
    monkeypatch.setattr(doctor.subprocess, "run", lambda *words, **more: died)
    with pytest.raises(OSError, match="no Qt platform plugin"):
        doctor.ask_qt()
    died.stderr = ""
    with pytest.raises(OSError, match=r"\?"):
        doctor.ask_qt()


def test_a_machine_without_a_screen_asks_qt_off_screen(monkeypatch):
    monkeypatch.setattr(display, "found", lambda: "")
    assert doctor.environment()["QT_QPA_PLATFORM"] == "offscreen"
    assert State.OK == "ok"
