"""`carehub readings` and `alerts list` on a real archive."""

import json

import pytest

from carehub import log, paths
from tests.cli.conftest import PASSPHRASE

KEYS = [
    "id", "person_id", "kind", "taken_at", "systolic", "diastolic", "pulse",
    "mean_arterial_pressure", "unit", "source", "setting", "posture", "flags", "symptoms",
    "time_quality", "simulated", "replaces", "voided", "alerts",
]  # fmt: skip
NOBODY = "00000000-0000-4000-8000-000000000000"
PRESSURE = ("--systolic", "128", "--diastolic", "82", "--pulse", "72")


@pytest.fixture
def person(unlocked):
    return unlocked("people", "add", "--name", "王示例", "--born", "1948-03-12", "--json").json


@pytest.fixture
def add(unlocked, person):
    def run(*words: str, given: str = ""):
        return unlocked("readings", "add", *words, "--json", given=given)

    return run


@pytest.fixture
def listed(unlocked, person):
    return lambda *words: unlocked("readings", "list", *words, "--json").json["readings"]


def test_a_pressure_is_kept_and_printed_with_every_key(add, listed, person):
    made = add(*PRESSURE, "--taken-at", "2025-06-01T07:30").json
    assert list(made) == KEYS
    assert made["person_id"] == person["id"]
    assert made["taken_at"] == "2025-06-01T07:30:00+08:00"
    assert (made["systolic"], made["diastolic"], made["pulse"]) == ("128", "82", "72")
    assert (made["unit"], made["source"], made["simulated"]) == ("mmHg", "keypad", False)
    assert made.pop("alerts") == []
    assert listed() == [made]


def test_glucose_keeps_its_unit_its_context_and_what_the_meter_showed(add, listed):
    for words in (
        ("--glucose", "5.60", "--context", "fasting"),
        ("--glucose", "101", "--unit", "mg/dl", "--context", "before_meal"),
        ("--glucose", "hi", "--context", "random"),
    ):
        assert add(*words).code == 0
    shown = [(one["glucose"], one["unit"], one["context"]) for one in listed()]
    assert shown == [
        ("5.6", "mmol/L", "fasting"),
        ("101", "mg/dL", "before_meal"),
        ("HI", "mmol/L", "random"),
    ]
    assert "systolic" not in listed()[0]


def test_a_dangerous_value_raises_an_alert_that_waits_for_its_recheck(add, unlocked):
    made = add("--systolic", "182", "--diastolic", "112").json
    alert = {one["rule"]: one for one in made["alerts"]}["BP-CRIT"]
    assert set(alert) == {
        "id", "person_id", "rule", "version", "level", "state", "raised_at", "renotified_at",
        "recheck_at", "acknowledged_at", "cleared_at", "historic", "clock_suspect", "readings",
        "inputs",
    }  # fmt: skip
    assert alert["state"] == "pending"
    assert alert["readings"] == [made["id"]]
    assert alert["inputs"]["systolic"] == "182"
    assert alert["inputs"]["taken_at"] == made["taken_at"]
    listed = unlocked("alerts", "list", "--json").json["alerts"]
    assert alert["id"] in [one["id"] for one in listed]
    for words in (("--systolic", "184", "--diastolic", "113"),) * 2:
        made = add(*words).json
    alert = {one["rule"]: one for one in made["alerts"]}["BP-CRIT"]
    assert (alert["level"], alert["state"]) == ("L3", "active")
    assert "  L3  BP-CRIT  active  " in unlocked("alerts", "list").out


def test_a_symptom_beside_it_does_not_wait(add):
    made = add("--systolic", "182", "--diastolic", "95", "--symptom", "speech_trouble").json
    assert "L4" in {one["level"] for one in made["alerts"]}
    assert made["symptoms"] == ["speech_trouble"]


def test_alerts_that_are_over_are_listed_on_request(add, unlocked):
    assert unlocked("alerts", "list").out == "There are no alerts here.\n"
    made = add("--systolic", "182", "--diastolic", "112").json
    assert unlocked("readings", "void", made["id"]).code == 0
    assert unlocked("alerts", "list", "--json").json == {"alerts": []}
    every = unlocked("alerts", "list", "--all", "--json").json["alerts"]
    assert "BP-CRIT" in {one["rule"] for one in every}
    assert unlocked("alerts", "list", "--since", "2999-01-01", "--json").json == {"alerts": []}


