"""What the platform keeps of a person, in the window: a copy is saved, an erasure asks once more."""

import zipfile
from pathlib import Path

import pytest

from carehub.care.consent import Purpose
from carehub.ui import background, sheet
from tests.helpers import loopback
from tests.helpers.windows import NOW, window


def test_a_copy_is_saved_and_an_erasure_ends_with_its_receipt(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(background, "now", lambda: NOW)
    kept = tmp_path / "documents"
    kept.mkdir()
    monkeypatch.setattr(sheet, "documents", lambda: kept)
    with loopback.platform(tmp_path / "platform") as url, window(tmp_path / "here") as here:
        person_id = here.add_person(Purpose.ARCHIVE, Purpose.PLATFORM_SYNC)
        here.shell.open("mine.data")
        here.until(lambda: here.there("data.signed_out"), "signed out")
        assert not here.there("data.erase.ask")
        here.sign_in(url, "mother", new=True)
        here.type_in(person_id, 151, 93)
        here.until(lambda: here.standing().last_success_at is not None, "an exchange")
        here.until(lambda: not here.standing().waiting, "all is sent")

        here.shell.instead("mine.data")
        here.press("data.copy.get")
        here.until(lambda: bool(list(kept.glob("*.zip"))), "the copy")
        with zipfile.ZipFile(next(kept.glob("*.zip"))) as parcel:
            assert b"151" in parcel.read("readings.csv")

        here.press("data.erase.ask")
        here.press("data.erase.no")
        assert not here.there("data.erase.yes")
        here.press("data.erase.ask")
        here.press("data.erase.yes")
        here.until_page("ReceiptPage")
        assert "was erased" in here.text("receipt.said")
        here.press("receipt.pdf")
        assert next(kept.glob("*.pdf")).read_bytes().startswith(b"%PDF")
        here.until(lambda: not here.standing().signed_in or here.line() is None, "it is over")
        assert here.knows(person_id)
        here.shell.open("mine.data")
        here.press("data.receipt")
        here.until_page("ReceiptPage")
