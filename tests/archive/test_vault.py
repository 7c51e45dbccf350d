"""Making, unlocking and changing the keys of an archive."""

import itertools
import os
import pickle
import stat
import subprocess
import sys

import pytest

from carehub.archive import vault
from carehub.archive.vault import Way, device, keyfile, slots
from carehub.errors import (
    ArchiveExists,
    ArchiveMissing,
    ArchiveTooNew,
    DiskFull,
    InputError,
    KeyFileDamaged,
    KeyringChanged,
    KeyringOnly,
    MemoryShort,
    PinDestroyed,
    WayMissing,
    WrongPassphrase,
    WrongPin,
    WrongRecoveryCode,
)
from tests.helpers.archives import PASSPHRASE, PIN
from tests.helpers.records import NOON

NEW_PIN = "730164"
AFFORDABLE = slots.affordable


def make(folder, store, **given):
    return vault.create(
        folder, store=store, now=NOON, **{"pin": PIN, "passphrase": PASSPHRASE} | given
    )


def opened(folder, store, way, code):
    return {
        Way.KEYRING: lambda: vault.unlock_with_keyring(folder, store=store),
        Way.PIN: lambda: vault.unlock_with_pin(folder, PIN, NOON, store=store),
        Way.PASSPHRASE: lambda: vault.unlock_with_passphrase(folder, PASSPHRASE),
        Way.RECOVERY: lambda: vault.unlock_with_recovery(folder, code),
    }[way]()


@pytest.mark.parametrize(
    ("pin", "passphrase", "keyring"),
    [
        given
        for given in itertools.product([None, PIN], [None, PASSPHRASE], [True, False])
        if given[0] or given[1]
    ],
)
def test_each_way_that_was_set_up_opens_and_no_other(folder, store, pin, passphrase, keyring):
    keys, code = make(folder, store, pin=pin, passphrase=passphrase, keyring=keyring)
    expected = {Way.RECOVERY}
    expected |= {Way.PIN} if pin else set()
    expected |= {Way.PASSPHRASE} if passphrase else set()
    expected |= {Way.KEYRING} if keyring else set()
    assert vault.ways(folder) == expected
    for way in Way:
        if way in expected:
            assert opened(folder, store, way, code).database_key() == keys.database_key()
        else:
            with pytest.raises(WayMissing):
                opened(folder, store, way, code)


@pytest.mark.parametrize("keyring", [True, False])
def test_an_archive_that_only_a_keyring_opens_is_refused(folder, store, keyring):
    with pytest.raises(KeyringOnly):
        vault.create(folder, keyring=keyring, store=store, now=NOON)
    assert not folder.exists()


@pytest.mark.parametrize(("pin", "passphrase"), [("123456", PASSPHRASE), (PIN, "short")])
def test_weak_secrets_make_no_archive(folder, store, pin, passphrase):
    with pytest.raises(InputError):
        make(folder, store, pin=pin, passphrase=passphrase)
    assert not vault.exists(folder)


def test_an_archive_is_never_given_new_keys(folder, store):
    make(folder, store)
    before = keyfile.path(folder).read_bytes()
    with pytest.raises(ArchiveExists):
        make(folder, store)
    assert keyfile.path(folder).read_bytes() == before


def test_a_database_without_its_key_file_is_never_given_new_keys(folder, store):
    folder.mkdir()
    (folder / "archive.db").write_bytes(b"pages")
    with pytest.raises(ArchiveExists):
        make(folder, store)
    with pytest.raises(KeyFileDamaged):
        vault.ways(folder)


def test_two_programs_cannot_both_make_the_keys(folder, store, monkeypatch):
    make(folder, store)
    monkeypatch.setattr("carehub.archive.vault.changing.exists", lambda folder: False)
    with pytest.raises(ArchiveExists):
        make(folder, store)


def test_nothing_there_is_said_so(folder):
    assert not vault.exists(folder)
    with pytest.raises(ArchiveMissing):
        vault.unlock_with_passphrase(folder, PASSPHRASE)


def test_wrong_secrets_are_refused_by_name(folder, store):
    _, code = make(folder, store)
    with pytest.raises(WrongPassphrase):
        vault.unlock_with_passphrase(folder, "another plain sentence")
    with pytest.raises(WrongPin) as wrong:
        vault.unlock_with_pin(folder, NEW_PIN, NOON, store=store)
    assert wrong.value.parameters == {"left": 9}
    other = code[:-1] + ("A" if code[-1] != "A" else "B")
    with pytest.raises(WrongRecoveryCode):
        vault.unlock_with_recovery(folder, other)


def test_the_keyring_holds_one_short_secret_and_nothing_else(folder, store):
    keys, _ = make(folder, store)
    secret = store.get(device.service(keys.archive_id))
    assert secret is not None
    assert len(secret) == 43
    assert repr(store) == "MemoryKeys(1 secrets)"


