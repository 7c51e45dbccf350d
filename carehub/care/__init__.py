"""What is true: people, readings, trends and alerts as values and pure rules.

Standard library only; no clock and no input or output. The caller passes `now` (UTC milliseconds).
"""
