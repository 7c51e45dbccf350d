"""Who waits to be told that a stream moved on; rung after the commit, in this process only."""

import asyncio
from collections.abc import Iterable
from contextlib import contextmanager
from typing import TYPE_CHECKING
from uuid import UUID

if TYPE_CHECKING:
    from collections.abc import Iterator


class Bell:
    """Wakes the listeners of a person or an account; a listener that is busy is woken once."""

    def __init__(self) -> None:
        self._waiting: dict[UUID, set[asyncio.Event]] = {}
        self.closed = False

    @contextmanager
    def listening(self, names: Iterable[UUID]) -> "Iterator[asyncio.Event]":
        """Give an event that is set whenever one of `names` (persons, accounts) is rung."""
        heard, mine = asyncio.Event(), frozenset(names)
        for name in mine:
            self._waiting.setdefault(name, set()).add(heard)
        if self.closed:
            heard.set()
        try:
            yield heard
        finally:
            for name in mine:
                self._leave(name, heard)

    def ring(self, *names: UUID) -> None:
        """Wake whoever listens for one of these."""
        for name in names:
            for heard in self._waiting.get(name, ()):
                heard.set()

    def close(self) -> None:
        """Wake everybody for the last time: the service stops."""
        self.closed = True
        self.ring(*self._waiting)

    def _leave(self, name: UUID, heard: asyncio.Event) -> None:
        others = self._waiting[name]
        others.discard(heard)
        if not others:
            del self._waiting[name]
