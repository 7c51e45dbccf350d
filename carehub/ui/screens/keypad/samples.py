"""The keypad needs no view: it is opened for a kind and typed into."""

from carehub.ui.screens.sample import NOW, Sample

EVENING = NOW - 14 * 3_600_000

SAMPLES = (
    Sample("keypad", "pressure", what={"kind": "blood_pressure"}),
    Sample("keypad", "glucose", what={"kind": "glucose", "context": "fasting"}),
    Sample("keypad", "earlier", what={"kind": "glucose", "context": "fasting", "at": EVENING}),
    Sample("keypad.time", "earlier", what={"at": EVENING}),
)
