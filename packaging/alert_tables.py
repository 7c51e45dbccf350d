"""The tables of docs/alerts.md: the rules as shipped, and a replay of a file of real readings.

    python packaging/alert_tables.py rules            write the table of rules into docs/alerts.md
    python packaging/alert_tables.py replay FILE.csv  write the table of a replay as well

FILE is the sample data `welltory_blood_pressure.csv` (columns user_code, measurement_datetime,
systolic, diastolic). Both tables stand between marks, and a test holds them to the code.
"""

import csv
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path

from carehub.care.alerts.model import Level
from carehub.care.alerts.rulebook import Rule, Rulebook
from carehub.care.profiles import Described, parse_profile
from carehub.care.readings import Reading, Unit
from carehub.care.replay import ReplayedAlert, replay
from carehub.care.rows import readings_of
from carehub.care.series import series_of
from carehub.care.units import RESOLUTION, at_resolution, compared, convert

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "alerts.md"
RULES = ROOT / "resources" / "rules"
FILES = ("blood_pressure.toml", "glucose.toml", "engine.toml", "escalation.toml")
HIGH = (135, 85)


def rulebook() -> Rulebook:
    """Return the shipped rulebook."""
    return Rulebook.from_toml(*((RULES / name).read_text(encoding="utf-8") for name in FILES))


def rules_table() -> str:
    """Return the rules as a Markdown table, in the order in which they win a tie."""
    head = ["rule", "level", "condition", "version", "from", "evidence", "source", "reviewed by"]
    rows = [
        [
            rule.id,
            rule.level.name if rule.texts or rule.level else "",
            rule.condition,
            rule.version,
            rule.effective_from.isoformat(),
            rule.evidence,
            rule.source,
            rule.clinical_reviewer or "nobody yet",
        ]
        for rule in rulebook()
    ]
    return _table(head, rows)


def units_table() -> str:
    """Return the limits of single values in both units, as a meter shows them."""
    book = rulebook()
    pressures = [
        (book["BP-CRIT"], "systolic"),
        (book["BP-CRIT"], "diastolic"),
        (book["BP-EXT"], "systolic"),
        (book["BP-EXT"], "diastolic"),
        (book["BP-LOW"], "systolic"),
        (book["BP-LOW"], "diastolic"),
    ]
    sugars = [
        (book["G-LO2"], "below"),
        (book["G-LO1"], "below"),
        (book["G-HI2"], "above"),
        (book["G-HI3"], "glucose"),
        (book["G-UNDX"], "fasting"),
        (book["G-UNDX"], "random"),
    ]
    rows = [_limit(rule, name, Unit.MMHG, Unit.KPA) for rule, name in pressures]
    rows += [_limit(rule, name, Unit.MMOL_L, Unit.MG_DL) for rule, name in sugars]
    return _table(["rule", "limit", "as written", "the first that reaches it"], rows)


def _limit(rule: Rule, name: str, unit: Unit, other: Unit) -> list[str]:
    """Return a limit with the lowest value a meter in the other unit can show that reaches it."""
    value, step = rule.number(name), RESOLUTION[other]
    first = at_resolution(convert(value, unit, other), other) - 2 * step
    while (reached := compared(first, other, unit)) is not None and reached < value:
        first += step
    return [rule.id, name, f"{value} {unit}", f"{first} {other}"]


def replay_table(file: Path) -> str:
    """Return what the rules make of the file, person by person, as a Markdown table."""
    head = [
        "person",
        "readings",
        "at or above 135/85",
        "sittings",
        "sittings at or above 135/85",
        "BP-HIGH",
        "told again",
        "L3 and L4",
        "L1 notices",
        "other L2",
    ]
    rows = [_person(number, rows) for number, rows in enumerate(_people(file), 1)]
    totals = [str(sum(int(row[column]) for row in rows)) for column in range(1, len(head))]
    few = [row for row in rows if int(row[1]) >= 20]
    few_totals = [str(sum(int(row[column]) for row in few)) for column in range(1, len(head))]
    return _table(
        head, [*few, [f"those {len(few)} together", *few_totals], [f"all {len(rows)}", *totals]]
    )


def other_rules(file: Path) -> str:
    """Return how often each rule raised, over all people."""
    counts: Counter[tuple[str, str]] = Counter()
    for readings in _people(file):
        counts.update((alert.rule, alert.level.name) for alert in _alerts(readings))
    rows = [[rule, level, str(count)] for (rule, level), count in sorted(counts.items())]
    return _table(["rule", "gravest level", "alerts"], rows)


def _described() -> Described:
    return parse_profile("default", rulebook(), date(2020, 1, 1))


def _people(file: Path) -> Iterable[Sequence[Reading]]:
    """Yield each person's readings, the person with the most first."""
    lines: dict[str, list[str]] = {}
    with file.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            when = " ".join(row["measurement_datetime"].split())
            line = f"{when},{row['systolic']},{row['diastolic']}"
            lines.setdefault(row["user_code"], []).append(line)
    described = _described()
    for told in sorted(lines.values(), key=len, reverse=True):
        yield readings_of("\n".join(["taken_at,systolic,diastolic", *told, ""]), described)


def _alerts(readings: Sequence[Reading]) -> list[ReplayedAlert]:
    described = _described()
    return replay(readings, described.profile, described.plan)


def _person(number: int, readings: Sequence[Reading]) -> list[str]:
    alerts = _alerts(readings)
    series = series_of(readings)
    high = [a for a in alerts if a.rule == "BP-HIGH"]
    others = [a for a in alerts if a.rule != "BP-HIGH"]
    counts = [
        len(readings),
        sum(_high(r.v1, r.v2) for r in readings),
        len(series),
        sum(_high(s.systolic, s.diastolic) for s in series),
        len(high),
        sum(len(a.renotified_at) for a in high),
        sum(a.level >= Level.L3 for a in others),
        sum(a.level is Level.L1 for a in others),
        sum(a.level is Level.L2 for a in others),
    ]
    return [f"P{number}", *map(str, counts)]


def _high(systolic: object, diastolic: object) -> bool:
    return bool(systolic >= HIGH[0] or diastolic >= HIGH[1])  # type: ignore[operator]  # Decimals


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    lines += ["| " + " | ".join(cell.replace("|", "/") for cell in row) + " |" for row in rows]
    return "\n".join(lines)


def between(text: str, mark: str) -> str:
    """Return what stands between the marks of a table."""
    return text.split(f"<!-- {mark} -->\n", 1)[1].split(f"\n<!-- end of {mark} -->", 1)[0]


def put(text: str, mark: str, table: str) -> str:
    """Return the page with this table between its marks."""
    opening, closing = f"<!-- {mark} -->\n", f"\n<!-- end of {mark} -->"
    before, rest = text.split(opening, 1)
    return before + opening + table + closing + rest.split(closing, 1)[1]


def main(arguments: Sequence[str]) -> int:
    """Write the tables; say how to use it where the arguments are not understood."""
    text = PAGE.read_text(encoding="utf-8")
    if arguments[:1] == ["rules"] and len(arguments) == 1:
        tables = {"rules": rules_table(), "units": units_table()}
    elif arguments[:1] == ["replay"] and len(arguments) == 2:
        file = Path(arguments[1])
        tables = {"replay": replay_table(file), "raised": other_rules(file)}
    else:
        print(__doc__, file=sys.stderr)
        return 2
    for mark, table in tables.items():
        text = put(text, mark, table)
    PAGE.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
