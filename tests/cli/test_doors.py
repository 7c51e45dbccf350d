"""The front of every command: help, mistakes, errors, bugs, interruption, languages."""

import argparse
import subprocess
import sys

import pytest

from carehub import paths
from carehub.cli import doctor, main, meter
from carehub.errors import ArchiveMissing, DiskFull

HEAVY = (
    "PySide6", "alembic", "argon2", "bleak", "bumble", "cryptography", "dbus_fast", "keyring",
    "matplotlib", "numpy", "pydantic", "sqlalchemy", "sqlcipher3", "uuid_utils", "asyncio",
)  # fmt: skip


def test_help_loads_nothing_heavy():
    program = (
        "import sys; sys.argv = ['carehub', '--help']\n"
        "from carehub.__main__ import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.splitlines()[-1] == "[]"
    for noun in ("meter", "archive", "people", "readings", "trends", "alerts", "doctor", "demo"):
        assert f"\n    {noun}" in done.stdout


def test_help_of_each_command_explains_each_word(carehub, capsys):
    from carehub.cli import parser

    for command in _commands(parser()):
        with pytest.raises(SystemExit) as ended:
            main([*command, "--help"])
        assert ended.value.code == 0
        told = capsys.readouterr().out
        assert "usage: carehub" in told
        assert "--debug" not in told or not command


def _commands(parser: argparse.ArgumentParser) -> list[list[str]]:
    found: list[list[str]] = [[]]
    for action in parser._actions:  # noqa: SLF001 - argparse tells of its words nowhere else
        if isinstance(action, argparse._SubParsersAction):  # noqa: SLF001
            for name, below in action.choices.items():
                found += [[name, *words] for words in _commands(below)]
    return found


def test_version(capsys):
    with pytest.raises(SystemExit) as ended:
        main(["--version"])
    assert ended.value.code == 0
    assert capsys.readouterr().out.startswith("carehub 0.")


@pytest.mark.parametrize(
    ("words", "mistake"),
    [
        (["nonsense"], "invalid choice: 'nonsense'"),
        (["people"], "the following arguments are required: VERB. See: carehub people --help"),
        (
            ["people", "add"],
            "the following arguments are required: --name. See: carehub people add",
        ),
        (["readings", "add", "--glucose"], "argument --glucose: expected one argument"),
        (["doctor", "--loud"], "unrecognized arguments: --loud"),
    ],
)
def test_a_mistake_on_the_command_line_is_one_sentence(carehub, words, mistake):
    answer = carehub(*words)
    assert answer.code == 2
    assert answer.out == ""
    assert answer.err.count("\n") == 1
    assert mistake in answer.err


def test_a_mistake_is_told_in_chinese(carehub, monkeypatch):
    monkeypatch.setenv("CAREHUB_LANGUAGE", "zh")
    assert (
        carehub("people", "add").err == "缺少这些参数：--name。用法见：carehub people add --help\n"
    )


def test_an_error_is_one_sentence_and_its_own_exit_code(carehub):
    answer = carehub("archive", "info", "--passphrase-stdin", given="x\n")
    assert answer.code == ArchiveMissing.exit_code == 3
    assert answer.out == ""
    assert answer.err == ArchiveMissing().sentence() + "\n"


def test_debug_shows_the_traceback_before_or_after_the_command(carehub):
    for words in (("--debug", "archive", "info"), ("archive", "info", "--debug")):
        answer = carehub(*words)
        assert "Traceback" in answer.err
        assert answer.err.endswith(ArchiveMissing().sentence() + "\n")


def test_a_bug_is_admitted_and_its_place_is_kept_without_values(carehub, monkeypatch):
    def fails(args):
        raise ValueError("blood pressure 187/96")

    monkeypatch.setattr(doctor, "examine", lambda: fails(None))
    answer = carehub("doctor")
    assert answer.code == 70
    assert answer.err.count("\n") == 1
    assert "a mistake in CareHub (ValueError), not yours" in answer.err
    assert str(paths.state()) in answer.err
    kept = (paths.state() / "carehub.log").read_text(encoding="utf-8")
    assert "ValueError" in kept
    assert "test_doors.py" in kept
    assert "187" not in answer.err + kept


def test_a_bug_with_no_place_to_note_it_is_admitted_all_the_same(carehub, home, monkeypatch):
    home.write_text("a file where the folder should be")
    monkeypatch.setattr(doctor, "examine", lambda: 1 / 0)
    answer = carehub("doctor")
    assert answer.code == 70
    assert "(ZeroDivisionError)" in answer.err


def test_interruption_is_quiet(carehub, monkeypatch):
    def interrupted():
        raise KeyboardInterrupt

    monkeypatch.setattr(doctor, "examine", interrupted)
    answer = carehub("doctor")
    assert (answer.code, answer.err) == (130, "")


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (OSError(28, "No space left on device"), DiskFull().sentence()),
        (
            PermissionError(13, "Permission denied", "/here"),
            "The system refused a file or folder (Permission denied: /here). Check it and try again.",
        ),
    ],
)
def test_what_the_system_refuses_is_a_sentence(carehub, monkeypatch, error, told):
    def refuses():
        raise error

    monkeypatch.setattr(doctor, "examine", refuses)
    answer = carehub("doctor")
    assert answer.code in (2, 3)
    assert answer.err == told + "\n"


