"""What CareHub copies out, CareHub takes back: every kind, bit for bit."""

import io
import json
import zipfile
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from carehub.archive import alerts, attachments, consents, meters, outbox, people, readings
from carehub.care.alerts.model import Alert, Level, State
from carehub.care.changes import Changes
from carehub.care.consent import Consent, Purpose
from carehub.care.meters import Meter
from carehub.care.people import (
    Allergy,
    Condition,
    ConditionCode,
    EmergencyContact,
    HistoryKind,
    HistoryLine,
    Medicine,
    Person,
    Sex,
    Target,
)
from carehub.care.plans import GlucosePlan
from carehub.care.readings import (
    Flag,
    Kind,
    MealContext,
    Posture,
    Setting,
    Source,
    Symptom,
    TimeQuality,
)
from carehub.errors import FileRefused
from carehub.imports.rows import Answers
from carehub.imports.sources import Source as File
from carehub.workflows import export, importing, restoring
from carehub.workflows.export import Form
from tests.helpers import archives
from tests.helpers import notebooks as n
from tests.helpers.builders import bp, glucose, uid
from tests.helpers.records import NOON

BIG = bytes(range(256)) * 400
ME = Person(
    uid("me"),
    "王示例",
    "王奶奶",
    date(1946, 3, 12),
    Sex.FEMALE,
    540,
    photo_id=uid("photo"),
    created_at=NOON - 7,
)


def of_every_kind():
    """Return readings with something in every field."""
    meter = bp(
        128, 82, NOON, person_id=ME.id, device_id="m1", source=Source.METER, user_slot=1, sequence=7
    )
    meter = replace(
        meter,
        mean=Decimal("97.5"),
        flags=frozenset(Flag),
        symptoms=frozenset({Symptom.FELL, Symptom.FEVER}),
        setting=Setting.KIOSK,
        posture=Posture.STANDING_3_MIN,
        time_quality=TimeQuality.SKEWED,
        device_taken_at="2010-01-01T00:00:00",
        note='=1+1, „quoted"\nand more',
    )
    odd = replace(
        meter, id=uid("odd"), v1=Decimal("17.066667"), v3=None, mean=None, note="'+apostrophe"
    )
    sugar = glucose("6.123456", NOON + 1, person_id=ME.id, context=MealContext.FASTING)
    high = replace(
        sugar, id=uid("high"), v1=None, text="HI", zone_offset=-570, taken_at=NOON + 12_345
    )
    wrong = replace(bp(99, 60, NOON - 5, person_id=ME.id), id=uid("wrong"))
    right = replace(wrong, id=uid("right"), replaces=wrong.id, v1=Decimal(109))
    gone = replace(meter, id=uid("gone"), voided=True)
    return meter, odd, sugar, high, wrong, right, gone


@pytest.fixture
def filled(archive):
    with archive.write() as tx:
        people.add(tx, ME)
        people.put_condition(tx, Condition(uid("c"), ME.id, ConditionCode.STROKE, "x", 1999))
        people.put_allergy(tx, Allergy(uid("al"), ME.id, "青霉素", "皮疹"))
        people.put_medicine(tx, Medicine(uid("m"), ME.id, "示例片", "30 mg", "早", stopped=True))
        people.put_history(tx, HistoryLine(uid("h"), ME.id, HistoryKind.SURGERY, "阑尾", 1980))
        people.put_contact(tx, EmergencyContact(uid("e"), ME.id, "王小明", "子", "13800000000"))
        people.put_target(tx, ME.id, Target(systolic=Decimal(140), other_high=Decimal("9.5")))
        people.put_glucose_plan(
            tx, ME.id, GlucosePlan(hba1c=Decimal("6.8"), hba1c_on=date(2026, 5, 1))
        )
        for reading in of_every_kind():
            readings.add(tx, reading)
        meters.put(
            tx, Meter("m1", "M", "d", "a", Kind.BLOOD_PRESSURE, slots=((1, ME.id), (None, ME.id)))
        )
        consents.add(tx, Consent(uid("k1"), ME.id, Purpose.ARCHIVE, "1", NOON))
        consents.add(
            tx, Consent(uid("k2"), ME.id, Purpose.ARCHIVE, "1", NOON, withdrawn_at=NOON + 9)
        )
        alerts.put(
            tx,
            Alert(
                uid("a"), ME.id, "BP-CRIT", "1", "bp", Level.L3, State.ACKNOWLEDGED, "e", "text", NOON,
                advice=("sit", "wait"), readings=(uid("odd"),), renotified_at=(NOON + 1, NOON + 2),
                acknowledged_at=NOON + 3, acknowledged_by="王小明", cleared_at=NOON + 4,
                clock_suspect=True, historic=True, inputs={"systolic": "180", "n": 3},
            ),
        )  # fmt: skip
    small = attachments.add(archive, b"picture", "image/png", person_id=ME.id)
    large = attachments.add(archive, BIG, "application/pdf", person_id=ME.id)
    return archive, {small: b"picture", large: BIG}