def test_values_need_not_be_words_of_the_command(add):
    given = '{"systolic": 128, "diastolic": "82", "taken_at": "2025-06-01T07:30+08:00"}'
    made = add("--values-stdin", given=given).json
    assert (made["systolic"], made["taken_at"]) == ("128", "2025-06-01T07:30:00+08:00")
    assert add("--values-stdin", given="{").code == 2


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ((), "Give --systolic and --diastolic, or --glucose."),
        (("--systolic", "128"), "A blood pressure needs both"),
        (("--systolic", "400", "--diastolic", "82"), ""),
        (("--systolic", "80", "--diastolic", "82"), ""),
        (("--glucose", "99"), ""),
        (("--glucose", "NaN"), "NAN is not a number of a reading."),
        ((*PRESSURE, "--taken-at", "2999-01-01T07:30"), "That time is still to come."),
        ((*PRESSURE, "--taken-at", "this morning"), "this morning is not a date and time."),
        ((*PRESSURE, "--person", "张示例"), "There is nobody of that name or id here."),
        ((*PRESSURE, "--person", NOBODY), "There is nobody of that name or id here."),
    ],
)
def test_what_cannot_be_right_is_refused_and_nothing_kept(add, listed, words, told):
    answer = add(*words)
    assert answer.code == 2
    assert answer.err.startswith(told)
    assert answer.err.count("\n") == 1
    assert listed() == []


def test_a_list_may_be_narrowed(add, listed, unlocked):
    for day in (1, 2, 3):
        add(*PRESSURE, "--taken-at", f"2025-06-0{day}T07:30")
    add("--glucose", "5.6", "--taken-at", "2025-06-02T06:30")
    assert [one["taken_at"][8:10] for one in listed()] == ["01", "02", "02", "03"]
    assert len(listed("--kind", "blood_pressure", "--since", "2025-06-02")) == 2
    assert len(listed("--until", "2025-06-02")) == 3
    assert listed("--kind", "glucose", "--until", "2025-06-01") == []
    assert (
        unlocked("readings", "list", "--since", "2026-01-01").out == "There are no readings here.\n"
    )
    assert unlocked("readings", "list", "--since", "June").code == 2


def test_a_correction_supersedes_and_keeps_what_was_not_given(add, listed, unlocked):
    made = add("--systolic", "218", "--diastolic", "82", "--taken-at", "2025-06-01T07:30").json
    new = unlocked("readings", "correct", made["id"], "--systolic", "128", "--json").json
    assert (new["systolic"], new["diastolic"]) == ("128", "82")
    assert (new["replaces"], new["taken_at"]) == (made["id"], made["taken_at"])
    assert [one["id"] for one in listed()] == [new["id"]]
    assert [one["systolic"] for one in listed("--all")] == ["218", "128"]
    lines = unlocked("readings", "list").out
    assert "[corrected]" in lines


def test_a_void_is_for_good(add, listed, unlocked):
    made = add(*PRESSURE).json
    told = unlocked("readings", "void", made["id"], "--json").json
    assert (told["id"], told["voided"]) == (made["id"], True)
    assert listed() == []
    assert "[void]" in unlocked("readings", "list", "--all").out
    answer = unlocked("readings", "correct", made["id"], "--systolic", "130")
    assert answer.code == 1
    assert answer.err.startswith("This reading can no longer be corrected.")


@pytest.mark.parametrize("words", [("correct", "--systolic", "120"), ("void",), ("claim",)])
@pytest.mark.parametrize("wrong", ["nonsense", NOBODY])
def test_an_unknown_reading_is_named_as_such(unlocked, person, words, wrong):
    verb, *more = words
    answer = unlocked("readings", verb, wrong, *more)
    assert answer.code == 2
    assert answer.err.startswith("There is no reading of that id.")


def test_a_reading_stays_of_its_kind(add, unlocked):
    made = add(*PRESSURE).json
    answer = unlocked("readings", "correct", made["id"], "--glucose", "5.6")
    assert answer.err.startswith("That reading is of another kind")


def test_no_value_and_no_name_reaches_the_log(add, unlocked):
    assert add("--systolic", "213", "--diastolic", "117").code == 0
    unlocked("readings", "list", "--debug")
    log.set_up(None)
    kept = paths.state() / "carehub.log"
    text = kept.read_text(encoding="utf-8") if kept.exists() else ""
    assert "213" not in text
    assert "示例" not in text
    assert PASSPHRASE not in text


def test_the_words_for_people_are_chinese_too(add, unlocked, monkeypatch):
    monkeypatch.setenv("CAREHUB_LANGUAGE", "zh_CN")
    said = unlocked("readings", "add", *PRESSURE, "--taken-at", "2025-06-01T07:30").out
    assert said.startswith("2025-06-01 07:30  血压 128/82 mmHg，心率 72  ")
    english = json.loads(unlocked("readings", "list", "--json").out)["readings"][0]
    assert english["kind"] == "blood_pressure"
