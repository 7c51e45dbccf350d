"""A new database key, for when the old one may be known: the only time that pages are re-encrypted.

The new generation is noted as pending before and settled after, so that a crash in between leaves an
archive that one of the two opens.
"""

from contextlib import closing
from pathlib import Path

from carehub.archive import backup, cipher, faults, locking, vault
from carehub.archive.vault import Keys


def renew(folder: Path, keys: Keys, now: int) -> Keys:
    """Re-encrypt a closed archive under the next generation of its key; return the keys to use now.

    A backup is kept first. Raises ArchiveInUse while the archive is open, DiskFull, ArchiveDamaged.
    """
    file, following = folder / "archive.db", keys.generation + 1
    with locking.held(folder / "archive.lock"), faults.named(folder):
        backup.keep_before_migration(folder, keys, f"key{following}", now)
        pending = vault.set_generation(folder, keys, keys.generation, following)
        cipher.checkpoint(file, keys.database_key())
        with closing(cipher.connect(file, keys.database_key())) as connection:
            connection.execute(f"PRAGMA rekey=\"x'{keys.database_key(following)}'\"").fetchall()
        cipher.checkpoint(file, keys.database_key(following))
        return vault.set_generation(folder, pending, following, None)
