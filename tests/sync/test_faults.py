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
from carehub.sync.turn import PAGE, Progress, Steps
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


async def in_platform(house, statement) -> None:
    await house.service.app.state.running.db.write(lambda tx: tx.execute(statement))


async def test_a_lost_answer_is_asked_for_again_and_counts_once(house):
    reading = measure(house.here, house.person_id)
    house.here.wire.lose = pushes
    with pytest.raises(PlatformUnreachable):
        await house.here.now()
    assert stands(house.here).waiting
    assert stands(house.here).trouble == "platform_unreachable"
    house.here.wire.lose = lambda _request: False
    await house.both()
    assert measured(house.there, house.person_id) == [reading]
    assert (stands(house.here).waiting, stands(house.here).trouble) == (0, "")
    assert stands(house.here).last_success_at == house.here.clock()


async def test_a_request_delivered_twice_counts_once(house):
    reading = measure(house.here, house.person_id)
    rename(house.here, house.person_id, called="奶奶")
    house.here.wire.twice = pushes
    await house.both()
    assert measured(house.there, house.person_id) == [reading]
    assert house.there.person(house.person_id).called == "奶奶"
    assert unsettled(house.here, house.person_id) == unsettled(house.there, house.person_id) == []


@pytest.mark.parametrize(
    "point", ["push.chosen", "push.answered", "push.noting", "push.noted", "pull.answered"]
)
async def test_a_crash_anywhere_between_sending_and_noting_loses_nothing(house, point):
    reading = measure(house.here, house.person_id)
    rename(house.here, house.person_id, called="奶奶")
    crash_at(house.here, point)
    with pytest.raises(Crash):
        await house.here.now()
    house.here.restart()
    await house.both()
    assert (
        measured(house.there, house.person_id) == measured(house.here, house.person_id) == [reading]
    )
    assert house.there.person(house.person_id).called == "奶奶"
    assert stands(house.here).waiting == 0


@pytest.mark.parametrize("point", ["pull.answered", "pull.applied"])
async def test_a_crash_while_fetching_fetches_again(house, point):
    reading = measure(house.here, house.person_id)
    await house.here.now()
    crash_at(house.there, point)
    with pytest.raises(Crash):
        await house.there.now()
    house.there.restart()
    await house.there.now()
    assert measured(house.there, house.person_id) == [reading]


async def test_an_edit_made_while_the_first_travels_is_not_acknowledged_with_it(house):
    rename(house.here, house.person_id, called="奶奶")

    def reach(point: str) -> None:
        if point == "push.chosen" and house.here.person(house.person_id).called == "奶奶":
            rename(house.here, house.person_id, called="外婆")

    house.here.steps = Steps(reach=reach)
    house.here.restart()
    await house.here.now()
    house.here.steps = Steps()
    house.here.restart()
    await house.both()
    assert house.there.person(house.person_id).called == "外婆"
    assert house.here.person(house.person_id).called == "外婆"
    assert unsettled(house.here, house.person_id) == []


async def test_two_machines_edit_one_field_and_the_loser_is_shown_on_both(house):
    rename(house.here, house.person_id, called="奶奶", name="王示例甲")
    house.there.clock.now += 60_000
    rename(house.there, house.person_id, called="外婆")
    await house.both()
    assert house.here.person(house.person_id) == house.there.person(house.person_id)
    assert house.here.person(house.person_id).called == "外婆"
    assert house.here.person(house.person_id).name == "王示例甲"
    for machine in (house.here, house.there):
        (conflict,) = unsettled(machine, house.person_id)
        assert (conflict.field, conflict.kept, conflict.lost) == ("called", "外婆", "奶奶")
    (conflict,) = stands(house.here).conflicts
    sync.settle(house.here.archive, conflict.id, house.here.clock())
    await house.both()
    assert unsettled(house.here, house.person_id) == unsettled(house.there, house.person_id) == []


async def test_different_fields_meet_without_a_conflict(house):
    rename(house.here, house.person_id, called="奶奶")
    rename(house.there, house.person_id, name="李示例")
    await house.both()
    for machine in (house.here, house.there):
        person = machine.person(house.person_id)
        assert (person.called, person.name) == ("奶奶", "李示例")
        assert unsettled(machine, house.person_id) == []