@pytest.fixture
def elsewhere(tmp_path):
    opened = archives.new(tmp_path / "elsewhere")
    yield opened
    opened.close(NOON)


def copied(archive, form=Form.ZIP):
    """Return a copy as it is written."""
    out = io.BytesIO()
    export.write(archive, export.everything(archive, ME.id), form, out, NOON)
    return out.getvalue()


def short_copy(archive, contents):
    """Return what a ZIP needs to be restored: the pages to read are left out, they take long."""
    parts = {f"attachments/{one}.bin": content for one, content in contents.items()}
    return n.zipped({"record.json": copied(archive, Form.JSON), **parts})


def unpacked(content):
    with zipfile.ZipFile(io.BytesIO(content)) as whole:
        return {name: whole.read(name) for name in whole.namelist()}


def test_a_zip_is_restored_bit_for_bit(filled, elsewhere):
    archive, contents = filled
    copy = copied(archive)
    assert restoring.whose(File.of_bytes(copy)) == ME
    done = restoring.restore(elsewhere, File.of_bytes(copy), NOON + 5)
    assert (done.seen.new, done.person_id) == (7, ME.id)
    assert {Changes.PEOPLE, Changes.READINGS} <= set(done.changes)
    assert unpacked(copied(elsewhere)) == unpacked(copy)
    assert export.everything(elsewhere, ME.id) == export.everything(archive, ME.id)
    for attachment_id, content in contents.items():
        assert attachments.read(elsewhere, attachment_id) == content


def test_the_json_holds_all_but_the_attachments(filled, elsewhere):
    archive, _contents = filled
    copy = copied(archive, Form.JSON)
    restoring.restore(elsewhere, File.of_bytes(copy), NOON + 5)
    assert copied(elsewhere, Form.JSON) == copy


def test_the_csv_gives_back_every_field_of_every_reading(filled, elsewhere):
    archive, _contents = filled
    copy = copied(archive, Form.CSV)
    with elsewhere.write() as tx:
        people.add(tx, ME)
    done = importing.take(elsewhere, File.of_bytes(copy), Answers(), person_id=ME.id, now=NOON + 9)
    assert len(done.seen.refused) == 0
    with elsewhere.read() as tx:
        for reading in of_every_kind():
            arrived = readings.get(tx, reading.id)
            expected = replace(reading, received_at=NOON + 9)
            assert arrived == expected
    in_force = export.everything(elsewhere, ME.id).readings
    assert len(in_force) == 7


def test_restoring_again_adds_nothing_and_changes_nothing(filled):
    archive, contents = filled
    copy = short_copy(archive, contents)
    with archive.read() as tx:
        before = outbox.waiting(tx)
    again = restoring.restore(archive, File.of_bytes(copy), NOON + 5)
    assert (again.batch_id, again.seen.new, again.seen.duplicate) == (None, 0, 7)
    assert again.changes is Changes.NONE
    assert short_copy(archive, contents) == copy
    with archive.read() as tx:
        assert outbox.waiting(tx) == before


def test_a_copy_of_this_very_person_is_restored_whole(filled, elsewhere):
    archive, _contents = filled
    copy = File.of_bytes(copied(archive, Form.JSON))
    with elsewhere.write() as tx:
        people.add(tx, ME)
    done = restoring.bring_in(elsewhere, copy, Answers(), person_id=ME.id, now=NOON)
    assert Changes.PEOPLE in done.changes
    other = Person(uid("other"), "李示例", created_at=NOON)
    with elsewhere.write() as tx:
        people.add(tx, other)
    done = restoring.bring_in(elsewhere, copy, Answers(), person_id=other.id, now=NOON)
    assert (done.person_id, done.seen.new) == (other.id, 7)


def test_what_is_restored_goes_out(filled, elsewhere):
    archive, _contents = filled
    restoring.restore(elsewhere, File.of_bytes(copied(archive, Form.JSON)), NOON + 5)
    with elsewhere.read() as tx:
        kinds = {str(op.kind) for op in outbox.waiting(tx)}
    assert {"person", "condition", "target", "glucose_plan", "consent", "reading", "alert"} <= kinds


