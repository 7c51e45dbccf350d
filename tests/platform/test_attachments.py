"""Uploads come in pieces, survive cuts and crashes, and stay within bounds, on both stores."""

import hashlib
from uuid import uuid4

import pytest

from carehub.platform.attachments import service as attachment_files
from carehub.wire.attachments import TUS
from tests.helpers import platforms
from tests.helpers.uploads import (
    ask,
    attachment_op,
    begin,
    fetch,
    folder_of,
    picture,
    place,
    refused,
    send,
    stored,
    upload,
)

FILE = picture(1000)


@pytest.fixture
async def owner(platform):
    return await platform.register()


@pytest.fixture
async def person(owner):
    return await owner.open()


async def test_a_file_comes_in_pieces_and_goes_out_as_it_was(owner, person, platform):
    upload_id = uuid4()
    begun = await begin(owner, person, FILE, upload_id)
    assert (begun.status_code, begun.headers["upload-offset"]) == (201, "0")
    assert begun.headers["location"] == place(person, upload_id)
    assert begun.headers["tus-resumable"] == TUS
    assert begun.headers["upload-expires"].endswith("GMT")
    assert (await fetch(owner, person, upload_id)).status_code == 404

    first = await send(owner, person, upload_id, 0, FILE[:400])
    assert (first.status_code, first.headers["upload-offset"]) == (204, "400")
    standing = await ask(owner, "HEAD", place(person, upload_id))
    assert standing.status_code == 200
    assert (standing.headers["upload-offset"], standing.headers["upload-length"]) == ("400", "1000")
    assert standing.headers["cache-control"] == "no-store"

    last = await send(owner, person, upload_id, 400, FILE[400:])
    assert last.headers["upload-offset"] == "1000"
    assert "upload-expires" not in last.headers
    assert stored(platform, person) == [hashlib.sha256(FILE).hexdigest()]
    assert (await fetch(owner, person, upload_id)).content == FILE


async def test_after_a_lost_answer_the_same_upload_is_found_where_it_stands(owner, person):
    upload_id = uuid4()
    await begin(owner, person, FILE, upload_id)
    await send(owner, person, upload_id, 0, FILE[:400])
    assert refused(await send(owner, person, upload_id, 0, FILE[:400])) == (409, "offset")
    again = await begin(owner, person, FILE, upload_id)
    assert (again.status_code, again.headers["upload-offset"]) == (201, "400")
    await send(owner, person, upload_id, 400, FILE[400:])
    whole = await begin(owner, person, FILE, upload_id)
    assert whole.headers["upload-offset"] == "1000"
    assert refused(await send(owner, person, upload_id, 1000, b"x")) == (409, "offset")


async def test_a_file_that_is_here_already_is_not_sent_twice(owner, person):
    await upload(owner, person, FILE)
    other = uuid4()
    assert (await begin(owner, person, FILE, other)).headers["upload-offset"] == "1000"
    assert (await fetch(owner, person, other)).content == FILE
    stranger = await owner.open()
    assert (await begin(owner, stranger, FILE, uuid4())).headers["upload-offset"] == "0"


async def test_a_person_has_so_much_room_and_half_an_upload_counts(database, monkeypatch):
    async with platforms.service(database, person_bytes=1500) as platform:
        owner = await platform.register()
        person = await owner.open()
        upload_id = uuid4()
        await begin(owner, person, FILE, upload_id)
        assert refused(await begin(owner, person, picture())) == (413, "quota")
        assert (await begin(owner, person, FILE, upload_id)).status_code == 201
        assert (await begin(owner, await owner.open(), picture())).status_code == 201
        await ask(owner, "DELETE", place(person, upload_id))
        assert (await begin(owner, person, picture(20))).status_code == 201
        monkeypatch.setattr(attachment_files, "MOST_UPLOADS", 1)
        assert refused(await begin(owner, person, picture(20))) == (413, "quota")


async def test_half_an_upload_that_nobody_goes_on_with_expires(owner, person, platform):
    stale, fresh = uuid4(), uuid4()
    await begin(owner, person, FILE, stale)
    await send(owner, person, stale, 0, FILE[:10])
    platform.clock.now += attachment_files.LASTS - 1
    owner = await platform.sign_in(owner.login)
    await begin(owner, person, picture(), fresh)
    assert (await ask(owner, "HEAD", place(person, stale))).status_code == 200
    platform.clock.now += attachment_files.SWEEP_EVERY
    owner = await platform.sign_in(owner.login)
    await begin(owner, person, picture(), uuid4())
    assert (await ask(owner, "HEAD", place(person, stale))).status_code == 404
    assert (await ask(owner, "HEAD", place(person, fresh))).status_code == 200
    assert stored(platform, person) == []


async def test_pieces_that_were_lost_are_asked_for_again(owner, person, platform):
    upload_id = uuid4()
    await begin(owner, person, FILE, upload_id)
    await send(owner, person, upload_id, 0, FILE[:400])
    (folder_of(platform, person) / f"{upload_id.hex}.part").unlink()
    assert refused(await send(owner, person, upload_id, 400, FILE[400:])) == (409, "offset")
    assert (await begin(owner, person, FILE, upload_id)).headers["upload-offset"] == "0"
    await send(owner, person, upload_id, 0, FILE)
    assert (await fetch(owner, person, upload_id)).content == FILE
    (folder_of(platform, person) / hashlib.sha256(FILE).hexdigest()).unlink()
    assert refused(await fetch(owner, person, upload_id)) == (404, "not_found")
    assert (await begin(owner, person, FILE, upload_id)).headers["upload-offset"] == "0"


async def test_an_attachment_is_told_of_only_when_its_file_is_here(owner, person):
    upload_id = uuid4()
    (early,) = await owner.push(attachment_op(person, upload_id, FILE))
    assert (early["status"], early["code"]) == ("retry", "upload_missing")
    await upload(owner, person, FILE, upload_id)
    other = attachment_op(person, upload_id, picture())
    (told, wrong) = await owner.push(attachment_op(person, upload_id, FILE), other)
    assert told["status"] == "ok"
    assert (wrong["status"], wrong["code"]) == ("retry", "upload_missing")
    (change,) = (await owner.pull(person))["changes"]
    assert (change["kind"], change["body"]["sha256"]) == (
        "attachment", hashlib.sha256(FILE).hexdigest(),
    )  # fmt: skip


async def test_removing_an_attachment_throws_its_file_away_unless_another_shows_it(
    owner, person, platform
):
    one, two = await upload(owner, person, FILE), uuid4()
    await begin(owner, person, FILE, two)
    await owner.push(attachment_op(person, one, FILE), attachment_op(person, two, FILE))
    (gone,) = await owner.push(attachment_op(person, one, FILE, "remove"))
    assert gone["status"] == "ok"
    assert (await fetch(owner, person, one)).status_code == 404
    assert (await fetch(owner, person, two)).content == FILE
    await owner.push(attachment_op(person, two, FILE, "remove"))
    assert stored(platform, person) == []
