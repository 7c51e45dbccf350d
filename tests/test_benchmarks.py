"""The runner of benchmarks; the figures themselves are never asserted."""

import json

import pytest

from tests.benchmarks import __main__ as runner
from tests.benchmarks.row import Row


def test_the_codecs_are_among_those_that_measure():
    assert "gatt" in runner.names()
    assert not {"row", "__main__"} & set(runner.names())


def test_a_table_shows_value_baseline_ratio_and_target():
    row = Row("save a reading", 0.00123, "s", 0.0005, 2.46, "10 ms")
    text = runner.table({"name": "archive", "rows": [row._asdict()], "seconds": 1.0})
    assert text.splitlines()[2].split() == [
        "save",
        "a",
        "reading",
        "0.00123",
        "s",
        "0.0005",
        "2.46x",
        "10",
        "ms",
    ]


def test_one_that_cannot_run_is_named_and_the_others_go_on(monkeypatch, capsys, tmp_path):
    monkeypatch.setattr(runner, "names", lambda: ["absent", "gatt"])
    monkeypatch.setattr("tests.benchmarks.gatt.SECONDS", 0.001)
    report = tmp_path / "figures.json"
    assert runner.main(["--json", str(report)]) == 1
    said = capsys.readouterr().out
    assert "absent: could not run here: ModuleNotFoundError" in said
    written = json.loads(report.read_text(encoding="utf-8"))
    assert [result["name"] for result in written["benchmarks"]] == ["absent", "gatt"]
    assert written["benchmarks"][1]["rows"][0]["figure"] == "decode 2A35"
    assert written["machine"]["cores"] >= 1


def test_an_unknown_name_is_refused(capsys):
    with pytest.raises(SystemExit):
        runner.main(["nonsense"])
    assert "no such benchmark: nonsense" in capsys.readouterr().err