def test_a_record_restored_by_mistake_loses_its_readings_by_undo(filled, elsewhere):
    archive, _contents = filled
    done = restoring.restore(elsewhere, File.of_bytes(copied(archive, Form.JSON)), NOON + 5)
    importing.undo(elsewhere, done.batch_id, NOON + 6)
    with elsewhere.read() as tx:
        assert readings.between(tx, ME.id, Kind.GLUCOSE, 0, 2**60) == []
        assert people.get(tx, ME.id) == ME


def test_readings_of_a_copy_may_become_another_persons(filled, elsewhere):
    archive, _contents = filled
    copy = copied(archive, Form.JSON)
    other = Person(uid("other"), "李示例", created_at=NOON)
    with archive.write() as tx:
        people.add(tx, other)
    done = importing.take(archive, File.of_bytes(copy), Answers(), person_id=other.id, now=NOON)
    assert done.seen.new == 7
    mine = export.everything(archive, ME.id).readings
    theirs = export.everything(archive, other.id).readings
    assert len(mine) == len(theirs) == 7
    assert not {r.id for r in mine} & {r.id for r in theirs}
    again = importing.take(archive, File.of_bytes(copy), Answers(), person_id=other.id, now=NOON)
    assert again.seen.new == 0


def spoilt(copy, name, change):
    parts = unpacked(copy)
    (found,) = [each for each in parts if each.startswith(name)]
    parts[found] = change(parts[found])
    return File.of_bytes(n.zipped(parts))


@pytest.mark.parametrize("harm", ["attachment", "person", "reading", "cut"])
def test_a_damaged_copy_leaves_nothing_behind(filled, elsewhere, harm):
    archive, contents = filled
    copy = short_copy(archive, contents)
    small = next(iter(contents))
    spoil = {
        "attachment": lambda: spoilt(copy, f"attachments/{small}", lambda _b: b"another"),
        "person": lambda: spoilt(
            copy, "record.json", lambda b: b.replace(b'"name": ', b'"nombre": ', 1)
        ),
        "cut": lambda: spoilt(copy, "record.json", lambda b: b[:-40]),
        "reading": lambda: spoilt(
            copy, "record.json", lambda b: b.replace(b'"kind": "glucose"', b'"k": 1', 1)
        ),
    }
    if harm == "reading":
        done = restoring.restore(elsewhere, spoil[harm](), NOON)
        assert (done.seen.new, len(done.seen.refused)) == (6, 1)
        return
    with pytest.raises(FileRefused):
        restoring.restore(elsewhere, spoil[harm](), NOON)
    with elsewhere.read() as tx:
        assert people.everyone(tx) == []


def test_an_attachment_that_the_copy_lacks_is_expected(filled, elsewhere):
    archive, contents = filled
    restoring.restore(elsewhere, File.of_bytes(short_copy(archive, {})), NOON)
    with elsewhere.read() as tx:
        assert len(attachments.of(tx, ME.id)) == 2
        assert not any(attachments.is_here(tx, one) for one in contents)


def test_a_file_of_others_is_no_record():
    assert restoring.whose(File.of_bytes(n.OMRON.encode())) is None
    assert restoring.whose(File.of_bytes(n.zipped({"a.txt": "x"}))) is None
    with pytest.raises(FileRefused):
        restoring.restore(None, File.of_bytes(n.OMRON.encode()), NOON)


def test_the_newest_glucose_plan_is_not_needed(filled, elsewhere):
    archive, _contents = filled
    text = json.loads(copied(archive, Form.JSON))
    text["target"] = text["glucose_plan"] = None
    restoring.restore(elsewhere, File.of_bytes(json.dumps(text).encode()), NOON)
    with elsewhere.read() as tx:
        assert people.target(tx, ME.id) is None


def test_cells_of_our_table_that_cannot_be_read_are_refused(filled):
    archive, _contents = filled
    header, first, *_rest = copied(archive, Form.CSV).decode("utf-8-sig").splitlines()
    bad = first.replace("2026", "never", 1)
    strange = first.replace("blood_pressure", "shoe_size")
    beyond = first.split(",")
    beyond[header.split(",").index("taken_at")] = "9007199254740991"
    text = "\n".join([header, bad, strange, first + ",more", ",".join(beyond)])
    assert [why.value for _line, why in n.refused(text)] == ["broken", "broken", "too_short"]
    assert n.entries(text)[0].taken_at == 9_007_199_254_740_991
