"""The last steps of `carehub demo --headless`: a daughter far away, and a reading that reaches her."""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import TYPE_CHECKING, Protocol
from uuid import UUID

from carehub.care.people import Person
from carehub.care.readings import Kind, Reading, Source, Unit
from carehub.cli import opening, saying, shapes
from carehub.i18n import _, ngettext
from carehub.workflows import demo_family, readings
from carehub.workflows.family import Family
from carehub.workflows.live import client_of
from carehub.workflows.sync import Clock, Sharing

if TYPE_CHECKING:
    from carehub.archive.store import Archive

VALUES = (134, 83, 72)
"""What the mother measures while her daughter watches: pressures in mmHg and the pulse."""


class Say(Protocol):
    """Tells one step of the walk."""

    def __call__(self, step: str, sentence: str, **facts: object) -> None:
        """Say a sentence, with the facts behind it."""
        ...


async def cross(archive: "Archive", mother: Person, clock: Clock, say: Say) -> None:
    """Start a platform, let the family agree, and watch one reading cross."""
    with _platform() as url, opening.scratch(demo=True) as far:
        here, there = client_of(url), client_of(url)
        say("platform", _("A platform answers on this computer, at {url}.").format(url=url))
        try:
            own = demo_family.add_daughter(far, clock())
            await demo_family.sign_in(archive, here, url, clock)
            demo_family.share(archive, mother.id, clock())
            sent = (await Sharing(archive, here, clock).now()).sent
            said = ngettext(
                "{name} agrees to share; {n} change of hers goes there.",
                "{name} agrees to share; {n} changes of hers go there.",
                sent,
            )
            say("shared", said.format(name=mother.greeting_name, n=sent), sent=sent)
            await demo_family.sign_in(far, there, url, clock)
            code = await demo_family.invite(archive, here, mother.id, clock)
            await Family(far, there, clock).accept(code, own.name, alerts=True)
            await demo_family.say_yes(archive, here, mother.id, clock)
            text = _("Her daughter {daughter} asks with a code, and {name} says yes to it.")
            say("mandate", text.format(daughter=own.name, name=mother.greeting_name))
            await Sharing(far, there, clock).now()
            began = time.perf_counter()
            reading = _typed(archive, mother.id, clock())
            await Sharing(archive, here, clock).now()
            await Sharing(far, there, clock).now()
            _arrived(far, reading, round((time.perf_counter() - began) * 1000), say)
        finally:
            await here.close()
            await there.close()


def _typed(archive: "Archive", mother: UUID, now: int) -> Reading:
    v1, v2, v3 = (Decimal(value) for value in VALUES)
    reading = Reading(
        id=UUID(int=0),
        person_id=mother,
        kind=Kind.BLOOD_PRESSURE,
        taken_at=now,
        unit=Unit.MMHG,
        v1=v1,
        v2=v2,
        v3=v3,
        source=Source.KEYPAD,
        received_at=now,
        simulated=True,
    )
    return readings.type_in(archive, reading, now).added[0]


def _arrived(far: "Archive", sent: Reading, took: int, say: Say) -> None:
    from carehub.archive import readings as rows

    with far.read() as tx:
        found = rows.get(tx, sent.id)
    if found is None:
        say("lost", _("The reading did not arrive."))
        return
    text = _("She measures {values}; it stands in her daughter's archive {ms} ms later.")
    words = text.format(values=saying.values(found), ms=took)
    say("crossed", words, reading=shapes.reading(found), milliseconds=took)


@contextmanager
def _platform() -> Iterator[str]:
    """Run the demo's platform beside this process; it ends with its standard input."""
    words = [sys.executable, "-m", "carehub", "demo", "--serve"]
    pipe = subprocess.PIPE
    with subprocess.Popen(words, stdin=pipe, stdout=pipe, text=True) as child:  # noqa: S603 - ourselves
        assert child.stdin is not None
        assert child.stdout is not None
        try:
            yield child.stdout.readline().strip()
        finally:
            child.stdin.close()
