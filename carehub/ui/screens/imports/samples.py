"""The page that brings in history."""

from uuid import UUID

from carehub.archive.batches import Batch
from carehub.care.readings import Unit
from carehub.errors import FileUnclear
from carehub.imports.rows import Answers
from carehub.imports.sources import Source
from carehub.ui.screens.imports.model import ImportsView, batches_of, preview_of, question_of
from carehub.ui.screens.sample import NOW, PERSON, Sample

_TABLE = """Date,Time,Systolic (mmHg),Diastolic (mmHg),Pulse (bpm),Symptoms,Consumed,TruRead,Notes
Mar 02 2025,07:05,131,79,61,-,-,Off,
Mar 02 2025,20:10,127,77,66,-,-,On,
someday,20:10,127,77,66,-,-,On,
"""


def _batches() -> ImportsView:
    batch = Batch(UUID(int=71), PERSON.id, "omron_connect", "omron.csv", NOW - 86_400_000, 412)
    return batches_of([batch], {PERSON.id: PERSON.greeting_name}, NOW, 480)


def seen() -> ImportsView:
    """Return a file that was looked at."""
    from carehub.workflows import importing

    found = importing.preview(Source.of_bytes(_TABLE.encode()), Answers(), NOW)
    return ImportsView(_batches().batches, preview_of(found, PERSON.greeting_name))


def asked() -> ImportsView:
    """Return a file that does not say its unit."""
    unclear = FileUnclear("glucose_unit", "", (Unit.MMOL_L, Unit.MG_DL))
    return ImportsView(question=question_of(unclear))


SAMPLES = (
    Sample("imports", "empty", ImportsView),
    Sample("imports", "batches", _batches),
    Sample("imports", "seen", seen),
    Sample("imports", "asked", asked),
)
