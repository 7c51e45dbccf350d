"""`carehub import` as scripts use it: a look without an archive, a batch with one, undo."""

import json

import pytest

from tests.helpers import notebooks as n


@pytest.fixture
def omron(tmp_path):
    file = tmp_path / "from the phone.txt"
    file.write_text(
        n.OMRON + "Mar 02 2025,07:05,131,79,61,-,-,Off,\nmaybe,,,,,,,,\n", encoding="utf-8"
    )
    return str(file)


def test_a_dry_run_needs_no_archive(carehub, omron):
    answer = carehub("import", omron, "--dry-run", "--json")
    assert answer.err == ""
    told = answer.json
    assert told["format"] == "omron_connect"
    assert (told["rows_read"], told["rows_new"], told["rows_duplicate"]) == (4, 2, 1)
    assert told["rows_refused"] == [{"line": 5, "reason": "bad_time"}]
    assert told["kinds"] == {"blood_pressure": 2}
    assert told["since"] == "2025-03-02T07:05:00+08:00"
    assert told["first"][0]["values"] == ["131", "79", "61"]
    assert told["batch"] is None
    assert set(told) == {
        "format", "rows_read", "rows_new", "rows_duplicate", "rows_refused", "kinds", "since",
        "until", "dates", "users", "first", "batch", "person_id",
    }  # fmt: skip


def test_a_look_in_words_says_what_is_what(carehub, omron):
    told = carehub("import", omron).out
    assert "OMRON connect" in told
    assert "4 rows: 2 new, 1 known already, 1 refused." in told
    assert "Line 5: the time cannot be read" in told
    assert "--yes" in told


def test_many_refused_rows_are_counted_in_words(carehub, tmp_path):
    file = tmp_path / "x.csv"
    file.write_text("time,sys,dia\n" + "never,131,79\n" * 12, encoding="utf-8")
    assert "and 2 more rows" in carehub("import", str(file)).out


def test_an_empty_table_is_no_mistake(carehub, tmp_path):
    file = tmp_path / "x.csv"
    file.write_text("time,sys,dia\n", encoding="utf-8")
    told = carehub("import", str(file), "--dry-run", "--json").json
    assert (told["rows_read"], told["since"], told["rows_refused"]) == (0, None, [])


def test_store_look_again_and_undo(unlocked, omron):
    unlocked("people", "add", "--name", "王示例")
    stored = unlocked("import", omron, "--yes", "--json").json
    assert stored["rows_new"] == 2
    listed = unlocked("readings", "list", "--json").json["readings"]
    assert [(r["systolic"], r["source"]) for r in listed] == [("131", "import"), ("127", "import")]
    seen = unlocked("import", omron, "--dry-run", "--json").json
    assert (seen["rows_new"], seen["rows_duplicate"]) == (0, 3)
    assert "nothing new" in unlocked("import", omron, "--yes").out
    (batch,) = unlocked("import", "undo", "--json").json["batches"]
    assert batch["batch"] == stored["batch"]
    assert unlocked("import", "undo", stored["batch"], "--json").json["removed"] == 2
    assert unlocked("readings", "list", "--json").json["readings"] == []
    assert unlocked("import", "undo").out.strip() == "Nothing was imported yet."
    assert "carehub import undo" in unlocked("import", omron, "--yes").out


def test_a_copy_of_ours_comes_back_whole(unlocked, omron, tmp_path):
    unlocked("people", "add", "--name", "王示例")
    unlocked("import", omron, "--yes")
    copy = str(tmp_path / "copy.json")
    unlocked("export", "--out", copy)
    again = unlocked("import", copy, "--yes", "--json").json
    assert (again["format"], again["rows_new"], again["rows_duplicate"]) == ("carehub", 0, 2)
    unlocked("people", "add", "--name", "李示例")
    other = unlocked("import", copy, "--yes", "--person", "李示例", "--json").json
    assert other["rows_new"] == 2


def test_what_the_file_leaves_open_is_asked(carehub, tmp_path):
    file = tmp_path / "x.csv"
    file.write_text(
        "Date,Time,Glucose\n03/04/2025,08:00,25\n05/04/2025,08:00,30\n", encoding="utf-8"
    )
    dates = carehub("import", str(file), "--dry-run")
    assert (dates.code, dates.out) == (2, "")
    assert "--dates" in dates.err
    unit = carehub("import", str(file), "--dry-run", "--dates", "dmy")
    assert "--unit" in unit.err
    told = carehub(
        "import",
        str(file),
        "--dry-run",
        "--dates",
        "dmy",
        "--unit",
        "mmol/L",
        "--zone",
        "+01:00",
        "--json",
    ).json
    assert (told["rows_new"], told["dates"]) == (2, "dmy")
    assert told["since"] == "2025-04-03T08:00:00+01:00"


def test_columns_may_be_named(carehub, tmp_path):
    file = tmp_path / "x.csv"
    file.write_text("wann;oben;unten\n2025-01-01 08:00;131;79\n", encoding="utf-8")
    assert "--columns" in carehub("import", str(file)).err
    named = "moment=wann,systolic=oben,diastolic=unten"
    assert carehub("import", str(file), "--columns", named, "--json").json["rows_new"] == 1
    assert carehub("import", str(file), "--columns", "moment").code == 2


def test_users_of_the_other_program(unlocked, tmp_path):
    unlocked("people", "add", "--name", "王示例")
    file = tmp_path / "obpm.csv"
    file.write_text(n.OBPM, encoding="utf-8")
    assert "--user" in unlocked("import", str(file), "--yes").err
    stored = unlocked("import", str(file), "--yes", "--user", "2", "--json").json
    assert stored["rows_new"] == 1
    assert {"line": 1, "reason": "other_user"} in stored["rows_refused"]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["missing.csv"], "There is no file"),
        (["."], "is not a file"),
        (["x.csv", "batch"], "One file at a time"),
        (["x.csv", "--yes", "--dry-run"], "Choose one"),
        (["undo", "not-an-id"], "no such import"),
        (["x.csv", "--zone", "there"], "not an offset"),
    ],
)
def test_mistakes_are_one_sentence(carehub, tmp_path, monkeypatch, words, told):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "x.csv").write_text(n.OMRON, encoding="utf-8")
    answer = carehub("import", *words)
    assert answer.code == 2
    assert told in answer.err
    assert len(answer.err.splitlines()) == 1


def test_progress_is_told_on_a_terminal(carehub, omron, monkeypatch):
    from carehub.workflows import importing

    monkeypatch.setattr(importing, "_TELL_EVERY", 2)
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    assert "4 rows …" in carehub("import", omron).err


def test_refused_rows_are_json_however_many(carehub, tmp_path):
    file = tmp_path / "x.csv"
    file.write_text("time,sys,dia\n" + "never,131,79\n" * 3000, encoding="utf-8")
    told = json.loads(carehub("import", str(file), "--json").out)
    assert len(told["rows_refused"]) == 3000
