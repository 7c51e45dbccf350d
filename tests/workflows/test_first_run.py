"""First run: an archive with its first person, whole or not at all, and where it goes on."""

from datetime import date

import pytest

from carehub.archive import consents, vault
from carehub.archive import people as rows
from carehub.archive.store import Archive
from carehub.care.consent import Purpose
from carehub.errors import ArchiveExists, DiskFull, InputError
from carehub.workflows import first_run
from carehub.workflows.first_run import Next, Wish
from tests.helpers import archives
from tests.helpers.archives import PASSPHRASE, PIN
from tests.helpers.records import NOON

WISH = Wish(
    name="王示例", called="王奶奶", born=date(1948, 3, 12), text_version="2026-1",
    purposes=(Purpose.ARCHIVE, Purpose.DEVICE_DATA),
)  # fmt: skip


@pytest.fixture(autouse=True)
def _cheap_keys():
    with archives.cheap_keys():
        yield


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "archive"


def begin(folder, wish=WISH):
    return first_run.begin(folder, wish, passphrase=PASSPHRASE, now=NOON)


def test_the_archive_is_there_with_its_person_and_consents(folder):
    keys, code = begin(folder)
    archive = Archive.open(folder, keys, NOON)
    try:
        with archive.read() as tx:
            (person,) = rows.everyone(tx)
            given = consents.of(tx, person.id)
    finally:
        archive.close(NOON)
    assert (person.name, person.called, person.born) == ("王示例", "王奶奶", WISH.born)
    assert {(row.purpose, row.text_version) for row in given} == {
        (Purpose.ARCHIVE, "2026-1"), (Purpose.DEVICE_DATA, "2026-1"),
    }  # fmt: skip
    assert vault.unlock_with_recovery(folder, code)
    assert [file.name for file in folder.parent.iterdir()] == ["archive"]


def test_a_pin_brings_the_keyring_with_it(folder):
    store = vault.MemoryKeys()
    first_run.begin(folder, WISH, pin=PIN, store=store, now=NOON)
    assert vault.ways(folder) == {vault.Way.PIN, vault.Way.KEYRING, vault.Way.RECOVERY}


def test_an_archive_is_never_made_over_another(folder):
    begin(folder)
    with pytest.raises(ArchiveExists):
        begin(folder)


def test_what_cannot_be_right_leaves_nothing(folder):
    with pytest.raises(InputError):
        begin(folder, Wish(name=" "))
    assert list(folder.parent.iterdir()) == []


def test_a_disk_that_fills_up_leaves_nothing(folder, monkeypatch):
    def full(*words, **more):
        raise DiskFull

    with monkeypatch.context() as patched:
        patched.setattr(Archive, "create", full)
        with pytest.raises(DiskFull):
            begin(folder)
    assert list(folder.parent.iterdir()) == []
    assert begin(folder)


def test_what_a_killed_attempt_left_is_cleared_away(folder):
    making = folder.with_name(folder.name + first_run.MAKING)
    making.mkdir()
    (making / "archive.keys").write_text("half")
    begin(folder)
    assert not making.exists()


def test_a_folder_that_is_no_archive_is_kept_aside(folder):
    folder.mkdir()
    begin(folder)
    other = folder.with_name("other")
    other.mkdir()
    (other / "notes.txt").write_text("mine")
    begin(other)
    assert (other.with_name(f"other.before-{NOON}") / "notes.txt").read_text() == "mine"


def test_the_steps_after_it_go_on_where_they_were_left(folder):
    assert first_run.pending(folder) is None
    begin(folder)
    assert first_run.pending(folder) is Next.CODE
    first_run.reach(folder, Next.ALLERGIES)
    assert first_run.pending(folder) is Next.ALLERGIES
    first_run.reach(folder, None)
    assert first_run.pending(folder) is None
    first_run.reach(folder, Next.CODE)
    assert first_run.pending(folder) is None
    (folder / first_run.MARK).write_text("nonsense")
    assert first_run.pending(folder) is None
