"""`carehub archive`: made once, refused kindly, checked, backed up and put back."""

import shutil
from pathlib import Path

import pytest

from carehub import paths
from carehub.archive import vault
from carehub.archive.store import Archive
from carehub.cli import archive as commands
from carehub.cli import times
from carehub.errors import DiskFull
from tests.cli.conftest import PASSPHRASE

LINE = PASSPHRASE + "\n"


def test_the_recovery_code_is_told_once_and_opens_the_archive(carehub):
    made = carehub("archive", "create", "--passphrase-stdin", "--json", given=LINE).json
    assert set(made) == {"folder", "ways", "recovery_code"}
    assert made["folder"] == str(paths.archive())
    assert made["ways"] == ["passphrase", "recovery"]
    code = made["recovery_code"]
    assert len(code.split("-")) == 8
    told = carehub("archive", "info", "--recovery-code-stdin", "--json", given=code.lower() + "\n")
    assert code not in told.out
    assert set(told.json) == {
        "folder", "ways", "revision", "created_at", "demo", "people", "readings",
        "waiting_changes", "bytes", "newest_backup_at",
    }  # fmt: skip
    assert code not in "".join(
        file.read_text(errors="ignore") for file in paths.home().rglob("*") if file.is_file()
    )


def test_people_read_the_code_in_a_line_of_its_own(carehub):
    out = carehub("archive", "create", "--passphrase-stdin", given=LINE).out.splitlines()
    assert out[0] == f"The archive was made in {paths.archive()}."
    assert out[1].startswith("Recovery code: ")
    assert out[2] == "Write it down and keep it safe: it is shown only now."


@pytest.mark.parametrize("words", [(), ("--keyring",)])
def test_an_archive_that_only_a_keyring_opens_is_refused(carehub, words):
    answer = carehub("archive", "create", *words)
    assert answer.code == 2
    assert answer.err == (
        "An archive that only the system's keyring opens can be lost for ever. "
        "Add a PIN or a passphrase; a recovery code is made as well.\n"
    )
    assert not paths.archive().exists()


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ("", "Standard input is empty; its first line must be what unlocks."),
        ("\n", "A passphrase needs at least ten characters."),
        ("short\n", "A passphrase needs at least ten characters."),
        ("aaaaaaaaaaaa\n", "That passphrase is too easy to guess. Use different words."),
        (b"\xff\xfe\xfd passphrase\n", "Standard input is not UTF-8 text."),
    ],
)
def test_a_passphrase_that_will_not_do_makes_nothing(carehub, given, told):
    answer = carehub("archive", "create", "--passphrase-stdin", given=given)
    assert (answer.code, answer.err) == (2, told + "\n")
    assert not paths.archive().exists()


def test_an_archive_is_never_made_over_another(unlocked, carehub):
    answer = carehub("archive", "create", "--passphrase-stdin", given="another passphrase\n")
    assert answer.code == 3
    assert answer.err.startswith("There is already an archive here.")
    assert unlocked("archive", "info").code == 0


def test_making_that_was_cut_short_goes_on(carehub, monkeypatch):
    def full(*words, **more):
        raise DiskFull

    with monkeypatch.context() as patched:
        patched.setattr(Archive, "create", full)
        assert carehub("archive", "create", "--passphrase-stdin", given=LINE).code == 3
    missing = carehub("archive", "info", "--passphrase-stdin", given=LINE)
    assert missing.err.startswith("There is no archive here yet.")
    made = carehub("archive", "create", "--passphrase-stdin", "--json", given=LINE).json
    code = made["recovery_code"] + "\n"
    assert carehub("archive", "info", "--recovery-code-stdin", given=code).code == 0


def test_a_lost_database_is_restored_and_never_made_anew(unlocked, carehub):
    assert unlocked("people", "add", "--name", "王示例").code == 0
    (paths.archive() / "archive.db").unlink()
    answer = carehub("archive", "create", "--passphrase-stdin", given=LINE)
    assert answer.err.startswith("There is already an archive here.")
    assert unlocked("archive", "restore").code == 0
    assert "王示例" in unlocked("people", "list").out


