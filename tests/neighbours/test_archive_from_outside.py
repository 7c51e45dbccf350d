"""From a locked archive to a stored reading, with a screen reader alone; the command line checks it."""

import json
import sys

import pytest

from tests.neighbours.conftest import PASSPHRASE
from tests.neighbours.desk import Desk, end
from tests.neighbours.reader import Reader, until

pytestmark = [pytest.mark.serial, pytest.mark.slow, pytest.mark.timeout(300)]


def test_a_screen_reader_presses_its_way_from_home_to_a_stored_reading(
    archive: Desk, reader: Reader
) -> None:
    window = archive.start(sys.executable, "-m", "carehub")
    reader.type("unlock.passphrase.line", PASSPHRASE)
    reader.press("unlock.open", "量血压", "用手输入")
    reader.type_on_pad(systolic="128", diastolic="82", pulse="71")
    reader.press("keypad.save", "measure.enough")
    assert "128/82" in reader.find("result.sentence")
    reader.press("result.done")
    assert until(lambda: "128/82" in reader.find("home.pressure.value"))
    end(window)

    listed = archive.carehub(
        *("readings", "list", "--passphrase-stdin", "--json"), given=PASSPHRASE + "\n"
    )
    assert listed.returncode == 0, listed.stderr
    (kept,) = json.loads(listed.stdout)["readings"]
    found = [kept[key] for key in ("kind", "systolic", "diastolic", "pulse", "unit", "source")]
    assert found == ["blood_pressure", "128", "82", "71", "mmHg", "keypad"]
