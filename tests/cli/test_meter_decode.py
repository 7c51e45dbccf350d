"""`carehub meter decode`: each form of input, each way it is refused."""

import json
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from carehub import i18n
from carehub.cli import main
from carehub.devices import gatt
from carehub.errors import MalformedFrame

FRAME = "1E880053006400EA070301071E004800020500"
SHAPE = {
    "systolic": "136",
    "diastolic": "83",
    "mean_arterial_pressure": "100",
    "unit": "mmHg",
    "taken_at": "2026-03-01T07:30:00",
    "pulse_rate": "72",
    "user_id": 2,
    "status": ["body_movement", "irregular_pulse"],
}


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    code = main(["meter", "decode", *words])
    captured = capsys.readouterr()
    return code, captured.out, captured.err


def test_json_is_one_object_on_one_line(capsys):
    code, out, err = run(capsys, "2A35", FRAME, "--json")
    assert (code, err) == (0, "")
    assert out.count("\n") == 1
    assert json.loads(out) == SHAPE


@pytest.mark.parametrize(
    "words",
    [
        ["0x2a35", "0x" + FRAME],
        ["00002A35-0000-1000-8000-00805F9B34FB", FRAME.lower()],
        ["2a35", ":".join(FRAME[i : i + 2] for i in range(0, len(FRAME), 2))],
        ["2a35", " ".join(FRAME[i : i + 2] for i in range(0, len(FRAME), 2))],
        ["2a35", *(FRAME[i : i + 2] for i in range(0, len(FRAME), 2))],
        ["2a35", "-".join(FRAME[i : i + 2] for i in range(0, len(FRAME), 2))],
        ["2a35", ", ".join("0x" + FRAME[i : i + 2] for i in range(0, len(FRAME), 2))],
        ["2a35", f" {FRAME}\n"],
    ],
)
def test_bytes_are_taken_as_people_paste_them(capsys, words):
    code, out, _err = run(capsys, *words, "--json")
    assert code == 0
    assert json.loads(out) == SHAPE


def test_without_json_each_field_has_a_line(capsys):
    code, out, _err = run(capsys, "2A35", "00 8800 5300 FF07")
    assert code == 0
    lines = out.splitlines()
    assert lines[:4] == [
        "systolic: 136",
        "diastolic: 83",
        "mean_arterial_pressure: NaN",
        "unit: mmHg",
    ]
    assert "taken_at: -" in lines


@pytest.mark.parametrize(
    "words",
    [
        ["2A35", ""],
        ["2A35", "00"],
        ["2A35", FRAME + "00"],
        ["2A35", FRAME[:-1]],
        ["2A35", "zz"],
        ["2A35", "\N{FULLWIDTH DIGIT ONE}\N{FULLWIDTH DIGIT TWO}"],
        ["2A99", FRAME],
        ["2A3", FRAME],
        ["cdeacd80-5235-4c07-8846-93a37ee6b86d", FRAME],
    ],
)
def test_malformed_input_is_one_sentence_and_exit_2(capsys, words):
    code, out, err = run(capsys, *words, "--json")
    assert (code, out) == (2, "")
    assert err.count("\n") == 1
    assert err.endswith(".\n")
    assert FRAME not in err


def test_it_runs_as_a_program_and_loads_nothing_heavy():
    script = (
        "import sys; from carehub.cli import main; code = main(sys.argv[1:]);"
        "heavy = {'bleak', 'bumble', 'sqlalchemy', 'PySide6', 'pydantic', 'cryptography'};"
        "assert not heavy & set(sys.modules), heavy & set(sys.modules); sys.exit(code)"
    )
    words = ["meter", "decode", "2A52", "04 01", "--json"]
    ran = subprocess.run([sys.executable, "-c", script, *words], capture_output=True, check=True)
    assert json.loads(ran.stdout)["op_code"] == "count_records"
    refused = subprocess.run(
        [sys.executable, "-m", "carehub", "meter", "decode", "2A52", "04"],
        capture_output=True,
        check=False,
    )
    assert refused.returncode == 2
    assert b"Traceback" not in refused.stderr


def test_the_page_about_characteristics_shows_what_is_printed(capsys):
    page = Path(__file__).parents[2] / "docs" / "characteristics.md"
    lines = iter(page.read_text("utf-8").splitlines())
    command = next(line for line in lines if line.startswith("$ carehub meter decode"))
    code, out, _err = run(capsys, *shlex.split(command)[4:])
    assert (code, out) == (0, next(lines) + "\n")


def test_a_refusal_speaks_chinese():
    i18n.set_language("zh_CN")
    with pytest.raises(MalformedFrame) as refused:
        gatt.decode("2A35", b"\x00")
    assert refused.value.sentence() == "设备发来的数据不完整：需要 3 个字节，只收到 1 个。"
