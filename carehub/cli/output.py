"""How a command prints its answer: one JSON value for scripts, or lines for people."""

import json
from collections.abc import Iterable


def emit(value: object, as_json: bool, lines: Iterable[str]) -> None:
    """Print `value` as one line of JSON where a script asked for it, otherwise the lines.

    A value that JSON does not know (NaN, a Decimal) is a bug of ours and raises.
    """
    if as_json:
        print(json.dumps(value, ensure_ascii=False, allow_nan=False))
        return
    for line in lines:
        print(line)
