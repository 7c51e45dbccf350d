"""Readings: everything that was measured, by month and day, to look at, correct and strike out."""
