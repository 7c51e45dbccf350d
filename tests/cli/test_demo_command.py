"""`carehub demo --headless`: the walk from a cuff's bytes to an alert, printed."""

import subprocess
import sys
from urllib.request import urlopen

import pytest

from carehub import paths

ORDER = ["household", "meter", "frames_kept", "whose", "reading_stored", "alert", "rest"]


@pytest.mark.slow
def test_the_walk_goes_from_bytes_to_an_alert(carehub):
    steps = carehub("demo", "--headless", "--json").json["steps"]
    assert all({"step", "at", "sentence"} <= set(step) for step in steps)
    first = {name: [step["step"] for step in steps].index(name) for name in ORDER}
    assert sorted(first, key=lambda name: first[name]) == ORDER
    kept = [step["reading"] for step in steps if step["step"] == "reading_stored"]
    assert [one["systolic"] for one in kept if one["kind"] == "blood_pressure"] == [
        "126", "182", "184", "181",
    ]  # fmt: skip
    assert len([one for one in kept if one["kind"] == "glucose"]) == 5
    assert all(one["simulated"] and one["person_id"] for one in kept)
    raised = [step["alert"] for step in steps if step["step"] == "alert"]
    crisis = [(one["level"], one["state"]) for one in raised if one["rule"] == "BP-CRIT"]
    assert crisis[0][1] == "pending"
    assert crisis[-1] == ("L3", "active")
    names = [step["step"] for step in steps]
    assert names[-7:-4] == ["nothing_new", "week", "week"]
    assert "in target on" in steps[-6]["sentence"]
    assert names[-4:] == ["platform", "shared", "mandate", "crossed"]
    assert (steps[-1]["reading"]["systolic"], steps[-1]["reading"]["diastolic"]) == ("134", "83")
    assert sum(step["step"] == "nothing_new" for step in steps) == 1
    assert not paths.archive().exists()


@pytest.mark.slow
def test_people_read_it_step_by_step_in_chinese(carehub, monkeypatch):
    monkeypatch.setenv("CAREHUB_LANGUAGE", "zh_CN")
    out = carehub("demo", "--headless").out
    for words in ("虚构的家庭", "已存好：血压 182/112 mmHg，心率 88。", "提醒 L3：", "休息五分钟"):
        assert words in out


def test_the_demos_platform_ends_with_whoever_started_it():
    started = subprocess.Popen(
        [sys.executable, "-m", "carehub", "demo", "--serve"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with started:
        assert started.stdin is not None
        assert started.stdout is not None
        url = started.stdout.readline().strip()
        with urlopen(f"{url}/health", timeout=60) as answer:
            assert answer.status == 200
        started.stdin.close()
        assert started.wait(60) == 0
