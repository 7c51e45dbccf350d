"""The page while one's own records open, and while the demo is made."""

from carehub.ui.screens.sample import Sample

SAMPLES = (Sample("opening", "own"), Sample("opening", "demo", what={"demo": True}))
