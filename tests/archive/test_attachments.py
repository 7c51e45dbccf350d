"""Photos and documents, small and large, and what happens when they are altered."""

import hashlib
from uuid import uuid4

import pytest

from carehub.archive import attachments, uploads
from carehub.archive.attachments import CHUNK, IN_DATABASE
from carehub.care.record import Attachment
from carehub.errors import ArchiveDamaged
from tests.helpers.records import NOON

BIG = bytes(range(256)) * 10_000


def files_of(folder):
    return list((folder / "attachments").glob("*"))


@pytest.mark.parametrize(
    "size", [0, 1, IN_DATABASE, IN_DATABASE + 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK]
)
def test_an_attachment_comes_back_whole(archive, folder, size):
    content = (BIG * (size // len(BIG) + 1))[:size]
    kept = attachments.add(archive, content, "image/png")
    assert attachments.read(archive, kept) == content
    assert bool(files_of(folder)) == (size > IN_DATABASE)
    with archive.read() as tx:
        assert attachments.media_type(tx, kept) == "image/png"
        assert attachments.media_type(tx, uuid4()) is None


def test_an_unknown_one_is_a_bug(archive):
    with pytest.raises(LookupError):
        attachments.read(archive, uuid4())


DAMAGE = {
    "one bit": lambda raw: raw[:1000] + bytes([raw[1000] ^ 1]) + raw[1001:],
    "the beginning": lambda raw: bytes([raw[0] ^ 1]) + raw[1:],
    "the last byte missing": lambda raw: raw[:-1],
    "the last chunk missing": lambda raw: raw[: 7 + 2 * (CHUNK + 16)],
    "all but the first chunk missing": lambda raw: raw[: 7 + CHUNK + 16],
    "only the beginning left": lambda raw: raw[:7],
    "empty": lambda raw: b"",
    "two chunks changed about": lambda raw: (
        raw[:7]
        + raw[7 + CHUNK + 16 : 7 + 2 * (CHUNK + 16)]
        + raw[7 : 7 + CHUNK + 16]
        + raw[7 + 2 * (CHUNK + 16) :]
    ),
    "a chunk twice": lambda raw: raw + raw[7 : 7 + CHUNK + 16],
    "a byte more": lambda raw: raw + b"x",
}


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE)
def test_an_altered_file_is_noticed(archive, folder, damage):
    kept = attachments.add(archive, BIG, "application/pdf")
    (file,) = files_of(folder)
    file.write_bytes(damage(file.read_bytes()))
    with pytest.raises(ArchiveDamaged):
        attachments.read(archive, kept)


def test_a_lost_file_is_noticed(archive, folder):
    kept = attachments.add(archive, BIG, "application/pdf")
    files_of(folder)[0].unlink()
    with pytest.raises(ArchiveDamaged):
        attachments.read(archive, kept)


def test_one_file_is_not_taken_for_another(archive, folder):
    first = attachments.add(archive, BIG, "application/pdf")
    second = attachments.add(archive, BIG, "application/pdf")
    one, other = (folder / "attachments" / f"{kept.hex}.sealed" for kept in (first, second))
    assert one.read_bytes() != other.read_bytes()
    one.write_bytes(other.read_bytes())
    with pytest.raises(ArchiveDamaged):
        attachments.read(archive, first)


def test_small_content_that_was_changed_is_noticed(archive):
    kept = attachments.add(archive, b"small", "text/plain")
    with archive.write() as tx:
        tx.exec_driver_sql("UPDATE attachment SET data = x'00'")
    with pytest.raises(ArchiveDamaged):
        attachments.read(archive, kept)


def test_files_that_no_row_names_are_swept(archive, folder):
    assert attachments.sweep(archive) == 0
    kept = attachments.add(archive, BIG, "application/pdf")
    (folder / "attachments" / f"{uuid4().hex}.sealed").write_bytes(b"a crash")
    (folder / "attachments" / f"{uuid4().hex}.sealed.tmp").write_bytes(b"a crash")
    assert attachments.sweep(archive) == 2
    assert attachments.read(archive, kept) == BIG
    archive.close(NOON)


def told(content=BIG, **given):
    known = {
        "id": uuid4(), "person_id": uuid4(), "media_type": "application/pdf",
        "size": len(content), "sha256": hashlib.sha256(content).hexdigest(),
    }  # fmt: skip
    return Attachment(**known | given)


@pytest.mark.parametrize("content", [b"small", BIG], ids=["small", "large"])
def test_what_is_expected_is_read_once_its_bytes_have_come(archive, content):
    known = told(content, belongs_kind="person", belongs_id=uuid4())
    with archive.write() as tx:
        assert attachments.expect(tx, known)
        assert not attachments.expect(tx, known)
        assert attachments.get(tx, known.id) == known
        assert not attachments.is_here(tx, known.id)
    assert attachments.picture(archive, known.id) == attachments.picture(archive, None) == b""
    with pytest.raises(LookupError):
        attachments.read(archive, known.id)
    with pytest.raises(ArchiveDamaged):
        attachments.complete(archive, known, content + b"?")
    attachments.complete(archive, known, content)
    with archive.read() as tx:
        assert attachments.is_here(tx, known.id)
    assert attachments.read(archive, known.id) == attachments.picture(archive, known.id) == content


def test_fetched_pieces_wait_sealed_for_the_others(archive, folder):
    content = bytes(range(256)) * (CHUNK // 128)
    known = told(content)
    with archive.write() as tx:
        attachments.expect(tx, known)
    assert attachments.parts(archive, known) == []
    attachments.keep_part(archive, known.id, 0, content[:CHUNK])
    attachments.keep_part(archive, known.id, 1, content[CHUNK:])
    assert b"".join(attachments.parts(archive, known)) == content
    assert all(content[:64] not in file.read_bytes() for file in files_of(folder))
    assert attachments.sweep(archive) == 0
    first, _second = sorted(files_of(folder))
    first.unlink()
    assert attachments.parts(archive, known) == []
    attachments.drop_parts(archive, known.id)
    assert files_of(folder) == []


def test_what_was_dropped_is_swept_away_with_its_pieces(archive, folder):
    known = told()
    with archive.write() as tx:
        attachments.expect(tx, known)
    attachments.keep_part(archive, known.id, 0, BIG)
    (folder / "attachments" / "odd.0.part").write_bytes(b"a crash")
    (folder / "attachments" / f"{known.id.hex}.x.part").write_bytes(b"a crash")
    assert attachments.sweep(archive) == 2
    with archive.write() as tx:
        assert attachments.drop(tx, known.id)
        assert not attachments.drop(tx, known.id)
    assert attachments.sweep(archive) == 1


def test_what_waits_to_go_and_what_waits_to_come_smallest_first(archive):
    person_id = uuid4()
    mine = attachments.add(archive, BIG, "image/png", person_id=person_id)
    small = attachments.add(archive, b"small", "image/png", person_id=person_id)
    other = attachments.add(archive, b"other", "image/png", person_id=uuid4())
    theirs = told(person_id=person_id)
    with archive.write() as tx:
        attachments.expect(tx, theirs)
        assert [a.id for a in attachments.waiting(tx, [person_id], here=True)] == [small, mine]
        assert attachments.waiting(tx, [person_id], here=False) == [theirs]
        uploads.done(tx, mine, person_id, len(BIG))
        assert [a.id for a in attachments.waiting(tx, [person_id], here=True)] == [small]
        uploads.again(tx, person_id)
        uploads.done(tx, small, person_id, 5)
        uploads.missing(tx, [small])
        assert [a.id for a in attachments.waiting(tx, [person_id], here=True)] == [small, mine]
        assert other not in {a.id for a in attachments.waiting(tx, [person_id], here=True)}


def test_what_did_not_come_through_rests_and_says_why(archive):
    upload = uploads.Upload(uuid4(), uuid4())
    with archive.write() as tx:
        assert uploads.get(tx, upload.attachment_id, upload.person_id) == upload
        uploads.postpone(tx, upload, "disk_full", 100)
        assert uploads.resting(tx, 99) == {upload.attachment_id}
        assert uploads.resting(tx, 100) == frozenset()
        (held,) = uploads.held(tx)
        assert (held.code, held.attempts, held.next_at) == ("disk_full", 1, 100)