async def test_an_allergy_edited_twice_is_never_settled_by_a_machine(house):
    allergy = Allergy(uuid4(), house.person_id, "示例素")
    acts.note(house.here.archive, allergy, house.here.clock())
    await house.both()
    acts.note(house.here.archive, replace(allergy, reaction="皮疹"), house.here.clock())
    acts.note(house.there.archive, replace(allergy, reaction="气喘"), house.there.clock() + YEAR)
    await house.both()
    for machine in (house.here, house.there):
        (conflict,) = unsettled(machine, house.person_id)
        assert conflict.needs_confirmation
        assert {conflict.kept, conflict.lost} == {"皮疹", "气喘"}
        assert machine.profile(house.person_id).allergies[0].reaction == "皮疹"


async def test_a_line_removed_here_and_changed_there_stays_and_is_shown(house):
    line = Condition(uuid4(), house.person_id, ConditionCode.OTHER, "示例")
    acts.note(house.here.archive, line, house.here.clock())
    await house.both()
    changed = replace(line, since=1999)
    acts.note(house.there.archive, changed, house.there.clock())
    acts.strike(house.here.archive, line, house.here.clock())
    await house.there.now()
    await house.both()
    for machine in (house.here, house.there):
        assert machine.profile(house.person_id).conditions == (changed,)
        assert [c.field for c in unsettled(machine, house.person_id)] == [""]
    acts.strike(house.here.archive, changed, house.here.clock())
    await house.both()
    for machine in (house.here, house.there):
        assert machine.profile(house.person_id).conditions == ()


@pytest.mark.parametrize("skew", [2 * 86_400_000, -2 * 86_400_000, 10 * YEAR, -10 * YEAR])
async def test_a_clock_that_is_wrong_wins_nothing_and_loses_nothing(house, tmp_path, skew):
    async with clients.machine(house.service, tmp_path / "wrong", skew=skew) as wrong:
        await wrong.sign_in("mother")
        await wrong.now()
        rename(wrong, house.person_id, called="奶奶")
        await wrong.now()
        await house.here.now()
        assert house.here.person(house.person_id).called == "奶奶"
        rename(house.here, house.person_id, called="外婆")
        await house.here.now()
        await wrong.now()
        assert wrong.person(house.person_id).called == "外婆"
        assert unsettled(wrong, house.person_id) == []
        reading = measure(wrong, house.person_id)
        await wrong.now()
        await house.here.now()
        assert measured(house.here, house.person_id) == [reading]
        assert stands(wrong).waiting == 0


async def test_a_stream_begun_anew_keeps_what_waits(house):
    kept = [measure(house.here, house.person_id, 120 + n) for n in range(3)]
    await house.both()
    stream = platform_tables.person_stream
    house.here.wire.cut = True
    waiting = [measure(house.here, house.person_id, 140 + n) for n in range(5)]
    rename(house.here, house.person_id, called="奶奶")
    await in_platform(house, update(stream).values(epoch=stream.c.epoch + 1, floor=stream.c.head))
    house.here.wire.cut = False
    await house.both(3)
    for machine in (house.here, house.there):
        assert sorted(measured(machine, house.person_id)) == sorted(kept + waiting)
        assert machine.person(house.person_id).called == "奶奶"
        assert machine.stream(house.person_id).epoch == 2
        assert unsettled(machine, house.person_id) == []
    assert stands(house.here).waiting == 0


async def test_what_a_restored_platform_has_forgotten_is_sent_again(house):
    measure(house.here, house.person_id, 120)
    await house.both()
    stream, seen = platform_tables.person_stream, platform_tables.op_seen
    head = house.here.stream(house.person_id).cursor
    late = measure(house.here, house.person_id, 150)
    rename(house.here, house.person_id, called="奶奶")
    line = EmergencyContact(uuid4(), house.person_id, "李示例", phone="13800000000")
    acts.note(house.here.archive, line, house.here.clock())
    await house.both()
    # The platform is put back to before those: its newest rows are gone, its epoch is new.
    for table in (platform_tables.change,):
        await in_platform(house, delete(table).where(table.c.seq > head))
    entity = platform_tables.entity
    await in_platform(house, delete(entity).where(entity.c.rev > head))
    await in_platform(house, delete(seen))
    await in_platform(house, update(stream).values(head=head, epoch=7))
    await house.both(3)
    async_third = clients.machine(house.service, house.here.archive.folder.with_name("third"))
    async with async_third as third:
        await third.sign_in("mother")
        await third.now()
        assert late in measured(third, house.person_id)
        assert third.person(house.person_id).called == "奶奶"
        assert third.profile(house.person_id).contacts == (line,)
    assert late in measured(house.here, house.person_id)


