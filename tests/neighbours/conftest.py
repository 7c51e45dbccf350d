"""Desks of their own for the tests that look at the real window from outside."""

from collections.abc import Iterator

import pytest

from tests.neighbours import desk as desks
from tests.neighbours.desk import Desk
from tests.neighbours.reader import Reader


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
