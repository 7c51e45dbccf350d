"""What networks, clocks, crashes and platforms do to an exchange; nothing is lost, nothing doubled."""

import json
import logging
from dataclasses import replace
from uuid import UUID, uuid4

import httpx
import pytest
from sqlalchemy import delete, update

from carehub.archive import alerts, conflicts, outbox, people, readings, streams
from carehub.archive.outbox import OpState
from carehub.care.changes import Changes
from carehub.care.consent import Purpose
from carehub.care.people import Allergy, Condition, ConditionCode, EmergencyContact
from carehub.care.readings import Kind
from carehub.errors import (
    NotAllowed,
    NotSignedIn,
    PlatformBusy,
    PlatformUnreachable,
    SignedOut,
)
from carehub.platform.records import tables as platform_tables
from carehub.sync.turn import PAGE, Steps
from carehub.wire.exchange import SCHEMA_HEADER
from carehub.workflows import people as acts
from carehub.workflows import readings as reading_acts
from carehub.workflows import sync
from tests.helpers import clients, records
from tests.helpers.clients import Machine

YEAR = 365 * 86_400_000


class Crash(BaseException):
    """The program ends here."""


def crash_at(machine: Machine, point: str) -> None:
    """End the program the next time it comes to `point`."""

    def reach(name: str) -> None:
        if name == point:
            machine.steps = Steps()
            raise Crash

    machine.steps = Steps(reach=reach)
    machine.restart()


def measure(machine: Machine, person_id: UUID, systolic: int = 128) -> UUID:
    reading = records.pressure(person_id, systolic, 82, taken_at=machine.clock())
    return reading_acts.type_in(machine.archive, reading, machine.clock()).added[0].id


def measured(machine: Machine, person_id: UUID) -> list[UUID]:
    with machine.archive.read() as tx:
        found = readings.between(tx, person_id, Kind.BLOOD_PRESSURE, 0, 2**52)
    return [reading.id for reading in found]


def rename(machine: Machine, person_id: UUID, **given: object) -> None:
    acts.change(machine.archive, replace(machine.person(person_id), **given), machine.clock())


def unsettled(machine: Machine, person_id: UUID):
    with machine.archive.read() as tx:
        return conflicts.unsettled(tx, person_id)


def stands(machine: Machine) -> sync.Standing:
    return sync.status(machine.archive)


def pushes(request: httpx.Request) -> bool:
    return request.url.path.endswith("/push")


async def in_platform(home, statement) -> None:
    await home.service.app.state.running.db.write(lambda tx: tx.execute(statement))


async def test_a_lost_answer_is_asked_for_again_and_counts_once(home):
    reading = measure(home.here, home.person_id)
    home.here.wire.lose = pushes
    with pytest.raises(PlatformUnreachable):
        await home.here.now()
    assert stands(home.here).waiting
    assert stands(home.here).trouble == "platform_unreachable"
    home.here.wire.lose = lambda _request: False
    await home.both()
    assert measured(home.there, home.person_id) == [reading]
    assert (stands(home.here).waiting, stands(home.here).trouble) == (0, "")
    assert stands(home.here).last_success_at == home.here.clock()


async def test_a_request_delivered_twice_counts_once(home):
    reading = measure(home.here, home.person_id)
    rename(home.here, home.person_id, called="奶奶")
    home.here.wire.twice = pushes
    await home.both()
    assert measured(home.there, home.person_id) == [reading]
    assert home.there.person(home.person_id).called == "奶奶"
    assert unsettled(home.here, home.person_id) == unsettled(home.there, home.person_id) == []