async def test_a_client_restored_from_an_old_backup_catches_up(house, tmp_path):
    from carehub.archive import backup

    measure(house.here, house.person_id, 120)
    await house.both()
    made = backup.make(house.there.archive, house.there.clock())
    rename(house.there, house.person_id, called="奶奶")
    newer = measure(house.there, house.person_id, 150)
    await house.both()
    keys, folder = house.there.archive.keys, house.there.archive.folder
    house.there.archive.close(house.there.clock())
    backup.restore(folder, made.file, keys, house.there.clock())
    house.there.archive = type(house.there.archive).open(folder, keys, house.there.clock())
    house.there.restart()
    assert newer not in measured(house.there, house.person_id)
    try:
        await house.both()
        assert newer in measured(house.there, house.person_id)
        assert house.there.person(house.person_id).called == "奶奶"
        assert measured(house.there, house.person_id) == measured(house.here, house.person_id)
        assert unsettled(house.there, house.person_id) == []
    finally:
        house.there.archive.close(house.there.clock())


async def test_a_drift_is_found_once_a_week_and_mended(house):
    reading = measure(house.here, house.person_id)
    await house.both()
    with house.there.archive.write() as tx:
        lost = streams.entity(tx, house.person_id, "reading", reading)
        assert lost is not None
        streams.drop(tx, [lost])
        tx.exec_driver_sql("DELETE FROM reading")
    await house.there.now()
    assert measured(house.there, house.person_id) == []
    house.there.clock.now += 8 * 86_400_000
    house.service.clock.now += 8 * 86_400_000
    await house.there.now()
    assert measured(house.there, house.person_id) == [reading]


async def test_a_poison_op_stays_visible_and_holds_up_nobody(house):
    with house.here.archive.write() as tx:
        poison = records.op("condition", uuid4(), house.person_id, body={"id": str(uuid4())})
        outbox.add(tx, poison)
    reading = measure(house.here, house.person_id)
    await house.both()
    assert measured(house.there, house.person_id) == [reading]
    (refused,) = stands(house.here).refused
    assert (refused.op.op_id, refused.state, refused.code) == (
        poison.op_id,
        OpState.REJECTED,
        "malformed",
    )
    assert (await house.here.now()).sent == 0
    sync.try_again(house.here.archive, [poison.op_id])
    assert (await house.here.now()).sent == 1


async def test_an_op_no_push_can_hold_is_refused_here(house):
    line = Condition(uuid4(), house.person_id, ConditionCode.OTHER, "长" * 70_000)
    acts.note(house.here.archive, line, house.here.clock())
    reading = measure(house.here, house.person_id)
    await house.both()
    assert [r.code for r in stands(house.here).refused] == ["too_large"]
    assert measured(house.there, house.person_id) == [reading]


async def test_a_push_that_is_too_large_is_halved(house, monkeypatch):
    kept = [measure(house.here, house.person_id, 100 + n) for n in range(9)]
    sizes: list[int] = []
    send = house.here.wire.handle_async_request

    async def narrow(request: httpx.Request) -> httpx.Response:
        if pushes(request):
            import gzip

            sizes.append(len(json.loads(gzip.decompress(request.content))["ops"]))
            if sizes[-1] > 3:
                return httpx.Response(413, json={"code": "too_large", "sentence": ""})
        return await send(request)

    monkeypatch.setattr(house.here.wire, "handle_async_request", narrow)
    with house.here.archive.read() as tx:
        waiting = len(outbox.waiting(tx))
    await house.here.now()
    await house.there.now()
    assert max(sizes) == waiting
    assert any(size <= 3 for size in sizes)
    assert sorted(measured(house.there, house.person_id)) == sorted(kept)


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
        for _ in range(2):
            with pytest.raises(NotAllowed):
                await machine.now()
        # The platform hears once that it must stop, and nothing else.
        assert machine.wire.asked == [f"POST /v1/people/{person.id}/consents/withdraw"]
        machine.clock.now += 1
        machine.agree(person.id)
        await machine.now()
        assert stands(machine).waiting == 0


