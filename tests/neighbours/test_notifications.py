"""An urgent alert reaches the desktop's notification service, and tells it no name and no value."""

import json
import subprocess
import sys

import pytest

from tests.helpers.canaries import NAME
from tests.neighbours.conftest import PASSPHRASE
from tests.neighbours.desk import Desk
from tests.neighbours.reader import Reader

pytestmark = [pytest.mark.serial, pytest.mark.slow, pytest.mark.timeout(300)]

URGENT = "有一条紧急提醒，请打开 CareHub 查看。"
CRITICAL = "2"


def test_an_l3_notice_reaches_the_desktop_without_a_name_or_a_value(
    archive: Desk, reader: Reader
) -> None:
    service = archive.start(
        sys.executable, "-m", "tests.neighbours.notifications", stdout=subprocess.PIPE
    )
    assert service.stdout is not None
    assert json.loads(service.stdout.readline()) == "ready"
    archive.start(sys.executable, "-m", "carehub")
    reader.type("unlock.passphrase.line", PASSPHRASE)
    reader.press("unlock.open", "测血糖", "glucose.when.random", "glucose.type")
    reader.type_on_pad(glucose="2.6")
    reader.press("keypad.save")

    assert "2.6" in reader.find("alert.headline")
    told = [json.loads(service.stdout.readline())]
    while URGENT not in told[-1]:
        told.append(json.loads(service.stdout.readline()))

    app, _icon, title, _words, _actions, hints, _expires = told[-1]
    assert (app, title, hints["urgency"]) == ("CareHub", "CareHub", CRITICAL)
    everything = json.dumps(told, ensure_ascii=False)
    for secret in (NAME, NAME[0], "2.6", "血糖", "glucose", "mmol"):
        assert secret not in everything
