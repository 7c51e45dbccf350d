"""Names and values that must never reach a log line: use them in a test, and the log is watched.

`tests/conftest.py` watches every test; nothing has to be asked for.
"""

import re

NAME = "王示例"
PHONE = "13800000000"
SYSTOLIC = 213
DIASTOLIC = 117
GLUCOSE = "27.93"
PIN = "730461"

# Plainly fictional names all carry 示例 (example), test telephone numbers 1380000.
PATTERN = re.compile(
    rf"示例|1380000\d{{4}}|(?<![\d.]){SYSTOLIC}(?![\d.])|(?<![\d.]){re.escape(GLUCOSE)}(?!\d)|{PIN}"
)


def found(text: str) -> str | None:
    """Return the first canary in `text`, or None."""
    hit = PATTERN.search(text)
    return hit.group() if hit else None
