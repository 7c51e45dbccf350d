"""Files as they travel, and a device that sends them by the upload protocol."""

import hashlib
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx

from carehub.wire.attachments import PIECE_TYPE, TUS, checksum_text, metadata_text
from tests.helpers.platforms import Device, Service, op

PNG = b"\x89PNG\r\n\x1a\n"


def picture(size: int = 1000) -> bytes:
    """Return bytes that begin as a picture does, different each time."""
    mark = uuid4().bytes
    return PNG + (mark * (size // len(mark) + 1))[: size - len(PNG)]


def place(person_id: UUID, upload_id: UUID | None = None) -> str:
    """Return the address of a person's uploads, or of one."""
    whole = f"/v1/people/{person_id}/uploads"
    return whole if upload_id is None else f"{whole}/{upload_id}"


async def ask(device: Device, method: str, path: str, **given: Any) -> httpx.Response:
    """Ask in the protocol's version."""
    headers = {"Tus-Resumable": TUS} | given.pop("headers", {})
    return await device.ask(method, path, headers=headers, **given)


async def begin(
    device: Device, person_id: UUID, content: bytes, upload_id: UUID | None = None, **said: str
) -> httpx.Response:
    """Begin an upload of `content`, or of what `said` and `length` claim it is."""
    length = said.pop("length", str(len(content)))
    told = {
        "id": str(upload_id or uuid4()),
        "sha256": hashlib.sha256(content).hexdigest(),
        "media_type": "image/png",
    } | said
    headers = {"Upload-Length": length, "Upload-Metadata": metadata_text(told)}
    return await ask(device, "POST", place(person_id), headers=headers)


async def send(
    device: Device, person_id: UUID, upload_id: UUID, at: int, piece: bytes, **headers: str
) -> httpx.Response:
    """Send a piece, with its checksum."""
    usual = {
        "Upload-Offset": str(at),
        "Content-Type": PIECE_TYPE,
        "Upload-Checksum": checksum_text(hashlib.sha256(piece).digest()),
    }
    return await ask(
        device, "PATCH", place(person_id, upload_id), headers=usual | headers, content=piece
    )


async def upload(
    device: Device, person_id: UUID, content: bytes, upload_id: UUID | None = None, **said: str
) -> UUID:
    """Send a whole file and return its id."""
    upload_id = upload_id or uuid4()
    begun = await begin(device, person_id, content, upload_id, **said)
    assert begun.status_code == 201, begun.text
    sent = await send(device, person_id, upload_id, 0, content)
    assert sent.status_code == 204, sent.text
    return upload_id


async def fetch(device: Device, person_id: UUID, upload_id: UUID, **headers: str) -> httpx.Response:
    """Ask for a file."""
    path = f"/v1/people/{person_id}/attachments/{upload_id}"
    return await device.ask("GET", path, headers=headers)


def folder_of(platform: Service, person_id: UUID) -> Path:
    """Return where a platform keeps a person's files."""
    uploads: Path = platform.app.state.running.settings.uploads
    return uploads / person_id.hex


def attachment_op(
    person_id: UUID, upload_id: UUID, content: bytes, act: str = "add", **given: str
) -> dict[str, Any]:
    """Return the op that tells of an uploaded file, or removes it."""
    said: dict[str, Any] = {
        "id": str(upload_id),
        "person_id": str(person_id),
        "media_type": "image/png",
        "size": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
        "belongs_kind": "person",
        "belongs_id": str(person_id),
    }
    body = said | given if act == "add" else {}
    return op(person_id, "attachment", act, entity_id=upload_id, body=body)


def refused(answer: httpx.Response) -> tuple[int, str]:
    """Return status and code of a refusal."""
    return answer.status_code, answer.json()["code"]


def stored(platform: Service, person_id: UUID) -> list[str]:
    """Return the names of a person's files on a platform's disk."""
    return sorted(file.name for file in folder_of(platform, person_id).iterdir())