def test_a_closed_pipe_is_quiet(tmp_path):
    words = f"{sys.executable} -m carehub meter decode 2A35 1E880053006400EA070301071E004800020500"
    done = subprocess.run(
        ["bash", "-c", f"{words} | true; echo ${{PIPESTATUS[0]}}"],
        capture_output=True, text=True, check=True, timeout=60,
    )  # fmt: skip
    assert done.stderr == ""
    assert done.stdout == "0\n"


def test_json_is_utf8_whatever_the_locale(home):
    done = subprocess.run(
        [sys.executable, "-m", "carehub", "people", "--help"],
        capture_output=True, check=True, timeout=60,
        env={"CAREHUB_HOME": str(home), "CAREHUB_LANGUAGE": "zh_CN", "LC_ALL": "C", "PATH": ""},
    )  # fmt: skip
    assert "添加" in done.stdout.decode("utf-8")


@pytest.mark.parametrize(
    ("asked", "settings", "system", "spoken"),
    [
        ("en", 'language = "zh_CN"', "zh_CN.UTF-8", "usage"),
        ("zh-CN", 'language = "en"', "en_US.UTF-8", "用法"),
        ("", 'language = "zh_CN"', "en_US.UTF-8", "用法"),
        ("", "not toml", "zh_CN.UTF-8", "用法"),
        ("", "", "en_US.UTF-8", "usage"),
        ("klingon", "", "C", "usage"),
    ],
)
def test_the_language_is_asked_for_then_settled_then_the_systems(
    capsys, monkeypatch, home, asked, settings, system, spoken
):
    monkeypatch.setenv("CAREHUB_LANGUAGE", asked)
    monkeypatch.setenv("LC_ALL", system)
    if settings:
        home.mkdir()
        (home / "settings.toml").write_text(settings, encoding="utf-8")
    with pytest.raises(SystemExit):
        main(["--help"])
    assert capsys.readouterr().out.startswith(spoken)


def test_a_command_writes_nothing_for_a_question(carehub, home):
    assert carehub("meter", "decode", "2A19", "64").code == 0
    assert not home.exists()
    assert meter.octets("64") == b"d"


def test_an_output_that_is_no_file_is_left_alone(carehub, monkeypatch):
    def gone():
        raise BrokenPipeError

    monkeypatch.setattr(doctor, "examine", gone)
    assert carehub("doctor").code == 0


def test_a_bug_shows_its_traceback_on_request(carehub, monkeypatch):
    monkeypatch.setattr(doctor, "examine", lambda: 1 / 0)
    answer = carehub("doctor", "--debug")
    assert answer.code == 70
    assert "Traceback" in answer.err
