"""Archives for tests: real SQLCipher and real key files, with a key derivation that costs nothing."""

import atexit
import os
import random
import shutil
import sqlite3
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import cache
from pathlib import Path
from unittest.mock import patch
from uuid import UUID

from carehub.archive import cipher, migrate, vault
from carehub.archive.store import Archive
from carehub.archive.vault import Keys, slots
from tests.helpers.records import NOON

CHEAP = slots.Stretch(64, 1, 1)
PASSPHRASE = "four plain example words"
PIN = "402857"
_to_head = migrate.to_head


@contextmanager
def cheap_keys() -> Iterator[None]:
    """Make slots whose Argon2id takes no time; their strength is not what is tested."""
    with patch.object(slots, "affordable", lambda: CHEAP):
        yield


def new_keys(folder: Path) -> Keys:
    """Make the keys of an archive in `folder` that PASSPHRASE opens."""
    with cheap_keys():
        keys, _ = vault.create(folder, passphrase=PASSPHRASE, keyring=False, now=NOON)
    return keys


def new(folder: Path, *, demo: bool = False) -> Archive:
    """Make an empty archive and open it; its tables are copied from the first one made here."""
    with patch.object(migrate, "to_head", _tables_from_pattern):
        return Archive.create(folder, new_keys(folder), NOON, demo=demo)


def _tables_from_pattern(file: Path, key: str) -> None:
    """Give an empty database the tables of today, which migrating made once for this process."""
    pattern, its_key = _pattern()
    with closing(cipher.connect(file, key)) as connection:
        connection.execute(f"ATTACH DATABASE '{pattern}' AS pattern KEY \"x'{its_key}'\"")
        connection.execute("SELECT sqlcipher_export('main', 'pattern')").fetchall()
        connection.execute("DETACH DATABASE pattern")


@cache
def _pattern() -> tuple[Path, str]:
    folder = Path(tempfile.mkdtemp(prefix="archive-pattern-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    file, key = folder / "pattern.db", "5a" * 32
    cipher.connect(file, key, mode="rwc").close()
    _to_head(file, key)
    cipher.checkpoint(file, key)
    return file, key


def at_revision(folder: Path, revision: str) -> Keys:
    """Make an archive as an older CareHub left it, with a row in each table that had one."""
    keys = new_keys(folder)
    file, key = folder / "archive.db", keys.database_key()
    cipher.connect(file, key, mode="rwc").close()
    migrate.to_head(file, key, to=revision)
    with closing(cipher.connect(file, key)) as connection:
        fill(connection)
    return keys


def fill(connection: sqlite3.Connection, people: int = 3) -> None:
    """Put rows into every table, three children for each person, whatever columns it has."""
    chance = random.Random(7)
    ids = [UUID(int=chance.getrandbits(128)).bytes for _ in range(people)]
    names = [
        str(row[0])
        for row in cipher.answers(
            connection,
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'"
            " AND name NOT LIKE 'search%' AND name <> 'alembic_version'",
        )
    ]
    names.sort(key=lambda name: name != "person")
    for name in names:
        _fill_table(connection, name, ids, chance)


def _fill_table(
    connection: sqlite3.Connection, name: str, people: list[bytes], chance: random.Random
) -> None:
    columns = cipher.answers(connection, f'PRAGMA table_info("{name}")')
    owners = people if name in _ONE_EACH else people * 3
    for number, owner in enumerate(owners):
        values = [_value(name, column, owner, number, chance) for column in columns]
        marks = ", ".join("?" * len(values))
        connection.execute(f'INSERT INTO "{name}" VALUES ({marks})', values)


_ONE_EACH = ("person", "target", "glucose_plan", "stream", "meta")
_WORDS = {
    "sex": "female",
    "code": "hypertension",
    "medicine_class": "other",
    "kind": "blood_pressure",
    "history_line.kind": "illness",
    "op.kind": "reading",
    "op.state": "pending",
    "alert.text": "Example",
    "unit": "mmHg",
    "context": "random",
    "setting": "home",
    "posture": "sitting",
    "source": "keypad",
    "time_quality": "ok",
    "purpose": "archive",
    "state": "active",
    "act": "add",
    "advice": "[]",
    "renotified_at": "[]",
    "inputs": "{}",
    "slots": "[]",
    "body": "{}",
    "base": "{}",
    "fields": "{}",
    "scopes": "[]",
    "kept": "1",
    "lost": "2",
    "flags": "",
    "symptoms": "",
    "born": "1950-01-02",
    "hba1c_on": "2026-01-02",
    "health_group": "good",
    "outcome": "taken",
}


def _value(
    table: str, column: tuple[object, ...], owner: bytes, number: int, chance: random.Random
) -> object:
    _, name, kind, *_ = column
    if name == "person_id" or (table, name) == ("person", "id"):
        return owner
    if kind == "BLOB":
        return UUID(int=chance.getrandbits(128)).bytes
    if kind == "BOOLEAN":
        return int(name == "in_force")
    if kind == "INTEGER":
        return (number + 1) * 1_000_000
    usual = f"{table}-{number}" if name in ("id", "key") else f"示例 {number}"
    return _WORDS.get(f"{table}.{name}", _WORDS.get(str(name), usual))


@contextmanager
def desktop_keyring(password: str = "example") -> Iterator[dict[str, str]]:
    """Run a bus and a gnome-keyring of its own; yield the environment that reaches them."""
    home = Path(tempfile.mkdtemp(prefix="keyring-"))
    env = os.environ | {
        "HOME": str(home),
        "XDG_DATA_HOME": str(home / ".local/share"),
        "XDG_RUNTIME_DIR": str(home),
    }
    home.chmod(0o700)
    config = home / "bus.conf"
    config.write_text(_BUS.format(home=home))
    bus = subprocess.Popen(
        ["dbus-daemon", f"--config-file={config}", "--nofork", "--nopidfile", "--print-address=1"],
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert bus.stdout is not None
    env["DBUS_SESSION_BUS_ADDRESS"] = bus.stdout.readline().strip()
    daemon = subprocess.Popen(
        ["gnome-keyring-daemon", "--unlock", "--components=secrets", "--foreground"],
        env=env,
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert daemon.stdin is not None
    daemon.stdin.write(password)
    daemon.stdin.close()
    _wait_for_secrets(env["DBUS_SESSION_BUS_ADDRESS"])
    try:
        yield env
    finally:
        for process in (daemon, bus):
            process.terminate()
            process.wait(timeout=10)
        bus.stdout.close()
        shutil.rmtree(home, ignore_errors=True)


# A bus of its own that starts nothing by itself: else it would start a second, locked keyring.
_BUS = """
<busconfig>
  <type>session</type>
  <listen>unix:path={home}/bus</listen>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"""


def _wait_for_secrets(address: str) -> None:
    from jeepney.bus_messages import message_bus  # type: ignore[import-untyped]  # no types
    from jeepney.io.blocking import (  # type: ignore[import-untyped]  # ships no types
        Proxy,
        open_dbus_connection,
    )

    with open_dbus_connection(address) as bus:
        ask = Proxy(message_bus, bus)
        for _ in range(400):
            if ask.NameHasOwner("org.freedesktop.secrets")[0]:
                return
            time.sleep(0.025)
    raise TimeoutError("gnome-keyring does not come up")
