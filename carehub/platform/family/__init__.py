"""Mandates: who was given what, by whom, until when."""
