"""What a value shows of itself when it is printed, without what chance writes into it."""

import re

_CHANCE = re.compile(r"0x[0-9a-f]+|[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}|[0-9a-f]{32}")


def shown(value: object) -> str:
    """Return the value's repr without addresses and ids, in which any digits may stand."""
    return _CHANCE.sub("", repr(value))
