"""The unlocked keys of one archive, and how each key is drawn from the master key."""

from uuid import UUID

KEY_BYTES = 32


class Keys:
    """The master key in memory and the keys drawn from it; it never shows itself.

    `generation` counts changes of the database key; `pending` is the generation that an unfinished
    change was moving to. `archive_id` names the archive that the keys belong to.
    """

    __slots__ = ("_master", "archive_id", "generation", "pending")

    def __init__(
        self, master: bytes, archive_id: UUID, generation: int = 1, pending: int | None = None
    ) -> None:
        self._master = master
        self.archive_id = archive_id
        self.generation = generation
        self.pending = pending

    def __repr__(self) -> str:
        return "Keys(hidden)"

    def __reduce__(self) -> str:
        raise TypeError("keys are never pickled")

    def database_key(self, generation: int | None = None) -> str:
        """Return SQLCipher's raw key as 64 hex digits."""
        number = self.generation if generation is None else generation
        return self._drawn(f"carehub/sqlcipher/v1/{number}").hex()

    def attachments_key(self) -> bytes:
        """Return the key that each attachment's own key is drawn from."""
        return self._drawn("carehub/attachments/v1")

    def backup_key(self) -> bytes:
        """Return the key for copies that leave this folder."""
        return self._drawn("carehub/backup/v1")

    def key_file_mac_key(self) -> bytes:
        """Return the key of the key file's seal."""
        return self._drawn("keyfile-mac")

    def master(self) -> bytes:
        """Return the master key, for wrapping it in a slot and for nothing else."""
        return self._master

    def _drawn(self, purpose: str) -> bytes:
        return draw(self._master, purpose)


def draw(secret: bytes, purpose: str, salt: bytes | None = None) -> bytes:
    """Return 32 bytes of HKDF-SHA256 from `secret` for one `purpose`."""
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    return HKDF(SHA256(), KEY_BYTES, salt, purpose.encode()).derive(secret)
