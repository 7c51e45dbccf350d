"""What a running service is made of; routes receive it, and nothing is global."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Annotated

from fastapi import Depends, Request

from carehub.platform.accounts.secrets import Passwords
from carehub.platform.attachments.shelf import Shelf
from carehub.platform.bell import Bell
from carehub.platform.db import Database
from carehub.platform.jobs import Jobs
from carehub.platform.settings import Settings

Clock = Callable[[], int]


@dataclass(frozen=True)
class Running:
    """The parts of one service: settings, database, clock (UTC ms), the bell for live events.

    `faults` are seeded mistakes that tests switch on to prove that they would be caught.
    """

    settings: Settings
    db: Database
    clock: Clock
    passwords: Passwords
    shelf: Shelf
    bell: Bell = field(default_factory=Bell)
    jobs: Jobs = field(default_factory=Jobs)
    faults: frozenset[str] = frozenset()


def running(request: Request) -> Running:
    """Return the service that answers this request."""
    found: Running = request.app.state.running
    return found


Here = Annotated[Running, Depends(running)]
