"""`carehub export` on a real archive: to standard output, and into a file that only its owner reads."""

import io
import json
import sys
import zipfile

import pytest

from carehub.archive import files
from carehub.errors import DiskFull
from tests.cli.conftest import PASSPHRASE


@pytest.fixture
def filled(unlocked):
    unlocked("people", "add", "--name", "王示例")
    unlocked(
        "readings", "add", "--systolic", "128", "--diastolic", "82", "--taken-at", "2025-06-01"
    )
    unlocked("readings", "add", "--glucose", "6.1", "--taken-at", "2025-06-01")
    return unlocked


def test_without_a_form_it_is_json(filled):
    whole = filled("export").json

    assert whole["format"] == "carehub-record"
    assert [one["v1"] for one in whole["readings"]] == ["128", "6.1"]
    assert filled("export", "--json").json["readings"] == whole["readings"]


def test_fhir_is_a_bundle(filled):
    kinds = [each["resource"]["resourceType"] for each in filled("export", "--fhir").json["entry"]]

    assert kinds[0] == "Patient"
    assert kinds.count("Observation") == 2


def test_csv_is_a_table_of_the_readings(filled):
    lines = filled("export", "--csv").out.splitlines()

    assert lines[0].startswith("\ufeffid,kind,taken_at")
    assert len(lines) == 3


def test_a_file_is_for_its_owner_only_and_replaced_whole(filled, tmp_path):
    file = tmp_path / "copy.zip"
    file.write_text("older")
    file.chmod(0o666)

    told = filled("export", "--zip", "--out", str(file), "--json").json

    assert told["file"] == str(file)
    assert (told["form"], told["readings"], told["pretended_left_out"]) == ("zip", 2, 0)
    assert file.stat().st_mode & 0o777 == 0o600
    with zipfile.ZipFile(file) as whole:
        assert "fhir.json" in whole.namelist()
    assert [each.name for each in tmp_path.iterdir() if "copy" in each.name] == ["copy.zip"]
    assert not list(tmp_path.glob(".carehub-*"))


def test_for_people_it_says_what_to_do_with_the_copy(filled, tmp_path):
    told = filled("export", "--fhir", "--out", str(tmp_path / "copy.json"))

    assert told.code == 0
    assert "not encrypted" in told.out
    assert "128" not in told.out


def test_readings_of_a_pretend_meter_stay_and_it_says_so(filled, tmp_path):
    from carehub.archive import people, readings, vault
    from carehub.archive.store import Archive
    from carehub.paths import archive
    from tests.helpers.builders import bp

    keys = vault.unlock_with_passphrase(archive(), PASSPHRASE)
    opened = Archive.open(archive(), keys, 0)
    with opened.write() as tx:
        (person,) = people.everyone(tx)
        readings.add(tx, bp(190, 110, person_id=person.id, simulated=True))
    opened.close(0)

    told = filled("export", "--out", str(tmp_path / "copy.json"))

    assert "pretend meters were left out: 1" in told.out
    assert '"190"' not in (tmp_path / "copy.json").read_text(encoding="utf-8")


def test_it_takes_the_place_of_no_link_folder_or_device(filled, tmp_path):
    real = tmp_path / "real"
    real.write_text("kept")
    link = tmp_path / "link"
    link.symlink_to(real)

    for name in (link, tmp_path, tmp_path / "none" / "file"):
        assert filled("export", "--out", str(name)).code == 2
    assert link.is_symlink()
    assert real.read_text() == "kept"


def test_a_zip_is_not_shown_on_a_terminal_but_may_be_piped(filled, monkeypatch):
    monkeypatch.setattr(type(sys.stdout), "isatty", lambda self: True)
    assert filled("export", "--zip").code == 2
    monkeypatch.undo()


def test_two_forms_at_once_are_one_too_many(filled):
    assert filled("export", "--fhir", "--csv").code == 2


def test_who_is_meant_must_be_clear(filled):
    filled("people", "add", "--name", "李示例")

    assert filled("export").code == 2
    assert filled("export", "--person", "李示例").json["readings"] == []


@pytest.mark.parametrize(
    ("error", "shown"), [(OSError(28, "full"), DiskFull), (OSError(5, "io"), OSError)]
)
def test_what_was_there_stays_when_the_copy_cannot_be_written(tmp_path, error, shown):
    file = tmp_path / "copy"
    file.write_bytes(b"older")

    def write() -> None:
        with files.replacing(file) as out:
            out.write(b"half")
            raise error

    with pytest.raises(shown):
        write()

    assert file.read_bytes() == b"older"
    assert [each.name for each in tmp_path.iterdir()] == ["copy"]


def test_the_copy_is_json_for_any_reader(filled, tmp_path):
    file = tmp_path / "copy.json"
    filled("export", "--fhir", "--out", str(file))

    assert json.load(io.StringIO(file.read_text(encoding="utf-8")))["type"] == "collection"


def test_pages_to_print_are_pdf_and_the_zip_has_them_too(filled, tmp_path, monkeypatch):
    from carehub.wire import booklet

    monkeypatch.setattr(booklet, "font", lambda: booklet.FONTS[0])
    monkeypatch.setattr(booklet, "booklet", lambda *_given: b"%PDF-1.7")
    file = tmp_path / "copy.pdf"
    assert filled("export", "--pdf", "--out", str(file), "--json").json["form"] == "pdf"
    assert file.read_bytes() == b"%PDF-1.7"
    filled("export", "--zip", "--out", str(tmp_path / "copy.zip"))
    with zipfile.ZipFile(tmp_path / "copy.zip") as whole:
        assert whole.read("record.pdf") == b"%PDF-1.7"

    monkeypatch.setattr(booklet, "font", lambda: None)
    told = filled("export", "--pdf", "--out", str(file))
    assert told.code != 0
    assert "No font" in told.err


def test_each_copy_is_noted_with_whom_it_was_for(filled):
    assert "No copies" in filled("export", "--log").out
    filled("export", "--for", "李示例医生")
    filled("export", "--csv")
    noted = filled("export", "--log", "--json").json
    assert [(one["form"], one["for"]) for one in noted] == [("csv", ""), ("json", "李示例医生")]
    assert "李示例医生" in filled("export", "--log").out