async def test_who_has_not_agreed_stays_here_while_others_travel(house):
    other = acts.add(house.here.archive, name="李示例", now=house.here.clock())
    measure(house.here, other.id)
    house.here.wire.sent.clear()
    await house.here.now()
    assert house.there.person(other.id) is None
    assert all(str(other.id).encode() not in sent for sent in house.here.wire.sent)
    assert stands(house.here).held


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


async def test_what_a_newer_program_wrote_is_kept_and_comes_back_unspoilt(house):
    newer = await house.service.sign_in("mother")
    from tests.helpers.platforms import op

    line = uuid4()
    body = {
        "id": str(line), "person_id": str(house.person_id), "code": "gout", "name": "痛风",
        "since": None, "severity": {"grade": 3},
    }  # fmt: skip
    strange = op(house.person_id, "hologram", "set", body={"glow": 1}, entity_id=str(uuid4()))
    told = await newer.push(
        op(house.person_id, "condition", "set", body=body, entity_id=str(line)), strange
    )
    await house.here.now()
    (shown,) = house.here.profile(house.person_id).conditions
    assert (shown.code, shown.name) == (ConditionCode.OTHER, "痛风")
    acts.note(house.here.archive, replace(shown, name="痛风病"), house.here.clock())
    await house.here.now()
    changes = (await newer.pull(house.person_id))["changes"]
    (edit,) = [c for c in changes if c["entity_id"] == str(line)][1:]
    assert edit["body"] == {"name": "痛风病"}
    with house.here.archive.read() as tx:
        kept = streams.entity(tx, house.person_id, "condition", line)
        assert kept is not None
        assert (kept.body["code"], kept.body["severity"]) == ("gout", {"grade": 3})
        if told[1]["status"] == "ok":
            other = streams.entity(tx, house.person_id, "hologram", UUID(strange["entity_id"]))
            assert other is not None
            assert other.body == {"glow": 1}


async def test_a_person_s_own_stream_is_never_wiped_by_what_the_platform_says(house):
    reading = measure(house.here, house.person_id)
    await house.here.now()
    from carehub.platform.db import metadata

    for table in metadata.sorted_tables:
        if "person_id" in table.c:
            await in_platform(house, delete(table))
    await house.here.now()
    assert measured(house.here, house.person_id) == [reading]
    assert house.here.person(house.person_id).name == "王示例"


async def test_a_newer_platform_lets_us_record_and_read_on(house, monkeypatch):
    reading = measure(house.there, house.person_id)
    await house.there.now()
    mine = measure(house.here, house.person_id, 140)
    send = house.here.wire.handle_async_request

    async def strict(request: httpx.Request) -> httpx.Response:
        assert request.headers[SCHEMA_HEADER] == "1-1"
        if pushes(request):
            return httpx.Response(426, json={"code": "schema", "sentence": "too old"})
        return await send(request)

    monkeypatch.setattr(house.here.wire, "handle_async_request", strict)
    done = await house.here.now()
    assert done.too_old
    assert stands(house.here).trouble == "schema_too_old"
    assert sorted(measured(house.here, house.person_id)) == sorted([reading, mine])
    assert stands(house.here).waiting
    assert stands(house.here).refused == ()


async def test_a_long_absence_is_caught_up_page_by_page(house):
    with house.here.archive.write() as tx:
        for n in range(PAGE + 20):
            reading = records.pressure(house.person_id, taken_at=house.here.clock() - n * 60_000)
            readings.add(tx, reading)
            outbox.add(
                tx,
                records.op(
                    "reading",
                    reading.id,
                    house.person_id,
                    body=json.loads(json.dumps(clients.body_of(reading))),
                ),
            )
    heard: list[Progress] = []
    house.here.sharing = sync.Sharing(
        house.here.archive, house.here.client, house.here.clock, tell=heard.append
    )
    done = await house.here.now()
    assert done.sent == PAGE + 20
    assert [p.waiting for p in heard if p.sent][:2] == [20, 0]
    await house.there.now()
    assert len(measured(house.there, house.person_id)) == PAGE + 20


