"""Consulting a doctor: one page that says everything a doctor asks first."""
