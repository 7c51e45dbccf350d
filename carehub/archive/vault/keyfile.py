"""The key file `archive.keys`: the slots of one archive, sealed as a whole under the master key.

A slot that was destroyed leaves its digest behind, so that the seal still holds without the slot.
"""

import hashlib
import hmac
import json
from base64 import b64decode, b64encode
from dataclasses import dataclass, replace
from pathlib import Path
from uuid import UUID

from carehub.archive import files
from carehub.archive.vault.keys import Keys
from carehub.archive.vault.slots import DEVICE_BOUND, Slot, Stretch, Way
from carehub.errors import ArchiveMissing, ArchiveTooNew, KeyFileDamaged

NAME = "archive.keys"
COPIES = "backups"
FORMAT = "carehub-archive-keys"
VERSION = 1
LARGEST = 1 << 16
MOST_MEMORY = 1 << 20
MOST_PASSES = 64

Json = dict[str, object]


@dataclass(frozen=True, slots=True)
class Tombstone:
    """What is left of a destroyed slot: its kind and the digest the seal covers."""

    way: Way
    digest: str


@dataclass(frozen=True, slots=True)
class KeyFile:
    """The key file as read; `seal` is the HMAC over all of it."""

    archive_id: UUID
    created_at: int
    slots: tuple[Slot, ...] = ()
    destroyed: tuple[Tombstone, ...] = ()
    generation: int = 1
    pending: int | None = None
    seal: bytes = b""

    def of(self, *ways: Way) -> tuple[Slot, ...]:
        """Return the slots of these kinds."""
        return tuple(slot for slot in self.slots if slot.way in ways)

    def bound(self, slot: Slot) -> bytes:
        """Return what the wrapping of `slot` is bound to: this archive and the slot's parameters."""
        head: Json = {"format": FORMAT, "version": VERSION, "archive": self.archive_id.hex}
        return _canonical(head | _slot_head(slot))

    def keys(self, master: bytes) -> Keys:
        """Return the keys of `master`; raises KeyFileDamaged where the seal does not hold."""
        keys = Keys(master, self.archive_id, self.generation, self.pending)
        if not hmac.compare_digest(self.seal, _seal(self, keys)):
            raise KeyFileDamaged
        return keys

    def without(self, *ways: Way, backend: str | None = None) -> "KeyFile":
        """Return the file without slots of these kinds (of one keyring), tombstones included."""
        kept = tuple(
            slot
            for slot in self.slots
            if slot.way not in ways or (backend is not None and slot.backend != backend)
        )
        return replace(
            self, slots=kept, destroyed=tuple(t for t in self.destroyed if t.way not in ways)
        )

    def destroy(self, way: Way) -> "KeyFile":
        """Return the file with the slots of one kind destroyed; this needs no key."""
        gone = tuple(Tombstone(way, _digest(slot)) for slot in self.of(way))
        kept = tuple(slot for slot in self.slots if slot.way is not way)
        return replace(self, slots=kept, destroyed=self.destroyed + gone)


def path(folder: Path) -> Path:
    """Return the key file of the archive in `folder`."""
    return folder / NAME


def sealed(file: KeyFile, keys: Keys) -> KeyFile:
    """Return the file with a seal that fits what it holds now."""
    return replace(file, seal=_seal(file, keys))


def read(folder: Path) -> KeyFile:
    """Read the key file of `folder`.

    Raises ArchiveMissing where there is nothing, KeyFileDamaged where it is torn, altered or gone
    while a database is there, and ArchiveTooNew.
    """
    try:
        return read_file(path(folder))
    except FileNotFoundError:
        if (folder / "archive.db").exists():
            raise KeyFileDamaged from None
        raise ArchiveMissing from None


def read_file(file: Path) -> KeyFile:
    """Read one key file wherever it is; raises KeyFileDamaged, ArchiveTooNew, FileNotFoundError."""
    try:
        return parse(file.read_bytes())
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise KeyFileDamaged from error


def copy_path(folder: Path) -> Path:
    """Return the copy of the key file that lies beside the backups."""
    return folder / COPIES / NAME


