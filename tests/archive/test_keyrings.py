"""The system's keyring: which kinds are used, and what happens when it does not answer."""

import gc
import shutil
import subprocess
import sys
import threading
import warnings

import keyring
import pytest
from keyring.backends.chainer import ChainerBackend
from keyring.backends.SecretService import Keyring as SecretService

from carehub.archive import keyrings, vault
from carehub.archive.keyrings import OsKeyring
from carehub.archive.vault import device
from carehub.errors import KeyringChanged, KeyringUnavailable
from tests.helpers import archives
from tests.helpers.archives import PASSPHRASE, PIN
from tests.helpers.records import NOON

REAL = pytest.mark.skipif(
    not (shutil.which("gnome-keyring-daemon") and shutil.which("dbus-daemon")),
    reason="no gnome-keyring on this machine",
)


@pytest.mark.parametrize("name", ["null.Keyring", "fail.Keyring"])
def test_a_keyring_that_keeps_nothing_is_refused(monkeypatch, name):
    backend = keyring.core.load_keyring(f"keyring.backends.{name}")
    monkeypatch.setattr(keyring.core, "_keyring_backend", backend)
    with pytest.raises(KeyringUnavailable):
        OsKeyring().get("carehub-archive-x")


def test_a_plain_text_keyring_is_refused_whoever_configured_it(monkeypatch):
    class PlaintextKeyring(SecretService):
        pass

    monkeypatch.setattr(keyring.core, "_keyring_backend", PlaintextKeyring())
    with pytest.raises(KeyringUnavailable):
        OsKeyring().put("carehub-archive-x", "secret")


def test_the_first_allowed_one_of_a_chain_is_used(monkeypatch):
    allowed = SecretService()

    chain = ChainerBackend()
    links = [keyring.core.load_keyring("keyring.backends.null.Keyring"), allowed]
    monkeypatch.setattr(ChainerBackend, "backends", links)
    monkeypatch.setattr(keyring.core, "_keyring_backend", chain)
    assert OsKeyring().name == "keyring.backends.SecretService.Keyring"


def test_without_a_keyring_a_pin_is_not_possible_and_a_passphrase_is(folder):
    with pytest.raises(KeyringUnavailable):
        vault.create(folder, pin=PIN, now=NOON)
    with pytest.raises(KeyringUnavailable):
        vault.create(folder, passphrase=PASSPHRASE, now=NOON)
    assert not vault.exists(folder)
    vault.create(folder, passphrase=PASSPHRASE, keyring=False, now=NOON)
    assert vault.unlock_with_passphrase(folder, PASSPHRASE)


def test_a_keyring_that_waits_for_its_password_is_given_up():
    gate = threading.Event()
    try:
        with pytest.raises(KeyringUnavailable):
            keyrings.ask(gate.wait, timeout=0.05)
    finally:
        gate.set()
        for thread in threading.enumerate():
            if thread.name == "keyring":
                thread.join()


@pytest.mark.parametrize(
    "trouble", [OSError("bus"), EOFError(), keyring.errors.KeyringLocked("locked")]
)
def test_trouble_of_a_keyring_has_one_name(trouble):
    def call():
        raise trouble

    with pytest.raises(KeyringUnavailable) as unavailable:
        keyrings.ask(call)
    assert unavailable.value.__cause__ is trouble


def test_memory_forgets():
    store = vault.MemoryKeys()
    store.put("a", "b")
    store.remove("a")
    store.remove("a")
    assert store.get("a") is None


@pytest.fixture(scope="module")
def desktop():
    with archives.desktop_keyring() as env:
        yield env


@pytest.fixture(autouse=True)
def _sockets_of_the_library():
    """Collect what keyring's own backend leaves open, before another test is blamed for it."""
    yield
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()


@pytest.fixture
def real(desktop, monkeypatch):
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", desktop["DBUS_SESSION_BUS_ADDRESS"])
    monkeypatch.setattr(keyring.core, "_keyring_backend", SecretService())
    return OsKeyring()


@REAL
def test_a_real_keyring_unlocks_the_archive(folder, real):
    keys, code = vault.create(folder, pin=PIN, now=NOON)
    assert real.name == "keyring.backends.SecretService.Keyring"
    for again in (
        vault.unlock_with_keyring(folder),
        vault.unlock_with_pin(folder, PIN, NOON),
        vault.unlock_with_recovery(folder, code),
    ):
        assert again.database_key() == keys.database_key()
    secret = real.get(device.service(keys.archive_id))
    assert secret is not None
    assert len(secret) == 43


@REAL
def test_a_real_keyring_serves_another_process(folder, real, desktop):
    keys, _ = vault.create(folder, pin=PIN, now=NOON)
    code = (
        "import sys; from pathlib import Path; from carehub.archive import vault;"
        "print(vault.unlock_with_keyring(Path(sys.argv[1])).archive_id)"
    )
    env = desktop | {"PYTHON_KEYRING_BACKEND": "keyring.backends.SecretService.Keyring"}
    done = subprocess.run(
        [sys.executable, "-c", code, str(folder)],
        env=env,
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.stdout.strip() == str(keys.archive_id), done.stderr


@REAL
def test_a_real_keyring_that_forgot_loses_nothing(folder, real):
    keys, code = vault.create(folder, pin=PIN, now=NOON)
    real.remove(device.service(keys.archive_id))
    real.remove(device.service(keys.archive_id))
    with pytest.raises(KeyringChanged):
        vault.unlock_with_keyring(folder)
    with pytest.raises(KeyringChanged):
        vault.unlock_with_pin(folder, PIN, NOON)
    again = vault.unlock_with_recovery(folder, code)
    vault.remember_in_keyring(folder, again)
    assert vault.unlock_with_keyring(folder).database_key() == keys.database_key()


@REAL
def test_a_real_keyring_that_is_locked_is_unavailable(folder, tmp_path, monkeypatch):
    with archives.desktop_keyring() as env:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", env["DBUS_SESSION_BUS_ADDRESS"])
        monkeypatch.setattr(keyring.core, "_keyring_backend", SecretService())
        vault.create(folder, pin=PIN, now=NOON)
        import secretstorage

        with secretstorage.dbus_init() as bus:
            secretstorage.get_default_collection(bus).lock()
        with pytest.raises(KeyringUnavailable):
            vault.unlock_with_keyring(folder, store=OsKeyring(timeout=3))
    for thread in threading.enumerate():
        if thread.name == "keyring":
            thread.join(20)


def test_no_bus_at_all_is_unavailable(folder, monkeypatch):
    monkeypatch.setattr(keyring.core, "_keyring_backend", SecretService())
    with pytest.raises(KeyringUnavailable):
        OsKeyring().get("carehub-archive-x")
