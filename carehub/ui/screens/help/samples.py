"""The help page needs no view: the sample person's family stands on it."""

from carehub.ui.screens.sample import Sample

SAMPLES = (Sample("help", "family"),)
