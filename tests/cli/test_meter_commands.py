"""`carehub meter scan` and `meter read`, over the pretend radio and with none."""

import itertools

import pytest

from carehub.cli import times
from carehub.devices import link
from carehub.errors import MeterNotFound

KEYS = {"stored", "meter", "readings", "already_known", "refused", "alerts"}


def test_a_pretend_meter_is_heard(carehub):
    (cuff,) = carehub("meter", "scan", "--simulated", "--json").json["meters"]
    assert {**cuff, "address": "", "name": "", "rssi": 0} == {
        "address": "", "name": "", "kind": "blood_pressure", "driver": "blood_pressure", "rssi": 0,
        "simulated": True,
    }  # fmt: skip
    assert cuff["address"] in carehub("meter", "scan", "--simulated").out


def test_hearing_nothing_is_an_answer(carehub, monkeypatch):
    async def silence(*words):
        raise MeterNotFound
        yield

    monkeypatch.setattr(link, "find", silence)
    assert carehub("meter", "scan", "--simulated", "--json").json == {"meters": []}
    assert carehub("meter", "scan", "--simulated").out == MeterNotFound().sentence() + "\n"
    answer = carehub("meter", "read", "--simulated")
    assert (answer.code, answer.err) == (4, MeterNotFound().sentence() + "\n")


def test_without_bluetooth_the_keypad_is_offered(carehub):
    answer = carehub("meter", "scan", "--seconds", "0.1")
    assert answer.code == 4
    assert answer.err.startswith("No Bluetooth was found on this computer. Type the numbers in")


def test_without_an_archive_a_pretend_reading_is_only_printed(carehub, home):
    told = carehub("meter", "read", "--simulated", "--json").json
    assert set(told) == KEYS
    assert told["stored"] is False
    assert told["meter"]["simulated"] is True
    (reading,) = told["readings"]
    assert (reading["systolic"], reading["diastolic"], reading["pulse"]) == ("128", "82", "72")
    assert (reading["simulated"], reading["person_id"]) == (True, None)
    assert not (home / "archive").exists()
    assert "Nothing was kept" in carehub("meter", "read", "--simulated").out


def test_a_real_meter_is_not_read_without_a_place_to_keep_it(carehub):
    answer = carehub("meter", "read")
    assert answer.code == 3
    assert answer.err.startswith("There is no archive here yet.")


def test_a_reading_is_kept_for_the_only_person_there_is(unlocked):
    person = unlocked("people", "add", "--name", "王示例", "--json").json
    told = unlocked("meter", "read", "--simulated", "--json").json
    assert told["stored"] is True
    (reading,) = told["readings"]
    assert reading["person_id"] == person["id"]
    listed = unlocked("readings", "list", "--json").json["readings"]
    assert listed == [reading]
    line = unlocked("readings", "list").out
    assert "[pretend meter]" in line
    printed = unlocked("meter", "read", "--simulated", "--print-only", "--json").json
    assert printed["stored"] is False
    assert len(unlocked("readings", "list", "--json").json["readings"]) == 1


def test_a_memory_read_again_adds_nothing(unlocked):
    unlocked("people", "add", "--name", "王示例")
    first = unlocked("meter", "read", "--simulated", "--kind", "glucose", "--json").json
    assert [one["glucose"] for one in first["readings"]] == ["5.9", "6.2", "5.7", "6.4", "6.1"]
    assert {one["context"] for one in first["readings"]} == {"fasting"}
    again = unlocked("meter", "read", "--simulated", "--kind", "glucose", "--json").json
    assert again["readings"] == []
    assert again["already_known"] >= 1
    assert (
        "The meter sent nothing new."
        in unlocked("meter", "read", "--simulated", "--kind", "glucose").out
    )


@pytest.fixture
def _ticking(monkeypatch):
    """Let a second pass at each look at the clock: a cuff's clock tells whole seconds."""
    start = times.now()
    seconds = itertools.count()
    monkeypatch.setattr(times, "now", lambda: start + next(seconds) * 1000)


@pytest.mark.usefixtures("_ticking")
def test_with_several_people_nobody_is_guessed(unlocked):
    first = unlocked("people", "add", "--name", "王示例", "--json").json
    unlocked("people", "add", "--name", "李示例")
    told = unlocked("meter", "read", "--simulated", "--json").json
    (reading,) = told["readings"]
    assert reading["person_id"] is None
    assert "carehub readings claim" in unlocked("meter", "read", "--simulated").out
    waiting = unlocked("readings", "list", "--unassigned", "--json").json["readings"]
    assert reading["id"] in [one["id"] for one in waiting]
    assert "[nobody's yet]" in unlocked("readings", "list", "--unassigned").out
    claimed = unlocked("readings", "claim", reading["id"], "--person", "王示例", "--json").json
    assert [one["person_id"] for one in claimed["readings"]] == [first["id"]]
    twice = unlocked("readings", "claim", reading["id"], "--person", "李示例")
    assert twice.err == "Some of these have an owner already; the others were given.\n"
    named = unlocked("meter", "read", "--simulated", "--person", "李示例", "--json").json
    assert named["readings"][0]["person_id"] not in (None, first["id"])


@pytest.mark.parametrize("words", [("--seconds", "soon"), ("--kind", "weight")])
def test_what_is_not_understood_is_refused(carehub, words):
    assert carehub("meter", "scan", "--simulated", *words).code == 2
