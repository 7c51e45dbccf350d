"""`carehub alerts replay`: the vectors of blood pressure and glucose, and files that cannot be read."""

import json

import pytest

PERSON = "age=72,hypertension"


@pytest.fixture
def replay(carehub, tmp_path):
    def run(text: str | bytes, profile: str = PERSON, *words: str):
        file = tmp_path / "readings.csv"
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        return carehub("alerts", "replay", str(file), "--profile", profile, *words)

    return run


def pressures(*rows: str) -> str:
    return "\n".join(["taken_at,systolic,diastolic,pulse", *rows, ""])


def test_a_confirmed_danger_is_one_alert_with_every_key(replay):
    text = pressures(
        "2025-06-01T07:00:00+08:00,182,95,70",
        "2025-06-01T07:05:00+08:00,183,96,70",
        "2025-06-01T07:06:00+08:00,184,95,70",
    )
    told = replay(text, PERSON, "--json").json
    assert list(told) == ["alerts"]
    (alert,) = [one for one in told["alerts"] if one["level"] == "L3"]
    assert list(alert) == ["rule", "level", "raised_at", "renotified_at", "cleared_at", "inputs"]
    assert alert["rule"] == "BP-CRIT"
    assert alert["raised_at"] == "2025-06-01T07:06:00+08:00"
    assert alert["renotified_at"][0] == "2025-06-01T07:21:00+08:00"
    assert alert["cleared_at"] is None
    assert alert["inputs"]["unit"] == "mmHg"
    line = replay(text).out.splitlines()[0]
    assert line.startswith("2025-06-01 07:06  L3  BP-CRIT  ")


def test_a_danger_that_goes_away_is_none(replay):
    text = pressures(
        "2025-06-01T07:00,182,95,70", "2025-06-01T07:05,150,88,70", "2025-06-01T07:06,148,86,70"
    )
    told = replay(text, PERSON, "--json").json["alerts"]
    assert "L3" not in {one["level"] for one in told}


def test_a_profile_may_be_a_file_json_or_short(replay, tmp_path):
    text = "taken_at,glucose_mmol,context\n2025-06-01T07:00,4.6,fasting\n"
    described = '{"age": 72, "conditions": ["diabetes_type_2"], "medicines": ["insulin"]}'
    file = tmp_path / "person.json"
    file.write_text(described)
    answers = [
        replay(text, profile, "--json").out
        for profile in (described, str(file), "age=72,diabetes,insulin")
    ]
    assert len(set(answers)) == 1
    levels = [one["level"] for one in json.loads(answers[0])["alerts"]]
    assert levels == ["L1"]
    assert replay(text, "age=40").out != ""


def test_standard_input_and_an_empty_file(carehub, replay):
    answer = carehub(
        "alerts", "replay", "-", "--json", given=pressures("2025-06-01T07:00,120,76,70")
    )
    assert answer.json == {"alerts": []}
    assert replay(pressures(), PERSON, "--json").json == {"alerts": []}
    assert replay(pressures()).out == "No alert would have been raised.\n"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "The first line must name the columns"),
        ("time,sys\n", "The first line must name the columns"),
        (
            pressures("2025-06-01T07:00,120,76,70", "2025-06-01T07:10,high,76,70"),
            "Line 3 of the file",
        ),
        (pressures("yesterday,120,76,70"), "Line 2 of the file"),
        (pressures("2025-06-01T07:00,120,76,70,9"), "Line 2 of the file"),
        (b"taken_at,systolic,diastolic\n\xff\xfe,1,1\n", ""),
    ],
)
def test_a_file_that_cannot_be_read_names_its_line(replay, text, told):
    answer = replay(text)
    assert answer.code == 2
    assert answer.out == ""
    assert answer.err.startswith(told)
    assert answer.err.count("\n") == 1


def test_a_missing_file_and_an_unknown_word(carehub, replay):
    answer = carehub("alerts", "replay", "/nowhere/file.csv")
    assert (answer.code, answer.err) == (2, "There is no file /nowhere/file.csv. Check its name.\n")
    assert "a word that is not known: unicorn" in replay(pressures(), "unicorn").err
    assert "not valid JSON" in replay(pressures(), "{").err


def test_no_archive_is_made(replay, home):
    replay(pressures("2025-06-01T07:00,205,100,70"))
    assert not home.exists()
