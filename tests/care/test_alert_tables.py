"""The tables of docs/alerts.md are those of the code."""

from pathlib import Path

import pytest

from tests.helpers.scripts import ROOT, script

PAGE = ROOT / "docs" / "alerts.md"
SAMPLE = ROOT.parent / "shared" / "data" / "welltory_blood_pressure.csv"
tables = script("alert_tables")


def told(mark: str) -> str:
    return str(tables.between(PAGE.read_text(encoding="utf-8"), mark))


def test_the_rules_and_units_are_those_shipped() -> None:
    assert told("rules") == tables.rules_table()
    assert told("units") == tables.units_table()


def test_a_replay_counts_people_readings_and_alerts(tmp_path: Path) -> None:
    file = tmp_path / "sample.csv"
    rows = [f"a,2026-01-{day:02d}  07:30:00,90,150" for day in range(1, 29)]
    rows += ["b,2026-01-01 07:30:00,80,205"]
    head = "user_code,measurement_datetime,diastolic,systolic"
    file.write_text("\n".join([head, *rows, ""]), encoding="utf-8")
    lines = tables.replay_table(file).splitlines()
    assert lines[2].startswith("| P1 | 28 | 28 | 28 | 28 | 1 | 4 | 0 |")
    assert lines[-1].startswith("| all 2 | 29 | 29 | 29 | 29 | 1 | 4 | 1 |")
    assert "| BP-EXT | L3 | 1 |" in tables.other_rules(file)


def test_the_replay_of_the_sample_data_is_current() -> None:
    if not SAMPLE.exists():
        pytest.skip("the sample data welltory_blood_pressure.csv is not beside the project")
    assert told("replay") == tables.replay_table(SAMPLE)
    assert told("raised") == tables.other_rules(SAMPLE)


def test_it_says_how_to_use_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert tables.main(["dance"]) == 2
    assert "alert_tables.py rules" in capsys.readouterr().err