@pytest.mark.parametrize(
    "point", ["push.chosen", "push.answered", "push.noting", "push.noted", "pull.answered"]
)
async def test_a_crash_anywhere_between_sending_and_noting_loses_nothing(home, point):
    reading = measure(home.here, home.person_id)
    rename(home.here, home.person_id, called="奶奶")
    crash_at(home.here, point)
    with pytest.raises(Crash):
        await home.here.now()
    home.here.restart()
    await home.both()
    assert measured(home.there, home.person_id) == measured(home.here, home.person_id) == [reading]
    assert home.there.person(home.person_id).called == "奶奶"
    assert stands(home.here).waiting == 0


@pytest.mark.parametrize("point", ["pull.answered", "pull.applied"])
async def test_a_crash_while_fetching_fetches_again(home, point):
    reading = measure(home.here, home.person_id)
    await home.here.now()
    crash_at(home.there, point)
    with pytest.raises(Crash):
        await home.there.now()
    home.there.restart()
    await home.there.now()
    assert measured(home.there, home.person_id) == [reading]


async def test_an_edit_made_while_the_first_travels_is_not_acknowledged_with_it(home):
    rename(home.here, home.person_id, called="奶奶")

    def reach(point: str) -> None:
        if point == "push.chosen" and home.here.person(home.person_id).called == "奶奶":
            rename(home.here, home.person_id, called="外婆")

    home.here.steps = Steps(reach=reach)
    home.here.restart()
    await home.here.now()
    home.here.steps = Steps()
    home.here.restart()
    await home.both()
    assert home.there.person(home.person_id).called == "外婆"
    assert home.here.person(home.person_id).called == "外婆"
    assert unsettled(home.here, home.person_id) == []


async def test_two_machines_edit_one_field_and_the_loser_is_shown_on_both(home):
    rename(home.here, home.person_id, called="奶奶", name="王示例甲")
    home.there.clock.now += 60_000
    rename(home.there, home.person_id, called="外婆")
    await home.both()
    assert home.here.person(home.person_id) == home.there.person(home.person_id)
    assert home.here.person(home.person_id).called == "外婆"
    assert home.here.person(home.person_id).name == "王示例甲"
    for machine in (home.here, home.there):
        (conflict,) = unsettled(machine, home.person_id)
        assert (conflict.field, conflict.kept, conflict.lost) == ("called", "外婆", "奶奶")
    assert stands(home.here).conflicts == (conflict,)
    sync.settle(home.here.archive, conflict.id, home.here.clock())
    await home.both()
    assert unsettled(home.here, home.person_id) == unsettled(home.there, home.person_id) == []


async def test_different_fields_meet_without_a_conflict(home):
    rename(home.here, home.person_id, called="奶奶")
    rename(home.there, home.person_id, name="李示例")
    await home.both()
    for machine in (home.here, home.there):
        person = machine.person(home.person_id)
        assert (person.called, person.name) == ("奶奶", "李示例")
        assert unsettled(machine, home.person_id) == []


async def test_an_allergy_edited_twice_is_never_settled_by_a_machine(home):
    allergy = Allergy(uuid4(), home.person_id, "示例素")
    acts.note(home.here.archive, allergy, home.here.clock())
    await home.both()
    acts.note(home.here.archive, replace(allergy, reaction="皮疹"), home.here.clock())
    acts.note(home.there.archive, replace(allergy, reaction="气喘"), home.there.clock() + YEAR)
    await home.both()
    for machine in (home.here, home.there):
        (conflict,) = unsettled(machine, home.person_id)
        assert conflict.needs_confirmation
        assert {conflict.kept, conflict.lost} == {"皮疹", "气喘"}
        assert machine.profile(home.person_id).allergies[0].reaction == "皮疹"


async def test_a_line_removed_here_and_changed_there_stays_and_is_shown(home):
    line = Condition(uuid4(), home.person_id, ConditionCode.OTHER, "示例")
    acts.note(home.here.archive, line, home.here.clock())
    await home.both()
    changed = replace(line, since=1999)
    acts.note(home.there.archive, changed, home.there.clock())
    acts.strike(home.here.archive, line, home.here.clock())
    await home.there.now()
    await home.both()
    for machine in (home.here, home.there):
        assert machine.profile(home.person_id).conditions == (changed,)
        assert [c.field for c in unsettled(machine, home.person_id)] == [""]
    acts.strike(home.here.archive, changed, home.here.clock())
    await home.both()
    for machine in (home.here, home.there):
        assert machine.profile(home.person_id).conditions == ()


