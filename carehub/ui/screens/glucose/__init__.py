"""Measure glucose: when it is, then the meter or the numbers by hand."""
