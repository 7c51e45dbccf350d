"""How often one address may ask: a bucket that fills evenly; kept in this process."""

from collections import OrderedDict

MOST_KNOWN = 10_000
"""Addresses remembered; the longest unheard is forgotten first."""
MINUTE = 60_000


class Rates:
    """So many requests a minute for each name, with as many at once after a quiet minute."""

    def __init__(self, per_minute: int) -> None:
        self._per_minute = per_minute
        self._known: OrderedDict[str, tuple[float, int]] = OrderedDict()

    def wait(self, name: str, now: int) -> int:
        """Count one request at `now` (UTC ms); return 0, or the seconds to wait for the next."""
        left, at = self._known.pop(name, (float(self._per_minute), now))
        left = min(self._per_minute, left + max(0, now - at) * self._per_minute / MINUTE)
        allowed = left >= 1
        self._known[name] = (left - allowed, now)
        while len(self._known) > MOST_KNOWN:
            self._known.popitem(last=False)
        return 0 if allowed else max(1, round((1 - left) * 60 / self._per_minute))
