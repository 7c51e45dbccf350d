"""The screens' only clock; free of Qt, so that what models read may ask it."""

import time


def now() -> int:
    """Return the time in UTC milliseconds."""
    return time.time_ns() // 1_000_000
