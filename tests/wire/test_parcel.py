"""Everything in one ZIP: the same whether a client or the platform makes it."""

import io
import zipfile

from carehub.wire import booklet, parcel
from tests.helpers.builders import uid
from tests.helpers.platforms import NOON
from tests.wire.test_booklet import whole

from carehub.care.record import Attachment  # isort: skip


def test_the_zip_holds_each_page_and_file_for_its_owner_alone():
    out = io.BytesIO()
    parcel.write(out, parcel.pages(whole(), NOON), [("attachments/x.png", b"\x89PNG")])
    with zipfile.ZipFile(out) as made:
        assert {"record.json", "fhir.json", "readings.csv", "attachments/x.png"} <= set(
            made.namelist()
        )
        assert all(each.external_attr >> 16 == 0o600 for each in made.infolist())
        assert made.read("attachments/x.png") == b"\x89PNG"


def test_without_a_font_a_note_says_why_there_are_no_pages(monkeypatch):
    monkeypatch.setattr(booklet, "font", lambda: None)
    name, note = parcel.printed(whole(), NOON, "en")
    assert name == "README.txt"
    assert b"no font" in note
    assert "字体" in parcel.printed(whole(), NOON, "zh_CN")[1].decode()


def test_with_one_there_are_pages(monkeypatch):
    monkeypatch.setattr(booklet, "font", lambda: booklet.FONTS[0])
    monkeypatch.setattr(booklet, "booklet", lambda *given: b"%PDF")
    assert parcel.printed(whole(), NOON, "en") == ("record.pdf", b"%PDF")


def test_a_file_is_named_by_its_id_and_what_it_is():
    kinds = {"image/png": ".png", "image/jpeg": ".jpg", "application/pdf": ".pdf", "x/y": ".bin"}
    for media_type, ending in kinds.items():
        one = Attachment(uid("file"), uid("person"), media_type, 1)
        assert parcel.file_name(one) == f"attachments/{uid('file')}{ending}"
