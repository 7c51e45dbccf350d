"""One figure of a benchmark, as the runner prints it and writes it to JSON."""

from typing import NamedTuple


class Row(NamedTuple):
    """What was measured; `ratio` is how many times `baseline` it costs, where a bare one exists.

    `baseline` is measured in the same run and in the same unit. `target` is the figure the design
    promises, in words with its unit; it is printed beside, and asserted nowhere.
    """

    figure: str
    value: float
    unit: str
    baseline: float | None = None
    ratio: float | None = None
    target: str = ""
