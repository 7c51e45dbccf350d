"""Withings: the CSV of an account's download, `Date,Heart rate,Systolic,Diastolic,Comments`."""

from collections.abc import Sequence

from carehub.imports.mapped import table_format


def _sign(names: Sequence[str]) -> bool:
    return list(names[:4]) == ["date", "heart rate", "systolic", "diastolic"]


FORMAT = table_format("withings", "Withings", "one pressure each", _sign)
