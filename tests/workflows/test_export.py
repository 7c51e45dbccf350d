"""A copy of everything about one person, from a real archive, in every form."""

import io
import json
import zipfile
from dataclasses import replace

import pytest
from fhir.resources.R4B.bundle import Bundle

from carehub.archive import alerts, attachments, consents, meters, readings
from carehub.care.alerts.model import Alert, Level, State
from carehub.care.consent import Consent, Purpose
from carehub.care.meters import Meter
from carehub.care.readings import Kind
from carehub.workflows import export, people
from carehub.workflows.export import Form
from tests.helpers import archives
from tests.helpers.builders import bp, glucose, uid
from tests.helpers.records import NOON


@pytest.fixture
def other(archive):
    return people.add(archive, name="李示例", now=NOON)


@pytest.fixture
def filled(archive, person, other):
    """Fill the archive with something of everything for two people."""
    mine = bp(128, 82, NOON, person_id=person.id, device_id="m1")
    old = bp(120, 80, NOON - 5, person_id=person.id)
    with archive.write() as tx:
        for reading in (
            mine,
            old,
            replace(mine, id=uid("new"), replaces=old.id),
            glucose("6.1", NOON, person_id=person.id),
            glucose("9.9", NOON, person_id=other.id),
            bp(190, 110, NOON, person_id=person.id, simulated=True, device_id="p"),
        ):
            readings.add(tx, reading)
        meters.put(
            tx,
            Meter("m1", "M", "d", "a", Kind.BLOOD_PRESSURE, slots=((1, person.id), (2, other.id))),
        )
        meters.put(tx, Meter("theirs", "T", "d", "a", Kind.GLUCOSE, slots=((None, other.id),)))
        consents.add(tx, Consent(uid("c"), person.id, Purpose.ARCHIVE, "1", NOON))
        alerts.put(
            tx,
            Alert(
                uid("a"), person.id, "R", "1", "f", Level.L2, State.ACTIVE, "e", "t", NOON,
                readings=(mine.id,),
            ),
        )  # fmt: skip
    attachments.add(archive, b"picture", "image/png", person_id=person.id)
    attachments.add(archive, b"other", "text/odd", person_id=other.id)
    return archive


def copied(archive, record, form):
    out = io.BytesIO()
    export.write(archive, record, form, out, NOON)
    return out.getvalue()


def test_everything_of_one_person_and_nothing_of_another(filled, person, other):
    record = export.everything(filled, person.id)

    assert sorted(str(one.v1) for one in record.readings) == ["120", "128", "128", "6.1"]
    assert [meter.slots for meter in record.meters] == [((1, person.id),)]
    assert [len(part) for part in (record.alerts, record.consents, record.attachments)] == [1, 1, 1]
    assert len(record.profile.conditions) == 1
    theirs = export.everything(filled, other.id)
    assert [meter.id for meter in theirs.meters] == ["m1", "theirs"]
    assert [str(one.v1) for one in theirs.readings] == ["9.9"]


def test_nobody_has_no_record(archive):
    with pytest.raises(LookupError):
        export.everything(archive, uid("nobody"))


def test_pretend_readings_stay_unless_it_is_the_demo(filled, person):
    assert not [one for one in export.everything(filled, person.id).readings if one.simulated]

    filled.demo = True
    inside = export.everything(filled, person.id)

    assert len(inside.readings) == 5
    entries = json.loads(copied(filled, inside, Form.FHIR))["entry"]
    assert all(each["resource"]["meta"]["security"] for each in entries)


@pytest.mark.parametrize("form", [Form.JSON, Form.FHIR, Form.CSV])
def test_each_form_is_whole(filled, person, form):
    record = export.everything(filled, person.id)

    text = copied(filled, record, form).decode()

    assert all(str(one.id) in text for one in record.readings)
    if form is Form.FHIR:
        Bundle.model_validate_json(text)


def test_the_zip_holds_all_forms_and_the_attachments(filled, person):
    record = export.everything(filled, person.id)

    with zipfile.ZipFile(io.BytesIO(copied(filled, record, Form.ZIP))) as whole:
        names = set(whole.namelist())
        assert whole.testzip() is None
        assert {each.external_attr >> 16 for each in whole.infolist()} == {0o600}
        assert whole.read(f"attachments/{record.attachments[0].id}.png") == b"picture"
        assert json.loads(whole.read("record.json"))["readings"]
        assert whole.read("conditions.csv").decode().count("\r\n") == 2

    assert {"record.json", "fhir.json", "readings.csv", "alerts.csv", "person.csv"} <= names


def test_an_attachment_of_a_kind_we_do_not_know_is_there_too(filled, other):
    record = export.everything(filled, other.id)

    with zipfile.ZipFile(io.BytesIO(copied(filled, record, Form.ZIP))) as whole:
        assert whole.read(f"attachments/{record.attachments[0].id}.bin") == b"other"


def test_the_demo_household_is_valid_fhir(tmp_path):
    from carehub.workflows import demo

    archive = archives.new(tmp_path / "demo", demo=True)
    try:
        household = demo.furnish(archive, NOON, days=20)
        for one in (household.grandmother, household.grandfather):
            text = copied(archive, export.everything(archive, one.id), Form.FHIR)
            assert len(Bundle.model_validate_json(text).entry) > 20
    finally:
        archive.close(NOON)


def test_a_relative_copies_only_what_the_mandate_lets_them_give_away(filled, other):
    from carehub.archive import streams
    from carehub.archive.streams import Stream
    from carehub.errors import NotAllowed

    person_id = other.id
    export.allow(filled, person_id)
    for scopes, allowed in ((("view", "record"), False), (("view", "share"), True)):
        with filled.write() as tx:
            streams.put(tx, Stream(person_id, role="carer", scopes=scopes))
        if allowed:
            export.allow(filled, person_id)
        else:
            with pytest.raises(NotAllowed):
                export.allow(filled, person_id)
