"""Photos and documents cross whole or not at all, go on where they stood, and never without consent."""

import hashlib
from dataclasses import replace
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import delete, update

from carehub.archive import attachments, streams, uploads
from carehub.archive.sealed import CHUNK
from carehub.care.family import Role
from carehub.care.record import Attachment
from carehub.errors import NotAllowed, PlatformUnreachable
from carehub.platform.attachments.tables import upload as upload_table
from carehub.platform.records import tables as records
from carehub.sync import views
from carehub.sync.turn import Steps
from carehub.wire.attachments import MOST_FILE, PIECE
from carehub.wire.exchange import Act, EntityKind
from carehub.workflows import outgoing, rounds, sync
from carehub.workflows import people as acts
from tests.helpers import clients
from tests.helpers.uploads import folder_of, picture, stored

FACE = picture(2000)
SCAN = b"%PDF-" + bytes(range(256)) * 5000
MONTH = 30 * 86_400_000


class Meddler(httpx.AsyncBaseTransport):
    """Stands in the line and may alter what passes, or break it."""

    def __init__(self, machine):
        self._line = machine.wire._app  # noqa: SLF001 - it stands between the wire and the platform
        machine.wire._app = self  # noqa: SLF001
        self.request = lambda request: request
        self.response = lambda _request, response, _content: response

    async def handle_async_request(self, request):
        passed = self.request(request)
        response = await self._line.handle_async_request(passed)
        return self.response(passed, response, await response.aread())


def keep_face(machine, person_id, content=FACE):
    acts.keep_photo(
        machine.archive, machine.person(person_id), content, "image/png", machine.clock()
    )
    return machine.person(person_id).photo_id


def keep_scan(machine, person_id, content=SCAN, media_type="application/pdf"):
    return attachments.add(machine.archive, content, media_type, person_id=person_id)


def shown(machine, attachment_id):
    return attachments.picture(machine.archive, attachment_id)


def files(machine):
    return sorted(file.name for file in (machine.archive.folder / "attachments").glob("*"))


def held(machine):
    with machine.archive.read() as tx:
        return [each.code for each in uploads.held(tx)]


def later(*machines):
    for machine in machines:
        machine.clock.now += 2 * 86_400_000


def pieces(machine):
    return [each for each in machine.wire.asked if each.startswith("PATCH")]


def is_piece(request):
    return request.method == "PATCH"


async def test_a_face_and_a_document_cross_stay_sealed_and_go_everywhere(house, service):
    face, scan = keep_face(house.here, house.person_id), keep_scan(house.here, house.person_id)
    done = await house.here.now()
    assert done.troubled == {}
    assert shown(house.there, face) == b""
    await house.there.now()
    assert house.there.person(house.person_id).photo_id == face
    assert shown(house.there, face) == FACE
    assert attachments.read(house.there.archive, scan) == SCAN
    assert files(house.there) == [f"{scan.hex}.sealed"]
    sealed = (house.there.archive.folder / "attachments" / f"{scan.hex}.sealed").read_bytes()
    assert SCAN[5:200] not in sealed
    with house.there.archive.read() as tx:
        told = {each.id: each for each in attachments.of(tx, house.person_id)}
    assert (told[face].belongs_kind, told[face].belongs_id) == ("person", house.person_id)
    before = len(house.here.wire.asked)
    await house.both()
    assert not [each for each in house.here.wire.asked[before:] if "uploads" in each]
    assert held(house.here) == held(house.there) == []
    refuse_nonsense(house)
    await remove(house, scan)
    assert files(house.there) == files(house.here) == []
    assert stored(service, house.person_id) == [hashlib.sha256(FACE).hexdigest()]


async def remove(house, attachment_id):
    """Take an attachment out on one machine, and let both hear of it."""
    with house.here.archive.write() as tx:
        gone = attachments.get(tx, attachment_id)
        attachments.drop(tx, attachment_id)
        outgoing.queue(
            tx, EntityKind.ATTACHMENT, Act.REMOVE, gone, person_id=house.person_id,
            now=house.here.clock(),
        )  # fmt: skip
    attachments.sweep(house.here.archive)
    await house.both()


def refuse_nonsense(house):
    """See that what describes no attachment is not expected."""
    known = {"media_type": "image/png", "size": 1, "sha256": "0f" * 32}
    stream = house.here.stream(house.person_id)
    for wrong in ({"sha256": "no hash"}, {"size": 0}, {"size": "many"}):
        with house.here.archive.write() as tx:
            told = streams.Entity(house.person_id, "attachment", uuid4(), 1, known | wrong)
            for each in (told, replace(told, deleted=True)):
                streams.keep(tx, each)
                views.show(tx, house.person_id, "attachment", told.entity_id, stream.cursor)
                assert attachments.get(tx, told.entity_id) is None
            streams.drop(tx, [told])


