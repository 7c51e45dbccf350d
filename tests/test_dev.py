"""The set-up script: what it finds missing, what it says, and that a second run does nothing."""

import ast
import re
import subprocess
import sys
import tomllib

import pytest

from tests.helpers.scripts import ROOT, script

DEV = ROOT / "packaging" / "dev.py"
FILES = sorted((ROOT / "packaging").glob("requirements*.txt"))


@pytest.fixture
def dev(monkeypatch, tmp_path):
    """Load the script with an environment of its own and with nobody's rights."""
    module = script("dev")
    monkeypatch.setattr(module, "ENVIRONMENT", tmp_path)
    monkeypatch.setattr(module, "PYTHON", tmp_path / "python")
    monkeypatch.setattr(module, "LOG", tmp_path / "setup.log")
    monkeypatch.setattr(module, "rights", lambda: None)
    return module


def test_an_old_python_can_read_it_to_say_that_it_is_too_old():
    ast.parse(DEV.read_text(encoding="utf-8"), feature_version=(3, 7))


def test_it_needs_nothing_but_the_standard_library():
    tree = ast.parse(DEV.read_text(encoding="utf-8"))
    names = {
        alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.Import)
        for alias in node.names
    }
    names |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert names <= set(sys.stdlib_module_names)


@pytest.mark.parametrize(
    ("version", "fits"),
    [((3, 10), False), ((3, 11), True), ((3, 12), True), ((3, 13), True), ((3, 14), False)],
)
def test_which_python_fits(dev, version, fits):
    assert dev.fitting(*version) is fits


def test_a_wrong_python_hands_over_to_a_right_one(dev, monkeypatch):
    handed = []
    monkeypatch.setattr(dev, "fitting", lambda *_: False)
    monkeypatch.setattr(dev, "other_python", lambda: "/somewhere/python3.12")
    monkeypatch.setattr(dev, "become", handed.append)
    monkeypatch.setattr(sys, "argv", ["dev.py", "demo"])
    monkeypatch.setenv("CAREHUB_DEV_AGAIN", "")
    dev.right_python()
    assert handed == [["/somewhere/python3.12", "dev.py", "demo"]]


def test_a_wrong_python_alone_stops_with_a_sentence(dev, monkeypatch):
    monkeypatch.setattr(dev, "fitting", lambda *_: False)
    monkeypatch.setattr(dev, "other_python", lambda: None)
    with pytest.raises(dev.Stop, match=r"needs Python 3\.11, 3\.12 or 3\.13, and this is 3\."):
        dev.right_python()


def test_a_library_that_does_not_load_is_named_by_its_package(dev):
    assert dev.missing_libraries({"libnowhere.so.9": "libnowhere9"}) == ["libnowhere9"]


def test_what_a_bare_system_lacks(dev, monkeypatch):
    monkeypatch.setattr(dev, "loads", lambda library: False)
    monkeypatch.setattr(dev, "has_chinese_font", lambda: False)
    monkeypatch.setattr(dev, "succeeds", lambda line: False)
    missing = dev.missing_packages(window=True, voice=False)
    assert missing[0] == "python3-venv"
    assert {"libgl1", "libxcb-cursor0", "fonts-noto-cjk"} < set(missing)
    assert "libspeechd2" not in missing
    assert "libspeechd2" in dev.missing_packages(window=True, voice=True)


def test_without_a_window_no_library_of_the_screen_is_asked_for(dev, monkeypatch):
    monkeypatch.setattr(dev, "loads", lambda library: False)
    monkeypatch.setattr(dev, "succeeds", lambda line: True)
    assert dev.missing_packages(window=False, voice=False) == []


def test_a_font_is_found_by_its_file_where_fontconfig_is_absent(dev, monkeypatch, tmp_path):
    monkeypatch.setattr(dev.shutil, "which", lambda name: None)
    monkeypatch.setattr(dev, "FONT_FOLDERS", (str(tmp_path),))
    assert not dev.has_chinese_font()
    (tmp_path / "NotoSansCJK-Regular.ttc").touch()
    assert dev.has_chinese_font()


def test_without_rights_the_one_line_is_printed(dev, monkeypatch):
    monkeypatch.setattr(dev.shutil, "which", lambda name: "/usr/bin/apt-get")
    with pytest.raises(dev.Stop) as stopped:
        dev.install_system(["libgl1", "fonts-noto-cjk"])
    line = "sudo apt-get update && sudo apt-get install -y libgl1 fonts-noto-cjk"
    assert line in str(stopped.value).splitlines()[1]


