"""Bringing in what another program kept: choose a file, look at it, store it, take it out again."""