def test_a_copied_folder_is_not_opened_by_the_pin_on_another_machine(folder, store):
    make(folder, store)
    with pytest.raises(KeyringChanged):
        vault.unlock_with_pin(folder, PIN, NOON, store=vault.MemoryKeys())
    with pytest.raises(KeyringChanged):
        vault.unlock_with_keyring(folder, store=vault.MemoryKeys())


@pytest.mark.parametrize("secret", ["", "short", "not base64 !", "A" * 43])
def test_a_keyring_that_changed_under_the_archive_loses_nothing(folder, store, secret):
    keys, code = make(folder, store)
    before = keyfile.path(folder).read_bytes()
    store.put(device.service(keys.archive_id), secret)
    with pytest.raises(KeyringChanged):
        vault.unlock_with_keyring(folder, store=store)
    assert keyfile.path(folder).read_bytes() == before
    assert vault.unlock_with_recovery(folder, code).database_key() == keys.database_key()


def test_after_the_keyring_was_lost_a_new_one_takes_its_place(folder, store):
    keys, _ = make(folder, store)
    fresh = vault.MemoryKeys()
    vault.change_pin(folder, keys, NEW_PIN, store=fresh)
    assert vault.ways(folder) == {Way.PIN, Way.PASSPHRASE, Way.RECOVERY}
    vault.remember_in_keyring(folder, keys, store=fresh)
    assert vault.unlock_with_keyring(folder, store=fresh).database_key() == keys.database_key()
    vault.unlock_with_pin(folder, NEW_PIN, NOON, store=fresh)


def test_slots_of_several_keyrings_live_side_by_side(folder, store):
    class Other(vault.MemoryKeys):
        name = "other"

    keys, _ = make(folder, store)
    other = Other()
    vault.remember_in_keyring(folder, keys, store=other)
    for keyring in (store, other):
        assert vault.unlock_with_keyring(folder, store=keyring).database_key()
    backends = {slot.backend for slot in keyfile.read(folder).of(Way.KEYRING)}
    assert backends == {"memory", "other"}
    vault.forget_keyring(folder, keys)
    assert Way.KEYRING not in vault.ways(folder)


def test_changing_a_secret_rewraps_and_never_changes_the_database_key(folder, store):
    keys, code = make(folder, store)
    vault.change_pin(folder, keys, NEW_PIN, store=store)
    vault.set_passphrase(folder, keys, "青山绿水宣纸白云石桥")
    new_code = vault.new_recovery_code(folder, keys)
    with pytest.raises(WrongPin):
        vault.unlock_with_pin(folder, PIN, NOON, store=store)
    with pytest.raises(WrongPassphrase):
        vault.unlock_with_passphrase(folder, PASSPHRASE)
    with pytest.raises(WrongRecoveryCode):
        vault.unlock_with_recovery(folder, code)
    for again in (
        vault.unlock_with_pin(folder, NEW_PIN, NOON, store=store),
        vault.unlock_with_passphrase(folder, "青山绿水宣纸白云石桥"),
        vault.unlock_with_recovery(folder, new_code.lower()),
    ):
        assert again.database_key() == keys.database_key()


def test_an_old_pin_does_not_open_the_copy_of_the_key_file(folder, store, tmp_path):
    keys, _ = make(folder, store)
    vault.change_pin(folder, keys, NEW_PIN, store=store)
    copy = vault.key_file_copy(folder)
    assert copy is not None
    assert copy.read_bytes() == keyfile.path(folder).read_bytes()


def test_each_purpose_and_generation_has_its_own_key(folder, store):
    keys, _ = make(folder, store)
    drawn = {
        keys.database_key(),
        keys.database_key(2),
        keys.attachments_key().hex(),
        keys.backup_key().hex(),
        keys.master().hex(),
    }
    assert len(drawn) == 5
    assert all(len(key) == 64 for key in drawn)


def test_keys_show_nothing_and_are_not_pickled(folder, store):
    keys, _ = make(folder, store)
    assert repr(keys) == "Keys(hidden)"
    with pytest.raises(TypeError):
        pickle.dumps(keys)
    assert keys.master().hex() not in repr(keyfile.read(folder))


def test_the_files_are_for_this_user_only(folder, store):
    make(folder, store)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE(keyfile.path(folder).stat().st_mode) == 0o600


def test_no_secret_is_in_the_key_file(folder, store):
    keys, code = make(folder, store)
    text = keyfile.path(folder).read_text()
    secret = store.get(device.service(keys.archive_id))
    for hidden in (PIN, PASSPHRASE, code, keys.master().hex(), keys.database_key(), secret):
        assert hidden not in text


def test_a_key_file_of_another_archive_is_noticed(folder, store, tmp_path):
    keys, _ = make(folder, store)
    other = tmp_path / "other"
    make(other, store)
    with pytest.raises(KeyFileDamaged):
        vault.change_pin(other, keys, NEW_PIN, store=store)


