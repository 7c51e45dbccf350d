"""Wrong PINs are counted before they are tried, whatever happens to the program."""

import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from carehub.archive import vault
from carehub.archive.vault import Way, keyfile, tries
from carehub.errors import PinDestroyed, PinLocked, WrongPin
from tests.helpers.archives import PIN
from tests.helpers.records import NOON

WRONG = "730164"
HOUR = 3_600_000


@pytest.fixture
def made(folder, store):
    vault.create(folder, pin=PIN, store=store, now=NOON)
    return folder


def wrong(folder, store, now):
    with pytest.raises(WrongPin):
        vault.unlock_with_pin(folder, WRONG, now, store=store)


def test_four_slips_are_free_and_then_the_wait_grows(made, store):
    now = NOON
    for _ in range(4):
        wrong(made, store, now)
    waits = []
    for _ in range(5):
        wrong(made, store, now)
        with pytest.raises(PinLocked) as locked:
            vault.unlock_with_pin(made, PIN, now, store=store)
        waits.append(locked.value.parameters["seconds"])
        assert vault.pin_wait(made, now) == waits[-1]
        now += waits[-1] * 1000
        assert vault.pin_wait(made, now) == 0
    assert waits == [30, 60, 300, 1800, 1800]


def test_a_try_while_locked_costs_nothing(made, store):
    for _ in range(5):
        wrong(made, store, NOON)
    for _ in range(20):
        with pytest.raises(PinLocked):
            vault.unlock_with_pin(made, WRONG, NOON + 1000, store=store)
    assert tries.read(made, NOON).count == 5


def test_the_right_pin_forgets_the_slips(made, store):
    for _ in range(4):
        wrong(made, store, NOON)
    vault.unlock_with_pin(made, PIN, NOON, store=store)
    assert tries.read(made, NOON) == tries.Tries()


def test_a_clock_set_back_shortens_and_lengthens_nothing(made, store):
    for _ in range(5):
        wrong(made, store, NOON)
    assert vault.pin_wait(made, NOON - 10 * HOUR) == 30
    assert vault.pin_wait(made, 0) == 30


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b'{"count": null}', b'{"count": "x", "last_at": 1}'], ids=repr
)
def test_a_counter_that_cannot_be_read_makes_one_wait(made, store, content):
    (made / tries.NAME).write_bytes(content)
    with pytest.raises(PinLocked) as locked:
        vault.unlock_with_pin(made, PIN, NOON, store=store)
    assert locked.value.parameters == {"seconds": 1800}
    vault.unlock_with_pin(made, PIN, NOON + HOUR, store=store)


def test_two_programs_do_not_share_one_guess(made, store):
    def guess(_):
        try:
            vault.unlock_with_pin(made, WRONG, NOON, store=store)
        except (WrongPin, PinLocked) as refusal:
            return refusal.code
        return "open"

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(guess, range(16)))
    assert answers.count("wrong_pin") == 5
    assert answers.count("pin_locked") == 11


def test_a_kill_between_counting_and_deriving_gives_no_free_guess(made, store):
    file = keyfile.read(made)
    secret = store.get(f"carehub-archive-{file.archive_id.hex}")
    for count in range(1, 11):
        now = NOON + count * HOUR
        done = subprocess.run(
            [sys.executable, "-c", _KILLED_IN_THE_KDF, str(made), WRONG, str(now), secret],
            check=False,
            capture_output=True,
        )
        assert done.returncode == -signal.SIGKILL, done.stderr
        assert tries.read(made, now).count == count
        if count == 5:
            with pytest.raises(PinLocked):
                vault.unlock_with_pin(made, PIN, now, store=store)
    with pytest.raises(PinDestroyed):
        vault.unlock_with_pin(made, PIN, NOON + 100 * HOUR, store=store)
    assert Way.PIN not in vault.ways(made)
    assert vault.unlock_with_keyring(made, store=store)


_KILLED_IN_THE_KDF = """
import os, signal, sys
from pathlib import Path
from carehub.archive import vault
from carehub.archive.vault import keyfile, slots

folder, pin, now, secret = sys.argv[1:]
store = vault.MemoryKeys()
store.put(f"carehub-archive-{keyfile.read(Path(folder)).archive_id.hex}", secret)
slots.stretched = lambda *given: os.kill(os.getpid(), signal.SIGKILL)
vault.unlock_with_pin(Path(folder), pin, int(now), store=store)
"""