def test_without_apt_the_packages_are_named(dev, monkeypatch):
    monkeypatch.setattr(dev.shutil, "which", lambda name: None)
    with pytest.raises(dev.Stop, match="Debian calls libgl1"):
        dev.install_system(["libgl1"])


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ("ERROR: [Errno 28] No space left on device", "The disk is full"),
        (
            "NewConnectionError: [Errno -3] Temporary failure in name resolution",
            "cannot be reached",
        ),
        ("SSLError(SSLCertVerificationError(CERTIFICATE_VERIFY_FAILED", "certificate"),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE FILE", "not the one this project"),
        ("ERROR: No matching distribution found for numpy==9", "no ready-made build"),
    ],
)
def test_what_pip_says_becomes_one_sentence(dev, said, sentence):
    told = dev.explained(f"Collecting numpy\n{said}\n", "otherwise")
    assert sentence in told
    assert "\n" not in told


def test_what_nobody_foresaw_is_shown_with_where_to_read_more(dev, tmp_path):
    told = dev.explained("one\ntwo\nthree\nfour\n", "It failed.")
    assert told.startswith("It failed.")
    assert "two\n  three\n  four" in told
    assert str(tmp_path / "setup.log") in told


def test_a_second_run_installs_nothing(dev, monkeypatch):
    asked = []
    monkeypatch.setattr(dev, "pip", asked.append)
    dev.install(["requirements.txt"])
    assert [line[0] for line in asked] == ["--require-hashes", "--no-deps"]
    dev.install(["requirements.txt"])
    assert len(asked) == 2


def test_a_changed_lock_installs_again(dev, monkeypatch, tmp_path):
    asked = []
    monkeypatch.setattr(dev, "pip", asked.append)
    dev.install(["requirements.txt"])
    (tmp_path / "requirements.txt.installed").write_text("an older lock")
    dev.install(["requirements.txt"])
    assert [line[0] for line in asked] == ["--require-hashes", "--no-deps", "--require-hashes"]


def test_a_failed_installation_is_not_remembered(dev, monkeypatch, tmp_path):
    def fail(line):
        raise dev.Stop("no network")

    monkeypatch.setattr(dev, "pip", fail)
    with pytest.raises(dev.Stop):
        dev.install(["requirements.txt"])
    assert not list(tmp_path.glob("*.installed"))


def test_progress_is_told_every_ten_packages(dev, capsys):
    said = []
    for number in range(25):
        said.append(f"Collecting package{number}\n")
        dev.tell(said)
    assert capsys.readouterr().out.splitlines() == [
        "·   10 packages fetched",
        "·   20 packages fetched",
    ]


def test_an_unknown_word_explains_and_fails():
    told = subprocess.run(
        [sys.executable, str(DEV), "dance"], capture_output=True, text=True, check=False
    )
    assert told.returncode == 2
    assert "packaging/dev.py demo" in told.stdout


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_each_lock_names_no_address_and_pins_every_package_by_hash(file):
    text = file.read_text(encoding="utf-8")
    assert not re.search(r"://|^-|index-url|find-links", text, re.MULTILINE)
    blocks = re.split(r"\n(?=\S)", text.strip())
    assert len(blocks) > 50
    for block in blocks:
        assert re.match(r"[a-z0-9-]+==\S+", block), block
        assert "--hash=sha256:" in block, block


def test_the_locks_agree_with_each_other():
    versions: dict[tuple[str, str], set[str]] = {}
    for file in FILES:
        for line in file.read_text(encoding="utf-8").splitlines():
            found = re.match(r"([a-z0-9-]+)==(\S+)(.*?)\\?$", line)
            if found:
                versions.setdefault((found[1], found[3].strip()), set()).add(found[2])
    assert not {name: seen for name, seen in versions.items() if len(seen) > 1}


def test_every_dependency_is_locked():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wanted = (
        project["project"]["dependencies"] + project["project"]["optional-dependencies"]["client"]
    )
    locked = (ROOT / "packaging" / "requirements.txt").read_text(encoding="utf-8")
    for line in wanted:
        name = re.split(r"[<>=;\[ ]", line)[0]
        assert re.search(rf"^{re.escape(name)}==", locked, re.MULTILINE), f"run poe lock: {name}"