def test_a_newer_key_file_is_left_alone(folder, store):
    make(folder, store)
    path = keyfile.path(folder)
    path.write_text(path.read_text().replace('"version": 1', '"version": 2'))
    with pytest.raises(ArchiveTooNew):
        vault.ways(folder)


@pytest.mark.parametrize(
    ("free", "cost"),
    [(1 << 30, slots.Stretch(64 * 1024, 3, 4)), (1 << 27, slots.Stretch(19 * 1024, 2, 1))],
)
def test_argon2_takes_less_where_memory_is_short(monkeypatch, free, cost):
    told = {"SC_PAGE_SIZE": 4096, "SC_AVPHYS_PAGES": free // 4096}
    monkeypatch.setattr(os, "sysconf", told.__getitem__)
    assert AFFORDABLE() == cost


def test_the_real_cost_unlocks_too(folder, store, monkeypatch):
    monkeypatch.setattr(slots, "affordable", AFFORDABLE)
    keys, _ = make(folder, store, passphrase=None)
    again = vault.unlock_with_pin(folder, PIN, NOON, store=store)
    assert again.database_key() == keys.database_key()


def test_too_little_memory_is_a_sentence_and_costs_no_try(folder, store, monkeypatch):
    make(folder, store)

    def short(secret, salt, cost):
        raise MemoryShort

    monkeypatch.setattr(slots, "stretched", short)
    with pytest.raises(MemoryShort):
        vault.unlock_with_pin(folder, PIN, NOON, store=store)
    monkeypatch.undo()
    with pytest.raises(WrongPin) as wrong:
        vault.unlock_with_pin(folder, NEW_PIN, NOON, store=store)
    assert wrong.value.parameters == {"left": 9}


def test_a_cost_that_cannot_be_paid_is_short_memory():
    with pytest.raises(MemoryShort):
        slots.stretched(b"x", b"0" * 16, slots.Stretch(1 << 31, 1, 1))


def test_a_keyring_slot_has_no_cost():
    slot = slots.fresh_slot(Way.KEYRING)
    with pytest.raises(ValueError, match="stretched"):
        slots.passphrase_key(slot, PASSPHRASE)


def test_the_vault_loads_no_database_library():
    code = (
        "import sys, carehub.archive.vault;"
        "loaded = {name.split('.')[0] for name in sys.modules};"
        "print(loaded & {'sqlalchemy', 'alembic', 'sqlcipher3', 'keyring', 'argon2', 'cryptography'})"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def test_a_hardened_process_leaves_no_core_and_no_memory_to_read():
    code = (
        "import ctypes, resource; from carehub.archive import vault; vault.harden_process();"
        "print(resource.getrlimit(resource.RLIMIT_CORE), ctypes.CDLL(None).prctl(3, 0, 0, 0, 0))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "(0, 0) 0"


def test_a_full_disk_leaves_the_old_key_file(folder, store):
    _, code = make(folder, store)
    before = keyfile.path(folder).read_bytes()
    done = subprocess.run(
        [sys.executable, "-c", _WITHOUT_ROOM, str(folder), code],
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.stdout.strip() == DiskFull.code, done.stderr
    assert keyfile.path(folder).read_bytes() == before
    assert not list(folder.glob("*.tmp"))


_WITHOUT_ROOM = """
import resource, sys
from pathlib import Path
from carehub.archive import vault
from carehub.errors import ArchiveError
folder = Path(sys.argv[1])
keys = vault.unlock_with_recovery(folder, sys.argv[2])
resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))
try:
    vault.new_recovery_code(folder, keys)
except ArchiveError as error:
    print(error.code)
"""


def test_ten_wrong_pins_leave_every_other_way(folder, store):
    keys, code = make(folder, store)
    now = NOON
    for left in range(9, 0, -1):
        now += 3_600_000
        with pytest.raises(WrongPin) as wrong:
            vault.unlock_with_pin(folder, NEW_PIN, now, store=store)
        assert wrong.value.parameters == {"left": left}
    now += 3_600_000
    for _ in range(2):
        with pytest.raises(PinDestroyed):
            vault.unlock_with_pin(folder, NEW_PIN, now, store=store)
    with pytest.raises(PinDestroyed):
        vault.unlock_with_pin(folder, PIN, now, store=store)
    assert vault.ways(folder) == {Way.KEYRING, Way.PASSPHRASE, Way.RECOVERY}
    for way in (Way.KEYRING, Way.PASSPHRASE, Way.RECOVERY):
        assert opened(folder, store, way, code).database_key() == keys.database_key()
    copy = vault.key_file_copy(folder)
    assert copy is not None
    assert not keyfile.read_file(copy).of(Way.PIN)
    vault.change_pin(folder, keys, NEW_PIN, store=store)
    vault.unlock_with_pin(folder, NEW_PIN, now, store=store)
    vault.check_seal(folder, keys)