@pytest.mark.parametrize(
    ("words", "given", "told"),
    [
        (("--passphrase-stdin",), "not the passphrase\n", "That passphrase does not open this"),
        (("--recovery-code-stdin",), "ABCD\n", "That recovery code does not open this archive."),
        ((), "", "This archive is not set up to open that way."),
    ],
)
def test_what_does_not_unlock_says_so(unlocked, carehub, words, given, told):
    answer = carehub("archive", "info", *words, given=given)
    assert answer.code == 3
    assert answer.err.startswith(told)
    assert answer.err.count("\n") == 1


def test_one_way_at_a_time(carehub):
    answer = carehub("archive", "info", "--passphrase-stdin", "--recovery-code-stdin")
    assert answer.code == 2
    assert "not allowed with argument --passphrase-stdin" in answer.err


def test_an_archive_in_use_says_so(unlocked):
    keys = vault.unlock_with_passphrase(paths.archive(), PASSPHRASE)
    held = Archive.open(paths.archive(), keys, times.now())
    try:
        answer = unlocked("archive", "info")
    finally:
        held.close(times.now())
    assert answer.code == 3
    assert answer.err.startswith("CareHub is already open and is using the archive.")


def test_a_damaged_page_is_found_and_a_backup_put_back(unlocked):
    assert unlocked("archive", "check", "--json").json["sound"] is True
    assert unlocked("people", "add", "--name", "王示例").code == 0
    made = unlocked("archive", "backup", "--json").json
    assert Path(made["file"]).is_file()
    _damage(paths.archive() / "archive.db")
    answer = unlocked("archive", "check")
    assert answer.code == 3
    assert "Part of the archive can no longer be read." in answer.out + answer.err
    told = unlocked("archive", "restore", made["file"], "--json").json
    assert told == {"file": made["file"], "folder": str(paths.archive())}
    assert unlocked("archive", "check").out == "The archive is sound.\n"
    assert "王示例" in unlocked("people", "list").out


def _damage(file: Path) -> None:
    with file.open("r+b") as stream:
        stream.seek(file.stat().st_size - 5000)
        stream.write(b"\0" * 512)


def test_a_damaged_key_file_is_taken_from_beside_the_backup(unlocked, carehub):
    made = unlocked("archive", "backup", "--json").json
    (paths.archive() / "archive.keys").write_text("{half")
    assert unlocked("archive", "info").err.startswith("The key file of the archive is damaged.")
    assert unlocked("archive", "restore", made["file"]).code == 0
    assert unlocked("archive", "info").code == 0
    without = carehub("archive", "restore", "/tmp/none.db", "--passphrase-stdin", given=LINE)
    assert without.err == "There is no file /tmp/none.db. Check its name.\n"


def test_a_backup_moves_to_a_new_machine(unlocked, tmp_path):
    unlocked("people", "add", "--name", "王示例")
    made = unlocked("archive", "backup", "--json").json
    stick = tmp_path / "stick"
    shutil.copytree(Path(made["file"]).parent, stick)
    shutil.rmtree(paths.home())
    assert unlocked("archive", "restore", str(stick / Path(made["file"]).name)).code == 0
    assert "王示例" in unlocked("people", "list").out


def test_without_a_key_file_anywhere_the_reason_is_told(unlocked, tmp_path):
    made = unlocked("archive", "backup", "--json").json
    alone = tmp_path / "alone.db"
    shutil.copy(made["file"], alone)
    (paths.archive() / "archive.keys").write_text("{half")
    answer = unlocked("archive", "restore", str(alone))
    assert answer.err.startswith("The key file of the archive is damaged.")


def test_with_no_backup_there_is_nothing_to_restore(unlocked):
    answer = unlocked("archive", "restore")
    assert (answer.code, answer.err) == (2, "There is no backup here. Name the backup's file.\n")


def test_info_for_people_leaves_nothing_blank(unlocked):
    lines = unlocked("archive", "info").out.splitlines()
    assert "newest_backup_at: -" in lines
    assert "ways: passphrase, recovery" in lines
    assert commands.check.__doc__
