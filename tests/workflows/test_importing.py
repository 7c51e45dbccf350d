"""A file is looked at, stored as one batch, taken out again; nothing doubles, nothing comes back."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from carehub.archive import accounts, alerts, batches, outbox, readings, search, streams
from carehub.archive.streams import Stream
from carehub.care.alerts.model import Level
from carehub.care.changes import Changes
from carehub.care.civil import DAY
from carehub.care.readings import Kind, Source, Unit
from carehub.errors import FileRefused, FileUnclear, InputError, NotAllowed
from carehub.imports.rows import SAID, Answers, Why
from carehub.imports.sources import Source as File
from carehub.wire.exchange import Act, EntityKind
from carehub.workflows import importing, people, rounds
from carehub.workflows import readings as acts
from tests.helpers import notebooks as n
from tests.helpers.builders import bp
from tests.helpers.records import NOON, uuid4
from tests.helpers.shown import shown

NOW = n.NOW


def file(text):
    return File.of_bytes(text.encode() if isinstance(text, str) else text)


def take(archive, person, text, answers=None, **more):
    return importing.take(
        archive, file(text), answers or Answers(), person_id=person.id, **{"now": NOW, **more}
    )


def kept(archive, person, kind=Kind.BLOOD_PRESSURE, **more):
    with archive.read() as tx:
        return readings.between(tx, person.id, kind, 0, 2**60, **more)


def waiting(archive, kind=EntityKind.READING):
    with archive.read() as tx:
        return [op for op in outbox.waiting(tx) if op.kind is kind]


def test_preview_without_an_archive_counts_what_repeats_inside_the_file():
    lines = n.OMRON.splitlines()
    text = "\n".join([*lines, lines[1], "x,y,1,2", "Mar 02 2025,09:00,500,79,61,-,-,On,"])
    seen = importing.preview(file(text), Answers(), NOW)
    assert (seen.form.name, seen.read, seen.new, seen.duplicate) == ("omron_connect", 5, 2, 1)
    assert list(seen.refused) == [(5, Why.BAD_TIME), (6, Why.NOT_BELIEVABLE)]
    assert seen.kinds == {Kind.BLOOD_PRESSURE: 2}
    assert (seen.since, seen.until) == (1_740_870_300_000, 1_740_917_400_000)
    assert n.pressures(seen.first) == [(131, 79, 61), (127, 77, 66)]
    assert seen.read == seen.new + seen.duplicate + len(seen.refused)


def test_the_same_number_written_otherwise_is_the_same_reading():
    text = "time,glucose (mg/dL)\n2025-01-01 08:00,102\n2025-01-01 08:00,102.0\n"
    seen = importing.preview(file(text), Answers(), NOW)
    assert (seen.new, seen.duplicate) == (1, 1)


def test_what_is_still_to_come_or_cannot_be_true_is_refused():
    text = (
        "time,glucose (mmol/L)\n2099-01-01 08:00,5.4\n2025-01-01 08:00,99\n2025-01-01 08:00,HI\n"
        "2025-01-01 08:00,0.1\n"
    )
    seen = importing.preview(file(text), Answers(), NOW)
    assert [why for _line, why in seen.refused] == [
        Why.TO_COME,
        Why.NOT_BELIEVABLE,
        Why.NOT_BELIEVABLE,
    ]
    assert seen.new == 1


def test_every_reason_has_its_sentence():
    assert set(SAID) == set(Why)
    assert all(importing.said(why) for why in Why)


def test_taking_stores_readings_as_they_were_measured(archive, person, ops):
    ops()
    done = take(archive, person, n.OMRON)
    stored = kept(archive, person)
    assert [(r.v1, r.v2, r.v3, r.unit) for r in stored] == [
        (131, 79, 61, Unit.MMHG),
        (127, 77, 66, Unit.MMHG),
    ]
    assert {(r.source, r.received_at) for r in stored} == {(Source.IMPORT, NOW)}
    assert done.batch_id is not None
    assert Changes.READINGS in done.changes
    assert [(op.act, op.entity_id) for op in ops() if op.kind is EntityKind.READING] == [
        (Act.ADD, r.id) for r in stored
    ]
    with archive.read() as tx:
        assert {hit.entity_id for hit in search.find(tx, "sitting")} == {stored[1].id}
        (batch,) = batches.everyone(tx)
    assert (batch.id, batch.readings, batch.format) == (done.batch_id, 2, "omron_connect")


def test_an_op_of_an_import_is_what_a_typed_reading_sends(archive, person, ops):
    take(archive, person, n.OMRON)
    imported = next(op for op in ops() if op.kind is EntityKind.READING)
    acts.type_in(archive, replace(bp(131, 79, NOON), person_id=person.id), NOON)
    typed = next(op for op in ops() if op.kind is EntityKind.READING)
    assert set(imported.body) == set(typed.body)
    assert imported.body["source"] == "import"


def test_importing_again_adds_nothing(archive, person):
    take(archive, person, n.OMRON)
    again = take(archive, person, n.OMRON)
    assert (again.batch_id, again.seen.new, again.seen.duplicate) == (None, 0, 2)
    assert again.changes is Changes.NONE
    assert len(kept(archive, person)) == 2
    with archive.read() as tx:
        assert len(batches.everyone(tx)) == 1


def test_another_program_telling_the_same_adds_nothing(archive, person):
    take(archive, person, n.UBPM_CSV)
    assert take(archive, person, n.WITHINGS).seen.duplicate == 1


def test_preview_with_the_archive_knows_what_is_here(archive, person):
    take(archive, person, n.OMRON)
    more = n.OMRON + "Mar 03 2025,07:05,133,79,61,-,-,Off,\n" * 2
    seen = importing.preview(file(more), Answers(), NOW, archive=archive, person_id=person.id)
    assert (seen.new, seen.duplicate) == (1, 3)
    assert len(kept(archive, person)) == 2


def test_a_deleted_reading_does_not_come_back(archive, person):
    take(archive, person, n.OMRON)
    acts.void(archive, kept(archive, person)[0].id, NOW)
    assert take(archive, person, n.OMRON).seen.new == 0
    assert len(kept(archive, person)) == 1


def test_a_corrected_reading_does_not_come_back(archive, person):
    take(archive, person, n.OMRON)
    old = kept(archive, person)[0]
    acts.correct(archive, old.id, replace(old, v1=Decimal(135)), NOW)
    assert take(archive, person, n.OMRON).seen.new == 0
    assert sorted(int(r.v1) for r in kept(archive, person)) == [127, 135]


def test_undo_removes_exactly_that_batch(archive, person):
    own = replace(bp(140, 90, NOON), person_id=person.id)
    acts.type_in(archive, own, NOW)
    take(archive, person, n.WITHINGS)
    before = kept(archive, person, in_force=False)
    ops_before = waiting(archive)
    done = take(archive, person, n.IHEALTH.replace("ok", "zebra"))
    undone = importing.undo(archive, done.batch_id, NOW)
    assert undone.removed == 1
    assert Changes.READINGS in undone.changes
    assert kept(archive, person, in_force=False) == before
    assert waiting(archive) == ops_before
    with archive.read() as tx:
        assert search.find(tx, "zebra") == []
        undone_at = {batch.id: batch.undone_at for batch in batches.everyone(tx)}
    assert undone_at.pop(done.batch_id or person.id) == NOW
    assert list(undone_at.values()) == [None]
    with pytest.raises(InputError, match="no such import"):
        importing.undo(archive, done.batch_id, NOW)


def test_after_an_undo_the_file_may_be_imported_again(archive, person):
    done = take(archive, person, n.OMRON)
    importing.undo(archive, done.batch_id, NOW)
    assert take(archive, person, n.OMRON).seen.new == 2


def sent(archive):
    """Let every waiting op have left this machine."""
    with archive.write() as tx:
        outbox.leaving(tx, [op.op_id for op in outbox.waiting(tx)])


def test_undo_of_what_was_sent_voids_it_everywhere(archive, person):
    done = take(archive, person, n.OMRON)
    sent(archive)
    importing.undo(archive, done.batch_id, NOW)
    assert kept(archive, person) == []
    voided = kept(archive, person, in_force=False)
    assert [r.voided for r in voided] == [True, True]
    told = {op.entity_id for op in waiting(archive) if op.act is Act.VOID}
    assert told == {reading.id for reading in voided}
    again = take(archive, person, n.OMRON)
    assert again.seen.new == 2
    assert len(kept(archive, person)) == 2
    assert take(archive, person, n.OMRON).seen.new == 0


def test_what_a_person_deleted_stays_deleted_after_an_undo(archive, person):
    done = take(archive, person, n.OMRON)
    sent(archive)
    acts.void(archive, kept(archive, person)[0].id, NOW)
    importing.undo(archive, done.batch_id, NOW)
    assert take(archive, person, n.OMRON).seen.new == 1


def test_undo_leaves_a_correction_where_it_is(archive, person):
    done = take(archive, person, n.OMRON)
    old = kept(archive, person)[0]
    acts.correct(archive, old.id, replace(old, v1=Decimal(135)), NOW)
    importing.undo(archive, done.batch_id, NOW)
    assert [int(r.v1) for r in kept(archive, person)] == [135]


DANGEROUS = "taken_at,systolic (mmHg),diastolic (mmHg)\n{},{},{}\n"


def test_a_crisis_of_long_ago_is_no_emergency_of_now(archive, person):
    def text(days):
        at = datetime.fromtimestamp((NOW - days * DAY) / 1000, UTC)
        return DANGEROUS.format(at.isoformat(timespec="seconds"), 196, 118)

    done = take(archive, person, text(1.5))
    assert done.alerts
    assert all(alert.level <= Level.L1 for alert in done.alerts)
    assert all(notice.level <= Level.L1 for notice in done.notices)
    undone = importing.undo(archive, done.batch_id, NOW)
    with archive.read() as tx:
        assert not [a for a in alerts.open(tx, person.id) if a.rule.startswith("BP-CRIT")]
    assert kept(archive, person) == []
    assert undone.removed == 1
    assert not take(archive, person, text(3000)).alerts


def test_two_users_of_one_file_do_not_become_one_person(archive, person):
    with pytest.raises(FileUnclear) as told:
        take(archive, person, n.OBPM)
    assert (told.value.question, told.value.choices) == ("user", ("1", "2"))
    assert kept(archive, person) == []
    done = take(archive, person, n.OBPM, Answers(user="2"))
    assert (done.seen.new, done.seen.kinds[Kind.BLOOD_PRESSURE]) == (1, 1)
    assert (1, Why.OTHER_USER) in list(done.seen.refused)


def test_a_file_that_breaks_off_leaves_nothing_behind(archive, person):
    whole = ",".join(
        '{"type": "smbg", "units": "mg/dL", "value": 120, "uploadId": "u", "time": '
        f"{1_740_870_300_000 + k * 60_000}}}"
        for k in range(1500)
    )
    with pytest.raises(FileRefused):
        take(archive, person, f"[{whole}")
    assert kept(archive, person, Kind.GLUCOSE) == []
    assert waiting(archive) == []
    with archive.read() as tx:
        assert batches.everyone(tx) == []


def many(count):
    rows = (f"{1_740_870_300 + 300 * k},{100 + k % 50}" for k in range(count))
    return "time,glucose (mg/dL)\n" + "\n".join(rows)


def test_progress_is_told_and_stopping_keeps_nothing(archive, person, monkeypatch):
    monkeypatch.setattr(importing, "_TELL_EVERY", 400)
    told: list[int] = []

    def twice(rows: int) -> bool:
        told.append(rows)
        return len(told) < 2

    with pytest.raises(importing.Cancelled):
        take(archive, person, many(1100), tell=twice)
    assert told == [400, 800]
    assert kept(archive, person, Kind.GLUCOSE) == []
    done = take(archive, person, many(1100), tell=lambda _rows: True)
    assert done.seen.new == 1100


def test_a_mandate_that_does_not_cover_it_is_refused(archive, person):
    with archive.write() as tx:
        streams.put(tx, Stream(person.id, role="viewer", scopes=()))
    with pytest.raises(NotAllowed):
        take(archive, person, n.OMRON)
    assert kept(archive, person) == []


def test_nobody_is_nobody(archive):
    with pytest.raises(InputError, match="nobody"):
        importing.take(archive, file(n.OMRON), Answers(), person_id=uuid4(), now=NOW)


def test_the_same_file_for_two_people_is_two_imports(archive, person):
    other = people.add(archive, name="李示例", now=NOON)
    take(archive, person, n.OMRON)
    assert take(archive, other, n.OMRON).seen.new == 2
    assert len(kept(archive, other)) == 2


def test_what_an_import_holds_stays_out_of_words():
    seen = importing.preview(file(n.OMRON), Answers(), NOW)
    assert "131" not in shown(seen)
    assert "131" not in shown(n.entries(n.OMRON)[0])


def test_an_import_is_told_at_the_platforms_time(archive, person, ops):
    ops()
    take(archive, person, n.OMRON)
    with archive.read() as tx:
        at = accounts.platform_time(tx, NOW)
    assert {op.at for op in ops() if op.kind is EntityKind.READING} == {at}


def test_the_next_round_is_quiet_about_it(archive, person):
    take(archive, person, many(300))
    assert not rounds.make(archive, NOW + 60_000).notices