@pytest.mark.parametrize("skew", [2 * 86_400_000, -2 * 86_400_000, 10 * YEAR, -10 * YEAR])
async def test_a_clock_that_is_wrong_wins_nothing_and_loses_nothing(home, tmp_path, skew):
    async with clients.machine(home.service, tmp_path / "wrong", skew=skew) as wrong:
        await wrong.sign_in("mother")
        await wrong.now()
        rename(wrong, home.person_id, called="奶奶")
        await wrong.now()
        await home.here.now()
        assert home.here.person(home.person_id).called == "奶奶"
        rename(home.here, home.person_id, called="外婆")
        await home.here.now()
        await wrong.now()
        assert wrong.person(home.person_id).called == "外婆"
        assert unsettled(wrong, home.person_id) == []
        reading = measure(wrong, home.person_id)
        await wrong.now()
        await home.here.now()
        assert measured(home.here, home.person_id) == [reading]
        assert stands(wrong).waiting == 0


async def test_a_stream_begun_anew_keeps_what_waits(home):
    kept = [measure(home.here, home.person_id, 120 + n) for n in range(3)]
    await home.both()
    stream = platform_tables.person_stream
    home.here.wire.cut = True
    waiting = [measure(home.here, home.person_id, 140 + n) for n in range(5)]
    rename(home.here, home.person_id, called="奶奶")
    await in_platform(home, update(stream).values(epoch=stream.c.epoch + 1, floor=stream.c.head))
    home.here.wire.cut = False
    await home.both(3)
    for machine in (home.here, home.there):
        assert sorted(measured(machine, home.person_id)) == sorted(kept + waiting)
        assert machine.person(home.person_id).called == "奶奶"
        assert machine.stream(home.person_id).epoch == 2
        assert unsettled(machine, home.person_id) == []
    assert stands(home.here).waiting == 0


async def test_what_a_restored_platform_has_forgotten_is_sent_again(home):
    measure(home.here, home.person_id, 120)
    await home.both()
    stream, seen = platform_tables.person_stream, platform_tables.op_seen
    head = home.here.stream(home.person_id).cursor
    late = measure(home.here, home.person_id, 150)
    rename(home.here, home.person_id, called="奶奶")
    line = EmergencyContact(uuid4(), home.person_id, "李示例", phone="13800000000")
    acts.note(home.here.archive, line, home.here.clock())
    await home.both()
    # The platform is put back to before those: its newest rows are gone, its epoch is new.
    for table in (platform_tables.change,):
        await in_platform(home, delete(table).where(table.c.seq > head))
    entity = platform_tables.entity
    await in_platform(home, delete(entity).where(entity.c.rev > head))
    await in_platform(home, delete(seen))
    await in_platform(home, update(stream).values(head=head, epoch=7))
    await home.both(3)
    async_third = clients.machine(home.service, home.here.archive.folder.with_name("third"))
    async with async_third as third:
        await third.sign_in("mother")
        await third.now()
        assert late in measured(third, home.person_id)
        assert third.person(home.person_id).called == "奶奶"
        assert third.profile(home.person_id).contacts == (line,)
    assert late in measured(home.here, home.person_id)


