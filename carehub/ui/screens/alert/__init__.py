"""An alert: what was measured, what to do now, whom to call."""
