"""iHealth: a CSV, `Date,Time,SYS(mmHg),DIA(mmHg),Pulse(Beats/Min),Note`, dates like Dec 31, 2025."""

from collections.abc import Sequence

from carehub.imports.mapped import table_format


def _sign(names: Sequence[str]) -> bool:
    joined = "".join(names).replace(" ", "")
    return "sys(" in joined and "dia(" in joined and "beats/min" in joined


FORMAT = table_format("ihealth", "iHealth", "one pressure each", _sign)