async def test_a_client_restored_from_an_old_backup_catches_up(home, tmp_path):
    from carehub.archive import backup

    measure(home.here, home.person_id, 120)
    await home.both()
    made = backup.make(home.there.archive, home.there.clock())
    rename(home.there, home.person_id, called="奶奶")
    newer = measure(home.there, home.person_id, 150)
    await home.both()
    keys, folder = home.there.archive.keys, home.there.archive.folder
    home.there.archive.close(home.there.clock())
    backup.restore(folder, made.file, keys, home.there.clock())
    home.there.archive = type(home.there.archive).open(folder, keys, home.there.clock())
    home.there.restart()
    assert newer not in measured(home.there, home.person_id)
    try:
        await home.both()
        assert newer in measured(home.there, home.person_id)
        assert home.there.person(home.person_id).called == "奶奶"
        assert measured(home.there, home.person_id) == measured(home.here, home.person_id)
        assert unsettled(home.there, home.person_id) == []
    finally:
        home.there.archive.close(home.there.clock())


async def test_a_drift_is_found_once_a_week_and_mended(home):
    reading = measure(home.here, home.person_id)
    await home.both()
    with home.there.archive.write() as tx:
        lost = streams.entity(tx, home.person_id, "reading", reading)
        streams.drop(tx, [lost])
        tx.exec_driver_sql("DELETE FROM reading")
    await home.there.now()
    assert measured(home.there, home.person_id) == []
    home.there.clock.now += 8 * 86_400_000
    home.service.clock.now += 8 * 86_400_000
    await home.there.now()
    assert measured(home.there, home.person_id) == [reading]


async def test_a_poison_op_stays_visible_and_holds_up_nobody(home):
    with home.here.archive.write() as tx:
        poison = records.op("condition", uuid4(), home.person_id, body={"id": str(uuid4())})
        outbox.add(tx, poison)
    reading = measure(home.here, home.person_id)
    await home.both()
    assert measured(home.there, home.person_id) == [reading]
    (refused,) = stands(home.here).refused
    assert (refused.op.op_id, refused.state, refused.code) == (
        poison.op_id,
        OpState.REJECTED,
        "malformed",
    )
    assert (await home.here.now()).sent == 0
    sync.try_again(home.here.archive, [poison.op_id])
    assert (await home.here.now()).sent == 1


async def test_an_op_no_push_can_hold_is_refused_here(home):
    line = Condition(uuid4(), home.person_id, ConditionCode.OTHER, "长" * 70_000)
    acts.note(home.here.archive, line, home.here.clock())
    reading = measure(home.here, home.person_id)
    await home.both()
    assert [r.code for r in stands(home.here).refused] == ["too_large"]
    assert measured(home.there, home.person_id) == [reading]


async def test_a_push_that_is_too_large_is_halved(home, monkeypatch):
    kept = [measure(home.here, home.person_id, 100 + n) for n in range(9)]
    sizes: list[int] = []
    send = home.here.wire.handle_async_request

    async def narrow(request: httpx.Request) -> httpx.Response:
        if pushes(request):
            import gzip

            sizes.append(len(json.loads(gzip.decompress(request.content))["ops"]))
            if sizes[-1] > 3:
                return httpx.Response(413, json={"code": "too_large", "sentence": ""})
        return await send(request)

    monkeypatch.setattr(home.here.wire, "handle_async_request", narrow)
    with home.here.archive.read() as tx:
        waiting = len(outbox.waiting(tx))
    await home.here.now()
    await home.there.now()
    assert max(sizes) == waiting
    assert any(size <= 3 for size in sizes)
    assert sorted(measured(home.there, home.person_id)) == sorted(kept)


async def test_without_consent_no_byte_leaves(service, tmp_path):
    async with clients.machine(service, tmp_path / "a") as machine:
        await machine.sign_in("mother", new=True)
        machine.wire.asked.clear()
        person = acts.add(machine.archive, name="王示例", now=machine.clock())
        measure(machine, person.id)
        with pytest.raises(NotAllowed, match="Nobody here has agreed"):
            await machine.now()
        assert machine.wire.asked == []
        machine.agree(person.id)
        await machine.now()
        assert machine.wire.asked
        machine.withdraw(person.id)
        measure(machine, person.id)
        machine.wire.asked.clear()
        with pytest.raises(NotAllowed):
            await machine.now()
        assert machine.wire.asked == []
        machine.clock.now += 1
        machine.agree(person.id)
        await machine.now()
        assert stands(machine).waiting == 0


