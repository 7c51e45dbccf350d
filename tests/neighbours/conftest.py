"""Desks of their own for the tests that look at the real window from outside."""

from collections.abc import Iterator

import pytest

from tests.helpers.canaries import NAME
from tests.neighbours import desk as desks
from tests.neighbours.desk import Desk
from tests.neighbours.reader import Reader

PASSPHRASE = "four plain example words"


@pytest.fixture(scope="session")
def _can_read() -> None:
    why = desks.missing()
    if why:
        pytest.skip(why)


@pytest.fixture
def desk(_can_read: None) -> Iterator[Desk]:
    """Set up a screen with a window manager, a session bus and an accessibility bus."""
    with desks.desk() as made:
        yield made


@pytest.fixture
def reader(desk: Desk) -> Reader:
    """Sit down at the desk with a screen reader."""
    return Reader(desk)


@pytest.fixture
def archive(desk: Desk) -> Desk:
    """Make an archive with one person in it, by the commands that README names."""
    made = desk.carehub("archive", "create", "--passphrase-stdin", given=PASSPHRASE + "\n")
    assert made.returncode == 0, made.stderr
    given = PASSPHRASE + "\n"
    added = desk.carehub("people", "add", "--name", NAME, "--passphrase-stdin", given=given)
    assert added.returncode == 0, added.stderr
    return desk