async def test_nobody_signed_in_and_a_busy_platform_are_said(house, tmp_path, monkeypatch):
    async with clients.machine(house.service, tmp_path / "fresh") as fresh:
        with pytest.raises(NotSignedIn):
            await fresh.now()
    measure(house.here, house.person_id)

    async def busy(_request: httpx.Request) -> httpx.Response:
        return httpx.Response(503, headers={"Retry-After": "90"}, json={})

    monkeypatch.setattr(house.here.wire, "handle_async_request", busy)
    with pytest.raises(PlatformBusy):
        await house.here.now()
    assert stands(house.here).next_at == house.here.clock() + 90_000
    assert stands(house.here).waiting


async def test_a_session_ended_elsewhere_keeps_everything_and_asks_to_sign_in(house):
    other = await house.service.sign_in("mother")
    for session in (await other.get("/v1/sessions"))["sessions"]:
        if not session["current"]:
            await other.ask("DELETE", f"/v1/sessions/{session['id']}")
    reading = measure(house.here, house.person_id)
    with pytest.raises(SignedOut):
        await house.here.now()
    with pytest.raises(SignedOut):
        await house.here.now()
    assert stands(house.here).waiting
    assert not stands(house.here).signed_in
    await house.here.sign_in("mother")
    await house.here.now()
    assert stands(house.here).waiting == 0
    await house.there.sign_in("mother")
    await house.there.now()
    assert measured(house.there, house.person_id) == [reading]


async def test_no_secret_and_no_name_in_logs_or_repr(house, caplog):
    caplog.set_level(logging.DEBUG)
    measure(house.here, house.person_id, 213)
    house.here.clock.now += 3_600_000
    house.service.clock.now += 3_600_000
    await house.here.now()
    with house.here.archive.read() as tx:
        from carehub.archive import accounts

        account = accounts.get(tx)
    assert account is not None
    ours = "\n".join(r.getMessage() for r in caplog.records if r.name.startswith("carehub"))
    for secret in (account.access, account.refresh, "mother"):
        assert secret
        assert secret not in ours
        assert secret not in repr(account)


async def test_an_alert_is_one_on_both_machines(house):
    measure(house.here, house.person_id, 196)
    done = await house.here.now()
    got = await house.there.now()
    assert Changes.ALERTS in got.changes
    assert Changes.READINGS not in done.changes
    with house.here.archive.read() as one, house.there.archive.read() as other:
        assert alerts.open(one, house.person_id) == alerts.open(other, house.person_id) != []
        assert people.target(one, house.person_id) is people.target(other, house.person_id) is None


async def test_a_purpose_of_its_own(house):
    house.here.withdraw(house.person_id, Purpose.FAMILY_SHARING)
    await house.both()
    assert stands(house.here).waiting == 0


async def test_a_clock_set_right_after_a_contact_does_not_date_an_act_before_its_mandate(
    house, tmp_path
):
    from carehub.care.family import Role

    async with clients.machine(house.service, tmp_path / "daughter", skew=10 * YEAR) as daughter:
        account_id = await daughter.sign_in("daughter", new=True)
        await clients.give_mandate(house.service, house.person_id, account_id, Role.GUARDIAN)
        await daughter.now()
        daughter.clock.now = house.service.clock()
        rename(daughter, house.person_id, called="外婆")
        await daughter.now()
        assert stands(daughter).refused == ()
        await house.here.now()
        assert house.here.person(house.person_id).called == "外婆"


async def test_a_clock_that_jumps_years_ahead_ends_a_mandate_and_the_next_contact_mends_it(
    house, tmp_path
):
    from carehub.care.family import Role
    from carehub.workflows import rounds

    async with clients.machine(house.service, tmp_path / "daughter") as daughter:
        account_id = await daughter.sign_in("daughter", new=True)
        await clients.give_mandate(house.service, house.person_id, account_id, Role.GUARDIAN)
        await daughter.now()
        rename(daughter, house.person_id, called="外婆")
        daughter.clock.now += 10 * YEAR
        assert rounds.make(daughter.archive, daughter.clock()).gone == (house.person_id,)
        assert daughter.person(house.person_id) is None
        await daughter.now()
        await daughter.now()
        assert daughter.person(house.person_id).called == "外婆"
        assert stands(daughter).refused == ()