async def test_who_has_not_agreed_stays_here_while_others_travel(home):
    other = acts.add(home.here.archive, name="李示例", now=home.here.clock())
    measure(home.here, other.id)
    home.here.wire.sent.clear()
    await home.here.now()
    assert home.there.person(other.id) is None
    assert all(str(other.id).encode() not in sent for sent in home.here.wire.sent)
    assert stands(home.here).waiting


async def test_pretend_readings_never_leave_but_from_a_demo(service, tmp_path):
    for demo in (False, True):
        async with clients.machine(service, tmp_path / f"demo{demo}", demo=demo) as machine:
            person_id = machine.add_person()
            await machine.sign_in(f"somebody{demo}", new=True)
            reading = records.pressure(person_id, simulated=True, taken_at=machine.clock())
            reading_acts.type_in(machine.archive, reading, machine.clock())
            await machine.now()
            kinds = [c["kind"] for c in await pulled(service, f"somebody{demo}", person_id)]
            assert ("reading" in kinds) is demo


async def pulled(service, login, person_id):
    device = await service.sign_in(login)
    return (await device.pull(person_id))["changes"]


async def test_what_a_newer_program_wrote_is_kept_and_comes_back_unspoilt(home):
    newer = await home.service.sign_in("mother")
    from tests.helpers.platforms import op

    line = uuid4()
    body = {
        "id": str(line), "person_id": str(home.person_id), "code": "gout", "name": "痛风",
        "since": None, "severity": {"grade": 3},
    }  # fmt: skip
    strange = op(home.person_id, "hologram", "set", body={"glow": 1}, entity_id=str(uuid4()))
    told = await newer.push(
        op(home.person_id, "condition", "set", body=body, entity_id=str(line)), strange
    )
    await home.here.now()
    (shown,) = home.here.profile(home.person_id).conditions
    assert (shown.code, shown.name) == (ConditionCode.OTHER, "痛风")
    acts.note(home.here.archive, replace(shown, name="痛风病"), home.here.clock())
    await home.here.now()
    changes = (await newer.pull(home.person_id))["changes"]
    (edit,) = [c for c in changes if c["entity_id"] == str(line)][1:]
    assert edit["body"] == {"name": "痛风病"}
    with home.here.archive.read() as tx:
        kept = streams.entity(tx, home.person_id, "condition", line)
        assert (kept.body["code"], kept.body["severity"]) == ("gout", {"grade": 3})
        if told[1]["status"] == "ok":
            other = streams.entity(tx, home.person_id, "hologram", UUID(strange["entity_id"]))
            assert other.body == {"glow": 1}


async def test_a_person_s_own_stream_is_never_wiped_by_what_the_platform_says(home):
    reading = measure(home.here, home.person_id)
    await home.here.now()
    from carehub.platform.db import metadata

    for table in metadata.sorted_tables:
        if "person_id" in table.c:
            await in_platform(home, delete(table))
    await home.here.now()
    assert measured(home.here, home.person_id) == [reading]
    assert home.here.person(home.person_id).name == "王示例"


async def test_a_newer_platform_lets_us_record_and_read_on(home, monkeypatch):
    reading = measure(home.there, home.person_id)
    await home.there.now()
    mine = measure(home.here, home.person_id, 140)
    send = home.here.wire.handle_async_request

    async def strict(request: httpx.Request) -> httpx.Response:
        assert request.headers[SCHEMA_HEADER] == "1-1"
        if pushes(request):
            return httpx.Response(426, json={"code": "schema", "sentence": "too old"})
        return await send(request)

    monkeypatch.setattr(home.here.wire, "handle_async_request", strict)
    done = await home.here.now()
    assert done.too_old
    assert stands(home.here).trouble == "schema_too_old"
    assert sorted(measured(home.here, home.person_id)) == sorted([reading, mine])
    assert stands(home.here).waiting
    assert stands(home.here).refused == ()


