"""What an attachment says on the wire, and the headers of the upload protocol."""

import hashlib
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carehub.wire.attachments import (
    MOST_FILE,
    attachment_of,
    checksum_of,
    checksum_text,
    genuine,
    metadata_of,
    metadata_text,
)

NAMES = st.text("abcdefghijklmnopqrstuvwxyz_", min_size=1, max_size=20)


def body(**given):
    usual = {
        "id": str(uuid4()), "person_id": str(uuid4()), "media_type": "image/png", "size": 10,
        "sha256": "0f" * 32, "belongs_kind": "person", "belongs_id": str(uuid4()), "new": "kept",
    }  # fmt: skip
    return usual | given


def test_an_attachment_says_what_it_is():
    said = body()
    found = attachment_of(said)
    assert found is not None
    assert (str(found.id), found.sha256, found.size) == (said["id"], said["sha256"], 10)


@pytest.mark.parametrize(
    "wrong",
    [{"size": 0}, {"size": MOST_FILE + 1}, {"sha256": "0F" * 32}, {"sha256": "0f"}, {"id": "x"},
     {"media_type": "text/html"}, {"belongs_kind": "x" * 41}],
    ids=str,
)  # fmt: skip
def test_what_does_not_travel_is_none(wrong):
    assert attachment_of(body(**wrong)) is None


@pytest.mark.parametrize(
    ("media_type", "beginning", "can_be"),
    [("image/png", b"\x89PNG\r\n\x1a\nx", True), ("image/png", b"\xff\xd8\xff", False),
     ("image/jpeg", b"\xff\xd8\xff\xe0", True), ("image/webp", b"RIFF\n\n\n\nWEBPVP8", True),
     ("application/pdf", b"%PDF-1.7", True), ("application/pdf", b"<html>", False),
     ("text/plain", b"anything", True), ("text/html", b"<html>", False)],
)  # fmt: skip
def test_a_file_begins_as_its_type_does(media_type, beginning, can_be):
    assert genuine(media_type, beginning) is can_be


@given(st.dictionaries(NAMES, st.text(max_size=40), min_size=1))
def test_metadata_comes_back_as_it_was_said(said):
    assert metadata_of(metadata_text(said)) == said


@pytest.mark.parametrize("text", ["", "a !", "a eA==,a eA==", "a ä", "a gA=="])
def test_metadata_that_is_none_is_refused(text):
    with pytest.raises(ValueError, match=r".*"):
        metadata_of(text)


def test_a_checksum_comes_back_and_another_algorithm_is_refused():
    digest = hashlib.sha256(b"x").digest()
    assert checksum_of(checksum_text(digest)) == digest
    for odd in ("md5 " + checksum_text(digest)[7:], "sha256 eA==", "sha256"):
        with pytest.raises(ValueError, match="SHA-256"):
            checksum_of(odd)
