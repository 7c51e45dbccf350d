"""HealthLog: a CSV with posture and the zone of each reading; a comma inside a cell has a backslash."""

from collections.abc import Sequence

from carehub.imports.mapped import table_format


def _sign(names: Sequence[str]) -> bool:
    return {"takenat", "localoffsetminutes", "systolic"} <= set(names)


FORMAT = table_format("healthlog", "HealthLog", "one pressure each", _sign, escape="\\")