async def test_a_long_absence_is_caught_up_page_by_page(home):
    with home.here.archive.write() as tx:
        for n in range(PAGE + 20):
            reading = records.pressure(home.person_id, taken_at=home.here.clock() - n * 60_000)
            readings.add(tx, reading)
            outbox.add(
                tx,
                records.op(
                    "reading",
                    reading.id,
                    home.person_id,
                    body=json.loads(json.dumps(clients.body_of(reading))),
                ),
            )
    heard: list[sync.Progress] = []
    home.here.sharing = sync.Sharing(
        home.here.archive, home.here.client, home.here.clock, tell=heard.append
    )
    done = await home.here.now()
    assert done.sent == PAGE + 20
    assert [p.waiting for p in heard if p.sent][:2] == [20, 0]
    await home.there.now()
    assert len(measured(home.there, home.person_id)) == PAGE + 20


async def test_nobody_signed_in_and_a_busy_platform_are_said(home, tmp_path, monkeypatch):
    async with clients.machine(home.service, tmp_path / "fresh") as fresh:
        with pytest.raises(NotSignedIn):
            await fresh.now()
    measure(home.here, home.person_id)

    async def busy(_request: httpx.Request) -> httpx.Response:
        return httpx.Response(503, headers={"Retry-After": "90"}, json={})

    monkeypatch.setattr(home.here.wire, "handle_async_request", busy)
    with pytest.raises(PlatformBusy):
        await home.here.now()
    assert stands(home.here).next_at == home.here.clock() + 90_000
    assert stands(home.here).waiting


async def test_a_session_ended_elsewhere_keeps_everything_and_asks_to_sign_in(home):
    other = await home.service.sign_in("mother")
    for session in (await other.get("/v1/sessions"))["sessions"]:
        if not session["current"]:
            await other.ask("DELETE", f"/v1/sessions/{session['id']}")
    reading = measure(home.here, home.person_id)
    with pytest.raises(SignedOut):
        await home.here.now()
    with pytest.raises(SignedOut):
        await home.here.now()
    assert stands(home.here).waiting
    assert not stands(home.here).signed_in
    await home.here.sign_in("mother")
    await home.here.now()
    assert stands(home.here).waiting == 0
    await home.there.sign_in("mother")
    await home.there.now()
    assert measured(home.there, home.person_id) == [reading]


async def test_no_secret_and_no_name_in_logs_or_repr(home, caplog):
    caplog.set_level(logging.DEBUG)
    measure(home.here, home.person_id, 213)
    home.here.clock.now += 3_600_000
    home.service.clock.now += 3_600_000
    await home.here.now()
    with home.here.archive.read() as tx:
        from carehub.archive import accounts

        account = accounts.get(tx)
    ours = "\n".join(r.getMessage() for r in caplog.records if r.name.startswith("carehub"))
    for secret in (account.access, account.refresh, "mother"):
        assert secret
        assert secret not in ours
        assert secret not in repr(account)


async def test_an_alert_is_one_on_both_machines(home):
    measure(home.here, home.person_id, 196)
    done = await home.here.now()
    got = await home.there.now()
    assert Changes.ALERTS in got.changes
    assert Changes.READINGS not in done.changes
    with home.here.archive.read() as one, home.there.archive.read() as other:
        assert alerts.open(one, home.person_id) == alerts.open(other, home.person_id) != []
        assert people.target(one, home.person_id) is people.target(other, home.person_id) is None


async def test_a_purpose_of_its_own(home):
    home.here.withdraw(home.person_id, Purpose.FAMILY_SHARING)
    await home.both()
    assert stands(home.here).waiting == 0
