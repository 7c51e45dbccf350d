"""Photos and documents, small and large, and what happens when they are altered."""

from uuid import uuid4

import pytest

from carehub.archive import attachments
from carehub.archive.attachments import CHUNK, IN_DATABASE
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
