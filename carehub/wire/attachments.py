"""Attachments on the wire: what such an entity says, which files travel, and tus 1.0's headers."""

import base64
import binascii
import re
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from carehub.wire.exchange import Body

TUS = "1.0.0"
"""The version of the upload protocol that we speak: https://tus.io/protocols/resumable-upload."""
PIECE_TYPE = "application/offset+octet-stream"
MOST_FILE = 20 * 1024 * 1024
"""Bytes of the largest file that travels."""
PIECE = 256 * 1024
"""Bytes that are sent at a time: what a slow line carries before anybody gives up."""

BEGINNINGS: dict[str, re.Pattern[bytes]] = {
    "image/jpeg": re.compile(rb"\xff\xd8\xff"),
    "image/png": re.compile(rb"\x89PNG\r\n\x1a\n"),
    "image/webp": re.compile(rb"RIFF.{4}WEBP", re.DOTALL),
    "application/pdf": re.compile(rb"%PDF-"),
    "text/plain": re.compile(rb""),
}
"""The media types that travel, and how each file of that type begins."""
LONGEST_BEGINNING = 16
UPLOAD_MISSING = "upload_missing"
"""The code of an op that tells of an attachment whose file has not come: send the file first."""

Hash = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


class AttachmentBody(BaseModel):
    """The body of an entity of kind `attachment`; it is added once and never changed.

    `sha256` is hexadecimal; `belongs_kind` and `belongs_id` name the entity that shows it.
    """

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)

    id: UUID
    person_id: UUID
    media_type: str
    size: Annotated[int, Field(ge=1, le=MOST_FILE)]
    sha256: Hash
    belongs_kind: Annotated[str, Field(max_length=40)] = ""
    belongs_id: UUID | None = None


def attachment_of(body: Body) -> AttachmentBody | None:
    """Return the attachment that `body` describes, or None where it describes none that travels."""
    try:
        found = AttachmentBody.model_validate(body)
    except ValidationError:
        return None
    return found if found.media_type in BEGINNINGS else None


def genuine(media_type: str, beginning: bytes) -> bool:
    """Tell whether a file that begins so can be what it is said to be."""
    pattern = BEGINNINGS.get(media_type)
    return pattern is not None and pattern.match(beginning) is not None


def metadata_text(said: dict[str, str]) -> str:
    """Return the header `Upload-Metadata`."""
    return ",".join(
        f"{name} {base64.b64encode(value.encode()).decode()}" for name, value in said.items()
    )


def metadata_of(text: str) -> dict[str, str]:
    """Return what the header `Upload-Metadata` says; raises ValueError where it is none."""
    said: dict[str, str] = {}
    for pair in text.split(","):
        name, _, value = pair.strip().partition(" ")
        if not name or name in said:
            raise ValueError("a name is missing or stands twice")
        said[name] = _decoded(value).decode()
    return said


def checksum_text(digest: bytes) -> str:
    """Return the header `Upload-Checksum` of a piece with this SHA-256."""
    return f"sha256 {base64.b64encode(digest).decode()}"


def checksum_of(text: str) -> bytes:
    """Return the SHA-256 that the header says; raises ValueError for another algorithm or no hash."""
    algorithm, _, value = text.partition(" ")
    digest = _decoded(value)
    if algorithm != "sha256" or len(digest) != 32:
        raise ValueError("not a SHA-256")
    return digest


def _decoded(value: str) -> bytes:
    try:
        return base64.b64decode(value.encode("ascii"), validate=True)
    except (binascii.Error, UnicodeEncodeError) as error:
        raise ValueError("not base64") from error
