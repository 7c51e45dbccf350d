"""The keypad needs no view: it is opened for a kind and typed into."""

from carehub.ui.screens.sample import Sample

SAMPLES = (
    Sample("keypad", "pressure", what={"kind": "blood_pressure"}),
    Sample("keypad", "glucose", what={"kind": "glucose", "context": "fasting"}),
)