def write(folder: Path, file: KeyFile) -> None:
    """Replace the key file of `folder` and its copy; a crash leaves either the old one or the new one.

    The copy is renewed with each change, or an old PIN would still open it.
    """
    files.replace(path(folder), content(file))
    write_copy(folder, file)


def write_copy(folder: Path, file: KeyFile) -> None:
    """Renew the copy of the key file."""
    files.make_folder(folder / COPIES)
    files.replace(copy_path(folder), content(file))


def content(file: KeyFile) -> bytes:
    """Return the bytes of the key file."""
    body = _head(file) | {
        "slots": [_slot_json(slot) for slot in file.slots],
        "destroyed": [{"way": str(t.way), "digest": t.digest} for t in file.destroyed],
        "seal": b64encode(file.seal).decode(),
    }
    return json.dumps(body, indent=1).encode() + b"\n"


def parse(raw: bytes) -> KeyFile:
    """Read the bytes of a key file; raises ValueError, KeyError or TypeError where they are not one."""
    if len(raw) > LARGEST:
        raise ValueError("too large for a key file")
    body = json.loads(raw)
    if not isinstance(body, dict) or body["format"] != FORMAT:
        raise ValueError("not a key file")
    if _number(body["version"]) > VERSION:
        raise ArchiveTooNew
    pending = body["pending"]
    return KeyFile(
        archive_id=UUID(body["archive"]),
        created_at=_number(body["created_at"]),
        slots=tuple(_slot(item) for item in body["slots"]),
        destroyed=tuple(Tombstone(Way(t["way"]), str(t["digest"])) for t in body["destroyed"]),
        generation=_number(body["generation"]),
        pending=None if pending is None else _number(pending),
        seal=b64decode(body["seal"], validate=True),
    )


def _head(file: KeyFile) -> Json:
    return {
        "format": FORMAT,
        "version": VERSION,
        "archive": file.archive_id.hex,
        "created_at": file.created_at,
        "generation": file.generation,
        "pending": file.pending,
    }


def _slot_head(slot: Slot) -> Json:
    cost = slot.stretch
    kdf: Json = {"name": "hkdf-sha256"}
    if cost is not None:
        kdf = {"name": "argon2id", "m": cost.memory, "t": cost.passes, "p": cost.lanes}
    return {
        "id": slot.id,
        "way": str(slot.way),
        "kdf": kdf | {"salt": b64encode(slot.salt).decode()},
        "device_bound": slot.way in DEVICE_BOUND,
        "backend": slot.backend,
    }


def _slot_json(slot: Slot) -> Json:
    secret = {"nonce": b64encode(slot.nonce).decode(), "wrapped": b64encode(slot.wrapped).decode()}
    return _slot_head(slot) | secret


def _slot(item: Json) -> Slot:
    kdf = item["kdf"]
    if not isinstance(kdf, dict):
        raise TypeError("kdf")
    way = Way(str(item["way"]))
    return Slot(
        id=str(item["id"]),
        way=way,
        salt=b64decode(kdf["salt"], validate=True),
        nonce=b64decode(str(item["nonce"]), validate=True),
        wrapped=b64decode(str(item["wrapped"]), validate=True),
        stretch=_stretch(kdf) if way in (Way.PIN, Way.PASSPHRASE) else None,
        backend=str(item["backend"]),
    )


def _stretch(kdf: Json) -> Stretch:
    cost = Stretch(_number(kdf["m"]), _number(kdf["t"]), _number(kdf["p"]))
    if not (
        8 * cost.lanes <= cost.memory <= MOST_MEMORY
        and 1 <= cost.passes <= MOST_PASSES
        and 1 <= cost.lanes <= MOST_PASSES
    ):
        raise ValueError("cost out of range")
    return cost


def _seal(file: KeyFile, keys: Keys) -> bytes:
    digests = sorted([_digest(slot) for slot in file.slots] + [t.digest for t in file.destroyed])
    covered = _canonical(_head(file) | {"digests": digests})
    return hmac.new(keys.key_file_mac_key(), covered, hashlib.sha256).digest()


def _digest(slot: Slot) -> str:
    return hashlib.sha256(_canonical(_slot_json(slot))).hexdigest()


def _canonical(value: Json) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":")).encode()


def _number(value: object) -> int:
    if type(value) is not int or value < 0:
        raise ValueError("not a count")
    return value
