"""omblepy: the CSV of one user of an Omron cuff, `datetime,dia,sys,bpm,mov,ihb`."""

from collections.abc import Sequence

from carehub.imports.mapped import table_format


def _sign(names: Sequence[str]) -> bool:
    return {"datetime", "dia", "sys", "bpm", "mov", "ihb"} <= set(names)


FORMAT = table_format("omblepy", "omblepy", "one pressure each", _sign)
