"""What uploads are refused, how files lie on the disk and how they leave; on one store alone."""

import errno
import hashlib
from uuid import UUID, uuid4

import pytest

from carehub.platform.attachments.shelf import Shelf
from carehub.wire.attachments import MOST_FILE, PIECE_TYPE, TUS, checksum_text
from tests.helpers import platforms
from tests.helpers.platforms import op
from tests.helpers.uploads import (
    PNG,
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
from tests.platform.test_family import consent, mandated

FILE = picture(1000)


@pytest.fixture
def database(tmp_path):
    return f"sqlite+aiosqlite:///{tmp_path}/platform.db"


@pytest.fixture
async def owner(platform):
    return await platform.register()


@pytest.fixture
async def person(owner):
    return await owner.open()


async def test_the_protocol_describes_itself(owner, person):
    told = await owner.ask("OPTIONS", place(person))
    assert told.status_code == 204
    assert told.headers["tus-version"] == TUS
    assert told.headers["tus-max-size"] == str(MOST_FILE)
    extensions = set(told.headers["tus-extension"].split(","))
    assert extensions == {"creation", "checksum", "termination", "expiration"}
    old = await ask(owner, "HEAD", place(person, uuid4()), headers={"Tus-Resumable": "0.2.2"})
    assert (old.status_code, old.headers["tus-version"]) == (412, TUS)


async def test_a_piece_that_was_altered_is_refused_and_nothing_of_it_kept(owner, person):
    upload_id = uuid4()
    await begin(owner, person, FILE, upload_id)
    wrong = checksum_text(hashlib.sha256(b"other").digest())
    answer = await send(owner, person, upload_id, 0, FILE, **{"Upload-Checksum": wrong})
    assert refused(answer) == (460, "checksum")
    assert (await ask(owner, "HEAD", place(person, upload_id))).headers["upload-offset"] == "0"
    for odd in ("md5 1B2M2Y8AsgTpgAmY7PhCfg==", "sha256 x", "sha256 eA=="):
        answer = await send(owner, person, upload_id, 0, FILE, **{"Upload-Checksum": odd})
        assert refused(answer) == (422, "malformed")


async def test_a_file_that_is_not_what_was_said_begins_anew(owner, person, platform):
    upload_id = uuid4()
    await begin(owner, person, FILE, upload_id)
    wrong = FILE[:-1] + b"?"
    assert refused(await send(owner, person, upload_id, 0, wrong)) == (460, "checksum")
    assert (await ask(owner, "HEAD", place(person, upload_id))).headers["upload-offset"] == "0"
    assert stored(platform, person) == []
    assert (await send(owner, person, upload_id, 0, FILE)).status_code == 204


async def test_a_hostile_name_names_nothing(owner, person, platform):
    upload_id = uuid4()
    hostile = "../../etc/passwd\0\r\nSet-Cookie: x"
    await begin(owner, person, FILE, upload_id, filename=hostile, path="/etc")
    await send(owner, person, upload_id, 0, FILE)
    answer = await fetch(owner, person, upload_id)
    named = f'attachment; filename="{upload_id}.png"'
    assert answer.headers["content-disposition"] == named
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in answer.headers["content-security-policy"]
    assert stored(platform, person) == [hashlib.sha256(FILE).hexdigest()]
    for odd in ({"id": "../x"}, {"sha256": "../x"}, {"sha256": "A" * 64}, {"id": ""}):
        assert refused(await begin(owner, person, FILE, **odd)) == (422, "malformed")


async def test_half_an_upload_can_be_thrown_away_a_whole_one_goes_with_its_entity(
    owner, person, platform
):
    half = uuid4()
    await begin(owner, person, FILE, half)
    await send(owner, person, half, 0, FILE[:10])
    assert (await ask(owner, "DELETE", place(person, half))).status_code == 204
    assert (await ask(owner, "HEAD", place(person, half))).status_code == 404
    assert stored(platform, person) == []
    whole = await upload(owner, person, FILE)
    assert refused(await ask(owner, "DELETE", place(person, whole))) == (409, "not_now")
    assert refused(await ask(owner, "DELETE", place(person, uuid4()))) == (404, "not_found")


async def test_a_crash_between_naming_a_file_and_noting_it_loses_nothing(owner, person, platform):
    upload_id = uuid4()
    await begin(owner, person, FILE, upload_id)
    await send(owner, person, upload_id, 0, FILE[:400])
    place_of = folder_of(platform, person)
    (place_of / f"{upload_id.hex}.part").unlink()
    (place_of / hashlib.sha256(FILE).hexdigest()).write_bytes(FILE)
    assert refused(await send(owner, person, upload_id, 400, FILE[400:])) == (409, "offset")
    assert (await begin(owner, person, FILE, upload_id)).headers["upload-offset"] == "1000"
    assert (await fetch(owner, person, upload_id)).content == FILE


async def test_bytes_that_came_and_were_not_counted_give_way(owner, person, platform):
    upload_id = uuid4()
    await begin(owner, person, FILE, upload_id)
    await send(owner, person, upload_id, 0, FILE[:400])
    with (folder_of(platform, person) / f"{upload_id.hex}.part").open("ab") as part:
        part.write(b"a crash")
    await send(owner, person, upload_id, 400, FILE[400:])
    assert (await fetch(owner, person, upload_id)).content == FILE


async def test_a_request_that_is_cut_leaves_the_upload_where_it_was(owner, person, platform):
    upload_id = uuid4()
    await begin(owner, person, FILE, upload_id)
    headers = owner.headers | {
        "Tus-Resumable": TUS, "Upload-Offset": "0", "Content-Type": PIECE_TYPE,
    }  # fmt: skip
    scope = {
        "type": "http", "method": "PATCH", "path": place(person, upload_id), "query_string": b"",
        "headers": [(k.lower().encode(), v.encode()) for k, v in headers.items()],
        "client": ("?", 0), "server": ("platform", 443), "scheme": "https", "http_version": "1.1",
        "root_path": "", "raw_path": b"",
    }  # fmt: skip
    messages = iter([
        {"type": "http.request", "body": FILE[:300], "more_body": True},
        {"type": "http.disconnect"},
    ])  # fmt: skip
    told = []

    async def receive():
        return next(messages, {"type": "http.disconnect"})

    async def hear(message):
        told.append(message)

    await platform.app(scope, receive, hear)
    assert told[0]["status"] == 422
    assert (await ask(owner, "HEAD", place(person, upload_id))).headers["upload-offset"] == "0"


async def test_without_a_folder_no_files_are_taken(database):
    async with platforms.service(database, uploads=None) as platform:
        owner = await platform.register()
        person = await owner.open()
        assert refused(await begin(owner, person, FILE)) == (501, "no_files")


async def test_an_upload_of_one_person_is_unknown_under_another(owner, person):
    other = await owner.open()
    half, whole = uuid4(), await upload(owner, person, FILE)
    await begin(owner, person, picture(), half)
    assert refused(await send(owner, other, half, 0, b"x")) == (404, "not_found")
    assert (await ask(owner, "HEAD", place(other, half))).status_code == 404
    assert (await ask(owner, "DELETE", place(other, half))).status_code == 404
    assert (await fetch(owner, other, whole)).status_code == 404
    assert (await ask(owner, "HEAD", place(person, half))).status_code == 200


@pytest.mark.parametrize(
    ("role", "sees", "brings"), [("viewer", True, False), ("carer", True, True)]
)
async def test_relatives_see_and_bring_files_as_their_role_says(
    platform, owner, person, role, sees, brings
):
    upload_id = await upload(owner, person, FILE)
    child = await platform.register()
    assert refused(await fetch(child, person, upload_id)) == (403, "not_allowed")
    await mandated(owner, child, person, role)
    assert (await fetch(child, person, upload_id)).content == (FILE if sees else b"")
    new = uuid4()
    begun = await begin(child, person, picture(), new)
    assert begun.status_code == (201 if brings else 403)
    for method in ("HEAD", "DELETE"):
        answer = await ask(child, method, place(person, new))
        assert answer.status_code == ({"HEAD": 200, "DELETE": 204}[method] if brings else 403)
    assert (await send(child, person, upload_id, 0, b"x")).status_code == (409 if brings else 403)
    acts = [each["act"] for each in (await owner.get(f"/v1/people/{person}/audit"))["rows"]]
    assert acts.count("looked") == 1


async def test_what_a_relative_brought_stands_in_the_audit_and_nothing_of_it(
    platform, owner, person
):
    child = await platform.register()
    await mandated(owner, child, person, "carer")
    await upload(child, person, FILE)
    rows = (await owner.get(f"/v1/people/{person}/audit"))["rows"]
    (line,) = [each for each in rows if each["act"] == "uploaded"]
    assert line["actor"] == str(child.account_id)
    assert line["detail"] == {"kilobytes": 0}


async def test_where_sharing_was_taken_back_no_byte_comes_or_goes(owner, person):
    given = await consent(owner, person, "platform_sync")
    upload_id, half = await upload(owner, person, FILE), uuid4()
    await begin(owner, person, picture(), half)
    path = f"/v1/people/{person}/consents/{given['id']}/withdraw"
    assert (await owner.ask("POST", path, json={})).status_code < 300
    for answer in (
        await begin(owner, person, picture()),
        await send(owner, person, half, 0, b"x"),
        await fetch(owner, person, upload_id),
    ):
        assert refused(answer) == (403, "consent_withdrawn")


async def test_an_attachment_is_added_once_and_never_changed(owner, person):
    upload_id = await upload(owner, person, FILE)
    first = attachment_op(person, upload_id, FILE)
    again = attachment_op(person, upload_id, FILE)
    changed = op(person, "attachment", "set", entity_id=upload_id, body={"media_type": "text/html"})
    voided = op(person, "attachment", "void", entity_id=upload_id)
    odd = attachment_op(person, upload_id, FILE, media_type="text/html")
    none = op(person, "attachment", entity_id=uuid4(), body={})
    answers = await owner.push(first, again, changed, voided, odd, none)
    assert [(each["status"], each["code"]) for each in answers] == [
        ("ok", ""), ("duplicate", ""), ("rejected", "append_only"), ("rejected", "append_only"),
        ("rejected", "malformed"), ("rejected", "malformed"),
    ]  # fmt: skip


def test_a_shelf_keeps_files_for_its_own_user_alone(tmp_path):
    shelf = Shelf(tmp_path / "uploads")
    person, upload_id = UUID(int=1), UUID(int=2)
    assert shelf.add(person, upload_id, 0, FILE)
    (part,) = (tmp_path / "uploads" / person.hex).iterdir()
    assert part.stat().st_mode & 0o777 == 0o600
    assert part.parent.stat().st_mode & 0o777 == 0o700
    digest = hashlib.sha256(FILE).digest()
    assert shelf.finish(person, upload_id, digest, "image/png") == ""
    assert shelf.read(person, digest, 8, 4) == FILE[8:12]


async def test_only_photos_pdf_and_plain_text_are_taken(owner, person):
    for odd in ("text/html", "image/svg+xml", "application/x-sh", "", "…"):
        assert refused(await begin(owner, person, FILE, media_type=odd)) == (415, "media_type")
    for media_type, content in (
        ("image/png", b"<script>alert(1)</script>"), ("application/pdf", FILE), ("image/jpeg", PNG),
    ):  # fmt: skip
        upload_id = uuid4()
        await begin(owner, person, content, upload_id, media_type=media_type)
        assert refused(await send(owner, person, upload_id, 0, content)) == (415, "media_type")
        assert (await fetch(owner, person, upload_id)).status_code == 404
    for odd in ("id", "id !", " ", "id eA==,id eA=="):
        headers = {"Upload-Length": "10", "Upload-Metadata": odd}
        answer = await ask(owner, "POST", place(person), headers=headers)
        assert answer.status_code in (415, 422)


async def test_what_is_too_large_is_not_begun_and_no_more_is_taken_than_was_said(owner, person):
    large = await begin(owner, person, FILE, length=str(MOST_FILE + 1))
    assert refused(large) == (413, "file_too_large")
    assert refused(await begin(owner, person, FILE, length="0")) == (422, "malformed")
    upload_id = uuid4()
    await begin(owner, person, FILE, upload_id)
    assert refused(await begin(owner, person, picture(), upload_id)) == (409, "upload_taken")
    more = await send(owner, person, upload_id, 0, FILE + b"x")
    assert refused(more) == (413, "file_too_large")
    odd = await send(owner, person, upload_id, 0, FILE, **{"Content-Type": "image/png"})
    assert refused(odd) == (415, "piece_type")
    without = await ask(owner, "PATCH", place(person, upload_id), content=FILE)
    assert refused(without) == (422, "malformed")
    headers = {"Upload-Offset": "0", "Content-Type": PIECE_TYPE}
    bare = await ask(owner, "PATCH", place(person, upload_id), content=FILE, headers=headers)
    assert bare.status_code == 204


async def test_a_part_of_a_file_is_given(owner, person):
    upload_id = await upload(owner, person, FILE)
    for wanted, start, stop in (
        ("bytes=0-9", 0, 10), ("bytes=990-", 990, 1000), ("bytes=-10", 990, 1000),
        ("bytes=0-5000", 0, 1000), ("bytes=-5000", 0, 1000),
    ):  # fmt: skip
        answer = await fetch(owner, person, upload_id, Range=wanted)
        assert (answer.status_code, answer.content) == (206, FILE[start:stop])
        assert answer.headers["content-range"] == f"bytes {start}-{stop - 1}/1000"
    for none in ("bytes=1000-", "bytes=9-3"):
        assert refused(await fetch(owner, person, upload_id, Range=none)) == (416, "range")
    for odd in ("lines=0-9", "bytes=-", "bytes=0-1,3-4"):
        assert (await fetch(owner, person, upload_id, Range=odd)).content == FILE


async def test_a_full_disk_is_said_and_the_upload_goes_on_later(owner, person, monkeypatch):
    upload_id = uuid4()
    await begin(owner, person, FILE, upload_id)
    await send(owner, person, upload_id, 0, FILE[:400])
    for number, told in ((errno.ENOSPC, (507, "disk_full")), (errno.EIO, (500, "bug"))):

        def fail(_handle, number=number):
            raise OSError(number, "no")

        monkeypatch.setattr("carehub.platform.attachments.shelf.os.fsync", fail)
        answer = await send(owner, person, upload_id, 400, FILE[400:])
        monkeypatch.undo()
        assert refused(answer) == told
    assert (await ask(owner, "HEAD", place(person, upload_id))).headers["upload-offset"] == "400"
    assert (await send(owner, person, upload_id, 400, FILE[400:])).status_code == 204
    assert (await fetch(owner, person, upload_id)).content == FILE
