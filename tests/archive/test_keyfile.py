"""A key file that is torn, altered or lost."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carehub.archive import vault
from carehub.archive.vault import Way, keyfile
from carehub.errors import (
    ArchiveError,
    ArchiveExists,
    KeyFileDamaged,
    UnlockError,
    WrongPassphrase,
)
from tests.helpers import archives
from tests.helpers.archives import PASSPHRASE, PIN
from tests.helpers.records import NOON


@pytest.fixture
def made(folder, store):
    return vault.create(folder, pin=PIN, passphrase=PASSPHRASE, store=store, now=NOON)


def change(folder, edit):
    path = keyfile.path(folder)
    body = json.loads(path.read_bytes())
    edit(body)
    path.write_text(json.dumps(body))


def test_a_file_cut_anywhere_is_damaged_and_nothing_else(folder, made):
    whole = keyfile.path(folder).read_bytes()
    for length in range(0, len(whole) - 1, 7):
        keyfile.path(folder).write_bytes(whole[:length])
        with pytest.raises(KeyFileDamaged):
            vault.unlock_with_passphrase(folder, PASSPHRASE)
        with pytest.raises(ArchiveExists):
            vault.create(folder, passphrase=PASSPHRASE, keyring=False, now=NOON)


def test_a_left_over_half_written_file_is_no_trouble(folder, store, made):
    (folder / "archive.keys.tmp").write_bytes(b'{"format": "careh')
    keys = vault.unlock_with_passphrase(folder, PASSPHRASE)
    vault.new_recovery_code(folder, keys)
    assert not (folder / "archive.keys.tmp").exists()


def test_a_crash_before_the_first_file_was_whole_leaves_room_to_begin(folder, store):
    folder.mkdir()
    (folder / "archive.keys.tmp").write_bytes(b"{")
    assert not vault.exists(folder)
    vault.create(folder, pin=PIN, store=store, now=NOON)


def test_a_damaged_file_is_restored_by_an_act_and_kept_beside(folder, made):
    keys, _ = made
    path = keyfile.path(folder)
    torn = path.read_bytes()[:100]
    path.write_bytes(torn)
    copy = vault.key_file_copy(folder)
    assert copy is not None
    with pytest.raises(KeyFileDamaged):
        vault.unlock_with_passphrase(folder, PASSPHRASE)
    vault.restore_key_file(folder, copy, NOON)
    again = vault.unlock_with_passphrase(folder, PASSPHRASE)
    assert again.database_key() == keys.database_key()
    assert (folder / f"archive.keys.damaged-{NOON}").read_bytes() == torn


def test_a_lost_file_is_restored_too(folder, made):
    keyfile.path(folder).unlink()
    copy = vault.key_file_copy(folder)
    assert copy is not None
    vault.restore_key_file(folder, copy, NOON)
    assert vault.unlock_with_passphrase(folder, PASSPHRASE)


def test_a_whole_file_is_not_replaced_by_a_copy(folder, made):
    with pytest.raises(ArchiveExists):
        vault.restore_key_file(folder, keyfile.copy_path(folder), NOON)


def test_a_damaged_copy_is_not_offered_and_not_taken(folder, made):
    copy = keyfile.copy_path(folder)
    copy.write_bytes(b"{}")
    assert vault.key_file_copy(folder) is None
    keyfile.path(folder).write_bytes(b"")
    with pytest.raises(KeyFileDamaged):
        vault.restore_key_file(folder, copy, NOON)
    copy.unlink()
    assert vault.key_file_copy(folder) is None


def test_a_weakened_derivation_is_refused(folder, made):
    def weaker(body):
        slot = next(s for s in body["slots"] if s["way"] == "passphrase")
        slot["kdf"]["m"] = 32

    change(folder, weaker)
    with pytest.raises(WrongPassphrase):
        vault.unlock_with_passphrase(folder, PASSPHRASE)


@pytest.mark.parametrize("name", ["generation", "created_at"])
def test_an_altered_number_breaks_the_seal(folder, made, name):
    change(folder, lambda body: body.__setitem__(name, body[name] + 1))
    with pytest.raises(KeyFileDamaged):
        vault.unlock_with_passphrase(folder, PASSPHRASE)


def test_a_slot_that_was_taken_out_breaks_the_seal(folder, made):
    change(folder, lambda body: body["slots"].pop(0))
    with pytest.raises(KeyFileDamaged):
        vault.unlock_with_passphrase(folder, PASSPHRASE)


NONSENSE = {
    "memory without end": lambda body: body["slots"][1]["kdf"].__setitem__("m", 1 << 40),
    "no passes": lambda body: body["slots"][1]["kdf"].__setitem__("t", 0),
    "fewer lanes than none": lambda body: body["slots"][1]["kdf"].__setitem__("p", -1),
    "an unknown way": lambda body: body["slots"][1].__setitem__("way", "retina"),
    "a derivation that is a word": lambda body: body["slots"][1].__setitem__("kdf", "argon2id"),
    "a slot that is a number": lambda body: body["slots"].append(3),
    "no archive": lambda body: body.__setitem__("archive", "x"),
    "another format": lambda body: body.__setitem__("format", "other"),
    "no seal": lambda body: body.__setitem__("seal", "!"),
    "a truth for a count": lambda body: body.__setitem__("generation", True),
    "a part missing": lambda body: body.pop("destroyed"),
    "far too large": lambda body: body.__setitem__("more", "x" * (1 << 16)),
}


@pytest.mark.parametrize("edit", NONSENSE.values(), ids=NONSENSE)
def test_nonsense_is_damage(folder, made, edit):
    change(folder, edit)
    with pytest.raises(KeyFileDamaged):
        vault.ways(folder)


@given(st.binary(max_size=200))
def test_bytes_of_any_kind_are_damage_and_nothing_worse(content):
    with pytest.raises((ValueError, KeyError, TypeError)):
        keyfile.parse(content)


@given(position=st.integers(0, 10**6), flip=st.integers(1, 255))
def test_no_altered_byte_opens_with_other_keys(tmp_path_factory, position, flip):
    folder = tmp_path_factory.mktemp("altered")
    keys = archives.new_keys(folder)
    raw = bytearray(keyfile.path(folder).read_bytes())
    raw[position % len(raw)] ^= flip
    keyfile.path(folder).write_bytes(raw)
    try:
        again = vault.unlock_with_passphrase(folder, PASSPHRASE)
    except (ArchiveError, UnlockError):
        return
    assert again.database_key() == keys.database_key()


def test_a_destroyed_slot_leaves_the_seal_whole(folder, made):
    file = keyfile.read(folder).destroy(Way.PIN)
    keyfile.write(folder, file)
    vault.check_seal(folder, made[0])
    assert keyfile.read(folder).destroyed[0].way is Way.PIN