async def test_an_upload_goes_on_where_it_stood_after_a_cut_and_a_restart(house):
    scan = keep_scan(house.here, house.person_id)
    meddler = Meddler(house.here)
    passed = []

    def cut(request):
        if is_piece(request):
            passed.append(request.headers["Upload-Offset"])
            if len(passed) == 3:
                raise httpx.WriteError("cut")
        return request

    meddler.request = cut
    assert (await house.here.now()).troubled == {}
    assert held(house.here) == ["platform_unreachable"]
    house.here.restart()
    later(house.here)
    await house.here.now()
    offsets = [int(each) for each in passed]
    assert offsets == [0, PIECE, 2 * PIECE, *range(2 * PIECE, len(SCAN), PIECE)]
    await house.there.now()
    assert shown(house.there, scan) == SCAN


async def test_a_piece_whose_answer_was_lost_is_not_sent_twice(house):
    scan = keep_scan(house.here, house.person_id)
    lost = iter([True])
    house.here.wire.lose = lambda request: is_piece(request) and next(lost, False)
    await house.here.now()
    later(house.here)
    await house.both()
    assert len(pieces(house.here)) == -(-len(SCAN) // PIECE)
    assert shown(house.there, scan) == SCAN
    house.here.wire.twice = is_piece
    again = keep_scan(house.here, house.person_id, SCAN[:-1])
    await house.both()
    assert shown(house.there, again) == SCAN[:-1]


async def test_what_was_altered_on_the_way_is_sent_or_fetched_again(house):
    scan = keep_scan(house.here, house.person_id)
    spoilt = iter([True, True])

    def spoil(request):
        if is_piece(request) and next(spoilt, False):
            return httpx.Request(
                request.method, request.url, headers=request.headers,
                content=b"?" * len(request.content),
            )  # fmt: skip
        return request

    Meddler(house.here).request = spoil
    assert (await house.here.now()).troubled == {}
    assert held(house.here) == []
    wrong = iter([True])

    def altered(request, response, content):
        if "/attachments/" in str(request.url) and next(wrong, False):
            return httpx.Response(206, content=b"?" * len(content))
        return response

    Meddler(house.there).response = altered
    await house.there.now()
    assert (shown(house.there, scan), held(house.there), files(house.there)) == (
        b"", ["checksum"], [],
    )  # fmt: skip
    later(house.there)
    await house.there.now()
    assert shown(house.there, scan) == SCAN
    assert held(house.there) == []


async def test_a_download_goes_on_after_the_pieces_that_came(house):
    scan = keep_scan(house.here, house.person_id)
    assert len(SCAN) > CHUNK
    await house.here.now()
    asked = []

    def cut(request):
        if "/attachments/" in str(request.url):
            asked.append(request.headers["Range"])
            if len(asked) == 2:
                raise httpx.ReadError("cut")
        return request

    Meddler(house.there).request = cut
    await house.there.now()
    assert files(house.there) == [f"{scan.hex}.0.part"]
    house.there.restart()
    later(house.there)
    await house.there.now()
    tail = f"bytes={CHUNK}-{len(SCAN) - 1}"
    assert asked == [f"bytes=0-{CHUNK - 1}", tail, tail]
    assert shown(house.there, scan) == SCAN
    assert files(house.there) == [f"{scan.hex}.sealed"]


async def test_after_a_withdrawal_no_byte_leaves_not_even_of_half_a_file(house):
    scan = keep_scan(house.here, house.person_id)

    def reach(point):
        if point == "file.piece":
            house.here.withdraw(house.person_id)

    house.here.steps = Steps(reach=reach)
    house.here.restart()
    await house.here.now()
    assert len(pieces(house.here)) == 1
    house.here.steps = Steps()
    house.here.restart()
    sent = len(house.here.wire.sent)
    keep_face(house.here, house.person_id)
    with pytest.raises(NotAllowed):
        await house.here.now()
    told = house.here.wire.sent[sent:]
    assert not [each for each in told if b"uploads" in each or FACE in each]
    house.here.agree(house.person_id)
    later(house.here)
    await house.here.now()
    await house.both()
    assert shown(house.there, scan) == SCAN


async def test_a_relative_sees_and_brings_files_until_the_mandate_ends(house, service, tmp_path):
    face = keep_face(house.here, house.person_id)
    keep_scan(house.here, house.person_id)
    await house.here.now()
    async with clients.machine(service, tmp_path / "daughter") as daughter:
        account = await daughter.sign_in("daughter", new=True)
        await clients.give_mandate(service, house.person_id, account)
        await daughter.now()
        assert shown(daughter, face) == FACE
        hers = keep_scan(daughter, house.person_id, SCAN + b"hers")
        await daughter.now()
        await house.here.now()
        assert shown(house.here, hers) == SCAN + b"hers"
        keep_scan(daughter, house.person_id, SCAN + b"unsent")
        assert len(files(daughter)) == 3
        await clients.revoke(service, house.person_id, account)
        await daughter.now()
        assert files(daughter) == []
        assert shown(daughter, face) == b""


async def test_the_end_of_a_mandate_wipes_files_without_contact(house, service, tmp_path):
    scan = keep_scan(house.here, house.person_id)
    await house.here.now()
    async with clients.machine(service, tmp_path / "daughter") as daughter:
        account = await daughter.sign_in("daughter", new=True)
        await clients.give_mandate(
            service, house.person_id, account, Role.VIEWER, until_at=service.clock() + MONTH
        )
        await daughter.now()
        assert shown(daughter, scan) == SCAN
        keep_scan(daughter, house.person_id, SCAN + b"?")
        await daughter.now()
        assert not pieces(daughter)
        assert len(files(daughter)) == 2
        rounds.make(daughter.archive, daughter.clock() + MONTH)
        assert files(daughter) == []


async def test_what_does_not_travel_says_so_and_holds_up_nothing(house):
    for media_type in ("text/html", "image/png"):
        keep_scan(house.here, house.person_id, b"<html>" * 10, media_type)
    face = keep_face(house.here, house.person_id)
    await house.both()
    assert sorted(held(house.here)) == ["media_type", "media_type"]
    assert {each.code for each in sync.status(house.here.archive).files_held} == {"media_type"}
    assert shown(house.there, face) == FACE
    before = len(house.here.wire.asked)
    await house.here.now()
    assert not [each for each in house.here.wire.asked[before:] if "uploads" in each]
    lost = keep_scan(house.here, house.person_id)
    (house.here.archive.folder / "attachments" / f"{lost.hex}.sealed").unlink()
    huge = Attachment(uuid4(), house.person_id, "image/png", MOST_FILE + 1, "0f" * 32)
    with house.here.archive.write() as tx:
        attachments.expect(tx, huge)
    await house.here.now()
    assert {"damaged", "file_too_large"} <= set(held(house.here))


async def test_a_full_disk_at_the_other_end_is_waited_for(house):
    scan = keep_scan(house.here, house.person_id)
    meddler = Meddler(house.here)
    full = b'{"code":"disk_full","sentence":"full"}'
    meddler.response = lambda request, response, _content: (
        httpx.Response(507, content=full) if is_piece(request) else response
    )
    await house.here.now()
    assert held(house.here) == ["disk_full"]
    meddler.response = lambda _request, response, _content: response
    later(house.here)
    await house.both()
    assert shown(house.there, scan) == SCAN


async def forget_files(service, person_id):
    """Put the platform back to before any file came."""

    async def work(tx):
        await tx.execute(delete(upload_table))

    await service.app.state.running.db.write(work)
    for file in folder_of(service, person_id).iterdir():
        file.unlink()


async def test_a_platform_that_lost_a_file_is_given_it_again(house, service):
    scan = keep_scan(house.here, house.person_id)
    meddler = Meddler(house.here)

    def cut(request):
        if request.url.path.endswith("/push") and pieces(house.here):
            raise httpx.ConnectError("cut")
        return request

    meddler.request = cut
    with pytest.raises(PlatformUnreachable):
        await house.here.now()
    await forget_files(service, house.person_id)
    meddler.request = lambda request: request
    await house.both()
    assert shown(house.there, scan) == SCAN


async def test_a_platform_put_back_is_given_files_and_what_tells_of_them(house, service, tmp_path):
    scan = keep_scan(house.here, house.person_id)
    await house.both()
    head = house.here.stream(house.person_id).cursor - 1

    async def work(tx):
        await tx.execute(delete(records.change).where(records.change.c.seq > head))
        await tx.execute(delete(records.entity).where(records.entity.c.rev > head))
        await tx.execute(delete(records.op_seen))
        await tx.execute(update(records.person_stream).values(head=head, epoch=7))

    await service.app.state.running.db.write(work)
    await forget_files(service, house.person_id)
    await house.both()
    async with clients.machine(service, tmp_path / "third") as third:
        await third.sign_in("mother")
        await third.now()
        assert shown(third, scan) == SCAN
